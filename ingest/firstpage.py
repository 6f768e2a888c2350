"""What stands where on the first page: blocks of lines, and which of them is the title."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import casing, headings, names, prose
from ingest.layout import Line, Page

LONGEST = 400
_MASTHEAD = re.compile(
    r"\b(?:journal|transactions|proceedings|bulletin|volume|vol\.|issn|issue|conference|"
    r"вестник|известия|сборник|труды|журнал|журналы|том|выпуск|жарчы|жарчысы|кабарлары|"
    r"хабарлары|материалы)\b|№",
    re.IGNORECASE,
)
INSTITUTION = re.compile(
    r"\b(?:universit\w*|institut\w*|department|dept|faculty|school of|college|academ[yi]\w*|"
    r"laborator\w*|cent(?:re|er)\b|hospital|ministry|agency|"
    r"университет\w*|институт\w*|кафедр\w*|факультет\w*|академи\w*|лаборатори\w*|министерств\w*|"
    r"министрлиг\w*|училищ\w*|колледж\w*|мектеб\w*|центр\b|борбору|оао|зао|осоо|нии)|"
    r"\b(?-i:[А-ЯҮӨҢЁ]*(?:ГУ|УИА|ТУ|УУ|МУ))\b(?!\.)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"\s*(?:удк|udc|ббк|оэжк|doi|https?:|www\.|e-?mail|issn|isbn|©|\(c\)|copyright|received|"
    r"accepted|published|submitted|поступила|принята|кол ?жазма укугунда|на правах рукописи|"
    r"автореферат|диссертаци|дипломная работа|выпускная квалификационная|магистрдик|"
    r"магистерская|бүтүрүү|курсовая|адистиг|специальность|шифр|окуу (?:куралы|китеби)|"
    r"учебное пособие|учебник|a thesis|thesis submitted|a dissertation|dissertation submitted|"
    r"doctoral|master'?s thesis|bachelor|research article|original (?:article|paper|research)|"
    r"review article|open access|оригинальная статья|научная статья|обзорная статья|"
    r"(?:научный руководитель|илимий жетекчи|supervisor|рецензент)\w*\b).*",
    re.IGNORECASE,
)
_PLACE_AND_YEAR = re.compile(
    r"[^\W\d_.]{0,3}\.?\s*[^\W\d_-]+\s*[-–—,]?\s*(?:19|20)\d\d\s*\w{0,4}\.?"
)


@dataclass(frozen=True)
class Block:
    """Lines that follow each other in one style; `first` and `last` count the lines of the page."""

    lines: tuple[Line, ...]
    text: str
    first: int
    last: int

    @property
    def size(self) -> float:
        """The size of its letters."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether it is set in bold."""
        return self.lines[0].bold


def body_size(pages: Sequence[Page]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def blocks(page: Page, known: frozenset[str] | set[str] = frozenset()) -> list[Block]:
    """The page's lines gathered into blocks, in the order of the file."""
    groups: list[list[int]] = []
    for at, line in enumerate(page.lines):
        if groups and _continues(page.lines[groups[-1][-1]], line):
            groups[-1].append(at)
        else:
            groups.append([at])
    return [
        Block(
            lines=tuple(page.lines[at] for at in group),
            text=prose.join([page.lines[at].text for at in group], known),
            first=group[0],
            last=group[-1],
        )
        for group in groups
    ]


def same_style(one: Line, other: Line) -> bool:
    """Whether two lines are set in the same size and weight."""
    return abs(one.size - other.size) <= max(0.3, 0.04 * one.size) and one.bold == other.bold


def _continues(above: Line, line: Line) -> bool:
    step = line.top - above.top
    beside = line.left < above.right and above.left < line.right
    # Titles are often followed by names in the same style; capitals tell them apart.
    alike = casing.is_capitals(above.text) == casing.is_capitals(line.text)
    return same_style(above, line) and alike and beside and 0.5 < step / line.size < 1.95


def title(pages: Sequence[Page], known: frozenset[str] | set[str]) -> Block | None:
    """The block that is most likely the title, on the first page that has one."""
    if not pages:
        return None
    body = body_size(pages)
    page = pages[0]
    found = blocks(page, known)
    end = next((at for at, one in enumerate(found) if headings.opens(one.text)), len(found))
    candidates = [one for one in found[:end] if _may_be_title(one, page)] or [
        one for one in found[end:] if _may_be_title(one, page) and one.size > 1.15 * body
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda one: _score(one, page, body))
    return best if _score(best, page, body) > 1.05 else None


def _may_be_title(block: Block, page: Page) -> bool:
    text = block.text
    letters = sum(one.isalpha() for one in text)
    if letters < 6 or len(text) > LONGEST or 2 * letters < len(text) or len(block.lines) > 8:
        return False
    if _FURNITURE.fullmatch(text) or _PLACE_AND_YEAR.fullmatch(text) or headings.opens(text):
        return False
    if block.lines[0].top < 0.15 * page.height and _MASTHEAD.search(text):
        return False
    return not names.is_certain(text) and not all(
        names.is_certain(part) for part in re.split(r"[,;]", text.strip(" ,;"))
    )


def _score(block: Block, page: Page, body: float) -> float:
    """How much a block looks like a title: above all by its size."""
    middle = (block.lines[0].left + block.lines[0].right) / 2
    text = block.text
    return (
        block.size / body
        + 0.12 * block.bold
        + 0.12 * casing.is_capitals(text)
        + 0.06 * (abs(middle - page.width / 2) < 0.04 * page.width)
        + 0.05 * (block.lines[0].top < 0.6 * page.height)
        + 0.05 * (len(text.split()) > 3)
        + 0.04 * (text.startswith(("«", "“", '"')))
        - 0.35 * bool(INSTITUTION.search(text))
        - 0.15 * (len(text.split()) < 3)
    )

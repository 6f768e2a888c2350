"""Sections that a heading opens: abstracts and keywords, in Kyrgyz, Russian and English."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest import language, prose
from ingest.layout import Line, Page
from schemas import text as border

LONGEST = 4000
MOST = 30

_ABSTRACT = re.compile(
    r"(?:[\divx]{1,4}[.)]?\s*)?"
    r"(abstract|summary|аннотация(?:сы)?|реферат|резюме|кыскача (?:мазмуну|мүнөздөмө)|корутунду|"
    r"кыскача баяндама|annotation|a\s?b\s?s\s?t\s?r\s?a\s?c\s?t)"
    r"\s*(?:$|[.:;—–-]+\s*(.*)|\s(?=[А-ЯЁҮӨҢ])(.*))",
    re.IGNORECASE | re.DOTALL,
)
_KEYWORDS = re.compile(
    r"(key\s?-?words(?: and phrases)?|index terms|ключевые слова(?: и фразы)?|"
    r"(?:ачкыч|негизги|өзөк(?:түү)?|түйүндүү|урунттуу|таяныч)\s?сөздөр(?:ү)?)"
    r"\s*(?:$|[.:;—–-]+\s*(.*)|\s(.*))",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(
    r"(?:[\divx]{1,4}[.)]?\s+)?(?:introduction|background|statement of need|введение|киришүү|"
    r"кириш сөз|contents|содержание|мазмуну|оглавление|references|литература|список литературы|"
    r"адабияттар|acknowledge?ments?|благодарности|актуальность)\b.{0,40}",
    re.IGNORECASE | re.DOTALL,
)
_SMALL_PRINT = re.compile(
    r"(?:удк|doi|jel|mathematics subject classification|ccs concepts|for citation|citation|"
    r"для цитирования|цитирование|шилтеме|received|поступила|e-?mail|https?:|©)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_CAPITAL_ONLY = re.compile(r"[A-ZА-ЯЁҮӨҢ]")
_LANGUAGES = {"ab": "en", "su": "en", "ан": "ru", "ре": "ru", "кы": "ky", "ко": "ky"}


@dataclass(frozen=True)
class Section:
    """What stands under a heading, and its language where it could be told."""

    text: str
    language: str | None


@dataclass
class _Part:
    heading: str
    lines: list[Line]
    words: list[str]


_Opening = Callable[[str], re.Match[str] | None]
_GoesOn = Callable[[_Part, Line, str], bool | None]


def opens(text: str) -> bool:
    """Whether the text begins an abstract, keywords, or the body of the work."""
    return bool(_abstract(text) or _keywords(text) or _SECTION.fullmatch(text))


def _ends(text: str) -> bool:
    return opens(text) or bool(_SMALL_PRINT.fullmatch(text))


def abstracts(pages: Sequence[Page], known: set[str]) -> list[Section]:
    """The abstracts of the first pages, in their order, one for each language."""
    found: dict[str | None, Section] = {}
    for part in _parts(pages, _abstract, _goes_on_as_abstract):
        text = prose.join(part.words, known)[:LONGEST].strip()
        if len(text) > 60:
            spoken = language.guess(text) or _LANGUAGES.get(part.heading[:2].casefold())
            found.setdefault(spoken, Section(text, spoken))
    return list(found.values())


def keywords(pages: Sequence[Page], known: set[str]) -> list[Section]:
    """The keywords of the first pages, one by one."""
    found: dict[str, Section] = {}
    for part in _parts(pages, _keywords, _goes_on_as_keywords):
        text = prose.join(part.words, known)
        spoken = _keyword_language(part.heading, text)
        for one in apart(text):
            found.setdefault(one.casefold(), Section(one, spoken))
    return list(found.values())


def _abstract(text: str) -> re.Match[str] | None:
    found = _ABSTRACT.fullmatch(text.strip())
    # "Summary of results" is a title; "Аннотация В статье" is a heading run into its text.
    return found if found and (found[3] is None or _CAPITAL_ONLY.match(found[3])) else None


def _keywords(text: str) -> re.Match[str] | None:
    found = _KEYWORDS.fullmatch(text.strip())
    return found if found and (found[3] is None or text.strip()[0].isupper()) else None


def _parts(pages: Sequence[Page], opening: _Opening, goes_on: _GoesOn) -> Iterator[_Part]:
    part: _Part | None = None
    for page in pages:
        for line in page.lines:
            text = prose.tidy(line.text)
            found = opening(text)
            if found:
                if part:
                    yield part
                rest = found[2] or found[3] or ""
                part = _Part(found[1], [line], [rest] if rest else [])
            elif part and text and not _at_edge(part, line, page):
                verdict = goes_on(part, line, text)
                if verdict:
                    part.lines.append(line)
                    part.words.append(text)
                elif verdict is False:
                    yield part
                    part = None
    if part:
        yield part


def _at_edge(part: _Part, line: Line, page: Page) -> bool:
    """Whether the line is a running title or a page number, between two halves of a section."""
    inside = 0.08 * page.height < line.top < 0.92 * page.height
    return not inside and not _same_size(part.lines[-1], line)


def _goes_on_as_abstract(part: _Part, line: Line, text: str) -> bool | None:
    """True: the line belongs to it; False: it has ended; None: the line is something beside."""
    if _ends(text) or sum(map(len, part.words)) > LONGEST:
        return False
    if not part.words:
        return True
    last = part.lines[-1]
    if line.right < last.left or last.right < line.left:
        # A margin, or the next column; the abstract goes on there only in the middle of a sentence.
        return None if len(part.words) < 2 or _ended(part) else _same_size(last, line) or None
    if not _same_size(last, line):
        return False
    heading = line.bold and not last.bold and len(text.split()) < 10
    gap = line.top - last.top
    return not heading and (gap < 2.6 * line.size or not _ended(part))


def _goes_on_as_keywords(part: _Part, line: Line, text: str) -> bool | None:
    if _ends(text) or len(part.words) > 8 or (part.words and _ended(part)):
        return False
    last = part.lines[-1]
    gap = line.top - last.top
    near = 0 < gap < 1.9 * line.size and line.left < last.right and last.left < line.right
    if part.words and line.bold and not last.bold:
        return False
    return near and (not part.words or abs(last.size - line.size) < 0.6)


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= max(0.3, 0.05 * one.size)


def _ended(part: _Part) -> bool:
    return bool(part.words) and part.words[-1].rstrip().endswith((".", "!", "?", "…"))


def _keyword_language(heading: str, text: str) -> str | None:
    if heading.casefold().startswith(("key", "index")):
        return "en"
    if heading.casefold().startswith("ключевые"):
        return "ru"
    return "ky" if re.search("[а-яүөңё]", text, re.IGNORECASE) else None


def apart(text: str) -> list[str]:
    """The keywords of a list, whatever sign stands between them."""
    text = text.strip().rstrip(".")
    sign = next((one for one in (";", "•", "·", " | ", ",", " – ", " — ") if one in text), ",")
    apart = [border.line(one).strip(" .,;:–—") for one in text.split(sign)]
    return [one for one in apart if 1 < len(one) < 100][:MOST]

"""Words found in one file: on which pages, in which lines, and where they stand in the picture."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from ingest.pictures import Word

LONGEST, MOST_WORDS = 100, 8
PAGES = 200  # on which a word is counted; more say nothing
BOXES = 200
# Letters that people type for each other, one for one, so that places stay the same.
_ALIKE = str.maketrans("ёөүңЁӨҮҢ’ʼ", "еоунЕОУН''")
_SPACE = re.compile(r"\s+")


class Bounds(NamedTuple):
    """How much of the text the lines of a list of hits may show."""

    pages: int  # with lines; of further ones only the number is said
    each: int  # lines of one page
    around: int  # letters before and after what was found


FREE = Bounds(pages=60, each=3, around=70)
# Of what is for reading only: too little to put the text together from.
GUARDED = Bounds(pages=12, each=1, around=32)


class Page(NamedTuple):
    """A page with hits: how many, and some lines, each as what stands before, the hit, after."""

    number: int
    times: int
    lines: list[tuple[str, str, str]]


class Box(NamedTuple):
    """A place in the picture: parts of its width and height."""

    x: float
    y: float
    width: float
    height: float


def pattern(query: str) -> re.Pattern[str] | None:
    """What finds the words of a query in this order, each with any ending; None: it has no word."""
    found = re.findall(r"\w+", _alike(query[:LONGEST]))[:MOST_WORDS]
    if not found:
        return None
    joined = r"[^\w]{1,12}".join(rf"{re.escape(word)}\w*" for word in found)
    return re.compile(rf"(?<!\w){joined}", re.IGNORECASE)


def _alike(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ALIKE)


def numbers(texts: Sequence[str], sought: re.Pattern[str]) -> list[int]:
    """The pages on which it stands, the first being 1."""
    return [at for at, text in enumerate(texts, 1) if sought.search(_alike(text))]


def pages(texts: Sequence[str], sought: re.Pattern[str], bounds: Bounds) -> list[Page]:
    """The pages on which it stands, with lines of the first ones."""
    found: list[Page] = []
    for at, text in enumerate(texts, 1):
        plain = unicodedata.normalize("NFC", text)
        places = [one.span() for one in sought.finditer(_alike(plain))]
        if places:
            shown = places[: bounds.each] if len(found) < bounds.pages else []
            lines = [_line(plain, place, bounds.around) for place in shown]
            found.append(Page(at, len(places), lines))
        if len(found) == PAGES:
            break
    return found


def _line(text: str, place: tuple[int, int], around: int) -> tuple[str, str, str]:
    start, end = place
    before = _SPACE.sub(" ", text[max(0, start - around) : start])
    after = _SPACE.sub(" ", text[end : end + around])
    if start > around:
        before = "… " + before.partition(" ")[2]
    if end + around < len(text):
        after = after.rpartition(" ")[0] + " …"
    return before, _SPACE.sub(" ", text[start:end])[: 2 * around], after


def boxes(words: Sequence[Word], sought: re.Pattern[str]) -> list[Box]:
    """Where in the picture of a page it stands: a box for each hit, or for each line of one."""
    starts, length = [], 0
    for word in words:
        starts.append(length)
        length += len(_alike(word.text)) + 1
    joined = " ".join(_alike(word.text) for word in words)
    found: list[Box] = []
    at = 0
    for hit in sought.finditer(joined):
        lines: list[Box] = []
        while at < len(words) and starts[at] + len(_alike(words[at].text)) <= hit.start():
            at += 1
        while at < len(words) and starts[at] < hit.end():
            word = words[at]
            _add(lines, Box(word.x0, word.y0, word.x1 - word.x0, word.y1 - word.y0))
            at += 1
        found += lines
        if len(found) >= BOXES:
            break
    return found


def _add(lines: list[Box], box: Box) -> None:
    """Adds a word's box; one that goes on in the same line makes the last box longer."""
    last = lines[-1] if lines else None
    if last and abs(box.y - last.y) < last.height / 2 and -1e-4 < box.x - last.x < 0.5:
        top = min(last.y, box.y)
        bottom = max(last.y + last.height, box.y + box.height)
        right = max(last.x + last.width, box.x + box.width)
        lines[-1] = Box(last.x, top, right - last.x, bottom - top)
    else:
        lines.append(box)

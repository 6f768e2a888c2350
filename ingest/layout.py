"""How a page looks: its lines, each with its place, its size and what is raised above it."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest import prose

# In units of the size of the letters: how far apart two words of one line may stand before they
# belong to different columns, and how much of their height two letters of a line share.
GAP = 1.8
BACK = 1.0
SHARED = 0.2
CAPITAL = 0.7


class Char(NamedTuple):
    """A letter as the PDF places it; `y` is its baseline, counted from the foot of the page."""

    text: str
    size: float
    x: float
    right: float
    y: float
    bold: bool


class Span(NamedTuple):
    """A piece of a line; `raised` for the numbers and signs of notes and affiliations."""

    text: str
    raised: bool


@dataclass(frozen=True)
class Line:
    """A line of a page; `top` is how far its baseline is below the upper edge."""

    spans: tuple[Span, ...]
    size: float
    left: float
    right: float
    top: float
    bold: bool

    @property
    def text(self) -> str:
        """The line without what is raised."""
        return "".join(span.text for span in self.spans if not span.raised).strip()


@dataclass(frozen=True)
class Page:
    """One of the first pages: its lines in the order of the file, and its whole text."""

    width: float
    height: float
    lines: tuple[Line, ...]
    text: str


@dataclass
class _Open:
    """A line that may still grow. `spaced` marks the letters that a space precedes."""

    chars: list[Char] = field(default_factory=list)
    spaced: list[bool] = field(default_factory=list)

    def fits(self, char: Char) -> bool:
        tallest = max(self.chars[-8:], key=lambda one: one.size)
        high = min(char.y + CAPITAL * char.size, tallest.y + CAPITAL * tallest.size)
        shared = high - max(char.y, tallest.y)
        size = max(char.size, tallest.size)
        step = char.x - self.chars[-1].right
        return shared > SHARED * min(char.size, tallest.size) and -BACK * size < step < GAP * size

    def add(self, char: Char, *, space: bool) -> None:
        self.chars.append(char)
        self.spaced.append(space)


def lines(chars: Iterable[Char], height: float) -> list[Line]:
    """The lines of a page of that height, in the order in which the file has their letters.

    White space among the letters has no place; it only says that a space may be needed.
    """
    made: list[_Open] = []
    space = False
    for char in chars:
        if char.text.isspace():
            space = True
            continue
        if not made or not made[-1].fits(char):
            made.append(_Open())
            space = False
        made[-1].add(char, space=space)
        space = False
    return [_closed(one, height) for one in made]


def _closed(made: _Open, height: float) -> Line:
    sizes = Counter(round(char.size, 1) for char in made.chars)
    size = sizes.most_common(1)[0][0]
    base = statistics.median(char.y for char in made.chars if round(char.size, 1) == size)
    spans: list[Span] = []
    for char, spaced in zip(made.chars, made.spaced, strict=True):
        raised = char.size < 0.9 * size and char.y > base + 0.1 * size
        text = f" {char.text}" if spaced else char.text
        if spans and spans[-1].raised == raised:
            spans[-1] = Span(spans[-1].text + text, raised)
        else:
            spans.append(Span(text, raised))
    return Line(
        spans=tuple(spans),
        size=size,
        left=min(char.x for char in made.chars),
        right=max(char.right for char in made.chars),
        top=height - base,
        bold=2 * sum(char.bold for char in made.chars) > len(made.chars),
    )


def plain(page: Page) -> dict[str, Any]:
    """The page as JSON can carry it."""
    kept = [
        [list(one.spans), one.size, one.left, one.right, one.top, one.bold] for one in page.lines
    ]
    return {"width": page.width, "height": page.height, "lines": kept, "text": page.text}


def page(given: dict[str, Any]) -> Page:
    """The page that `plain` made, its text tidied."""
    return Page(
        width=given["width"],
        height=given["height"],
        lines=tuple(_line(*parts) for parts in given["lines"]),
        text=prose.tidy(given["text"]),
    )


def _line(
    spans: Sequence[tuple[str, bool]],
    size: float,
    left: float,
    right: float,
    top: float,
    bold: bool,
) -> Line:
    tidied = tuple(Span(prose.tidy(text), raised) for text, raised in spans)
    return Line(tidied, size, left, right, top, bold)

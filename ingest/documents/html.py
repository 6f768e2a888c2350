"""Pages of the web: what a reader would see, without what browsers do with it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from ingest.documents import plain

MOST = 32 * 2**20
HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "object", "iframe"})
LINES = frozenset(
    "p div br h1 h2 h3 h4 h5 h6 li tr dt dd table section article header footer blockquote pre "
    "ul ol dl hr title caption figure figcaption".split()
)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{3,30})""", re.I)


class _Seen(HTMLParser):
    """Collects the text that is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._hidden and tag in HIDDEN:
            self._hidden = tag
        elif tag in LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LINES:  # <script/> hides nothing
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def pages(path: Path) -> Iterator[str]:
    """What it shows, cut into pages."""
    with path.open("rb") as file:
        yield from plain.cut(shown(file.read(MOST)))


def shown(data: bytes) -> str:
    """The text of a page of the web."""
    seen = _Seen()
    seen.feed(_decoded(data))
    seen.close()
    lines = (line.strip() for line in "".join(seen.parts).splitlines())
    return "\n".join(line for line in lines if line)


def _decoded(data: bytes) -> str:
    said = _CHARSET.search(data[:4096])
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(said[1].decode("ascii"))
        except (LookupError, UnicodeError):  # it says what it is not
            return plain.decode(data)
    return plain.decode(data)

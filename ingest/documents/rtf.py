"""Rich Text Format, as Word has written it for thirty years."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ingest.documents import plain

MOST = 64 * 2**20
DEPTH = 1000
_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|(.))|([{}])|([^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
# Groups whose words are no part of the text.
_SKIP = frozenset(
    b"colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles "
    b"listtable listoverridetable rsidtbl generator header footer headerl headerr headerf footerl "
    b"footerr footerf xmlnstbl fldinst filetbl revtbl".split()
)
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"page": "\f",
}
_CHARSETS = {204: "cp1251", 238: "cp1250", 162: "cp1254", 161: "cp1253", 186: "cp1257"}
_SYMBOLS = {b"~": "\u00a0", b"-": "\u00ad", b"_": "-", b"\n": "\n", b"\r": "\n"}


class _State(NamedTuple):
    """What holds in a group: whether it is text, its font, how many letters follow a \\u."""

    silent: bool = False
    fonts: bool = False
    font: int = 0
    after: int = 1


def pages(path: Path) -> Iterator[str]:
    """Its text, cut into pages."""
    with path.open("rb") as file:
        text = _Reader().read(file.read(MOST))
    for part in text.split("\f"):
        yield from plain.cut(part)


class _Reader:
    """Goes through the file once, from token to token."""

    def __init__(self) -> None:
        self.encoding = "cp1252"
        self.fonts: dict[int, str] = {}
        self.state = _State()
        self.outer: list[_State] = []
        self.parts: list[str] = []
        self.waiting = bytearray()
        self.ignored = 0  # letters for old programs, after a letter in Unicode

    def read(self, data: bytes) -> str:
        """The text of the file."""
        place = 0
        while place < len(data):
            found = _TOKEN.match(data, place)
            if found is None:
                break
            place = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if word == b"bin":
                place += max(0, int(number or 0))
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif code:
                self._bytes(bytes([int(code, 16)]))
            elif symbol:
                self._symbol(symbol)
            elif brace:
                self._brace(brace)
            elif text:
                self._bytes(text)
        self._flush()
        return "".join(self.parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.ignored = 0
        if brace == b"{" and len(self.outer) < DEPTH:
            self.outer.append(self.state)
        elif brace == b"}" and self.outer:
            self.state = self.outer.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.state = self.state._replace(silent=True)
        elif symbol in b"\\{}":
            self._bytes(symbol)
        else:
            self._sign(_SYMBOLS.get(symbol, ""))

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _SKIP:
            self.state = self.state._replace(silent=True)
        elif word == b"fonttbl":
            self.state = self.state._replace(silent=True, fonts=True)
        elif word == b"ansicpg" and number:
            self.encoding = f"cp{number}"
        elif word == b"f":
            self._flush()
            self.state = self.state._replace(font=number or 0)
        elif word == b"fcharset" and self.state.fonts and number in _CHARSETS:
            self.fonts[self.state.font] = _CHARSETS[number]
        elif word == b"uc":
            self.state = self.state._replace(after=number or 0)
        elif word == b"u" and number is not None:
            self._sign(chr(number % 65536))
            self.ignored = self.state.after
        elif word in _SIGNS:
            self._sign(_SIGNS[word])

    def _sign(self, sign: str) -> None:
        self._flush()
        if not self.state.silent:
            self.parts.append(sign)

    def _bytes(self, data: bytes) -> None:
        skipped = min(self.ignored, len(data))
        self.ignored -= skipped
        if not self.state.silent:
            self.waiting += data[skipped:]

    def _flush(self) -> None:
        if self.waiting:
            encoding = self.fonts.get(self.state.font, self.encoding)
            try:
                self.parts.append(self.waiting.decode(encoding, errors="replace"))
            except LookupError:
                self.parts.append(self.waiting.decode("cp1252", errors="replace"))
            self.waiting.clear()

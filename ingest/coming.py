"""What another server answers, taken in as a file: its name, and its bytes as they come."""

import re
from collections.abc import Callable, Iterator
from io import RawIOBase
from urllib.parse import unquote, urlsplit

from werkzeug.http import parse_options_header

from ingest import files
from repository.errors import Invalid
from repository.fetching import Coming

Tell = Callable[[int, int], None]


def check(answer: Coming) -> None:
    """Raises Invalid unless the answer is a file."""
    if answer.status != 200:
        raise Invalid("The address answers with the error %(status)s.", status=answer.status)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html" and not urlsplit(answer.url).path.lower().endswith((".html", ".htm")):
        raise Invalid(
            "There is a web page at this address, not a file. Copy the address of the file itself."
        )


def name(answer: Coming) -> str:
    """What the file is called: as the server says, else as its address ends."""
    _kind, options = parse_options_header(answer.headers.get("content-disposition", ""))
    given = options.get("filename") or unquote(urlsplit(answer.url).path).rpartition("/")[2]
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not re.search(r"\.\w{2,5}$", given) and kind == files.PDF:
        given = f"{given or 'file'}.pdf"
    return given


class Stream(RawIOBase):
    """Pieces as a stream that can be read, which tells how much has been."""

    def __init__(self, chunks: Iterator[bytes], size: int, tell: Tell) -> None:
        self.chunks, self.size, self.tell_how_far = chunks, size, tell
        self.came, self.rest = 0, b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        if not self.rest:
            self.rest = next(self.chunks, b"")
            self.came += len(self.rest)
            self.tell_how_far(self.came, self.size)
        if size < 0:
            size = len(self.rest)
        given, self.rest = self.rest[:size], self.rest[size:]
        return given

"""What the headers of SWORD 3.0 say: Content-Disposition, and the digest that must come along."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from flask import request

from ingest import digests
from ingest.digests import Sums
from ingest.sword.packages import Refused

# Values are not always quoted as they should be: a digest comes with signs that need quotes.
_PART = re.compile(r';\s*([\w*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


class Disposition(NamedTuple):
    """Content-Disposition: `kind` is attachment, segment-init or segment."""

    kind: str
    options: Mapping[str, str]

    @property
    def metadata(self) -> bool:
        """Whether the body is a description."""
        return self.options.get("metadata", "").lower() == "true"

    @property
    def by_reference(self) -> bool:
        """Whether the body says where files are."""
        return self.options.get("by-reference", "").lower() == "true"

    @property
    def filename(self) -> str:
        """What the file is called; "" where that is not said."""
        return self.options.get("filename*") or self.options.get("filename", "")

    def number(self, name: str) -> int:
        """A size or a count; raises Refused where it is none."""
        value = self.options.get(name, "")
        if not (value.isascii() and value.isdigit()) or len(value) > 18 or int(value) < 1:
            raise Refused("BadRequest", 400, f"Content-Disposition needs {name}, a whole number.")
        return int(value)


def disposition(text: str) -> Disposition:
    """The header taken apart."""
    kind = text.partition(";")[0].strip().lower()
    parts = {name.lower(): _value(name, value) for name, value in _PART.findall(text)}
    return Disposition(kind, parts)


def _value(name: str, text: str) -> str:
    plain = text.strip()
    if len(plain) > 1 and plain.startswith('"') and plain.endswith('"'):
        plain = re.sub(r"\\(.)", r"\1", plain[1:-1])
    if name.endswith("*") and plain.count("'") >= 2:
        return unquote(plain.split("'", 2)[2])
    try:
        return plain.encode("latin-1").decode("utf-8")  # WSGI reads bytes as Latin-1
    except UnicodeError:
        return plain


def sent() -> Disposition:
    """What this request says of its body."""
    return disposition(request.headers.get("Content-Disposition", ""))


def sums() -> Sums:
    """What the body must come to; raises Refused when that is not said."""
    found = digests.read(request.headers.get("Digest", ""))
    if not found:
        known = ", ".join(digests.ALGORITHMS)
        raise Refused("BadRequest", 400, f"Send a Digest of the body: {known}.")
    return found

"""tus 1.0, the protocol of uploads that go on where they broke off: what its headers say.

The core, creation, checksum, termination and expiration; https://tus.io/protocols/resumable-upload.
Nothing here touches a disk or a database: each function judges what a request says, and raises the
error whose status the protocol names.
"""

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from repository.errors import ArchiveError, Conflict, TooLarge

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
ALGORITHMS = ("sha1", "sha256", "sha512")
BODY = "application/offset+octet-stream"
MARK = 100  # characters of what a sender knows a file by
RETRY_AFTER = 5  # seconds after which somebody who found an upload taken may ask again


class Malformed(ArchiveError):
    """A header is missing or says nothing that we understand."""


class OtherVersion(ArchiveError):
    """The sender speaks another version of the protocol."""

    status = 412


class OtherBody(ArchiveError):
    """The body is not what a PATCH carries."""

    status = 415


class Taken(ArchiveError):
    """Another request is just bringing bytes of the same upload."""

    status = 423
    retry_after = RETRY_AFTER


class Mismatch(ArchiveError):
    """What came is not what was sent."""

    status = 460


class Headers(Protocol):
    """What a request says about itself, under names of any case."""

    def get(self, key: str, /) -> str | None: ...


class Checksum(NamedTuple):
    """What the bytes of one request must add up to."""

    algorithm: str
    digest: bytes

    def holds(self, found: Any) -> bool:
        """Whether a hash object has come to it."""
        return found.digest() == self.digest


class Wish(NamedTuple):
    """The file that somebody means to send."""

    name: str
    size: int
    mark: str


def speaks(version: str | None) -> None:
    """Raises OtherVersion unless the sender speaks ours."""
    if version != VERSION:
        raise OtherVersion("Uploads in pieces are taken by tus %(version)s only.", version=VERSION)


def abilities(limit: int) -> dict[str, str]:
    """The headers that say what the server can do."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(limit),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def standing(offset: int, size: int | None = None, expires: datetime | None = None) -> dict:
    """The headers that say how much of an upload is here; `expires` is a naive or UTC moment."""
    said = {"Upload-Offset": str(offset), "Cache-Control": "no-store"}
    if size is not None:
        said["Upload-Length"] = str(size)
    if expires is not None:
        said["Upload-Expires"] = f"{expires:%a, %d %b %Y %H:%M:%S} GMT"
    return said


def wish(headers: Headers, *, limit: int) -> Wish:
    """What the headers of a creation ask for; raises Malformed or TooLarge."""
    if headers.get("Upload-Defer-Length") is not None:
        raise Malformed("The size of an upload must be known when it begins.")
    size = number(headers.get("Upload-Length"), "Upload-Length")
    if size > limit:
        raise TooLarge("This file is larger than the archive accepts.")
    said = metadata(headers.get("Upload-Metadata") or "")
    mark = "".join(filter(str.isprintable, said.get("mark", "")))[:MARK]
    return Wish(said.get("filename") or said.get("name", ""), size, mark)


def number(text: str | None, header: str) -> int:
    """A size or a place in a file; raises Malformed."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Malformed("%(header)s must be a whole number.", header=header)
    return int(text)


def metadata(text: str) -> dict[str, str]:
    """Upload-Metadata as keys and values; raises Malformed."""
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            said = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Malformed("Upload-Metadata holds a value that is not Base64.") from error
        if key in found:
            raise Malformed("Upload-Metadata holds a key twice.")
        found[key] = said
    return found


def checksum(text: str | None) -> Checksum | None:
    """What Upload-Checksum promises; None where it is not said. Raises Malformed."""
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed("Checksums are made by %(algorithms)s.", algorithms=", ".join(ALGORITHMS))
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error as error:
        raise Malformed("Upload-Checksum is not Base64.") from error
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Malformed("Upload-Checksum has the wrong length.")
    return Checksum(algorithm, digest)


def place(headers: Headers, *, media_type: str) -> int:
    """Where the bytes of a PATCH belong by its own account; raises OtherBody or Malformed."""
    if media_type != BODY:
        raise OtherBody("The body of a PATCH must be %(type)s.", type=BODY)
    return number(headers.get("Upload-Offset"), "Upload-Offset")


def fits(offset: int, *, there: int, size: int, length: int | None) -> None:
    """Raises Conflict when the bytes would leave a gap or come twice, TooLarge when the file would
    become longer than was said at its beginning."""
    if offset != there:
        raise Conflict("The upload stands at another place. Ask for it, then go on from there.")
    if length is not None and offset + length > size:
        raise TooLarge("More has come than the size that was said at the beginning.")

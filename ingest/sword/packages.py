"""What a SWORD deposit brings: one file, the files of a ZIP, an entry with a payload."""

import email
import email.policy
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import MIMEPart
from pathlib import Path
from typing import IO, BinaryIO, cast

from ingest import file_names, files
from ingest.files import Arrival
from ingest.importers import trees
from ingest.sword.atom import BINARY, SIMPLE_ZIP
from repository.archive import Archive
from repository.errors import ArchiveError, Invalid, TooLarge

BLOCK = 2**20
MOST_FILES = 500  # in a package


class Refused(ArchiveError):
    """What the profile has a name for: `name` is the end of the error's IRI."""

    def __init__(self, name: str, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.status = name, status


@dataclass(frozen=True)
class Part:
    """The two parts of a multipart deposit."""

    entry: bytes
    payload: bytes
    name: str
    packaging: str
    md5: str


@contextmanager
def spooled(stream: IO[bytes], *, limit: int, md5: str = "") -> Iterator[BinaryIO]:
    """The bytes of a stream in a file of their own, compared with a checksum when one was sent."""
    digest, size = hashlib.md5(usedforsecurity=False), 0
    with tempfile.TemporaryFile() as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > limit:
                raise Refused("MaxUploadSizeExceeded", 413, "This is larger than is accepted.")
            digest.update(block)
            file.write(block)
        if md5 and digest.hexdigest() != md5.lower():
            said = "Other bytes have arrived than the checksum says. Send them again."
            raise Refused("ErrorChecksumMismatch", 412, said)
        file.seek(0)
        yield file


@contextmanager
def arrivals(
    archive: Archive, file: BinaryIO, *, name: str, packaging: str
) -> Iterator[list[Arrival]]:
    """The files of a package, received. Where the block fails none of them is kept."""
    found: list[Arrival] = []
    try:
        if packaging == SIMPLE_ZIP:
            _unzip(archive, file, found)
        elif packaging == BINARY:
            found.append(_receive(archive, file, name))
        else:
            said = "This packaging is not accepted; send Binary or SimpleZip."
            raise Refused("ErrorContent", 415, said)
        yield found
    except BaseException:
        for one in found:
            files.discard(one, staging=archive.settings.staging)
        raise


def _receive(archive: Archive, stream: IO[bytes], name: str) -> Arrival:
    settings = archive.settings
    safe = file_names.safe(name)
    source = cast(BinaryIO, stream)
    return files.receive(source, safe, staging=settings.staging, limit=settings.upload_limit)


def _unzip(archive: Archive, file: BinaryIO, found: list[Arrival]) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / "package.zip"
        with path.open("wb") as copy:
            while block := file.read(BLOCK):
                copy.write(block)
        try:
            tree = stack.enter_context(trees.opened(path))
        except TooLarge:
            raise
        except Invalid as error:
            raise Refused("ErrorContent", 415, "The package is no whole ZIP.") from error
        if tree.refused:
            name, why = next(iter(tree.refused.items()))
            raise Invalid("“%(name)s” in the package: %(why)s", {}, name=name, why=why)
        if not tree.sizes or len(tree.sizes) > MOST_FILES:
            said = "A package has at least one file and at most 500."
            raise Refused("ErrorContent", 415, said)
        for name in sorted(tree.sizes):
            with tree.open(name) as stream:
                found.append(_receive(archive, stream, name.rpartition("/")[2]))


def parts(body: bytes, content_type: str) -> Part:
    """The entry and the payload of a multipart/related body."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    named: dict[str, MIMEPart] = {}
    for one in message.iter_parts() if message.is_multipart() else ():
        disposition = one.get("Content-Disposition")
        name = disposition.params.get("name", "") if disposition else ""
        named[name] = one
    if not {"atom", "payload"} <= named.keys():
        raise Refused("ErrorBadRequest", 400, "Name the two parts “atom” and “payload”.")
    payload = named["payload"]
    return Part(
        entry=_bytes(named["atom"]),
        payload=_bytes(payload),
        name=payload.get_filename() or "",
        packaging=payload.get("Packaging", BINARY),
        md5=payload.get("Content-MD5", ""),
    )


def _bytes(part: MIMEPart) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""

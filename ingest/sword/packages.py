"""What a SWORD deposit brings: one file, the files of a ZIP, an entry with a payload."""

import email
import email.policy
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import MIMEPart
from pathlib import Path
from typing import IO, BinaryIO, cast

from ingest import file_names, files
from ingest.digests import Mismatch, Summed, Sums
from ingest.files import Arrival
from ingest.importers import trees
from ingest.importers.trees import Tree
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
def spooled(stream: IO[bytes], *, limit: int, sums: Sums) -> Iterator[BinaryIO]:
    """The bytes of a stream in a file of their own, held against the checksums that were sent."""
    summed, size = Summed(stream, sums), 0
    with tempfile.TemporaryFile() as file:
        while block := summed.read(BLOCK):
            size += len(block)
            if size > limit:
                raise Refused("MaxUploadSizeExceeded", 413, "This is larger than is accepted.")
            file.write(block)
        try:
            summed.check()
        except Mismatch as error:
            raise Refused("ErrorChecksumMismatch", 412, str(error)) from error
        file.seek(0)
        yield file


@contextmanager
def arrivals(
    archive: Archive, file: BinaryIO, *, name: str, packaging: str
) -> Iterator[list[Arrival]]:
    """The files of a package, received. Where the block fails none of them is kept."""
    with kept(archive) as found:
        if packaging == SIMPLE_ZIP:
            _unzip(archive, file, found)
        elif packaging == BINARY:
            found.append(_receive(archive, file, name))
        else:
            said = "This packaging is not accepted; send Binary or SimpleZip."
            raise Refused("ErrorContent", 415, said)
        yield found


@contextmanager
def kept(archive: Archive) -> Iterator[list[Arrival]]:
    """A list for what arrives. Where the block fails none of it is kept."""
    found: list[Arrival] = []
    try:
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


@contextmanager
def opened(file: BinaryIO) -> Iterator[Tree]:
    """The files of a ZIP. Raises Refused, Invalid or TooLarge for one that may do harm."""
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "package.zip"
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy, BLOCK)
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
        whole = sum(tree.sizes.values())
        if whole > max(trees.LEAST_BOMB, trees.MOST_PACKED * path.stat().st_size):
            raise Invalid("“%(name)s” in the package: %(why)s", {}, name="*", why=trees.BOMB)
        yield tree


def take(archive: Archive, tree: Tree, names: Iterable[str], found: list[Arrival]) -> None:
    """Receives files of a package into `found`, in the order of their names."""
    for name in sorted(names):
        with tree.reading(name) as stream:
            found.append(_receive(archive, stream, name.rpartition("/")[2]))


def _unzip(archive: Archive, file: BinaryIO, found: list[Arrival]) -> None:
    with opened(file) as tree:
        take(archive, tree, tree.sizes, found)


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

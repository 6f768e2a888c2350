"""What one request brings: a description, files, addresses of files. Nothing is kept of it before
its caller has taken it in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from flask import request
from sqlalchemy.orm import Session

from ingest import digests
from ingest.digests import Sums
from ingest.files import Arrival
from ingest.sword import atom, deposits, packages
from ingest.sword.packages import Refused
from ingest.sword3 import bags, documents, headers, metadata, references, segments, standing
from ingest.sword3.references import Reference
from repository.models.works import File, Work
from repository.web.current import archive, viewer

LARGEST = 2**22  # bytes of a JSON document
JSON = ("application/json", "application/ld+json")
PLAIN = {documents.BINARY: atom.BINARY, documents.SIMPLE_ZIP: atom.SIMPLE_ZIP}


@dataclass
class Sent:
    """What has come; `staged` names uploads in segments that have become files by it."""

    document: dict[str, Any] | None = None
    arrived: list[Arrival] = field(default_factory=list)
    wanted: list[Reference] = field(default_factory=list)
    staged: list[str] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """A description, also where none was sent."""
        if self.document is None and not self.arrived and self.wanted and self.wanted[0].name:
            return {"titles": [{"text": self.wanted[0].name, "kind": "main"}]}
        return self.document or deposits.nameless(self.arrived)


def empty() -> bool:
    """Whether the request has no body."""
    said = headers.sent()
    named = said.filename or said.metadata or said.by_reference
    return not request.content_length and not named


@contextmanager
def sent(*, titled: bool = True) -> Iterator[Sent]:
    """What this request brings. Where the block fails nothing of it stays behind; when it is
    through, segments that have become files are removed."""
    found, said = Sent(), headers.sent()
    with ExitStack() as stack:
        if said.metadata or said.by_reference:
            _documents(found, said, stack, titled)
        elif not empty():
            packaging = request.headers.get("Packaging", documents.BINARY)
            _package(found, stack, request.stream, said.filename, packaging, headers.sums())
        yield found
    for name in found.staged:
        segments.forget(archive(), name)


def _documents(found: Sent, said: headers.Disposition, stack: ExitStack, titled: bool) -> None:
    if request.mimetype not in JSON:
        raise Refused("ContentTypeNotAcceptable", 415, "Send this document as application/json.")
    wanted = request.headers.get("Metadata-Format", metadata.FORMAT)
    if said.metadata and wanted != metadata.FORMAT:
        told = f"Metadata is accepted as {metadata.FORMAT}."
        raise Refused("MetadataFormatNotAcceptable", 415, told)
    with packages.spooled(request.stream, limit=LARGEST, sums=headers.sums()) as file:
        given = metadata.parse(file.read())
    both = said.metadata and said.by_reference
    if said.metadata:
        found.document = metadata.read(_part(given, "metadata", both), titled=titled)
    if said.by_reference:
        for one in references.read(_part(given, "by-reference", both)):
            _refer(found, stack, one)


def _part(given: dict[str, Any], name: str, both: bool) -> dict[str, Any]:
    part = given.get(name) if both else given
    if not isinstance(part, dict):
        raise Refused("ValidationFailed", 400, f"The document has no “{name}”.")
    return part


def _refer(found: Sent, stack: ExitStack, one: Reference) -> None:
    """Takes up a file that came in segments; another one is fetched later."""
    prefix = f"{standing.url('sword3_staging.begin')}/"
    if not one.address.startswith(prefix):
        digests.read(one.digest)
        found.wanted.append(one)
        return
    with archive().reading() as session:
        upload = segments.get(session, one.address.removeprefix(prefix), actor=viewer())
    if upload.id in found.staged:
        raise Refused("ValidationFailed", 400, "The same upload is named twice.")
    whole = segments.whole(archive().settings, upload)
    sums = {**digests.read(upload.digest), **digests.read(one.digest)}
    for promised in (upload.digest, one.digest):
        if any(sums[name] != value for name, value in digests.read(promised).items()):
            raise Refused("DigestMismatch", 412, "Two different digests are given for one file.")
    _package(found, stack, whole, one.name, one.packaging, sums)
    found.staged.append(upload.id)


def _package(
    found: Sent, stack: ExitStack, stream: IO[bytes], name: str, packaging: str, sums: Sums
) -> None:
    if packaging in PLAIN:
        came = deposits.received(stream, name=name, packaging=PLAIN[packaging], sums=sums)
        found.arrived += stack.enter_context(came)
    elif packaging == documents.BAG:
        limit = archive().settings.upload_limit
        file = stack.enter_context(packages.spooled(stream, limit=limit, sums=sums))
        document, arrived = stack.enter_context(bags.unpacked(archive(), file))
        found.document = found.document or document
        found.arrived += arrived
    else:
        told = "This packaging is not accepted; send Binary, SimpleZip or SWORDBagIt."
        raise Refused("PackagingFormatNotAcceptable", 415, told)


def keep(session: Session, work: Work, one: Sent) -> list[File]:
    """Adds the files to a draft, and has those fetched that are only named; the files."""
    before = {file.id for file in work.current_files}
    deposits.attach(session, work, one.arrived)
    references.ask(session, work, one.wanted)
    return [file for file in work.current_files if file.id not in before]

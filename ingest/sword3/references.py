"""Files that a deposit names by their addresses: some we fetch, some came in segments before."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ingest import fetches, file_names
from ingest.sword.packages import Refused
from ingest.sword3 import documents, headers
from repository.addresses import Refused as NotAsked
from repository.models.works import Work
from repository.web.current import archive, viewer
from schemas import text

NEEDED = ("@id", "contentType", "contentDisposition")


class Reference(NamedTuple):
    """A file by its address."""

    address: str
    name: str
    digest: str
    packaging: str


def read(given: Mapping[str, Any]) -> list[Reference]:
    """The files of a by-reference document; raises Refused."""
    entries = given.get("byReferenceFiles")
    if not isinstance(entries, list) or not 0 < len(entries) <= fetches.MOST:
        said = f"byReferenceFiles must have from one to {fetches.MOST} files."
        raise Refused("ValidationFailed", 400, said)
    return [_one(entry) for entry in entries]


def _one(entry: Any) -> Reference:
    said = entry if isinstance(entry, dict) else {}
    for name in NEEDED:
        if not isinstance(said.get(name), str) or not said[name].strip():
            raise Refused("ValidationFailed", 400, f"Each by-reference file needs {name}.")
    if said.get("dereference") is False:
        told = "Files are kept here; a link alone is not (dereference: true)."
        raise Refused("ByReferenceNotAllowed", 412, told)
    size, limit = said.get("contentLength"), archive().settings.upload_limit
    if isinstance(size, int) and size > limit:
        told = "This file is larger than the archive accepts."
        raise Refused("ByReferenceFileSizeExceeded", 400, told)
    disposition = headers.disposition(said["contentDisposition"])
    return Reference(
        said["@id"].strip(),
        file_names.safe(disposition.filename) if disposition.filename else "",
        str(said.get("digest") or ""),
        str(said.get("packaging") or documents.BINARY),
    )


def ask(session: Session, work: Work, wanted: list[Reference]) -> None:
    """Has the files fetched, for a draft; raises Refused for an address that is not asked."""
    for one in wanted:
        if one.packaging != documents.BINARY:
            said = "Only single files (Binary) are fetched. Send a package itself, or in segments."
            raise Refused("PackagingFormatNotAcceptable", 415, said)
        web = one.address.lower().startswith(("http://", "https://"))
        if not web or text.has_forbidden(one.address):
            raise Refused("ByReferenceNotAllowed", 412, "Only web addresses are asked.")
        try:
            fetches.ask(
                session, work, one.address, actor=viewer(), name=one.name, digest=one.digest
            )
        except NotAsked as error:
            raise Refused("ByReferenceNotAllowed", 412, str(error)) from error


def forget(session: Session, work: Work) -> None:
    """Does without all that is still to come."""
    for one in fetches.of(session, work.id):
        fetches.forget(session, work, one.id)

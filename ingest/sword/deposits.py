"""What both versions of SWORD do with a deposit: whose it is, what it brings, when it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import IO, Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import agreement, digests, fetches, files, offers
from ingest.digests import Sums
from ingest.files import Arrival
from ingest.sword import packages
from ingest.sword.atom import BINARY
from ingest.sword.packages import Refused
from repository import accounts, appearance, catalogue, clearance, letters
from repository.errors import Invalid
from repository.models.accounts import Account, AccountState
from repository.models.works import Work
from repository.viewers import Viewer
from repository.web import words
from repository.web.current import archive, viewer
from schemas import work as profile
from schemas.roles import Role
from schemas.vocabulary import State

OPEN = (State.DRAFT, State.RETURNED)  # as long as its depositor may change it


def may_mediate() -> bool:
    """Whether the viewer may deposit for others."""
    return viewer().may(Role.CATALOGUER)


def owner() -> Viewer:
    """Whose deposit it is: a member of staff may deposit for somebody."""
    name = request.headers.get("On-Behalf-Of", "").strip()
    if not name:
        return viewer()
    if not may_mediate():
        said = "Only the library's staff may deposit for others."
        raise Refused("MediationNotAllowed", 412, said)
    with archive().reading() as session:
        found = session.scalar(select(Account).where(Account.email == name.lower()))
        if found is None or found.state != AccountState.ACTIVE:
            raise Refused("TargetOwnerUnknown", 403, "Nobody here has this address.")
        return accounts.viewer(found)


@contextmanager
def received(
    stream: IO[bytes], *, name: str, packaging: str, sums: Sums
) -> Iterator[list[Arrival]]:
    """The files of what is sent, safe in staging. Where the block fails none of them is kept."""
    limit = archive().settings.upload_limit
    with (
        packages.spooled(stream, limit=limit, sums=sums) as file,
        packages.arrivals(archive(), file, name=name, packaging=packaging) as arrived,
    ):
        yield arrived


def attach(session: Session, work: Work, arrived: list[Arrival]) -> None:
    """Adds what has arrived to a draft."""
    for one in arrived:
        pages = offers.prepare(archive(), one).pages
        files.attach(session, work, one, settings=archive().settings, pages=pages)


def empty(session: Session, work: Work) -> None:
    """Takes all files away from a draft."""
    catalogue.check_step(work, "edit")
    for file in list(work.current_files):
        catalogue.detach(session, work, file)


def discard(session: Session, work: Work) -> list[str]:
    """Deletes a draft; what is left of its files in staging is its caller's to remove."""
    staged = [file.staged for file in work.files if file.staged]
    catalogue.discard(session, work, actor=viewer())
    return staged


def remove(staged: list[str]) -> None:
    """Removes bytes from staging, after the commit."""
    for name in staged:
        (archive().settings.staging / name).unlink(missing_ok=True)


def nameless(arrived: list[Arrival]) -> dict[str, Any]:
    """A description where none was sent: what the first file suggests, else its name."""
    offered = dict(offers.prepare(archive(), arrived[0]).document) if arrived else {}
    if not offered.get("titles"):
        offered["titles"] = [{"text": arrived[0].name if arrived else "–", "kind": "main"}]
    return offered


def more_follows() -> bool:
    """Whether the depositor says that the deposit is not complete yet."""
    return request.headers.get("In-Progress", "false").strip().lower() == "true"


def finish(session: Session, work: Work) -> None:
    """Unless more is to come, the deposit goes to the library."""
    if more_follows() or work.state not in OPEN:
        return
    language = words.language()
    name = appearance.name(archive().settings, language)
    signed = agreement.signed(agreement.current(language, archive_name=name))
    session.flush()
    clearance.refuse_infected(work.current_files)
    found = profile.errors(work.document)
    if found:
        raise Invalid("Some answers are still missing or not right.", found)
    if fetches.submit_then(session, work, signed):
        return  # the worker does it
    catalogue.submit(session, work, actor=viewer(), agreement=signed)
    letters.to_depositor(session, work, "submitted", settings=archive().settings)


def md5(header: str) -> Sums:
    """What Content-MD5 promises, in the hexadecimal digits that SWORD 2.0 wants."""
    return digests.read(f"MD5={header.strip()}") if header.strip() else {}


def announced() -> packages.Part:
    """What the headers say of the body."""
    head = Message()
    head["Content-Disposition"] = request.headers.get("Content-Disposition", "")
    name = head.get_filename() or ""
    if not name:
        said = "Name the file: Content-Disposition: attachment; filename=…"
        raise Refused("ErrorBadRequest", 400, said)
    packaging = request.headers.get("Packaging", BINARY)
    return packages.Part(b"", b"", name, packaging, request.headers.get("Content-MD5", ""))

"""Files that a draft waits for: from an address, or from a folder of the server.

The folder is for what does not come over the network: a CD, a USB stick, a scanner's output. The
worker brings them (`bringing`).
"""

from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import catalogue
from repository.addresses import check
from repository.errors import Invalid, NotAllowed, NotFound
from repository.models.fetches import Fetch, FetchState
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.roles import Role

INBOX = "inbox:"
MOST = 20  # fetches that may wait for one work
LISTED = 1000  # files of the folder that a page shows


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Entry(NamedTuple):
    """A file in the folder: its path in it, and its size in bytes."""

    path: str
    size: int


def ask(
    session: Session, work: Work, source: str, *, actor: Viewer, name: str = "", digest: str = ""
) -> Fetch:
    """Has a file brought for a draft. Raises Refused for an address that is not asked, Invalid.

    `name` is what it shall be called, `digest` (a Digest header) what its bytes must come to.
    """
    catalogue.check_step(work, "edit")
    given = source.strip()
    if not given:
        raise Invalid("Write the address of the file.", {"address": []})
    if not given.startswith(INBOX):
        check(given)
    elif not actor.may(Role.CATALOGUER):
        raise NotAllowed("Only the library's staff take files from the server's folder.")
    if len(of(session, work.id)) >= MOST:
        raise Invalid("Wait until the files that were asked for have come.", {"address": []})
    fetch = Fetch(
        work_id=work.id, account_id=actor.id, source=given[:2000], name=name, digest=digest
    )
    session.add(fetch)
    session.flush()
    return fetch


def of(session: Session, number: int) -> list[Fetch]:
    """What is still to come for a work, and what did not come."""
    query = select(Fetch).where(Fetch.work_id == number).order_by(Fetch.id)
    return list(session.scalars(query))


def submit_then(session: Session, work: Work, signed: dict[str, Any]) -> bool:
    """Whether files are still to come: then the work goes to the library after the last of them.

    Raises NotAllowed when one did not come.
    """
    awaited = of(session, work.id)
    for one in awaited:
        if one.state == FetchState.FAILED:
            raise NotAllowed(
                "“%(name)s” has not come. Have it brought again, or do without it.",
                name=one.name or one.source,
            )
        one.agreement = signed
    session.flush()
    return bool(awaited)


def again(session: Session, work: Work, number: int) -> None:
    """Has it tried once more."""
    fetch = _find(session, work, number)
    fetch.state, fetch.problem, fetch.came = FetchState.WAITING, None, 0


def forget(session: Session, work: Work, number: int) -> None:
    """Does without the file."""
    session.delete(_find(session, work, number))


def _find(session: Session, work: Work, number: int) -> Fetch:
    fetch = session.get(Fetch, number)
    if fetch is None or fetch.work_id != work.id:
        raise NotFound("There is no such file any more.")
    return fetch


# --- the folder -----------------------------------------------------------------------------------
def listed(inbox: Path) -> list[Entry]:
    """The files in the folder and those below it, by path, at most LISTED."""
    found = []
    for path in sorted(inbox.rglob("*")) if inbox.is_dir() else ():
        if path.is_file() and not path.is_symlink() and not _hidden(path.relative_to(inbox)):
            found.append(Entry(path.relative_to(inbox).as_posix(), path.stat().st_size))
        if len(found) == LISTED:
            break
    return found


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def place(inbox: Path, source: str) -> Path:
    """Where a file of the folder lies; raises NotFound also for whatever leads out of it."""
    path = inbox / PurePosixPath(source.removeprefix(INBOX))
    inside = path.resolve().is_relative_to(inbox.resolve())
    if not inside or not path.is_file():
        raise NotFound("“%(name)s” is not in the folder.", name=source.removeprefix(INBOX))
    return path

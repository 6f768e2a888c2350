"""The files that a record points to: asked for when its work has been entered."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sqlalchemy.orm import Session

from ingest import fetches
from ingest.rows import Link, Row
from repository.errors import ArchiveError, NotFound
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import Viewer
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def ask(
    session: Session, settings: Settings, work: Work, row: Row, *, actor: Viewer
) -> Iterator[Message]:
    """Has the row's files brought for its draft; says of each that cannot be why."""
    for link in row.links:
        try:
            source = link.address or _lying(settings.inbox, link)
            fetches.ask(session, work, source, actor=actor)
        except ArchiveError as error:
            yield Message(
                _("“%(name)s” is not fetched: %(why)s"),
                name=link.address or link.name,
                why=str(error),
            )


def _lying(inbox: Path, link: Link) -> str:
    """Where a named file lies in the server's folder, by its path there or by its name alone.

    Catalogues write such as `\\\\server\\texts\\2019\\a.pdf`.
    """
    parts = PurePosixPath(link.name.replace("\\", "/")).parts
    for start in range(len(parts)):
        source = f"{fetches.INBOX}{PurePosixPath(*parts[start:])}"
        try:
            fetches.place(inbox, source)
        except NotFound:
            continue
        return source
    raise NotFound("“%(name)s” is not in the folder.", name=link.name)

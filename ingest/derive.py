"""The text of files, read once and kept for the search index. All of it can be made again."""

from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from ingest import pdf, text
from ingest.findings import Finding, Subject
from repository import changes, derived, indexing, versions
from repository.archive import Archive
from repository.models.works import File, Work
from schemas.vocabulary import State

log = structlog.get_logger()

STEP = "text"
PDF = "application/pdf"


def follow(archive: Archive, limit: int = indexing.BATCH) -> int:
    """What `indexing.follow` does, after reading the files of the works whose turn it is."""
    with archive.reading() as session:
        taken = changes.take(session, "index", limit)
        works = [session.get(Work, one) for one in {change.work_id for change in taken}]
        files = [
            (file, _place(archive, work, file))
            for work in works
            if work is not None and work.state == State.PUBLISHED
            for file in work.current_files
        ]
    for file, place in files:
        read(archive, place, sha512=file.sha512, media_type=file.media_type)
    return indexing.follow(archive, limit)


def _place(archive: Archive, work: Work, file: File) -> Path:
    if file.stored:
        return archive.store.path(versions.object_id(work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)


def read(archive: Archive, path: Path, *, sha512: str, media_type: str) -> list[str]:
    """The text of a file's pages, which is kept; what cannot be read has none."""
    folder = archive.settings.derived
    if derived.has(folder, sha512):
        return derived.pages(folder, sha512)
    try:
        pages = text.text_of(path, media_type)
    except pdf.PdfError as error:  # it will not be better the next time: kept as without text
        log.warning("text not read", sha512=sha512[:16], reason=str(error))
        pages = []
    except OSError as error:
        log.warning("file not read", sha512=sha512[:16], reason=str(error))
        return []
    derived.keep(folder, sha512, pages)
    return pages


def look(archive: Archive, subject: Subject) -> Finding:
    """Reads an upload now, so that it is found as soon as it is published."""
    pages = read(archive, subject.place, sha512=subject.sha512, media_type=subject.media_type)
    said = sum(map(len, pages))
    return Finding("text" if said else "none", detail={"pages": len(pages), "characters": said})


def settle(archive: Archive, session: Session, file: File, finding: Finding) -> None:
    """A PDF's number of pages is known now, if it was not before."""
    if file.pages is None and file.media_type == PDF and finding.detail["pages"]:
        file.pages = finding.detail["pages"]

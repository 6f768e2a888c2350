"""The text of files, read once and kept for the search index. All of it can be made again."""

from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from ingest import language, ocr, text
from ingest.findings import Finding, Subject
from repository import changes, derived, indexing, texts, versions
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.models.works import File, Work
from schemas.vocabulary import State

log = structlog.get_logger()

STEP = texts.STEP
PDF = "application/pdf"
TOOL = "open-archive"


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
    except ArchiveError as error:  # it will not be better the next time: kept as without text
        log.warning("text not read", sha512=sha512[:16], reason=str(error))
        pages = []
    except OSError as error:
        log.warning("file not read", sha512=sha512[:16], reason=str(error))
        return []
    derived.keep(folder, sha512, pages)
    return pages


def look(archive: Archive, subject: Subject) -> Finding:
    """Reads an upload now, so that it is found as soon as it is published; and judges its text."""
    folder = archive.settings.derived
    try:
        found = text.read(subject.place, subject.media_type)
    except ArchiveError as error:
        derived.keep(folder, subject.sha512, [])
        return Finding("none", TOOL, {"pages": 0, "characters": 0, "why": error.sentence})
    fresh = not derived.has(folder, subject.sha512)
    # What OCR has made of it is better, and stays.
    if not derived.searchable(folder, subject.sha512).exists():
        derived.keep(folder, subject.sha512, found.pages)
    verdict = found.verdict
    detail = {
        "pages": len(found.pages),
        "characters": sum(map(len, found.pages)),
        "score": verdict.score,
        "language": language.of_pages(found.pages) or "",
        "scans": list(verdict.scans),
        "rubbish": list(verdict.rubbish),
        "fresh": fresh,
        "silent": not any(found.pages[one - 1].strip() for one in verdict.scans),
    }
    return Finding(verdict.word, found.tool or TOOL, detail)


def settle(archive: Archive, session: Session, file: File, finding: Finding) -> None:
    """A PDF's number of pages is known now, if it was not before; scans are read next."""
    if file.pages is None and file.media_type == PDF and finding.detail["pages"]:
        file.pages = finding.detail["pages"]
    ocr.settle_wish(session, file, finding)
    # The index may have the text already: it reads the files of what it takes in.
    if finding.detail.get("fresh") and file.work.state == State.PUBLISHED:
        changes.record(session, file.work_id, ["index"])

"""Scans are read: OCRmyPDF with Tesseract makes a searchable PDF beside the original, which stays.

The step exists for files only whose text asks for it. It has a thread of its own, for it takes
seconds for each page; while it runs its row says how far it is.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import language, ocr_run, pdf
from ingest.findings import Finding, Interrupted, NotNow, Subject
from repository import changes, derived, texts, working
from repository.archive import Archive
from repository.clock import now
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File
from repository.store import disk
from schemas.vocabulary import Scan, State

log = structlog.get_logger()

STEP = texts.OCR
PDF = "application/pdf"
BEAT = 5.0  # seconds between two words about how far it is
LEASE = timedelta(minutes=2)  # nobody else takes the file for so long after a word
ABANDONED = 3600.0


class _Wish(NamedTuple):
    """What is known of a file before it is read."""

    scans: Sequence[int]
    rubbish: Sequence[int]
    pages: int
    silent: bool  # whether the scanned pages have no letter at all
    everything: bool


def settle_wish(session: Session, file: File, finding: Finding) -> None:
    """After its text was judged: the file is read by OCR if that could help."""
    if file.media_type != PDF or not (finding.detail.get("scans") or finding.detail.get("rubbish")):
        return
    if session.get(FileStep, (file.id, STEP)) is None:
        session.add(FileStep(file_id=file.id, step=STEP))


def look(archive: Archive, subject: Subject) -> Finding:
    """Reads the pages that have no text of their own, or rubbish."""
    settings = archive.settings
    if settings.ocr == "off":
        return Finding(texts.OFF)
    wish = _wish(archive, subject.file_id)
    wanted = range(1, wish.pages + 1) if wish.everything else sorted({*wish.scans, *wish.rubbish})
    if not wanted:
        return Finding(texts.NONE)
    if len(wanted) > settings.ocr_pages:
        return Finding(texts.LARGE, detail={"of": len(wanted)})
    if not wish.everything and (known := _known(archive, subject)):
        return known
    if needs := ocr_run.missing():
        return Finding(texts.MISSING, detail={"needs": needs})
    return _read(archive, subject, wish, list(wanted))


def _wish(archive: Archive, file_id: int) -> _Wish:
    with archive.reading() as session:
        judged = session.get(FileStep, (file_id, texts.STEP))
        asked = session.get(FileStep, (file_id, STEP))
    if judged is None or judged.state != StepState.DONE:
        raise NotNow("its text has not been judged yet")
    said = judged.detail
    return _Wish(
        said.get("scans", ()),
        said.get("rubbish", ()),
        said.get("pages", 0),
        said.get("silent", False),
        bool(asked and asked.detail.get("everything")),
    )


def _mode(wish: _Wish) -> str:
    # What shows one thing and says another can only be drawn and read; of a scan the picture stays
    # as it is, and a poor text that another program has left there goes.
    if wish.everything or wish.rubbish:
        return "force"
    return "skip" if wish.silent else "redo"


def _known(archive: Archive, subject: Subject) -> Finding | None:
    """What another deposit of the same file has brought about."""
    if not derived.searchable(archive.settings.derived, subject.sha512).exists():
        return None
    with archive.reading() as session:
        query = (
            select(FileStep)
            .join(File, File.id == FileStep.file_id)
            .where(File.sha512 == subject.sha512, FileStep.step == STEP)
            .where(FileStep.outcome == texts.READ)
        )
        found = session.scalars(query.limit(1)).first()
        return Finding(texts.READ, found.tool, found.detail) if found else None


def _read(archive: Archive, subject: Subject, wish: _Wish, wanted: list[int]) -> Finding:
    began = time.monotonic()
    task = ocr_run.Task(subject.place, _mode(wish), wanted, archive.settings.ocr_jobs)
    beats = _Beats(archive, subject.file_id, len(wanted))
    with _scratch(archive) as folder:
        found = ocr_run.run(task, folder, beats.go_on)
        detail = {
            "pages": found.pages,
            "of": len(wanted),
            "words": found.words,
            "confidence": found.sure,
            "seconds": round(time.monotonic() - began, 1),
            "mode": task.mode,
            **({"everything": True} if wish.everything else {}),
        }
        if found.problem == "stopped":
            raise Interrupted("reading was stopped")
        if found.problem == "failed":
            raise NotNow(found.says or "OCRmyPDF failed")
        if found.problem:
            detail |= {"why": found.problem, "says": found.says}
            return Finding(texts.REFUSED, ocr_run.tool(), detail)
        if not found.words:
            return Finding(texts.EMPTY, ocr_run.tool(), detail)
        return _kept(archive, subject, folder / "result.pdf", detail)


def _kept(archive: Archive, subject: Subject, result: Path, detail: dict) -> Finding:
    """Keeps the searchable PDF, and what it says as the file's text."""
    try:
        pages = [one.text for one in pdf.sheets(result).pages]
    except pdf.PdfError as error:
        raise NotNow(f"the searchable PDF cannot be read: {error}") from error
    folder = archive.settings.derived
    derived.keep(folder, subject.sha512, pages)
    derived.keep_searchable(folder, subject.sha512, result)
    size = derived.searchable(folder, subject.sha512).stat().st_size
    guessed = language.of_pages(pages)
    return Finding(texts.READ, ocr_run.tool(), {**detail, "bytes": size, "language": guessed or ""})


def settle(archive: Archive, session: Session, file: File, finding: Finding) -> None:
    """What was read is found from now on."""
    if finding.outcome == texts.READ and file.work.state == State.PUBLISHED:
        changes.record(session, file.work_id, ["index"])


class _Beats:
    """Tells the row of the step how far it is, so that people see it and nobody else takes it."""

    def __init__(self, archive: Archive, file_id: int, of: int) -> None:
        self._archive, self._file_id, self._of = archive, file_id, of
        self._next = 0.0

    def go_on(self, done: int) -> bool:
        """Whether to go on; not when the worker ends, or somebody has switched it off."""
        if working.stopping.is_set():
            return False
        if time.monotonic() < self._next:
            return True
        self._next = time.monotonic() + BEAT
        with self._archive.writing() as session:
            step = session.get(FileStep, (self._file_id, STEP))
            if step is None or step.state != StepState.WAITING:
                return False
            step.due = now() + LEASE
            step.detail = {**step.detail, "done": done, "of": self._of}
        return True


@contextmanager
def _scratch(archive: Archive) -> Iterator[Path]:
    """A folder that goes when all is done; what a killed worker left behind goes too."""
    top = archive.settings.derived / "scratch"
    with disk.room():
        top.mkdir(parents=True, exist_ok=True)
        for left in top.iterdir():
            if left.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=top) as name:
            yield Path(name)


def mend(archive: Archive) -> int:
    """Takes up again what could not be read when something was missing or off, what was lost, and
    files whose text was never judged; how many."""
    ready = archive.settings.ocr != "off" and not ocr_run.missing()
    folder = archive.settings.derived
    with archive.reading() as session:
        found = session.execute(
            select(FileStep.file_id, FileStep.step, FileStep.outcome, FileStep.tool, File.sha512)
            .join(File, File.id == FileStep.file_id)
            .where(
                FileStep.step.in_((STEP, texts.STEP)),
                FileStep.state == StepState.DONE,
                File.removed.is_(None),
                File.scan != Scan.INFECTED,
                File.media_type == PDF,
            )
        ).all()
    again = [
        (file_id, step)
        for file_id, step, outcome, tool, sha512 in found
        if (step == texts.STEP and not tool)
        or (step == STEP and ready and outcome in (texts.MISSING, texts.OFF))
        or (outcome == texts.READ and ready and not derived.searchable(folder, sha512).exists())
    ]
    if again:
        with archive.writing() as session:
            for key in again:
                texts.await_again(session.get_one(FileStep, key))
    return len(again)

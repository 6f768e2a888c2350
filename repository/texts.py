"""How far the texts of files are: read, judged, read from scans; and who asks for it again."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from repository import derived
from repository.clock import now
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File
from repository.settings import Settings
from schemas.messages import Message

STEP, OCR = "text", "ocr"
# What can come of OCR.
READ, NONE, OFF, SWITCHED_OFF, MISSING = "read", "none", "off", "switched off", "missing"
LARGE, REFUSED, EMPTY = "large", "refused", "empty"


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


UNREAD: Mapping[str, str] = {
    OFF: _("Scanned pages without text: %(pages)s. Reading scans is switched off."),
    SWITCHED_OFF: _("Scanned pages without text: %(pages)s. Reading this file is switched off."),
    MISSING: _("Scanned pages without text: %(pages)s. No program to read scans is installed."),
    LARGE: _("Scanned pages without text: %(pages)s, more than are read of one file."),
    REFUSED: _("Scanned pages without text: %(pages)s. They could not be read."),
    EMPTY: _("Scanned pages: %(pages)s. No words were found on them."),
}


def said(steps: Mapping[str, FileStep]) -> Message | None:
    """What people are told about the text of a file; None where all is as it should be."""
    judged, ocr = steps.get(STEP), steps.get(OCR)
    if ocr is None:
        return _plainly(judged)
    if ocr.state == StepState.WAITING:
        return _going_on(ocr)
    if ocr.outcome == READ:
        return Message(
            _("Text read from scanned pages: %(pages)s; certainty %(certainty)s%%."),
            pages=ocr.detail.get("pages", 0),
            certainty=round(100 * ocr.detail.get("confidence", 0)),
        )
    sentence = UNREAD.get(REFUSED if ocr.state == StepState.FAILED else ocr.outcome)
    return Message(sentence, pages=_wanting(judged)) if sentence else None


def _plainly(judged: FileStep | None) -> Message | None:
    if judged is None or judged.state == StepState.WAITING:
        return None
    if why := judged.detail.get("why"):
        return Message(why)
    if judged.outcome == "none" and judged.detail.get("pages"):
        return Message(_("No text was found in this file."))
    if judged.outcome == "rubbish":
        return Message(_("The text of this file is not readable for programs."))
    return None


def _going_on(ocr: FileStep) -> Message:
    if "of" not in ocr.detail:
        return Message(_("The scanned pages wait to be read."))
    return Message(
        _("The scanned pages are being read: %(done)s of %(of)s."),
        done=ocr.detail.get("done", 0),
        of=ocr.detail["of"],
    )


def _wanting(judged: FileStep | None) -> int:
    if judged is None:
        return 0
    return len({*judged.detail.get("scans", ()), *judged.detail.get("rubbish", ())})


def await_again(step: FileStep) -> None:
    """Lets a step be taken anew, now."""
    step.state, step.tries, step.due, step.error = StepState.WAITING, 0, now(), ""
    step.detail = {key: value for key, value in step.detail.items() if key == "everything"}


def again(session: Session, settings: Settings, file: File, *, everything: bool = False) -> None:
    """Lets the text of a file be read anew; with `everything` all its pages as if scanned."""
    derived.forget(settings.derived, file.sha512)
    judged = _step(session, file, STEP)
    await_again(judged)
    ocr = session.get(FileStep, (file.id, OCR))
    if everything:
        ocr = _step(session, file, OCR)
        await_again(ocr)
        ocr.detail = {"everything": True}
    elif ocr is not None:
        session.delete(ocr)
    session.flush()


def switch_off(session: Session, settings: Settings, file: File) -> None:
    """Lets no scan of the file be read: its own text counts."""
    again(session, settings, file)
    ocr = _step(session, file, OCR)
    ocr.state, ocr.outcome, ocr.finished = StepState.DONE, SWITCHED_OFF, now()
    session.flush()


def _step(session: Session, file: File, name: str) -> FileStep:
    step = session.get(FileStep, (file.id, name))
    if step is None:
        step = FileStep(file_id=file.id, step=name, detail={})
        session.add(step)
        session.flush()
    return step


def searchable(settings: Settings, file: File, step: FileStep | None) -> bool:
    """Whether there is a searchable PDF of the file."""
    read = step is not None and step.state == StepState.DONE and step.outcome == READ
    return read and derived.searchable(settings.derived, file.sha512).exists()

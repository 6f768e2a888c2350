"""What is known by now of files that have come: which steps were taken, and what came of them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import pictures
from repository.models.arrivals import FileStep
from repository.models.works import File


def steps(session: Session, files: Collection[File]) -> dict[int, dict[str, FileStep]]:
    """The steps of files by the file's id and the step's name."""
    known: dict[int, dict[str, FileStep]] = {file.id: {} for file in files}
    for step in session.scalars(select(FileStep).where(FileStep.file_id.in_(known))):
        known[step.file_id][step.step] = step
    return known


def picture_problem(step: FileStep | None) -> str:
    """Why there is no picture of a file that should have one; "" where all is well."""
    return pictures.WHY.get(step.detail.get("why", ""), "") if step else ""


def format_of(step: FileStep | None) -> str:
    """What PRONOM calls a file: "Acrobat PDF 1.7 (fmt/276)"; "" while that is not known."""
    if step is None or not step.detail.get("format"):
        return ""
    name = " ".join(filter(None, (step.detail["format"], step.detail.get("version"))))
    return f"{name} ({step.outcome})"

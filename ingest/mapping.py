"""Which column of a source is which of ours, as people have decided it, for this time and the next.

An importer whose columns can be mapped has `columns(source)`, which tells their headings, what
they seem to mean and examples; `FIELDS`, the keys of what they may mean; and an option `columns`
of `read`, from headings to keys.
"""

from collections.abc import Container, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository.errors import ArchiveError
from repository.models.imports import Import

OPTION = "columns"
LOOKED_BACK = 100  # imports


def can_be(importer: ModuleType) -> bool:
    """Whether the columns of this format can be mapped."""
    return hasattr(importer, "columns")


def of(importer: ModuleType, place: Path, options: Mapping[str, Any]) -> list[Any]:
    """The columns of a source; none where it cannot be read, or is of another kind."""
    if not can_be(importer):
        return []
    try:
        own = {name: value for name, value in options.items() if name != OPTION}
        return importer.columns(place, **own)
    except (ArchiveError, OSError):
        return []  # which is said where its rows are shown


def remembered(session: Session, format: str, headings: Container[str]) -> dict[str, str]:
    """What was decided last for each of these headings."""
    query = select(Import.options).where(Import.format == format).order_by(Import.id.desc())
    found: dict[str, str] = {}
    for options in session.scalars(query.limit(LOOKED_BACK)):
        for heading, key in options.get(OPTION, {}).items():
            if heading in headings:
                found.setdefault(heading, key)
    return found


def recall(session: Session, run: Import, importer: ModuleType, place: Path) -> None:
    """Gives an import what was decided before for headings of which it says nothing itself."""
    if not can_be(importer):
        return
    headings = {one.heading for one in of(importer, place, run.options)}
    said = {**remembered(session, run.format, headings), **run.options.get(OPTION, {})}
    if said:
        run.options = {**run.options, OPTION: said}

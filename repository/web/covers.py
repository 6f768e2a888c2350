"""Which cover a work is shown with, and what is shown where there is none."""

from typing import Any

from flask import url_for

from repository import access, pictures
from repository.access import Action
from repository.models.works import File, Work
from repository.viewers import Viewer
from repository.web.current import archive, viewer

# The drawing of a work without a picture, by its type; the others are text.
FAMILIES = {
    **dict.fromkeys(
        ("monograph", "textbook", "proceedings", "periodical", "periodical-issue"), "book"
    ),
    **dict.fromkeys(
        ("doctoral-thesis", "master-thesis", "bachelor-thesis", "thesis-abstract"), "thesis"
    ),
    "dataset": "data",
    "software": "data",
    "image": "image",
    "conference-poster": "image",
    "map": "map",
    "sound": "sound",
    "lecture": "sound",
    "video": "video",
}


def file(work: Work, viewer: Viewer) -> File | None:
    """The file whose first page is the work's cover to this viewer: the first that they may open,
    rather one whose cover has been drawn."""
    able = [
        one
        for one in work.current_files
        if pictures.drawable(one) and access.decide(viewer, Action.READ, work, one)
    ]
    folder = archive().settings.derived
    drawn = (one for one in able if pictures.has_cover(folder, one.sha512))
    return next(drawn, able[0] if able else None)


def of(work: Work) -> dict[str, Any]:
    """For the macro `cover`: `family`, and `small`, the address of the cover, or None while there
    is none."""
    found = file(work, viewer())
    said: dict[str, Any] = {"family": family(work.type), "small": None}
    if found and pictures.has_cover(archive().settings.derived, found.sha512):
        mark = found.sha512[:8]  # another file has another address, whatever caches remember
        said["small"] = url_for("pictures.cover", number=work.id, width=pictures.SMALL, v=mark)
    return said


def family(type: str) -> str:
    """Which drawing stands for works of a type."""
    return FAMILIES.get(type, "text")

"""What pages say of the text of files, and where the searchable PDF of a scan is."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from repository import access, derived, texts
from repository.access import Action
from repository.models.arrivals import FileStep
from repository.models.works import File, Work
from repository.web import words
from repository.web.current import archive, viewer
from schemas.roles import Role


def card(work: Work, file: File, steps: Mapping[str, FileStep]) -> dict[str, Any]:
    """For `file_card`, for those who keep the work."""
    said = texts.said(steps)
    about = url_for("texts.show", file=file.id) if viewer().may(Role.CATALOGUER) else ""
    return {"text": words.say(said) if said else "", "text_about": about, **link(work, file)}


def link(work: Work, file: File) -> dict[str, Any]:
    """For `file_card`: `searchable`, where the file is to be had with the text that was read from
    its pictures; "" where it is not, or not for this viewer."""
    there = derived.searchable(archive().settings.derived, file.sha512).exists()
    if not there or not access.decide(viewer(), Action.COPY, work, file):
        return {"searchable": ""}
    return {"searchable": url_for("texts.searchable", number=work.id, file=file.id)}

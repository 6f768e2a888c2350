"""What a file's page says to somebody who may not have it: when it opens, to whom, what to do."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from repository import access, openness, pictures
from repository.access import Action, Decision
from repository.models.works import File, Work
from repository.web import words
from repository.web.current import viewer
from schemas.vocabulary import Copying

# Rooms that an archive may have: where files are read here, and where copies are asked for.
READER, ASKING = "reader.show", "copies.ask"


def of(work: Work, file: File) -> dict[str, Any]:
    """For `file_card`: may this reader have the file or at least read it, and what else helps."""
    read = access.decide(viewer(), Action.READ, work, file)
    copy = access.decide(viewer(), Action.COPY, work, file)
    return {
        "allowed": bool(copy),
        "readable": bool(read),
        "sign_in": copy.sign_in,
        # Signing in would still not hand it out.
        "after": url_for("works.show", number=work.id) if file.copying != Copying.ALLOWED else None,
        "view_only": file.copying != Copying.ALLOWED,
        "says": sentences(file, copy),
        "reader": _room(READER, work, file) if read and pictures.drawable(file) else None,
        "ask": _room(ASKING, work, file) if copy.ask else None,
    }


def _room(endpoint: str, work: Work, file: File) -> str | None:
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, number=work.id, file=file.id)


def sentences(file: File, decision: Decision) -> list[str]:
    """When the file opens, to whom, and what somebody can do who was refused it."""
    return openness.sentences(file, decision, say=gettext, day=words.day)

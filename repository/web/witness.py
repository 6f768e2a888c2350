"""What the audit log is told of reading: that staff opened what is closed to readers."""

from dataclasses import replace

from flask import request

from repository import access, audit, audit_list
from repository.access import Action
from repository.models.works import File, Work
from repository.web.current import archive, reading, viewer
from schemas.vocabulary import State


def staff_opens(work: Work, file: File, action: Action = Action.COPY) -> None:
    """Notes it once an hour for each person and file, when only their office lets them do that.

    What is still in review is not noted: to read it is the reviewers' work.
    """
    me = viewer()
    if not me.staff or me.id == work.owner_id or work.state != State.PUBLISHED:
        return
    if request.method == "HEAD" or access.decide(
        replace(me, roles=frozenset()), action, work, file
    ):
        return
    details = {"file": file.name}
    if audit_list.lately(reading(), "work.read", me.id, work.id, details):
        return
    with archive().writing() as session:
        audit.write(session, "work.read", actor=me, about=("work", work.id), details=details)

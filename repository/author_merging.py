"""Two records of one person become one, and two again if that was wrong.

Works keep their words. The record that goes stays in its table with all that it had, except its
ORCID, which only one can have; what the other took over is kept with the merge.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repository import audit, credits, people
from repository.clock import now
from repository.errors import Conflict, Invalid, NotFound
from repository.models.people import (
    Author,
    AuthorIdentifier,
    AuthorMerge,
    AuthorPlace,
    Credit,
    Standing,
)
from repository.viewers import Viewer

UNDOABLE = timedelta(days=30)
_FORM = (*people.PARTS, "language")
_PLACE = ("name", "ror", "since", "until")
_IDENTIFIER = ("scheme", "value")


def check(kept: Author, lost: Author) -> None:
    """Raises Invalid when the two cannot become one."""
    if kept.id == lost.id:
        raise Invalid("This is one and the same record.")
    if kept.merged_into_id is not None or lost.merged_into_id is not None:
        raise Invalid("One of these records has been merged into another already.")


def merge(
    session: Session,
    kept: Author,
    lost: Author,
    *,
    actor: Viewer,
    revisions: tuple[int | None, int | None] = (None, None),
    preferred: int = 0,
    orcid: str = "",
) -> AuthorMerge:
    """Merges `lost` into `kept`. `preferred` is the id of the form, of either, that comes first;
    `orcid` the one that stays where both have one. Raises Invalid, or Conflict."""
    check(kept, lost)
    for one, revision in zip((kept, lost), revisions, strict=True):
        people.check_revision(one, revision)
    stays = _orcid(kept, lost, orcid)
    order = [one.id for one in kept.forms]
    first = next((one for one in (*kept.forms, *lost.forms) if one.id == preferred), None)
    taken: dict[str, Any] = {
        "orcids": [kept.orcid, lost.orcid],
        "first": order[0],
        "account": kept.account_id,
        "notes": kept.notes,
        "affiliations": _take(kept.affiliations, lost.affiliations, _PLACE, AuthorPlace),
        "identifiers": _take(kept.identifiers, lost.identifiers, _IDENTIFIER, AuthorIdentifier),
    }
    taken["forms"] = _take_forms(kept, lost)
    _prefer(kept, _words(first, _FORM) if first else None)
    for former in (kept.orcid, lost.orcid):
        if former and former != stays:
            kept.identifiers.append(AuthorIdentifier(scheme="orcid", value=former))
            taken["identifiers"].append({"scheme": "orcid", "value": former})
    kept.account_id = kept.account_id or lost.account_id
    kept.notes = "\n\n".join(filter(None, (kept.notes, lost.notes)))
    kept.orcid, lost.orcid = None, None
    session.flush()
    kept.orcid, lost.merged_into_id = stays, kept.id
    taken["after"] = {"notes": kept.notes, "account": kept.account_id}
    taken["credits"] = _move(session, kept, lost)
    return _finish(session, kept, lost, taken, actor)


def _finish(
    session: Session, kept: Author, lost: Author, taken: dict[str, Any], actor: Viewer
) -> AuthorMerge:
    made = AuthorMerge(kept_id=kept.id, lost_id=lost.id, actor=actor.name, taken=taken)
    session.add(made)
    kept.changed = lost.changed = now()
    people.arrange(session, kept)
    credits.offer(session, kept.id)
    given = {"merged": lost.id, "works": sorted({one[0] for one in taken["credits"]})}
    audit.write(session, "author.merged", actor=actor, about=("author", kept.id), details=given)
    return made


def _orcid(kept: Author, lost: Author, chosen: str) -> str | None:
    given = [one.orcid for one in (kept, lost) if one.orcid]
    if len(given) < 2:
        return given[0] if given else None
    if chosen not in given:
        raise Invalid("Both have an ORCID. Choose the one that stays.", {"orcid": []})
    return chosen


def _words(one: Any, columns: Sequence[str]) -> dict[str, str]:
    return {name: getattr(one, name) for name in columns}


def _take(mine: Any, theirs: Any, columns: Sequence[str], make: Any) -> list[dict[str, str]]:
    """Copies what the other has and this one has not; what was copied."""
    known = [_words(one, columns) for one in mine]
    new = [one for one in (_words(each, columns) for each in theirs) if one not in known]
    for one in new:
        more = {"position": len(mine)} if make is AuthorPlace else {}
        mine.append(make(**one, **more))
    return new


def _take_forms(kept: Author, lost: Author) -> list[dict[str, str]]:
    known = [_words(one, people.PARTS) for one in kept.forms]
    new = [_words(one, _FORM) for one in lost.forms if _words(one, people.PARTS) not in known]
    kept.forms.extend(people.form(one) for one in new)
    return new


def _prefer(kept: Author, words: Mapping[str, str] | None) -> None:
    """Puts a form first."""
    parts = {name: words[name] for name in people.PARTS} if words else None
    found = next((one for one in kept.forms if _words(one, people.PARTS) == parts), None)
    if found is not None:
        kept.forms.remove(found)
        kept.forms.insert(0, found)


def _move(session: Session, kept: Author, lost: Author) -> list[list[Any]]:
    """Gives the credits of one to the other; which they are."""
    rows = list(session.scalars(select(Credit).where(Credit.author_id == lost.id)))
    moved = [[row.work_id, row.position, row.sound] for row in rows if _sure(row)]
    for row in rows:
        row.author_id = kept.id
        row.refused = [one for one in row.refused if one != kept.id]
    session.flush()
    return moved


def _sure(row: Credit) -> bool:
    return row.standing == Standing.CONFIRMED


def of(session: Session, author: Author) -> Sequence[AuthorMerge]:
    """The merges that a record had part in, the newest first."""
    query = select(AuthorMerge).where(
        or_(AuthorMerge.kept_id == author.id, AuthorMerge.lost_id == author.id)
    )
    return session.scalars(query.order_by(AuthorMerge.id.desc())).all()


def undoable(merge: AuthorMerge) -> bool:
    """Whether it is not too late to undo a merge."""
    return merge.undone is None and now() - merge.moment <= UNDOABLE


def get(session: Session, number: int) -> AuthorMerge:
    """The merge of that number; raises NotFound."""
    found = session.get(AuthorMerge, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no such merge.")
    return found


def undo(session: Session, merge: AuthorMerge, *, actor: Viewer) -> Author:
    """Makes two records of one again; the one that comes back. What has been written into the kept
    one since stays there. Raises Conflict when it is too late."""
    kept, lost = people.get(session, merge.kept_id), people.get(session, merge.lost_id)
    if not undoable(merge) or lost.merged_into_id != kept.id or kept.merged_into_id is not None:
        raise Conflict("This merge can no longer be undone. Split the record instead.")
    taken = merge.taken
    _give_back(kept, taken)
    _orcids_back(session, kept, lost, taken["orcids"])
    lost.merged_into_id, merge.undone = None, now()
    _credits_back(session, kept, lost, taken["credits"])
    kept.changed = lost.changed = now()
    for one in (kept, lost):
        people.arrange(session, one)
        credits.offer(session, one.id)
    given = {"merged": lost.id}
    audit.write(session, "author.unmerged", actor=actor, about=("author", kept.id), details=given)
    return lost


def _give_back(kept: Author, taken: Mapping[str, Any]) -> None:
    belongings = (("forms", _FORM), ("affiliations", _PLACE), ("identifiers", _IDENTIFIER))
    for name, columns in belongings:
        rows = getattr(kept, name)
        left = [one for one in rows if _words(one, columns) not in taken[name]]
        if left or name != "forms":
            setattr(kept, name, left)
    first = next((one for one in kept.forms if one.id == taken["first"]), None)
    _prefer(kept, _words(first, _FORM) if first else None)
    if kept.notes == taken["after"]["notes"]:
        kept.notes = taken["notes"]
    if kept.account_id == taken["after"]["account"]:
        kept.account_id = taken["account"]


def _orcids_back(
    session: Session, kept: Author, lost: Author, orcids: Sequence[str | None]
) -> None:
    mine, theirs = orcids
    if kept.orcid in orcids:
        kept.orcid = None
        session.flush()
        kept.orcid = mine
    free = theirs and session.scalar(select(Author.id).where(Author.orcid == theirs)) is None
    lost.orcid = theirs if free and theirs != kept.orcid else None
    session.flush()


def _credits_back(
    session: Session, kept: Author, lost: Author, moved: Sequence[Sequence[Any]]
) -> None:
    keys = {tuple(one) for one in moved}
    numbers = sorted({one[0] for one in keys})
    for part in credits.slices(numbers):
        query = select(Credit).where(Credit.work_id.in_(part), Credit.author_id == kept.id)
        for row in session.scalars(query):
            if (row.work_id, row.position, row.sound) in keys and _sure(row):
                row.author_id = lost.id
    session.flush()

"""Changes of many works at once: planned and shown first, then done by the worker, undone on wish.

A batch holds for each work what it says and what it will say. Doing it is an ordinary correction
of each work that still says the former: who has changed it in the meantime is not overwritten; the
row says so. Taking a batch back is the same the other way round.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from repository import access, accounts, audit, catalogue, collections, publishing
from repository import rights as granting
from repository.access import Action
from repository.archive import Archive
from repository.catalogue import note
from repository.clock import now
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.batches import Batch, BatchRow, BatchState, RowState
from repository.models.works import Work
from repository.versions import Part, parts_of
from repository.viewers import Viewer
from schemas import work as profile
from schemas.messages import Message
from schemas.vocabulary import State

KEPT = timedelta(days=30)  # so long a batch can be taken back
LIMIT = 5000  # works of one batch
SLICE = 10  # works between two looks at whether the worker is to end
CHANGEABLE = (State.PUBLISHED, State.SUBMITTED)
Stand = dict[str, Any]
Explain = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What one work is to be. `after` holds what is given of a `stand`; `problem` keeps it out."""

    work: Work | None
    after: Stand = field(default_factory=dict)
    place: str = ""
    problem: Explain | None = None


def stand(work: Work) -> Stand:
    """What a batch can change of a work: {"document", "collections": slugs, "rights": by file}."""
    return {
        "document": work.document,
        "collections": sorted(one.slug for one in work.collections),
        "rights": {
            str(file.id): granting.to_json(granting.of(file)) for file in work.current_files
        },
    }


def explained(error: ArchiveError) -> Explain:
    """An error as JSON keeps it, to be said in the language of whoever looks."""
    wrong: Mapping[str, Sequence[Any]] = getattr(error, "errors", {})
    return {
        "sentence": error.sentence,
        "params": {key: str(value) for key, value in error.parameters.items()},
        "errors": {path: [_message(one) for one in found] for path, found in wrong.items()},
    }


def _message(one: Any) -> Explain:
    if isinstance(one, Message):
        return {"sentence": one.sentence, "params": {k: str(v) for k, v in one.parameters.items()}}
    return {"sentence": str(one), "params": {}}


def plan(
    session: Session,
    found: Iterable[Change],
    *,
    deed: Mapping[str, Any],
    reason: str,
    actor: Viewer,
) -> Batch:
    """Keeps what would be done; nothing of any work changes. Raises Invalid without a reason, and
    for nothing or more than LIMIT works."""
    if not reason.strip():
        raise Invalid("Write why they are changed.", {"reason": []})
    rows = [_row(position, one, actor) for position, one in enumerate(found, 1)]
    if not rows:
        raise Invalid("There is no work to change.", {"works": []})
    if len(rows) > LIMIT:
        raise Invalid(
            "These are more than %(limit)s works. Choose fewer.", {"works": []}, limit=LIMIT
        )
    batch = Batch(account_id=actor.id, actor=actor.name, deed=dict(deed), reason=reason.strip())
    batch.rows = rows
    session.add(batch)
    session.flush()
    return batch


def _row(position: int, change: Change, actor: Viewer) -> BatchRow:
    row = BatchRow(position=position, place=change.place, problem=change.problem)
    if change.work is None or change.problem:
        row.work_id = change.work.id if change.work else None
        row.state = RowState.REFUSED
        return row
    row.work_id = change.work.id
    try:
        before, after = _difference(change.work, change.after, actor)
    except ArchiveError as error:
        row.state, row.problem = RowState.REFUSED, explained(error)
        return row
    row.before, row.after = before, after
    row.state = RowState.PLANNED if after else RowState.SAME
    return row


def _difference(work: Work, given: Stand, actor: Viewer) -> tuple[Stand, Stand]:
    _check(work, actor)
    before, after = stand(work), dict(given)
    if "document" in after:
        after["document"] = _checked(after["document"], submitted=work.state == State.SUBMITTED)
    changed = {key for key, value in after.items() if value != before[key]}
    return {key: before[key] for key in changed}, {key: after[key] for key in changed}


def _check(work: Work, actor: Viewer) -> None:
    if not access.decide(actor, Action.REVIEW, work):
        raise NotAllowed("You may not change this work.")
    if work.state not in CHANGEABLE:
        raise NotAllowed("Only works that are published, or under review, are changed together.")


def _checked(document: Mapping[str, Any], *, submitted: bool) -> dict[str, Any]:
    try:
        return profile.check(profile.draft(document)[0], deposit=submitted)
    except profile.Unfit as error:
        raise Invalid("The description would not be right any more.", error.errors) from error


def get(session: Session, number: int) -> Batch:
    """The batch of that number; raises NotFound."""
    found = session.get(Batch, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no batch %(number)s.", number=number)
    return found


def counts(session: Session, batch: Batch) -> dict[str, int]:
    """How many of its works stand where."""
    query = (
        select(BatchRow.state, func.count())
        .where(BatchRow.batch_id == batch.id)
        .group_by(BatchRow.state)
    )
    found = {state: count for state, count in session.execute(query)}  # noqa: C416
    return {str(state): found.get(state, 0) for state in RowState}


def start(session: Session, batch: Batch, *, actor: Viewer) -> None:
    """Has the worker do what is planned."""
    _begin(session, batch, BatchState.PLANNED, BatchState.RUNNING, "started", actor)


def undo(session: Session, batch: Batch, *, actor: Viewer) -> None:
    """Has the worker take back what was done."""
    if batch.ended is not None and batch.ended < now() - KEPT:
        raise NotAllowed("This was too long ago to be taken back.")
    _begin(session, batch, BatchState.DONE, BatchState.UNDOING, "undone", actor)


def _begin(
    session: Session,
    batch: Batch,
    wanted: BatchState,
    following: BatchState,
    kind: str,
    actor: Viewer,
) -> None:
    session.refresh(batch, with_for_update=True)
    if batch.state != wanted:
        raise Conflict("This was done already.")
    batch.state, batch.account_id, batch.actor = following, actor.id, actor.name
    about, given = ("batch", batch.id), {"deed": batch.deed, "works": len(batch.rows)}
    audit.write(
        session, f"batch.{kind}", actor=actor, about=about, reason=batch.reason, details=given
    )
    session.flush()


def drop(session: Session, batch: Batch) -> None:
    """Throws a plan away; what was begun stays."""
    if batch.state != BatchState.PLANNED:
        raise NotAllowed("Only what has not begun can be thrown away.")
    session.delete(batch)
    session.flush()


def follow(archive: Archive) -> int:
    """Goes on with the oldest batch that is to be done or undone; how many works it looked at."""
    with archive.reading() as session:
        query = (
            select(Batch)
            .where(Batch.state.in_((BatchState.RUNNING, BatchState.UNDOING)))
            .order_by(Batch.id)
            .limit(1)
        )
        batch = session.scalar(query)
        if batch is None:
            return 0
        undoing = batch.state == BatchState.UNDOING
        waiting = RowState.DONE if undoing else RowState.PLANNED
        rows = session.scalars(
            select(BatchRow)
            .where(BatchRow.batch_id == batch.id, BatchRow.state == waiting)
            .order_by(BatchRow.position)
            .limit(SLICE)
        ).all()
        actor = _actor(session, batch)
    for row in rows:
        _take(archive, batch, row, actor, undoing=undoing)
    if not rows:
        _end(archive, batch.id, undoing=undoing)
    return max(len(rows), 1)


def _actor(session: Session, batch: Batch) -> Viewer:
    """Whoever started it, with the roles of today; nobody when the account is closed."""
    account = session.get(Account, batch.account_id) if batch.account_id else None
    if account is None or account.state != AccountState.ACTIVE:
        return Viewer(name=batch.actor)
    return accounts.viewer(account)


def _take(archive: Archive, batch: Batch, row: BatchRow, actor: Viewer, *, undoing: bool) -> None:
    done, failed = (
        (RowState.UNDONE, RowState.STUCK) if undoing else (RowState.DONE, RowState.FAILED)
    )
    state, problem = done, None
    try:
        _carry_out(archive, batch, row, actor, undoing=undoing)
    except ArchiveError as error:
        state, problem = failed, explained(error)
    with archive.writing() as session:
        kept = session.get(BatchRow, (batch.id, row.position))
        if kept is not None:
            kept.state, kept.problem = state, problem


def _carry_out(
    archive: Archive, batch: Batch, row: BatchRow, actor: Viewer, *, undoing: bool
) -> None:
    expected, wanted = (row.after, row.before) if undoing else (row.before, row.after)
    reason = f"{batch.reason} (↶)" if undoing else batch.reason
    with archive.reading() as session:
        work = catalogue.get(session, row.work_id or 0)
        _check(work, actor)
        there = stand(work)
        if _is(there, wanted):
            return  # the worker was killed between the change and the row
        if not _is(there, expected):
            raise Conflict("Somebody has changed this work in the meantime.")
        parts = [_granted(part, wanted.get("rights", {})) for part in parts_of(work)]
    if work.state == State.SUBMITTED:
        _keep(archive, work, wanted, actor, reason)
        return
    publishing.revise(
        archive,
        work.id,
        actor=actor,
        reason=reason,
        revision=work.revision,
        document=wanted.get("document"),
        collections=wanted.get("collections"),
        parts=parts if "rights" in wanted else None,
    )


def _is(there: Stand, said: Stand) -> bool:
    return all(there[key] == value for key, value in said.items())


def _granted(part: Part, rights: Mapping[str, Any]) -> Part:
    given = rights.get(str(part.id))
    return replace(part, **vars(granting.from_json(given))) if given else part


def _keep(archive: Archive, read: Work, wanted: Stand, actor: Viewer, reason: str) -> None:
    """Changes a work that is under review."""
    with archive.writing() as session:
        work = catalogue.get(session, read.id)
        catalogue.check_revision(work, read.revision)
        catalogue.check_step(work, "correct")
        if "document" in wanted:
            catalogue.save(session, work, wanted["document"], actor=actor, step="correct")
        if "collections" in wanted:
            found = [collections.find(session, slug) for slug in wanted["collections"]]
            catalogue.gather(session, work, found)
        for file in work.current_files:
            given = wanted.get("rights", {}).get(str(file.id))
            if given:
                catalogue.grant(session, work, file, granting.from_json(given), actor=actor)
        work.changed = now()
        note(session, work, "corrected", actor=actor, comment=reason)


def _end(archive: Archive, number: int, *, undoing: bool) -> None:
    with archive.writing() as session:
        batch = session.get_one(Batch, number)
        batch.state = BatchState.UNDONE if undoing else BatchState.DONE
        batch.ended = now()


def recent(session: Session, *, limit: int = 50) -> list[tuple[Batch, dict[str, int]]]:
    """The newest batches, with how many of their works stand where."""
    found = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(limit)).all()
    return [(batch, counts(session, batch)) for batch in found]


def sweep(archive: Archive) -> int:
    """Forgets batches that cannot be taken back any more; how many."""
    over = now() - KEPT
    with archive.writing() as session:
        old = select(Batch.id).where(
            Batch.made < over,
            Batch.state.in_((BatchState.PLANNED, BatchState.DONE, BatchState.UNDONE)),
            (Batch.ended.is_(None)) | (Batch.ended < over),
        )
        return _deleted(session, old.scalar_subquery())


def _deleted(session: Session, old: Any) -> int:
    session.execute(delete(BatchRow).where(BatchRow.batch_id.in_(old)))
    return session.execute(delete(Batch).where(Batch.id.in_(old))).rowcount  # type: ignore[attr-defined]


Amend = Callable[[Stand], Stand]


def amended(works: Iterable[Work], amend: Amend) -> Iterable[Change]:
    """The changes that `amend` makes of each work's stand."""
    for work in works:
        try:
            yield Change(work, amend(stand(work)))
        except ArchiveError as error:
            yield Change(work, problem=explained(error))

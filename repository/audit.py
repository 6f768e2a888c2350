"""The audit log: who did what to what, when, from where and why; each row sealed to the one before.

A row is written in the transaction of what it tells of, as the last thing before the commit. So
the lock on the head of the chain is the last one that a transaction takes, and nobody who holds
it waits for anything else. What was rolled back, to a savepoint too, leaves no row.
"""

import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, delete, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from repository.clock import now
from repository.models.trust import Entry, Head, Person
from repository.viewers import Viewer

ORIGIN = "0" * 64  # what the first row follows
COLUMNS = (
    "id",
    "moment",
    "actor_id",
    "actor",
    "kind",
    "object_kind",
    "object_id",
    "origin",
    "reason",
    "details",
    "previous",
)
LONGEST = 4000  # characters of a reason

# Straight to the tables: this runs at each commit, and the session's own way costs twice as much.
_FIND_HEAD = select(Head.last, Head.hash).where(Head.id == 1).with_for_update()
_ADD = insert(Entry.__table__)  # type: ignore[arg-type]
_SET_HEAD = update(Head.__table__).values(  # type: ignore[arg-type]
    last=bindparam("number"), hash=bindparam("seal")
)
_PENDING = "audit"
_place: ContextVar[str] = ContextVar("place", default="")
_program = [""]  # where a process works that answers nobody's request


def here(place: str) -> None:
    """Says from where the request comes that this thread answers: a network, never an address."""
    _place.set(place)


def everywhere(program: str) -> None:
    """Says for the whole process what it is, where no request says more."""
    _program[0] = program
    _place.set("")


def write(
    session: Session,
    kind: str,
    *,
    actor: Viewer,
    about: tuple[str, object] = ("", ""),
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Leaves a row in the log when the transaction commits; `about` is a kind and its id."""
    row = {
        "kind": kind,
        "object_kind": about[0],
        "object_id": str(about[1]),
        "origin": ", ".join(filter(None, (_place.get() or _program[0], actor.seat))),
        "reason": reason[:LONGEST],
        "details": canonical(details or {}),
    }
    pending = session.info.setdefault(_PENDING, [])
    pending.append((row, actor, session.get_nested_transaction()))


def canonical(value: object) -> str:
    """JSON in one way only: sorted, without spaces, in its own letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def seal(row: Mapping[str, object]) -> str:
    """The hash of a row: of all its columns, that of the row before among them."""
    whole = canonical([row[name] for name in COLUMNS])
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    pending = session.info.get(_PENDING)
    if not pending or session.in_nested_transaction():
        return
    session.flush()
    session.info[_PENDING] = []
    connection = session.connection()
    last, previous = connection.execute(_FIND_HEAD).one()
    rows = []
    for given, actor, _ in pending:
        last += 1
        row = {
            **given,
            "id": last,
            "moment": now().isoformat(timespec="microseconds"),
            "actor_id": actor.id,
            "actor": _name(session, actor),
            "previous": previous,
        }
        previous = row["hash"] = seal(row)
        rows.append(row)
    connection.execute(_ADD, rows)
    connection.execute(_SET_HEAD, {"number": last, "seal": previous})


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, ended: SessionTransaction) -> None:
    pending = session.info.get(_PENDING)
    if pending:
        session.info[_PENDING] = [
            one for one in pending if ended.nested and ended not in _lineage(one[2])
        ]


def _lineage(one: SessionTransaction | None) -> Iterable[SessionTransaction]:
    while one is not None:
        yield one
        one = one.parent


def _name(session: Session, actor: Viewer) -> str:
    """What stands for the actor in the log: a program's name, or the digest of a person's."""
    if actor.id is None:
        return actor.name
    query = select(Person).where(Person.account_id == actor.id).order_by(Person.id.desc()).limit(1)
    known = session.execute(query.with_only_columns(Person.digest, Person.name, Person.email))
    found = known.first()
    if found is not None and (found.name, found.email) == (actor.name, actor.email):
        return found.digest
    given = {
        "account_id": actor.id,
        "name": actor.name,
        "email": actor.email,
        "salt": token_hex(16),
    }
    made = digest(given)
    session.execute(insert(Person).values(digest=made, **given))
    return made


def digest(person: Mapping[str, object]) -> str:
    """What stands for a person in the log; without the salt it tells nobody who that is."""
    whole = canonical([person[name] for name in ("account_id", "name", "email", "salt")])
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def forget(session: Session, accounts: Iterable[int], *, actor: Viewer, reason: str = "") -> int:
    """Takes the names and addresses of these accounts out of the log, whose chain stays whole.

    What they did stays, under the number of the account. The number of names that were kept.
    """
    count = 0
    for account in accounts:
        gone = session.execute(
            delete(Person).where(Person.account_id == account).returning(Person.id)
        ).all()
        count += len(gone)
        write(session, "account.forgotten", actor=actor, about=("account", account), reason=reason)
    return count

"""Pairs of works that may be the same, as the staff decide on them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from repository import audit
from repository.clock import now
from repository.comparing import COMPARED
from repository.errors import NotFound
from repository.models.life import Pair, Verdict
from repository.models.works import Work
from repository.viewers import Viewer

PAGE = 30


class Beside(NamedTuple):
    """A pair with its two works."""

    pair: Pair
    first: Work
    second: Work


def listed(session: Session, verdict: Verdict, page: int = 1) -> tuple[Sequence[Beside], bool]:
    """A page of pairs, the likeliest first, and whether there are more."""
    first, second = aliased(Work), aliased(Work)
    query = (
        select(Pair, first, second)
        .join(first, first.id == Pair.first_id)
        .join(second, second.id == Pair.second_id)
        .where(Pair.verdict == verdict)
        .options(selectinload(first.files), selectinload(second.files))
        .order_by(Pair.score.desc(), Pair.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if verdict == Verdict.OPEN:
        # One that was withdrawn meanwhile needs no decision.
        query = query.where(first.state.in_(COMPARED), second.state.in_(COMPARED))
    rows = [Beside(*row) for row in session.execute(query).all()]
    return rows[:PAGE], len(rows) > PAGE


def counts(session: Session) -> dict[str, int]:
    """How many pairs there are of each verdict; open ones whose works are both still there."""
    first, second = aliased(Work), aliased(Work)
    query = (
        select(Pair.verdict, func.count())
        .join(first, first.id == Pair.first_id)
        .join(second, second.id == Pair.second_id)
        .where(
            (Pair.verdict != Verdict.OPEN)
            | (first.state.in_(COMPARED) & second.state.in_(COMPARED))
        )
        .group_by(Pair.verdict)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def get(session: Session, number: int) -> Pair:
    """The pair of that number; raises NotFound."""
    pair = session.get(Pair, number) if 0 < number < 2**31 else None
    if pair is None:
        raise NotFound("There is no such pair any more.")
    return pair


def between(session: Session, one: int, other: int) -> Pair | None:
    """The pair of two works, if they were found to be one."""
    return session.scalar(
        select(Pair).where(Pair.first_id == min(one, other), Pair.second_id == max(one, other))
    )


def decide(session: Session, pair: Pair, verdict: Verdict, *, actor: Viewer) -> None:
    """Keeps what somebody has decided on a pair."""
    pair.verdict = verdict
    opened = verdict == Verdict.OPEN
    pair.decided, pair.decided_by = (None, "") if opened else (now(), actor.name)
    given = {"works": [pair.first_id, pair.second_id], "verdict": str(verdict)}
    about = ("work", pair.first_id)
    audit.write(session, "pair.decided", actor=actor, about=about, details=given)
    session.flush()


def settle(session: Session, one: int, other: int, verdict: Verdict, *, actor: Viewer) -> None:
    """The same for the pair of two works; one that nobody had found is made."""
    pair = between(session, one, other)
    if pair is None:
        pair = Pair(first_id=min(one, other), second_id=max(one, other), score=0, reasons=[])
        session.add(pair)
    decide(session, pair, verdict, actor=actor)

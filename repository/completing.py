"""What a reader may be about to type: titles, people and subjects that begin so."""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from repository import alphabet
from repository.models.works import Work, WorkAgent, WorkSubject
from schemas.vocabulary import State

SHORTEST = 2  # letters, before anything is offered
MOST = 5  # of each kind
_LETTERS = {"о": "оө", "у": "уү", "н": "нң", "е": "её"}
_WAYS = 16


class Offer(NamedTuple):
    """What could be meant: a title with the work's number, or a name or subject with its works."""

    text: str
    works: int
    number: int | None = None


def titles(session: Session, typed: str) -> Sequence[Offer]:
    """Published works whose title begins so."""
    query = (
        select(Work.title, Work.id)
        .where(Work.state == State.PUBLISHED, _begins(Work.title_key, typed))
        .order_by(Work.title_key, Work.id)
        .limit(MOST)
    )
    return [Offer(title, 1, number) for title, number in session.execute(query)]


def people(session: Session, typed: str) -> Sequence[Offer]:
    """Authors whose name begins so as it is filed, those with the most works first."""
    return _counted(session, WorkAgent, WorkAgent.name, typed)


def subjects(session: Session, typed: str) -> Sequence[Offer]:
    """Keywords that begin so, those of the most works first."""
    return _counted(session, WorkSubject, WorkSubject.text, typed)


def _counted(
    session: Session,
    table: type[WorkAgent] | type[WorkSubject],
    column: InstrumentedAttribute[str],
    typed: str,
) -> Sequence[Offer]:
    works = func.count(func.distinct(Work.id))
    query = (
        select(func.min(column), works)
        .join(Work, Work.id == table.work_id)
        .where(Work.state == State.PUBLISHED, _begins(table.key, typed))
        .group_by(table.key)
        .order_by(works.desc(), table.key)
        .limit(MOST)
    )
    return [Offer(text, count) for text, count in session.execute(query)]


def _begins(column: InstrumentedAttribute[str], typed: str) -> Any:
    ranges = [and_(column >= key, column < key + "\U0010ffff") for key in _keys(typed)]
    return or_(*ranges)


def _keys(typed: str) -> Iterator[str]:
    """The keys that are meant: plain letters may stand for those that are not on the keyboard."""
    plain = typed.casefold().strip()
    for way in islice(product(*(_LETTERS.get(one, one) for one in plain)), _WAYS):
        yield alphabet.key("".join(way))

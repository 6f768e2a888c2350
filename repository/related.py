"""Public works that have something in common with one: makers, keywords, classes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from repository.models.shelves import WorkClass
from repository.models.works import Work, WorkAgent, WorkSubject
from repository.paging import PUBLIC
from schemas import classes

SHOWN = 5
_LOOKED_AT = 60  # of the works with each name or word, the newest: a common one says little
_EACH = 6  # names, words and classes of the work itself
_WEIGHTS = {WorkAgent: 3, WorkSubject: 2, WorkClass: 1}


def of(session: Session, work: Work) -> Sequence[Work]:
    """At most five public works that share the most with this one, in one query."""
    shared = _shared(work)
    if not shared:
        return []
    alike = union_all(*shared).subquery()
    score = func.sum(alike.c.weight)
    near = (
        select(alike.c.work_id, score.label("score"))
        .join(Work, Work.id == alike.c.work_id)
        .where(PUBLIC, Work.id != work.id)
        .group_by(alike.c.work_id)
        .order_by(score.desc(), alike.c.work_id.desc())
        .limit(SHOWN)
        .subquery()
    )
    query = select(Work).join(near, near.c.work_id == Work.id).where(PUBLIC)
    return session.scalars(query.order_by(near.c.score.desc(), Work.id.desc())).all()


def _shared(work: Work) -> list[Select[Any]]:
    makers = [one.key for one in work.agents if one.creator][:_EACH]
    words = [one.key for one in work.subjects if not one.scheme][:_EACH]
    return [
        *(_newest(WorkAgent, WorkAgent.key == key, WorkAgent.creator) for key in makers),
        *(_newest(WorkSubject, WorkSubject.key == key, WorkSubject.scheme == "") for key in words),
        *(
            _newest(WorkClass, WorkClass.scheme == scheme, WorkClass.node == node)
            for scheme, node in _lowest(work)[:_EACH]
        ),
    ]


def _lowest(work: Work) -> list[tuple[str, str]]:
    coded = [(one["scheme"], one["code"]) for one in work.document.get("classification", ())]
    found = ((scheme, one) for scheme, code in coded for one in classes.classes(scheme, code))
    return list(dict.fromkeys(found))


def _newest(table: Any, *where: Any) -> Select[Any]:
    # Rows with a number of their own come in its order from the index, without sorting.
    order = table.work_id if table is WorkClass else table.id
    newest = select(table.work_id).where(*where).order_by(order.desc())
    some = newest.limit(_LOOKED_AT).subquery()
    return select(some.c.work_id, literal(_WEIGHTS[table]).label("weight"))

"""Which works a member of staff means: by state, collection, kind, years, owner, words, numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from repository import collections, folding
from repository.batches import CHANGEABLE, LIMIT
from repository.errors import Invalid
from repository.models.accounts import Account
from repository.models.collections import Collection, work_collections
from repository.models.works import Work
from schemas import vocabulary
from schemas.messages import CHOICE, NOT_NUMBER, Message, short
from schemas.vocabulary import State

FIELDS = ("numbers", "words", "collection", "type", "state", "since", "until", "owner")
_RANGE = re.compile(r"(\d{1,9})(?:\s*[-–—]\s*(\d{1,9}))?")


def chosen(session: Session, asked: Mapping[str, str]) -> Sequence[Work]:
    """The works that are meant, at most LIMIT and one more; none where nothing is asked for.

    Raises Invalid with messages by field.
    """
    given = {name: asked.get(name, "").strip() for name in FIELDS}
    if not any(given.values()):
        return []
    query = _narrowed(session, select(Work), given)
    words = folding.words(given["words"])
    if not words:
        return session.scalars(query.limit(LIMIT + 1)).all()
    return list(_with_words(session, query, words))


def _with_words(session: Session, query: Select[Work], words: Sequence[str]) -> Iterator[Work]:
    count = 0
    for work in session.scalars(query.execution_options(yield_per=500)):
        title = f" {folding.fold(work.title)}"
        if all(f" {word}" in title for word in words):
            yield work
            count += 1
            if count > LIMIT:
                return


def _narrowed(session: Session, query: Select[Work], given: Mapping[str, str]) -> Select[Work]:
    states = [_among("state", given["state"], CHANGEABLE)] if given["state"] else CHANGEABLE
    query = query.where(Work.state.in_(states)).order_by(Work.id)
    query = query.options(selectinload(Work.files), selectinload(Work.collections))
    if given["type"]:
        query = query.where(Work.type == _among("type", given["type"], vocabulary.TYPES))
    if given["since"]:
        query = query.where(Work.year >= _year("since", given["since"]))
    if given["until"]:
        query = query.where(Work.year <= _year("until", given["until"]))
    if given["owner"]:
        owners = select(Account.id).where(Account.email == given["owner"].lower())
        query = query.where(Work.owner_id.in_(owners))
    if given["collection"]:
        query = query.where(Work.id.in_(_inside(session, given["collection"])))
    if given["numbers"]:
        query = query.where(Work.id.in_(_numbers(given["numbers"])))
    return query


def _inside(session: Session, slug: str) -> Select[int]:
    top = collections.find(session, slug)
    ids = [one.id for one in session.scalars(select(Collection)) if top in collections.lineage(one)]
    return select(work_collections.c.work_id).where(work_collections.c.collection_id.in_(ids))


def _numbers(text: str) -> list[int]:
    """Numbers such as "12, 15-18"."""
    found: list[int] = []
    for part in filter(None, re.split(r"[\s,;]+", re.sub(r"\s*[-–—]\s*", "-", text))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise _wrong("numbers", Message(NOT_NUMBER))
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, min(last, first + LIMIT) + 1)
        if len(found) > LIMIT:
            raise Invalid(
                "These are more than %(limit)s works. Choose fewer.", {"numbers": []}, limit=LIMIT
            )
    return found


def _among(name: str, value: str, values: object) -> str:
    if value not in values:  # type: ignore[operator]
        raise _wrong(name, Message(CHOICE, value=short(value)))
    return State(value) if name == "state" else value


def _year(name: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,4}", value, re.ASCII):
        raise _wrong(name, Message(NOT_NUMBER))
    return int(value)


def _wrong(name: str, message: Message) -> Invalid:
    return Invalid("Some answers are still missing or not right.", {name: [message]})

"""The sources that are harvested: adding, changing, asking for a harvest, taking out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository import addresses, clock
from repository.errors import ArchiveError, Conflict, Invalid, NotFound
from repository.models.harvest import ForeignRecord, Source
from schemas import messages
from schemas.exchange import check_slug
from schemas.fields import Line, check_url
from schemas.messages import Message, _
from schemas.work import flatten

SLOWEST_PAUSE = 60.0
LONGEST = 24 * 366  # hours between two harvests
_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()-]*")


def check_base_url(value: str) -> str:
    """The address of a repository: of the web, without arguments and names in it."""
    address = check_url(value).partition("#")[0]
    try:
        addresses.check(address)
    except ArchiveError as error:
        raise ValidationError(Message(error.sentence, **error.parameters)) from error
    return re.sub(r"[?&](?:verb=.*)?$", "", address)


def check_prefix(value: str) -> str:
    """A metadataPrefix."""
    if not _PREFIX.fullmatch(value):
        raise ValidationError(
            Message(_("“%(value)s” is not a name of a format."), value=messages.short(value))
        )
    return value


class Hours(fields.Integer):
    """Hours between two harvests; 0 for none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        given = str(value).strip()
        if not (given.isascii() and given.isdigit() and int(given[:9]) <= LONGEST):
            raise ValidationError(Message(messages.NOT_NUMBER))
        return int(given)


class Seconds(fields.Float):
    """Seconds between two requests."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        try:
            given = float(str(value).strip().replace(",", "."))
        except ValueError as error:
            raise ValidationError(Message(messages.NOT_NUMBER)) from error
        if not 0 <= given <= SLOWEST_PAUSE:
            raise ValidationError(Message(messages.NOT_NUMBER))
        return given


class SourceSchema(Schema):
    """What staff say of a source."""

    slug = Line(required=True, check=check_slug)
    name = Line(required=True, limit=200)
    base_url = Line(required=True, check=check_base_url, limit=1000)
    prefix = Line(check=check_prefix, limit=100)
    spec = Line(limit=300)
    every = Hours(load_default=24)
    pause = Seconds(load_default=1.0)
    shared = fields.Boolean(load_default=False)


_SCHEMA = SourceSchema()


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = _SCHEMA.load(dict(given))
    except ValidationError as error:
        raise Invalid(
            _("Something is not right yet; look at the fields below."),
            flatten(error.normalized_messages()),
        ) from error
    if found["slug"] == "here":
        taken = Message(_("“%(value)s” is taken. Choose another."), value="here")
        raise Invalid(_("Something is not right yet; look at the fields below."), {"slug": [taken]})
    return {"prefix": "", "spec": "", **found}


def add(session: Session, given: Mapping[str, Any]) -> Source:
    """A new source; nothing is asked of it before somebody says so. Raises Invalid."""
    found = _checked(given)
    if session.scalar(select(Source.id).where(Source.slug == found["slug"])):
        taken = Message(_("“%(value)s” is taken. Choose another."), value=found["slug"])
        raise Invalid(_("Something is not right yet; look at the fields below."), {"slug": [taken]})
    source = Source(**found, asks={}, said={}, counts={}, faults={})
    session.add(source)
    session.flush()
    return source


def change(session: Session, source: Source, given: Mapping[str, Any]) -> None:
    """Changes what was said of a source; its slug stays. Raises Invalid.

    Another address, set or format makes the next harvest one of everything.
    """
    found = _checked({**given, "slug": source.slug})
    asked = ("base_url", "prefix", "spec")
    if any(found[name] != getattr(source, name) for name in asked):
        source.since, source.token, source.running, source.made_whole = "", "", False, None
        source.round += 1  # what is on its way belongs to the old one
        source.held, source.trial = None, None
    if found["shared"] != source.shared:
        _feed(session, source)
    for name, value in found.items():
        setattr(source, name, value)


def _feed(session: Session, source: Source) -> None:
    """Lets the OAI feed look at all records of a source again."""
    theirs = (ForeignRecord.source_id == source.id, ForeignRecord.deleted.is_(False))
    session.execute(update(ForeignRecord).where(*theirs).values(feeding=True))


def get(session: Session, slug: str) -> Source:
    """The source of that name; raises NotFound."""
    query = select(Source).where(Source.slug == slug, Source.leaving.is_(False))
    source = session.scalar(query)
    if source is None:
        raise NotFound(_("There is no source “%(slug)s”."), slug=slug)
    return source


def everything(session: Session) -> Sequence[Source]:
    """All sources, by name."""
    query = select(Source).where(Source.leaving.is_(False)).order_by(Source.name, Source.id)
    return session.scalars(query).all()


def harvest(source: Source, *, whole: bool = False) -> None:
    """Asks for a harvest now; with `whole` for one of everything, from the beginning."""
    if whole:
        if source.running:
            raise Conflict(_("It is being harvested at the moment. Wait until that is over."))
        source.since, source.token = "", ""
    source.active, source.due = True, clock.now()


def stop(source: Source) -> None:
    """Stops harvesting; the one under way goes on where it was when it is asked for again."""
    source.active, source.due = False, None


def remove(session: Session, source: Source) -> None:
    """Takes a source out with all its records; the worker clears the index and forgets it."""
    source.leaving, source.active, source.due = True, False, None
    if source.shared:
        _feed(session, source)
    session.execute(
        update(ForeignRecord)
        .where(ForeignRecord.source_id == source.id, ForeignRecord.deleted.is_(False))
        .values(deleted=True, waiting=True, changed=clock.now(), document={}, url="", digest="")
    )

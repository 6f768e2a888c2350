"""What programs send to /api and what they get; the OpenAPI document is made of these schemas."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from schemas import messages, vocabulary
from schemas import work as profile
from schemas.fields import Choice, Line, Paragraphs
from schemas.messages import Message, _
from schemas.work import Entry, Many, Unfit, WorkSchema


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"
    DEPOSIT = "deposit"


SCOPES = {
    Scope.READ: _("See what I may see"),
    Scope.DEPOSIT: _("Deposit works in my name"),
}
LONGEST_LIFE = 366  # days
MOST = 100  # works on a page


class _Day(fields.Date):
    """A day, as 2026-05-31, or null."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "invalid": _("This must be a day, as 2026-05-31."),
        "null": messages.NULL,
    }


class _Number(fields.Integer):
    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "invalid": messages.NOT_NUMBER,
        "null": messages.NULL,
    }


class TokenForm(Entry):
    """A token that is asked for."""

    name = Line(required=True, limit=100)
    scopes = Many(Choice(tuple(Scope)), required=True, validate=validate.Length(min=1))
    days = _Number(
        load_default=90,
        validate=validate.Range(1, LONGEST_LIFE, error=_("A token lasts from 1 to 366 days.")),
    )


class Paging(Entry):
    """Where a list goes on: behind the work `after`."""

    after = _Number(load_default=0)
    limit = _Number(
        load_default=50,
        validate=validate.Range(1, MOST, error=_("A page holds from 1 to 100 works.")),
    )


class NewWork(Entry):
    """A draft to be made. Its document may be incomplete; the answer names what is missing."""

    document = fields.Nested(WorkSchema, required=True)
    collections = Many(Line(limit=64), limit=20)


class ChangedWork(Entry):
    """What a draft shall be; what is left out stays as it is."""

    document = fields.Nested(WorkSchema)
    collections = Many(Line(limit=64), limit=20)


class FileRights(Entry):
    """Who may open a file, and from when until when; what is left out stays as it is."""

    access = Choice(tuple(vocabulary.ACCESS))
    copying = Choice(tuple(vocabulary.COPYING))
    embargo_until = _Day(allow_none=True)
    embargo_reason = Choice(tuple(vocabulary.EMBARGO_REASONS), allow_none=True)
    lease_until = _Day(allow_none=True)


class Submission(Entry):
    """A draft is sent to the library: which agreement was read, in which language."""

    agreement = Line(required=True, limit=20)
    language = Line(load_default="en", limit=10)
    comment = Paragraphs(limit=5000)


class FileAnswer(Schema):
    """A file of a work. `content` is where its bytes are, for those who may have them."""

    id = fields.Integer()
    name = fields.String()
    size = fields.Integer(metadata={"description": "bytes"})
    sha512 = fields.String()
    media_type = fields.String()
    pages = fields.Integer(allow_none=True)
    access = fields.String(metadata={"description": "what is stated"})
    level = fields.String(metadata={"description": "what is in force today"})
    copying = fields.String()
    embargo_until = fields.Date(allow_none=True)
    lease_until = fields.Date(allow_none=True)
    scan = fields.String(metadata={"description": "for those who may change the work"})
    content = fields.URL()


class WorkAnswer(Schema):
    """A work. `revision` is its ETag too."""

    number = fields.Integer()
    uuid = fields.UUID()
    state = fields.String()
    version = fields.Integer(metadata={"description": "0 before it was published"})
    revision = fields.Integer()
    url = fields.URL()
    document = fields.Nested(WorkSchema)
    collections = fields.List(fields.String())
    files = fields.List(fields.Nested(FileAnswer))
    published = fields.DateTime(allow_none=True)
    changed = fields.DateTime()
    problems = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "what keeps a draft from being sent in, by path"},
    )


class WorksAnswer(Schema):
    """A page of works; `next` is the address of the page after it."""

    works = fields.List(fields.Nested(WorkAnswer))
    total = fields.Integer()
    next = fields.URL(allow_none=True)


class AgreementAnswer(Schema):
    """What a depositor agrees to."""

    version = fields.String()
    language = fields.String()
    text = fields.String()


class Wrong(Schema):
    """What is wrong in one place."""

    path = fields.String()
    says = fields.List(fields.String())


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(Wrong))
    request = fields.String(metadata={"description": "its number in our log"})


def read(schema: type[Schema], given: object) -> dict[str, Any]:
    """What was sent, checked; raises Unfit with messages by path.

    A document is taken as a draft: what it lacks is no fault yet, what it has must be known to us
    and of the right shape.
    """
    if not isinstance(given, Mapping):
        raise Unfit({"": [Message(messages.NOT_GROUP)]})
    rest = {key: one for key, one in given.items() if key != "document"}
    found: dict[str, list[Message]] = {}
    loaded: dict[str, Any] = {}
    try:
        loaded = schema(partial=("document",)).load(rest)
    except ValidationError as error:
        found = profile.flatten(error.normalized_messages())
    known = schema().fields
    if "document" in given and "document" in known:
        found |= _shape(given["document"])
    elif "document" in given:
        found["document"] = [Message(messages.UNKNOWN)]
    elif "document" in known and known["document"].required:
        found["document"] = [Message(messages.REQUIRED)]
    if found:
        raise Unfit(found)
    if "document" in given:
        loaded["document"] = given["document"]
    return loaded


_REFUSED = messages.SHAPELESS | {messages.UNKNOWN}


def _shape(document: object) -> dict[str, list[Message]]:
    """What of a document could not even be kept as a draft."""
    if not isinstance(document, Mapping):
        return {"document": [Message(messages.NOT_GROUP)]}
    return {
        f"document.{path}": [one for one in said if one.sentence in _REFUSED]
        for path, said in profile.errors(document, deposit=False).items()
        if any(one.sentence in _REFUSED for one in said)
    }


OTHER_AGREEMENT = _("The agreement in force is version %(version)s. Read it at /api/agreement.")

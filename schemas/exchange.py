"""One line of `works.jsonl` and of `collections.jsonl`: what exports write and imports read.

`docs/importing.md` explains the lines to people. The document inside a line is checked by
`schemas.work`, apart from what is around it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from schemas import messages
from schemas import work as profile
from schemas.fields import Choice, Line, Paragraphs
from schemas.languages import normalise
from schemas.messages import Message, _
from schemas.vocabulary import (
    ACCESS,
    ASKERS,
    COPYING,
    COPYRIGHT_BASES,
    EMBARGO_REASONS,
    STATES,
    WITHDRAWALS,
)
from schemas.work import Entry, Many

_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
GROUP: dict[str, Any] = {"invalid": messages.NOT_GROUP, "null": messages.NULL}
_SHA512 = re.compile(r"[0-9a-f]{128}")


def is_slug(value: str) -> bool:
    """Whether a collection may have this slug."""
    return _SLUG.fullmatch(value) is not None


def check_slug(value: str) -> str:
    """A collection's slug."""
    if not is_slug(value):
        raise ValidationError(
            Message(
                _("“%(value)s” cannot name a collection: use a–z, 0–9, - and _."),
                value=messages.short(value),
            )
        )
    return value


def check_uuid(value: str) -> str:
    """A UUID in its usual spelling."""
    try:
        return str(UUID(value))
    except ValueError as error:
        raise ValidationError(
            Message(_("“%(value)s” is not a UUID."), value=messages.short(value))
        ) from error


def check_moment(value: str) -> str:
    """A moment as ISO 8601 writes it, with its time zone."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValidationError(_no_moment(value)) from error
    if moment.tzinfo is None:
        raise ValidationError(_no_moment(value))
    return moment.astimezone(UTC).isoformat()


def _no_moment(value: str) -> Message:
    return Message(
        _("“%(value)s” is not a moment. Write it as 2024-05-31T09:30:00+00:00."),
        value=messages.short(value),
    )


def check_day(value: str) -> str:
    """A day, as 2024-05-31."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValidationError(
            Message(_("“%(value)s” is not a day. Write it as 2024-05-31."), value=value[:60])
        ) from error


def check_path(value: str) -> str:
    """A path below the folder of the source, with slashes between its parts."""
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value:
        raise ValidationError(
            Message(
                _("“%(value)s” leads out of the folder. Name a file inside it."),
                value=messages.short(value),
            )
        )
    return value


def check_sha512(value: str) -> str:
    """A SHA-512 in hexadecimal."""
    if not _SHA512.fullmatch(value.lower()):
        raise ValidationError(Message(_("A SHA-512 has 128 hexadecimal digits.")))
    return value.lower()


class Whole(fields.Integer):
    """A whole number from `least` on."""

    def __init__(self, *, least: int = 1, most: int = 2**31 - 1, **more: Any):
        super().__init__(strict=True, **more)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(Message(messages.NOT_NUMBER))
        if not self.least <= value <= self.most:
            raise ValidationError(Message(messages.NOT_NUMBER))
        return value


class ByLanguage(fields.Dict):
    """Text by language: {"ky": "…", "en": "…"}."""

    def __init__(self, text: fields.Field, **more: Any):
        super().__init__(keys=fields.String(), values=text, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        wrong = [code for code in found if normalise(code) != code]
        if wrong:
            raise ValidationError(
                Message(
                    _("“%(value)s” is not a language code. Write for example ky, ru or en."),
                    value=messages.short(wrong[0]),
                )
            )
        return found


class FileLine(Entry):
    path = Line(required=True, check=check_path)
    name = Line(limit=500)
    size = Whole(least=0, most=2**63 - 1)
    sha512 = Line(check=check_sha512)
    media_type = Line(limit=200)
    access = Choice(ACCESS, load_default="open")
    copying = Choice(COPYING, load_default="allowed")
    embargo_until = Line(check=check_day)
    embargo_reason = Choice(EMBARGO_REASONS)
    lease_until = Line(check=check_day)


class MergedInto(Entry):
    number = Whole(required=True)
    uuid = Line(required=True, check=check_uuid)
    version = Whole(least=0)


class Withdrawal(Entry):
    kind = Choice(WITHDRAWALS, load_default="other")
    reason = Paragraphs(required=True, limit=5000)
    moment = Line(check=check_moment)
    asked_by = Choice(ASKERS)
    merged_into = fields.Nested(MergedInto)


class Agreement(Entry):
    language = Line(limit=20)
    text = Paragraphs(required=True, limit=50_000)
    moment = Line(check=check_moment)


class HoldingLine(Entry):
    """A copy on the shelves, in the words of the catalogue that lists it."""

    inventory = Line(limit=200)
    status = Line(limit=200)
    place = Line(limit=500)
    day = Line(check=check_day)
    price = Line(limit=100)
    book = Line(limit=200)


class OriginLine(Entry):
    """Where a work came from: the record of its source, and what that said then."""

    source = Line(required=True, limit=500)
    key = Line(required=True, limit=500)
    digest = Line(limit=100)
    format = Line(limit=50)
    record = fields.String()
    elements = fields.Dict(keys=fields.String(), values=fields.String(), error_messages=GROUP)
    holdings = Many(HoldingLine, limit=10_000)


class WorkLine(Entry):
    """A work with all that the archive keeps around its document."""

    schema = Whole()
    key = Line(limit=500)
    uuid = Line(check=check_uuid)
    number = Whole()
    state = Choice(STATES)
    version = Whole(least=0)
    published = Line(check=check_moment)
    submitted = Line(check=check_moment)
    changed = Line(check=check_moment)
    withdrawal = fields.Nested(Withdrawal)
    agreement = fields.Nested(Agreement)
    copyright_basis = Choice(COPYRIGHT_BASES)
    rights_note = Paragraphs(limit=5000)
    collections = Many(Line(check=check_slug), limit=100)
    document = fields.Dict(load_default=dict, error_messages=GROUP)
    files = Many(FileLine, limit=1000)
    origins = Many(OriginLine, limit=100)

    @validates_schema
    def explained(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if data.get("state") == "withdrawn" and not data.get("withdrawal"):
            raise ValidationError(
                Message(_("A withdrawn work says why it was withdrawn.")), "withdrawal"
            )


class CollectionLine(Entry):
    slug = Line(required=True, check=check_slug)
    parent = Line(check=check_slug)
    names = ByLanguage(Line(limit=300))
    descriptions = ByLanguage(Paragraphs(limit=5000))
    position = Whole(least=0)


def check_work(line: object) -> dict[str, Any]:
    """The parts of a work's line, normalised; raises schemas.work.Unfit."""
    return _check(WorkLine(), line)


def check_collection(line: object) -> dict[str, Any]:
    """The parts of a collection's line, normalised; raises schemas.work.Unfit."""
    return _check(CollectionLine(), line)


def _check(schema: Entry, line: object) -> dict[str, Any]:
    try:
        return schema.load(profile.prune(line))
    except ValidationError as error:
        raise profile.Unfit(profile.flatten(error.normalized_messages())) from error

"""The arguments of each OAI-PMH verb, judged on the raw pairs of the request.

Every value is checked before anything is looked up, for OAI-PMH.xsd allows only legal values to be
echoed. `check(pairs)` gives `Arguments` or raises `Unfit`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas import messages, text

_NAME = r"[A-Za-z0-9\-_.!~*'()]+"
_PREFIX = re.compile(_NAME)
_SPEC = re.compile(f"{_NAME}(?::{_NAME})*")
# What every processor of XML Schema takes for an anyURI. They disagree on brackets and on "#",
# which identifiers of items never have.
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*:"
_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=@:/?\-]|%[0-9A-Fa-f]{2})*"
_URI = re.compile(
    rf"{_SCHEME}(?!//){_PATH}"
    rf"|{_SCHEME}//[A-Za-z0-9._~\-]+(?::[0-9]{{1,5}})?(?:[/?]{_PATH})?"
    rf"|(?!//){_PATH.replace(':/', '/')}"
)
# Not \d, which takes the digits of every script; and strptime takes 2024-1-1 and spaces.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_DAY = len("2024-05-31")


class Unfit(ValueError):
    """Arguments outside the protocol. `code` is badVerb or badArgument."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(text.clean(sentence[:1000]))


@dataclass(frozen=True)
class Arguments:
    """The arguments of one request. `given` holds them as they came, for the echo.

    `lower` and `upper` are the inclusive bounds of datestamps, in seconds since 1970.
    """

    given: Mapping[str, str]
    verb: str
    identifier: str | None = None
    prefix: str | None = None
    spec: str | None = None
    lower: int | None = None
    upper: int | None = None
    token: str | None = None


def _legal(pattern: re.Pattern[str], sentence: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not pattern.fullmatch(value):
            raise ValidationError(sentence % messages.short(value))

    return check


def _xml(value: str) -> None:
    if text.has_forbidden(value):
        raise ValidationError("The value holds characters that XML does not allow.")


_prefix = _legal(_PREFIX, "“%s” cannot be a metadataPrefix. ListMetadataFormats lists ours.")
_spec = _legal(_SPEC, "“%s” cannot be a setSpec. ListSets lists ours.")
_uri = _legal(_URI, "“%s” is not a URI. Identifiers of this repository look like oai:host:1.")


class Date(fields.String):
    """A UTCdatetime of either granularity; gives its first second."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.bound(given)
        except ValueError as error:
            raise ValidationError(
                f"“{messages.short(given)}” is not a UTC date of the form YYYY-MM-DD or "
                "YYYY-MM-DDThh:mm:ssZ."
            ) from error

    def bound(self, given: str) -> int:
        """The first second that is meant."""
        return seconds(given if len(given) > _DAY else f"{given}T00:00:00Z")


class Until(Date):
    """A UTCdatetime of either granularity; gives its last second, for a day is meant whole."""

    def bound(self, given: str) -> int:
        """The last second that is meant. Never the next day's first, which 9999 has not."""
        return seconds(given if len(given) > _DAY else f"{given}T23:59:59Z")


def seconds(given: str) -> int:
    """Seconds since 1970 of YYYY-MM-DDThh:mm:ssZ; raises ValueError."""
    if not _DATE.fullmatch(given):
        raise ValueError(given)
    return int(datetime.fromisoformat(given).astimezone(UTC).timestamp())


class Verb(Schema):
    """What all verbs have: their name."""

    verb = fields.String(required=True)


class Identify(Verb):
    """Identify (4.2)."""


class ListMetadataFormats(Verb):
    """ListMetadataFormats (4.4)."""

    identifier = fields.String(validate=_uri)


class ListSets(Verb):
    """ListSets (4.6)."""

    token = fields.String(data_key="resumptionToken", validate=_xml)

    @validates_schema
    def exclusive(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if "token" in data and len(data) > 2:
            raise ValidationError("A resumptionToken goes alone with its verb.")


class GetRecord(Verb):
    """GetRecord (4.1)."""

    identifier = fields.String(required=True, validate=_uri)
    prefix = fields.String(data_key="metadataPrefix", required=True, validate=_prefix)


class ListRecords(ListSets):
    """ListRecords (4.5) and ListIdentifiers (4.3)."""

    prefix = fields.String(data_key="metadataPrefix", validate=_prefix)
    spec = fields.String(data_key="set", validate=_spec)
    lower = Date(data_key="from")
    upper = Until(data_key="until")

    @validates_schema
    def complete(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if not data.keys() & {"token", "prefix"}:
            raise ValidationError("The metadataPrefix is missing; every repository has oai_dc.")

    @validates_schema(pass_original=True)
    def ordered(self, data: Mapping[str, Any], given: Mapping[str, str], **kwargs: Any) -> None:
        if "lower" in data and "upper" in data:
            if len(given["from"]) != len(given["until"]):
                raise ValidationError("from and until must have the same granularity.")
            if data["lower"] > data["upper"]:
                raise ValidationError("from must not be later than until.")


VERBS = {
    "Identify": Identify(),
    "ListMetadataFormats": ListMetadataFormats(),
    "ListSets": ListSets(),
    "GetRecord": GetRecord(),
    "ListIdentifiers": ListRecords(),
    "ListRecords": ListRecords(),
}


def check(pairs: Sequence[tuple[str, str]]) -> Arguments:
    """The arguments of a request, checked; raises Unfit."""
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1:
        problem = "The verb is missing" if not verbs else "The verb is repeated"
        raise Unfit("badVerb", f"{problem}. The verbs are {', '.join(VERBS)}.")
    if verbs[0] not in VERBS:
        short = messages.short(verbs[0])
        raise Unfit("badVerb", f"“{short}” is no verb. The verbs are {', '.join(VERBS)}.")
    given = dict(pairs)
    try:
        _check_pairs(pairs)
        return Arguments(given=given, **VERBS[verbs[0]].load(given))
    except ValidationError as error:
        raise Unfit("badArgument", " ".join(_sentences(error.normalized_messages()))) from error


def _check_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    repeated = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if repeated:
        raise ValidationError({name: ["This argument is repeated."] for name in repeated})
    empty = [name for name, value in pairs if not value]
    if empty:
        raise ValidationError({name: ["This argument is empty."] for name in empty})


# marshmallow's own sentences, said so that whoever wrote the harvester understands them.
_SAID = {
    "Unknown field.": "This verb has no such argument.",
    "Missing data for required field.": "This argument is missing.",
}


def _sentences(found: Mapping[str, Any]) -> list[str]:
    return [
        sentence
        if name == "_schema"
        else f"{messages.short(name)}: {_SAID.get(sentence, sentence)}"
        for name, sentences in found.items()
        for sentence in sentences
    ]

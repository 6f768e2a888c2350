"""What a reader asks the search for: words, filters, order and page, from a request's arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from schemas import messages, text, vocabulary
from schemas.fields import Choice, Line, check_language
from schemas.messages import Message, _

MOST_LETTERS = 500  # of the words asked for; more is cut
MOST_VALUES = 20  # chosen on one axis
LAST_PAGE = 500  # nobody reads on so far, and each page costs as much as all before it

SORTS = {
    "relevance": _("Best match"),
    "newest": _("Newest"),
    "oldest": _("Oldest"),
    "title": _("Title"),
}
FIELD_LABELS = {
    "where": _("Where it is"),
    "type": _("Kind of work"),
    "year": _("Year"),
    "year_from": _("From year"),
    "year_to": _("To year"),
    "language": _("Language"),
    "collection": _("Collection"),
    "author": _("Author"),
    "subject": _("Subject"),
    "access": _("Who may open it"),
}
FILTERS = tuple(FIELD_LABELS)

NOT_YEAR = _("“%(value)s” is not a year. Write four digits, like 2019.")
NOT_PAGE = _("There are only pages 1 to %(last)s of search results. Add a word or a filter.")
CUT = _("Only the first %(limit)s characters were looked for; a few words find more.")
TURNED = _("The first year is after the last; they were taken in the other order.")


@dataclass(frozen=True)
class Query:
    """What to look for. Values of one filter are alternatives; the filters all hold at once."""

    q: str = ""
    where: tuple[str, ...] = ()  # "here", or slugs of other libraries
    type: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    language: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    sort: str = "relevance"
    page: int = 1
    among: tuple[int, ...] | None = None  # only these works; never from a request

    def selected(self, axis: str) -> tuple[str, ...]:
        """The values chosen for a filter, as they stand in an address."""
        value = getattr(self, axis)
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        return tuple(str(one) for one in values)


class Year(fields.Integer):
    """A year of the common era."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        given = str(value).strip()
        if not (given.isascii() and given.isdigit() and 1 <= len(given) <= 4 and int(given)):
            raise ValidationError(Message(NOT_YEAR, value=messages.short(given)))
        return int(given)


class PageNumber(fields.Integer):
    """Which page of results, counted from 1."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        given = str(value).strip()
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise ValidationError(Message(messages.NOT_NUMBER))
        if not 1 <= int(given) <= LAST_PAGE:
            raise ValidationError(Message(NOT_PAGE, last=LAST_PAGE))
        return int(given)


class QuerySchema(Schema):
    """The filters, the order and the page."""

    class Meta:
        unknown = EXCLUDE

    where = fields.List(Line(limit=64))
    type = fields.List(Choice(vocabulary.TYPES))
    year = fields.List(Year())
    year_from = Year()
    year_to = Year()
    language = fields.List(Line(limit=20, check=check_language))
    collection = fields.List(Line(limit=200))
    author = fields.List(Line(limit=200))
    subject = fields.List(Line(limit=200))
    access = fields.List(Choice(vocabulary.ACCESS_RIGHTS))
    sort = Choice(SORTS)
    page = PageNumber()


_SCHEMA = QuerySchema()
Problems = dict[str, list[str]]


def read(arguments: Mapping[str, Any]) -> tuple[Query, Problems]:
    """The query that a request's arguments stand for, and by field what is wrong with them.

    What is wrong is left out and the rest is looked for: a search is never refused. Arguments are
    a mapping of names to a text or texts, or werkzeug's MultiDict; names not known are ignored.
    """
    problems: Problems = {}
    given: dict[str, Any] = {}
    for name, field in _SCHEMA.fields.items():
        values = list(dict.fromkeys(one for one in _all(arguments, name) if one.strip()))
        if not values:
            continue
        if len(values) > MOST_VALUES:
            too_many = Message(messages.TOO_MANY, count=len(values), limit=MOST_VALUES)
            problems[name] = [too_many]
        given[name] = values[:MOST_VALUES] if isinstance(field, fields.List) else values[0]
    known = _load(given, problems)
    return Query(q=_words(arguments, problems), **known), problems


def _all(arguments: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(arguments, "getlist"):
        return arguments.getlist(name)
    value = arguments.get(name, ())
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _load(given: dict[str, Any], problems: Problems) -> dict[str, Any]:
    try:
        known = _SCHEMA.load(given)
    except ValidationError as error:
        known = error.valid_data
        for name, said in error.normalized_messages().items():
            problems.setdefault(name, []).extend(_flat(said))
    first, last = known.get("year_from"), known.get("year_to")
    if first and last and first > last:
        known |= {"year_from": last, "year_to": first}
        problems["year_from"] = [Message(TURNED)]
    return {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in known.items()
        if value not in ([], "")
    }


def _flat(said: Any) -> list[str]:
    if isinstance(said, dict):
        return [one for value in said.values() for one in _flat(value)]
    return list(said)


def _words(arguments: Mapping[str, Any], problems: Problems) -> str:
    given = text.line(" ".join(_all(arguments, "q")[:1]))
    if len(given) > MOST_LETTERS:
        problems["q"] = [Message(CUT, limit=MOST_LETTERS)]
        given = given[:MOST_LETTERS].rpartition(" ")[0] or given[:MOST_LETTERS]
    return given

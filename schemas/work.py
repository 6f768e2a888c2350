"""The Dublin Core application profile: a work, its people, its identifiers.

`docs/metadata.md` explains each element with its DC term, and an example. `check(document)` is the
one way in: it gives the normalised document or raises `schemas.work.Unfit` with every message.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas import messages, text, vocabulary
from schemas.fields import (
    IDENTIFIER_CHECKS,
    Choice,
    Line,
    Paragraphs,
    check_date,
    check_isbn,
    check_issn,
    check_language,
    check_orcid,
    check_url,
)
from schemas.messages import Message, _

Document = dict[str, Any]


class Unfit(ValueError):
    """A document outside the profile. `errors` maps paths ("titles.0.text") to messages."""

    def __init__(self, errors: dict[str, list[Message]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{path}: {' '.join(found)}" for path, found in errors.items()))


class Entry(Schema):
    """A group of fields; unknown ones are refused by name."""

    error_messages = {"unknown": messages.UNKNOWN, "type": messages.NOT_GROUP}  # noqa: RUF012


class Many(fields.List):
    """A list of entries, at most `limit` of them."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "required": messages.REQUIRED,
        "null": messages.NULL,
        "invalid": messages.NOT_LIST,
    }

    def __init__(self, entry: Any, *, limit: int = 100, **more: Any):
        super().__init__(fields.Nested(entry) if isinstance(entry, type) else entry, **more)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list:
        if isinstance(value, list) and len(value) > self.limit:
            raise ValidationError(Message(messages.TOO_MANY, count=len(value), limit=self.limit))
        return super()._deserialize(value, attr, data, **kwargs)


class Title(Entry):
    text = Line(required=True, limit=2000)
    language = Line(check=check_language)
    kind = Choice(vocabulary.TITLES, load_default="main")


class Form(Entry):
    """The same name in another script or spelling."""

    family = Line(limit=200)
    given = Line(limit=200)
    patronymic = Line(limit=200)
    name = Line(limit=500)
    language = Line(check=check_language)


class Affiliation(Entry):
    name = Line(required=True, limit=500)
    ror = Line(check=check_url)


class Agent(Entry):
    """A person or an organisation, in the order in which the work names them."""

    kind = Choice(("person", "organisation"), load_default="person")
    family = Line(limit=200)
    given = Line(limit=200)
    patronymic = Line(limit=200)
    name = Line(limit=500)
    forms = Many(Form, limit=20)
    orcid = Line(check=check_orcid)
    affiliations = Many(Affiliation, limit=20)
    role = Choice(vocabulary.RELATORS)

    @validates_schema
    def named(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if data["kind"] == "person" and not data.get("family"):
            raise ValidationError(Message(_("Write the family name.")), "family")
        if data["kind"] == "organisation" and not data.get("name"):
            raise ValidationError(Message(_("Write the name of the organisation.")), "name")


class Creator(Agent):
    role = Choice(vocabulary.RELATORS, load_default="aut")


class Contributor(Agent):
    role = Choice(vocabulary.RELATORS, load_default="ctb")


class Publisher(Entry):
    name = Line(required=True, limit=500)
    place = Line(limit=200)


class Abstract(Entry):
    text = Paragraphs(required=True, limit=20_000)
    language = Line(check=check_language)


class Keyword(Entry):
    text = Line(required=True, limit=300)
    language = Line(check=check_language)


class Classification(Entry):
    scheme = Choice(vocabulary.CLASSIFICATIONS, required=True)
    code = Line(required=True, limit=200)
    label = Line(limit=300)


class Identifier(Entry):
    scheme = Choice(vocabulary.IDENTIFIERS, required=True)
    value = Line(required=True, limit=1000)

    @validates_schema
    def checked(self, data: dict[str, Any], **kwargs: Any) -> None:
        try:
            data["value"] = IDENTIFIER_CHECKS[data["scheme"]](data["value"])
        except ValidationError as error:
            raise ValidationError(error.messages, "value") from error


class Host(Entry):
    """Where the work came out: the journal, the book or the conference that holds it."""

    kind = Choice(vocabulary.HOSTS, load_default="journal")
    title = Line(required=True, limit=1000)
    volume = Line(limit=50)
    issue = Line(limit=50)
    pages = Line(limit=50)
    article_number = Line(limit=50)
    issn = Many(Line(check=check_issn), limit=4)
    isbn = Line(check=check_isbn)
    place = Line(limit=300)
    date = Line(limit=100)
    editors = Many(Line(limit=300), limit=50)


class Series(Entry):
    title = Line(required=True, limit=500)
    number = Line(limit=50)
    issn = Line(check=check_issn)


class Specialty(Entry):
    code = Line(limit=50)
    name = Line(limit=500)


class Thesis(Entry):
    degree = Choice(vocabulary.DEGREES, required=True)
    grantor = Line(limit=500)
    specialty = fields.Nested(Specialty)
    defended = Line(check=check_date)
    place = Line(limit=200)
    council = Line(limit=200)


class Funding(Entry):
    funder = Line(required=True, limit=500)
    funder_id = Line(check=check_url)
    award = Line(limit=200)
    title = Line(limit=500)
    url = Line(check=check_url)


class Relation(Entry):
    """Another work, named by an identifier, by a citation, or by both."""

    kind = Choice(vocabulary.RELATIONS, required=True)
    scheme = Choice(vocabulary.IDENTIFIERS)
    value = Line(limit=1000)
    citation = Paragraphs(limit=5000)

    @validates_schema
    def named(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data.get("value") and not data.get("citation"):
            raise ValidationError(
                Message(_("Give an identifier or a citation of the other work.")), "citation"
            )
        if data.get("value") and data.get("scheme"):
            try:
                data["value"] = IDENTIFIER_CHECKS[data["scheme"]](data["value"])
            except ValidationError as error:
                raise ValidationError(error.messages, "value") from error


class Coverage(Entry):
    kind = Choice(vocabulary.COVERAGE, required=True)
    text = Line(required=True, limit=500)


class WorkSchema(Entry):
    """A whole work. Elements come in the order in which a cataloguer reads a description."""

    type = Choice(vocabulary.TYPES_BY_URI, required=True)
    version_type = Choice(vocabulary.VERSIONS)
    titles = Many(Title, required=True, limit=20)
    creators = Many(Creator, limit=5000)
    contributors = Many(Contributor, limit=1000)
    issued = Line(check=check_date)
    submitted = Line(check=check_date)
    accepted = Line(check=check_date)
    available = Line(check=check_date)
    publishers = Many(Publisher, limit=10)
    edition = Line(limit=200)
    abstracts = Many(Abstract, limit=20)
    keywords = Many(Keyword, limit=200)
    classification = Many(Classification, limit=50)
    languages = Many(Line(required=True, check=check_language), limit=20)
    identifiers = Many(Identifier, limit=50)
    host = fields.Nested(Host)
    series = Many(Series, limit=10)
    thesis = fields.Nested(Thesis)
    funding = Many(Funding, limit=50)
    relations = Many(Relation, limit=2000)
    coverage = Many(Coverage, limit=50)
    extent = Many(Line(limit=200), limit=10)
    rights_holders = Many(Line(limit=300), limit=20)
    licence = Choice(vocabulary.LICENCES)
    access = Choice(vocabulary.ACCESS_RIGHTS)
    notes = Many(Paragraphs(limit=5000), limit=50)

    @validates_schema
    def titled(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        mains = [title for title in data.get("titles", ()) if title["kind"] == "main"]
        if len(mains) != 1:
            raise ValidationError(
                Message(_("A work has one main title; the others are of another kind.")), "titles"
            )

    @validates_schema
    def thesis_has_degree(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        key = vocabulary.TYPES_BY_URI[data["type"]].key if "type" in data else ""
        if data.get("thesis") and key not in vocabulary.THESES:
            raise ValidationError(
                Message(_("Only a thesis has a degree. Change the kind of work or clear this.")),
                "thesis",
            )


# One for all: making it copies every field, which takes longer than checking a document.
_SCHEMA = WorkSchema()

# What the library asks of a depositor beyond the profile; imports of old catalogues may lack them.
DEPOSIT_NEEDS = {
    "creators": _("Name at least one author."),
    "issued": _("Write the year in which the work came out."),
    "languages": _("Choose the language of the work."),
    "licence": _("Choose the terms on which readers may use the work."),
}


def check(document: object, *, deposit: bool = False) -> Document:
    """The document, normalised and without empty elements; raises Unfit.

    With `deposit` it must also have what a depositor is asked for.
    """
    try:
        loaded = _SCHEMA.load(prune(document))
    except ValidationError as error:
        raise Unfit(flatten(error.normalized_messages())) from error
    missing = {
        element: [Message(sentence)]
        for element, sentence in DEPOSIT_NEEDS.items()
        if deposit and not loaded.get(element)
    }
    if missing:
        raise Unfit(missing)
    return prune(loaded)


def errors(document: object, *, deposit: bool = True) -> dict[str, list[Message]]:
    """All that keeps the document from being sent in: messages by path; empty when it is fit."""
    found: dict[str, list[Message]] = {}
    try:
        _SCHEMA.load(prune(document))
    except ValidationError as error:
        found = flatten(error.normalized_messages())
    given = document if isinstance(document, dict) else {}
    for element, sentence in DEPOSIT_NEEDS.items():
        if deposit and not prune(given.get(element)):
            found.setdefault(element, [Message(sentence)])
    return found


def draft(document: Mapping[str, Any]) -> tuple[Document, bool]:
    """A document as it may be kept while it is being written: only known elements, clean text.

    Second value: whether characters that cannot be stored were removed.
    """
    known = {key: value for key, value in document.items() if key in _SCHEMA.fields}
    cleaned, removed = text.clean_all(known)
    kept = prune(cleaned)
    return (kept if isinstance(kept, dict) else {}), removed


# What no other work has: where it is found, when it came out, what its files are.
_OWN = frozenset(
    {"identifiers", "issued", "submitted", "accepted", "available", "extent", "access", "relations"}
)
_OWN_PARTS = {
    "host": frozenset({"pages", "article_number", "date"}),
    "thesis": frozenset({"defended"}),
}


def template(document: Mapping[str, Any]) -> Document:
    """The description as the beginning of another work's: without identifiers, dates, pages."""
    kept = {name: value for name, value in document.items() if name not in _OWN}
    for name, own in _OWN_PARTS.items():
        if name in kept:
            kept[name] = {key: value for key, value in kept[name].items() if key not in own}
    return prune(kept)


def legible(document: Mapping[str, Any]) -> Document:
    """The document without elements that are of another shape than the profile's."""
    broken = {
        path.split(".")[0]
        for path, found in errors(document, deposit=False).items()
        if any(one.sentence in messages.SHAPELESS for one in found)
    }
    return {name: value for name, value in document.items() if name not in broken}


def prune(value: Any) -> Any:
    """A JSON value without empty strings, lists, groups and nulls, at any depth."""
    if isinstance(value, Mapping):
        kept = {key: prune(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if not _empty(one)}
    if isinstance(value, list):
        return [one for one in map(prune, value) if not _empty(one)]
    return value


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}


def flatten(found: Any, path: str = "") -> dict[str, list[Message]]:
    """marshmallow's nested messages as one level: path -> messages."""
    if isinstance(found, dict):
        flat: dict[str, list[Message]] = {}
        for key, value in found.items():
            step = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            flat.update(flatten(value, step))
        return flat
    return {path: [one if isinstance(one, Message) else Message(str(one)) for one in found]}


def main_title(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The main title {"text", "language"?, "kind"}; an empty one when a draft has none yet."""
    titles = document.get("titles") or [{"text": "", "kind": "main"}]
    return next((title for title in titles if title.get("kind", "main") == "main"), titles[0])


def agent_name(agent: Mapping[str, Any]) -> str:
    """A name as catalogues file it: "Family, Given Patronymic", or an organisation's name."""
    if agent.get("name"):
        return agent["name"]
    rest = " ".join(filter(None, (agent.get("given"), agent.get("patronymic"))))
    return ", ".join(filter(None, (agent.get("family", ""), rest)))


def agent_reading(agent: Mapping[str, Any]) -> str:
    """A name as people read it: "Given Patronymic Family", or an organisation's name."""
    if agent.get("name"):
        return agent["name"]
    return " ".join(
        filter(None, (agent.get("given"), agent.get("patronymic"), agent.get("family")))
    )


def year(document: Mapping[str, Any]) -> int | None:
    """The year in which the work came out, for browsing and ranges."""
    dates = (document.get("issued"), (document.get("thesis") or {}).get("defended"))
    for date in filter(None, dates):
        if str(date)[:4].isdigit():
            return int(str(date)[:4])
    return None


def work_type(document: Mapping[str, Any]) -> vocabulary.WorkType:
    """The kind of the work; "other" while a draft has none."""
    return vocabulary.TYPES_BY_URI.get(document.get("type", ""), vocabulary.TYPES["other"])


def check_identifier(scheme: str, value: str) -> str:
    """An identifier's normal form; raises Unfit."""
    try:
        return IDENTIFIER_CHECKS[scheme](value)
    except ValidationError as error:
        raise Unfit(flatten(error.messages, "value")) from error

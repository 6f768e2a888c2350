"""Fields of DSpace, `dc.title.alternative` and the like, as a description."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import Description, person, titled
from schemas import text, vocabulary
from schemas.languages import normalise

HANDLE = re.compile(r"(?:hdl\.handle\.net/|/handle/|hdl:)?(\d[\d.]*/\S+)$")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_ROLES = {"advisor": "ths", "editor": "edt", "illustrator": "ill", "translator": "trl"}
_CLASSES = {"udc": "udc", "ddc": "ddc", "bbk": "bbk", "grnti": "grnti", "vak": "vak"}
_NUMBERS = frozenset("doi isbn issn urn arxiv".split())
_DATES = {"submitted": "submitted", "accepted": "accepted", "available": "available"}
_RELATIONS = {
    "ispartof": "is_part_of",
    "haspart": "has_part",
    "isversionof": "is_version_of",
    "isbasedon": "references",
    "references": "references",
    "isreferencedby": "is_referenced_by",
    "replaces": "replaces",
    "isreplacedby": "is_replaced_by",
}
_DEGREES = (
    ("candidate", "candidate", "doctoral-thesis"),
    ("кандидат", "candidate", "doctoral-thesis"),
    ("phd", "phd", "doctoral-thesis"),
    ("doctor", "doctor", "doctoral-thesis"),
    ("доктор", "doctor", "doctoral-thesis"),
    ("master", "master", "master-thesis"),
    ("магистр", "master", "master-thesis"),
    ("bachelor", "bachelor", "bachelor-thesis"),
    ("бакалавр", "bachelor", "bachelor-thesis"),
    ("specialist", "specialist", "bachelor-thesis"),
    ("специалист", "specialist", "bachelor-thesis"),
)
# What DSpace writes for itself: nothing is lost with it.
OWN = frozenset(
    "dc.description.provenance dc.date.accessioned dc.date.updated dc.format.mimetype "
    "dc.identifier.slug".split()
)


class Value(NamedTuple):
    """A field of a record, its text, and its language where one is said."""

    field: str
    text: str
    language: str = ""


def describe(values: Iterable[Value]) -> tuple[Description, tuple[str, ...]]:
    """What the fields say, and which have no place in a description."""
    found, unplaced = Description(), []
    given = [one for one in values if text.line(one.text)]
    found.document["type"] = kinds.kind(one.text for one in given if one.field == "dc.type")
    for one in given:
        put = _PUT.get(one.field) or _PUT.get(".".join(one.field.split(".")[:2]) + ".*")
        if put is not None:
            put(found, one)
        elif one.field not in OWN:
            unplaced.append(one.field)
    _host(found, given)
    _thesis(found, given)
    return found, tuple(dict.fromkeys(unplaced))


def language(said: str) -> str:
    """A language as DSpace writes it, en_US; "" where it is none that we know."""
    return normalise(re.split("[-_]", said.strip())[0].lower()) or ""


def _tagged(one: Value) -> dict[str, str]:
    spoken = language(one.language)
    return {"text": text.line(one.text), **({"language": spoken} if spoken else {})}


def _last(one: Value) -> str:
    return one.field.rpartition(".")[2]


def _title(found: Description, one: Value) -> None:
    titled(found, [_tagged(one)])


def _alternative(found: Description, one: Value) -> None:
    found.add("titles", {**_tagged(one), "kind": "alternative"})


def _author(found: Description, one: Value) -> None:
    found.add("creators", person(text.line(one.text), "aut"))


def _contributor(found: Description, one: Value) -> None:
    role = _ROLES.get(_last(one), "ctb")
    found.add("contributors", person(text.line(one.text), role))


def _subject(found: Description, one: Value) -> None:
    scheme = _CLASSES.get(_last(one))
    known = kinds.classification(one.text)
    if scheme:
        found.add("classification", {"scheme": scheme, "code": text.line(one.text)})
    elif known:
        found.add("classification", known)
    else:
        found.add("keywords", _tagged(one))


def _abstract(found: Description, one: Value) -> None:
    said = {**_tagged(one), "text": text.paragraphs(one.text)}
    found.add("abstracts", said)


def _note(found: Description, one: Value) -> None:
    found.add("notes", text.line(one.text))


def _date(found: Description, one: Value) -> None:
    seen = _DAY.match(one.text.strip())
    found.put(_DATES.get(_last(one), "issued"), seen[0] if seen else "")


def _identifier(found: Description, one: Value) -> None:
    scheme, value = _last(one), text.line(one.text)
    handle = HANDLE.search(value) if scheme == "uri" else None
    if scheme in _NUMBERS:
        found.add("identifiers", {"scheme": scheme, "value": value})
    elif scheme == "citation":
        found.add("notes", value)
    elif handle and "doi.org" not in value and ("hand" in value or "hdl" in value):
        found.add("identifiers", {"scheme": "handle", "value": handle[1]})
    else:
        known = kinds.identifier(value)
        found.add("identifiers", known or {"scheme": "local", "value": value})


def _publisher(found: Description, one: Value) -> None:
    found.add("publishers", {"name": text.line(one.text)})


def _language(found: Description, one: Value) -> None:
    found.add("languages", language(one.text) or text.line(one.text))


def _rights(found: Description, one: Value) -> None:
    licence, access = kinds.licence(one.text), kinds.access(one.text)
    found.put("licence", licence)
    found.put("access", access)
    if not licence and not access:
        found.add("notes", text.line(one.text))


def _holder(found: Description, one: Value) -> None:
    found.add("rights_holders", text.line(one.text))


def _relation(found: Description, one: Value) -> None:
    kind, value = _RELATIONS.get(_last(one), "references"), text.line(one.text)
    found.add("relations", {"kind": kind, **(kinds.identifier(value) or {"citation": value})})


def _series(found: Description, one: Value) -> None:
    title, _, number = text.line(one.text).partition(";")
    found.add("series", {"title": title.strip(), **({"number": number.strip()} if number else {})})


def _coverage(found: Description, one: Value) -> None:
    kind = "temporal" if _last(one) == "temporal" else "spatial"
    found.add("coverage", {"kind": kind, "text": text.line(one.text)})


def _extent(found: Description, one: Value) -> None:
    found.add("extent", text.line(one.text))


def _funding(found: Description, one: Value) -> None:
    found.add("funding", {"funder": text.line(one.text)})


def _nothing(found: Description, one: Value) -> None:
    """Looked at together with others."""


def _one(values: Iterable[Value], *fields: str) -> str:
    return next((text.line(one.text) for name in fields for one in values if one.field == name), "")


def _host(found: Description, values: list[Value]) -> None:
    """The journal in which it came out."""
    title = _one(values, "dc.relation.ispartof", "dc.source", "dc.relation.journal", "dc.journal")
    parts = {
        "volume": _one(values, "dc.citation.volume", "oaire.citation.volume"),
        "issue": _one(values, "dc.citation.issue", "oaire.citation.issue"),
        "pages": _one(values, "dc.citation.pages"),
    }
    kept: dict[str, Any] = {name: value for name, value in parts.items() if value}
    if title and (kept or _one(values, "dc.source", "dc.relation.journal", "dc.journal")):
        found.put("host", {"kind": "journal", "title": title, **kept})


def _thesis(found: Description, values: list[Value]) -> None:
    said = _one(values, "thesis.degree.level", "dc.description.degree")
    said += " " + _one(values, "thesis.degree.name")
    known = next((one for one in _DEGREES if one[0] in said.lower()), None)
    if known is None:
        return
    grantor = _one(values, "thesis.degree.grantor")
    specialty = _one(values, "thesis.degree.discipline", "thesis.degree.department")
    found.document["thesis"] = {
        "degree": known[1],
        **({"grantor": grantor} if grantor else {}),
        **({"specialty": {"name": specialty}} if specialty else {}),
    }
    kind = vocabulary.TYPES_BY_URI[found.document["type"]].key
    if kind not in vocabulary.THESES or known[2] != "doctoral-thesis":
        found.document["type"] = vocabulary.TYPES[known[2]].uri


Put = Callable[[Description, Value], None]
# With a star at the end: whatever the qualifier.
_PUT: Mapping[str, Put] = {
    "dc.title": _title,
    "dc.title.alternative": _alternative,
    "dc.title.translated": _alternative,
    "dc.creator": _author,
    "dc.creator.*": _author,
    "dc.contributor.author": _author,
    "dc.contributor": _contributor,
    "dc.contributor.*": _contributor,
    "dc.subject": _subject,
    "dc.subject.*": _subject,
    "dc.description.abstract": _abstract,
    "dc.description": _note,
    "dc.description.sponsorship": _funding,
    "dc.description.tableofcontents": _note,
    "dc.description.degree": _nothing,
    "dc.date.issued": _date,
    "dc.date": _date,
    **{f"dc.date.{name}": _date for name in _DATES},
    "dc.identifier": _identifier,
    "dc.identifier.*": _identifier,
    "dc.publisher": _publisher,
    "dc.language": _language,
    "dc.language.iso": _language,
    "dc.rights": _rights,
    "dc.rights.uri": _rights,
    "dc.rights.license": _rights,
    "dc.rights.holder": _holder,
    "dc.relation.ispartofseries": _series,
    "dc.relation": _relation,
    "dc.relation.journal": _nothing,
    "dc.relation.*": _relation,
    "dc.source": _nothing,
    "dc.journal": _nothing,
    "dc.citation.*": _nothing,
    "oaire.citation.*": _nothing,
    "dc.coverage.*": _coverage,
    "dc.coverage": _coverage,
    "dc.format.extent": _extent,
    "dc.type": _nothing,
    "thesis.degree.level": _nothing,
    "thesis.degree.name": _nothing,
    "thesis.degree.grantor": _nothing,
    "thesis.degree.discipline": _nothing,
    "thesis.degree.department": _nothing,
}

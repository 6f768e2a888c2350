"""mods: the Metadata Object Description Schema, version 3.8.

Top-level elements in the order of the schema's documentation: title, names, type and genre, origin,
language, physical description, abstract, subjects, notes, related items, identifiers, location,
access conditions, record information.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
VERSION = 1

_XLINK = "http://www.w3.org/1999/xlink"
_mods = Names(NAMESPACE, {None: NAMESPACE, "xlink": _XLINK, "xsi": XSI})
_HREF = f"{{{_XLINK}}}href"

# typeOfResource by the kind of work; all others are text.
_RESOURCES = {
    "image": "still image",
    "map": "cartographic",
    "sound": "sound recording",
    "video": "moving image",
    "software": "software, multimedia",
    "dataset": "software, multimedia",
}
_TITLES = {"alternative": "alternative", "translated": "translated"}
_RELATED = {
    "is_part_of": "host",
    "has_part": "constituent",
    "is_version_of": "otherVersion",
    "has_version": "otherVersion",
    "is_translation_of": "original",
    "has_translation": "otherVersion",
    "references": "references",
    "is_referenced_by": "isReferencedBy",
    "replaces": "preceding",
    "is_replaced_by": "succeeding",
    "continues": "preceding",
    "is_review_of": "reviewOf",
}
# Classification schemes as the Library of Congress lists them.
_SCHEMES = {"bbk": "rubbk", "grnti": "rugasnti"}
_URIS = {"doi": "doi", "handle": "hdl", "url": "uri", "arxiv": "arxiv", "urn": "urn"}
# What MODS calls a date that is not sure (EDTF's marks).
_QUALIFIERS = {"~": "approximate", "?": "questionable", "%": "questionable"}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The record in MODS."""
    document = record.document
    mods = _mods.root(
        "mods",
        *_titles(document),
        *(_name(one, first=not place) for place, one in enumerate(document.get("creators", ()))),
        *(_name(one) for one in document.get("contributors", ())),
        *_types(document),
        *_origins(document),
        *_languages(document),
        *_physical(record),
        *_abstracts(document),
        *_subjects(document),
        *_notes(document),
        *_host(document),
        *_series(document),
        *_relations(document),
        *_identifiers(record),
        *_location(record),
        *_conditions(record),
        _mods(
            "recordInfo",
            _mods("recordIdentifier", record.url),
            _mods("recordChangeDate", f"{record.changed:%Y-%m-%d}", encoding="w3cdtf"),
        ),
        version="3.8",
    )
    return located(mods, SCHEMA)


def _lang(entry: Document) -> str | None:
    """MODS writes languages into an attribute of its own, in ISO 639-2b where that has them."""
    code = entry.get("language")
    return languages.bibliographic(code) or languages.alpha3(code) if code else None


def _titles(document: Document) -> Elements:
    main, *others = document["titles"]
    under = next((one["text"] for one in others if one["kind"] == "subtitle"), None)
    yield _mods(
        "titleInfo",
        _mods("title", main["text"]),
        _mods("subTitle", under) if under else None,
        lang=_lang(main),
    )
    for one in said.other_titles(document):
        yield _mods(
            "titleInfo",
            _mods("title", one["text"]),
            type=_TITLES[one["kind"]],
            lang=_lang(one),
        )


def _name(agent: Document, *, first: bool = False) -> etree._Element:
    person = agent.get("kind", "person") == "person"
    return _mods(
        "name",
        *_parts(agent),
        *(_role(agent["role"]) if "role" in agent else ()),
        *(
            _mods("affiliation", one["name"], valueURI=one.get("ror"))
            for one in agent.get("affiliations", ())
        ),
        *(
            _mods("alternativeName", *_parts(form), altType="alternate", lang=_lang(form))
            for form in agent.get("forms", ())
        ),
        _mods("nameIdentifier", agent["orcid"], type="orcid", typeURI="https://orcid.org")
        if "orcid" in agent
        else None,
        type="personal" if person else "corporate",
        usage="primary" if first else None,
    )


def _parts(agent: Document) -> Elements:
    if agent.get("name"):
        yield _mods("namePart", agent["name"])
        return
    given = " ".join(filter(None, (agent.get("given"), agent.get("patronymic"))))
    yield _mods("namePart", agent.get("family", ""), type="family")
    if given:
        yield _mods("namePart", given, type="given")


def _role(code: str) -> Elements:
    yield _mods(
        "role",
        _mods("roleTerm", code, type="code", authority="marcrelator"),
        _mods("roleTerm", vocabulary.RELATORS[code].label, type="text", authority="marcrelator"),
    )


def _types(document: Document) -> Elements:
    kind = profile.work_type(document)
    yield _mods("typeOfResource", _RESOURCES.get(kind.key, "text"))
    yield _mods("genre", kind.label, authority="coar", valueURI=kind.uri)
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    if version:
        yield _mods("genre", version.label, authority="coar", valueURI=version.uri, type="version")
    thesis = document.get("thesis")
    if thesis:
        yield _mods("genre", vocabulary.DEGREES[thesis["degree"]], type="degree")


def _origins(document: Document) -> Elements:
    publishers = document.get("publishers", [])
    places = dict.fromkeys(one["place"] for one in publishers if "place" in one)
    parts = [
        *(_mods("place", _mods("placeTerm", one, type="text")) for one in places),
        *(_mods("publisher", one["name"]) for one in publishers),
        *_date("dateIssued", document.get("issued"), key=True),
        *_date("dateCreated", document.get("accepted")),
        *_date("dateOther", document.get("submitted"), kind="submitted"),
        *_date("dateOther", document.get("available"), kind="available"),
        *_date("dateOther", document.get("thesis", {}).get("defended"), kind="defended"),
        *(_mods("edition", one) for one in filter(None, [document.get("edition")])),
    ]
    if parts:
        yield _mods("originInfo", *parts)


def _date(name: str, edtf: str | None, *, key: bool = False, kind: str | None = None) -> Elements:
    day = said.day(edtf)
    if day and edtf:
        yield _mods(
            name,
            day,
            encoding="w3cdtf",
            keyDate="yes" if key else None,
            qualifier=_QUALIFIERS.get(edtf[-1]),
            type=kind,
        )


def _languages(document: Document) -> Elements:
    for code in document.get("languages", ()):
        known = languages.bibliographic(code)
        term, scheme = (known, "iso639-2b") if known else (languages.alpha3(code), "iso639-3")
        yield _mods("language", _mods("languageTerm", term, type="code", authority=scheme))


def _physical(record: Record) -> Elements:
    parts = [
        *(
            _mods("internetMediaType", one)
            for one in dict.fromkeys(file.media_type for file in record.files)
        ),
        *(_mods("extent", one) for one in record.document.get("extent", ())),
    ]
    if parts:
        yield _mods("physicalDescription", *parts)


def _abstracts(document: Document) -> Elements:
    for one in document.get("abstracts", ()):
        yield _mods("abstract", one["text"], lang=_lang(one))


def _subjects(document: Document) -> Elements:
    for one in document.get("keywords", ()):
        yield _mods("subject", _mods("topic", one["text"]), lang=_lang(one))
    for one in document.get("coverage", ()):
        name = "geographic" if one["kind"] == "spatial" else "temporal"
        yield _mods("subject", _mods(name, one["text"]))
    for one in document.get("classification", ()):
        yield _mods(
            "classification",
            one["code"],
            authority=_SCHEMES.get(one["scheme"], one["scheme"]),
            displayLabel=one.get("label"),
        )
    specialty = document.get("thesis", {}).get("specialty", {})
    if "code" in specialty:
        yield _mods(
            "classification",
            specialty["code"],
            authority="vak",
            displayLabel=specialty.get("name"),
        )


def _notes(document: Document) -> Elements:
    for note in document.get("notes", ()):
        yield _mods("note", note)
    thesis = document.get("thesis", {})
    words = (thesis.get("grantor"), thesis.get("council"), thesis.get("place"))
    if any(words):
        yield _mods("note", ", ".join(filter(None, words)), type="thesis")
    for grant in document.get("funding", ()):
        parts = (said.grant(grant), grant.get("award"))
        yield _mods("note", ". ".join(filter(None, parts)), type="funding")


def _host(document: Document) -> Elements:
    host = document.get("host")
    if host:
        yield _mods(
            "relatedItem",
            _mods("titleInfo", _mods("title", host["title"])),
            *(
                _mods("name", _mods("namePart", one), *_role("edt"), type="personal")
                for one in host.get("editors", ())
            ),
            _mods("originInfo", _mods("place", _mods("placeTerm", host["place"], type="text")))
            if "place" in host
            else None,
            *_part(host),
            *(_mods("identifier", one, type="issn") for one in host.get("issn", ())),
            *(_mods("identifier", one, type="isbn") for one in filter(None, [host.get("isbn")])),
            type="host",
        )


def _part(host: Document) -> Elements:
    details = [
        _mods("detail", _mods("number", host[name]), type=name)
        for name in ("volume", "issue", "article_number")
        if name in host
    ]
    if "pages" in host:
        details.append(_mods("extent", _mods("list", host["pages"]), unit="pages"))
    if "date" in host:
        details.append(_mods("date", host["date"]))
    if details:
        yield _mods("part", *details)


def _series(document: Document) -> Elements:
    for one in document.get("series", ()):
        title = _mods(
            "titleInfo",
            _mods("title", one["title"]),
            _mods("partNumber", one["number"]) if "number" in one else None,
        )
        issn = _mods("identifier", one["issn"], type="issn") if "issn" in one else None
        yield _mods("relatedItem", title, issn, type="series")


def _relations(document: Document) -> Elements:
    for one in document.get("relations", ()):
        kind = _RELATED.get(one["kind"])
        yield _mods(
            "relatedItem",
            _mods("note", one["citation"]) if "citation" in one else None,
            _mods("identifier", one["value"], type=one.get("scheme")) if "value" in one else None,
            type=kind,
            otherType=None if kind else one["kind"],
        )


def _identifiers(record: Record) -> Elements:
    yield _mods("identifier", record.url, type="uri")
    for one in record.document.get("identifiers", ()):
        yield _mods("identifier", one["value"], type=_URIS.get(one["scheme"], one["scheme"]))


def _location(record: Record) -> Elements:
    yield _mods(
        "location",
        _mods("url", record.url, usage="primary display", access="object in context"),
        *(
            _mods("url", file.url, access="raw object", displayLabel=file.name)
            for file in record.files
            if file.free
        ),
    )


def _conditions(record: Record) -> Elements:
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    yield _condition("restriction on access", right.label, right.uri)
    until = said.embargo_end(record)
    if until:
        yield _condition("embargo", until)
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence:
        yield _condition("use and reproduction", licence.label, licence.url or None)
    for holder in record.document.get("rights_holders", ()):
        yield _condition("rights holder", holder)


def _condition(kind: str, words: str, address: str | None = None) -> etree._Element:
    made = _mods("accessCondition", words, type=kind)
    if address:
        made.set(_HREF, address)
    return made

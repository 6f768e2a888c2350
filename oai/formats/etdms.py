"""etdms: NDLTD's interoperability metadata for theses and dissertations, version 1.0.

It applies to theses alone, and the standard asks for an author, a subject and a date; a thesis
without them is not offered in it.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://www.ndltd.org/standards/metadata/etdms/1.0/"
SCHEMA = "http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd"
VERSION = 1

_etd = Names(NAMESPACE, {None: NAMESPACE, "xsi": XSI})
# thesis.degree.level: what the degree stands for, in NDLTD's words.
_LEVELS = {
    "doctor": "Doctoral",
    "candidate": "Doctoral",
    "phd": "Doctoral",
    "master": "Masters",
    "specialist": "Masters",
    "bachelor": "Bachelors",
}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element | None:
    """The thesis in etdms; None for every other work."""
    document = record.document
    date, subjects = said.issued(document), list(_subjects(document))
    if not (said.is_thesis(document) and date and subjects and document.get("creators")):
        return None
    title, language = said.main_title(document)
    thesis = _etd.root(
        "thesis",
        _etd("title", title, language=language),
        *(
            _etd("alternativeTitle", one["text"], language=one.get("language"))
            for one in said.other_titles(document)
        ),
        *(
            _etd("creator", profile.agent_name(one), resource=_orcid(one))
            for one in document["creators"]
        ),
        *subjects,
        *_descriptions(document),
        *(_etd("publisher", one["name"]) for one in document.get("publishers", ())),
        *_contributors(document),
        _etd("date", date),
        _etd("type", "Electronic Thesis or Dissertation"),
        _etd("type", "Text"),
        *(_etd("format", one) for one in dict.fromkeys(file.media_type for file in record.files)),
        _etd("identifier", record.url),
        *(_etd("identifier", address) for _, _, address in said.links(record)),
        *(_etd("language", languages.alpha3(one)) for one in document.get("languages", ())),
        *(_etd("coverage", one["text"]) for one in document.get("coverage", ())),
        *_rights(record),
        *_degree(document),
    )
    return located(thesis, SCHEMA)


def _orcid(agent: Document) -> str | None:
    return f"https://orcid.org/{agent['orcid']}" if "orcid" in agent else None


def _subjects(document: Document) -> Elements:
    for keyword in document.get("keywords", ()):
        yield _etd("subject", keyword["text"], language=keyword.get("language"))
    for entry in document.get("classification", ()):
        yield _etd("subject", entry["code"], scheme=entry["scheme"].upper())
    specialty = document.get("thesis", {}).get("specialty", {})
    if "code" in specialty:
        yield _etd("subject", specialty["code"], scheme="VAK")


def _descriptions(document: Document) -> Elements:
    for abstract in document.get("abstracts", ()):
        yield _etd("description", abstract["text"], language=abstract.get("language"))
    for note in document.get("notes", ()):
        yield _etd("description", note, role="note")


def _contributors(document: Document) -> Elements:
    for agent in document.get("contributors", ()):
        role = vocabulary.RELATORS[agent["role"]].label if "role" in agent else None
        yield _etd("contributor", profile.agent_name(agent), role=role, resource=_orcid(agent))


def _rights(record: Record) -> Elements:
    yield _etd("rights", vocabulary.ACCESS_RIGHTS[record.access_right].label, language="en")
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence:
        yield _etd("rights", licence.url or licence.label)


def _degree(document: Document) -> Elements:
    thesis = document.get("thesis")
    if thesis:
        specialty = thesis.get("specialty", {})
        yield _etd(
            "degree",
            _etd("name", vocabulary.DEGREES[thesis["degree"]], language="en"),
            _etd("level", _LEVELS[thesis["degree"]]),
            *(_etd("discipline", one) for one in filter(None, [specialty.get("name")])),
            *(_etd("grantor", one) for one in filter(None, [thesis.get("grantor")])),
        )

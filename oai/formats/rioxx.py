"""rioxx: RIOXX 3.0, for CORE and the funders of the United Kingdom.

Elements in the order of the profile. It needs a creator and a language; a work without them is
not offered in it.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import LINKS, Document
from repository.records import Record, RecordFile
from schemas import languages, vocabulary
from schemas import work as profile
from schemas.vocabulary import Access

NAMESPACE = "http://www.rioxx.net/schema/v3.0/rioxx/"
SCHEMA = "http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd"
VERSION = 1

_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_TERMS = "http://www.rioxx.net/schema/v3.0/rioxxterms/"
_rioxx = Names(
    NAMESPACE,
    {"rioxx": NAMESPACE, "dc": _DC, "dcterms": _DCTERMS, "rioxxterms": _TERMS, "xsi": XSI},
)
_dc = Names(_DC)
_dcterms = Names(_DCTERMS)
_terms = Names(_TERMS)

_ACCESS = {
    Access.OPEN: "open",
    Access.REGISTERED: "restricted",
    Access.CAMPUS: "restricted",
    Access.STAFF: "restricted",
    Access.CLOSED: "metadata-only",
}
# IANA's words for what another work is to this one.
_LINKED = {
    "is_part_of": "collection",
    "has_part": "item",
    "is_version_of": "latest-version",
    "has_version": "working-copy",
    "replaces": "predecessor-version",
    "is_replaced_by": "successor-version",
}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element | None:
    """The record in RIOXX; None where the profile's mandatory elements are missing."""
    document = record.document
    if not document.get("creators") or not document.get("languages"):
        return None
    title, _ = said.main_title(document)
    return located(
        _rioxx.root(
            "rioxx",
            *_coverage(document),
            *(_dc("description", one["text"]) for one in document.get("abstracts", ())),
            _dc("identifier", record.url),
            *(_dc("language", languages.alpha3(one)) for one in document["languages"]),
            *_relations(record),
            *_source(document),
            *(_dc("subject", one["text"]) for one in document.get("keywords", ())),
            _dc("title", title),
            _dc("type", profile.work_type(document).uri),
            *_accepted(document),
            *_agents("contributor", document.get("contributors", ())),
            *_creators(document),
            *_others(document),
            *_grants(document),
            *_published(document),
            *(
                _terms("publisher", _terms("name", one["name"]))
                for one in document.get("publishers", ())
            ),
            _terms("record_public_release_date", f"{record.published:%Y-%m-%d}"),
        ),
        SCHEMA,
    )


def _coverage(document: Document) -> Elements:
    for one in document.get("coverage", ()):
        yield _dc("coverage", one["text"])


def _relations(record: Record) -> Elements:
    for file in record.files:
        yield _file(record, file)
    for _, _, address in said.links(record, "doi", "handle"):
        yield _dc("relation", address, rel="cite-as")


def _file(record: Record, file: RecordFile) -> etree._Element:
    key = "embargoed" if file.embargo_until and file.level is Access.CLOSED else _ACCESS[file.level]
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    exposed = file.embargo_until if key == "embargoed" else record.published
    return _dc(
        "relation",
        file.url,
        rel="item",
        type=file.media_type,
        coar_type=profile.work_type(record.document).uri,
        coar_version=record.document.get("version_type"),
        deposit_date=f"{record.published:%Y-%m-%d}",
        resource_exposed_date=f"{exposed:%Y-%m-%d}",
        access_rights=vocabulary.ACCESS_RIGHTS[key].uri,
        license_ref=licence.url or None if licence else None,
    )


def _source(document: Document) -> Elements:
    host = document.get("host", {})
    for number in [*host.get("issn", ()), *filter(None, [host.get("isbn")])][:1]:
        yield _dc("source", number)


def _accepted(document: Document) -> Elements:
    for day in filter(None, [said.day(document.get("accepted"))]):
        yield _dcterms("dateAccepted", day)


def _agents(element: str, agents: list[Document]) -> Elements:
    for agent in agents:
        yield _agent(element, agent)


def _creators(document: Document) -> Elements:
    first, *others = document["creators"]
    yield _agent("creator", first, **{"first-named-author": "true"})
    yield from _agents("creator", others)


def _agent(element: str, agent: Document, **attributes: str) -> etree._Element:
    rors = [
        one["ror"] for one in agent.get("affiliations", ()) if agent.get("name") and "ror" in one
    ]
    orcid = f"https://orcid.org/{agent['orcid']}" if "orcid" in agent else None
    return _terms(
        element,
        _terms("name", profile.agent_name(agent)),
        *(_terms("id", one) for one in filter(None, [orcid, *rors])),
        **attributes,
    )


def _others(document: Document) -> Elements:
    for one in document.get("relations", ()):
        link = LINKS.get(one.get("scheme", ""))
        if link and one.get("value"):
            yield _terms(
                "ext_relation",
                link % one["value"],
                rel=_LINKED.get(one["kind"], "related"),
                coar_type=vocabulary.TYPES["other"].uri,
            )


def _grants(document: Document) -> Elements:
    for grant in document.get("funding", ()):
        if "award" in grant:
            yield _terms(
                "grant",
                grant["award"],
                funder_name=grant["funder"],
                funder_id=grant.get("funder_id"),
            )


def _published(document: Document) -> Elements:
    for day in filter(None, [said.issued(document)]):
        yield _terms("publication_date", day)

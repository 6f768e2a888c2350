"""rioxx: RIOXX 3.0, for CORE and the funders of the United Kingdom.

Elements in the order of the profile's schema. It needs a creator; a work without one is not offered
in it. A work without a language is in `und`, which is how ISO 639-3 says that it is not known.

`dc:relation` is for what this archive keeps: its files, closed ones too. Identifiers that may lead
elsewhere, as DOIs of publishers do, are `rioxxterms:ext_relation`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record, RecordFile
from schemas import languages, vocabulary
from schemas import work as profile
from schemas.vocabulary import Access, Copying

NAMESPACE = "http://www.rioxx.net/schema/v3.0/rioxx/"
SCHEMA = "http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd"
VERSION = 2

_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_TERMS = "http://www.rioxx.net/schema/v3.0/rioxxterms/"
_rioxx = Names(
    NAMESPACE,
    {None: NAMESPACE, "dc": _DC, "dcterms": _DCTERMS, "rioxxterms": _TERMS, "xsi": XSI},
)
_dc = Names(_DC)
_dcterms = Names(_DCTERMS)
_terms = Names(_TERMS)

# Schemes by which works are cited; relations to other forms of the same work, and to its data.
_CITED = ("doi", "handle", "arxiv", "urn")
_SAME = ("is_version_of", "has_version", "replaces", "is_replaced_by")
_BESIDE = ("is_supplement_to", "is_supplemented_by")
_VERSION_OF_RECORD = f"{vocabulary.COAR}version/c_970fb48d4fbd8a85"
# Classifications that have addresses of their own: the profile prefers those.
_CODES = {
    "ddc": "info:eu-repo/classification/ddc/%s",
    "udc": "info:eu-repo/classification/udc/%s",
}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element | None:
    """The record in RIOXX; None where nobody is named as its creator."""
    document = record.document
    if not document.get("creators"):
        return None
    title, _ = said.main_title(document)
    return located(
        _rioxx.root(
            "rioxx",
            *_coverage(document),
            *(
                _dc("description", one["text"], language=one.get("language"))
                for one in _abstracts(document)
            ),
            _dc("identifier", record.url),
            *_languages(document),
            *(_file(record, file) for file in record.files),
            *_source(document),
            *_subjects(document),
            _dc("title", title),
            _dc("type", profile.work_type(document).uri),
            *_accepted(document),
            *_agents("contributor", document.get("contributors", ())),
            *_creators(document),
            *_own_identifiers(record),
            *_others(document),
            *_grants(document),
            *_published(document),
            *(_terms("publisher", _terms("name", one)) for one in said.publishers(document)),
            _terms("record_public_release_date", f"{record.published:%Y-%m-%d}"),
        ),
        SCHEMA,
    )


def _coverage(document: Document) -> Elements:
    for one in document.get("coverage", ()):
        yield _dc("coverage", one["text"])


def _abstracts(document: Document) -> list[Document]:
    """English first, as the profile recommends."""
    return sorted(document.get("abstracts", ()), key=lambda one: one.get("language") != "en")


def _languages(document: Document) -> Elements:
    for code in document.get("languages") or ["und"]:
        yield _dc("language", languages.alpha3(code))


def _subjects(document: Document) -> Elements:
    for one in document.get("keywords", ()):
        yield _dc("subject", one["text"], language=one.get("language"))
    for one in document.get("classification", ()):
        yield _dc("subject", _CODES.get(one["scheme"], f"{one['scheme'].upper()} %s") % one["code"])


def _file(record: Record, file: RecordFile) -> etree._Element:
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    exposed = _exposed(record, file)
    return _dc(
        "relation",
        file.url,
        rel="item",
        type=file.media_type,
        coar_type=profile.work_type(record.document).uri,
        coar_version=record.document.get("version_type"),
        deposit_date=f"{file.deposited:%Y-%m-%d}" if file.deposited else None,
        resource_exposed_date=exposed.isoformat() if exposed else None,
        access_rights=said.file_right(file).uri,
        license_ref=licence.url or None if licence else None,
    )


def _exposed(record: Record, file: RecordFile) -> date | None:
    """The day on which everybody could open the file, or will be able to."""
    if file.access is not Access.OPEN or file.embargo_until == date.max:
        return None
    if file.copying is not Copying.ALLOWED or file.over:
        return None
    days = [record.published.date()]
    if file.deposited:
        days.append(file.deposited.date())
    if file.embargo_until:
        days.append(file.embargo_until + timedelta(days=1))
    elif file.level is not Access.OPEN:
        return None
    return max(days)


def _source(document: Document) -> Elements:
    host = document.get("host", {})
    numbers = [*host.get("issn", ()), *filter(None, [host.get("isbn")])]
    for number in numbers[:1]:
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
    orcid = f"https://orcid.org/{agent['orcid']}" if "orcid" in agent else None
    return _terms(
        element,
        _terms("name", profile.agent_name(agent)),
        *(_terms("id", one) for one in (orcid, said.ror(agent)) if one),
        **attributes,
    )


def _own_identifiers(record: Record) -> Elements:
    document = record.document
    for scheme, _, address in said.links(record, *_CITED):
        # What came out in a journal or a book has the DOI of what came out there.
        published = scheme == "doi" and "host" in document
        yield _terms(
            "ext_relation",
            address,
            rel="cite-as",
            coar_type=profile.work_type(document).uri,
            coar_version=_VERSION_OF_RECORD if published else None,
        )


def _others(document: Document) -> Elements:
    for one in document.get("relations", ()):
        scheme, same = one.get("scheme", ""), one["kind"] in _SAME
        if one.get("value") and scheme in said.LINKS:
            cited = scheme in _CITED and (same or one["kind"] in _BESIDE)
            yield _terms(
                "ext_relation",
                said.address(scheme, one["value"]),
                rel="cite-as" if cited else "related",
                # What kind of work another one is is not known.
                coar_type=(profile.work_type(document) if same else vocabulary.TYPES["other"]).uri,
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

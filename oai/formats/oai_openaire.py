"""oai_openaire: the OpenAIRE guidelines for literature repositories, version 4.

The properties come in the order of the guidelines' list. The identifier is the work's page here:
a DOI may lead to the publisher's copy, and stands among the alternate identifiers. A work without
creators has none: they are "mandatory if applicable". One without a language is in `und`.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import datacite, said
from oai.formats.datacite import kernel
from oai.formats.said import Document
from repository.records import Record, RecordFile
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://namespace.openaire.eu/schema/oaire/"
SCHEMA = "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd"
VERSION = 2

_DC = "http://purl.org/dc/elements/1.1/"
_PREFIXES = {"oaire": NAMESPACE, "datacite": datacite.NAMESPACE, "dc": _DC, "xsi": XSI}
_oaire = Names(NAMESPACE, _PREFIXES)
_dc = Names(_DC)

# COAR's words; where the guidelines lack COAR's term, those of the nearest that they have.
_WORDS = {
    "article": "journal article",
    "review-article": "review article",
    "preprint": "preprint",
    "working-paper": "working paper",
    "conference-paper": "conference paper",
    "conference-poster": "conference poster",
    "proceedings": "conference proceedings",
    "monograph": "book",
    "book-part": "book part",
    "textbook": "book",
    "periodical": "journal",
    "periodical-issue": "periodical",
    "doctoral-thesis": "doctoral thesis",
    "master-thesis": "master thesis",
    "bachelor-thesis": "bachelor thesis",
    "thesis-abstract": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "lecture": "lecture",
    "image": "image",
    "sound": "sound",
    "video": "video",
    "map": "map",
    "other": "other",
}
_NEAREST = {"textbook": "monograph"}
_GENERAL = {"dataset": "dataset", "software": "software"}
_OTHER = ("image", "sound", "video", "map")

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The record as OpenAIRE 4 wants it."""
    document = record.document
    return located(
        _oaire.root(
            "resource",
            datacite.titles(document),
            *datacite.creators(document),
            *datacite.contributors(document),
            *datacite.funding(document, _oaire),
            *datacite.alternates(record, but=record.url),
            *datacite.related(document),
            *datacite.dates(record),
            *(_dc("language", one) for one in _languages(document)),
            *(_dc("publisher", one) for one in said.publishers(document)),
            _type(document),
            *(
                _dc("description", one["text"], language=one.get("language"))
                for one in document.get("abstracts", ())
            ),
            *(_dc("format", one) for one in dict.fromkeys(f.media_type for f in record.files)),
            kernel("identifier", record.url, identifierType="URL"),
            _rights(record),
            *(_dc("source", said.citation(one)) for one in filter(None, [document.get("host")])),
            *datacite.subjects(document),
            *_licence(record),
            *(_dc("coverage", one["text"]) for one in document.get("coverage", ())),
            *datacite.sizes(record),
            *datacite.places(document),
            *_version(document),
            *(_file(document, one) for one in record.files),
            *_citation(document),
        ),
        SCHEMA,
    )


def _languages(document: Document) -> list[str]:
    return [languages.alpha3(one) for one in document.get("languages", ())] or ["und"]


def _type(document: Document) -> etree._Element:
    kind = profile.work_type(document)
    nearest = vocabulary.TYPES[_NEAREST.get(kind.key, kind.key)]
    general = "other research product" if kind.key in _OTHER else "literature"
    return _oaire(
        "resourceType",
        _WORDS[kind.key],
        resourceTypeGeneral=_GENERAL.get(kind.key, general),
        uri=nearest.uri,
    )


def _rights(record: Record) -> etree._Element:
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    words = {"metadata-only": "metadata only access"}
    return kernel("rights", words.get(right.key, f"{right.key} access"), rightsURI=right.uri)


def _licence(record: Record) -> Elements:
    licence = datacite.licence(record.document)
    if licence:
        starts = said.embargo_end(record) or f"{record.published:%Y-%m-%d}"
        yield _oaire("licenseCondition", licence.label, startDate=starts, uri=licence.url or None)


def _version(document: Document) -> Elements:
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    if version:
        yield _oaire("version", version.key, uri=version.uri)


def _file(document: Document, file: RecordFile) -> etree._Element:
    kind = profile.work_type(document).key
    literature = {"dataset": "dataset", "software": "software"}.get(kind, "fulltext")
    return _oaire(
        "file",
        file.url,
        accessRightsURI=said.file_right(file).uri,
        mimeType=file.media_type,
        objectType="other" if kind in _OTHER else literature,
    )


def _citation(document: Document) -> Elements:
    host = document.get("host", {})
    first, last = datacite.pages(host)
    conference = host.get("kind") == "conference"
    values = {
        "citationTitle": host.get("title"),
        "citationVolume": host.get("volume"),
        "citationIssue": host.get("issue"),
        "citationStartPage": first or host.get("article_number"),
        "citationEndPage": last,
        "citationEdition": document.get("edition"),
        "citationConferencePlace": host.get("place") if conference else None,
        "citationConferenceDate": host.get("date") if conference else None,
    }
    for element, value in values.items():
        if value:
            yield _oaire(element, value)

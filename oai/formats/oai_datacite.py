"""oai_datacite: DataCite's metadata schema 4.6 in its wrapper for OAI-PMH."""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import datacite, said
from oai.formats.datacite import kernel
from oai.formats.said import Document
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

NAMESPACE = "http://schema.datacite.org/oai/oai-1.1/"
SCHEMA = "http://schema.datacite.org/oai/oai-1.1/oai.xsd"
VERSION = 1

KERNEL = "4.6"
KERNEL_SCHEMA = "https://schema.datacite.org/meta/kernel-4.6/metadata.xsd"
_wrapper = Names(NAMESPACE, {None: NAMESPACE, "xsi": XSI})

GENERAL = {
    "article": "JournalArticle",
    "review-article": "JournalArticle",
    "preprint": "Preprint",
    "working-paper": "Report",
    "conference-paper": "ConferencePaper",
    "conference-poster": "Text",
    "proceedings": "ConferenceProceeding",
    "monograph": "Book",
    "book-part": "BookChapter",
    "textbook": "Book",
    "periodical": "Journal",
    "periodical-issue": "Journal",
    "doctoral-thesis": "Dissertation",
    "master-thesis": "Dissertation",
    "bachelor-thesis": "Dissertation",
    "thesis-abstract": "Dissertation",
    "report": "Report",
    "dataset": "Dataset",
    "software": "Software",
    "lecture": "Text",
    "image": "Image",
    "sound": "Sound",
    "video": "Audiovisual",
    "map": "Image",
    "other": "Other",
}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The record in DataCite's kernel, wrapped."""
    return located(
        _wrapper.root(
            "oai_datacite",
            _wrapper("schemaVersion", KERNEL),
            _wrapper("datacentreSymbol", "OPENARCHIVE"),
            _wrapper("payload", resource(record)),
        ),
        SCHEMA,
    )


def resource(record: Record) -> etree._Element:
    """The record in DataCite's kernel: identified by its DOI, or by its address."""
    document = record.document
    kind = profile.work_type(document)
    scheme, identifier = _identifier(record)
    return located(
        kernel.root(
            "resource",
            kernel("identifier", identifier, identifierType=scheme),
            datacite.creators(document),
            datacite.titles(document),
            kernel("publisher", _publisher(document)),
            kernel(
                "publicationYear", str(profile.year(document) or record.published.year).zfill(4)
            ),
            kernel("resourceType", kind.label, resourceTypeGeneral=GENERAL[kind.key]),
            *datacite.subjects(document),
            *datacite.contributors(document),
            *datacite.dates(record),
            *(kernel("language", one) for one in document.get("languages", ())[:1]),
            *datacite.alternates(record, but=identifier),
            *datacite.related(document),
            *datacite.sizes(record),
            *_formats(record),
            kernel("version", str(record.version)),
            _rights(record),
            *_descriptions(document),
            *datacite.places(document),
            *datacite.funding(document, kernel),
        ),
        KERNEL_SCHEMA,
    )


def _identifier(record: Record) -> tuple[str, str]:
    dois = said.links(record, "doi")
    return ("DOI", dois[0][1]) if dois else ("URL", record.url)


def _publisher(document: Document) -> str:
    names = [one["name"] for one in document.get("publishers", ())]
    grantor = document.get("thesis", {}).get("grantor")
    return next(filter(None, [*names, grantor]), datacite.UNAVAILABLE)


def _formats(record: Record) -> Elements:
    kinds = dict.fromkeys(file.media_type for file in record.files)
    if kinds:
        yield kernel("formats", *(kernel("format", one) for one in kinds))


def _rights(record: Record) -> etree._Element:
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    licence = datacite.rights(record.document)
    return kernel(
        "rightsList",
        kernel("rights", right.label, rightsURI=right.uri, rightsIdentifierScheme="COAR"),
        kernel("rights", licence.label, rightsURI=licence.url or None) if licence else None,
    )


def _descriptions(document: Document) -> Elements:
    host = document.get("host")
    found = [
        *(
            kernel(
                "description",
                one["text"],
                descriptionType="Abstract",
                language=one.get("language"),
            )
            for one in document.get("abstracts", ())
        ),
        *(kernel("description", one, descriptionType="Other") for one in document.get("notes", ())),
    ]
    if host:
        found.append(
            kernel("description", said.citation(host), descriptionType="SeriesInformation")
        )
    if found:
        yield kernel("descriptions", *found)

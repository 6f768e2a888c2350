"""oai_datacite: DataCite's metadata schema 4.6 in its wrapper for OAI-PMH.

Six properties are mandatory: a creator or publisher that is not known is `(:unav)`, a work without
a date came out when it was published here, and one without a DOI goes by its address.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

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
VERSION = 2
ENDING = "datacite"

KERNEL = "4.6"
KERNEL_SCHEMA = "https://schema.datacite.org/meta/kernel-4.6/metadata.xsd"
# What the kernel has had since 4.6.
_CONTRIBUTORS = {"trl": "Translator"}
_RELATIONS = {"is_translation_of": "IsTranslationOf", "has_translation": "HasTranslation"}
_HOSTS = {"journal": "Journal", "book": "Book", "conference": "ConferenceProceeding"}
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
            # DataCite's own name of the account; this archive's host, as it has none.
            _wrapper("datacentreSymbol", (urlsplit(record.url).hostname or "").upper()),
            _wrapper("payload", resource(record)),
        ),
        SCHEMA,
    )


def alone(record: Record) -> etree._Element:
    """The record in DataCite's kernel, as a document of its own."""
    return resource(record)


def resource(record: Record) -> etree._Element:
    """The record in DataCite's kernel: identified by its DOI, or by its address."""
    document = record.document
    kind = profile.work_type(document)
    scheme, identifier = _identifier(record)
    return located(
        kernel.root(
            "resource",
            kernel("identifier", identifier, identifierType=scheme),
            *(datacite.creators(document) if document.get("creators") else [_unknown()]),
            datacite.titles(document),
            kernel("publisher", _publisher(document)),
            kernel("publicationYear", said.dated(record)[:4]),
            kernel("resourceType", kind.label, resourceTypeGeneral=GENERAL[kind.key]),
            *datacite.subjects(document),
            *datacite.contributors(document, _CONTRIBUTORS),
            *datacite.dates(record),
            *(kernel("language", one) for one in document.get("languages", ())[:1]),
            *datacite.alternates(record, but=identifier),
            *datacite.related(document, _RELATIONS),
            *datacite.sizes(record),
            *_formats(record),
            kernel("version", str(record.version)),
            _rights(record),
            *_descriptions(document),
            *datacite.places(document),
            *datacite.funding(document, kernel),
            *_host(document),
        ),
        KERNEL_SCHEMA,
    )


def _identifier(record: Record) -> tuple[str, str]:
    dois = said.links(record, "doi")
    return ("DOI", dois[0][1]) if dois else ("URL", record.url)


def _unknown() -> etree._Element:
    return kernel("creators", kernel("creator", kernel("creatorName", datacite.UNAVAILABLE)))


def _publisher(document: Document) -> str:
    return next(iter(said.publishers(document)), datacite.UNAVAILABLE)


def _formats(record: Record) -> Elements:
    kinds = dict.fromkeys(file.media_type for file in record.files)
    if kinds:
        yield kernel("formats", *(kernel("format", one) for one in kinds))


def _rights(record: Record) -> etree._Element:
    # The access in OpenAIRE's term for archives of data and in COAR's, then the terms of use.
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    licence = datacite.licence(record.document)
    return kernel(
        "rightsList",
        kernel("rights", right.label, rightsURI=f"info:eu-repo/semantics/{right.eu_repo}"),
        kernel("rights", right.label, rightsURI=right.uri, rightsIdentifierScheme="COAR"),
        _licence(licence) if licence else None,
    )


def _licence(licence: vocabulary.Licence) -> etree._Element:
    known = licence.key.startswith("cc")
    return kernel(
        "rights",
        licence.label,
        rightsURI=licence.url or None,
        rightsIdentifier=licence.key.upper() if known else None,
        rightsIdentifierScheme="SPDX" if known else None,
        schemeURI="https://spdx.org/licenses/" if known else None,
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
    places = [said.citation(host)] if host else []
    for one in document.get("series", ()):
        places.append(", ".join(filter(None, (one["title"], one.get("number")))))
    found += [kernel("description", one, descriptionType="SeriesInformation") for one in places]
    if found:
        yield kernel("descriptions", *found)


def _host(document: Document) -> Elements:
    """The journal, book or conference that holds the work."""
    host = document.get("host")
    if not host:
        return
    first, last = datacite.pages(host)
    values = {"volume": host.get("volume"), "issue": host.get("issue")}
    article = host.get("article_number")
    yield kernel(
        "relatedItems",
        kernel(
            "relatedItem",
            *_host_number(host),
            kernel("titles", kernel("title", host["title"])),
            *(kernel(name, value) for name, value in values.items() if value),
            kernel("number", article, numberType="Article") if article else None,
            kernel("firstPage", first) if first else None,
            kernel("lastPage", last) if last else None,
            *_host_editors(host),
            relatedItemType=_HOSTS[host["kind"]],
            relationType="IsPublishedIn",
        ),
    )


def _host_number(host: Document) -> Elements:
    numbers = [("ISSN", one) for one in host.get("issn", ())]
    numbers += [("ISBN", host["isbn"])] if "isbn" in host else []
    for scheme, value in numbers[:1]:
        yield kernel("relatedItemIdentifier", value, relatedItemIdentifierType=scheme)


def _host_editors(host: Document) -> Elements:
    if host.get("editors"):
        yield kernel(
            "contributors",
            *(
                kernel("contributor", kernel("contributorName", one), contributorType="Editor")
                for one in host["editors"]
            ),
        )

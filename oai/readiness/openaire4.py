"""The rules of OpenAIRE's guidelines for literature repositories 4, in oai_openaire."""

import re
from collections.abc import Iterator

from lxml import etree

from oai.readiness import sharing
from oai.readiness.base import PAGE
from oai.readiness.oai import PROGRAM
from oai.readiness.provider import Item, Provider
from oai.readiness.rules import MAY, MUST, SHOULD, Book
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


PREFIX = "oai_openaire"
OAIRE = "http://namespace.openaire.eu/schema/oaire/"
DATACITE = "http://datacite.org/schema/kernel-4"
BOOK = Book("openaire4", "OpenAIRE 4", prefix=PREFIX)

NAMES = {"oaire": OAIRE, "datacite": DATACITE, "dc": "http://purl.org/dc/elements/1.1/"}
IDENTIFIERS = frozenset(
    "ARK arXiv bibcode DOI EAN13 EISSN Handle IGSN ISBN ISSN ISTC LISSN LSID PISSN PMID PURL UPC "
    "URL URN WOS".split()
)
GENERAL = frozenset(("literature", "dataset", "software", "other research product"))
OBJECTS = frozenset("fulltext dataset software other".split())
OPEN, EMBARGOED = ("c_abf2", "c_f1cf")
_MIME = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")


def found(item: Item, path: str) -> list[etree._Element]:
    """The elements at a path below the record's root."""
    return [] if item.metadata is None else list(item.metadata.iterfind(path, NAMES))


def text(element: etree._Element) -> str:
    """What an element says."""
    return "".join(map(str, element.itertext())).strip()


def _has(item: Item, path: str) -> Message | None:
    if any(text(one) for one in found(item, path)):
        return None
    return sharing.lacks(path.removeprefix(".//"))


def _coar(kind: str, said: str | None) -> bool:
    return bool(said) and bool(sharing.COAR.fullmatch(str(said))) and f"/{kind}/" in str(said)


@BOOK.repository("format", MUST, _("Records come in oai_openaire."), PROGRAM)
def own_format(provider: Provider) -> Message | None:
    """The format, with its namespace."""
    return sharing.format_offered(provider, PREFIX, OAIRE)


@BOOK.repository("batch", SHOULD, _("A page of a list has 100 to 500 records."), PAGE)
def batch(provider: Provider) -> Message | None:
    """The size of the first page."""
    return sharing.batch(provider, PREFIX)


@BOOK.repository("token_lasts", SHOULD, _("Tokens last for 24 hours or more, and say so."), PROGRAM)
def token_lasts(provider: Provider) -> Message | None:
    """expirationDate is a day ahead."""
    return sharing.token_lasts(provider, PREFIX, 24)


@BOOK.repository("deletions", SHOULD, _("It tells harvesters what was deleted."), PROGRAM)
def deletions(provider: Provider) -> Message | None:
    """deletedRecord is not "no"."""
    said = provider.identify("deletedRecord")
    return None if said in ("transient", "persistent") else sharing.odd("deletedRecord", said)


@BOOK.records("root", MUST, _("The record's root is oaire:resource."), PROGRAM)
def root(item: Item) -> Message | None:
    """The root's name and namespace."""
    if item.metadata is not None and item.metadata.tag == f"{{{OAIRE}}}resource":
        return None
    said = "–" if item.metadata is None else etree.QName(item.metadata).text
    return sharing.odd("metadata", said)


@BOOK.records(
    "title", MUST, _("A record has a title."), _("Write the work's title."), place="about"
)
def title(item: Item) -> Message | None:
    """datacite:title."""
    return _has(item, ".//datacite:title")


@BOOK.records(
    "creator",
    SHOULD,
    _("A record names who made the work."),
    _("Write the authors, or the organisation that made the work."),
    place="people",
)
def creator(item: Item) -> Message | None:
    """datacite:creatorName."""
    return _has(item, ".//datacite:creatorName")


@BOOK.records(
    "creator_form",
    SHOULD,
    _("Persons are written Family, Given."),
    _("Write family name and given name into fields of their own."),
    place="people",
)
def creator_form(item: Item) -> Message | None:
    """A person with a given name has a comma."""
    for one in found(item, ".//datacite:creator"):
        name, given = (one.find(f"datacite:{tag}", NAMES) for tag in ("creatorName", "givenName"))
        personal = name is not None and name.get("nameType", "Personal") == "Personal"
        if personal and name is not None and given is not None and "," not in text(name):
            return sharing.odd("datacite:creatorName", text(name))
    return None


@BOOK.records(
    "creator_identifier",
    MUST,
    _("An identifier of a person names its scheme, as ORCID."),
    PROGRAM,
)
def creator_identifier(item: Item) -> Message | None:
    """nameIdentifierScheme is there."""
    for one in found(item, ".//datacite:nameIdentifier"):
        if not one.get("nameIdentifierScheme"):
            return sharing.odd("datacite:nameIdentifier", text(one))
    return None


@BOOK.records(
    "contributor",
    MUST,
    _("Each contributor has a role of the list."),
    _("Choose the role of each contributor."),
    place="people",
)
def contributor(item: Item) -> Message | None:
    """contributorType is there."""
    for one in found(item, ".//datacite:contributor"):
        if not one.get("contributorType"):
            return sharing.odd("datacite:contributor", text(one))
    return None


@BOOK.records(
    "funder",
    MUST,
    _("Each grant names who gave it."),
    _("Write the funder of the grant."),
    place="about",
)
def funder(item: Item) -> Message | None:
    """funderName in each fundingReference."""
    for one in found(item, ".//oaire:fundingReference"):
        if not any(text(name) for name in one.iterchildren("{*}funderName")):
            return sharing.lacks("oaire:funderName")
    return None


@BOOK.records(
    "date",
    MUST,
    _("A record has one date of publication, without a time of day."),
    _("Write the date of publication; the year is enough."),
    place="about",
)
def date(item: Item) -> Message | None:
    """The date Issued, once."""
    issued = list(_dates(item, "Issued"))
    if not issued:
        return sharing.lacks("datacite:date (Issued)")
    if len(issued) > 1:
        return Message("The record has %(count)s dates.", count=len(issued))
    return None if sharing.DATE.fullmatch(issued[0]) else sharing.odd("datacite:date", issued[0])


def _dates(item: Item, kind: str) -> Iterator[str]:
    for one in found(item, ".//datacite:date"):
        if one.get("dateType") == kind:
            yield text(one)


@BOOK.records(
    "embargo",
    MUST,
    _("An embargoed work says when the embargo ends."),
    _("Write the day on which the embargo ends, at the file."),
    place="rights",
)
def embargo(item: Item) -> Message | None:
    """The dates Accepted and Available, where the rights say embargoed."""
    uris = [one.get("rightsURI", "") for one in found(item, ".//datacite:rights")]
    if not any(one.endswith(EMBARGOED) for one in uris):
        return None
    if list(_dates(item, "Accepted")) and list(_dates(item, "Available")):
        return None
    return Message("It is embargoed, but no date says until when.")


@BOOK.records(
    "type",
    MUST,
    _("The kind of work is one term of COAR, with its general class."),
    _("Choose the kind of work from the list."),
    place="about",
)
def resource_type(item: Item) -> Message | None:
    """oaire:resourceType once, with its two attributes."""
    types = found(item, ".//oaire:resourceType")
    if len(types) != 1 or not text(types[0]):
        return sharing.lacks("oaire:resourceType")
    if types[0].get("resourceTypeGeneral") not in GENERAL:
        return sharing.odd("resourceTypeGeneral", types[0].get("resourceTypeGeneral", ""))
    uri = types[0].get("uri")
    return None if _coar("resource_type", uri) else sharing.odd("resourceType/@uri", uri or "")


@BOOK.records(
    "identifier",
    MUST,
    _("A record has one identifier of a known scheme."),
    PROGRAM,
)
def identifier(item: Item) -> Message | None:
    """datacite:identifier once, with a type of the list."""
    own = found(item, "datacite:identifier")
    if len(own) != 1 or not text(own[0]):
        return sharing.lacks("datacite:identifier")
    kind = own[0].get("identifierType", "")
    return None if kind in IDENTIFIERS else sharing.odd("identifierType", kind)


@BOOK.records("link", SHOULD, _("The identifier can be followed in a browser."), PROGRAM)
def link(item: Item) -> Message | None:
    """The identifier is an address."""
    for one in found(item, "datacite:identifier"):
        if not sharing.URL.fullmatch(text(one)):
            return sharing.odd("datacite:identifier", text(one))
    return None


@BOOK.records(
    "access",
    MUST,
    _("A record says whether the work is open, in a term of COAR."),
    _("Say of each file who may open it."),
    place="rights",
)
def access(item: Item) -> Message | None:
    """datacite:rights once, with its URI."""
    rights = found(item, ".//datacite:rights")
    if len(rights) != 1 or not text(rights[0]):
        return sharing.lacks("datacite:rights")
    uri = rights[0].get("rightsURI")
    return None if _coar("access_right", uri) else sharing.odd("rightsURI", uri or "")


@BOOK.records(
    "licence",
    MAY,
    _("A record gives its licence with its address."),
    _("Choose a licence with the authors, Creative Commons for example."),
    place="rights",
)
def licence(item: Item) -> Message | None:
    """oaire:licenseCondition with a URI."""
    if any(sharing.URL.fullmatch(one.get("uri", "")) for one in _licences(item)):
        return None
    return sharing.lacks("oaire:licenseCondition")


def _licences(item: Item) -> list[etree._Element]:
    return found(item, ".//oaire:licenseCondition")


@BOOK.records(
    "version",
    MAY,
    _("A record says which version of the text it is."),
    _("Say which version of the text the file is."),
    place="about",
)
def version(item: Item) -> Message | None:
    """oaire:version with a term of COAR."""
    if any(_coar("version", one.get("uri")) for one in found(item, ".//oaire:version")):
        return None
    return Message("The record does not say which version it is.")


@BOOK.records(
    "file",
    SHOULD,
    _("An open work gives the address of its file."),
    _("Add the file. If there is none that readers may open, the work is not open: say so."),
    place="files",
)
def file(item: Item) -> Message | None:
    """oaire:file, where the rights say open."""
    uris = [one.get("rightsURI", "") for one in found(item, ".//datacite:rights")]
    if not any(one.endswith(OPEN) for one in uris):
        return None
    if any(sharing.URL.fullmatch(text(one)) for one in found(item, ".//oaire:file")):
        return None
    return Message("It says that it is open, but gives no address of a file.")


@BOOK.records("file_facts", SHOULD, _("Each file has its access, media type and kind."), PROGRAM)
def file_facts(item: Item) -> Message | None:
    """The attributes of oaire:file."""
    for one in found(item, ".//oaire:file"):
        if not _coar("access_right", one.get("accessRightsURI")):
            return sharing.odd("accessRightsURI", one.get("accessRightsURI", ""))
        if not _MIME.fullmatch(one.get("mimeType", "")):
            return sharing.odd("mimeType", one.get("mimeType", ""))
        if one.get("objectType") not in OBJECTS:
            return sharing.odd("objectType", one.get("objectType", ""))
    return None


@BOOK.records(
    "language",
    SHOULD,
    _("Languages are codes of three letters (ISO 639-3), as kir, rus, eng."),
    _("Choose the language of the work from the list."),
    place="about",
)
def language(item: Item) -> Message | None:
    """dc:language, three letters."""
    codes = [text(one) for one in found(item, ".//dc:language")]
    wrong = [one for one in codes if not sharing.is_language(one, long=True)]
    if wrong:
        return sharing.odd("dc:language", wrong[0])
    return None if codes else sharing.lacks("dc:language")


@BOOK.records(
    "publisher",
    SHOULD,
    _("A record names the publisher."),
    _("Write the publisher; for a thesis the university."),
    place="about",
)
def publisher(item: Item) -> Message | None:
    """dc:publisher."""
    return _has(item, ".//dc:publisher")


@BOOK.records(
    "abstract",
    SHOULD,
    _("A record has an abstract."),
    _("Add an abstract; copy it from the file if there is one."),
    place="about",
)
def abstract(item: Item) -> Message | None:
    """dc:description."""
    return _has(item, ".//dc:description")


@BOOK.records(
    "subject",
    SHOULD,
    _("A record has keywords or codes of a classification."),
    _("Write keywords, or choose a UDC number."),
    place="about",
)
def subject(item: Item) -> Message | None:
    """datacite:subject."""
    return _has(item, ".//datacite:subject")


@BOOK.records("valid", MUST, _("A record's metadata keep their schema."), PROGRAM)
def valid(item: Item) -> Message | None:
    """The XML schema, where it is at hand."""
    return sharing.valid(item)

"""The rules of RIOXX 3.0, the profile of repositories in the United Kingdom that CORE reads."""

import re
from collections.abc import Iterator

from lxml import etree

from oai.readiness import sharing
from oai.readiness.oai import PROGRAM
from oai.readiness.provider import Item, Provider
from oai.readiness.rules import MAY, MUST, SHOULD, Book
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


PREFIX = "rioxx"
RIOXX = "http://www.rioxx.net/schema/v3.0/rioxx/"
BOOK = Book("rioxx", "RIOXX 3.0", prefix=PREFIX)

NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "terms": "http://www.rioxx.net/schema/v3.0/rioxxterms/",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RESOLVERS = re.compile(r"https?://(dx\.)?(doi\.org|hdl\.handle\.net|arxiv\.org|n2t\.net)/")
_NUMBER = re.compile(r"(urn:)?(issn|isbn)?[: ]?[0-9][0-9-]{7,16}[0-9Xx]", re.IGNORECASE)
_MARKUP = re.compile(r"</?(p|br|b|i|em|strong|sub|sup|div|span|a)\b[^>]*>", re.IGNORECASE)
_DATES = (
    "dcterms:dateAccepted",
    "terms:publication_date",
    "terms:record_public_release_date",
)
_FILE_DATES = ("deposit_date", "resource_exposed_date")


def found(item: Item, path: str) -> list[etree._Element]:
    """The elements at a path below the record's root."""
    return [] if item.metadata is None else list(item.metadata.iterfind(path, NAMES))


def text(element: etree._Element) -> str:
    """What an element says."""
    return "".join(map(str, element.itertext())).strip()


def _values(item: Item, path: str) -> list[str]:
    return [said for said in map(text, found(item, path)) if said]


@BOOK.repository("format", MUST, _("Records come in rioxx, version 3.0."), PROGRAM)
def own_format(provider: Provider) -> Message | None:
    """The format, with its namespace."""
    return sharing.format_offered(provider, PREFIX, RIOXX)


@BOOK.records("root", MUST, _("The record's root is rioxx."), PROGRAM)
def root(item: Item) -> Message | None:
    """The root's name and namespace."""
    if item.metadata is not None and item.metadata.tag == f"{{{RIOXX}}}rioxx":
        return None
    said = "–" if item.metadata is None else etree.QName(item.metadata).text
    return sharing.odd("metadata", said)


@BOOK.records(
    "identifier",
    MUST,
    _("The one dc:identifier is the address of the work's own page, not a DOI or handle."),
    PROGRAM,
)
def identifier(item: Item) -> Message | None:
    """One web address that no resolver stands in for."""
    said = _values(item, "dc:identifier")
    if len(said) != 1:
        return Message(
            "%(element)s is there %(count)s times.", element="dc:identifier", count=len(said)
        )
    plain = sharing.URL.fullmatch(said[0]) and not _RESOLVERS.match(said[0])
    return None if plain else sharing.odd("dc:identifier", said[0])


@BOOK.records(
    "title", MUST, _("A record has exactly one title."), _("Write the work's title."), place="about"
)
def title(item: Item) -> Message | None:
    """dc:title once."""
    count = len(_values(item, "dc:title"))
    if count == 1:
        return None
    return Message("%(element)s is there %(count)s times.", element="dc:title", count=count)


@BOOK.records(
    "type",
    MUST,
    _("The kind of work is a term of COAR."),
    _("Choose the kind of work from the list."),
    place="about",
)
def kind(item: Item) -> Message | None:
    """Each dc:type is the URI of a resource type."""
    said = _values(item, "dc:type")
    for one in said:
        if not sharing.COAR.fullmatch(one) or "/resource_type/" not in one:
            return sharing.odd("dc:type", one)
    return None if said else sharing.lacks("dc:type")


@BOOK.records(
    "language",
    MUST,
    _("A record gives the language of the work, as a code."),
    _("Choose the language of the work from the list."),
    place="about",
)
def language(item: Item) -> Message | None:
    """dc:language, of two or three letters, perhaps with a country."""
    said = _values(item, "dc:language")
    for one in said:
        if not _LANGUAGE.fullmatch(one) or not sharing.is_language(one.partition("-")[0]):
            return sharing.odd("dc:language", one)
    return None if said else sharing.lacks("dc:language")


@BOOK.records(
    "creator",
    MUST,
    _("A record names who made the work."),
    _("Write the authors, or the organisation that made the work."),
    place="people",
)
def creator(item: Item) -> Message | None:
    """Each rioxxterms:creator has a name."""
    makers = found(item, "terms:creator")
    if not makers:
        return sharing.lacks("rioxxterms:creator")
    if all(any(map(text, one.iterfind("terms:name", NAMES))) for one in makers):
        return None
    return sharing.lacks("rioxxterms:name")


@BOOK.records("first_author", SHOULD, _("The first author is marked as the first."), PROGRAM)
def first_author(item: Item) -> Message | None:
    """first-named-author on the first creator, and on no other."""
    marks = [one.get("first-named-author") == "true" for one in found(item, "terms:creator")]
    if not marks or (marks[0] and not any(marks[1:])):
        return None
    return Message("The first author is not marked, or another one is.")


@BOOK.records(
    "agent_identifier",
    MUST,
    _("Identifiers of persons and organisations are web addresses, as https://orcid.org/…"),
    PROGRAM,
)
def agent_identifier(item: Item) -> Message | None:
    """Each rioxxterms:id is a URI of https."""
    for said in _values(item, ".//terms:id"):
        if not said.startswith("https://"):
            return sharing.odd("rioxxterms:id", said)
    return None


@BOOK.records(
    "source",
    MUST,
    _("dc:source is one ISSN or ISBN."),
    _("Write the ISSN or ISBN of the journal or book with its scheme."),
    place="about",
)
def source(item: Item) -> Message | None:
    """At most one, and a number."""
    said = _values(item, "dc:source")
    if len(said) > 1:
        return Message(
            "%(element)s is there %(count)s times.", element="dc:source", count=len(said)
        )
    wrong = [one for one in said if not _NUMBER.fullmatch(one)]
    return sharing.odd("dc:source", wrong[0]) if wrong else None


@BOOK.records(
    "file",
    SHOULD,
    _("A record lists its files (dc:relation with rel=item)."),
    _("Add the file."),
    place="files",
)
def file(item: Item) -> Message | None:
    """One relation to a file at least."""
    return None if list(_files(item)) else Message("The record lists no file.")


def _files(item: Item) -> Iterator[etree._Element]:
    for one in found(item, "dc:relation"):
        if one.get("rel") == "item":
            yield one


@BOOK.records("relation", MUST, _("Each dc:relation says what it is (rel)."), PROGRAM)
def relation(item: Item) -> Message | None:
    """The attribute rel."""
    for one in found(item, "dc:relation"):
        if not one.get("rel"):
            return sharing.odd("dc:relation", text(one))
    return None


@BOOK.records("file_link", MUST, _("Each file is given by its web address."), PROGRAM)
def file_link(item: Item) -> Message | None:
    """The relation's text."""
    for one in _files(item):
        if not sharing.URL.fullmatch(text(one)):
            return sharing.odd("dc:relation", text(one))
    return None


@BOOK.records(
    "file_access",
    SHOULD,
    _("Each file says whether it is open, in a term of COAR."),
    _("Say of each file who may open it."),
    place="rights",
)
def file_access(item: Item) -> Message | None:
    """access_rights."""
    for one in _files(item):
        said = one.get("access_rights", "")
        if not sharing.COAR.fullmatch(said) or "/access_right/" not in said:
            return sharing.odd("access_rights", said)
    return None


@BOOK.records(
    "file_licence",
    MAY,
    _("Each file gives the address of its licence."),
    _("Choose a licence with the authors, Creative Commons for example."),
    place="rights",
)
def file_licence(item: Item) -> Message | None:
    """license_ref."""
    for one in _files(item):
        if not sharing.URL.fullmatch(one.get("license_ref", "")):
            return sharing.odd("license_ref", one.get("license_ref", ""))
    return None


@BOOK.records("file_dates", MUST, _("The dates of files are written as W3CDTF."), PROGRAM)
def file_dates(item: Item) -> Message | None:
    """deposit_date and resource_exposed_date."""
    for one in _files(item):
        for name in _FILE_DATES:
            said = one.get(name)
            if said is not None and not sharing.W3CDTF.fullmatch(said):
                return sharing.odd(name, said)
    return None


@BOOK.records(
    "elsewhere", MUST, _("What lies elsewhere says how it belongs here, and what it is."), PROGRAM
)
def elsewhere(item: Item) -> Message | None:
    """rel and coar_type of rioxxterms:ext_relation."""
    for one in found(item, "terms:ext_relation"):
        if not one.get("rel") or not one.get("coar_type"):
            return sharing.odd("rioxxterms:ext_relation", text(one))
    return None


@BOOK.records(
    "grant",
    MUST,
    _("Each grant names who gave it."),
    _("Write the funder of the grant."),
    place="about",
)
def grant(item: Item) -> Message | None:
    """funder_name or funder_id, and the grant's number."""
    for one in found(item, "terms:grant"):
        if not text(one) or not (one.get("funder_name") or one.get("funder_id")):
            return sharing.odd("rioxxterms:grant", text(one))
    return None


@BOOK.records(
    "dates",
    MUST,
    _("Dates are written 2024, 2024-05 or 2024-05-31, each at most once."),
    _("Write the date as year, year-month or year-month-day."),
    place="about",
)
def dates(item: Item) -> Message | None:
    """W3CDTF."""
    for path in _DATES:
        said = _values(item, path)
        if len(said) > 1:
            return Message("%(element)s is there %(count)s times.", element=path, count=len(said))
        if said and not sharing.W3CDTF.fullmatch(said[0]):
            return sharing.odd(path.replace("terms:", "rioxxterms:"), said[0])
    return None


@BOOK.records(
    "published",
    SHOULD,
    _("A record has a date of publication."),
    _("Write the date of publication; the year is enough."),
    place="about",
)
def published(item: Item) -> Message | None:
    """rioxxterms:publication_date."""
    if _values(item, "terms:publication_date"):
        return None
    return sharing.lacks("rioxxterms:publication_date")


@BOOK.records(
    "abstract",
    SHOULD,
    _("A record has an abstract."),
    _("Add an abstract; copy it from the file if there is one."),
    place="about",
)
def abstract(item: Item) -> Message | None:
    """dc:description."""
    return None if _values(item, "dc:description") else sharing.lacks("dc:description")


@BOOK.records(
    "plain",
    MUST,
    _("Texts are plain, without marks of HTML."),
    _("Take the marks of HTML (<p>, <b> and the like) out of the text."),
    place="about",
)
def plain(item: Item) -> Message | None:
    """No tags in title, description, subject, coverage."""
    for path in ("dc:title", "dc:description", "dc:subject", "dc:coverage"):
        for said in _values(item, path):
            if _MARKUP.search(said):
                return sharing.odd(path, said)
    return None

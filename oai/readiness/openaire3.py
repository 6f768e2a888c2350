"""The rules of OpenAIRE's guidelines for literature repositories 3, in oai_dc.

OpenAIRE harvests the set `openaire`. What it calls mandatory is a must here, mandatory if
applicable and recommended a should where a library can do something about it, else a may.
"""

import re

from oai.formats import oai_dc
from oai.readiness import sharing
from oai.readiness.base import ACCESS, EU_REPO, PAGE, TYPES
from oai.readiness.oai import PROGRAM
from oai.readiness.provider import Item, Provider
from oai.readiness.rules import MAY, MUST, SHOULD, Book
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BOOK = Book("openaire3", "OpenAIRE 3", prefix="oai_dc", spec="openaire")

VERSIONS = frozenset(
    "draft submittedVersion acceptedVersion publishedVersion updatedVersion".split()
)
_EMBARGO = re.compile(r"info:eu-repo/date/embargoEnd/[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GRANT = re.compile(r"info:eu-repo/grantAgreement/[^/]+/[^/]*/[^/]+(/[^/]*){0,3}")
_GRANTS = "info:eu-repo/grantAgreement/"
_OTHER = re.compile(
    EU_REPO + r"(altIdentifier|reference|dataset)/"
    r"(ark|arxiv|doi|hdl|isbn|pissn|eissn|issn|pmid|purl|urn|url|wos)/\S+"
)
_MIME = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")


@BOOK.repository("set", MUST, _("There is a set openaire."), PROGRAM)
def own_set(provider: Provider) -> Message | None:
    """ListSets names it, in small letters."""
    if "openaire" in provider.set_specs:
        return None
    return Message("ListSets has no set “%(spec)s”.", spec="openaire")


@BOOK.repository("format", MUST, _("Records come in oai_dc."), PROGRAM)
def own_format(provider: Provider) -> Message | None:
    """The format that OpenAIRE 3 reads."""
    return sharing.format_offered(provider, "oai_dc", oai_dc.NAMESPACE)


@BOOK.repository("batch", SHOULD, _("A page of a list has 100 to 500 records."), PAGE)
def batch(provider: Provider) -> Message | None:
    """The size of the first page."""
    return sharing.batch(provider, "oai_dc")


@BOOK.repository("token_lasts", SHOULD, _("Tokens last for 24 hours or more, and say so."), PROGRAM)
def token_lasts(provider: Provider) -> Message | None:
    """expirationDate is a day ahead."""
    return sharing.token_lasts(provider, "oai_dc", 24)


@BOOK.repository("deletions", SHOULD, _("It tells harvesters what was deleted."), PROGRAM)
def deletions(provider: Provider) -> Message | None:
    """deletedRecord is not "no"."""
    said = provider.identify("deletedRecord")
    return None if said in ("transient", "persistent") else sharing.odd("deletedRecord", said)


@BOOK.records(
    "title", MUST, _("A record has a title."), _("Write the work's title."), place="about"
)
def title(item: Item) -> Message | None:
    """dc:title."""
    return sharing.has(item, "dc:title")


@BOOK.records(
    "creator",
    MUST,
    _("A record names who made the work."),
    _("Write the authors, or the organisation that made the work."),
    place="people",
)
def creator(item: Item) -> Message | None:
    """dc:creator."""
    return sharing.has(item, "dc:creator")


@BOOK.records(
    "date",
    MUST,
    _("A record has one date of publication, without a time of day."),
    _("Write the date of publication; the year is enough."),
    place="about",
)
def date(item: Item) -> Message | None:
    """dc:date once, besides the end of an embargo."""
    found = [one for one in sharing.texts(item, "date") if not one.startswith("info:eu-repo/")]
    if not found:
        return sharing.lacks("dc:date")
    if len(found) > 1:
        return Message("The record has %(count)s dates.", count=len(found))
    return None if sharing.DATE.fullmatch(found[0]) else sharing.odd("dc:date", found[0])


@BOOK.records(
    "type",
    MUST,
    _("The first dc:type is a term of info:eu-repo."),
    _("Choose the kind of work from the list."),
    place="about",
)
def first_type(item: Item) -> Message | None:
    """One of the sixteen types, before all others."""
    found = sharing.texts(item, "type")
    if not found:
        return sharing.lacks("dc:type")
    known = found[0].startswith(EU_REPO) and found[0].removeprefix(EU_REPO) in TYPES
    return None if known else sharing.odd("dc:type", found[0])


@BOOK.records(
    "version",
    MAY,
    _("The second dc:type says which version it is: accepted, published and so on."),
    _("Say which version of the text the file is."),
    place="about",
)
def version(item: Item) -> Message | None:
    """A term of a version."""
    found = sharing.texts(item, "type")[1:2]
    if found and found[0].removeprefix(EU_REPO) in VERSIONS:
        return None
    return Message("The record does not say which version it is.")


@BOOK.records("link", MUST, _("The first dc:identifier is a web address."), PROGRAM)
def link(item: Item) -> Message | None:
    """The landing page comes first."""
    found = sharing.texts(item, "identifier")
    if not found:
        return sharing.lacks("dc:identifier")
    return None if sharing.URL.fullmatch(found[0]) else sharing.odd("dc:identifier", found[0])


@BOOK.records(
    "access",
    MUST,
    _("The first dc:rights says whether the work is open, in a term of info:eu-repo."),
    _("Say of each file who may open it."),
    place="rights",
)
def access(item: Item) -> Message | None:
    """One of the four terms."""
    found = sharing.texts(item, "rights")
    if not found:
        return sharing.lacks("dc:rights")
    known = found[0].startswith(EU_REPO) and found[0].removeprefix(EU_REPO) in ACCESS
    return None if known else sharing.odd("dc:rights", found[0])


@BOOK.records(
    "embargo",
    MUST,
    _("An embargoed work says when the embargo ends."),
    _("Write the day on which the embargo ends, at the file."),
    place="rights",
)
def embargo(item: Item) -> Message | None:
    """dc:date with embargoEnd, where dc:rights says embargoedAccess."""
    if f"{EU_REPO}embargoedAccess" not in sharing.texts(item, "rights"):
        return None
    if any(_EMBARGO.fullmatch(one) for one in sharing.texts(item, "date")):
        return None
    return Message("It is embargoed, but no date says until when.")


@BOOK.records(
    "content",
    MUST,
    _("The set openaire holds what is open, and what a project paid for."),
    PROGRAM,
)
def content(item: Item) -> Message | None:
    """openAccess, or a grant."""
    if f"{EU_REPO}openAccess" in sharing.texts(item, "rights"):
        return None
    if any(one.startswith(_GRANTS) for one in sharing.texts(item, "relation")):
        return None
    return Message("It is neither open nor paid for by a project.")


@BOOK.records(
    "grant",
    MUST,
    _("Projects are named as info:eu-repo/grantAgreement/Funder/Programme/Number."),
    _("Write funder and number of the grant."),
    place="about",
)
def grant(item: Item) -> Message | None:
    """The form of dc:relation where it names a grant."""
    for said in sharing.texts(item, "relation"):
        if said.startswith(_GRANTS) and not _GRANT.fullmatch(said):
            return sharing.odd("dc:relation", said)
    return None


@BOOK.records(
    "other_identifiers",
    SHOULD,
    _("Other identifiers are written with their scheme, as info:eu-repo/semantics/altIdentifier."),
    _("Choose the scheme of each identifier from the list."),
    place="about",
)
def other_identifiers(item: Item) -> Message | None:
    """The form of dc:relation where it begins so."""
    for said in sharing.texts(item, "relation"):
        if said.startswith(EU_REPO) and not _OTHER.fullmatch(said):
            return sharing.odd("dc:relation", said)
    return None


@BOOK.records(
    "licence",
    SHOULD,
    _("The second dc:rights is the address of the licence."),
    _("Choose a licence with the authors, Creative Commons for example."),
    place="rights",
)
def licence(item: Item) -> Message | None:
    """A web address among dc:rights."""
    if any(sharing.URL.fullmatch(one) for one in sharing.texts(item, "rights")[1:]):
        return None
    return Message("No dc:rights is the address of a licence.")


@BOOK.records(
    "abstract",
    SHOULD,
    _("A record has an abstract."),
    _("Add an abstract; copy it from the file if there is one."),
    place="about",
)
def abstract(item: Item) -> Message | None:
    """dc:description."""
    return sharing.has(item, "dc:description")


@BOOK.records(
    "subject",
    SHOULD,
    _("A record has keywords or codes of a classification."),
    _("Write keywords, or choose a UDC number."),
    place="about",
)
def subject(item: Item) -> Message | None:
    """dc:subject."""
    return sharing.has(item, "dc:subject")


@BOOK.records(
    "publisher",
    SHOULD,
    _("A record names the publisher."),
    _("Write the publisher; for a thesis the university."),
    place="about",
)
def publisher(item: Item) -> Message | None:
    """dc:publisher."""
    return sharing.has(item, "dc:publisher")


@BOOK.records(
    "language",
    SHOULD,
    _("Languages are codes of three letters (ISO 639-3), as kir, rus, eng."),
    _("Choose the language of the work from the list."),
    place="about",
)
def language(item: Item) -> Message | None:
    """dc:language, three letters."""
    found = sharing.texts(item, "language")
    if not found:
        return sharing.lacks("dc:language")
    wrong = [one for one in found if not sharing.is_language(one, long=True)]
    return sharing.odd("dc:language", wrong[0]) if wrong else None


@BOOK.records(
    "file_type",
    MAY,
    _("A record says of what type its files are, as application/pdf."),
    _("Add the file."),
    place="files",
)
def file_type(item: Item) -> Message | None:
    """dc:format has a media type."""
    if any(_MIME.fullmatch(one) for one in sharing.texts(item, "format")):
        return None
    return Message("No dc:format is a media type.")

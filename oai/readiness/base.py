"""The rules of BASE: the checks of its validator OVAL, and its golden rules.

What OVAL calls an error is a must here, a warning a should, a recommendation a may; a link and a
title are musts, for a record without them is of no use in a search engine.
"""

import re

from oai.readiness import sharing
from oai.readiness.oai import ADDRESS, FRONT, PROGRAM
from oai.readiness.provider import DAYS, SECONDS, Item, O, Provider
from oai.readiness.rules import MAY, MUST, SHOULD, Book, Unjudged
from schemas.messages import Message, short


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BOOK = Book("base", "BASE", prefix="oai_dc")

PAGE = _("Set ARCHIVE_OAI_PAGE to a number from 100 to 500, and restart.")
EU_REPO = "info:eu-repo/semantics/"
TYPES = frozenset(
    "article bachelorThesis masterThesis doctoralThesis book bookPart review conferenceObject "
    "lecture workingPaper preprint report annotation contributionToPeriodical patent other".split()
)
ACCESS = frozenset("openAccess embargoedAccess restrictedAccess closedAccess".split())
DCMI = frozenset(
    "Collection Dataset Event Image InteractiveResource MovingImage PhysicalObject Service "
    "Software Sound StillImage Text".split()
)
_LICENCE = re.compile(r"https?://(creativecommons|rightsstatements|opendatacommons|www\.gnu)\.org/")
_PLACEHOLDER = re.compile(r"https?://hdl\.handle\.net/[^/]*123456789")
_VERBS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Identify", {}),
    ("ListSets", {}),
    ("ListMetadataFormats", {}),
    ("ListRecords", {"metadataPrefix": "oai_dc"}),
    ("ListIdentifiers", {"metadataPrefix": "oai_dc"}),
)

BOOK.repository("post", MUST, _("It can be asked by GET and by POST."), FRONT)(sharing.method)
BOOK.repository("version", MUST, _("The version of the protocol is 2.0."), PROGRAM)(sharing.version)
BOOK.repository(
    "base_url", SHOULD, _("The base URL is its own, and not forwarded to another host."), ADDRESS
)(sharing.base_url)


@BOOK.repository("xml", MUST, _("All five verbs answer with sound XML."), FRONT)
def sound(provider: Provider) -> Message | None:
    """Each answer can be read."""
    for verb, arguments in _VERBS:
        response = provider.ask(verb, arguments)
        if response.damage is not None:
            return Message("%(verb)s: %(problem)s", verb=verb, problem=str(response.damage))
        if response.sound.find(O + verb) is None and not response.errors:
            return Message("%(verb)s: %(problem)s", verb=verb, problem="?")
    return None


@BOOK.repository("batch", MAY, _("A page of a list has 100 to 500 records."), PAGE)
def batch(provider: Provider) -> Message | None:
    """The size of the first page of a longer list."""
    return sharing.batch(provider, "oai_dc")


@BOOK.repository("days", MUST, _("Changes can be harvested by the day."), PROGRAM)
def days(provider: Provider) -> Message | None:
    """From and until the day of a record."""
    return sharing.incremental(provider, "oai_dc", DAYS)


@BOOK.repository("seconds", MUST, _("Changes can be harvested by the second."), PROGRAM)
def seconds(provider: Provider) -> Message | None:
    """From and until the second of a record, where there are seconds."""
    return sharing.incremental(provider, "oai_dc", SECONDS)


@BOOK.repository("token", MUST, _("The token of a list leads on to further records."), PROGRAM)
def token(provider: Provider) -> Message | None:
    """The second page comes."""
    return sharing.token_works(provider, "oai_dc")


@BOOK.repository("token_lasts", MAY, _("Tokens last for 23 hours or more, and say so."), PROGRAM)
def token_lasts(provider: Provider) -> Message | None:
    """expirationDate is far enough ahead."""
    return sharing.token_lasts(provider, "oai_dc", 23)


@BOOK.repository("token_size", MAY, _("A token says how long the whole list is."), PROGRAM)
def token_size(provider: Provider) -> Message | None:
    """completeListSize is a number above that of the first page."""
    return sharing.token_size(provider, "oai_dc")


@BOOK.repository("deletions", MAY, _("It tells harvesters what was deleted."), PROGRAM)
def deletions(provider: Provider) -> Message | None:
    """deletedRecord is not "no"."""
    said = provider.identify("deletedRecord")
    return None if said in ("transient", "persistent") else sharing.odd("deletedRecord", said)


@BOOK.repository("different_links", SHOULD, _("Each record has a link of its own."), PROGRAM)
def different_links(provider: Provider) -> Message | None:
    """The first links of the first page are not all the same."""
    items = [item for item in provider.first("oai_dc").items if not item.deleted]
    found = [links(item)[0] for item in items if links(item)]
    if len(found) < 2:
        raise Unjudged(Message("There are no records to judge by."))
    if len(set(found)) > 1:
        return None
    return Message("All records have the link %(link)s.", link=found[0])


@BOOK.repository("open_set", MAY, _("There is a set of what is open to all."), PROGRAM)
def open_set(provider: Provider) -> Message | None:
    """A set open_access, driver or openaire."""
    wanted = {"open_access", "driver", "openaire"}
    if wanted & set(provider.set_specs):
        return None
    return Message("There is no set of these: %(sets)s.", sets=", ".join(sorted(wanted)))


def links(item: Item) -> list[str]:
    """The addresses in dc:identifier."""
    return [one for one in sharing.texts(item, "identifier") if sharing.URL.fullmatch(one)]


@BOOK.records(
    "title",
    MUST,
    _("A record has a title."),
    _("Write the work's title."),
    place="about",
)
def title(item: Item) -> Message | None:
    """dc:title."""
    return sharing.has(item, "dc:title")


@BOOK.records(
    "link",
    MUST,
    _("A record has a link to its page or to its PDF in dc:identifier."),
    PROGRAM,
)
def link(item: Item) -> Message | None:
    """An absolute URL."""
    return None if links(item) else Message("No dc:identifier is a web address.")


@BOOK.records(
    "creator",
    SHOULD,
    _("A record names who made the work."),
    _("Write the authors, or the organisation that made the work."),
    place="people",
)
def creator(item: Item) -> Message | None:
    """dc:creator."""
    return sharing.has(item, "dc:creator")


@BOOK.records(
    "date",
    SHOULD,
    _("A record has a date."),
    _("Write the date of publication; the year is enough."),
    place="about",
)
def date(item: Item) -> Message | None:
    """dc:date."""
    return sharing.has(item, "dc:date")


@BOOK.records(
    "type",
    SHOULD,
    _("A record says what kind of work it is."),
    _("Choose the kind of work."),
    place="about",
)
def kind(item: Item) -> Message | None:
    """dc:type."""
    return sharing.has(item, "dc:type")


@BOOK.records(
    "date_form",
    SHOULD,
    _("Dates are written 2024, 2024-05 or 2024-05-31."),
    _("Write the date as year, year-month or year-month-day."),
    place="about",
)
def date_form(item: Item) -> Message | None:
    """ISO 8601; the end of an embargo has a form of its own."""
    for said in sharing.texts(item, "date"):
        if not sharing.W3CDTF.fullmatch(said) and not said.startswith("info:eu-repo/date/"):
            return sharing.odd("dc:date", said)
    return None


@BOOK.records(
    "language",
    MAY,
    _("Languages are codes of ISO 639, as ky, kir, ru, rus."),
    _("Choose the language of the work from the list."),
    place="about",
)
def language(item: Item) -> Message | None:
    """The form of a code of two or three letters."""
    for said in sharing.texts(item, "language"):
        if not sharing.is_language(said):
            return sharing.odd("dc:language", said)
    return None


@BOOK.records(
    "letters",
    SHOULD,
    _("Texts are not encoded twice (Ð¢Ð¾Ð¾ for Тоо)."),
    _("Type the text anew: it was read in a wrong encoding once."),
    place="about",
)
def letters(item: Item) -> Message | None:
    """dc:title and dc:description are not doubly UTF-8."""
    for element in ("title", "description"):
        for said in sharing.texts(item, element):
            if encoded_twice(said):
                return sharing.odd(f"dc:{element}", said)
    return None


def encoded_twice(text: str) -> bool:
    """Whether the letters of a text are the bytes of another text in UTF-8."""
    for encoding in ("latin-1", "cp1252"):
        try:
            again = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if again != text:
            return True
    return False


@BOOK.records(
    "handle",
    SHOULD,
    _("Handles do not begin with 123456789, which stands for one that nobody has registered."),
    _("Register a prefix at handle.net, or leave the handle out."),
    place="about",
)
def handle(item: Item) -> Message | None:
    """No dc:identifier has the placeholder prefix."""
    for said in sharing.texts(item, "identifier"):
        if _PLACEHOLDER.match(said):
            return sharing.odd("dc:identifier", said)
    return None


@BOOK.records(
    "creator_form",
    SHOULD,
    _("Each author stands alone, written Family, Given."),
    _("Write each author into a row of their own, with family name and given name apart."),
    place="people",
)
def creator_form(item: Item) -> Message | None:
    """No dc:creator holds several names."""
    for said in sharing.texts(item, "creator"):
        several = ";" in said or said.count(",") > 2 or re.search(r" (and|и|жана) .*,", said)
        if several and not said.startswith("http"):
            return sharing.odd("dc:creator", short(said))
    return None


@BOOK.records(
    "type_controlled",
    SHOULD,
    _("The kind of work is a term of info:eu-repo, COAR or DCMI."),
    _("Choose the kind of work from the list."),
    place="about",
)
def type_controlled(item: Item) -> Message | None:
    """One dc:type at least is from a vocabulary."""
    found = sharing.texts(item, "type")
    known = any(
        one in DCMI or sharing.COAR.fullmatch(one) or one.removeprefix(EU_REPO) in TYPES
        for one in found
    )
    return None if known else Message("No dc:type is a term of a vocabulary.")


@BOOK.records(
    "access",
    SHOULD,
    _("A record says in dc:rights whether the work is open."),
    _("Say of each file who may open it."),
    place="rights",
)
def access(item: Item) -> Message | None:
    """A term of info:eu-repo or of COAR."""
    found = sharing.texts(item, "rights")
    if any(one.removeprefix(EU_REPO) in ACCESS or "/access_right/" in one for one in found):
        return None
    return Message("No dc:rights says how open it is.")


@BOOK.records(
    "licence",
    MAY,
    _("A record gives the address of its licence in dc:rights."),
    _("Choose a licence with the authors, Creative Commons for example."),
    place="rights",
)
def licence(item: Item) -> Message | None:
    """A known licence's address."""
    if any(_LICENCE.match(one) for one in sharing.texts(item, "rights")):
        return None
    return Message("No dc:rights is the address of a licence.")


@BOOK.records(
    "abstract",
    MAY,
    _("A record has an abstract."),
    _("Add an abstract; copy it from the file if there is one."),
    place="about",
)
def abstract(item: Item) -> Message | None:
    """dc:description."""
    return sharing.has(item, "dc:description")

"""The rules of CORE, which looks for full texts: its guide for data providers."""

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from oai.readiness import sharing
from oai.readiness.base import EU_REPO, links
from oai.readiness.client import Ask, Unreachable
from oai.readiness.oai import FRONT, PROGRAM
from oai.readiness.provider import Item, Provider
from oai.readiness.rules import MUST, SHOULD, Book, Unjudged
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BOOK = Book("core", "CORE", prefix="oai_dc")

ROBOT = "CORE"
FORMATS = ("oai_dc", "rioxx", "qdc")
# What full texts end in.
ENDINGS = (".pdf", ".docx", ".doc", ".odt", ".rtf", ".txt", ".epub", ".ps", ".tex", ".html")
SLOWEST = 10  # seconds between two requests
# How many full texts are asked for, and how many bytes of each.
SAMPLE, BEGINNING = 3, 1024
_OTHER = frozenset(
    (f"{EU_REPO}other", "Dataset", "Image", "StillImage", "MovingImage", "Sound", "Software")
)
ROBOTS = _("Change /robots.txt: let every robot read /oai and the files.")


@BOOK.repository("format", MUST, _("Records come in oai_dc, rioxx or qdc."), PROGRAM)
def one_format(provider: Provider) -> Message | None:
    """One of the three is there."""
    if set(FORMATS) & set(provider.formats):
        return None
    known = ", ".join(provider.formats) or "–"
    return Message("There is no format %(prefix)s, only %(known)s.", prefix=FORMATS[0], known=known)


@BOOK.repository("robots", MUST, _("robots.txt lets CORE read /oai and the files."), ROBOTS)
def robots(provider: Provider) -> Message | None:
    """Neither the base URL nor a full text is forbidden to CORE."""
    rules = _robots(provider)
    for url in (provider.url, *_full_texts(provider)):
        if not rules.can_fetch(ROBOT, url):
            return Message("robots.txt forbids %(url)s.", url=url)
    return None


@BOOK.repository("robots_equal", SHOULD, _("robots.txt gives all robots the same."), ROBOTS)
def robots_equal(provider: Provider) -> Message | None:
    """What Google may read everybody may."""
    rules = _robots(provider)
    for url in (provider.url, *_full_texts(provider)):
        if rules.can_fetch("Googlebot", url) != rules.can_fetch("*", url):
            return Message("robots.txt gives Googlebot what others do not get.")
    return None


@BOOK.repository(
    "robots_pace",
    SHOULD,
    _("robots.txt does not ask for long rests between requests."),
    _("Change /robots.txt: Crawl-delay at most 10, or none."),
)
def robots_pace(provider: Provider) -> Message | None:
    """Crawl-delay is short."""
    said = _robots(provider).crawl_delay(ROBOT)
    if said is None or float(said) <= SLOWEST:
        return None
    return Message("Crawl-delay is %(seconds)s.", seconds=said)


def _robots(provider: Provider) -> RobotFileParser:
    sharing.over_http(provider)
    parts = urlsplit(provider.url)
    rules = RobotFileParser()
    try:
        reply = provider.fetch(Ask(f"{parts.scheme}://{parts.netloc}/robots.txt", most=2**19))
    except Unreachable as error:
        raise Unjudged(Message("It cannot be reached: %(why)s.", why=str(error))) from error
    rules.parse(reply.body.decode("utf-8", "replace").splitlines() if reply.status == 200 else [])
    return rules


@BOOK.repository(
    "full_text_opens", MUST, _("Full texts open without signing in or a riddle."), FRONT
)
def full_text_opens(provider: Provider) -> Message | None:
    """The first few on the same host answer with a document."""
    sharing.over_http(provider)
    urls = _full_texts(provider)
    if not urls:
        raise Unjudged(Message("No record has a full text that is open."))
    for url in urls:
        problem = _opens(provider, url)
        if problem is not None:
            return problem
    return None


def _opens(provider: Provider, url: str) -> Message | None:
    try:
        reply = provider.fetch(Ask(url, most=BEGINNING))
    except Unreachable as error:
        return Message("%(url)s cannot be reached: %(why)s.", url=url, why=str(error))
    if reply.status != 200:
        return Message("%(url)s answers with HTTP %(status)s.", url=url, status=reply.status)
    if url.lower().endswith(".pdf") and not reply.body.lstrip().startswith(b"%PDF"):
        return Message("%(url)s is not a PDF.", url=url)
    return None


def _full_texts(provider: Provider) -> list[str]:
    """Some full texts on the repository's own host."""
    host = urlsplit(provider.url).netloc
    items = provider.first("oai_dc").items
    found = [one for item in items if is_open(item) for one in full_texts(item)]
    return [one for one in found if urlsplit(one).netloc == host][:SAMPLE]


def full_texts(item: Item) -> list[str]:
    """The addresses in dc:identifier that lead to a file."""
    return [one for one in links(item) if urlsplit(one).path.lower().endswith(ENDINGS)]


def is_paper(item: Item) -> bool:
    """Whether the record is of something to read; CORE wants no full text of data or pictures."""
    return not _OTHER & set(sharing.texts(item, "type"))


def is_open(item: Item) -> bool:
    """Whether the record says that the work is open."""
    found = sharing.texts(item, "rights")
    return any(one.endswith(("/openAccess", "/access_right/c_abf2")) for one in found)


@BOOK.records(
    "title", MUST, _("A record has a title."), _("Write the work's title."), place="about"
)
def title(item: Item) -> Message | None:
    """dc:title."""
    return sharing.has(item, "dc:title")


@BOOK.records(
    "full_text",
    MUST,
    _("An open work has the address of its file in dc:identifier, ending in .pdf or the like."),
    _("Add the file. If there is none that readers may open, the work is not open: say so."),
    place="files",
)
def full_text(item: Item) -> Message | None:
    """A direct link to a file, where the record says that the work is open."""
    if not is_open(item) or not is_paper(item) or full_texts(item):
        return None
    return Message("It says that it is open, but gives no address of a file.")


@BOOK.records(
    "same_host",
    MUST,
    _("The file lies on the same host as the repository."),
    _("Add the file itself: CORE does not fetch files from other hosts."),
    place="files",
)
def same_host(item: Item) -> Message | None:
    """One of the full texts is on the host of the base URL."""
    host = urlsplit(item.provider.url).hostname
    found = full_texts(item) if is_open(item) else []
    if not found or any(urlsplit(one).hostname == host for one in found):
        return None
    return Message("Its file lies elsewhere: %(url)s", url=found[0])


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
    "abstract",
    SHOULD,
    _("A record has an abstract."),
    _("Add an abstract; copy it from the file if there is one."),
    place="about",
)
def abstract(item: Item) -> Message | None:
    """dc:description."""
    return sharing.has(item, "dc:description")

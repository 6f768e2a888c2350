"""The rules of OAI-PMH 2.0: answers as such, and what Identify says.

The numbers are sections of the specification.
"""

import re
import time

from oai.envelope import NAMESPACE
from oai.formats import oai_dc
from oai.readiness import sharing
from oai.readiness.provider import (
    FORMS,
    LOCATION,
    SECONDS,
    O,
    Pairs,
    Provider,
    Response,
)
from oai.readiness.rules import MUST, SHOULD, Book, Unjudged
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BOOK = Book("oai", "OAI-PMH 2.0", prefix="oai_dc")

PROGRAM = _("This is a matter of the program: please report it to its makers, with this page.")
FRONT = _("Look at what stands before the server (nginx, a firewall): it must pass /oai unchanged.")
ADDRESS = _(
    "Set ARCHIVE_BASE_URL to the public address, with https if readers come by https, and restart."
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
NEEDED = (
    "repositoryName",
    "baseURL",
    "protocolVersion",
    "adminEmail",
    "earliestDatestamp",
    "deletedRecord",
    "granularity",
)
LISTING = ("ListRecords", {"metadataPrefix": "oai_dc"})
NONSENSE: Pairs = [("verb", "Nonsense")]
# How far a record's datestamp or the server's clock may be from ours, in seconds.
DRIFT = 300


@BOOK.repository("answers", MUST, _("It answers Identify with sound XML (3.2)."), FRONT)
def answers(provider: Provider) -> Message | None:
    """Identify comes, and can be read."""
    response = provider.ask("Identify")
    if response.damage is None and response.sound.find(f"{O}Identify") is None:
        return Message("It answered with something other than OAI-PMH.")
    return response.damage


@BOOK.repository("identify", MUST, _("Identify says all that it must (4.2)."), PROGRAM)
def identify(provider: Provider) -> Message | None:
    """None of the required elements is missing."""
    missing = [name for name in NEEDED if not provider.identify(name)]
    return Message("Identify lacks %(elements)s.", elements=", ".join(missing)) if missing else None


BOOK.repository("version", MUST, _("The version of the protocol is 2.0 (4.2)."), PROGRAM)(
    sharing.version
)
BOOK.repository(
    "base_url", SHOULD, _("Identify names the address at which it was asked (4.2)."), ADDRESS
)(sharing.base_url)


@BOOK.repository(
    "email",
    MUST,
    _("Identify gives an address of mail to write to (4.2)."),
    _("Set ARCHIVE_ADMIN_EMAIL to an address that somebody reads, and restart."),
)
def email(provider: Provider) -> Message | None:
    """adminEmail is an address of mail."""
    said = provider.identify("adminEmail")
    return None if EMAIL.fullmatch(said) else sharing.odd("adminEmail", said)


@BOOK.repository(
    "contact",
    SHOULD,
    _("The address of mail is a real one."),
    _("Set ARCHIVE_ADMIN_EMAIL to an address that somebody reads, and restart."),
)
def contact(provider: Provider) -> Message | None:
    """adminEmail is not left as it was delivered."""
    said = provider.identify("adminEmail")
    sample = re.search(r"@(.*\.)?(example\.(org|com|net)|localhost|invalid)$", said)
    return sharing.odd("adminEmail", said) if sample else None


@BOOK.repository("granularity", MUST, _("Datestamps are days, or seconds (4.2)."), PROGRAM)
def granularity(provider: Provider) -> Message | None:
    """The granularity is one of the two."""
    said = provider.identify("granularity")
    return None if said in FORMS else sharing.odd("granularity", said)


@BOOK.repository(
    "earliest", MUST, _("The earliest datestamp is written as the others are (4.2)."), PROGRAM
)
def earliest(provider: Provider) -> Message | None:
    """earliestDatestamp has the repository's granularity."""
    said = provider.identify("earliestDatestamp")
    fits = FORMS[provider.granularity].fullmatch(said)
    return None if fits else sharing.odd("earliestDatestamp", said)


@BOOK.repository("deleted", MUST, _("Identify says how deletions are told (2.5.1)."), PROGRAM)
def deleted(provider: Provider) -> Message | None:
    """deletedRecord is one of the three."""
    said = provider.identify("deletedRecord")
    known = said in ("no", "transient", "persistent")
    return None if known else sharing.odd("deletedRecord", said)


@BOOK.repository("content_type", MUST, _("Answers are text/xml (3.1.2.1)."), FRONT)
def content_type(provider: Provider) -> Message | None:
    """The header Content-Type of several answers."""
    sharing.over_http(provider)
    for response in _answers(provider):
        said = response.reply.headers.get("content-type", "") if response.reply else ""
        if said.partition(";")[0].strip().lower() != "text/xml":
            return sharing.odd("Content-Type", said)
    return None


@BOOK.repository("encoding", MUST, _("Answers are in UTF-8 (3.2.2)."), PROGRAM)
def encoding(provider: Provider) -> Message | None:
    """Neither another encoding is declared nor do bytes contradict it."""
    for response in _answers(provider):
        said = (response.sound.getroottree().docinfo.encoding or "UTF-8").upper()
        if said not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
            return sharing.odd("encoding", said)
    return None


@BOOK.repository(
    "schema_location", MUST, _("Answers say where their schema lies (3.2.1)."), PROGRAM
)
def schema_location(provider: Provider) -> Message | None:
    """xsi:schemaLocation on the root of several answers."""
    for response in _answers(provider):
        if NAMESPACE not in (response.sound.get(LOCATION) or "").split():
            return Message("The root has no xsi:schemaLocation for its namespace.")
    return None


def _answers(provider: Provider) -> list[Response]:
    return [
        provider.ask("Identify"),
        provider.ask("ListMetadataFormats"),
        provider.ask(*LISTING),
    ]


@BOOK.repository(
    "response_date",
    MUST,
    _("Answers give their moment in UTC, to the second (3.2.1)."),
    PROGRAM,
)
def response_date(provider: Provider) -> Message | None:
    """responseDate is a moment."""
    said = _date(provider)
    return None if FORMS[SECONDS].fullmatch(said) else sharing.odd("responseDate", said)


@BOOK.repository(
    "clock",
    SHOULD,
    _("The server's clock is right."),
    _("Let the server keep its clock by NTP (timedatectl set-ntp true)."),
)
def clock(provider: Provider) -> Message | None:
    """responseDate is about now."""
    said = _date(provider)
    if not FORMS[SECONDS].fullmatch(said):
        raise Unjudged(sharing.odd("responseDate", said))
    now = time.time()
    low, high = (stamp(now + drift) for drift in (-DRIFT, DRIFT))
    return None if low <= said <= high else sharing.odd("responseDate", said)


def _date(provider: Provider) -> str:
    return (provider.ask("Identify").sound.findtext(f"{O}responseDate") or "").strip()


def stamp(seconds: float) -> str:
    """The moment as the protocol writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@BOOK.repository(
    "echo", MUST, _("Answers repeat the arguments of a legal request (3.2.1)."), PROGRAM
)
def echo(provider: Provider) -> Message | None:
    """The attributes of `request` are the arguments."""
    wanted = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    return _echoes(provider.ask(*LISTING), wanted)


@BOOK.repository(
    "no_echo", MUST, _("Answers do not repeat arguments that were not legal (3.2.1)."), PROGRAM
)
def no_echo(provider: Provider) -> Message | None:
    """`request` has no attributes after badVerb."""
    return _echoes(provider.send(NONSENSE), {})


def _echoes(response: Response, wanted: dict[str, str]) -> Message | None:
    request = response.sound.find(f"{O}request")
    said = {} if request is None else {str(name): value for name, value in request.attrib.items()}
    if request is not None and said == wanted:
        return None
    return Message("The element request repeats %(said)s.", said=", ".join(said) or "–")


BOOK.repository("post", MUST, _("It can be asked by POST as well as by GET (3.1.1)."), FRONT)(
    sharing.method
)


@BOOK.repository("oai_dc", MUST, _("Records come in oai_dc (3.4)."), PROGRAM)
def dublin_core(provider: Provider) -> Message | None:
    """The format that nobody may lack is there."""
    return sharing.format_offered(provider, "oai_dc", oai_dc.NAMESPACE)

"""The rules of OAI-PMH 2.0 itself; the numbers are sections of the specification."""

import re
import time

from oai.envelope import NAMESPACE
from oai.formats import oai_dc
from oai.readiness import sharing
from oai.readiness.provider import (
    DAYS,
    FORMS,
    LOCATION,
    SECONDS,
    Item,
    O,
    Pairs,
    Provider,
    Response,
)
from oai.readiness.rules import MAY, MUST, SHOULD, Book, Unjudged
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
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
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
# How far a record's datestamp or the server's clock may be from ours, in seconds.
DRIFT = 300
# Questions that must be refused, for what is wrong in them.
WRONG_VERBS: tuple[Pairs, ...] = ([("verb", "Nonsense")], [], [("verb", "Identify")] * 2)
WRONG_ARGUMENTS: tuple[Pairs, ...] = (
    [("verb", "ListRecords")],
    [("verb", "Identify"), ("nonsense", "1")],
    [("verb", "GetRecord"), ("metadataPrefix", "oai_dc")],
)
_RECORDS = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]


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
    low, high = (_stamp(now + drift) for drift in (-DRIFT, DRIFT))
    return None if low <= said <= high else sharing.odd("responseDate", said)


def _date(provider: Provider) -> str:
    return (provider.ask("Identify").sound.findtext(f"{O}responseDate") or "").strip()


def _stamp(seconds: float) -> str:
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
    return _echoes(provider.send(WRONG_VERBS[0]), {})


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


@BOOK.repository("bad_verb", MUST, _("A wrong or missing verb is refused (3.6)."), PROGRAM)
def bad_verb(provider: Provider) -> Message | None:
    """badVerb."""
    return _refused(provider, "badVerb", *WRONG_VERBS)


@BOOK.repository("bad_argument", MUST, _("Wrong or missing arguments are refused (3.6)."), PROGRAM)
def bad_argument(provider: Provider) -> Message | None:
    """badArgument."""
    return _refused(provider, "badArgument", *WRONG_ARGUMENTS)


@BOOK.repository("repeated", MUST, _("A repeated argument is refused (3.6)."), PROGRAM)
def repeated(provider: Provider) -> Message | None:
    """badArgument."""
    return _refused(provider, "badArgument", [*_RECORDS, ("metadataPrefix", "oai_dc")])


@BOOK.repository("bad_date", MUST, _("What is not a date is refused (3.6)."), PROGRAM)
def bad_date(provider: Provider) -> Message | None:
    """badArgument for months and days that there are not."""
    wrong = ("2024-13-01", "2024-1-1", "yesterday", "2024-01-01T25:00:00Z")
    return _refused(provider, "badArgument", *([*_RECORDS, ("from", one)] for one in wrong))


@BOOK.repository(
    "mixed_dates", MUST, _("A day and a second in one request are refused (3.6)."), PROGRAM
)
def mixed_dates(provider: Provider) -> Message | None:
    """badArgument."""
    dates = [("from", "2020-01-01"), ("until", "2030-01-01T00:00:00Z")]
    return _refused(provider, "badArgument", [*_RECORDS, *dates])


@BOOK.repository(
    "reversed_dates", MUST, _("A time that ends before it begins is refused (3.6)."), PROGRAM
)
def reversed_dates(provider: Provider) -> Message | None:
    """badArgument."""
    dates = [("from", "2030-01-02"), ("until", "2030-01-01")]
    return _refused(provider, "badArgument", [*_RECORDS, *dates])


@BOOK.repository(
    "unknown_record", MUST, _("It says so when there is no such record (3.6)."), PROGRAM
)
def unknown_record(provider: Provider) -> Message | None:
    """idDoesNotExist."""
    asked = [("verb", "GetRecord"), ("identifier", "oai:nowhere.invalid:none")]
    return _refused(provider, "idDoesNotExist", [*asked, ("metadataPrefix", "oai_dc")])


@BOOK.repository(
    "unknown_format", MUST, _("It says so when there is no such format (3.6)."), PROGRAM
)
def unknown_format(provider: Provider) -> Message | None:
    """cannotDisseminateFormat."""
    asked = [("verb", "ListRecords"), ("metadataPrefix", "no_such_format")]
    return _refused(provider, "cannotDisseminateFormat", asked)


@BOOK.repository("unknown_token", MUST, _("A token that is not its own is refused (3.6)."), PROGRAM)
def unknown_token(provider: Provider) -> Message | None:
    """badResumptionToken."""
    asked = [("verb", "ListRecords"), ("resumptionToken", "no-such-token")]
    return _refused(provider, "badResumptionToken", asked)


@BOOK.repository(
    "nothing", MUST, _("It says so when no records match (3.6), instead of an empty list."), PROGRAM
)
def nothing(provider: Provider) -> Message | None:
    """noRecordsMatch for a year before all computers."""
    return _refused(provider, "noRecordsMatch", [*_RECORDS, ("until", "1900-01-01")])


def _refused(provider: Provider, code: str, *questions: Pairs) -> Message | None:
    for pairs in questions:
        errors = provider.send(pairs).errors
        if code not in errors:
            asked = "&".join(f"{name}={value}" for name, value in pairs) or "–"
            said = ", ".join(errors) or "200"
            words = {"asked": asked, "code": code, "said": said}
            return Message("Asked %(asked)s, it said %(said)s instead of %(code)s.", **words)
    return None


@BOOK.repository("status", MUST, _("Errors of the protocol come as HTTP 200 (3.6)."), FRONT)
def status(provider: Provider) -> Message | None:
    """The status of what is refused."""
    sharing.over_http(provider)
    for pairs in (WRONG_VERBS[0], WRONG_ARGUMENTS[0]):
        response = provider.send(pairs)
        if response.reply is not None and response.reply.status != 200:
            return response.damage
        if not response.errors:
            raise Unjudged(Message("It refused nothing."))
    return None


@BOOK.repository(
    "token", MUST, _("The token of a list leads on to further records (3.5)."), PROGRAM
)
def token(provider: Provider) -> Message | None:
    """The second page comes, and is another one."""
    return sharing.token_works(provider, "oai_dc")


@BOOK.repository(
    "token_again", MUST, _("A token may be used again, after a cut for instance (3.5)."), PROGRAM
)
def token_again(provider: Provider) -> Message | None:
    """The same token twice gives the same."""
    return sharing.token_again(provider, "oai_dc")


@BOOK.repository("days", MUST, _("Changes of one day can be asked for (2.7.1)."), PROGRAM)
def days(provider: Provider) -> Message | None:
    """from and until a day."""
    return sharing.incremental(provider, "oai_dc", DAYS)


@BOOK.repository("seconds", MUST, _("Changes of one second can be asked for (2.7.1)."), PROGRAM)
def seconds(provider: Provider) -> Message | None:
    """from and until a second, where there are seconds."""
    return sharing.incremental(provider, "oai_dc", SECONDS)


@BOOK.repository("get_record", MUST, _("Each listed record can be fetched alone (4.1)."), PROGRAM)
def get_record(provider: Provider) -> Message | None:
    """The first record alone is as it is in the list."""
    sample = provider.first("oai_dc").items[0]
    asked = {"identifier": sample.identifier, "metadataPrefix": "oai_dc"}
    page = provider.page("GetRecord", asked)
    same = [(one.identifier, one.datestamp, set(one.sets)) for one in page.items]
    if same == [(sample.identifier, sample.datestamp, set(sample.sets))]:
        return None
    return Message("%(identifier)s alone differs from the list.", identifier=sample.identifier)


@BOOK.repository(
    "identifiers", MUST, _("ListIdentifiers names the records of ListRecords (4.3)."), PROGRAM
)
def identifiers(provider: Provider) -> Message | None:
    """Both verbs give the same for one datestamp."""
    stamp = provider.first("oai_dc").items[0].datestamp
    asked = {"metadataPrefix": "oai_dc", "from": stamp, "until": stamp}
    pages = [provider.page(verb, asked) for verb in ("ListIdentifiers", "ListRecords")]
    found = [[item.identifier for item in page.items] for page in pages]
    short = min(map(len, found))
    # The two may have pages of different size, but not another order.
    if found[0][:short] == found[1][:short] and short:
        return None
    return Message("For %(stamp)s the two verbs give different records.", stamp=stamp)


@BOOK.repository("formats_of_record", MUST, _("It says which formats a record has (4.4)."), PROGRAM)
def formats_of_record(provider: Provider) -> Message | None:
    """ListMetadataFormats of a record names oai_dc."""
    alive = [item for item in provider.first("oai_dc").items if not item.deleted]
    if not alive:
        raise Unjudged(Message("There are no records to judge by."))
    response = provider.ask("ListMetadataFormats", {"identifier": alive[0].identifier})
    found = response.result("ListMetadataFormats").iter(f"{O}metadataPrefix")
    if "oai_dc" in [(one.text or "").strip() for one in found]:
        return None
    return Message("%(identifier)s is said not to have oai_dc.", identifier=alive[0].identifier)


@BOOK.repository(
    "sets",
    MUST,
    _("Sets are well named, and none is named twice (2.6)."),
    _("Look at the short names of the collections: Latin letters, digits and hyphens only."),
)
def sets(provider: Provider) -> Message | None:
    """setSpecs have the form that they must, and there are no two alike."""
    specs = provider.set_specs
    for spec in specs:
        if not SPEC.fullmatch(spec) or specs.count(spec) > 1:
            return sharing.odd("setSpec", spec)
    return None


@BOOK.repository(
    "gzip", MAY, _("Answers are compressed for harvesters that can read it (3.1.3)."), FRONT
)
def compression(provider: Provider) -> Message | None:
    """gzip, when asked for."""
    sharing.over_http(provider)
    asked = {"Accept-Encoding": "gzip"}
    response = provider.send([("verb", LISTING[0]), *LISTING[1].items()], headers=asked)
    if response.reply is not None and response.reply.headers.get("content-encoding") == "gzip":
        return None
    return Message("Asked for gzip, it answered uncompressed.")


@BOOK.repository(
    "scheme",
    MAY,
    _("Identify explains the identifiers (guidelines for oai-identifier)."),
    _("Set ARCHIVE_OAI_IDENTIFIER to the archive's domain name; never change it later."),
)
def scheme(provider: Provider) -> Message | None:
    """Where identifiers begin with oai: the description oai-identifier is there."""
    if not provider.first("oai_dc").items[0].identifier.startswith("oai:"):
        raise Unjudged(Message("Identifiers do not begin with oai:."))
    said = provider.ask("Identify").result("Identify")
    found = said.find(f"{O}description/{{http://www.openarchives.org/OAI/2.0/oai-identifier}}*")
    return Message("Identify has no description oai-identifier.") if found is None else None


@BOOK.records("identifier", MUST, _("Identifiers are URIs (2.4)."), PROGRAM, deleted=True)
def identifier(item: Item) -> Message | None:
    """The identifier is a URI."""
    fits = URI.fullmatch(item.identifier)
    return None if fits else sharing.odd("identifier", item.identifier)


@BOOK.records(
    "datestamp",
    MUST,
    _("Datestamps have the granularity that Identify gives (2.7.1)."),
    PROGRAM,
    deleted=True,
)
def datestamp(item: Item) -> Message | None:
    """The datestamp has the right form."""
    fits = FORMS[item.provider.granularity].fullmatch(item.datestamp)
    return None if fits else sharing.odd("datestamp", item.datestamp)


@BOOK.records(
    "not_before", MUST, _("No record is older than the earliest datestamp (4.2)."), PROGRAM,
    deleted=True,
)  # fmt: skip
def not_before(item: Item) -> Message | None:
    """The datestamp is not before earliestDatestamp."""
    first = item.provider.identify("earliestDatestamp")
    return sharing.odd("datestamp", item.datestamp) if item.datestamp < first else None


@BOOK.records(
    "not_after", MUST, _("No datestamp lies in the future (2.7.1)."), PROGRAM, deleted=True
)
def not_after(item: Item) -> Message | None:
    """The datestamp is not after now."""
    late = item.datestamp > _stamp(time.time() + DRIFT)
    return sharing.odd("datestamp", item.datestamp) if late else None


@BOOK.records(
    "set_listed", MUST, _("A record's sets are in ListSets (2.6)."), PROGRAM, deleted=True
)
def set_listed(item: Item) -> Message | None:
    """Each setSpec of the header is known."""
    for spec in item.sets:
        if spec not in item.provider.set_specs:
            return Message("ListSets has no set “%(spec)s”.", spec=spec)
    return None


@BOOK.records(
    "metadata",
    MUST,
    _("A record has metadata unless it is deleted (2.5)."),
    _("`open-archive oai status` names records that cannot be made, with the reason."),
    deleted=True,
)
def metadata(item: Item) -> Message | None:
    """There is metadata, or the record is deleted, never both."""
    if item.deleted == (item.metadata is None):
        return None
    if item.deleted:
        return Message("It is deleted, and has metadata all the same.")
    return Message("It has no metadata.")


@BOOK.records("located", MUST, _("A record's metadata say where their schema lies (3.4)."), PROGRAM)
def located(item: Item) -> Message | None:
    """xsi:schemaLocation on the root of the metadata."""
    root = item.metadata
    if root is None:
        raise Unjudged(Message("It has no metadata."))
    if sharing.locates(root):
        return None
    return Message("The metadata have no xsi:schemaLocation for their namespace.")


@BOOK.records("valid", MUST, _("A record's metadata keep their schema (3.4)."), PROGRAM)
def valid(item: Item) -> Message | None:
    """The XML schema, where it is at hand."""
    return sharing.valid(item)

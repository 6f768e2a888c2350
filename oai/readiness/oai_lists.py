"""The rules of OAI-PMH 2.0: lists, the records in them, and sets."""

import re
import time

from oai.readiness import sharing
from oai.readiness.oai import BOOK, DRIFT, FRONT, LISTING, PROGRAM, stamp
from oai.readiness.provider import DAYS, FORMS, SECONDS, Item, O, Provider
from oai.readiness.rules import MAY, MUST, Unjudged
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


PART = BOOK.part()

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")


@PART.repository(
    "token", MUST, _("The token of a list leads on to further records (3.5)."), PROGRAM
)
def token(provider: Provider) -> Message | None:
    """The second page comes, and is another one."""
    return sharing.token_works(provider, "oai_dc")


@PART.repository(
    "token_again", MUST, _("A token may be used again, after a cut for instance (3.5)."), PROGRAM
)
def token_again(provider: Provider) -> Message | None:
    """The same token twice gives the same."""
    return sharing.token_again(provider, "oai_dc")


@PART.repository("days", MUST, _("Changes of one day can be asked for (2.7.1)."), PROGRAM)
def days(provider: Provider) -> Message | None:
    """from and until a day."""
    return sharing.incremental(provider, "oai_dc", DAYS)


@PART.repository("seconds", MUST, _("Changes of one second can be asked for (2.7.1)."), PROGRAM)
def seconds(provider: Provider) -> Message | None:
    """from and until a second, where there are seconds."""
    return sharing.incremental(provider, "oai_dc", SECONDS)


@PART.repository("get_record", MUST, _("Each listed record can be fetched alone (4.1)."), PROGRAM)
def get_record(provider: Provider) -> Message | None:
    """The first record alone is as it is in the list."""
    sample = provider.first("oai_dc").items[0]
    asked = {"identifier": sample.identifier, "metadataPrefix": "oai_dc"}
    page = provider.page("GetRecord", asked)
    same = [(one.identifier, one.datestamp, set(one.sets)) for one in page.items]
    if same == [(sample.identifier, sample.datestamp, set(sample.sets))]:
        return None
    return Message("%(identifier)s alone differs from the list.", identifier=sample.identifier)


@PART.repository(
    "identifiers", MUST, _("ListIdentifiers names the records of ListRecords (4.3)."), PROGRAM
)
def identifiers(provider: Provider) -> Message | None:
    """Both verbs give the same for one datestamp."""
    moment = provider.first("oai_dc").items[0].datestamp
    asked = {"metadataPrefix": "oai_dc", "from": moment, "until": moment}
    pages = [provider.page(verb, asked) for verb in ("ListIdentifiers", "ListRecords")]
    found = [[item.identifier for item in page.items] for page in pages]
    short = min(map(len, found))
    # The two may have pages of different size, but not another order.
    if found[0][:short] == found[1][:short] and short:
        return None
    return Message("For %(stamp)s the two verbs give different records.", stamp=moment)


@PART.repository("formats_of_record", MUST, _("It says which formats a record has (4.4)."), PROGRAM)
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


@PART.repository(
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


@PART.repository(
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


@PART.repository(
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


@PART.records("identifier", MUST, _("Identifiers are URIs (2.4)."), PROGRAM, deleted=True)
def identifier(item: Item) -> Message | None:
    """The identifier is a URI."""
    fits = URI.fullmatch(item.identifier)
    return None if fits else sharing.odd("identifier", item.identifier)


@PART.records(
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


@PART.records(
    "not_before", MUST, _("No record is older than the earliest datestamp (4.2)."), PROGRAM,
    deleted=True,
)  # fmt: skip
def not_before(item: Item) -> Message | None:
    """The datestamp is not before earliestDatestamp."""
    first = item.provider.identify("earliestDatestamp")
    return sharing.odd("datestamp", item.datestamp) if item.datestamp < first else None


@PART.records(
    "not_after", MUST, _("No datestamp lies in the future (2.7.1)."), PROGRAM, deleted=True
)
def not_after(item: Item) -> Message | None:
    """The datestamp is not after now."""
    late = item.datestamp > stamp(time.time() + DRIFT)
    return sharing.odd("datestamp", item.datestamp) if late else None


@PART.records(
    "set_listed", MUST, _("A record's sets are in ListSets (2.6)."), PROGRAM, deleted=True
)
def set_listed(item: Item) -> Message | None:
    """Each setSpec of the header is known."""
    for spec in item.sets:
        if spec not in item.provider.set_specs:
            return Message("ListSets has no set “%(spec)s”.", spec=spec)
    return None


@PART.records(
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


@PART.records("located", MUST, _("A record's metadata say where their schema lies (3.4)."), PROGRAM)
def located(item: Item) -> Message | None:
    """xsi:schemaLocation on the root of the metadata."""
    root = item.metadata
    if root is None:
        raise Unjudged(Message("It has no metadata."))
    if sharing.locates(root):
        return None
    return Message("The metadata have no xsi:schemaLocation for their namespace.")


@PART.records("valid", MUST, _("A record's metadata keep their schema (3.4)."), PROGRAM)
def valid(item: Item) -> Message | None:
    """The XML schema, where it is at hand."""
    return sharing.valid(item)

"""The rules of OAI-PMH 2.0: what must be refused, and with which error."""

from oai.readiness import sharing
from oai.readiness.oai import BOOK, FRONT, NONSENSE, PROGRAM
from oai.readiness.provider import Pairs, Provider
from oai.readiness.rules import MUST, Unjudged
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


PART = BOOK.part()

# Questions that must be refused, for what is wrong in them.
WRONG_VERBS: tuple[Pairs, ...] = (NONSENSE, [], [("verb", "Identify")] * 2)
WRONG_ARGUMENTS: tuple[Pairs, ...] = (
    [("verb", "ListRecords")],
    [("verb", "Identify"), ("nonsense", "1")],
    [("verb", "GetRecord"), ("metadataPrefix", "oai_dc")],
)
_RECORDS = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]


@PART.repository("bad_verb", MUST, _("A wrong or missing verb is refused (3.6)."), PROGRAM)
def bad_verb(provider: Provider) -> Message | None:
    """badVerb."""
    return _refused(provider, "badVerb", *WRONG_VERBS)


@PART.repository("bad_argument", MUST, _("Wrong or missing arguments are refused (3.6)."), PROGRAM)
def bad_argument(provider: Provider) -> Message | None:
    """badArgument."""
    return _refused(provider, "badArgument", *WRONG_ARGUMENTS)


@PART.repository("repeated", MUST, _("A repeated argument is refused (3.6)."), PROGRAM)
def repeated(provider: Provider) -> Message | None:
    """badArgument."""
    return _refused(provider, "badArgument", [*_RECORDS, ("metadataPrefix", "oai_dc")])


@PART.repository("bad_date", MUST, _("What is not a date is refused (3.6)."), PROGRAM)
def bad_date(provider: Provider) -> Message | None:
    """badArgument for months and days that there are not."""
    wrong = ("2024-13-01", "2024-1-1", "yesterday", "2024-01-01T25:00:00Z")
    return _refused(provider, "badArgument", *([*_RECORDS, ("from", one)] for one in wrong))


@PART.repository(
    "mixed_dates", MUST, _("A day and a second in one request are refused (3.6)."), PROGRAM
)
def mixed_dates(provider: Provider) -> Message | None:
    """badArgument."""
    dates = [("from", "2020-01-01"), ("until", "2030-01-01T00:00:00Z")]
    return _refused(provider, "badArgument", [*_RECORDS, *dates])


@PART.repository(
    "reversed_dates", MUST, _("A time that ends before it begins is refused (3.6)."), PROGRAM
)
def reversed_dates(provider: Provider) -> Message | None:
    """badArgument."""
    dates = [("from", "2030-01-02"), ("until", "2030-01-01")]
    return _refused(provider, "badArgument", [*_RECORDS, *dates])


@PART.repository(
    "unknown_record", MUST, _("It says so when there is no such record (3.6)."), PROGRAM
)
def unknown_record(provider: Provider) -> Message | None:
    """idDoesNotExist."""
    asked = [("verb", "GetRecord"), ("identifier", "oai:nowhere.invalid:none")]
    return _refused(provider, "idDoesNotExist", [*asked, ("metadataPrefix", "oai_dc")])


@PART.repository(
    "unknown_format", MUST, _("It says so when there is no such format (3.6)."), PROGRAM
)
def unknown_format(provider: Provider) -> Message | None:
    """cannotDisseminateFormat."""
    asked = [("verb", "ListRecords"), ("metadataPrefix", "no_such_format")]
    return _refused(provider, "cannotDisseminateFormat", asked)


@PART.repository("unknown_token", MUST, _("A token that is not its own is refused (3.6)."), PROGRAM)
def unknown_token(provider: Provider) -> Message | None:
    """badResumptionToken."""
    asked = [("verb", "ListRecords"), ("resumptionToken", "no-such-token")]
    return _refused(provider, "badResumptionToken", asked)


@PART.repository(
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


@PART.repository("status", MUST, _("Errors of the protocol come as HTTP 200 (3.6)."), FRONT)
def status(provider: Provider) -> Message | None:
    """The status of what is refused."""
    sharing.over_http(provider)
    for pairs in (NONSENSE, WRONG_ARGUMENTS[0]):
        response = provider.send(pairs)
        if response.reply is not None and response.reply.status != 200:
            return response.damage
        if not response.errors:
            raise Unjudged(Message("It refused nothing."))
    return None

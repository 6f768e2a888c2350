"""What several books ask in the same way."""

import re
import time
from calendar import timegm
from functools import cache
from pathlib import Path

from lxml import etree

from oai.readiness.provider import DAYS, FORMS, LOCATION, SECONDS, Item, Page, Provider
from oai.readiness.rules import Unjudged
from repository import xml
from schemas import languages
from schemas.messages import Message, short

W3CDTF = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
URL = re.compile(r"https?://[^\s/?#]+[^\s]*")
COAR = re.compile(r"https?://purl\.org/coar/(resource_type|access_right|version)/[A-Za-z0-9_-]+")
ONLY_WEB = Message("The repository was asked from inside, not over the network.")


def over_http(provider: Provider) -> None:
    """Raises Unjudged when nothing went over HTTP."""
    if provider.local:
        raise Unjudged(ONLY_WEB)


def method(provider: Provider) -> Message | None:
    """POST gives what GET gives."""
    over_http(provider)
    response = provider.send([("verb", "Identify")], post=True)
    if response.damage is not None:
        return response.damage
    if response.root is None or response.root.find("{*}Identify") is None:
        return Message("A POST of verb=Identify gave no answer to Identify.")
    return None


def version(provider: Provider) -> Message | None:
    """protocolVersion is 2.0."""
    said = provider.identify("protocolVersion")
    return None if said == "2.0" else Message("It says “%(said)s”.", said=said)


def base_url(provider: Provider) -> Message | None:
    """Identify names the address that was asked."""
    said = provider.identify("baseURL")
    if said.rstrip("/") == provider.url.rstrip("/"):
        return None
    return Message(
        "It calls itself %(said)s, but was asked at %(asked)s.", said=said, asked=provider.url
    )


def format_offered(provider: Provider, prefix: str, namespace: str) -> Message | None:
    """The format is in ListMetadataFormats, with its namespace."""
    if prefix not in provider.formats:
        known = ", ".join(provider.formats) or "–"
        return Message("There is no format %(prefix)s, only %(known)s.", prefix=prefix, known=known)
    if provider.formats[prefix] != namespace:
        return Message("Its namespace is said to be %(said)s.", said=provider.formats[prefix])
    return None


def batch(provider: Provider, prefix: str) -> Message | None:
    """A page that is not the last has 100 to 500 records."""
    count = len(_unfinished(provider, prefix).items)
    if 100 <= count <= 500:
        return None
    return Message("A page has %(count)s records.", count=count)


def _unfinished(provider: Provider, prefix: str) -> Page:
    page = provider.first(prefix)
    if not page.more:
        raise Unjudged(Message("All records fit on one page."))
    return page


def token_works(provider: Provider, prefix: str) -> Message | None:
    """The token leads to records that the first page did not have."""
    page = _unfinished(provider, prefix)
    following = _following(provider, page)
    if isinstance(following, Message):
        return following
    before = {item.identifier for item in page.items}
    if not following.items or before & {item.identifier for item in following.items}:
        return Message("The second page has no records, or again those of the first.")
    return None


def token_again(provider: Provider, prefix: str) -> Message | None:
    """A token that was used already gives the same records once more."""
    page = _unfinished(provider, prefix)
    pages = [_following(provider, page) for _ in range(2)]
    first, second = (
        one if isinstance(one, Message) else [item.identifier for item in one.items]
        for one in pages
    )
    if isinstance(second, Message):
        return second
    return None if first == second else Message("Asked again, it gave other records.")


def _following(provider: Provider, page: Page) -> Page | Message:
    try:
        return provider.page("ListRecords", {"resumptionToken": page.more}, keep=False)
    except Unjudged as error:
        return error.reason


def _token(provider: Provider, prefix: str, attribute: str) -> str:
    """What the token of the first page says of itself."""
    token = _unfinished(provider, prefix).token
    return "" if token is None else token.get(attribute, "")


def token_size(provider: Provider, prefix: str) -> Message | None:
    """completeListSize is there, and more than a page."""
    said = _token(provider, prefix, "completeListSize")
    if said.isdigit() and int(said) > len(provider.first(prefix).items):
        return None
    return Message("It says “%(said)s”.", said=said)


def token_lasts(provider: Provider, prefix: str, hours: int) -> Message | None:
    """expirationDate is there, and as far ahead."""
    said = _token(provider, prefix, "expirationDate")
    if not FORMS[SECONDS].fullmatch(said):
        return Message("It says “%(said)s”.", said=said)
    left = timegm(time.strptime(said, "%Y-%m-%dT%H:%M:%SZ")) - time.time()
    return None if left >= hours * 3600 - 60 else Message("It says “%(said)s”.", said=said)


def incremental(provider: Provider, prefix: str, granularity: str) -> Message | None:
    """From and until a record's own datestamp there is that record, and nothing of other times."""
    if granularity == SECONDS and provider.granularity == DAYS:
        raise Unjudged(Message("The repository's datestamps are days."))
    sample = provider.first(prefix).items[0]
    stamp = sample.datestamp if granularity == SECONDS else sample.datestamp[:10]
    if not FORMS[granularity].fullmatch(stamp):
        return Message("“%(stamp)s” is not a datestamp.", stamp=stamp)
    arguments = {"metadataPrefix": prefix, "from": stamp, "until": stamp}
    try:
        page = provider.page("ListRecords", arguments)
    except Unjudged as error:
        return error.reason
    others = [one.datestamp for one in page.items if not one.datestamp.startswith(stamp)]
    if others:
        return Message("Asked for %(stamp)s, it gave %(other)s.", stamp=stamp, other=others[0])
    if not page.items:
        return Message("Asked for %(stamp)s, it gave nothing.", stamp=stamp)
    return None


def texts(item: Item, name: str) -> list[str]:
    """What the elements of that name (in any namespace) under the record's root say."""
    root = item.metadata
    if root is None:
        return []
    found = ("".join(map(str, one.itertext())).strip() for one in root.iterchildren(f"{{*}}{name}"))
    return [one for one in found if one]


def lacks(element: str) -> Message:
    """That a record has no such element."""
    return Message("The record has no %(element)s.", element=element)


def has(item: Item, element: str) -> Message | None:
    """The record has the element, with something in it."""
    return None if texts(item, element.partition(":")[2] or element) else lacks(element)


def odd(element: str, value: str) -> Message:
    """That an element says what it should not."""
    return Message("%(element)s says “%(value)s”.", element=element, value=short(value))


def is_language(code: str, *, long: bool = False) -> bool:
    """Whether it has the form of an ISO 639 code; of three letters when `long`."""
    if re.fullmatch("[a-z]{3}", code):
        return True
    return not long and code in languages.ALPHA3


def locates(root: etree._Element) -> bool:
    """Whether an element says where the schema of its own namespace lies."""
    namespace = etree.QName(root).namespace
    return namespace in (root.get(LOCATION) or "").split()[::2]


def valid(item: Item) -> Message | None:
    """The record's metadata keep their schema, where we have it."""
    root = item.metadata
    namespace = None if root is None else etree.QName(root).namespace
    path = item.provider.schemas.get(namespace or "")
    if root is None or path is None:
        raise Unjudged(Message("The schema is not at hand: see --schemas."))
    schema = _schema(path)
    # Serialised and read anew: libxml2 would else look for declarations outside of the record.
    if schema.validate(xml.parse(etree.tostring(root))):
        return None
    said = schema.error_log.last_error
    return Message("The schema says: %(problem)s", problem=said.message[:300] if said else "")


@cache
def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(path))

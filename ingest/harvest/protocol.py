"""What a repository answers, read with patience: every fault that can be borne is, and counted."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from lxml import etree

from ingest.harvest import mending
from ingest.harvest.faults import Fault, Faults
from ingest.harvest.trouble import Answered, Trouble
from repository.fetching import Fetched

OAI = "http://www.openarchives.org/OAI/2.0/"
LONGEST_IDENTIFIER = 1000
LONGEST_WAIT = timedelta(hours=1)
_DATESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")

# Sends one request, given its arguments.
Send = Callable[[Mapping[str, str]], Fetched]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Record(NamedTuple):
    """A record as it came; `metadata` is None when it is deleted."""

    identifier: str
    datestamp: str
    metadata: etree._Element | None


class Page(NamedTuple):
    """A part of a list. `moment` is when the repository answered, by its own clock if that is sane;
    `token` leads to the next page, and `size` is how long it says that the whole list is."""

    records: list[Record]
    token: str
    size: int
    moment: datetime


class About(NamedTuple):
    """What a repository says of itself."""

    name: str
    seconds: bool  # whether its dates have seconds
    deleting: str  # "no", "transient" or "persistent"


class Kind(NamedTuple):
    """A format that a repository has."""

    prefix: str
    namespace: str


def ask(send: Send, arguments: Mapping[str, str], faults: Faults, now: datetime) -> etree._Element:
    """The root of the answer. Raises Trouble, or Answered with an error of the protocol."""
    answer = send(arguments)
    wait = _wait(answer, now)
    if answer.status in (429, 503) or (answer.status >= 500 and wait):
        faults.add(Fault.BUSY, f"{answer.status} {answer.headers.get('retry-after', '')}")
        raise Trouble(
            _("The server asks us to wait (%(status)s)."), wait=wait, status=answer.status
        )
    try:
        root = mending.root(answer, faults)
    except Trouble as error:
        if answer.status == 200:
            raise
        raise Trouble(
            _("The server answered %(status)s."), again=error.again, status=answer.status
        ) from error
    _notice(answer, root, faults)
    for said in _each(root, "error"):
        raise Answered(said.get("code", ""), _words(said)[:300])
    return root


def _notice(answer: Fetched, root: etree._Element, faults: Faults) -> None:
    kind = answer.headers.get("content-type", "")
    if "xml" not in kind.lower():
        faults.add(Fault.CONTENT_TYPE, kind)
    if answer.status != 200:
        faults.add(Fault.STATUS, f"{answer.status} {answer.url}")
    if etree.QName(root).namespace != OAI:
        faults.add(Fault.NAMESPACE, etree.QName(root).namespace or "-")


def _wait(answer: Fetched, now: datetime) -> timedelta | None:
    """What Retry-After says, in seconds or as a date; no longer than an hour."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=min(int(said), 10**6)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(0), min(moment - now, LONGEST_WAIT))


def identify(send: Send, faults: Faults, now: datetime) -> About:
    """What the repository says of itself; of what it does not say, the most careful guess."""
    try:
        root = ask(send, {"verb": "Identify"}, faults, now)
    except Answered as error:
        faults.add(Fault.IDENTIFY, error)
        return About("", False, "no")
    found = next(iter(_each(root, "Identify")), None)
    if found is None:
        faults.add(Fault.IDENTIFY)
        return About("", False, "no")
    granularity, deleting = _text(found, "granularity"), _text(found, "deletedRecord").lower()
    if not granularity.startswith("YYYY-MM-DD") or deleting not in (
        "no",
        "transient",
        "persistent",
    ):
        faults.add(Fault.IDENTIFY, f"{granularity} {deleting}")
        deleting = deleting if deleting in ("transient", "persistent") else "no"
    return About(_text(found, "repositoryName"), "hh:mm:ss" in granularity, deleting)


def kinds(send: Send, faults: Faults, now: datetime) -> list[Kind]:
    """The formats that the repository has; none when it does not say."""
    try:
        root = ask(send, {"verb": "ListMetadataFormats"}, faults, now)
    except Answered:
        return []
    listed = [one for top in _each(root, "ListMetadataFormats") for one in top]
    found = [Kind(_text(one, "metadataPrefix"), _text(one, "metadataNamespace")) for one in listed]
    return [one for one in found if one.prefix]


def page(send: Send, arguments: Mapping[str, str], faults: Faults, now: datetime) -> Page:
    """A page of ListRecords."""
    root = ask(send, arguments, faults, now)
    listed = next(iter(_each(root, "ListRecords")), None)
    if listed is None:
        raise Trouble(_("The answer holds no list of records."))
    records = list(_records(listed, faults))
    token, size = _token(listed, faults)
    if not records:
        faults.add(Fault.EMPTY)
    return Page(records, token, size, moment(root, faults, now))


def moment(root: etree._Element, faults: Faults, now: datetime) -> datetime:
    """When the repository answered: by its clock, but never later than by ours."""
    said = _text(root, "responseDate")
    try:
        found = datetime.fromisoformat(said)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return min(found.astimezone(UTC), now)
    except (ValueError, OverflowError):
        faults.add(Fault.CLOCK, said or "-")
        return now


def _records(listed: etree._Element, faults: Faults) -> Iterator[Record]:
    for one in _each(listed, "record"):
        header = next(iter(_each(one, "header")), None)
        identifier = _text(header, "identifier") if header is not None else ""
        if header is None or not 0 < len(identifier) <= LONGEST_IDENTIFIER:
            faults.add(Fault.UNIDENTIFIED, identifier)
            continue
        datestamp = _text(header, "datestamp")
        if not _DATESTAMP.fullmatch(datestamp):
            faults.add(Fault.DATES, f"{identifier}: {datestamp}")
        if header.get("status", "").strip().lower() == "deleted":
            yield Record(identifier, datestamp[:30], None)
            continue
        inside = next((part for top in _each(one, "metadata") for part in _elements(top)), None)
        if inside is None:
            faults.add(Fault.UNDESCRIBED, identifier)
            continue
        yield Record(identifier, datestamp[:30], inside)


def _token(listed: etree._Element, faults: Faults) -> tuple[str, int]:
    found = next(iter(_each(listed, "resumptionToken")), None)
    if found is None:
        return "", 0
    raw = found.text or ""
    if raw.strip() and raw != raw.strip():
        faults.add(Fault.TOKEN, raw.strip())
    size = found.get("completeListSize", "").strip()
    return raw.strip(), min(int(size), 10**9) if size.isascii() and size.isdigit() else 0


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    return (one for one in parent if isinstance(one.tag, str))


def _each(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name, in whatever namespace."""
    return (one for one in _elements(parent) if etree.QName(one).localname == name)


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _text(parent: etree._Element, name: str) -> str:
    return next((_words(one) for one in _each(parent, name)), "")

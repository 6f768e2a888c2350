"""Records to judge by: all of a list, or a sample that is spread over it."""

import time
from calendar import timegm
from collections.abc import Iterator, Mapping
from itertools import islice

from oai.readiness.provider import DAYS, Item, Provider, query
from oai.readiness.rules import Unjudged
from schemas.messages import Message

# In how many places of the repository's time a sample is taken.
PLACES = 5
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def harvest(provider: Provider, prefix: str, spec: str | None, most: int | None) -> Iterator[Item]:
    """The records of a list, at most `most` of them, none twice.

    Raises Unjudged where the list cannot be read on.
    """
    arguments = query(prefix, spec)
    first = provider.page("ListRecords", arguments)
    if most is None or not first.more:
        yield from islice(_whole(provider, arguments), most)
        return
    seen: set[str] = set()
    for each in (*_places(provider), {}):
        share = most // PLACES if each else most - len(seen)
        for item in islice(_whole(provider, arguments | each), share):
            if item.identifier not in seen and len(seen) < most:
                seen.add(item.identifier)
                yield item


def size(provider: Provider, prefix: str, spec: str | None, most: int | None) -> int:
    """How many records `harvest` will give, to a good guess."""
    try:
        page = provider.page("ListRecords", query(prefix, spec))
    except Unjudged:
        return 0
    said = "" if page.token is None else page.token.get("completeListSize", "")
    whole = int(said) if said.isdigit() else len(page.items)
    return whole if most is None else min(whole, most)


def _whole(provider: Provider, arguments: Mapping[str, str]) -> Iterator[Item]:
    page = provider.page("ListRecords", arguments)
    last = ""
    while True:
        yield from page.items
        if not page.more:
            return
        if page.more == last:
            raise Unjudged(Message("The list leads to itself and never ends."))
        last = page.more
        page = provider.page("ListRecords", {"resumptionToken": last}, keep=False)


def _places(provider: Provider) -> Iterator[dict[str, str]]:
    """Arguments that begin the list at moments evenly spread over the repository's time."""
    begin = _seconds(provider.identify("earliestDatestamp"))
    end = _seconds(provider.ask("Identify").sound.findtext("{*}responseDate") or "")
    if not begin or not end:
        return
    for number in range(1, PLACES):
        moment = begin + (end - begin) * number // PLACES
        stamp = time.strftime(_FORMAT, time.gmtime(moment))
        yield {"from": stamp[:10] if provider.granularity == DAYS else stamp}


def _seconds(stamp: str) -> int:
    try:
        return timegm(time.strptime(stamp if "T" in stamp else f"{stamp}T00:00:00Z", _FORMAT))
    except ValueError:
        return 0

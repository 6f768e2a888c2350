"""From request to request: what to ask next, and whether the list has come to its end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from ingest.harvest import protocol, readers
from ingest.harvest.faults import Fault, Faults
from ingest.harvest.protocol import Kind, Page, Send
from ingest.harvest.trouble import Answered, Trouble

# Some repositories put a record into their list a day after its datestamp; so each harvest goes
# back this far behind the one before it. What has not changed costs a comparison.
OVERLAP = timedelta(days=2)
RESTARTS = 3  # times that a harvest begins again
STALE = 5  # pages in a row with nothing new
EMPTY_PAGES = 100


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@dataclass(frozen=True)
class Walk:
    """A harvest under way, as it is kept from one request to the next."""

    prefix: str  # "" for the best that there is
    spec: str
    since: str  # from when, as a moment; "" for everything
    token: str = ""
    asks: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    opened: str = ""
    size: int = 0
    stale: int = 0
    restarts: int = 0


class Step(NamedTuple):
    """What one request brought. With `again` the list begins anew; with `ended` it is over."""

    walk: Walk
    page: Page | None
    ended: bool = False
    again: bool = False


def begin(walk: Walk, send: Send, faults: Faults, now: datetime, rest: Callable[[], None]) -> Step:
    """Gets to know the repository, and asks for the first page; `rest` is called in between."""
    about = protocol.identify(send, faults, now)
    rest()
    kind = _kind(walk, send, faults, now)
    rest()
    said = {
        "name": about.name[:300],
        "granularity": "seconds" if about.seconds else "days",
        "deleting": about.deleting,
        "prefix": kind.prefix,
    }
    asks = {"verb": "ListRecords", "metadataPrefix": kind.prefix}
    if walk.spec:
        asks["set"] = walk.spec
    if walk.since:
        moment = datetime.fromisoformat(walk.since) - OVERLAP
        asks["from"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ" if about.seconds else "%Y-%m-%d")
    ready = replace(walk, said=said, asks=asks, opened="", size=0, stale=0, token="")
    return _first(ready, send, faults, now)


def _kind(walk: Walk, send: Send, faults: Faults, now: datetime) -> Kind:
    if walk.prefix:
        return Kind(walk.prefix, "")
    found = protocol.kinds(send, faults, now)
    best = readers.best(found)
    if best is None and found:
        raise Trouble(
            _("None of its formats can be read here: %(formats)s"),
            again=False,
            formats=", ".join(one.prefix for one in found)[:300],
        )
    if best is None:
        faults.add(Fault.FORMATS)
    return best or Kind("oai_dc", "")


def _first(walk: Walk, send: Send, faults: Faults, now: datetime) -> Step:
    try:
        return _turned(walk, protocol.page(send, walk.asks, faults, now), faults)
    except Answered as error:
        if error.code == "noRecordsMatch":
            return Step(replace(walk, opened=walk.opened or now.isoformat()), None, ended=True)
        shorter = _less(walk.asks)
        if error.code == "badArgument" and shorter != walk.asks:
            faults.add(Fault.FROM, walk.asks["from"])
            return _first(replace(walk, asks=shorter), send, faults, now)
        raise _final(error) from error


def _less(asks: dict[str, str]) -> dict[str, str]:
    """The request with a simpler date, or with none."""
    given = asks.get("from", "")
    kept = {name: value for name, value in asks.items() if name != "from"}
    return {**kept, "from": given[:10]} if len(given) > 10 else kept


def go_on(walk: Walk, send: Send, faults: Faults, now: datetime) -> Step:
    """Asks for the next page."""
    arguments = {"verb": "ListRecords", "resumptionToken": walk.token}
    try:
        return _turned(walk, protocol.page(send, arguments, faults, now), faults)
    except Answered as error:
        if error.code == "noRecordsMatch":
            faults.add(Fault.SIZE, error)
            return Step(walk, None, ended=True)
        if error.code != "badResumptionToken":
            raise _final(error) from error
        faults.add(Fault.EXPIRED, error)
        if walk.restarts >= RESTARTS:
            raise Trouble(
                _("Its tokens expire before they can be used: %(error)s"), again=False, error=error
            ) from error
        return Step(replace(walk, token="", restarts=walk.restarts + 1), None, again=True)


def _turned(walk: Walk, page: Page, faults: Faults) -> Step:
    if page.token and page.token == walk.token:
        faults.add(Fault.TOKEN, page.token)
    after = replace(
        walk,
        token=page.token,
        opened=walk.opened or page.moment.isoformat(),
        size=walk.size or page.size,
    )
    return Step(after, page, ended=not page.token)


def judged(walk: Walk, *, fresh: int, empty: bool) -> Walk:
    """The walk after its page has been looked through; Trouble when it goes in a circle.

    `fresh` records of the page had not been seen in this harvest before.
    """
    stale = 0 if fresh else walk.stale + 1
    if walk.token and stale >= (EMPTY_PAGES if empty else STALE):
        raise Trouble(_("The list goes in a circle: its pages bring nothing new."), again=False)
    return replace(walk, stale=stale)


def _final(error: Answered) -> Trouble:
    return Trouble(
        _("The repository refuses the request: %(error)s"), again=False, error=str(error)
    )

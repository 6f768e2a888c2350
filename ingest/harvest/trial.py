"""A dry run: what a harvest would bring, looked at without keeping any of it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.harvest import keeping, walking
from ingest.harvest.faults import Faults
from ingest.harvest.protocol import Send
from ingest.harvest.trouble import Trouble
from ingest.harvest.walking import Walk
from repository import clock
from repository.errors import ArchiveError
from schemas import work as profile

PAGES = 2
SHOWN = 5


@dataclass
class Trial:
    """What a dry run has seen. `more` says that the list goes on behind the pages looked at."""

    said: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    pages: int = 0
    more: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    error: ArchiveError | None = None

    def kept(self) -> dict[str, Any]:
        """The report as it is kept for the staff's page."""
        error = None
        if self.error is not None:
            named = {name: str(value) for name, value in self.error.parameters.items()}
            error = {"sentence": self.error.sentence, "parameters": named}
        return {
            "moment": clock.now().isoformat(),
            "said": dict(self.said),
            "size": self.size,
            "pages": self.pages,
            "more": self.more,
            "counts": dict(self.counts),
            "titles": self.titles,
            "faults": self.faults.kept(),
            "error": error,
        }


def run(
    send: Send,
    *,
    prefix: str = "",
    spec: str = "",
    home: str = "",
    pages: int = PAGES,
    pause: float = 1.0,
    done: Callable[[], None] = lambda: None,
) -> Trial:
    """Looks at the first pages of a harvest of everything. It never raises ArchiveError."""
    found = Trial()
    walk = Walk(prefix=prefix, spec=spec, since="")
    seen: set[str] = set()
    try:
        while found.pages < pages:
            walk = _one(found, walk, seen, send, home, pause)
            done()
            if not walk.token:
                break
            time.sleep(pause)
    except ArchiveError as error:
        found.error = error
    found.more = bool(walk.token)
    return found


def _one(found: Trial, walk: Walk, seen: set[str], send: Send, home: str, pause: float) -> Walk:
    now = clock.now()
    if walk.token:
        made = walking.go_on(walk, send, found.faults, now)
    else:
        made = walking.begin(walk, send, found.faults, now, lambda: time.sleep(pause))
    if made.again:
        raise Trouble("Its tokens expire before they can be used: %(error)s", error="dry run")
    found.pages += 1
    found.said, found.size = made.walk.said, made.walk.size
    records = keeping.described(made.page, home, found.faults) if made.page else []
    for one in records:
        found.counts["records" if one.foreign else "deleted"] += 1
        if one.foreign and len(found.titles) < SHOWN:
            found.titles.append(profile.main_title(one.foreign.document)["text"])
    fresh = {one.identifier for one in records} - seen
    seen |= fresh
    return walking.judged(made.walk, fresh=len(fresh), empty=not records)

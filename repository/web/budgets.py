"""Pages that cost much are not for walking through: each network has so many of them a minute.

A crawler that follows every filter of the search finds more addresses than there are works. Pages
of works, files, feeds, sitemaps and OAI-PMH cost nothing here: whoever comes for the works is never
refused. Nor are people who have signed in, or who are in the library.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request

from repository import networks
from repository.errors import ArchiveError
from repository.web.current import archive, viewer

View = Callable[..., Any]

BURST = 2  # minutes' worth that may be spent at once
REMEMBERED = 10_000  # networks


class Spent(ArchiveError):
    """The network has had as many of these pages as it may."""

    status = 429

    def __init__(self, sentence: str, *, wait: int) -> None:
        super().__init__(sentence)
        self.retry_after = wait


class Purse:
    """What is left for each network: it fills with time up to a bound. Shared by threads."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, key: str, *, minute: int, now: float) -> float:
        """Takes one; the seconds to wait when there is none."""
        most, rate = float(minute * BURST), minute / 60
        with self._lock:
            left, since = self._left.pop(key, (most, now))
            left = min(most, left + (now - since) * rate)
            waits = 0.0 if left >= 1 else (1 - left) / rate
            self._left[key] = (left if waits else left - 1, now)
            if len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return waits


def costly(view: View) -> View:
    """A view whose addresses are without number, once filters are combined."""
    view.costly = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Counts before each request."""
    app.extensions["purse"] = Purse()
    app.before_request(check)


def check() -> None:
    """Raises Spent where a stranger's network has had enough."""
    view = current_app.view_functions.get(request.endpoint or "")
    minute = archive().settings.search_budget
    if not getattr(view, "costly", False) or not minute or not _combined():
        return
    me, address = viewer(), request.remote_addr or ""
    if me.signed_in or me.on_campus:
        return
    purse: Purse = current_app.extensions["purse"]
    wait = purse.spend(networks.shorten(address), minute=minute, now=time.monotonic())
    if wait:
        raise Spent(
            "Your network has asked for very many filtered lists. Please wait a little; pages of "
            "works and the files are not affected.",
            wait=math.ceil(wait),
        )


def _combined() -> bool:
    """Whether more than words is asked for: filters, an order, a further page."""
    return any(name not in ("q", "lang") and value for name, value in request.args.items())

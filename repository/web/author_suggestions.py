"""/deposit/authors.json: records whose name begins as somebody types it, with public facts only.

Asked at each pause of typing, so how often one account may ask is counted in the memory of the
process that answers, not in the database.
"""

import time
from collections import OrderedDict
from threading import Lock

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from repository import people_lists
from repository.throttle import TooSoon
from repository.web.current import reading, viewer
from repository.web.guard import signed_in

suggesting = Blueprint("suggesting", __name__)
EACH_MINUTE = 120
_LEVELS: OrderedDict[int, tuple[float, float]] = OrderedDict()
_LOCK = Lock()
_KEPT = 2000  # accounts whose level is remembered


@suggesting.get("/deposit/authors.json")
@signed_in
def authors() -> ResponseReturnValue:
    """Up to a handful of people."""
    _count(viewer().id or 0)
    asked = request.args.get("q", "").strip()[:100]
    found = people_lists.suggestions(reading(), asked, viewer().id)
    answer = jsonify([people_lists.told(one) for one in found])
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _count(account: int) -> None:
    """Counts one question of an account; raises TooSoon above so many a minute."""
    moment, each = time.monotonic(), 60 / EACH_MINUTE
    with _LOCK:
        level, then = _LEVELS.pop(account, (0.0, moment))
        level = max(0.0, level - (moment - then) / each)
        full = level + 1 > EACH_MINUTE
        _LEVELS[account] = (level if full else level + 1, moment)
        while len(_LEVELS) > _KEPT:
            _LEVELS.popitem(last=False)
    if full:
        raise TooSoon(1)

"""What took long to add up is remembered for a while; what is quick is added up anew each time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

QUICK = 0.02  # seconds
TIMES = 200  # what took half a second is good for a hundred
LONGEST = 600.0
HELD = 500


class Memory:
    """Values by their names, each good for as long as it was hard to make. Shared by threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """The value; made where none is held that is still good."""
        begun = time.monotonic()
        with self._lock:
            until, value = self._held.get(name, (0.0, None))
        if until > begun:
            return value
        made = make()
        took = time.monotonic() - begun
        if took > QUICK:
            with self._lock:
                self._held[name] = (begun + min(took * TIMES, LONGEST), made)
                self._held.move_to_end(name)
                while len(self._held) > HELD:
                    self._held.popitem(last=False)
        return made

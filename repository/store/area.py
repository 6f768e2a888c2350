"""The store's staging area: versions in the making, intents of commits, and locks.

It lies on the storage root's filesystem but outside the root, so that what is ready is renamed
into its place. A version's folder belongs to a process as long as that holds a lock in it; what
belongs to nobody is left over from a crash.
"""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from repository.store import disk

STRIPES = "0123456789abcdef"  # locks of objects; two of them may share one
TREE, SWEEP = "tree", "sweep"
INTENT = "intent"


class Intent(NamedTuple):
    """A commit of which the database may not know. `object_id` is None when unreadable."""

    file: Path
    object_id: str | None


class Area:
    """The folders of the staging area, made when they are not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stages = folder / "stages"
        self._intents = folder / "intents"
        self._locks = folder / "locks"
        for place in (self._stages, self._intents, self._locks):
            place.mkdir(parents=True, exist_ok=True)
        for name in (*STRIPES, TREE, SWEEP):  # a full disk could not make them later
            (self._locks / name).touch()

    def lock(self, object_id: str) -> AbstractContextManager[None]:
        """Holds an object against other commits."""
        name = hashlib.sha256(object_id.encode()).hexdigest()[0]
        return disk.locked(self._locks / name)

    def lock_tree(self) -> AbstractContextManager[None]:
        """Holds the folders between the root and its objects against other new objects."""
        return disk.locked(self._locks / TREE)

    @contextmanager
    def stage(self) -> Iterator[Path]:
        """A new folder for the length of the block, marked as having a living owner."""
        place = self._stages / uuid4().hex
        with ExitStack() as stack:
            stack.callback(disk.discard, place)
            with disk.locked(self._locks / SWEEP):  # none may sweep it before it has its lock
                place.mkdir()
                owner = stack.enter_context((place / "owner").open("wb"))
                fcntl.flock(owner, fcntl.LOCK_EX)
            yield place

    def sweep(self) -> int:
        """Removes the folders of dead processes; how many there were."""
        with disk.locked(self._locks / SWEEP):
            left = [place for place in self._stages.iterdir() if not _has_owner(place)]
            for place in left:
                disk.discard(place)
        return len(left)

    def write_intent(self, stage: Path, object_id: str) -> None:
        """Writes the intent of a commit, not yet announced."""
        disk.write(stage / INTENT, json.dumps(object_id).encode())

    def announce(self, stage: Path) -> None:
        """From here on a crash leaves a trace: the object is unsettled."""
        (stage / INTENT).rename(self._intents / stage.name)
        disk.sync(self._intents)

    def settle(self, stage: Path) -> None:
        """Forgets the intent of a commit."""
        # Not synced: an intent that comes back after a power cut is settled once more.
        (self._intents / stage.name).unlink(missing_ok=True)

    def intents(self) -> list[Intent]:
        """The intents whose processes are dead, or have given up."""
        files = sorted(self._intents.iterdir())
        return [_read(file) for file in files if not _has_owner(self._stages / file.name)]


def _has_owner(place: Path) -> bool:
    try:
        with (place / "owner").open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def _read(file: Path) -> Intent:
    try:
        object_id = json.loads(file.read_bytes())
    except (OSError, ValueError):
        object_id = None
    return Intent(file, object_id if isinstance(object_id, str) else None)

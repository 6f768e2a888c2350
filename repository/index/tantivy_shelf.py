"""The open files of a Tantivy index: what was committed last, for the threads of one process."""

import json
import os
import threading
import time
import zlib
from pathlib import Path

import tantivy

from repository.index.damage import reading
from repository.index.tantivy_finding import Snapshot

CONTENTS = "meta.json"
TRIES = 5  # to open segments while a writer replaces them
PAUSE = 0.02
MAGIC = (1337).to_bytes(4, "little")  # ends every file of a segment
CHECKED = 256 * 2**20  # bytes that are checked in one look; reading them takes half a second
CHUNK = 2**20


class Shelf:
    """Files stay open from commit to commit; only those of new segments are checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamp: tuple[int, ...] = ()  # of what is open
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._snapshot: Snapshot | None = None
        self._sound: frozenset[str] = frozenset()

    @reading()
    def fresh(self) -> Snapshot:
        """The newest snapshot. A writer may remove files between two looks: then look again."""
        with self._lock:
            for tries in range(1, TRIES):
                try:
                    return self._look()
                except FileNotFoundError:
                    time.sleep(PAUSE * tries)
            return self._look()

    def _look(self) -> Snapshot:
        stamp = self._now()
        if self._snapshot is None or stamp != self.stamp:
            if stamp[:1] != self.stamp[:1]:
                self._forget()
            self._snapshot, self.stamp = self._load(), stamp
        return self._snapshot

    def _now(self) -> tuple[int, ...]:
        """What changes with each commit, and in a forked process, which must open its own files."""
        kept = (self.folder / CONTENTS).stat()
        return os.getpid(), kept.st_ino, kept.st_mtime_ns, kept.st_size

    def _load(self) -> Snapshot:
        self._check()
        if self._index is None:
            self._index = opened(self.folder)
        self._index.reload()
        return Snapshot(self._index.searcher())

    def _check(self) -> None:
        """Compares new files with the sums at their ends, which Tantivy does not do by itself: it
        would go astray in a damaged one. Of a large index only the small files are read."""
        contents = json.loads((self.folder / CONTENTS).read_bytes())
        segments = {one["segment_id"].replace("-", "") for one in contents["segments"]}
        names = {name for name in os.listdir(self.folder) if name.partition(".")[0] in segments}
        sizes = {name: (self.folder / name).stat().st_size for name in names - self._sound}
        left = CHECKED
        for name in sorted(sizes, key=sizes.__getitem__):
            left -= sizes[name]
            if left >= 0:
                check(self.folder / name)
        self._sound = frozenset(names)

    def _forget(self) -> None:
        self._index = self._snapshot = None
        self._sound, self.stamp = frozenset(), ()

    def close(self) -> None:
        """Closes the files; the next look opens them again."""
        with self._lock:
            self._forget()


def opened(folder: Path) -> tantivy.Index:
    """The index in a folder, whose searchers are those of the last `reload`."""
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index


def check(path: Path) -> None:
    """Raises ValueError when a file is not what was written."""
    with path.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        ending = file.read(8)
        length, end = int.from_bytes(ending[:4], "little"), file.tell() - 8
        if ending[4:] != MAGIC or length > end:
            raise ValueError(f"{path.name} does not end as it should.")
        file.seek(end - length)
        footer = json.loads(file.read(length))
        file.seek(0)
        total, left = 0, end - length
        while left:
            chunk = file.read(min(CHUNK, left))
            total, left = zlib.crc32(chunk, total), left - len(chunk)
    if total != footer["crc"]:
        raise ValueError(f"{path.name} is damaged.")

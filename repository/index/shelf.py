"""The open segments of a Whoosh index: what was committed last, for the threads of one process."""

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from repository.index.damage import reading
from repository.index.matching import Snapshot
from repository.index.rows import SCHEMA
from repository.index.segments import Segment

NAME = "works"
TRIES = 5  # to open segments while a writer replaces them
PAUSE = 0.02
_TOC = re.compile(rf"_{NAME}_([0-9]+)\.toc")


class Shelf:
    """Segments stay open from commit to commit; only new ones are read. Not for two threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamp: tuple[int, ...] = ()  # of what is open
        self._storage = FileStorage(str(folder))
        self._segments: dict[str, Segment] = {}
        self._snapshot = Snapshot((), ())

    def generations(self) -> list[int]:
        """The numbers of the tables of contents in the folder; none where there is no index."""
        names = os.listdir(self.folder)
        return [int(found[1]) for name in names if (found := _TOC.fullmatch(name))]

    @reading()
    def fresh(self) -> Snapshot:
        """The newest snapshot. A writer may remove files between two looks: then look again."""
        for tries in range(1, TRIES):
            try:
                return self._look()
            except (FileNotFoundError, EmptyIndexError):
                time.sleep(PAUSE * tries)
        return self._look()

    def _look(self) -> Snapshot:
        stamp = self._now()
        if stamp != self.stamp:
            self._load(stamp)
        return self._snapshot

    def _now(self) -> tuple[int, ...]:
        """What changes with each commit, and in a forked process, which must open its own files."""
        generation = max(self.generations(), default=None)
        if generation is None:
            raise EmptyIndexError(f"There is no index in {self.folder}.")
        kept = (self.folder / f"_{NAME}_{generation}.toc").stat()
        return os.getpid(), generation, kept.st_ino, kept.st_mtime_ns

    def _load(self, stamp: tuple[int, ...]) -> None:
        if stamp[:1] != self.stamp[:1]:
            self.close()
        kept = TOC.read(self._storage, NAME, schema=SCHEMA).segments
        for one in kept:
            if one.segment_id() not in self._segments:
                self._segments[one.segment_id()] = Segment(self._storage, one)
        names = [one.segment_id() for one in kept]
        for name in self._segments.keys() - set(names):
            self._segments.pop(name).close()
        deleted = [one.deleted_docs() for one in kept]
        self._snapshot = Snapshot([self._segments[name] for name in names], deleted)
        self.stamp = stamp

    def places(self, numbers: Iterable[int]) -> list[tuple[str, int]]:
        """Where the documents of these numbers lie: the segment's name and the number in it."""
        snapshot = self.fresh()
        places = [snapshot.place(one) for one in snapshot.having_numbers(numbers)]
        return [(segment.name, number) for segment, number in places]

    def close(self) -> None:
        """Closes the files; the next look opens them again."""
        for segment in self._segments.values():
            segment.close()
        self._segments = {}
        self._snapshot, self.stamp = Snapshot((), ()), ()

"""The index in files of Whoosh: nothing to install, good for tens of thousands of works.

One writer at a time, in any process, behind a lock file; readers in all processes go on meanwhile
and look for new segments at each search. Segments are never in one file (`compound=False`), since
Whoosh copies such files into memory whenever they are opened.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh import writing
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, LockError
from whoosh.util.filelock import try_for

from repository.errors import Busy
from repository.index import analysis, finding, merging, rows
from repository.index.damage import IndexUnavailable, reading
from repository.index.documents import Document, Hits
from repository.index.merging import Merger
from repository.index.rows import SCHEMA
from repository.index.shelf import NAME, Shelf
from schemas.messages import _
from schemas.search import Query

PATIENCE = 30.0  # seconds to wait for another writer
PAUSE = 0.02
MEMORY = 64  # megabytes of postings, before a writer sorts them on the disk
RULES = "rules.txt"
REBUILD = "Run `open-archive index rebuild`."

Choice = Callable[[Sequence[Any], merging.Size], Sequence[Any]]


class WhooshIndex:
    """An index in a folder of its own. Searches of one process take turns: Whoosh's files cannot
    be read by two threads at once, and Python would not run them at once either."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self.folder = folder
        self.patience = patience
        self._storage = FileStorage(str(folder))
        self._lock = threading.RLock()
        self._shelf = Shelf(folder)
        self._broken: tuple[int, ...] | None = None  # the stamp of what could not be read

    @classmethod
    def connect(cls, address: str) -> "WhooshIndex":
        """The index in a folder, made when there is none."""
        index = cls(Path(address))
        index.folder.mkdir(parents=True, exist_ok=True)
        if not index._shelf.generations():
            with index._locked():
                if not index._shelf.generations():
                    index._create()
        return index

    def put(self, documents: Iterable[Document]) -> None:
        """Adds or replaces documents in one commit."""
        latest = {one.number: one for one in documents}
        if latest:
            with self._writing() as writer:
                self._retire(writer, latest)
                for document in latest.values():
                    writer.add_document(**rows.row(document))
                writer.commit(merge=False)
            self._tidy()

    def delete(self, numbers: Iterable[int]) -> None:
        """Removes documents."""
        gone = set(numbers)
        if gone:
            with self._writing() as writer:
                if self._retire(writer, gone):
                    writer.commit(merge=False)
            self._tidy()

    def find(self, query: Query, *, limit: int = 20) -> Hits:
        """What a query finds in that which was committed last."""
        with self._lock:
            try:
                return finding.find(self._shelf.fresh(), query, limit=limit)
            except IndexUnavailable:
                self._broken = self._shelf.stamp
                raise

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """In how many documents each (field, term) stands, fields being "words" and "exact"."""
        with self._lock:
            return self._shelf.fresh().frequencies(terms)

    def clear(self) -> None:
        """Makes an empty index; an undamaged one is replaced without a gap for readers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with suppress(IndexUnavailable), self._writing() as writer:
            writer.commit(mergetype=writing.CLEAR)
            self._write_rules()
            return
        with self._locked():
            self._create()

    def optimise(self) -> None:
        """Merges the segments into as few as can be."""
        self._merge(merging.large)

    def status(self) -> tuple[bool, str]:
        """Whether the index can be read, and how much is in it."""
        try:
            with self._lock:
                snapshot = self._shelf.fresh()
                if self._shelf.stamp == self._broken:
                    return False, f"The index is damaged. {REBUILD}"
                count, parts = len(snapshot), len(snapshot.segments)
        except IndexUnavailable as error:
            cause = f"{type(error.__cause__).__name__}: {error.__cause__}"
            return False, f"The index cannot be read ({cause}). {REBUILD}"
        if not self._same_rules():
            return False, f"The index was made with other rules of words. {REBUILD}"
        return True, f"The index answers and holds {count} works in {parts} segments."

    def close(self) -> None:
        """Closes the files; the next search opens them again."""
        with self._lock:
            self._shelf.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The lock file that Whoosh's writers take."""
        lock = self._storage.lock(f"{NAME}_WRITELOCK")
        if not try_for(lock.acquire, timeout=self.patience, delay=PAUSE):
            raise _busy()
        try:
            yield
        finally:
            lock.release()

    def _create(self) -> None:
        TOC.create(self._storage, SCHEMA, NAME)
        self._write_rules()

    @contextmanager
    def _writing(self) -> Iterator[Merger]:
        """The one writer that there may be. What is not committed in the block is dropped."""
        with reading():
            index = FileIndex(self._storage, SCHEMA, NAME)
        try:
            writer = Merger(
                index, timeout=self.patience, delay=PAUSE, compound=False, limitmb=MEMORY
            )
        except LockError as error:
            raise _busy() from error
        try:
            yield writer
        finally:
            if not writer.is_closed:
                writer.cancel()

    def _retire(self, writer: Merger, numbers: Iterable[int]) -> int:
        """Marks the documents of these numbers as deleted; how many there were."""
        with self._lock:
            places = self._shelf.places(numbers)
        segments = {one.segment_id(): one for one in writer.segments}
        for name, number in places:
            segments[name].delete_document(number)
        return len(places)

    def _tidy(self) -> None:
        """Merges segments when there are too many; if another is writing, that one will."""
        with suppress(Busy):
            self._merge(merging.small)

    def _merge(self, choose: Choice) -> None:
        with reading():
            if not choose(TOC.read(self._storage, NAME, schema=SCHEMA).segments, self._bytes):
                return

        def policy(writer: Merger, segments: Sequence[Any]) -> list[Any]:
            chosen = choose(segments, self._bytes)
            writer.copy(chosen)
            return [one for one in segments if one not in chosen]

        with self._writing() as writer:
            writer.commit(mergetype=policy)

    def _bytes(self, segment: Any) -> int:
        names = segment.list_files(self._storage)
        return sum(self._storage.file_length(name) for name in names)

    def _write_rules(self) -> None:
        (self.folder / RULES).write_text(analysis.RULES, encoding="utf-8")

    def _same_rules(self) -> bool:
        try:
            return (self.folder / RULES).read_text(encoding="utf-8") == analysis.RULES
        except OSError:
            return False


def _busy() -> Busy:
    return Busy(_("Another process is writing the search index. Please try again later."))

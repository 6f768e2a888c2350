"""The index in files of Tantivy: an optional part, for hundreds of thousands of works.

One writer at a time, in any process, behind Tantivy's lock file. A writer has threads of its own,
with which a process cannot fork: it lives from the beginning of a `put` to its end. Readers in all
processes go on meanwhile and look for a new table of contents at each search; the files are mapped
into memory, once for all processes.
"""

import fcntl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from repository.errors import Busy, ConfigurationError
from repository.index.damage import IndexUnavailable, reading
from repository.index.documents import Document, Hits
from schemas.messages import _
from schemas.search import Query

try:
    import tantivy

    from repository.index import tantivy_rows as rows
    from repository.index.tantivy_shelf import CONTENTS, Shelf, opened
except ModuleNotFoundError as error:
    if error.name != "tantivy":
        raise
    INSTALLED = False
else:
    INSTALLED = True

PATIENCE = 30.0  # seconds to wait for another writer
PAUSE = 0.02
MEMORY = 64_000_000  # bytes of postings, before a writer begins another segment
LOCK = ".tantivy-writer.lock"
RULES = "rules.txt"
REBUILD = "Run `open-archive index rebuild`."


class TantivyIndex:
    """An index in a folder of its own."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self.folder = folder
        self.patience = patience
        self._shelf = Shelf(folder)
        self._broken: tuple[int, ...] | None = None  # the stamp of what could not be read

    @classmethod
    def connect(cls, address: str) -> "TantivyIndex":
        """The index in a folder, made when there is none."""
        if not INSTALLED:
            raise ConfigurationError(
                "The index of Tantivy is an optional part. Install it: "
                "pip install 'open-archive[tantivy]'."
            )
        index = cls(Path(address))
        index.folder.mkdir(parents=True, exist_ok=True)
        if not index._exists():
            with index._locked():
                if not index._exists():
                    index._create()
        return index

    def put(self, documents: Iterable[Document]) -> None:
        """Adds or replaces documents in one commit."""
        latest = {one.number: one for one in documents}
        made = [rows.row(one) for one in latest.values()]
        if made:
            with self._writing() as writer:
                _retire(writer, latest)
                for one in made:
                    writer.add_document(one)
                writer.commit()

    def delete(self, numbers: Iterable[int]) -> None:
        """Removes documents."""
        gone = set(numbers)
        if gone:
            with self._writing() as writer:
                _retire(writer, gone)
                writer.commit()

    def find(self, query: Query, *, limit: int = 20) -> Hits:
        """What a query finds in that which was committed last."""
        try:
            with reading():
                return self._shelf.fresh().find(query, limit=limit)
        except IndexUnavailable:
            self._broken = self._shelf.stamp
            raise

    @reading()
    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """In how many documents each (field, term) stands, fields being "words" and "exact"."""
        return self._shelf.fresh().frequencies(terms)

    def clear(self) -> None:
        """Makes an empty index; a sound one of our rules is replaced without a gap for readers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._same_rules():
            with suppress(IndexUnavailable), self._writing() as writer:
                writer.delete_all_documents()
                writer.commit()
                return
        with self._locked():
            self._create()

    def optimise(self) -> None:
        """Merges segments; Tantivy does by itself what is worth it, after each commit."""
        with self._writing() as writer:
            writer.commit()
            writer.garbage_collect_files()

    def status(self) -> tuple[bool, str]:
        """Whether the index can be read, and how much is in it."""
        try:
            searcher = self._shelf.fresh().searcher
        except IndexUnavailable as error:
            cause = f"{type(error.__cause__).__name__}: {error.__cause__}"
            return False, f"The index cannot be read ({cause}). {REBUILD}"
        if self._shelf.stamp == self._broken:
            return False, f"The index is damaged. {REBUILD}"
        if not self._same_rules():
            return False, f"The index was made with other rules of words. {REBUILD}"
        count, parts = searcher.num_docs, searcher.num_segments
        return True, f"The index answers and holds {count} works in {parts} segments."

    def close(self) -> None:
        """Closes the files; the next search opens them again."""
        self._shelf.close()

    def _exists(self) -> bool:
        return (self.folder / CONTENTS).exists()

    def _create(self) -> None:
        """An empty index in place of all files. The table of contents is written last."""
        self._shelf.close()
        for path in self.folder.iterdir():
            if path.is_file() and path.suffix != ".lock":
                path.unlink()
        (self.folder / RULES).write_text(rows.RULES, encoding="utf-8")
        tantivy.Index(rows.SCHEMA, str(self.folder))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Tantivy's lock, held without a writer."""
        with (self.folder / LOCK).open("ab") as file:
            self._wait(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB))
            yield

    @contextmanager
    def _writing(self) -> Iterator["tantivy.IndexWriter"]:
        """The one writer that there may be. What is not committed in the block is dropped."""
        self._shelf.fresh()
        with reading():
            index = opened(self.folder)
        writer = self._wait(lambda: _writer(index))
        with reading():
            try:
                yield writer
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()

    def _wait(self, take: Callable[[], Any]) -> Any:
        """What `take` gives, as soon as nobody else holds the lock."""
        end = time.monotonic() + self.patience
        while True:
            try:
                return take()
            except BlockingIOError as error:
                if time.monotonic() > end:
                    raise _busy() from error
                time.sleep(PAUSE)

    def _same_rules(self) -> bool:
        try:
            return (self.folder / RULES).read_text(encoding="utf-8") == rows.RULES
        except (OSError, UnicodeDecodeError):
            return False


def _writer(index: "tantivy.Index") -> "tantivy.IndexWriter":
    """A writer; BlockingIOError while there is another."""
    try:
        return index.writer(MEMORY, 1)
    except ValueError as error:
        if "LockBusy" in str(error):
            raise BlockingIOError(str(error)) from error
        with reading():
            raise


def _retire(writer: "tantivy.IndexWriter", numbers: Iterable[int]) -> None:
    for number in numbers:
        writer.delete_documents_by_term("number", number)


def _busy() -> Busy:
    return Busy(_("Another process is writing the search index. Please try again later."))

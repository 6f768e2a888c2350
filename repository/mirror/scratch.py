"""What a run has to remember, in a database that is thrown away, so that memory stays flat."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE former (path TEXT PRIMARY KEY, sha512 TEXT) WITHOUT ROWID;
CREATE TABLE made (path TEXT PRIMARY KEY, sha512 TEXT) WITHOUT ROWID;
CREATE TABLE works (number INTEGER PRIMARY KEY, row TEXT, words TEXT);
CREATE TABLE entries (
    axis TEXT, section TEXT, heading_key TEXT, heading TEXT, key TEXT, number INTEGER,
    PRIMARY KEY (axis, section, heading_key, heading, key, number)
) WITHOUT ROWID;
"""


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """An empty one, which is gone afterwards."""
    with (
        TemporaryDirectory(prefix="mirror-") as folder,
        closing(sqlite3.connect(Path(folder) / "known", isolation_level=None)) as known,
    ):
        known.executescript(TABLES)
        known.execute("BEGIN")
        yield known

"""Works of our own making, in Kyrgyz, Russian and English: what a newcomer sees first.

`works.jsonl` and `collections.jsonl` are written by hand; `make.py` makes the files of the works
from them and from `texts/`.
"""

from collections.abc import Callable
from pathlib import Path

from ingest import batch
from ingest.importers import jsonl
from ingest.jobs import Job
from ingest.reports import Report
from repository.archive import Archive

FOLDER = Path(__file__).parent
SOURCE = "demonstration"


def load(archive: Archive, *, done: Callable[[], None] = lambda: None) -> Report:
    """Takes the demonstration works into the archive; the second time adds nothing."""
    return batch.run(archive, jsonl.read(FOLDER), Job(source=SOURCE), done=done)


def count() -> int:
    """How many rows `load` will take in."""
    return jsonl.count(FOLDER)

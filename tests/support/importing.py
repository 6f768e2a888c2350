"""Importers and their samples, and what is expected of whatever they are given to read."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ingest import jobs
from ingest.rows import Gathering, Row
from ingest.runs import GROUP
from repository import plugins
from repository.errors import ArchiveError
from schemas import work as profile

SAMPLES = Path(__file__).resolve().parents[1] / "ingest/importers/samples"
IMPORTERS = plugins.load(GROUP)
MISSING = (
    "There is no sample for the importer %s. Put one into tests/ingest/importers/samples/%s/: one "
    "small file of your own making, or several when the source is a folder, with at least two good "
    "works in Kyrgyz, Russian and English, which have people, dates, identifiers and subjects, and "
    "one bad record between them."
)


def sample(name: str) -> Path:
    """The source of an importer's sample: its folder, or the only file in that."""
    folder = SAMPLES / name
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    assert found, MISSING % (name, name)
    return found[0] if len(found) == 1 and found[0].is_file() else folder


def copied(name: str, target: Path) -> Path:
    """A copy of the sample that may be spoilt, in place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SAMPLES / name, target)
    original = sample(name)
    return target if original.is_dir() else target / original.name


def files(source: Path) -> list[Path]:
    """The files of a source."""
    if source.is_file():
        return [source]
    return sorted(one for one in source.rglob("*") if one.is_file())


def read(name: str, source: Path) -> list[Row]:
    """The rows of a source; none where it is refused as a whole. Anything else is a fault."""
    return list(rows(name, source))


def rows(name: str, source: Path) -> Iterator[Row]:
    """The rows of a source one by one, each looked at."""
    importer = IMPORTERS[name]
    try:
        assert importer.count(source) >= 0
        for row in importer.read(source):
            assert isinstance(row, Row | Gathering), row
            if isinstance(row, Row):
                _look_at(row, source)
                yield row
    except ArchiveError as error:
        assert str(error).strip()


def _look_at(row: Row, source: Path) -> None:
    assert row.place
    assert isinstance(row.problem, str)
    assert row.problem or row.key, row.place
    assert all(isinstance(one, str) and one.strip() for one in row.remarks)
    for one in row.files:
        folder = source if source.is_dir() else source.parent
        inside = one.path.resolve().is_relative_to(folder.resolve())
        assert inside or not source.is_dir(), f"{one.path} lies outside {source}"
        assert "/" not in one.name and "\\" not in one.name
    try:
        jobs.check(row)
    except (ArchiveError, profile.Unfit) as error:
        assert str(error).strip()


def many(usual: int) -> int:
    """How often something is tried: more by ARCHIVE_FUZZ, which `make fuzz` sets."""
    return usual * int(os.environ.get("ARCHIVE_FUZZ", "1"))

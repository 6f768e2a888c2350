"""Works as bags: valid for a validator that others wrote, and read again with all rights."""

import io
import zipfile

import bagit as validator
import pytest

from ingest import batch
from ingest.importers import bagit as importer
from ingest.jobs import Job
from ingest.rows import Row, RowFile
from repository.exports import bagit, jsonl, selecting
from repository.models.works import Work
from schemas.vocabulary import TYPES, Access, State


@pytest.fixture
def filled(archive, tmp_path):
    """An archive with a work with files, and one without."""
    (tmp_path / "a.txt").write_text("text of a")
    (tmp_path / "b.txt").write_text("text of b")
    files = (
        RowFile(tmp_path / "a.txt", "Эмгек 100%.txt"),
        RowFile(tmp_path / "b.txt", "Тиркеме.txt", access=Access.CAMPUS),
    )
    rows = [
        Row(f"line {one}", f"key {one}", document(one), files=some, state=State.PUBLISHED)
        for one, some in enumerate((files, ()), 1)
    ]
    assert not batch.run(archive, rows, Job(source="test")).failed
    return archive


def document(number):
    return {
        "type": TYPES["article"].uri,
        "titles": [{"text": f"Эмгек {number}", "language": "ky", "kind": "main"}],
    }


def written(archive, told):
    with archive.reading() as session:
        numbers = selecting.chosen(session)
    return b"".join(bagit.stream(archive, selecting.each(archive, numbers), problem=told.append))


def test_each_bag_is_valid_for_the_library_of_congress(filled, tmp_path):
    told = []
    with zipfile.ZipFile(io.BytesIO(written(filled, told))) as pack:
        pack.extractall(tmp_path / "out")
    bags = sorted((tmp_path / "out").iterdir())
    assert len(bags) == 2 and told == []
    for one in bags:
        made = validator.Bag(str(one))
        made.validate()
        assert made.info["External-Description"].startswith("Эмгек")
        assert (one / bagit.DC).exists() and (one / bagit.DATACITE).exists()


def test_the_bags_are_read_again_with_rights_and_without_unpacking(filled, tmp_path):
    path = tmp_path / "works.zip"
    path.write_bytes(written(filled, []))
    rows = list(importer.read(path))
    assert [row.problem for row in rows] == ["", ""]
    names = {one.name: one for one in rows[0].files}
    assert names["Тиркеме.txt"].access is Access.CAMPUS
    with names["Эмгек 100%.txt"].open() as stream:
        assert stream.read() == b"text of a"
    assert rows[0].past.uuid and importer.count(path) == 2


def test_a_file_that_is_damaged_in_the_store_is_left_out_and_told(filled):
    with filled.reading() as session:
        work = session.get(Work, 1)
        place = jsonl.place(filled, work, work.current_files[0])
    place.chmod(0o644)
    place.write_text("other")
    told = []
    with zipfile.ZipFile(io.BytesIO(written(filled, told))) as pack:
        assert not any("100_" in name for name in pack.namelist())
    assert len(told) == 1 and "damaged" in told[0]

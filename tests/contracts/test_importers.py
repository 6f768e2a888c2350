"""What every importer owes to whoever runs it, held against all that are installed."""

from contextlib import suppress

import pytest
from click.testing import CliRunner

from ingest.commands import take_in
from ingest.rows import Gathering, Row
from ingest.runs import GROUP
from repository import plugins
from repository.errors import ArchiveError

IMPORTERS = plugins.load(GROUP)
JUNK = {
    "empty": b"",
    "zeros": bytes(4096),
    "text": "Бул жөн гана сөз.\n".encode() * 20,
    "html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "entities": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "half": b'{"document": {"type": "a"',
    "deep": b"[" * 100_000,
    "not utf-8": b"\xff\xfe\xfd\n\x80\x81\n",
}


@pytest.mark.parametrize("importer", IMPORTERS.values(), ids=list(IMPORTERS))
@pytest.mark.parametrize("junk", JUNK.values(), ids=list(JUNK))
def test_junk_gives_rows_with_a_problem_or_is_refused_as_a_whole(importer, junk, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(junk)
    try:
        assert importer.count(source) >= 0
        for row in importer.read(source):
            assert isinstance(row, Row | Gathering)
            assert row.problem
            assert row.place.startswith("source")
            assert "root:" not in row.problem
    except ArchiveError as error:
        assert str(error)
        assert "root:" not in str(error)


@pytest.mark.parametrize("importer", IMPORTERS.values(), ids=list(IMPORTERS))
def test_a_source_is_read_lazily(importer, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"<a/>")
    rows = iter(importer.read(source))
    with suppress(ArchiveError):
        assert next(rows).problem


@pytest.mark.parametrize("importer", IMPORTERS.values(), ids=list(IMPORTERS))
def test_an_importer_explains_itself(importer):
    assert importer.__doc__
    assert importer.read.__doc__
    assert importer.count.__doc__


def test_the_help_of_the_command_lists_them_all():
    said = CliRunner().invoke(take_in, ["--help"]).output.partition("Formats:")[2]
    assert set(IMPORTERS) <= {line.split()[0] for line in said.splitlines() if line.split()}

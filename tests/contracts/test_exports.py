"""What every format that works go out in owes to whoever takes them."""

import pytest
from click.testing import CliRunner

import wsgi
from ingest import runs
from repository import archive as opening
from repository import plugins, settings
from repository.export_commands import GROUP, pieces
from repository.exports import selecting
from repository.exports.selecting import Selection

FILES = {name: one for name, one in plugins.load(GROUP).items() if not hasattr(one, "write")}
EACH = pytest.mark.parametrize("name", FILES)
NOT_READ = {"irbis-iso": "irbis"}  # what reads it goes by another name


@pytest.fixture(scope="module")
def written(samples, tmp_path_factory):
    """The demonstration works in every format: name → (path, how many works, what was told)."""
    folder, made = tmp_path_factory.mktemp("written"), {}
    chosen = settings.load(
        {}, instance=str(samples), secret_key="k" * 40, base_url="http://localhost"
    )
    with opening.opened(chosen) as archive:
        with archive.reading() as session:
            numbers = selecting.chosen(session)
        for name, module in FILES.items():
            told = []
            works = selecting.each(archive, numbers)
            path = folder / f"{name}.{module.EXTENSION}"
            path.write_bytes(b"".join(pieces(archive, module, works, told.append, {})))
            made[name] = (path, len(numbers), told)
    return made


@EACH
def test_it_says_what_it_is_and_how_its_file_is_called(name):
    module = FILES[name]
    assert module.__doc__ and module.EXTENSION and "/" in module.MEDIA_TYPE


@EACH
def test_our_importer_reads_every_work_of_it_again(name, written):
    path, count, told = written[name]
    importer = runs.importers().get(NOT_READ.get(name, name))
    if importer is None:
        pytest.skip("Nothing of ours reads it.")
    rows = list(importer.read(path))
    assert [row.problem for row in rows if row.problem] == []
    assert len(rows) == count and told == []


def test_works_are_chosen_by_collection_kind_and_year(samples, archive):
    with archive.reading() as session:
        assert selecting.chosen(session) == []
        assert selecting.chosen(session, Selection(type="article", since=1, until=9)) == []


def test_the_command_writes_a_file_and_says_what_is_wrong(chosen, tmp_path, archive):
    runner = CliRunner(env={"ARCHIVE_SECRET_KEY": "k" * 40, "ARCHIVE_BASE_URL": "http://localhost"})

    def run(*words):
        given = ["--instance", str(archive.settings.instance), "export", *map(str, words)]
        return runner.invoke(wsgi.cli, given)

    path = tmp_path / "works.txt"
    done = run("irbis", path, "-o", "encoding=utf-8")
    assert done.exit_code == 0 and "works: 0" in done.output and path.exists()
    assert "is there already" in run("irbis", path).output
    assert "encoding is one of" in run("irbis", tmp_path / "b", "-o", "encoding=x").output
    assert run("novel", tmp_path / "c").exit_code == 2
    assert run("ris", tmp_path / "d", "--type", "novel").exit_code == 2
    assert "[encoding=utf-8|cp1251]" in run("--help").output.replace("\n", "")

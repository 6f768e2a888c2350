"""What is exported and imported again gives the same archive."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import wsgi
from ingest import demonstration
from repository import archive as opening
from repository import settings
from repository.models.works import Work
from schemas.vocabulary import State

KEY = "k" * 40


@pytest.fixture
def command():
    """Runs `open-archive` on an instance; its exit code and what it said."""

    def run(instance, *words):
        arguments = ["--instance", str(instance), *map(str, words)]
        result = CliRunner().invoke(wsgi.cli, arguments, env={"ARCHIVE_SECRET_KEY": KEY})
        return result.exit_code, result.output

    return run


def content(folder):
    """What an export says, but for the moments at which it became so, and that it was one."""
    lines = (folder / "works.jsonl").read_text("utf-8").splitlines()
    works = [{**json.loads(line), "changed": ""} for line in lines]
    for work in works:
        came = work.get("origins", ())
        work["origins"] = [one for one in came if not one["source"].startswith("jsonl:")]
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "files").rglob("*")
        if path.is_file()
    }
    return works, files, (folder / "collections.jsonl").read_text("utf-8")


def test_the_demonstration_goes_out_and_comes_in_the_same(archive, command, tmp_path):
    demonstration.load(archive)
    first, second, copy = tmp_path / "first", tmp_path / "second", tmp_path / "copy"
    code, said = command(archive.settings.instance, "export", "jsonl", first, "--all")
    assert code == 0, said
    assert "works: 14" in said

    code, said = command(archive.settings.instance, "import", "jsonl", first)
    assert (code, "known from before: 14" in said) == (0, True)

    assert command(copy, "init")[0] == 0
    code, said = command(copy, "import", "jsonl", first)
    assert code == 0, said
    assert "added: 14" in said
    assert "collections made: 16" in said
    code, said = command(copy, "import", "jsonl", first)
    assert (code, "known from before: 14" in said) == (0, True)

    assert command(copy, "export", "jsonl", second, "--all")[0] == 0
    assert content(second) == content(first)


def test_the_import_command_tells_bad_rows_and_takes_the_good(archive, command, tmp_path):
    good = {
        "document": {
            "type": "http://purl.org/coar/resource_type/c_6501",
            "titles": [{"text": "Эмгек", "kind": "main"}],
        }
    }
    lines = [json.dumps(good), '{"document": {', json.dumps({"document": {"titles": []}})]
    (tmp_path / "list.jsonl").write_text("\n".join(lines))
    code, said = command(
        archive.settings.instance, "import", "jsonl", tmp_path / "list.jsonl", "-c", "lists"
    )
    assert code == 1
    assert "list.jsonl, line 2: The line is not JSON" in said
    assert "list.jsonl, line 3: " in said
    assert "added: 1" in said
    assert "failed: 2" in said
    with archive.reading() as session:
        (work,) = session.scalars(select(Work))
        assert (work.state, work.title) == (State.DRAFT, "Эмгек")
        assert [one.slug for one in work.collections] == ["lists"]


def test_a_dry_run_changes_nothing(archive, command, tmp_path):
    code, said = command(
        archive.settings.instance, "import", "jsonl", demonstration.FOLDER, "--dry-run"
    )
    assert code == 0
    assert "added: 14" in said
    assert "nothing was changed" in said
    with archive.reading() as session:
        assert session.scalars(select(Work)).all() == []


def test_what_a_column_of_a_table_is_can_be_said_and_is_kept(archive, command, tmp_path):
    (tmp_path / "list.csv").write_text("Эмгек;Ким\nАла-Тоо;Асанов Б. М.\n", encoding="utf-8")
    run = (archive.settings.instance, "import", "table", tmp_path / "list.csv")
    code, said = command(*run)
    assert code == 2 and "Say which one does" in said
    code, said = command(*run, "-o", "Ким=nobody")
    assert code == 2 and "there is no nobody; known are: type, title" in said
    code, said = command(*run, "-o", "Эмгек=title", "-o", "Ким=creators")
    assert code == 0, said
    with archive.reading() as session:
        (work,) = session.scalars(select(Work)).all()
        assert work.document["creators"][0]["family"] == "Асанов"
    code, said = command(*run)
    assert code == 0 and "known from before: 1" in " ".join(said.split()), said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("import", "marc", "."), "known are: "),
        (("import", "jsonl", "absent"), "does not exist"),
        (("import", "jsonl", "."), "no works.jsonl"),
        (("import", "jsonl", demonstration.FOLDER, "-c", "Не то"), "cannot name a collection"),
        (("export", "marc", "out"), "known are: "),
    ],
    ids=["format", "source", "folder", "collection", "export format"],
)
def test_what_was_not_understood_exits_with_2(
    archive, command, monkeypatch, tmp_path, words, reason
):
    monkeypatch.chdir(tmp_path)
    code, said = command(archive.settings.instance, *words)
    assert code == 2
    assert reason in said


def test_an_export_is_not_written_over(archive, command, tmp_path):
    assert command(archive.settings.instance, "export", "jsonl", tmp_path / "out")[0] == 0
    code, said = command(archive.settings.instance, "export", "jsonl", tmp_path / "out")
    assert code == 1
    assert "Choose another folder" in said


@pytest.mark.parametrize("name", ["import", "export"])
def test_help_teaches_by_examples(command, tmp_path, name):
    code, said = command(tmp_path, name, "--help")
    assert code == 0
    assert f"open-archive {name}" in said
    assert "Examples:" in said
    assert "Exit code" in said


def test_init_fills_an_archive_for_a_newcomer(command, tmp_path):
    code, said = command(tmp_path / "new", "init", "--demonstration")
    assert code == 0, said
    assert "14 added" in said
    chosen = settings.load({}, instance=str(tmp_path / "new"))
    with opening.opened(chosen) as made, made.reading() as session:
        assert len(session.scalars(select(Work)).all()) == 14

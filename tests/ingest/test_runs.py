"""Imports are kept with what they did, so that each can be read about and taken back."""

import importing
import pytest
from click.testing import CliRunner
from sqlalchemy import select

import wsgi
from ingest import runs, undoing
from repository import catalogue
from repository.errors import Conflict, NotFound
from repository.models.imports import ImportedWork, ImportState
from repository.models.works import Origin, Work
from repository.viewers import SYSTEM
from schemas.vocabulary import State

TEXT = "#920: PAZK\n#101: rus\n#200: ^A{}\n#903: К-1\n*****\n#200: ^AБаш сөз\n#903: К-2\n*****\n"


@pytest.fixture
def bring(archive, tmp_path):
    """Imports a text of IRBIS's; the number of the import and its report."""

    def run(text, *, dry=False, **asked):
        path = tmp_path / "records.txt"
        path.write_text(text, "utf-8")
        with archive.writing() as session:
            asked = {"format": "irbis", "source": "irbis:records.txt", **asked}
            number = runs.begin(session, name="records.txt", actor=SYSTEM, **asked).id
        report = runs.perform(archive, number, path, dry=dry)
        runs.finish(archive, number, ImportState.CHECKED if dry else ImportState.DONE)
        return number, report

    return run


@pytest.fixture
def works(archive):
    def load():
        with archive.reading() as session:
            return session.scalars(select(Work).order_by(Work.id)).all()

    return load


@pytest.fixture
def cli(archive):
    """Runs a command on the archive."""
    runner = CliRunner(env={"ARCHIVE_SECRET_KEY": "k" * 40, "ARCHIVE_BASE_URL": "http://localhost"})

    def run(*words):
        instance = ("--instance", str(archive.settings.instance))
        return runner.invoke(wsgi.cli, [*instance, *map(str, words)])

    return run


def test_a_dry_run_keeps_its_remarks_and_changes_nothing(bring, works, archive):
    number, report = bring(TEXT.format("Тоо") + "жаман сап\n", dry=True)
    assert report.outcomes == {"added": 2, "failed": 1} and works() == []
    kept = list(runs.remarks(archive.settings, number))
    assert kept[-1].place == "records.txt, line 9"
    with archive.reading() as session:
        run = runs.get(session, number)
        assert (run.state, run.seen, run.counts["added"]) == (ImportState.CHECKED, 3, 2)


def test_the_record_stays_with_the_work(bring, archive):
    bring(TEXT.format("Тоо^FА. Асанов") + "#4444: x\n*****\n")
    with archive.reading() as session:
        origin = session.scalars(select(Origin).order_by(Origin.id)).first()
        assert origin.format == "irbis" and "А. Асанов" in origin.record


def test_drafts_are_discarded_and_what_was_improved_stays(bring, works, archive):
    number, _ = bring(TEXT.format("Тоо"))
    first = works()[0]
    with archive.writing() as session:
        document = {**first.document, "edition": "2-басылышы"}
        catalogue.save(session, catalogue.get(session, first.id), document, actor=SYSTEM)
    assert undoing.undo(archive, number, actor=SYSTEM) == {
        "discarded": 1,
        "withdrawn": 0,
        "restored": 0,
        "kept": 1,
    }
    assert [one.id for one in works()] == [first.id]


def test_published_works_are_withdrawn_and_can_be_imported_again(bring, works, archive):
    number, _ = bring(TEXT.format("Тоо"), publish=True)
    assert undoing.undo(archive, number, actor=SYSTEM)["withdrawn"] == 2
    assert {one.state for one in works()} == {State.WITHDRAWN}
    _, report = bring(TEXT.format("Тоо"), publish=True)
    assert report.outcomes == {"added": 2}


@pytest.mark.parametrize("publish", [True, False])
def test_what_was_brought_in_step_becomes_what_it_was(bring, works, archive, publish):
    bring(TEXT.format("Тоо"), publish=publish)
    number, report = bring(TEXT.format("Тоолор"), publish=publish)
    assert report.outcomes == {"updated": 1, "known": 1}
    assert works()[0].title == "Тоолор"
    assert undoing.undo(archive, number, actor=SYSTEM)["restored"] == 1
    assert works()[0].title == "Тоо"
    with archive.reading() as session:
        assert len(session.scalars(select(ImportedWork)).all()) == 3


def test_the_worker_checks_carries_out_and_undoes(archive, works):
    sample = importing.sample("irbis")
    with archive.writing() as session:
        asked = {"format": "irbis", "source": "irbis:x"}
        run = runs.begin(session, name=sample.name, actor=SYSTEM, **asked)
        number = run.id
        place = runs.folder(archive.settings, number) / "source"
        place.mkdir(parents=True)
        (place / sample.name).write_bytes(sample.read_bytes())
    steps = (
        (ImportState.CHECKING, ImportState.CHECKED, 0),
        (ImportState.RUNNING, ImportState.DONE, 5),
        (ImportState.UNDOING, ImportState.UNDONE, 0),
    )
    for asked_for, ended, count in steps:
        with archive.writing() as session:
            runs.ask(session, runs.get(session, number), asked_for)
        assert runs.follow(archive) == 1 and runs.follow(archive) == 0
        with archive.reading() as session:
            assert runs.get(session, number).state == ended
        assert len(works()) == count


def test_a_source_that_cannot_be_read_stops_the_import_with_a_sentence(archive):
    with archive.writing() as session:
        run = runs.begin(session, name="x", actor=SYSTEM, format="irbis", source="x")
        runs.ask(session, run, ImportState.CHECKING)
        with pytest.raises(Conflict):
            runs.ask(session, run, ImportState.RUNNING)
        number = run.id
    runs.follow(archive)
    with archive.reading() as session:
        run = runs.get(session, number)
        assert run.state == ImportState.STOPPED and "no longer kept" in run.stopped
        with pytest.raises(NotFound):
            runs.get(session, 99)


def test_formats_are_recognised_by_their_files():
    assert runs.recognised(importing.sample("irbis")) == ["irbis"]
    assert runs.recognised(importing.sample("irbis-db")) == ["irbis-db"]


def test_commands_tell_what_was_done_and_take_it_back(tmp_path, cli):
    source = tmp_path / "records.txt"
    source.write_text(TEXT.format("Тоо") + "#6629: x\n*****\n", "utf-8")
    said = cli("import", "irbis", source, "-o", "encoding=utf-8")
    assert "added: 2" in said.output and "imports undo 1" in said.output
    assert cli("import", "irbis", source, "-o", "encoding=x").exit_code == 2
    assert "has no option x" in cli("import", "irbis", source, "-o", "x=1").output
    assert "records.txt" in cli("imports", "list").output
    assert "no title" in cli("imports", "report", "1").output
    undone = cli("imports", "undo", "1", "--yes")
    assert "drafts discarded: 2" in undone.output and undone.exit_code == 0

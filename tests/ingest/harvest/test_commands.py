"""open-archive harvest, from the command line."""

import pytest
from click.testing import CliRunner

import wsgi
from repository import settings


@pytest.fixture
def run(chosen, archive):
    chosen.instance.joinpath(settings.FILE).write_text(
        f"ARCHIVE_SECRET_KEY = {'k' * 40}\nARCHIVE_FETCH_NETWORKS = 127.0.0.0/8\n", "utf-8"
    )

    def command(*given, code=0, **options):
        arguments = ["--instance", str(chosen.instance), "harvest", *given]
        result = CliRunner().invoke(wsgi.cli, arguments, **options)
        assert result.exit_code == code, result.output
        return result.output

    return command


def test_a_repository_is_looked_at_added_harvested_listed_and_taken_out(run, torture):
    said = run("dry-run", torture.url, "--pages", "1")
    assert "“Эмгек 1”" in said
    assert "announced: 10" in said
    assert "nothing was kept" in said
    assert "Added torture" in run("add", "torture", torture.url, "--name", "T", "--pause", "0")
    assert "never harvested" in run("list")
    assert "records: 6" in run("dry-run", "torture")
    assert "0 records" in run("list")
    assert "new: 10" in run("run", "torture")
    listed = run("list")
    assert "torture: T" in listed
    assert "10 records" in listed
    assert "as before: 10" in run("run", "torture", "--whole")
    run("remove", "torture", "--yes")
    assert run("list") == ""


def test_faults_are_listed_with_their_counts(run, torture):
    torture.faults = {"odd_dates"}
    run("add", "torture", torture.url, "--pause", "0")
    assert "Records with datestamps that are no dates: 10" in run("run")
    assert "Records with datestamps that are no dates: 10" in run("list")


def test_a_harvest_that_cannot_be_finished_ends_with_1_and_the_reason(run, torture):
    torture.faults = {"circle"}
    run("add", "torture", torture.url, "--pause", "0")
    assert "Not finished: The list goes in a circle" in run("run", "torture", code=1)
    torture.change = lambda given, text: text.replace("<OAI-PMH", "<!DOCTYPE a><OAI-PMH")
    assert "cannot be harvested: The answer has a DOCTYPE" in run("dry-run", "torture", code=1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("add", "x", "file:///etc/passwd"), "base_url"),
        (("add", "Ош", "https://example.org/oai"), "slug"),
        (("add", "x", "https://example.org/oai", "--every", "often"), "every"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_field(run, given, says):
    assert says in run(*given, code=2)


def test_a_source_that_is_not_there_is_said_to_be_none(run):
    assert "There is no source “x”" in run("run", "x", code=1)
    assert "There is no source “x”" in run("remove", "x", "--yes", code=1)


def test_nothing_is_taken_out_without_being_sure(run, torture):
    run("add", "torture", torture.url)
    run("remove", "torture", input="n\n", code=1)
    assert "torture" in run("list")

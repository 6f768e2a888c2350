"""`open-archive oai`: how the feed is, and making it anew."""

import pytest
from click.testing import CliRunner

import wsgi
from oai import feed


@pytest.fixture
def run(archive, monkeypatch):
    """Runs a command over the archive."""
    monkeypatch.setenv("ARCHIVE_SECRET_KEY", archive.settings.secret_key)
    monkeypatch.setenv("ARCHIVE_BASE_URL", archive.settings.base_url)

    def command(*words):
        given = ["--instance", str(archive.settings.instance), *words]
        return CliRunner().invoke(wsgi.cli, given)

    return command


def test_status_says_what_the_feed_holds(run, catalogue, settled):
    catalogue.withdraw(catalogue.many(3)[0])
    settled()
    catalogue.publish()
    done = run("oai", "status")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert {"Works: 2", "Deleted: 1", "Changes that wait for the worker: 1"} <= set(lines)


def test_status_names_bad_records_with_the_reason(run, catalogue, settled):
    number = catalogue.publish()
    catalogue.change(number, document={"titles": [{"text": "Бузук"}], "creators": 7})
    settled()
    done = run("oai", "status")
    assert done.exit_code == 1
    assert f"Bad record: work {number}, oai_dc: " in done.output


def test_rebuild_renders_everything(run, archive, catalogue, settled):
    catalogue.many(3)
    settled()
    done = run("oai", "rebuild")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Rendered 3 works."
    with archive.reading() as session:
        assert feed.counts(session).works == 3

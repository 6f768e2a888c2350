"""`open-archive oai check`."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

import wsgi
from oai.readiness.books import BOOKS


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments):
        return CliRunner().invoke(
            wsgi.cli, ["--instance", str(tmp_path), "oai", "check", *arguments]
        )

    return invoke


def test_a_good_repository_is_ready_for_all(run, address):
    done = run("--url", address)
    assert done.exit_code == 0, done.output
    for book in BOOKS.values():
        assert f"{book.name}: 100/100, ready" in done.output
    assert "\x1b" not in done.output


def test_a_broken_must_is_told_with_record_reason_and_remedy_and_exit_code_1(run, address, torture):
    torture.spoil = lambda made: replace(
        made, body=made.body.replace("<dc:title>Манас 7</dc:title>", "")
    )
    done = run("--url", address, "--for", "base", "--all")
    torture.spoil = lambda made: made
    assert done.exit_code == 1
    assert "BASE: 99/100, not ready" in done.output
    lines = [line.strip() for line in done.output.splitlines()]
    at = lines.index("must A record has a title. (1/119) base.title")
    assert lines[at + 1] == "oai:t.example.org:7: The record has no dc:title."
    assert lines[at + 2] == "→ Write the work's title."
    assert "CORE" not in done.output


def test_the_report_comes_as_json(run, address):
    done = run("--url", address, "--json", "--for", "rioxx", "--for", "core", "--sample", "5")
    report = json.loads(done.output)
    assert report["ready"] and [one["key"] for one in report["books"]] == ["rioxx", "core"]
    assert all(one["records"] == 5 for one in report["books"])


def test_an_address_without_a_repository_is_said_and_fails(run):
    done = run("--url", "http://127.0.0.1:9/oai", "--for", "oai")
    assert done.exit_code == 1
    assert "It cannot be reached" in done.output


def test_ours_is_judged_without_a_url(archive, catalogue, settled):
    catalogue.many(2)
    settled()
    arguments = ["--instance", str(archive.settings.instance), "oai", "check", "--for", "base"]
    environment = {"ARCHIVE_SECRET_KEY": "k" * 40, "ARCHIVE_BASE_URL": "http://127.0.0.1:9"}
    done = CliRunner().invoke(wsgi.cli, arguments, env=environment)
    assert "asked inside" in done.output
    assert "must A record" not in done.output and done.exit_code == 0, done.output


def test_schemas_are_used_where_they_are_given(run, address, tmp_path, shared_schemas):
    done = run("--url", address, "--json", "--for", "oai", "--schemas", str(shared_schemas))
    rules = {one["id"]: one["state"] for one in json.loads(done.output)["books"][0]["rules"]}
    assert rules["oai.valid"] == "passed", done.output


def test_a_folder_without_a_catalogue_of_schemas_is_refused(run, address, tmp_path):
    done = run("--url", address, "--schemas", str(tmp_path))
    assert done.exit_code == 1 and "catalog.txt" in done.output

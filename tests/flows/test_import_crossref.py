"""The main job: real papers come in, are found, shown, downloaded and harvested."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import wsgi
from repository import derived
from repository.models.works import Work

JOSE = Path(__file__).parents[3] / "shared" / "data" / "jose"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not JOSE.exists(), reason="the folder of real papers is not there"),
]


def run(archive, *words):
    environment = {"ARCHIVE_SECRET_KEY": archive.settings.secret_key}
    instance = str(archive.settings.instance)
    result = CliRunner().invoke(wsgi.cli, ["--instance", instance, *words], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_papers_are_imported_found_shown_downloaded_and_harvested(archive, client, settle):
    command = ("import", "crossref", str(JOSE), "--collection", "jose", "--publish")
    assert "added: 25" in run(archive, *command, "--dry-run")
    said = run(archive, *command)
    assert "added: 25" in said
    assert "failed: 0" in said
    assert "collections made: 1" in said
    again = run(archive, *command)
    assert "added: 0" in again
    assert "known from before: 25" in again
    settle()

    with archive.reading() as session:
        works = session.scalars(select(Work)).all()
        files = {work.id: work.files[0] for work in works}
    assert len(works) == 25
    harvest = harvested(client)
    for work in works:
        file = files[work.id]
        phrase = phrase_from_inside(archive, file.sha512)
        found = client.get("/search", query_string={"q": f'"{phrase}"'})
        assert f"/works/{work.id}" in found.text, phrase
        page = client.get(f"/works/{work.id}")
        assert page.status_code == 200
        for creator in work.document["creators"]:
            assert creator["family"] in page.text.replace("&#39;", "'")
        assert dict(one.values() for one in work.document["identifiers"])["doi"] in page.text
        answer = client.get(f"/works/{work.id}/{file.name}")
        assert answer.data == (JOSE / file.name).read_bytes()
        assert work.title in harvest[f"oai:{archive.settings.oai_host}:{work.id}"]


def phrase_from_inside(archive, sha512):
    """Six words in a row that stand in the middle of the last page."""
    page = derived.pages(archive.settings.derived, sha512)[-1]
    lines = [re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){5}", line) for line in page.splitlines()]
    return max((one for line in lines for one in line), key=len)


def harvested(client):
    """The titles of all records by their identifiers, as ListRecords gives them."""
    xml = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").data
    records = re.findall(r"<record>.*?</record>", xml.decode(), re.S)
    return {
        re.search(r"<identifier>(oai:[^<]+)<", one)[1]: "; ".join(
            re.findall(r"<dc:title[^>]*>([^<]*)<", one)
        )
        for one in records
    }

"""Harvesters that people use take everything, deleted records included, from a real server."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
import requests
from oaipmh_scythe import Scythe
from sickle import Sickle

from oai import feed
from repository import archive as opening
from repository import settings

WORKS, DELETED, PAGE = 57, 5, 10
HOST = "archive.example.org"


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory, template, cataloguing):
    """The base URL of a server process over 57 works, 5 of them withdrawn."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "archive.sqlite").write_bytes(template.read_bytes())
    port = free_port()
    given = {
        "instance": str(folder),
        "secret_key": "k" * 40,
        "base_url": f"http://127.0.0.1:{port}",
        "oai_identifier": HOST,
        "oai_page": str(PAGE),
    }
    with opening.opened(settings.load({}, **given)) as archive:
        catalogue = cataloguing(archive)
        catalogue.collection("letters", names={"ky": "Адабият"})
        numbers = [
            catalogue.publish(f"Эмгек {number} <&>", sets=("letters",) * (number % 2))
            for number in range(WORKS)
        ]
        feed.settle(archive)
        for number in numbers[::12]:
            catalogue.withdraw(number)
        feed.settle(archive)
    environment = os.environ | {f"ARCHIVE_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", "wsgi", "serve", "--port", str(port), "--no-worker"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/oai?verb=Identify", process, folder / "log")
            yield f"http://127.0.0.1:{port}/oai"
        finally:
            process.terminate()
            process.wait(30)


def _wait(url, process, log):
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            return requests.get(url, timeout=30).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.2)
    pytest.fail(f"The server does not answer: {log.read_text()}")


def test_sickle_takes_everything(address):
    found = list(Sickle(address).ListRecords(metadataPrefix="oai_dc"))
    assert len({one.header.identifier for one in found}) == len(found) == WORKS
    assert sum(one.deleted for one in found) == DELETED
    titles = {one.metadata["title"][0] for one in found if not one.deleted}
    assert len(titles) == WORKS - DELETED
    assert "Эмгек 1 <&>" in titles


def test_sickle_takes_a_set_headers_formats_and_sets(address):
    sickle = Sickle(address)
    assert len(list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))) == WORKS
    assert len(list(sickle.ListRecords(metadataPrefix="oai_dc", set="letters"))) == WORKS // 2
    specs = {one.setSpec for one in sickle.ListSets()}
    assert specs >= {"letters", "openaire", "driver", "open_access", "type:article", "year:2024"}
    assert "oai_dc" in [one.metadataPrefix for one in sickle.ListMetadataFormats()]
    assert sickle.Identify().deletedRecord == "persistent"
    one = sickle.GetRecord(identifier=f"oai:{HOST}:2", metadataPrefix="oai_dc")
    assert one.metadata["title"] == ["Эмгек 1 <&>"]


def test_scythe_takes_everything(address):
    with Scythe(address) as scythe:
        found = list(scythe.list_records(metadata_prefix="oai_dc"))
        identifiers = list(scythe.list_identifiers(metadata_prefix="oai_dc"))
    assert len({one.header.identifier for one in found}) == len(found) == WORKS
    assert sum(one.deleted for one in found) == DELETED
    assert len(identifiers) == WORKS


def test_debians_oai_pmh_takes_everything(address):
    if not shutil.which("oai_pmh"):
        pytest.skip("Debian's libhttp-oai-perl is not installed")
    command = ["oai_pmh", "--metadataPrefix", "oai_dc", "-X", "ListRecords", address]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    said = done.stdout.decode(errors="replace")
    identifiers = re.findall(rf"oai:{HOST}:[0-9]+", said)
    assert len(set(identifiers)) == WORKS
    assert len(re.findall("status: deleted|deleted", said)) >= DELETED


def test_debians_catmandu_takes_everything(address):
    if not shutil.which("catmandu"):
        pytest.skip("Debian's libcatmandu-oai-perl is not installed")
    command = [
        "catmandu",
        "convert",
        "OAI",
        "--url",
        address,
        "--listIdentifiers",
        "0",
        "to",
        "JSON",
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    records = json.loads(done.stdout)
    assert len({one["_identifier"] for one in records}) == len(records) == WORKS
    assert sum(one.get("_status") == "deleted" for one in records) == DELETED
    assert "Эмгек 1 <&>" in {one["title"][0] for one in records if one.get("title")}


@pytest.fixture(scope="module")
def npm_client(tmp_path_factory):
    """The npm package oai-pmh, installed into a folder of its own."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("npm")
    wanted = ["npm", "install", "--no-audit", "--no-fund", "--silent", "oai-pmh@2"]
    if subprocess.run(wanted, cwd=folder, capture_output=True, timeout=120, check=False).returncode:
        pytest.skip("the npm package oai-pmh cannot be had here")
    return folder / "node_modules" / ".bin" / "oai-pmh"


def test_npms_oai_pmh_takes_everything(address, npm_client):
    command = [npm_client, "list-records", address, "-p", "oai_dc"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    identifiers = re.findall(rf"oai:{HOST}:[0-9]+", done.stdout.decode())
    assert len(set(identifiers)) == WORKS
    assert done.stdout.decode().count("deleted") == DELETED


def test_every_page_is_the_same_over_post(address):
    query = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    got, posted = (
        requests.get(address, query, timeout=30),
        requests.post(address, query, timeout=30),
    )
    assert got.headers["Content-Encoding"] == "gzip"
    assert _undated(got.text) == _undated(posted.text)


def _undated(text):
    """Without the second of the answer, which its token holds too."""
    return re.sub("<(responseDate|resumptionToken)[^>]*>.*?</", "", text)


def test_head_over_real_http_has_a_length_and_no_body(address):
    answer = requests.head(address, params={"verb": "Identify"}, timeout=30)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.content == b""

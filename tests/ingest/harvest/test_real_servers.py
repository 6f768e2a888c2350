"""Harvesting servers that others wrote, and our own, over real HTTP."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from shutil import copytree
from urllib.parse import parse_qsl

import oai_repo
import pytest
from lxml import etree
from sqlalchemy import select
from werkzeug.serving import make_server

import wsgi
from ingest.harvest.readers import READERS
from oai import feed, formats
from repository import archive as opening
from repository import publishing, settings
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas import work as profile
from schemas.vocabulary import ReasonKind, State


@contextmanager
def served(application: Callable) -> Iterator[str]:
    """The address at which a WSGI application answers."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def neighbour(samples, tmp_path):
    """Another archive of our kind, with the demonstration works."""
    copytree(samples, tmp_path / "neighbour")
    chosen = settings.load(
        {},
        instance=str(tmp_path / "neighbour"),
        secret_key="k" * 40,
        base_url="http://neighbour.example.org",
        oai_page="4",
    )
    app = wsgi.create_app(chosen)
    feed.rebuild(app.extensions["archive"])  # whose records have other identifiers than samples
    feed.settle(app.extensions["archive"])
    yield app
    opening.close(app.extensions["archive"])


def originals(archive):
    with archive.reading() as session:
        works = session.scalars(select(Work).where(Work.state == State.PUBLISHED)).all()
        return {f"oai:neighbour.example.org:{one.id}": one.document for one in works}


def authors(document):
    return {one.get("family") or one.get("name") for one in document.get("creators", ())}


@pytest.mark.parametrize("prefix", sorted(READERS))
def test_our_own_server_is_harvested_in_every_format_that_both_know(neighbour, union, prefix):
    if prefix not in formats.known():
        pytest.skip(f"{prefix} is not among our formats")
    theirs = neighbour.extensions["archive"]
    with served(neighbour) as address:
        union.add(f"{address}/oai", prefix=prefix)
        source = union.run()
    assert (source.error, source.faults) == (None, {})
    taken, given = union.records(), originals(theirs)
    assert taken.keys() == given.keys()
    for identifier, record in taken.items():
        original, number = given[identifier], identifier.rpartition(":")[2]
        assert profile.main_title(record.document)["text"].startswith(
            profile.main_title(original)["text"]
        )
        assert authors(record.document) == authors(original)
        assert profile.year(record.document) == profile.year(original)
        assert record.document["languages"][0] == original["languages"][0]
        assert record.url in (
            f"http://neighbour.example.org/works/{number}",
            *(f"https://doi.org/{one['value']}" for one in original.get("identifiers", ())),
        )


def test_what_our_own_server_withdraws_disappears_from_the_union(neighbour, union):
    theirs = neighbour.extensions["archive"]
    with served(neighbour) as address:
        union.add(f"{address}/oai", prefix="oai_dc")
        union.run()
        before = len(union.records())
        first = min(union.records())
        number = int(first.rpartition(":")[2])
        publishing.withdraw(theirs, number, actor=SYSTEM, kind=ReasonKind.OTHER, reason="-")
        feed.settle(theirs)
        source = union.run()
    assert source.counts["deleted"] == 1
    assert first not in union.records()
    assert len(union.records()) == before - 1


class Shelf(oai_repo.DataInterface):
    """A repository behind PyPI's `oai-repo`: 23 records on five pages, every seventh deleted."""

    limit = 5
    stamp = datetime(2024, 5, 1, 12, tzinfo=UTC)

    def __init__(self) -> None:
        self.works = {f"oai:shelf.example.org:{one}": f"Книга {one}" for one in range(1, 24)}

    def get_identify(self) -> oai_repo.Identify:
        return oai_repo.Identify(
            repository_name="Shelf",
            base_url="https://shelf.example.org/oai",
            admin_email=["shelf@example.org"],
            earliest_datestamp="2024-01-01T00:00:00Z",
            deleted_record="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
        )

    def is_valid_identifier(self, identifier):
        return identifier in self.works

    def get_metadata_formats(self, identifier=None):
        dc = "http://www.openarchives.org/OAI/2.0/oai_dc"
        return [oai_repo.MetadataFormat("oai_dc", f"{dc}.xsd", f"{dc}/")]

    def get_record_header(self, identifier):
        return oai_repo.RecordHeader(
            identifier=identifier, datestamp=self.stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        )

    def get_record_metadata(self, identifier, metadataprefix):
        return etree.fromstring(
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{self.works[identifier]}</dc:title></oai_dc:dc>"
        )

    def get_record_abouts(self, identifier):
        return []

    def list_set_specs(self, identifier=None, cursor=0):
        return None, None, None

    def get_set(self, setspec):
        return None

    def list_identifiers(
        self, metadataprefix, filter_from=None, filter_until=None, filter_set=None, cursor=0
    ):
        found = list(self.works)
        if filter_from and filter_from.replace(tzinfo=UTC) > self.stamp:
            found = []
        return found[cursor : cursor + self.limit], len(found), None


def test_the_server_oai_repo_is_harvested_and_harvested_again(union):
    shelf = oai_repo.OAIRepository(Shelf())
    asked = []

    def application(environ, start_response):
        given = dict(parse_qsl(environ["QUERY_STRING"]))
        asked.append(dict(given))
        start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
        return [bytes(shelf.process(given))]

    with served(application) as address:
        union.add(f"{address}/oai")
        source = union.run()
        assert (source.error, source.faults) == (None, {})
        assert source.counts == {"new": 23}
        assert union.titles() == sorted(f"Книга {one}" for one in range(1, 24))
        source = union.run()
    assert source.error is None
    assert asked[-1]["from"] > "2024"
    assert len(union.titles()) == 23

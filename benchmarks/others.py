"""The servers of PyPI's pyoai and oai-repo over records of ours, each as an application to serve.

Both get the records ready in memory, in the shape that they want, and send the first page of a
list, plain. pyoai cannot go on from there: it reads its tokens by a function that Python has
dropped.
"""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import oai_repo
from granian import Granian
from granian.constants import Interfaces
from lxml import etree
from sqlalchemy import select

from benchmarks import feeds, processes
from repository.models.feed import FeedItem, FeedRecord

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyoai imports what setuptools is about to drop
    import oaipmh.common
    import oaipmh.metadata
    import oaipmh.server

DC = "http://www.openarchives.org/OAI/2.0/oai_dc"
Found = list[tuple[str, datetime, etree._Element]]
Application = Callable[[dict[str, Any], Callable[..., Any]], list[bytes]]


def _records(size: int) -> Found:
    """The first records of the feed: identifier, datestamp, oai_dc."""
    query = (
        select(FeedItem.datestamp, FeedRecord.header, FeedRecord.metadata_)
        .join(FeedRecord, FeedRecord.item_id == FeedItem.id)
        .where(FeedRecord.prefix == feeds.PREFIX)
        .order_by(FeedItem.datestamp, FeedItem.id)
        .limit(size)
    )
    with (
        feeds.reopened(Path(os.environ["BENCH_INSTANCE"])) as archive,
        archive.reading() as session,
    ):
        return [
            (
                str(etree.fromstring(header).findtext("identifier")),
                datetime.fromtimestamp(second, UTC).replace(tzinfo=None),
                etree.fromstring(b"<record>%b</record>" % body)[0][0],
            )
            for second, header, body in session.execute(query)
        ]


class Shelf(oai_repo.DataInterface):
    """The records for oai-repo."""

    def __init__(self, found: Found) -> None:
        self.limit = len(found) // 2
        self.found = {identifier: (second, body) for identifier, second, body in found}

    def get_identify(self) -> oai_repo.Identify:
        return oai_repo.Identify(
            repository_name="Bench",
            base_url=f"{feeds.BASE}/oai",
            admin_email=["bench@example.org"],
            earliest_datestamp="2024-01-01T00:00:00Z",
            deleted_record="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
        )

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self.found

    def get_metadata_formats(self, identifier: str | None = None) -> list:
        return [oai_repo.MetadataFormat("oai_dc", f"{DC}.xsd", f"{DC}/")]

    def get_record_header(self, identifier: str) -> oai_repo.RecordHeader:
        second = self.found[identifier][0]
        return oai_repo.RecordHeader(
            identifier=identifier, datestamp=second.strftime("%Y-%m-%dT%H:%M:%SZ")
        )

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> etree._Element:
        return self.found[identifier][1]

    def get_record_abouts(self, identifier: str) -> list:
        return []

    def list_set_specs(self, identifier: str | None = None, cursor: int = 0) -> tuple:
        return None, None, None

    def get_set(self, setspec: str) -> None:
        return None

    def list_identifiers(
        self,
        metadataprefix: str,
        filter_from: datetime | None = None,
        filter_until: datetime | None = None,
        filter_set: str | None = None,
        cursor: int = 0,
    ) -> tuple:
        return list(self.found)[cursor : cursor + self.limit], len(self.found), None


def by_oai_repo(found: Found) -> Callable[[dict[str, str]], bytes]:
    """Answers of oai-repo."""
    repository = oai_repo.OAIRepository(Shelf(found))
    return lambda given: bytes(repository.process(given))


class Implementation:
    """The records for pyoai."""

    def __init__(self, found: Found) -> None:
        self.found = [
            (
                oaipmh.common.Header(None, identifier, second, [], False),
                oaipmh.common.Metadata(None, _fields(body)),
                None,
            )
            for identifier, second, body in found
        ]

    def listRecords(
        self,
        metadataPrefix: str,
        cursor: int,
        batch_size: int,
        **_: Any,
    ) -> list:
        return self.found[cursor : cursor + batch_size]

    def identify(self) -> oaipmh.common.Identify:
        return oaipmh.common.Identify(
            repositoryName="Bench",
            baseURL=f"{feeds.BASE}/oai",
            protocolVersion="2.0",
            adminEmails=["bench@example.org"],
            earliestDatestamp=datetime(2024, 1, 1),  # noqa: DTZ001 - pyoai's are without a zone
            deletedRecord="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
            compression=["identity"],
        )


def _fields(body: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in body:
        found.setdefault(etree.QName(one).localname, []).append(one.text or "")
    return found


def by_pyoai(found: Found) -> Callable[[dict[str, str]], bytes]:
    """Answers of pyoai."""
    registry = oaipmh.metadata.MetadataRegistry()
    registry.registerWriter("oai_dc", oaipmh.server.oai_dc_writer)
    server = oaipmh.server.BatchingServer(
        Implementation(found), registry, resumption_batch_size=len(found) // 2
    )
    return server.handleRequest


MAKERS = {"oai-repo": by_oai_repo, "pyoai": by_pyoai}


def application() -> Application:
    """The application that BENCH_SERVER names, with pages of BENCH_SIZE records."""
    answer = MAKERS[os.environ["BENCH_SERVER"]](_records(2 * int(os.environ["BENCH_SIZE"])))

    def reply(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = answer(dict(parse_qsl(environ["QUERY_STRING"])))
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8"), length])
        return [body]

    return reply


@contextmanager
def serving(name: str, instance: Path, size: int) -> Iterator[str]:
    """The address of one of MAKERS, behind the server that we use ourselves."""
    port = processes.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.others", str(port)],
        cwd=processes.ROOT,
        env=processes.environment(
            instance, BENCH_INSTANCE=str(instance), BENCH_SERVER=name, BENCH_SIZE=str(size)
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        processes.wait_for(f"{url}/oai?verb=Identify")
        yield url
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    Granian(
        "benchmarks.others:application",
        factory=True,
        interface=Interfaces.WSGI,
        port=int(sys.argv[1]),
        websockets=False,
    ).serve()

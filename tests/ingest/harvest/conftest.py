"""A repository over real HTTP that misbehaves in every way that real ones do, one way at a time."""

import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import pytest
from sqlalchemy import select

from ingest.harvest import running, sources
from ingest.harvest.running import Pace
from repository import elsewhere
from repository.archive import Archive
from repository.models.harvest import ForeignRecord, Source
from repository.settings import Settings

FAST = Pace(backoff=0.01, tries=4)
START = datetime(2024, 1, 1, tzinfo=UTC)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
)
FORMATS = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "marcxml": "http://www.loc.gov/MARC21/slim",
    "mods": "http://www.loc.gov/mods/v3",
    "oai_datacite": "http://schema.datacite.org/oai/oai-1.1/",
}


@dataclass
class Item:
    """A record of the torture repository; `body` is what stands in <metadata>."""

    number: int
    title: str
    stamp: datetime
    deleted: bool = False
    body: str | None = None

    @property
    def identifier(self) -> str:
        return f"oai:torture.example.org:{self.number}"


def dublin(title: str, number: int) -> str:
    """A record in Dublin Core."""
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>Асанова, Айгүл</dc:creator>"
        "<dc:date>2021-03-04</dc:date><dc:language>ky</dc:language>"
        "<dc:type>info:eu-repo/semantics/article</dc:type>"
        f"<dc:identifier>https://torture.example.org/items/{number}</dc:identifier>"
        "</oai_dc:dc>"
    )


Change = Callable[[dict[str, str], str], str]


class Torture:
    """The repository. `faults` names its bad habits; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.page = 3
        self.faults: set[str] = set()
        self.formats = ["oai_dc"]
        self.deleting = "persistent"
        self.granularity = "YYYY-MM-DDThh:mm:ssZ"
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.change: Change | None = None  # of the text of an answer
        self.wait: str = "0"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/oai"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def fill(self, count: int, **more: object) -> None:
        """Adds records, a minute apart."""
        for _ in range(count):
            number = len(self.items) + 1
            stamp = START + timedelta(minutes=number)
            self.items.append(Item(number, f"Эмгек {number}", stamp, **more))

    def touch(self, number: int, **columns: object) -> None:
        """Changes a record now."""
        item = self.items[number - 1]
        self.items[number - 1] = replace(item, stamp=datetime.now(UTC), **columns)

    def close(self) -> None:
        """Stops serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def lists(self) -> list[dict[str, str]]:
        """The ListRecords requests so far."""
        return [one for one in self.asked if one.get("verb") == "ListRecords"]

    def _once(self, fault: str) -> bool:
        """Whether the fault is on; it goes away when it has happened."""
        on = fault in self.faults
        self.faults.discard(fault)
        return on

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        torture = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                torture.agents.add(self.headers.get("User-Agent", ""))
                torture.asked.append(given)
                torture._answer(self, given)

            def log_message(self, *given: object) -> None:
                pass

        return Handler

    def _answer(self, to: BaseHTTPRequestHandler, given: dict[str, str]) -> None:
        listing = given.get("verb") == "ListRecords"
        second = "resumptionToken" in given
        if "off" in self.faults or (second and "off_in_the_middle" in self.faults):
            return self._send(to, b"<html><body>Sorry</body></html>", 500, "text/html")
        if second and self._once("off_once"):
            return self._send(to, b"", 502, "text/html")
        for status in (503, 429):
            if listing and self._once(f"busy_{status}"):
                return self._send(to, b"", status, "text/plain", {"Retry-After": self.wait})
        if listing and self._once("html_once"):
            return self._send(to, b"<!DOCTYPE html><html><p>Login</p></html>", 200, "text/html")
        text = self._text(given)
        if self.change:
            text = self.change(given, text)
        kind, status = "text/xml; charset=utf-8", 200
        if "text_html" in self.faults:
            kind = "text/html"
        if "error_400" in self.faults and "<error" in text:
            status = 400
        if listing and second and self._once("cut_once"):
            text = text[: len(text) * 2 // 3]
        return self._send(to, self._bytes(text, listing), status, kind)

    def _bytes(self, text: str, listing: bool) -> bytes:
        if "bom" in self.faults:
            return b"\xef\xbb\xbf" + text.encode()
        if "junk" in self.faults:
            return f"\n<b>Warning</b>: x in y.php\n{text}\n<!-- 0.2 s -->\nNotice: z".encode()
        if "cp1251" in self.faults:
            return text.encode("cp1251", "replace")
        if "latin_bytes" in self.faults and listing:
            return text.encode().replace(b"</dc:title>", b" caf\xe9</dc:title>")
        if "utf16" in self.faults:
            return text.replace("UTF-8", "UTF-16").encode("utf-16")
        return text.encode()

    def _send(
        self,
        to: BaseHTTPRequestHandler,
        body: bytes,
        status: int,
        kind: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        packed = "gzip" in to.headers.get("Accept-Encoding", "") and "gzip" in self.faults
        body = gzip.compress(body) if packed else body
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(body)))
        if packed:
            to.send_header("Content-Encoding", "gzip")
        for name, value in (headers or {}).items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(body)

    def _text(self, given: dict[str, str]) -> str:
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for fault, said in (
            ("no_moment", ""),
            ("odd_moment", "<responseDate>gestern</responseDate>"),
            ("future", "<responseDate>2099-01-01T00:00:00Z</responseDate>"),
        ):
            if fault in self.faults:
                return HEAD + said + self._inside(given) + "</OAI-PMH>"
        return f"{HEAD}<responseDate>{moment}</responseDate>{self._inside(given)}</OAI-PMH>"

    def _inside(self, given: dict[str, str]) -> str:
        if given.get("verb") == "Identify":
            return self._identify()
        if given.get("verb") == "ListMetadataFormats":
            return self._formats()
        if given.get("verb") == "ListRecords":
            return self._list(given)
        return '<error code="badVerb">?</error>'

    def _identify(self) -> str:
        if "no_identify" in self.faults:
            return '<error code="badVerb">Identify?</error>'
        return (
            "<Identify><repositoryName>Torture</repositoryName>"
            f"<deletedRecord>{self.deleting}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def _formats(self) -> str:
        if "no_formats" in self.faults:
            return '<error code="badVerb">?</error>'
        known = "".join(
            f"<metadataFormat><metadataPrefix>{one}</metadataPrefix>"
            f"<metadataNamespace>{FORMATS.get(one, 'urn:x')}</metadataNamespace></metadataFormat>"
            for one in self.formats
        )
        return f"<ListMetadataFormats>{known}</ListMetadataFormats>"

    def _list(self, given: dict[str, str]) -> str:
        token = given.get("resumptionToken")
        if token is not None and self._expired():
            return '<error code="badResumptionToken">expired</error>'
        since = given.get("from", "")
        if token is None and self._refused(since):
            return '<error code="badArgument">from?</error>'
        start, since = self._place(token) if token is not None else (0, since)
        found = [one for one in self.items if self._shown(one, since)]
        part = found[start : start + self.page]
        if not part and token is None:
            return '<error code="noRecordsMatch">none</error>'
        records = "".join(map(self._record, part))
        if "twice" in self.faults and part:
            records += self._record(part[0])
        return f"<ListRecords>{records}{self._token(start, found, since)}</ListRecords>"

    def _expired(self) -> bool:
        return "always_expired" in self.faults or self._once("expired_once")

    def _refused(self, since: str) -> bool:
        if "no_from" in self.faults and since:
            return True
        return "only_days" in self.faults and len(since) > 10

    def _place(self, token: str) -> tuple[int, str]:
        start, _, since = token.strip().removeprefix("+/=%|").partition("!")
        return int(start), since

    def _shown(self, item: Item, since: str) -> bool:
        stamp = item.stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        return not since or stamp >= since

    def _token(self, start: int, found: list[Item], since: str) -> str:
        after = start + self.page
        if "circle" in self.faults and after >= len(found):
            after = 0
        if "same_token" in self.faults:
            after = start
        size = len(found) * 2 if "wrong_size" in self.faults else len(found)
        sized = f' completeListSize="{size}" cursor="{start}"'
        if after < len(found):
            odd = "+/=%|" if "odd_token" in self.faults else ""
            space = "\n   " if "token_space" in self.faults else ""
            return f"<resumptionToken{sized}>{space}{odd}{after}!{since}{space}</resumptionToken>"
        if "empty_last_page" in self.faults and start < len(found):
            return f"<resumptionToken{sized}>{len(found)}!{since}</resumptionToken>"
        if "endless_empty" in self.faults:
            return f"<resumptionToken{sized}>{after}!{since}</resumptionToken>"
        if "no_last_token" in self.faults:
            return ""
        return f"<resumptionToken{sized}/>" if start else ""

    def _record(self, item: Item) -> str:
        stamp = item.stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        if "odd_dates" in self.faults:
            stamp = item.stamp.strftime("%d.%m.%Y %H:%M")
        identifier = item.identifier
        if "no_identifiers" in self.faults and item.number == 2:
            identifier = ""
        status = ' status="deleted"' if item.deleted else ""
        header = (
            f"<header{status}><identifier>{identifier}</identifier>"
            f"<datestamp>{stamp}</datestamp></header>"
        )
        if item.deleted:
            return f"<record>{header}</record>"
        if "no_metadata" in self.faults and item.number == 2:
            return f"<record>{header}</record>"
        body = item.body or dublin(escape(item.title), item.number)
        return f"<record>{header}<metadata>{body}</metadata></record>"


@pytest.fixture
def torture() -> Iterator[Torture]:
    """A repository with ten records on four pages, and no bad habits yet."""
    made = Torture()
    made.fill(10)
    yield made
    made.close()


@pytest.fixture
def chosen(chosen: Settings) -> Settings:
    """Our own machine may be harvested here."""
    return replace(chosen, fetch_networks=("127.0.0.0/8",))


class Union:
    """A union catalogue at work."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def add(self, url: str, slug: str = "torture", **more: object) -> Source:
        """A source without pauses."""
        given = {"slug": slug, "name": "Torture library", "base_url": url, "pause": "0", **more}
        with self.archive.writing() as session:
            return sources.add(session, given)

    def run(self, slug: str = "torture", *, whole: bool = False, pace: Pace = FAST) -> Source:
        """Harvests until it is done or given up, and lets the index know."""
        with self.archive.writing() as session:
            source = sources.get(session, slug)
            sources.harvest(source, whole=whole)
        source = running.through(self.archive, source.id, lambda source: None, pace)
        while elsewhere.follow(self.archive):
            pass
        return source

    def records(self, slug: str = "torture") -> dict[str, ForeignRecord]:
        """What is there of a source, by identifier; not what is deleted."""
        with self.archive.reading() as session:
            source = sources.get(session, slug)
            query = select(ForeignRecord).where(
                ForeignRecord.source_id == source.id, ForeignRecord.deleted.is_(False)
            )
            return {one.identifier: one for one in session.scalars(query)}

    def titles(self, slug: str = "torture") -> list[str]:
        """The titles of what is there, in order."""
        found = self.records(slug).values()
        return sorted(one.document["titles"][0]["text"] for one in found)


@pytest.fixture(scope="session")
def united() -> type[Union]:
    """A union catalogue over any archive."""
    return Union


@pytest.fixture
def union(archive: Archive) -> Union:
    """The union catalogue of `archive`."""
    return Union(archive)

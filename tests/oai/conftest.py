"""Works in the feed, and answers checked against the schemas of the protocol."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select
from werkzeug.test import TestResponse

from oai import feed
from repository import changes, collections, projections
from repository.archive import Archive
from repository.clock import now
from repository.models.collections import Collection
from repository.models.works import File, Work
from repository.settings import Settings
from schemas.vocabulary import State

SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "xsd"
NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
}


def document(title: str = "Манас", **more: Any) -> dict[str, Any]:
    """A small description."""
    return {
        "type": "http://purl.org/coar/resource_type/c_6501",
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
        "issued": "2024-05",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
        **more,
    }


@pytest.fixture
def chosen(chosen: Settings) -> Settings:
    """A host that may stand in OAI identifiers."""
    return replace(chosen, base_url="http://archive.example.org")


class Catalogue:
    """Writes works as `catalogue` and `publishing` do, without store and review."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def publish(
        self, title: str = "Манас", *, sets: tuple[str, ...] = (), pdf: bool = False, **more: Any
    ) -> int:
        """The number of a new public work."""
        with self.archive.writing() as session:
            work = Work(document=document(title, **more), state=State.PUBLISHED, version=1)
            work.published = now()
            work.collections = [collections.find(session, slug) for slug in sets]
            if pdf:
                work.files.append(_pdf())
            session.add(work)
            session.flush()
            projections.project(session, work)
            changes.record(session, work.id)
            return work.id

    def many(self, count: int) -> list[int]:
        """The numbers of `count` new public works."""
        return [self.publish(f"Эмгек {number}") for number in range(1, count + 1)]

    def revise(self, number: int, title: str, **more: Any) -> None:
        """Gives a work another title."""
        self.change(number, document=document(title, **more))

    def withdraw(self, number: int) -> None:
        """Takes a work down."""
        self.change(number, state=State.WITHDRAWN)

    def restore(self, number: int) -> None:
        """Puts a work back."""
        self.change(number, state=State.PUBLISHED)

    def move(self, number: int, *slugs: str) -> None:
        """Puts a work into other collections."""
        with self.archive.writing() as session:
            work = session.get_one(Work, number)
            chosen = select(Collection).where(Collection.slug.in_(slugs))
            work.collections = list(session.scalars(chosen))
            changes.record(session, number)

    def change(self, number: int, **columns: Any) -> None:
        """Sets columns of a work."""
        with self.archive.writing() as session:
            work = session.get_one(Work, number)
            for name, value in columns.items():
                setattr(work, name, value)
            changes.record(session, number)

    def collection(self, slug: str, parent: str | None = None, **more: Any) -> None:
        """Makes a collection."""
        with self.archive.writing() as session:
            above = collections.find(session, parent) if parent else None
            collections.add(session, slug, parent=above, **more)


def _pdf() -> File:
    return File(
        name="манас.pdf",
        size=9,
        sha512="0" * 128,
        media_type="application/pdf",
        added=1,
        position=1,
    )


@pytest.fixture(scope="session")
def cataloguing() -> type[Catalogue]:
    """Writes works into any archive."""
    return Catalogue


@pytest.fixture
def catalogue(archive: Archive) -> Catalogue:
    """Writes works into `archive`."""
    return Catalogue(archive)


@pytest.fixture
def settled(archive: Archive) -> Callable[[], None]:
    """Brings the feed in step, so that harvesters see every change at once."""

    def run() -> None:
        feed.settle(archive)

    return run


class Harvest:
    """Asks over HTTP, and checks that every answer is a legal one."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def __call__(self, *pairs: tuple[str, str], **arguments: str) -> etree._Element:
        """The root of the answer."""
        query = [*pairs, *((name.strip("_"), value) for name, value in arguments.items())]
        return self.checked(self.client.get("/oai", query_string=query))

    @staticmethod
    def checked(answer: TestResponse) -> etree._Element:
        """The root of an HTTP answer that keeps all rules."""
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        root = etree.fromstring(answer.data)
        assert root.tag == f"{{{NAMES['o']}}}OAI-PMH"
        code = root.find("o:error", NAMES)
        if code is not None and code.get("code") in ("badVerb", "badArgument"):
            assert not root.find("o:request", NAMES).attrib
        validate(root)
        return root

    def error(self, *pairs: tuple[str, str], **arguments: str) -> str:
        """The error's code; fails when it is not an error."""
        (found,) = self(*pairs, **arguments).iterfind("o:error", NAMES)
        assert found.text
        return found.get("code", "")

    def pages(self, **arguments: str) -> list[etree._Element]:
        """All pages of a list."""
        found = [self(**arguments)]
        while token := found[-1].findtext(".//o:resumptionToken", None, NAMES):
            found.append(self(verb=arguments["verb"], resumptionToken=token))
        return found

    def titles(self, **arguments: str) -> dict[str, str | None]:
        """All records of a list: their titles by identifier, None for deleted ones."""
        pages = self.pages(verb="ListRecords", metadataPrefix="oai_dc", **arguments)
        found = [record for page in pages for record in page.iterfind(".//o:record", NAMES)]
        numbers = [one.findtext("o:header/o:identifier", "", NAMES) for one in found]
        assert len(numbers) == len(set(numbers)), "duplicates"
        return {
            number: one.findtext(".//dc:title", None, NAMES)
            for number, one in zip(numbers, found, strict=True)
        }


def _load(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    tree = etree.parse(SCHEMAS / name, parser)
    if name == "OAI-PMH.xsd":
        # Payloads are checked one by one against their own schemas: libxml2 takes one schema for
        # a namespace, and Dublin Core has two.
        for wildcard in tree.iter("{*}any"):
            wildcard.set("processContents", "lax")
    return etree.XMLSchema(tree)


_LOADED: dict[str, etree.XMLSchema] = {}
_FILES = {
    NAMES["o"]: "OAI-PMH.xsd",
    NAMES["oai_dc"]: "oai_dc.xsd",
    "http://www.openarchives.org/OAI/2.0/oai-identifier": "oai-identifier.xsd",
}


def validate(root: etree._Element) -> None:
    """Fails when an answer, or a payload in it, does not keep its schema; needs the schemas."""
    if not SCHEMAS.exists():
        return
    _assert_valid(root)
    for name in ("metadata", "description", "setDescription"):
        for part in root.iter(f"{{{NAMES['o']}}}{name}"):
            _assert_valid(part[0])


def _assert_valid(element: etree._Element) -> None:
    namespace = str(etree.QName(element).namespace)
    if namespace not in _FILES:
        return  # tests/contracts/test_formats.py looks at the other formats
    if namespace not in _LOADED:
        _LOADED[namespace] = _load(_FILES[namespace])
    # By itself, as a harvester would store it.
    _LOADED[namespace].assertValid(etree.fromstring(etree.tostring(element, with_tail=False)))


@pytest.fixture
def harvest(client: FlaskClient) -> Harvest:
    """Asks the archive over HTTP."""
    return Harvest(client)

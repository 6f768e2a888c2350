"""An archive with works of every kind behind a server, for the programs that read archives."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.serving import make_server

import wsgi
from ingest import derive
from oai import feed
from repository import archive as opening
from repository import catalogue, collections, linking, people, publishing, settings
from repository.archive import Archive
from repository.clock import now
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.vocabulary import Access

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 4
ORCID = "0000-0002-1825-0097"


def settle(archive: Archive) -> None:
    while feed.settle(archive) + derive.follow(archive):
        pass


def document(title: str, **more) -> dict:
    return {
        "type": vocabulary.TYPES["article"].uri,
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [
            {
                "kind": "person",
                "family": "Асанова",
                "given": "Айгүл",
                "orcid": ORCID,
                "role": "aut",
                "affiliations": [{"name": "КУУ"}],
            },
            {"kind": "person", "family": "Ким", "given": "Р.", "role": "aut"},
        ],
        "issued": "2024-05",
        "languages": ["ky"],
        "abstracts": [
            {"text": "Кыскача <b>мазмуну</b> & </script><script>", "language": "ky"},
            {"text": "In short", "language": "en"},
        ],
        "keywords": [{"text": "жайлоо"}, {"text": "рельеф"}],
        "host": {"kind": "journal", "title": "Вестник & К°", "volume": "2", "pages": "11–29"},
        "identifiers": [{"scheme": "doi", "value": "10.1234/abcd"}],
        "licence": "cc-by-4.0",
        **more,
    }


def publish(archive: Archive, said: dict, *names: str, collection: str = "", **rights) -> int:
    """A published work; its number."""
    with archive.writing() as session:
        work = catalogue.draft(session, said, actor=SYSTEM)
        for name in names:
            data = DATA + name.encode()
            (archive.settings.staging / name).write_bytes(data)
            catalogue.attach(
                session,
                work,
                name=name,
                size=len(data),
                sha512=hashlib.sha512(data).hexdigest(),
                media_type="application/pdf" if name.endswith(".pdf") else "text/csv",
                staged=name,
                **rights,
            )
        if collection:
            catalogue.gather(session, work, [collections.add(session, collection)])
        number = work.id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def record(archive: Archive, *works: int) -> int:
    """The record of the person whose works these are."""
    with archive.writing() as session:
        forms = [{"family": "Асанова", "given": "Айгүл"}]
        author = people.create(session, {"forms": forms}, actor=SYSTEM)
        linking.confirm(session, author, works, actor=SYSTEM)
        return author.id


def withdraw(archive: Archive, number: int) -> None:
    publishing.withdraw(archive, number, actor=SYSTEM, kind="other", reason="taken back")


class House(NamedTuple):
    """A served archive; the numbers of works and of a person made for these tests."""

    archive: Archive
    app: Flask
    url: str
    open: int
    embargoed: int
    crowded: int
    withdrawn: int
    author: int

    def settle(self) -> None:
        """Does what the worker would do."""
        settle(self.archive)

    def publish(self, title: str, *names: str, **rights) -> int:
        """One more work; its number."""
        return publish(self.archive, document(title), *names, **rights)

    def withdraw(self, number: int) -> None:
        withdraw(self.archive, number)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, samples) -> Iterator[House]:
    """The demonstration works and four more, at an address of their own."""
    folder = tmp_path_factory.mktemp("house") / "instance"
    shutil.copytree(samples, folder)
    server = make_server("127.0.0.1", 0, lambda *given: app(*given), threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    chosen = settings.load({}, instance=str(folder), secret_key="k" * 40, base_url=url)
    app = wsgi.create_app(chosen)
    archive = app.extensions["archive"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    later = now().date() + timedelta(days=400)
    crowd = [{"kind": "person", "family": f"Автор{one}", "role": "aut"} for one in range(2)]
    made = [
        publish(archive, document("Тоо жана тил"), "макала 1.pdf", "эсеп.csv", collection="maps"),
        publish(archive, document("Кийин ачылат"), "secret.pdf", embargo_until=later),
        publish(archive, document("Көп файл", creators=crowd), *(f"{one}.csv" for one in range(7))),
        publish(archive, document("Алынган"), "gone.pdf", collection="maps", access=Access.OPEN),
    ]
    withdraw(archive, made[-1])
    author = record(archive, made[0])
    settle(archive)
    yield House(archive, app, url, *made, author)
    server.shutdown()
    thread.join()
    server.server_close()
    opening.close(archive)

"""A work with a file, and readers of it."""

import hashlib

import pytest
from readers import Desk

from repository import catalogue, publishing
from repository.viewers import SYSTEM
from schemas import vocabulary

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def publish(archive):
    """Publishes a work with a file; its number."""

    def make(title="Тоо тили", owner=SYSTEM, name="a.pdf", **more):
        document = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": title, "language": "ky", "kind": "main"}],
            "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
            "issued": "2024-05",
            "languages": ["ky"],
            "publishers": [{"name": "Басма"}],
            "identifiers": [{"scheme": "doi", "value": "10.5555/abcd"}],
            "licence": "cc-by-4.0",
            **more,
        }
        with archive.writing() as session:
            work = catalogue.draft(session, document, actor=owner)
            (archive.settings.staging / "upload").write_bytes(DATA)
            catalogue.attach(
                session,
                work,
                name=name,
                size=len(DATA),
                sha512=hashlib.sha512(DATA).hexdigest(),
                media_type="application/pdf",
                staged="upload",
            )
            number = work.id
        publishing.publish(archive, number, actor=SYSTEM)
        return number

    return make


@pytest.fixture
def desk(app, archive, publish):
    return Desk(app, archive, publish())

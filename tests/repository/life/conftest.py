"""What the stories of works begin with: published works with files, and the people around them."""

import hashlib

import pytest

from repository import catalogue, collections, publishing
from repository.models.collections import Collection
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role

PDF = b"%PDF-1.7 "


def _described(title="Манас эпосунун тили", **more):
    return {
        "type": vocabulary.TYPES["article"].uri,
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Кыдыралиев", "given": "Асан", "role": "aut"}],
        "issued": "2021",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
        **more,
    }


@pytest.fixture
def described():
    """Makes a description, as complete as a deposit must be."""
    return _described


@pytest.fixture
def attach(archive):
    """Puts bytes into staging and onto a draft."""

    def put(session, work, data, name="макала.pdf", **rights):
        staged = f"{work.id}-{hashlib.sha256(data).hexdigest()[:12]}"
        (archive.settings.staging / staged).write_bytes(data)
        return catalogue.attach(
            session,
            work,
            name=name,
            size=len(data),
            sha512=hashlib.sha512(data).hexdigest(),
            media_type="application/pdf" if data.startswith(PDF) else "text/csv",
            staged=staged,
            **rights,
        )

    return put


@pytest.fixture
def publish(archive, attach):
    """Publishes a work with files {name: bytes}; its number."""

    def make(document=None, files=None, *, actor=SYSTEM, slugs=(), **rights):
        with archive.writing() as session:
            work = catalogue.draft(session, document or _described(), actor=actor)
            for name, data in (files or {}).items():
                attach(session, work, data, name, **rights)
            chosen: list[Collection] = [collections.add(session, slug) for slug in slugs]
            catalogue.gather(session, work, chosen)
            number = work.id
        publishing.publish(archive, number, actor=actor)
        return number

    return make


@pytest.fixture
def work(archive):
    """A work as it is now."""

    def get(number):
        with archive.reading() as session:
            found = catalogue.get(session, number)
            _ = (found.files, found.versions, found.collections, found.identifiers)
            return found

    return get


@pytest.fixture
def whole(archive):
    """Asks the store whether every object is as it should be, as `open-archive verify` does."""

    def check():
        assert [(place, one) for place, one in archive.store.verify_all() if one] == []

    return check


@pytest.fixture
def author(person):
    return person(Role.DEPOSITOR, email="author@example.org")


@pytest.fixture
def chief(person):
    return person(Role.CATALOGUER, email="chief@example.org")

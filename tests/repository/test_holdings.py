"""Staff see on the page of a work how the library came to hold it; readers do not."""

import pytest
from lxml import html

from repository import catalogue, publishing
from repository.models.imports import Holding
from repository.models.works import Origin
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import TYPES


@pytest.fixture
def number(archive):
    document = {
        "type": TYPES["monograph"].uri,
        "titles": [{"text": "Тоо", "language": "ky", "kind": "main"}],
    }
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=SYSTEM)
        session.flush()
        session.add(Origin(work_id=work.id, source="irbis:ibis", key="К-1"))
        copy = {"inventory": "120001", "place": "ЧЗ", "price": "350.00", "book": "2019/14"}
        session.add(Holding(work_id=work.id, source="irbis:ibis", **copy))
        found = work.id
    publishing.publish(archive, found, actor=SYSTEM)
    return found


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.ACQUISITIONS, Role.DIRECTOR])
def test_staff_see_the_record_and_the_copies(enter, person, number, role):
    page = enter(person(role)).get(f"/works/{number}?lang=en")
    said = html.tostring(page, encoding="unicode")
    for part in ("irbis:ibis · К-1", "120001", "ЧЗ", "2019/14", "Copies on the shelves"):
        assert part in said


def test_readers_do_not(enter, person, client, number):
    for said in (
        client.get(f"/works/{number}").get_data(as_text=True),
        enter(person(Role.DEPOSITOR)).client.get(f"/works/{number}").get_data(as_text=True),
    ):
        assert "120001" not in said and "irbis:ibis" not in said

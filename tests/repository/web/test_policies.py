"""The policies: ready words until the staff write others, in the reader's language."""

import pytest

from repository import statements
from schemas.roles import Role


@pytest.fixture
def director(enter, person):
    return enter(person(Role.DIRECTOR, email="director@example.org"))


def test_policies_stand_ready_in_every_language(client):
    for language, words in (("en", "Use of the files"), ("ky", "Файлдарды"), ("ru", "файлов")):
        page = client.get(f"/policies?lang={language}").get_data(as_text=True)
        assert words in page


def test_what_the_director_writes_is_shown_and_harvested(director, client, app):
    page = director.get("/staff/policies")
    typed = {"metadata.en": "Ask us first.\n\nReally.", "metadata.ky": "Бизден сураңыз."}
    assert director.send(page, "staff/policies", typed=typed).status_code == 303
    assert "Ask us first." in client.get("/policies?lang=en").get_data(as_text=True)
    assert "Бизден сураңыз." in client.get("/policies?lang=ky").get_data(as_text=True)
    assert "Ask us first." in client.get("/oai?verb=Identify").get_data(as_text=True)
    again = director.get("/staff/policies")
    assert "Written by Director" in again.text_content()


def test_an_empty_field_brings_the_ready_words_back(director, client, archive):
    for text in ("Ask us first.", ""):
        page = director.get("/staff/policies")
        director.send(page, "staff/policies", typed={"metadata.en": text})
    assert "Ask us first." not in client.get("/policies?lang=en").get_data(as_text=True)
    with archive.reading() as session:
        assert statements.written(session) == {}


def test_sending_the_form_unchanged_changes_nothing(director, archive):
    page = director.get("/staff/policies")
    director.send(page, "staff/policies", typed={"data.ru": "Спросите нас."})
    before = _moments(archive)
    director.send(director.get("/staff/policies"), "staff/policies")
    assert _moments(archive) == before


def _moments(archive):
    with archive.reading() as session:
        return {key: one.moment for key, one in statements.written(session).items()}


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.DEPOSITOR])
def test_only_the_director_writes_policies(enter, person, role):
    assert enter(person(role)).client.get("/staff/policies").status_code == 403

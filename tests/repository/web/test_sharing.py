"""What readers pass on: the lasting address of a work."""

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from repository import catalogue, publishing
from repository.viewers import SYSTEM
from schemas import vocabulary

TITLE = "Тоо & тил: 100 % «байлык»?"
DOI = {"scheme": "doi", "value": "10.5555/a(1)b"}


@pytest.fixture
def publish(archive):
    """Publishes an article with these identifiers; its number."""

    def make(*identifiers: dict[str, str]) -> int:
        document = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": TITLE, "language": "ky", "kind": "main"}],
            "creators": [{"family": "Өмүралиева", "given": "Айгүл", "role": "aut"}],
            "issued": "2024",
            "languages": ["ky"],
            "identifiers": list(identifiers),
        }
        with archive.writing() as session:
            made = catalogue.draft(session, document, actor=SYSTEM).id
        publishing.publish(archive, made, actor=SYSTEM)
        return made

    return make


def group(client, number, language="en"):
    """The group by which a work is passed on."""
    answer = client.get(f"/works/{number}?lang={language}")
    assert len(answer.data) < 51_200
    (found,) = html.fromstring(answer.text).xpath("//section[@aria-labelledby='share']")
    return found


def test_a_work_is_passed_on_by_its_doi(client, publish):
    found = group(client, publish({"scheme": "local", "value": "7"}, DOI))
    assert found.xpath("string(.//*[@id='address'])") == "https://doi.org/10.5555/a(1)b"


def test_a_work_without_a_doi_is_passed_on_by_its_own_address(client, publish):
    number = publish()
    found = group(client, number)
    assert found.xpath("string(.//*[@id='address'])") == f"http://localhost/works/{number}"


def test_a_letter_has_the_title_and_the_address(client, publish):
    (letter,) = group(client, publish(DOI)).xpath(".//a/@href")
    scheme, _, path, query, _ = urlsplit(letter)
    assert (scheme, path) == ("mailto", "")
    assert parse_qs(query) == {"subject": [TITLE], "body": ["https://doi.org/10.5555/a(1)b"]}
    assert "+" not in query


@pytest.mark.parametrize(("language", "heading"), [("ky", "Бөлүшүү"), ("ru", "Поделиться")])
def test_sharing_speaks_the_language_of_the_page(client, publish, language, heading):
    assert group(client, publish(), language).xpath("string(h2)") == heading


def test_only_a_script_shows_the_button_that_copies(client, publish):
    (button,) = group(client, publish()).xpath(".//button")
    assert "hidden" in button.attrib and button.get("data-copy") == "address"

"""What others know by DOI and ISBN, from answers of theirs in the shape in which they send them."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from answering import Answers, serving
from lxml import html
from sqlalchemy import select

from ingest import lookup
from repository.addresses import Unreachable
from repository.errors import Invalid, NotFound
from repository.models.works import Work
from schemas.roles import Role

CROSSREF = """<?xml version="1.0" encoding="UTF-8"?>
<crossref_result xmlns="http://www.crossref.org/qrschema/3.0" version="3.0"><query_result><body>
<query status="resolved"><doi type="journal_article">10.5555/ala.too</doi><doi_record>
<crossref xmlns="http://www.crossref.org/xschema/1.1"><journal>
<journal_metadata language="ru"><full_title>Вестник гор</full_title><issn>2049-3630</issn>
</journal_metadata>
<journal_issue><publication_date media_type="print"><year>2021</year></publication_date>
<journal_volume><volume>7</volume></journal_volume><issue>2</issue></journal_issue>
<journal_article publication_type="full_text"><titles><title>Ледники Ала-Тоо</title></titles>
<contributors><person_name sequence="first" contributor_role="author"><given_name>Бакыт</given_name>
<surname>Асанов</surname></person_name></contributors>
<publication_date><month>5</month><year>2021</year></publication_date>
<pages><first_page>12</first_page><last_page>18</last_page></pages>
<doi_data><doi>10.5555/ala.too</doi><resource>https://journal.example.org/7</resource></doi_data>
</journal_article></journal></crossref></doi_record></query></body></query_result>
</crossref_result>"""
DATACITE = json.dumps(
    {
        "data": {
            "id": "10.5555/snow",
            "type": "dois",
            "attributes": {
                "doi": "10.5555/snow",
                "creators": [{"name": "Doe, Jane", "nameType": "Personal", "givenName": "Jane"}],
                "titles": [{"title": "Snow depths", "lang": "en"}],
                "publisher": "Example Data",
                "publicationYear": 2020,
                "types": {"resourceTypeGeneral": "Dataset"},
            },
        }
    }
)
BOOK = json.dumps(
    {
        "ISBN:9780306406157": {
            "info_url": "https://books.example.org/OL1M",
            "details": {
                "title": "Манас",
                "subtitle": "эпос",
                "authors": [{"key": "/authors/OL1A", "name": "Саякбай Каралаев"}],
                "publishers": ["Кыргызстан"],
                "publish_places": ["Фрунзе"],
                "publish_date": "May 1984",
                "number_of_pages": 320,
                "languages": [{"key": "/languages/kir"}],
                "isbn_10": ["0306406152"],
                "subjects": ["Epic poetry", {"name": "Manas"}],
            },
        }
    }
)
JSON, XML = "application/json", "application/vnd.crossref.unixsd+xml"
WORKS = "/works/%s/transform/application/vnd.crossref.unixsd+xml"
BOOKS = "/api/books?bibkeys=ISBN:%s&jscmd=details&format=json"


@pytest.fixture
def answers():
    with serving() as found:
        found.set("/crossref" + WORKS % "10.5555/ala.too", XML, CROSSREF)
        found.set("/datacite/dois/10.5555%2Fsnow", JSON, DATACITE)
        found.set("/books" + BOOKS % "9780306406157", JSON, BOOK)
        found.set("/books" + BOOKS % "9789967031111", JSON, "{}")
        yield found


@contextmanager
def nobody():
    yield Answers("http://127.0.0.1:9")


def chosen(settings, answers):
    return replace(
        settings,
        fetch_networks=("127.0.0.0/8",),
        crossref_url=f"{answers.base}/crossref",
        datacite_url=f"{answers.base}/datacite",
        open_library_url=f"{answers.base}/books",
    )


@pytest.mark.parametrize(
    "typed", ["10.5555/ala.too", "https://doi.org/10.5555/ALA.too", "doi:10.5555/ala.too"]
)
def test_an_article_is_found_at_crossref(archive, answers, typed):
    answers.set("/crossref" + WORKS % "10.5555/ALA.too", XML, CROSSREF)
    found = lookup.find(chosen(archive.settings, answers), typed)
    document = found.document
    assert found.source == "Crossref"
    assert document["titles"][0]["text"] == "Ледники Ала-Тоо"
    assert document["creators"][0]["family"] == "Асанов"
    assert document["host"]["title"] == "Вестник гор" and document["host"]["pages"] == "12–18"
    assert {"scheme": "doi", "value": "10.5555/ala.too"} in document["identifiers"]
    assert (
        answers.asked[0][1]["Accept"] == XML and "OpenArchive" in answers.asked[0][1]["User-Agent"]
    )


def test_what_crossref_does_not_know_is_asked_of_datacite(archive, answers):
    found = lookup.find(chosen(archive.settings, answers), "10.5555/snow")
    assert found.source == "DataCite" and found.document["titles"][0]["text"] == "Snow depths"
    assert [path.split("/")[1] for path, _headers in answers.asked] == ["crossref", "datacite"]


@pytest.mark.parametrize("typed", ["0-306-40615-2", "ISBN 978-0-306-40615-7"])
def test_a_book_is_found_by_either_isbn(archive, answers, typed):
    found = lookup.find(chosen(archive.settings, answers), typed)
    document = found.document
    assert document["titles"] == [
        {"text": "Манас", "kind": "main", "language": "ky"},
        {"text": "эпос", "kind": "subtitle", "language": "ky"},
    ]
    assert document["creators"][0]["family"] == "Каралаев" and document["issued"] == "1984"
    assert document["publishers"] == [{"name": "Кыргызстан", "place": "Фрунзе"}]
    assert document["identifiers"] == [{"scheme": "isbn", "value": "9780306406157"}]
    assert [one["text"] for one in document["keywords"]] == ["Epic poetry", "Manas"]


def test_what_nobody_knows_is_said(archive, answers):
    settings = chosen(archive.settings, answers)
    for typed in ("10.5555/absent", "978-9967-03-111-1"):
        with pytest.raises(NotFound, match="Nobody whom we ask knows"):
            lookup.find(settings, typed)


@pytest.mark.parametrize("typed", ["", "Манас", "10.5555", "978-0-306-40615-8", "10.5555/ ", "\0"])
def test_what_is_neither_is_not_asked(archive, answers, typed):
    with pytest.raises(Invalid) as caught:
        lookup.find(chosen(archive.settings, answers), typed)
    assert caught.value.errors["identifier"] and not answers.asked


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, "<a/>", "[]", '{"a": 1}', "null", "\0"])
def test_an_answer_that_says_nothing_is_as_none(archive, answers, body):
    settings = chosen(archive.settings, answers)
    for path in ("/crossref" + WORKS % "10.5555/odd", "/datacite/dois/10.5555%2Fodd"):
        answers.set(path, JSON, body)
    answers.set("/books" + BOOKS % "9780306406157", JSON, body)
    for typed in ("10.5555/odd", "978-0-306-40615-7"):
        with pytest.raises(NotFound):
            lookup.find(settings, typed)


@pytest.mark.parametrize("status", [301, 403, 429, 500, 503])
def test_an_error_elsewhere_is_no_error_here(archive, answers, status):
    settings = chosen(archive.settings, answers)
    answers.set("/crossref" + WORKS % "10.5555/busy", XML, "", status)
    with pytest.raises(Unreachable, match="Crossref answers with an error"):
        lookup.find(settings, "10.5555/busy")
    answers.set("/crossref" + WORKS % "10.5555/snow", XML, "", status)
    assert lookup.find(settings, "10.5555/snow").source == "DataCite"


def test_offline_it_fails_softly_and_switched_off_nobody_is_asked(archive, answers):
    with nobody() as off, pytest.raises(Unreachable, match="did not answer"):
        lookup.find(chosen(archive.settings, off), "10.5555/ala.too")
    quiet = replace(archive.settings, crossref_url="", datacite_url="", open_library_url="")
    assert not lookup.offered(quiet) and lookup.offered(archive.settings)
    with pytest.raises(NotFound):
        lookup.find(quiet, "10.5555/ala.too")


def test_a_deposit_begins_with_what_is_known(app, archive, enter, person, answers):
    known = chosen(archive.settings, answers)
    opened = app.extensions["archive"]
    app.extensions["archive"] = replace(opened, settings=known)
    owner = enter(person(Role.DEPOSITOR))
    page = owner.get("/deposit?lang=en")
    answer = owner.send(page, "look-up", typed={"identifier": "10.5555/ala.too"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/files")
    with archive.reading() as session:
        (work,) = session.scalars(select(Work)).all()
        assert work.document["titles"][0]["text"] == "Ледники Ала-Тоо"
    page = html.fromstring(owner.client.get(f"{answer.headers['Location']}?lang=en").data)
    assert "Filled in by Crossref" in page.text_content()
    for typed, said in (("10.5555/absent", "Nobody whom we ask"), ("Манас", "Write a DOI")):
        answer = owner.send(owner.get("/deposit?lang=en"), "look-up", typed={"identifier": typed})
        assert answer.status_code in (404, 422)
        assert said in answer.get_data(as_text=True) and f'value="{typed}"' in answer.text
    with archive.reading() as session:
        assert len(session.scalars(select(Work)).all()) == 1
    app.extensions["archive"] = opened

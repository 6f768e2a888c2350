"""Searching from the reader's side: another spelling, completions, searches that are kept."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import select

from repository import alerts, catalogue, publishing, xml
from repository.clock import now
from repository.exports.csv import COLUMNS
from repository.models.accounts import Letter
from repository.models.searches import SavedSearch
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas.roles import Role


def described(title, author="Осмонова", subject="мөңгү"):
    return {
        "type": "http://purl.org/coar/resource_type/c_6501",
        "titles": [{"text": title, "kind": "main", "language": "ky"}],
        "creators": [{"kind": "person", "family": author, "given": "Айгүл", "role": "aut"}],
        "keywords": [{"text": subject, "language": "ky"}],
        "issued": "2024",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
    }


@pytest.fixture
def publish(archive, settle):
    def make(title, **more):
        with archive.writing() as session:
            number = catalogue.draft(session, described(title, **more), actor=SYSTEM).id
        publishing.publish(archive, number, actor=SYSTEM)
        settle()
        return number

    return make


@pytest.fixture
def reader(person, enter):
    return enter(person(Role.READER))


def text(answer):
    return " ".join(answer.get_data(as_text=True).split())


@pytest.mark.parametrize(
    ("typed", "meant", "says"),
    [
        ("vjyuekjh", "мөңгүлөр", "the same keys on the other keyboard"),
        ("monguler", None, ""),
        ("mongulor", "мөңгүлөр", "written in Cyrillic letters"),
        ("мөнгүлөрр", "мөңгүлөр", "another spelling"),
        ("мөңгүлөр", None, ""),
    ],
)
def test_another_spelling_is_offered_where_it_finds_more(client, publish, typed, meant, says):
    publish("Тоолордун мөңгүлөр дүйнөсү")
    page = text(client.get(f"/search?lang=en&q={typed}"))
    assert ("Did you mean" in page) == bool(meant)
    if meant:
        assert f"<strong>{meant}</strong>" in page and says in page and "1 work" in page


def test_authors_subjects_and_access_can_be_chosen(client, publish):
    first = publish("Тоолор")
    publish("Көлдөр", author="Асанов", subject="суу")
    page = text(client.get("/search?lang=en&q="))
    assert "author=" in page and "Осмонова, Айгүл" in page and "мөңгү" in page
    only = text(client.get("/search?lang=en&author=Осмонова, Айгүл&subject=мөңгү"))
    assert "1 work found" in only and f"/works/{first}" in only
    assert "0 works" not in text(client.get("/search?lang=en&access=metadata-only"))


def test_completions_come_in_groups_and_only_of_what_is_public(client, archive, publish):
    number = publish("Өзөндөр жана суулар")
    with archive.writing() as session:
        catalogue.draft(session, described("Өзөндөр жашырын", author="Өзөнова"), actor=SYSTEM)
    found = client.get("/search/begun?lang=en&q=озон").json
    assert found == [
        {
            "label": "Works",
            "offers": [{"text": "Өзөндөр жана суулар", "href": f"/works/{number}"}],
        }
    ]
    people = client.get("/search/begun?lang=en&q=осмо").json
    assert [group["label"] for group in people] == ["People"]
    assert people[0]["offers"][0]["text"] == "Осмонова, Айгүл"
    assert people[0]["offers"][0]["count"] == 1
    assert client.get("/search/begun?q=о").json == []
    assert client.get("/search/begun").json == []
    assert client.get("/search/begun?q=%00%ff" + "я" * 500).json == []


def keep(reader, query="q=мөңгү", often="daily"):
    page = reader.get(f"/search?lang=en&{query}")
    return reader.send(page, "/account/searches", typed={"name": "Glaciers", "often": often})


def later(archive, days=2):
    """Lets everything that was told and published lie some days back."""
    with archive.writing() as session:
        for one in session.scalars(select(SavedSearch)):
            one.told -= timedelta(days=days)


def age(archive, number, **ago):
    with archive.writing() as session:
        work = session.get_one(Work, number)
        work.published = now() - timedelta(**ago)


def letters(archive):
    with archive.reading() as session:
        query = select(Letter).where(Letter.template == "search_found").order_by(Letter.id)
        return session.scalars(query).all()


def test_a_kept_search_tells_once_of_what_is_new(archive, reader, publish):
    old = publish("Эски мөңгү")
    age(archive, old, days=9)
    assert keep(reader).status_code == 303
    assert alerts.tell(archive) == 0  # not due
    later(archive)
    fresh, other = publish("Жаңы мөңгү"), publish("Жаңы көл", subject="суу")
    for number in (fresh, other):
        age(archive, number, hours=1)
    assert alerts.tell(archive) == 1
    assert alerts.tell(archive) == 0
    (letter,) = letters(archive)
    assert letter.context["works"] == ["Жаңы мөңгү"]
    assert letter.context["url"].endswith("/search?q=%D0%BC%D3%A9%D2%A3%D0%B3%D2%AF&sort=newest")


def test_what_was_published_a_moment_ago_waits_for_the_index(archive, reader, publish):
    publish("Эски мөңгү")
    keep(reader)
    later(archive)
    publish("Жаңы мөңгү")
    assert alerts.tell(archive) == 0
    later(archive)
    with archive.writing() as session:
        for work in session.scalars(select(Work)):
            work.published = now() - timedelta(minutes=11)
    assert alerts.tell(archive) == 1


def test_a_search_that_is_never_told_of_stays_silent_and_can_be_deleted(archive, reader, publish):
    publish("Мөңгү")
    keep(reader, often="never")
    later(archive, days=40)
    assert alerts.tell(archive) == 0
    page = reader.get("/account/searches")
    assert "Glaciers" in page.text_content()
    answer = reader.send(page, "/account/searches/", ("do", "forget"))
    assert answer.status_code == 303
    assert "Glaciers" not in text(reader.client.get("/account/searches?lang=en")).split("<main")[1]


def test_nobody_changes_the_searches_of_another(archive, reader, publish, person, enter):
    publish("Мөңгү")
    keep(reader)
    stranger = enter(person(Role.DEPOSITOR))
    with archive.reading() as session:
        number = session.scalar(select(SavedSearch.id))
    token = stranger.get("/account").xpath("//input[@name='csrf_token']/@value")[0]
    path = f"/account/searches/{number}"
    answer = stranger.client.post(path, data={"csrf_token": token, "do": "forget"})
    assert answer.status_code == 404


def test_a_search_without_a_name_is_refused_and_too_many_are(archive, reader, publish):
    publish("Мөңгү")
    page = reader.get("/search?lang=en&q=мөңгү")
    answer = reader.send(page, "/account/searches", typed={"name": " "}, follow_redirects=True)
    assert "Give the search a name." in text(answer)
    with archive.writing() as session:
        for number in range(alerts.MOST):
            alerts.keep(session, reader.viewer, name="x", query=f"q={number}", often="never")
    answer = reader.send(page, "/account/searches", typed={"name": "y"}, follow_redirects=True)
    assert "delete one first" in text(answer)


def test_what_was_found_can_be_taken_along(client, archive, publish):
    first = publish("Тоолор, көлдөр", author="Осмонова")
    publish("=1+1")
    with archive.writing() as session:
        catalogue.draft(session, described("Тоолор жашырын"), actor=SYSTEM)
    assert "/search/results.csv?" in client.get("/search?q=тоолор").text
    table = client.get("/search/results.csv?q=тоолор")
    assert table.headers["Content-Disposition"] == 'attachment; filename="works.csv"'
    rows = list(csv.DictReader(table.get_data().decode("utf-8-sig").splitlines()))
    assert [(one["number"], one["title"], one["authors"]) for one in rows] == [
        (str(first), "Тоолор, көлдөр", "Осмонова, Айгүл")
    ]
    everything = client.get("/search/results.csv").get_data().decode("utf-8-sig")
    assert "'=1+1" in everything and "жашырын" not in everything
    assert client.get("/search/results.bib?q=тоолор").text.startswith("@article{")
    assert client.get("/search/results.ris?q=тоолор").text.startswith("TY  - JOUR")
    root = xml.parse(client.get("/search/results.xml?q=тоолор").get_data())
    assert root.tag.endswith("}collection") and len(root) == 1
    assert client.get("/search/results.exe?q=тоолор").status_code == 404
    nothing = client.get("/search/results.csv?q=нетничего").get_data().decode("utf-8-sig")
    assert nothing.splitlines() == [",".join(COLUMNS)]

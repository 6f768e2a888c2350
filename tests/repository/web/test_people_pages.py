"""Records of authors as staff, depositors and readers see them."""

import pytest
from sqlalchemy import select

from repository import catalogue, linking, people, publishing
from repository.models.people import Author, Credit, Standing
from repository.viewers import SYSTEM
from repository.web import author_suggestions
from schemas.roles import Role

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
KYRGYZ = {"family": "Кыдыралиев", "given": "Асан", "patronymic": "Токтоевич"}
LATIN = {"family": "Kydyraliyev", "given": "Asan"}


@pytest.fixture
def staff(person, enter):
    return enter(person(Role.CATALOGUER))


def publish(archive, title, *agents):
    document = {
        "type": "http://purl.org/coar/resource_type/c_6501",
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "role": "aut", **one} for one in agents],
        "issued": "2024",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
    }
    with archive.writing() as session:
        number = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def record(archive, *forms, **more):
    with archive.writing() as session:
        return people.create(session, {"forms": list(forms), **more}, actor=SYSTEM).id


def confirm(archive, author, *works):
    with archive.writing() as session:
        rows = session.scalars(select(Credit.id).where(Credit.work_id.in_(works))).all()
        linking.confirm(session, people.get(session, author), rows, actor=SYSTEM)


def owners(archive):
    with archive.reading() as session:
        return [
            row.author_id if row.standing == Standing.CONFIRMED else None
            for row in session.scalars(select(Credit).order_by(Credit.work_id, Credit.position))
        ]


def text(page):
    return " ".join(page.text_content().split())


def test_a_name_becomes_a_record_and_readers_find_all_its_works(archive, client, staff):
    works = [publish(archive, "Биринчи", KYRGYZ), publish(archive, "Экинчи", LATIN)]
    page = staff.get("/staff/authors")
    names = page.xpath("//ul[@class='people']/li/a")
    assert {one.text for one in names} == {"Kydyraliyev, Asan", "Кыдыралиев, Асан Токтоевич"}
    page = staff.get(next(one.get("href") for one in names if one.text.startswith("Кыд")))
    page = staff.read(staff.send(page, "/staff/authors/name", follow_redirects=True))
    assert "Kydyraliyev, Asan" in text(page) and "the same given name" in text(page)
    suggested = page.xpath("//input[@name='credits']/@value")[0]
    typed = {"credits": [suggested]}
    button = ("do", "confirm")
    page = staff.read(staff.send(page, "/works", button, typed, follow_redirects=True))
    (author,) = set(owners(archive))
    assert page.base_url == f"/staff/authors/{author}"
    for name in ("Kydyraliyev, Asan", "Кыдыралиев, Асан Токтоевич"):
        answer = client.get(f"/people/{name}")
        assert answer.status_code == 302 and answer.location == f"/people/{author}"
    shown = client.get(f"/people/{author}?lang=en").get_data(as_text=True)
    assert "Биринчи" in shown and "Экинчи" in shown and "Also written" in shown
    assert str(works[0]) in shown


def test_namesakes_are_told_apart_on_the_page_of_the_name(archive, client):
    works = [publish(archive, title, KYRGYZ) for title in ("Биринчи", "Экинчи")]
    numbers = [record(archive, KYRGYZ, affiliations=[{"name": place}]) for place in ("KNU", "AUCA")]
    for author, work in zip(numbers, works, strict=True):
        confirm(archive, author, work)
    page = client.get("/people/Кыдыралиев, Асан Токтоевич").get_data(as_text=True)
    assert "Биринчи" in page and "Экинчи" in page and "KNU" in page and "AUCA" in page
    assert "Экинчи" not in client.get(f"/people/{numbers[0]}").get_data(as_text=True)


def test_a_record_without_public_works_is_not_public(archive, client):
    number = record(archive, KYRGYZ)
    assert client.get(f"/people/{number}").status_code == 404
    assert client.get("/people/999").status_code == 404


def test_a_record_is_written_and_refused_with_reasons(archive, staff):
    assert staff.get("/staff/authors/new").xpath("//input[@name='forms.0.family']")
    typed = {
        "forms.0.family": "Жумабаев", "forms.0.given": "Бакыт", "orcid": "0000-0002-1825-0098",
        "affiliations.0.name": "КУУ", "affiliations.0.since": "2001", "account": "no@example.org",
    }  # fmt: skip
    answer = staff.client.post("/staff/authors/new", data={**typed, "csrf_token": staff.token()})
    assert answer.status_code == 422 and "check digit" in text(staff.read(answer))
    typed["orcid"] = ORCID
    answer = staff.client.post("/staff/authors/new", data={**typed, "csrf_token": staff.token()})
    assert answer.status_code == 422 and "no account" in text(staff.read(answer))
    typed["account"] = ""
    more = {**typed, "csrf_token": staff.token(), "add": "forms"}
    page = staff.read(staff.client.post("/staff/authors/new", data=more))
    assert page.xpath("//input[@name='forms.1.family']")
    assert page.xpath("//input[@name='proposed']/@value") == [
        "Jumabaev, Bakyt", "Zhumabaev, Bakyt", "Zhumabayev, Bakyt",
    ]  # fmt: skip
    typed |= {"forms.1.family": "Jumabaev", "preferred": "1", "proposed": "Zhumabaev, Bakyt"}
    answer = staff.client.post("/staff/authors/new", data={**typed, "csrf_token": staff.token()})
    assert answer.status_code == 303
    with archive.reading() as session:
        (author,) = session.scalars(select(Author)).all()
        assert author.name == "Jumabaev" and len(author.forms) == 2


def test_of_two_editors_one_wins(archive, staff):
    number = record(archive, KYRGYZ)
    page = staff.get(f"/staff/authors/{number}/edit")
    fields = dict(page.forms[-1].form_values())
    first = staff.client.post(f"/staff/authors/{number}/edit", data={**fields, "notes": "Бир"})
    assert first.status_code == 303
    second = staff.client.post(f"/staff/authors/{number}/edit", data={**fields, "notes": "Эки"})
    assert second.status_code == 422 and "changed this record" in text(staff.read(second))


def test_two_records_are_merged_on_one_page_and_parted_again(archive, client, staff):
    works = [publish(archive, "Биринчи", KYRGYZ), publish(archive, "Экинчи", LATIN)]
    mine, theirs = record(archive, KYRGYZ, orcid=ORCID), record(archive, LATIN, orcid=OTHER)
    confirm(archive, mine, works[0])
    confirm(archive, theirs, works[1])
    found = staff.get(f"/staff/authors/merge?keep={mine}")
    page = staff.get(found.xpath("//ul[@class='people']/li/a/@href")[0])
    answer = staff.send(page, "/staff/authors/merge")
    assert answer.status_code == 422 and "Choose the one that stays" in text(staff.read(answer))
    answer = staff.send(page, "/staff/authors/merge", typed={"orcid": ORCID})
    assert answer.status_code == 303 and owners(archive) == [mine, mine]
    assert client.get(f"/people/{theirs}").location == f"/people/{mine}"
    assert "was merged into" in text(staff.get(f"/staff/authors/{theirs}"))
    again = staff.send(page, "/staff/authors/merge", typed={"orcid": ORCID})
    assert again.status_code in (409, 422)
    page = staff.get(f"/staff/authors/{mine}")
    assert staff.send(page, "/undo").status_code == 303
    assert owners(archive) == [mine, theirs]
    assert staff.send(page, "/undo", follow_redirects=True).status_code == 200
    assert staff.client.get(f"/staff/authors/merge?keep={mine}&lose={mine}").status_code == 422


def test_a_record_of_two_people_is_split_on_its_page(archive, staff):
    works = [publish(archive, "Биринчи", KYRGYZ), publish(archive, "Экинчи", LATIN)]
    author = record(archive, KYRGYZ)
    confirm(archive, author, *works)
    page = staff.get(f"/staff/authors/{author}")
    nothing = staff.send(page, "/works", ("do", "split"))
    assert nothing.status_code == 422 and "somebody else's" in text(staff.read(nothing))
    ticked = page.xpath("//label[contains(., 'Экинчи')]/input/@value")
    forms = page.xpath("//label[contains(., 'Kydyraliyev')]/input[@name='forms']/@value")
    answer = staff.send(page, "/works", ("do", "split"), {"credits": ticked, "forms": forms})
    assert answer.status_code == 303
    first, second = owners(archive)
    assert first == author != second
    page = staff.get(f"/staff/authors/{second}")
    everything = page.xpath("//input[@name='credits']/@value")
    staff.send(page, "/works", ("do", "refuse"), {"credits": everything})
    assert owners(archive) == [author, None]


def test_who_deposits_is_told_of_public_people_only(archive, enter, person, client):
    author = record(archive, KYRGYZ, LATIN, orcid=ORCID, notes="secret")
    browser = enter(person(Role.DEPOSITOR))
    assert browser.client.get("/deposit/authors.json?q=kydyr").json == []
    confirm(archive, author, publish(archive, "Биринчи", KYRGYZ))
    (found,) = browser.client.get("/deposit/authors.json?q=Кыдырал").json
    assert found["orcid"] == ORCID and found["forms"][1]["family"] == "Kydyraliyev"
    assert set(found) == {"forms", "orcid", "affiliation"}
    assert client.get("/deposit/authors.json?q=kydyr").status_code == 302


def test_nobody_asks_without_end(archive, enter, person, monkeypatch):
    monkeypatch.setattr(author_suggestions, "EACH_MINUTE", 3)
    author_suggestions._LEVELS.clear()
    browser = enter(person(Role.DEPOSITOR))
    codes = [browser.client.get("/deposit/authors.json?q=as").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    author_suggestions._LEVELS.clear()


def test_a_name_that_nobody_has_is_not_found(staff):
    for of in ("x|y|z", "nothing", "", "a|\x00|b"):
        assert staff.client.get("/staff/authors/name", query_string={"of": of}).status_code == 404
    assert "Nobody found" in text(staff.get("/staff/authors?q=Smith"))
    assert "Nobody found" in text(staff.get("/staff/authors?kind=records"))


def test_works_that_were_not_offered_are_not_taken(archive, staff):
    publish(archive, "Биринчи", KYRGYZ)
    other = publish(archive, "Экинчи", {"family": "Smith", "given": "John"})
    with archive.reading() as session:
        strange = session.scalar(select(Credit.id).where(Credit.work_id == other))
    author = record(archive, KYRGYZ)
    page = staff.get(f"/staff/authors/{author}")
    typed = {"credits": [str(strange), "²", "9" * 30]}
    staff.send(page, "/works", ("do", "confirm"), typed)
    page = staff.get("/staff/authors/name?of=kidiralev|asan|tokto")
    assert staff.send(page, "/name", typed=typed).status_code == 422
    assert owners(archive) == [None, None]

"""The audit log, the letters and the notices as pages."""

import csv
import io
from dataclasses import replace
from hashlib import sha512 as sha512_of

import pytest
from sqlalchemy import select

from repository import catalogue, letters, mail, publishing, versions
from repository.models.accounts import Letter, Post
from repository.models.trust import Entry, Notice
from repository.models.works import File
from repository.viewers import SYSTEM
from schemas.roles import Role

DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def chief(person, enter):
    return enter(person(Role.ADMINISTRATOR))


def entries(archive, kind):
    with archive.reading() as session:
        return session.scalars(select(Entry).where(Entry.kind == kind)).all()


def publish(archive, actor, access="open"):
    """A work with a file, as it is after a deposit."""
    place = archive.settings.staging
    place.mkdir(parents=True, exist_ok=True)
    (place / "up").write_bytes(b"text")
    digest = sha512_of(b"text").hexdigest()
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=actor)
        catalogue.attach(
            session, work, name="a.txt", size=4, sha512=digest, media_type="text/plain",
            staged="up", access=access,
        )  # fmt: skip
    publishing.publish(archive, work.id, actor=actor)
    return work.id


def words(page):
    return " ".join(page.text_content().split())


def test_the_log_is_shown_to_directors_filtered_and_page_by_page(archive, person, enter, chief):
    owner = person(Role.DEPOSITOR)
    with archive.writing() as session:
        for _ in range(60):
            number = catalogue.draft(session, DOCUMENT, actor=owner).id
    page = chief.get("/staff/audit?kind=work")
    assert "Begun" in words(page) and f"work {number}" in words(page)
    first = page.xpath("//table/tbody/tr/td[1]/text()")
    second = chief.get(page.xpath("//a[@rel='next']/@href")[0])
    rest = second.xpath("//table/tbody/tr/td[1]/text()")
    assert (len(first), len(rest)) == (50, 10) and not set(first) & set(rest)
    for query, count in (
        (f"work={number}", 1),
        ("actor=depositor@example.org&work=1", 1),
        ("actor=nobody", 0),
        ("since=2999-01-01", 0),
        ("until=2001-01-01", 0),
    ):
        assert len(chief.get(f"/staff/audit?{query}").xpath("//tbody/tr")) == count, query
    assert chief.client.get("/staff/audit?since=soon&work=x").status_code == 422
    director = enter(person(Role.DIRECTOR))
    assert director.client.get("/staff/audit").status_code == 200
    assert enter(person(Role.CATALOGUER)).client.get("/staff/audit").status_code == 403


def test_the_log_goes_out_as_a_table_and_says_so(archive, chief):
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        catalogue.note(session, work, "noted", actor=SYSTEM, comment='=cmd|"x"')
    answer = chief.client.get("/staff/audit/table.csv?kind=work")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [one["kind"] for one in rows] == ["work.noted", "work.created"]
    assert rows[0]["reason"] == '\'=cmd|"x"'
    assert (
        "private" in answer.headers["Cache-Control"]
        or "no-store" in answer.headers["Cache-Control"]
    )
    (told,) = entries(archive, "audit.exported")
    assert told.actor_id == chief.viewer.id and '"kind":"work"' in told.details
    assert told.origin == "127.0.0.0/24", "the network, and no whole address"


def test_staff_who_open_what_is_closed_are_noted_once_an_hour(archive, person, enter, client):
    owner = person(Role.DEPOSITOR)
    closed, public = publish(archive, owner, "staff"), publish(archive, owner)
    reader = enter(person(Role.CATALOGUER))
    for _ in range(3):
        assert reader.client.get(f"/works/{closed}/a.txt").status_code == 200
    assert reader.client.get(f"/works/{public}/a.txt").status_code == 200
    assert enter(owner).client.get(f"/works/{closed}/a.txt").status_code == 200
    (told,) = entries(archive, "work.read")
    assert (told.actor_id, told.object_id) == (reader.viewer.id, str(closed))


def test_a_change_of_rights_of_a_published_file_is_noted(archive, person):
    chief = person(Role.ADMINISTRATOR)
    number = publish(archive, chief)
    with archive.reading() as session:
        parts = [
            replace(one, access="campus")
            for one in versions.parts_of(catalogue.get(session, number))
        ]
    publishing.revise(archive, number, actor=chief, reason="asked", parts=parts)
    (told,) = entries(archive, "work.rights")
    assert told.details.count('"after"') == told.details.count("campus") == 1


def test_a_test_letter_says_what_the_mail_server_said(archive, chief, monkeypatch):
    page = chief.get("/staff/mail")
    assert "No mail server is set" in words(page)
    answer = chief.send(page, "/test")
    assert answer.status_code == 200 and "written to a file" in words(chief.read(answer))
    assert len(list(archive.settings.mail_folder.glob("*-test.eml"))) == 1
    refused = mail.Outcome(False, "login", "535 5.7.8 wrong")
    monkeypatch.setattr(mail, "test", lambda *given, **named: refused)
    answer = words(chief.read(chief.send(page, "/test")))
    assert "does not accept the user name or the password" in answer and "535 5.7.8" in answer
    monkeypatch.undo()
    answer = chief.send(page, "/test", typed={"address": "nobody"})
    assert answer.status_code == 422 and "nobody" in words(chief.read(answer))


def test_letters_that_failed_are_seen_sent_again_and_deleted(archive, chief, person, enter):
    with archive.writing() as session:
        for number in range(3):
            mail.write(
                session, to=f"p{number}@example.org", language="ky", template="deposit_accepted",
                title="Көлдөр", name="n", comment="", actor="", url="secret", archive_name="a",
            )  # fmt: skip
    with archive.writing() as session:
        for one in session.scalars(select(Letter)):
            one.state, one.trouble, one.error = Post.FAILED, "recipient", "550 no such mailbox"
    page = chief.get("/staff/mail")
    assert "p0@example.org" in words(page) and "secret" not in words(page)
    assert "does not take letters for this address" in words(page)
    assert chief.send(page, "/3/again").status_code == 303
    assert chief.send(page, "/2/delete").status_code == 303
    with archive.reading() as session:
        states = {one.id: one.state for one in session.scalars(select(Letter))}
    assert states == {1: Post.FAILED, 3: Post.WAITING}
    assert len(entries(archive, "mail.again")) == len(entries(archive, "mail.deleted")) == 1
    assert mail.deliver(archive) == 1
    assert "p2@example.org" in words(chief.get("/staff/mail?state=sent"))
    assert enter(person(Role.DIRECTOR)).client.get("/staff/mail").status_code == 403


def tell(archive, owner, kind="returned"):
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=owner)
        letters.to_depositor(session, work, kind, settings=archive.settings, actor=SYSTEM)
        return work.id


def test_notices_are_counted_in_the_header_and_lead_to_their_work(archive, person, enter, client):
    browser = enter(person(Role.DEPOSITOR))
    assert not client.get("/").get_data(as_text=True).count("/account/notices")
    assert browser.get("/").xpath("//a[@class='bell']") and not browser.get("/").xpath("//a/b")
    number = tell(archive, browser.viewer)
    tell(archive, browser.viewer)
    assert browser.get("/").xpath("//a[@class='bell']/b/text()") == ["2"]
    page = browser.get("/account/notices")
    assert "Returned for correction: Көлдөр" in words(page)
    answer = browser.send(page, "/account/notices/1")
    assert (answer.status_code, answer.location) == (303, f"/deposit/{number}")
    assert browser.get("/").xpath("//a[@class='bell']/b/text()") == ["1"]
    assert browser.send(browser.get("/account/notices"), "/notices/read").status_code == 303
    assert not browser.get("/").xpath("//a[@class='bell']/b")
    with archive.reading() as session:
        assert all(one.read for one in session.scalars(select(Notice)))


def test_nobody_reads_the_notices_of_others(archive, person, enter):
    owner = person(Role.DEPOSITOR)
    tell(archive, owner)
    other = enter(person(Role.DEPOSITOR, email="other@example.org"))
    assert "Көлдөр" not in words(other.get("/account/notices"))
    answer = other.client.post("/account/notices/1", data={"csrf_token": other.token()})
    assert answer.status_code == 404


@pytest.mark.parametrize(("language", "says"), [("en", "Accepted"), ("ky", ""), ("ru", "")])
def test_a_notice_speaks_the_language_of_its_reader(archive, person, enter, language, says):
    browser = enter(person(Role.DEPOSITOR, language=language))
    tell(archive, browser.viewer, "accepted")
    expected = mail.subject("deposit_accepted", language, {"title": "Көлдөр"})
    assert expected in words(browser.get("/account/notices")) and says in expected


def test_what_comes_by_mail_is_chosen(archive, person, enter):
    browser = enter(person(Role.DEPOSITOR))
    page = browser.get("/account/notices")
    offered = page.xpath("//input[@name='mailed']/@value")
    assert "deposit_answered" not in offered
    assert set(offered) >= {"deposit_submitted", "deposit_accepted"}
    assert page.xpath("//input[@name='mailed'][@checked]/@value") == offered
    browser.send(page, "/choices", typed={"mailed": ["deposit_accepted"]})
    page = browser.get("/account/notices")
    assert page.xpath("//input[@name='mailed'][@checked]/@value") == ["deposit_accepted"]
    tell(archive, browser.viewer)
    tell(archive, browser.viewer, "accepted")
    with archive.reading() as session:
        assert session.scalars(select(Letter.template)).all() == ["deposit_accepted"]
        assert len(session.scalars(select(File.id)).all()) == 0

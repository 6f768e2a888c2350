"""A new version: a draft beside the published work, reviewed, then with an address of its own."""

import hashlib
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from repository import catalogue, continuing, documents, publishing, requirements
from repository.errors import Invalid
from repository.models.life import NextVersion
from repository.models.works import Work
from repository.versions import parts_of
from repository.viewers import SYSTEM
from schemas.vocabulary import Access, State

OLD, DATA, NEW = b"%PDF-1.7 old", b"a,b\n1,2\n", b"%PDF-1.7 new"


@pytest.fixture
def published(publish, author):
    return publish(files={"paper.pdf": OLD, "data.csv": DATA}, actor=author)


def begin(browser, number, *, gone=(), reason="Эки бап кошулду", earlier="stay"):
    page = browser.get(f"/deposit/version-of/{number}")
    stays = [
        box.get("value")
        for box in page.xpath("//input[@name='stays']")
        if box.getparent().text_content().strip() not in gone
    ]
    answer = browser.send(
        page, "/version-of/", typed={"reason": reason, "stays": stays, "earlier": earlier}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.headers["Location"].split("/")[2])


def bring(browser, draft, data, name):
    answer = browser.client.post(
        f"/deposit/{draft}/files",
        data={
            "csrf_token": browser.token(),
            "add": "file",
            "file": (io.BytesIO(data), name),
        },
    )
    assert answer.status_code == 303


def send(browser, draft):
    page = browser.get(f"/deposit/{draft}/check")
    [agreement] = page.xpath("//input[@name='agreement']/@value")
    answer = browser.send(page, "/check", typed={"agreement": agreement})
    assert answer.headers["Location"] == f"/deposit/{draft}", answer.get_data(as_text=True)


def accept(browser, draft):
    page = browser.get(f"/review/{draft}")
    assert "Эки бап кошулду" in page.text_content()
    if page.xpath("//form[contains(@action, '/claim')]"):
        browser.send(page, "/claim")
    return browser.send(
        browser.get(f"/review/{draft}"), f"/review/{draft}", button=("do", "accept")
    )


def test_the_owner_renews_a_work_through_the_review(
    enter, author, chief, published, work, whole, client, archive
):
    owner, staff = enter(author), enter(chief)
    draft = begin(owner, published, gone=["paper.pdf"])
    # Replacing a file with one of the same name, in a real PDF's place.
    bring(owner, draft, DATA + b"3,4\n", "more.csv")
    page = owner.get(f"/deposit/{draft}/about")
    answer = owner.send(page, "/about", typed={"titles.0.text": "Манастын тили: толук"})
    assert answer.status_code == 303
    # The published one is as it was, and nobody else sees the draft.
    assert "толук" not in client.get(f"/works/{published}").get_data(as_text=True)
    assert client.get(f"/works/{published}/paper.pdf").data == OLD
    assert client.get(f"/works/{draft}").status_code == 404
    send(owner, draft)
    assert accept(staff, draft).headers["Location"] == "/review"
    now = work(published)
    assert (now.state, now.version) == (State.PUBLISHED, 2)
    assert [one.public for one in now.versions] == [1, 2]
    assert [file.name for file in now.current_files] == ["data.csv", "more.csv"]
    with archive.reading() as session:
        assert session.get(Work, draft) is None and session.get(NextVersion, draft) is None
        kinds = [one.kind for one in catalogue.events(session, now)]
    assert kinds[-1] == "renewed" and "submitted" in kinds and "continued" in kinds
    assert client.get(f"/works/{published}/paper.pdf").status_code == 404
    text = client.get(f"/works/{published}").get_data(as_text=True)
    assert "Манастын тили: толук" in text and f"/works/{published}/versions/1" in text
    whole()


def test_papers_of_a_next_version_are_wanted_and_go_over_to_the_work(
    archive, published, enter, author, chief
):
    def require(session, kind):
        requirements.require(session, kind=kind, collection_id=None, type="", actor=SYSTEM)

    def enter_paper(session, kind, number):
        paper = {"kind": kind, "number": "", "day": None, "place": "folder 3", "note": ""}
        owner = catalogue.get(session, number)
        documents.add(session, paper, actor=SYSTEM, work=owner)

    with archive.writing() as session:
        require(session, "consent")
        require(session, "agreement")
        enter_paper(session, "consent", published)
    browser = enter(author)
    draft = begin(browser, published)
    send(browser, draft)
    with pytest.raises(Invalid, match="Documents"):
        continuing.publish(archive, draft, actor=chief)
    with archive.writing() as session:
        lacking = requirements.missing(session, catalogue.get(session, draft))
        assert [one.sentence for one in lacking] == ["The agreement with the author is missing."]
        enter_paper(session, "agreement", draft)
    accept(enter(chief), draft)
    with archive.reading() as session:
        assert session.get(Work, draft) is None
        kinds = [one.kind for one in documents.of_work(session, published)]
        assert kinds == ["consent", "agreement"]


def test_an_earlier_version_keeps_its_address_its_words_and_its_files(
    enter, author, chief, published, client, whole
):
    owner, staff = enter(author), enter(chief)
    draft = begin(owner, published, gone=["paper.pdf"])
    send(owner, draft)
    accept(staff, draft)
    answer = client.get(f"/works/{published}/versions/1")
    page = owner.read(answer)
    said = page.text_content()
    assert "эң жаңысы эмес" in said and "1-версия" in said
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://localhost/works/{published}"]
    assert f"http://localhost/works/{published}/versions/1" in said  # the citation's address
    assert not page.xpath("//meta[starts-with(@name, 'citation_')]")
    assert client.get(f"/works/{published}/versions/1/paper.pdf").data == OLD
    assert client.get(f"/works/{published}/versions/1/data.csv").data == DATA
    assert client.get(f"/works/{published}/versions/2/paper.pdf").status_code == 404
    assert client.get(f"/works/{published}/versions/3").status_code == 404
    told = client.get(f"/works/{published}/versions").get_data(as_text=True)
    assert "Эки бап кошулду" in told and "paper.pdf" in told
    whole()


def test_an_old_version_is_never_more_open_than_the_newest(archive, publish, client, enter, chief):
    number = publish(files={"paper.pdf": OLD})
    with archive.reading() as session:
        [part] = parts_of(catalogue.get(session, number))
    (archive.settings.staging / "new").write_bytes(NEW)
    other = replace(part, id=None, stored=None, staged="new", size=len(NEW), sha512=_sha512(NEW))
    publishing.revise(archive, number, actor=SYSTEM, reason="Renewed", parts=[other])
    assert client.get(f"/works/{number}/versions/1/paper.pdf").data == OLD
    with archive.reading() as session:
        [part] = parts_of(catalogue.get(session, number))
    shut = replace(part, access=Access.STAFF)
    publishing.grant(archive, number, actor=SYSTEM, reason="Asked", parts=[shut])
    assert client.get(f"/works/{number}/versions/1/paper.pdf").status_code == 403
    page = client.get(f"/works/{number}/versions/1?lang=en").get_data(as_text=True)
    assert "for the library's staff" in page or "For library staff" in page
    assert enter(chief).client.get(f"/works/{number}/versions/1/paper.pdf").data == OLD
    # What was closed then is not open because the newest is.
    publishing.grant(
        archive, number, actor=SYSTEM, reason="Free", parts=[replace(shut, access="open")]
    )
    assert client.get(f"/works/{number}/versions/1/paper.pdf").status_code == 200
    assert client.get(f"/works/{number}/versions/2/paper.pdf").status_code == 200


def _sha512(data):
    return hashlib.sha512(data).hexdigest()


def test_files_that_leave_can_be_closed_at_once_and_later(
    enter, author, chief, published, client, whole, work
):
    owner, staff = enter(author), enter(chief)
    draft = begin(owner, published, gone=["paper.pdf"], earlier="shut")
    send(owner, draft)
    accept(staff, draft)
    assert client.get(f"/works/{published}/versions/1/paper.pdf").status_code == 403
    assert owner.client.get(f"/works/{published}/versions/1/paper.pdf").data == OLD
    draft = begin(owner, published, gone=["data.csv"])
    send(owner, draft)
    accept(staff, draft)
    # With no file left nothing says that the earlier ones are still open.
    assert client.get(f"/works/{published}/versions/2/data.csv").status_code == 403
    page = staff.get(f"/works/{published}/versions")
    answer = staff.send(page, "/versions/2/close", typed={"reason": "Asked by the publisher"})
    assert answer.status_code == 303
    [gone] = [one for one in work(published).files if one.name == "data.csv"]
    assert gone.access == Access.CLOSED
    assert work(published).versions[-1].public == 3  # closing is no new version
    whole()


def test_a_withdrawn_work_has_no_versions_to_read(archive, publish, client):
    number = publish(files={"paper.pdf": OLD})
    publishing.withdraw(archive, number, actor=SYSTEM, kind="error", reason="r")
    for path in ("", "/1", "/1/paper.pdf"):
        assert client.get(f"/works/{number}/versions{path}").status_code == 410


def test_a_correction_meanwhile_is_taken_over_and_looked_at_again(
    archive, published, author, chief, enter, work
):
    owner, staff = enter(author), enter(chief)
    draft = begin(owner, published)
    send(owner, draft)
    document = {**work(published).document, "extent": ["12 б."]}
    publishing.revise(archive, published, actor=chief, reason="Extent", document=document)
    answer = accept(staff, draft)
    assert answer.status_code == 409 and "Look once more" in answer.get_data(as_text=True)
    assert accept(staff, draft).status_code == 303
    now = work(published)
    assert now.document["extent"] == ["12 б."]
    assert [one.public for one in now.versions] == [1, 1, 2]


def test_only_the_owner_and_the_library_begin_a_version_and_only_one(
    enter, person, author, chief, published, archive
):
    stranger = enter(person("depositor", email="other@example.org"))
    assert stranger.client.get(f"/deposit/version-of/{published}").status_code == 403
    draft = begin(enter(author), published)
    again = enter(chief).client.get(f"/deposit/version-of/{published}")
    assert again.headers["Location"] == f"/deposit/{draft}"
    with archive.reading() as session:
        assert len(session.scalars(select(NextVersion)).all()) == 1


def test_the_library_publishes_a_version_of_its_own_without_a_review(
    enter, chief, published, work, whole, client
):
    staff = enter(chief)
    draft = begin(staff, published, gone=["data.csv"])
    page = staff.get(f"/deposit/{draft}")
    answer = staff.send(page, "/version/publish")
    assert answer.headers["Location"] == f"/works/{published}"
    assert [file.name for file in work(published).current_files] == ["paper.pdf"]
    assert client.get(f"/works/{published}/versions/1/data.csv").status_code == 200
    whole()


def test_a_template_has_no_identifiers_dates_or_files(enter, author, publish, archive, described):
    document = described(
        identifiers=[{"scheme": "doi", "value": "10.5555/ab.1"}],
        host={"kind": "journal", "title": "Вестник", "volume": "3", "pages": "1-9"},
    )
    other = publish(document, files={"x.pdf": OLD})
    owner = enter(author)
    page = owner.get(f"/works/{other}")
    answer = owner.send(page, f"/deposit/copy/{other}")
    number = int(answer.headers["Location"].split("/")[2])
    with archive.reading() as session:
        made = catalogue.get(session, number)
        assert made.files == [] and made.owner_id == author.id
        assert "identifiers" not in made.document and "issued" not in made.document
        assert made.document["host"] == {"kind": "journal", "title": "Вестник", "volume": "3"}
        assert made.title == "Манас эпосунун тили"

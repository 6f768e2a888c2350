"""The review: claimed, corrected, accepted, returned, declined; and what the depositor is told."""

import email
import hashlib
from email import policy

import pytest
from sqlalchemy import select

from repository import catalogue, collections, mail
from repository.clock import now
from repository.models.accounts import Letter
from repository.models.arrivals import FileStep
from schemas.roles import Role
from schemas.vocabulary import State

FIT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Тоолордун мөңгүлөрү", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def author(person, enter):
    """The depositor's browser; she reads Kyrgyz."""
    return enter(person(Role.DEPOSITOR, email="aigul@example.org", language="ky"))


@pytest.fixture
def staff(person, enter):
    """A cataloguer's browser."""
    return enter(person(Role.CATALOGUER, email="gulnara@example.org"))


@pytest.fixture
def submitted(archive, author, paper):
    """Makes a work that waits for the library; its number."""

    def make(document=None, **columns):
        with archive.writing() as session:
            work = catalogue.draft(session, document or FIT, actor=author.viewer)
            (archive.settings.staging / f"staged{work.id}").write_bytes(paper.read_bytes())
            catalogue.attach(
                session,
                work,
                name="paper.pdf",
                size=paper.stat().st_size,
                sha512=digest,
                media_type="application/pdf",
                staged=f"staged{work.id}",
            )
            work.state, work.submitted = State.SUBMITTED, now()
            for name, value in columns.items():
                setattr(work, name, value)
            return work.id

    digest = hashlib.sha512(paper.read_bytes()).hexdigest()
    return make


@pytest.fixture
def kept(archive):
    """Reads a work as the database has it."""

    def read(number):
        with archive.reading() as session:
            work = catalogue.get(session, number)
            assert [len(work.files), len(work.collections)]
            return work

    return read


def said(page) -> str:
    return " ".join(page.xpath("//main")[0].text_content().split())


def letter_of(archive) -> Letter:
    with archive.reading() as session:
        return session.scalars(select(Letter).order_by(Letter.id.desc())).first()


def claim(staff, number):
    page = staff.get(f"/review/{number}")
    return staff.read(staff.send(page, "claim", follow_redirects=True))


def test_the_queue_shows_what_came_first_first(staff, submitted):
    first, second = submitted(), submitted()
    third = submitted({**FIT, "type": "http://purl.org/coar/resource_type/c_db06"})
    links = "//table//a/@href"
    page = staff.get("/review")
    assert page.xpath(links) == [f"/review/{one}" for one in (first, second, third)]
    assert "Aigul" in said(page)
    assert staff.get("/review?type=doctoral-thesis").xpath(links) == [f"/review/{third}"]
    assert staff.get("/review?collection=7").xpath(links) == []


def test_the_queue_can_be_narrowed_to_a_collection(staff, submitted, archive):
    _, inside = submitted(), submitted()
    with archive.writing() as session:
        chair = collections.add(session, "botany", names={"en": "Botany"})
        catalogue.gather(session, catalogue.get(session, inside), [chair])
    page = staff.get(f"/review?collection={chair.id}")
    assert page.xpath("//table//a/@href") == [f"/review/{inside}"]


def test_an_empty_queue_says_so(staff):
    assert "Nothing waits" in said(staff.get("/review"))


def test_a_claimed_work_is_in_ones_hands(staff, submitted, kept, person, enter):
    number = submitted()
    page = staff.get(f"/review/{number}")
    assert page.xpath("//form[@id='review']/fieldset/@disabled"), "look first, claim, then decide"
    page = claim(staff, number)
    assert not page.xpath("//form[@id='review']/fieldset/@disabled")
    assert kept(number).reviewer_id == staff.viewer.id
    assert "In your hands" in said(staff.get("/review"))
    colleague = enter(person(Role.CATALOGUER, email="colleague@example.org"))
    assert "In the hands of colleagues" in said(colleague.get("/review"))
    page = colleague.get(f"/review/{number}")
    assert "Gulnara reviews this work" in said(page)
    form = {"csrf_token": colleague.token()}
    assert colleague.client.post(f"/review/{number}/claim", data=form).status_code == 409
    colleague.send(page, "release")
    assert kept(number).reviewer_id is None


def test_file_and_description_stand_side_by_side(staff, submitted):
    number = submitted()
    page = claim(staff, number)
    frame = page.xpath("//iframe/@src")[0]
    assert frame.startswith(f"/works/{number}/paper.pdf")
    answer = staff.client.get(frame.partition("#")[0])
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert page.xpath("//*[@id='f-titles.0.text']")[0].value.strip() == "Тоолордун мөңгүлөрү"


def test_corrections_are_kept(staff, submitted, kept, archive):
    number = submitted()
    with archive.writing() as session:
        chair = collections.add(session, "botany", names={"en": "Botany"})
    page = claim(staff, number)
    typed = {
        "titles.0.text": "Тоо мөңгүлөрү",
        "keywords.0.text": "тоо; мөңгү",
        "other_collection": str(chair.id),
        f"files.{kept(number).files[0].id}.access": "campus",
    }
    answer = staff.send(page, "review", ("do", "save"), typed)
    assert answer.headers["Location"].endswith(f"/review/{number}")
    work = kept(number)
    assert work.state == State.SUBMITTED
    assert work.document["titles"][0]["text"] == "Тоо мөңгүлөрү"
    assert [one["text"] for one in work.document["keywords"]] == ["тоо", "мөңгү"]
    assert [one.slug for one in work.collections] == ["botany"]
    assert work.files[0].access == "campus"
    page = staff.get(f"/review/{number}")
    answer = staff.send(page, "review", ("add", "creators"))
    assert answer.headers["Location"].endswith("add=creators")
    assert len(staff.get(answer.headers["Location"]).xpath("//*[@id='creators']/fieldset")) == 2


def test_accepting_publishes_with_the_corrections_and_tells_the_depositor(
    staff, submitted, kept, archive, client
):
    number = submitted()
    page = claim(staff, number)
    typed = {"titles.0.text": "Тоо мөңгүлөрү", "comment": "Рахмат!"}
    answer = staff.send(page, "review", ("do", "accept"), typed)
    assert answer.headers["Location"].endswith("/review")
    assert "Accepted and published" in said(staff.get("/review"))
    work = kept(number)
    assert (work.state, work.version, work.title) == (State.PUBLISHED, 1, "Тоо мөңгүлөрү")
    assert client.get(f"/works/{number}").status_code == 200
    assert client.get(f"/works/{number}/paper.pdf").status_code == 200
    letter = letter_of(archive)
    assert (letter.template, letter.language) == ("deposit_accepted", "ky")
    assert letter.recipient == "aigul@example.org"
    assert letter.context["url"] == f"http://localhost/works/{number}"
    assert letter.context["comment"] == "Рахмат!"
    assert not list(archive.settings.staging.glob("staged*"))
    assert staff.client.get(f"/review/{number}").status_code == 302, "it is out of the queue"


@pytest.mark.parametrize(
    ("do", "state", "kind"),
    [("return", State.RETURNED, "returned"), ("reject", State.REJECTED, "rejected")],
)
def test_returning_and_declining_need_a_reason_which_the_depositor_reads(
    staff, author, submitted, kept, archive, do, state, kind
):
    number = submitted()
    page = claim(staff, number)
    answer = staff.send(page, "review", ("do", do), {"edition": "2-басылышы"})
    assert answer.status_code == 422
    page = staff.read(answer)
    assert page.xpath("//*[@id='e-comment']")
    assert page.xpath("//*[@id='f-edition']/@value") == ["2-басылышы"], "no typing is lost"
    assert kept(number).state == State.SUBMITTED
    reason = page.xpath("//select[@name='reason']//option/@value")[1]
    answer = staff.send(page, "review", ("do", do), {"reason": reason, "comment": "Дагы."})
    assert answer.status_code == 303
    assert kept(number).state == state
    assert kept(number).document["edition"] == "2-басылышы"
    letter = letter_of(archive)
    assert letter.template == f"deposit_{kind}"
    assert letter.context["comment"] == f"{reason}\n\nДагы."
    assert "Дагы." in said(author.get(f"/deposit/{number}?lang=en"))


def test_a_message_alone_goes_into_the_thread(staff, author, submitted, kept, archive):
    number = submitted()
    staff.send(claim(staff, number), "review", ("do", "comment"), {"comment": "Суроо"})
    assert kept(number).state == State.SUBMITTED
    assert letter_of(archive).template == "deposit_commented"
    page = author.get(f"/deposit/{number}")
    assert "Суроо" in said(page)
    author.send(page, "comment", typed={"comment": "Жооп"})
    assert "Жооп" in said(staff.get(f"/review/{number}"))
    assert letter_of(archive).recipient == "gulnara@example.org"


def test_what_is_wrong_keeps_a_work_from_being_accepted(staff, submitted, kept, archive):
    number = submitted()
    page = claim(staff, number)
    answer = staff.send(page, "review", ("do", "accept"), {"creators.0.orcid": "1"})
    assert answer.status_code == 422
    page = staff.read(answer)
    assert "not an ORCID" in page.xpath("//*[@id='e-creators.0.orcid']")[0].text_content()
    assert kept(number).state == State.SUBMITTED
    name = f"files.{kept(number).files[0].id}.embargo_until"
    answer = staff.send(page, "review", ("do", "accept"), {name: "2001-01-01"})
    assert answer.status_code == 422
    assert letter_of(archive) is None


def test_of_two_reviewing_tabs_one_wins_and_the_other_loses_no_typing(staff, submitted, kept):
    number = submitted()
    claim(staff, number)
    one, other = (staff.get(f"/review/{number}") for _ in range(2))
    staff.send(one, "review", ("do", "save"), {"titles.0.text": "Биринчи"})
    answer = staff.send(other, "review", ("do", "accept"), {"titles.0.text": "Экинчи"})
    assert answer.status_code == 409
    page = staff.read(answer)
    assert "Биринчи" in said(page)
    assert page.xpath("//*[@id='f-titles.0.text']")[0].value.strip() == "Экинчи"
    staff.send(page, "review", ("do", "accept"))
    assert kept(number).title == "Экинчи"


def test_a_colleagues_work_is_not_decided(staff, submitted, kept, person, enter):
    number = submitted()
    page = claim(staff, number)
    colleague = enter(person(Role.CATALOGUER, email="colleague@example.org"))
    fields = {"do": "accept", "revision": page.xpath("//input[@name='revision']/@value")[0]}
    answer = colleague.client.post(
        f"/review/{number}", data={**fields, "csrf_token": colleague.token()}
    )
    assert answer.status_code == 409
    assert kept(number).state == State.SUBMITTED


def test_control_characters_are_removed_from_corrections(staff, submitted, kept):
    number = submitted()
    page = claim(staff, number)
    answer = staff.send(page, "review", ("do", "save"), {"edition": "2\x07"}, follow_redirects=True)
    assert "Control characters were removed" in said(staff.read(answer))
    assert kept(number).document["edition"] == "2"


def test_a_likely_duplicate_is_named_to_the_reviewer(staff, submitted):
    first, second = submitted(), submitted()
    links = staff.get(f"/review/{second}").xpath("//*[contains(@class, 'warn')]//a/@href")
    assert links == [f"/works/{first}"]


def test_readers_and_depositors_do_not_review(author, submitted):
    number = submitted()
    assert author.client.get("/review").status_code == 403
    form = {"csrf_token": author.token(), "do": "accept"}
    for path in ("", "/claim", "/release"):
        assert author.client.post(f"/review/{number}{path}", data=form).status_code == 403


@pytest.mark.parametrize("kind", ["submitted", "returned", "rejected", "accepted", "commented"])
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_letters_are_whole_in_each_language(archive, kind, language):
    with archive.writing() as session:
        mail.write(
            session,
            to="aigul@example.org",
            language=language,
            template=f"deposit_{kind}",
            name="Айгүл",
            title="Тоо «мөңгүлөрү» & <көлдөрү>",
            comment="Биринчи сап\nэкинчи сап",
            actor="Гүлнара",
            url="http://localhost/deposit/7",
            archive_name="Ачык архив",
        )
    mail.deliver(archive)
    path = next(archive.settings.mail_folder.glob("*.eml"))
    letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = letter.get_content()
    assert "Тоо «мөңгүлөрү» & <көлдөрү>" in letter["Subject"]
    assert "Айгүл" in body
    assert "http://localhost/deposit/7" in body
    assert ("экинчи сап" in body) == (kind != "submitted")


def test_the_reviewer_sees_what_is_known_of_a_file(staff, archive, author):
    page = b"<html><body>Sign in</body></html>"
    with archive.writing() as session:
        work = catalogue.draft(session, FIT, actor=author.viewer)
        (archive.settings.staging / "page").write_bytes(page)
        file = catalogue.attach(
            session,
            work,
            name="макала.txt",
            size=len(page),
            sha512=hashlib.sha512(page).hexdigest(),
            media_type="text/plain",
            staged="page",
        )
        detail = {"format": "Hypertext Markup Language", "version": "5", "mismatch": True}
        session.add(FileStep(file_id=file.id, step="format", outcome="fmt/471", detail=detail))
        work.state, work.submitted = State.SUBMITTED, now()
    said = staff.get(f"/review/{work.id}").text_content()
    assert "Hypertext Markup Language 5 (fmt/471)" in said
    assert "The name does not fit what the file is." in said
    assert "Not checked for viruses" in said

"""What must be there before a work is accepted, and works that wait too long."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from repository import catalogue, checklist, collections, reminding
from repository.clock import now
from repository.errors import Invalid
from repository.models.accounts import Letter
from repository.models.checklists import Reminder
from repository.models.works import Event, Work
from schemas import vocabulary
from schemas.roles import Role

AGREEMENT = {"version": "1", "language": "en", "text": "-", "moment": "2026-05-12T06:00:00+00:00"}
DOCUMENT = {
    "type": vocabulary.TYPES["doctoral-thesis"].uri,
    "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
    "abstracts": [{"text": "Бир.", "language": "ky"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
    "thesis": {"degree": "doctor"},
}


@pytest.fixture
def chief(enter, person):
    return enter(person(Role.CATALOGUER))


@pytest.fixture
def number(archive, person):
    author = person(Role.DEPOSITOR)
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=author)
        catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
        return work.id


def added(archive, chief, **given):
    values = {"element": "", "question": {}, "type": "", "collection_id": None, **given}
    with archive.writing() as session:
        return checklist.add(session, **values, actor=chief.viewer).id


def standing(archive, number):
    with archive.reading() as session:
        lines = checklist.of(session, catalogue.get(session, number))
        return [(one.check.element or "?", one.done) for one in lines]


def text(page):
    return " ".join(page.text_content().split())


def test_the_archive_looks_at_some_lines_and_reviewers_tick_others(archive, chief, number):
    for element in ("abstract", "abstracts", "udc", "supervisor", "file"):
        added(archive, chief, element=element)
    question = added(
        archive, chief, question={"ky": "Титулу барбы?", "en": "Is there a title page?"}
    )
    assert standing(archive, number) == [
        ("abstract", True),
        ("abstracts", False),
        ("udc", False),
        ("supervisor", False),
        ("file", False),
        ("?", False),
    ]
    with archive.writing() as session:
        work = catalogue.get(session, number)
        checklist.tick(session, work, [question, 999], actor=chief.viewer)
    assert standing(archive, number)[-1] == ("?", True)
    with archive.writing() as session:
        checklist.tick(session, catalogue.get(session, number), [], actor=chief.viewer)
    assert standing(archive, number)[-1] == ("?", False)


def test_lines_are_for_kinds_and_collections(archive, chief, number):
    with archive.writing() as session:
        above = collections.add(session, "theses", names={"en": "Theses"})
        below = collections.add(session, "phd", parent=above, names={"en": "PhD"})
        catalogue.gather(session, catalogue.get(session, number), [below])
        parent = above.id
        other = collections.add(session, "other", names={"en": "Other"}).id
    added(archive, chief, element="udc", type="article")
    added(archive, chief, element="bbk", collection_id=other)
    added(archive, chief, element="keywords", collection_id=parent)
    assert standing(archive, number) == [("keywords", False)]


def test_a_work_is_accepted_when_every_line_is_done(archive, chief, number):
    question = added(archive, chief, question={"en": "Is there a title page?"})
    chief.send(chief.get(f"/review/{number}"), "/claim")
    page = chief.get(f"/review/{number}")
    assert "Is there a title page?" in text(page)
    answer = chief.send(page, "review", ("do", "accept"))
    assert answer.status_code == 422
    back = chief.read(answer)
    assert "1 to go" in text(back) and back.xpath("//*[@id='f-checklist']")
    answer = chief.send(
        chief.get(f"/review/{number}"), "review", ("do", "accept"), {"checks": str(question)}
    )
    assert answer.status_code == 303
    with archive.reading() as session:
        assert session.get_one(Work, number).state == "published"


def test_staff_make_and_remove_lines(archive, chief):
    page = chief.get("/staff/checklist")
    answer = chief.send(page, "/checklist", typed={"element": "udc", "type": "article"})
    assert answer.status_code == 303
    page = chief.get("/staff/checklist")
    assert "The UDC class is given" in text(page)
    answer = chief.send(page, "/checklist", ("remove", "1"))
    with archive.reading() as session:
        assert checklist.everything(session) == []
    for wrong in ({}, {"element": "magic"}, {"element": "udc", "collection": "99"}):
        answer = chief.send(chief.get("/staff/checklist"), "/checklist", typed=wrong)
        assert answer.status_code == 422, wrong


def test_a_question_has_a_text(archive, chief):
    with pytest.raises(Invalid):
        added(archive, chief, question={"xx": "?"})


def aged(archive, number, days):
    moment = now() - timedelta(days=days)
    with archive.writing() as session:
        session.execute(update(Event).where(Event.work_id == number).values(moment=moment))
        session.get_one(Work, number).submitted = moment


def letters(archive):
    with archive.reading() as session:
        return session.scalars(
            select(Letter.recipient).where(Letter.template == "review_overdue")
        ).all()


def test_what_nobody_has_taken_is_called_to_the_mind_of_all(archive, chief, person, number):
    other = person(Role.CATALOGUER, email="second@example.org")
    assert reminding.remind(archive) == 0
    aged(archive, number, 8)
    assert reminding.remind(archive) == 1
    assert sorted(letters(archive)) == sorted([chief.viewer.email, other.email])
    assert reminding.remind(archive) == 0  # not again before another week
    with archive.writing() as session:
        session.get_one(Reminder, number).moment = now() - timedelta(days=8)
    assert reminding.remind(archive) == 1


def test_what_somebody_has_taken_is_called_to_theirs(archive, chief, person, number):
    person(Role.CATALOGUER, email="second@example.org")
    with archive.writing() as session:
        catalogue.claim(session, catalogue.get(session, number), actor=chief.viewer)
    aged(archive, number, 8)
    assert reminding.remind(archive) == 1
    assert letters(archive) == [chief.viewer.email]
    with archive.writing() as session:  # an answer in between: it is not forgotten
        session.get_one(Reminder, number).moment = now() - timedelta(days=8)
        catalogue.comment(session, catalogue.get(session, number), actor=chief.viewer, text="?")
    assert reminding.remind(archive) == 0

"""Cataloguers of one collection, steps of its review, and works given into other hands."""

import pytest
from sqlalchemy import select

from repository import appointments, catalogue, collections, publishing, review_steps
from repository.errors import Invalid, NotAllowed
from repository.models.accounts import Account
from repository.models.trust import Notice
from repository.models.works import Event, Work
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role

AGREEMENT = {"version": "1", "language": "en", "text": "-", "moment": "2026-05-12T06:00:00+00:00"}


@pytest.fixture
def shelves(archive):
    """Collections: science, biology below it, arts."""
    with archive.writing() as session:
        science = collections.add(session, "science", names={"en": "Science"})
        collections.add(session, "biology", names={"en": "Biology"}, parent=science)
        collections.add(session, "arts", names={"en": "Arts"})


@pytest.fixture
def author(person):
    return person(Role.DEPOSITOR, email="author@example.org")


@pytest.fixture
def sent(archive, author, shelves):
    """Sends in a work for a collection; its number."""

    def make(slug, title="Көлдөр"):
        document = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": title, "language": "ky", "kind": "main"}],
            "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
            "issued": "2024",
            "languages": ["ky"],
            "licence": "cc-by-4.0",
        }
        with archive.writing() as session:
            work = catalogue.draft(session, document, actor=author)
            catalogue.gather(session, work, [collections.find(session, slug)] if slug else [])
            catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
            return work.id

    return make


@pytest.fixture
def biologist(archive, enter, person, shelves):
    """Reviews what is in science and below it."""
    viewer = person(Role.DEPOSITOR, email="biologist@example.org")
    with archive.writing() as session:
        account = session.get_one(Account, viewer.id)
        appointments.appoint(session, account, collections.find(session, "science"), actor=SYSTEM)
    return enter(viewer)


def text(page):
    return " ".join(page.text_content().split())


def test_the_queue_of_an_appointed_reviewer_holds_what_is_theirs(sent, biologist):
    sent("biology", "Биология"), sent("arts", "Музыка"), sent("", "Башка")
    shown = text(biologist.get("/review"))
    assert "Биология" in shown and "Музыка" not in shown and "Башка" not in shown


def test_they_review_and_publish_in_their_collections_and_nowhere_else(archive, sent, biologist):
    mine, other = sent("biology"), sent("arts")
    biologist.send(biologist.get(f"/review/{mine}"), "/claim")
    answer = biologist.send(biologist.get(f"/review/{mine}"), "review", ("do", "accept"))
    assert answer.status_code == 303
    with archive.reading() as session:
        assert session.get_one(Work, mine).state == "published"
    assert biologist.client.get(f"/staff/works/{mine}").status_code == 200
    assert biologist.client.get(f"/review/{other}").status_code == 404
    token = biologist.token()
    for path in (f"/review/{other}", f"/review/{other}/claim", f"/review/{other}/assign"):
        answer = biologist.client.post(path, data={"csrf_token": token, "do": "accept"})
        assert answer.status_code == 404, path
    publishing.accept(archive, other, actor=SYSTEM)
    assert biologist.client.get(f"/staff/works/{other}").status_code == 403
    assert biologist.client.get(f"/staff/works/{other}/rights").status_code == 403


def test_rooms_of_all_cataloguers_stay_closed_to_them(biologist):
    for path in (
        "/staff/batches",
        "/staff/duplicates",
        "/staff/texts",
        "/staff/copies",
        "/staff/transfers/collections",
        "/staff/authors",
        "/staff/reviewers",
    ):
        assert biologist.client.get(path).status_code == 403, path
    assert "/review" in biologist.get("/staff").xpath("//ul[@class='rooms']/li/a/@href")


def test_closed_files_and_drafts_of_other_collections_stay_closed(archive, author, biologist, sent):
    with archive.writing() as session:
        draft = catalogue.draft(session, {"titles": [{"text": "X", "kind": "main"}]}, actor=author)
        number = draft.id
    assert biologist.client.get(f"/deposit/{number}").status_code == 404


def test_whoever_is_dismissed_reviews_no_more(archive, biologist, sent):
    number = sent("biology")
    with archive.writing() as session:
        science = collections.find(session, "science")
        appointments.dismiss(session, biologist.viewer.id, science, actor=SYSTEM)
    assert biologist.client.get("/review").status_code == 403
    assert biologist.client.get(f"/review/{number}").status_code == 403


# --- steps ----------------------------------------------------------------------------------------
@pytest.fixture
def steps(archive, shelves):
    """Science is reviewed in two steps, the second by somebody else."""
    with archive.writing() as session:
        science = collections.find(session, "science")
        for name, another in (("Form", False), ("Subject headings", True)):
            review_steps.add(session, science, {"en": name}, another=another, actor=SYSTEM)


def test_a_work_passes_its_steps_each_by_another_hand(archive, enter, person, sent, steps):
    first = enter(person(Role.CATALOGUER, email="first@example.org"))
    second = enter(person(Role.CATALOGUER, email="second@example.org"))
    number = sent("biology")
    first.send(first.get(f"/review/{number}"), "/claim")
    page = first.get(f"/review/{number}")
    assert "Step 1 of 2: Form" in text(page) and "Pass on: Subject headings" in text(page)
    assert first.send(page, "review", ("do", "accept")).status_code == 409
    assert first.send(first.get(f"/review/{number}"), "review", ("do", "pass")).status_code == 303
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert (work.state, work.review_step, work.reviewer_id) == ("submitted", 1, None)
    first.send(first.get(f"/review/{number}"), "/claim")
    answer = first.send(first.get(f"/review/{number}"), "review", ("do", "accept"))
    assert answer.status_code == 409 and "Somebody else" in text(first.read(answer))
    first.send(first.get(f"/review/{number}"), "/release")
    second.send(second.get(f"/review/{number}"), "/claim")
    answer = second.send(second.get(f"/review/{number}"), "review", ("do", "accept"))
    assert answer.status_code == 303
    with archive.reading() as session:
        assert session.get_one(Work, number).state == "published"


def test_a_returned_work_begins_at_the_first_step_again(archive, author, sent, steps):
    number = sent("science")
    with archive.writing() as session:
        work = catalogue.get(session, number)
        review_steps.pass_on(session, work, actor=SYSTEM)
        catalogue.send_back(session, work, actor=SYSTEM, comment="-")
        catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
        assert work.review_step == 0
    with pytest.raises(NotAllowed):
        publishing.accept(archive, number, actor=SYSTEM)


def test_without_steps_the_review_is_one(archive, sent, steps):
    number = sent("arts")
    with archive.writing() as session:
        work = catalogue.get(session, number)
        assert list(review_steps.of(session, work)) == []
        with pytest.raises(NotAllowed):
            review_steps.pass_on(session, work, actor=SYSTEM)
    assert publishing.accept(archive, number, actor=SYSTEM) == 1


def test_when_the_last_step_goes_works_are_at_their_last_one(archive, sent, steps):
    number = sent("biology")
    with archive.writing() as session:
        review_steps.pass_on(session, catalogue.get(session, number), actor=SYSTEM)
        science = collections.find(session, "science")
        review_steps.remove_last(session, science, actor=SYSTEM)
    assert publishing.accept(archive, number, actor=SYSTEM) == 1


# --- other hands ----------------------------------------------------------------------------------
def test_a_work_is_given_to_a_colleague_who_is_told(archive, enter, person, sent, biologist):
    chief = enter(person(Role.CATALOGUER))
    number = sent("biology")
    page = chief.get(f"/review/{number}")
    options = page.xpath("//select[@name='reviewer']/option/@value")
    assert str(biologist.viewer.id) in options
    chief.send(page, "/assign", typed={"reviewer": str(biologist.viewer.id)})
    with archive.reading() as session:
        assert session.get_one(Work, number).reviewer_id == biologist.viewer.id
        kinds = session.scalars(select(Event.kind).where(Event.work_id == number)).all()
        notice = session.scalars(select(Notice)).all()[-1]
    assert kinds[-1] == "assigned"
    assert (notice.account_id, notice.kind) == (biologist.viewer.id, "review_assigned")


def test_it_is_given_to_nobody_who_may_not_review_it(archive, enter, person, sent, biologist):
    chief = enter(person(Role.CATALOGUER))
    number = sent("arts")
    page = chief.get(f"/review/{number}")
    assert not page.xpath(f"//select[@name='reviewer']/option[@value='{biologist.viewer.id}']")
    token = chief.token()
    answer = chief.client.post(
        f"/review/{number}/assign",
        data={"csrf_token": token, "reviewer": str(biologist.viewer.id)},
    )
    assert answer.status_code == 422


# --- the page -------------------------------------------------------------------------------------
def test_administrators_appoint_and_name_steps(archive, enter, person, author, shelves):
    admin = enter(person(Role.ADMINISTRATOR))
    where = "/staff/reviewers?collection=science"
    token = admin.token()

    def do(**fields):
        data = {"csrf_token": token, "collection": "science", **fields}
        return admin.client.post("/staff/reviewers", data=data).status_code

    assert do(do="appoint", email="author@example.org") == 303
    assert do(do="appoint", email="author@example.org") == 422
    assert do(do="appoint", email="nobody@example.org") == 422
    assert do(do="step", **{"name.ky": "Форма", "another": "yes"}) == 303
    assert do(do="step") == 422
    shown = text(admin.get(where))
    assert "author@example.org" in shown and "Форма" in shown
    assert "author@example.org" in text(admin.get("/staff/reviewers?collection=biology"))
    assert do(do="dismiss", account=str(author.id)) == 303
    assert do(do="remove") == 303
    shown = text(admin.get(where))
    assert "author@example.org" not in shown and "Форма" not in shown


def test_a_step_has_a_name(archive, shelves):
    with archive.writing() as session, pytest.raises(Invalid):
        review_steps.add(
            session, collections.find(session, "arts"), {"xx": "y"}, another=False, actor=SYSTEM
        )

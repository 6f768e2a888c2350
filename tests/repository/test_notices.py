"""Notices: written with the letters, in the reader's language, forgotten in time."""

from datetime import timedelta

from sqlalchemy import select

from repository import catalogue, letters, mail, notices
from repository.models.accounts import Account, Letter
from repository.models.trust import Notice
from repository.viewers import SYSTEM
from schemas.roles import Role

TITLE = {"titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}]}


def draft(session, owner):
    return catalogue.draft(session, TITLE, actor=owner)


def told(archive):
    with archive.reading() as session:
        return session.scalars(select(Notice).order_by(Notice.id)).all()


def posted(archive):
    with archive.reading() as session:
        return session.scalars(select(Letter).order_by(Letter.id)).all()


def tell(archive, owner, kind="returned"):
    with archive.writing() as session:
        work = draft(session, owner)
        letters.to_depositor(
            session, work, kind, settings=archive.settings, actor=SYSTEM, comment="Оңдоңуз"
        )
        return work.id


def test_whoever_gets_a_letter_finds_it_on_the_site(archive, person):
    owner = person(Role.DEPOSITOR, language="ky")
    number = tell(archive, owner)
    (notice,), (letter,) = told(archive), posted(archive)
    assert (notice.account_id, notice.work_id, notice.read) == (owner.id, number, None)
    assert notice.path == f"/deposit/{number}" and letter.context["url"].endswith(notice.path)
    assert letter.language == "ky"
    assert notices.says(notice, "en") == "Returned for correction: Көлдөр"
    assert notices.says(notice, "ru") == mail.subject("deposit_returned", "ru", letter.context)
    assert "Оңдоңуз" not in str(notice.words), "only what the first line needs"


def test_what_somebody_wants_on_the_site_only_brings_no_letter(archive, person):
    owner = person(Role.DEPOSITOR)
    with archive.writing() as session:
        notices.mute(session, owner.id, {"deposit_returned", "deposit_infected", "nonsense"})
        assert notices.muted(session, owner.id) == {"deposit_returned"}, "viruses come by mail"
    tell(archive, owner)
    tell(archive, owner, "accepted")
    assert len(told(archive)) == 2
    assert [one.template for one in posted(archive)] == ["deposit_accepted"]


def test_reading_is_counted_for_each_person(archive, person):
    owner, other = person(Role.DEPOSITOR), person(Role.DEPOSITOR, email="other@example.org")
    tell(archive, owner)
    tell(archive, owner)
    tell(archive, other)
    with archive.writing() as session:
        first = told(archive)[0]
        notices.read(session, owner.id, first.id)
        assert (notices.unread(session, owner.id), notices.unread(session, other.id)) == (1, 1)
        notices.read_all(session, owner.id)
        assert (notices.unread(session, owner.id), notices.unread(session, other.id)) == (0, 1)


def test_old_notices_are_forgotten_and_those_of_a_deleted_draft(archive, person):
    owner = person(Role.DEPOSITOR)
    number = tell(archive, owner)
    tell(archive, owner)
    with archive.writing() as session:
        catalogue.discard(session, catalogue.get(session, number), actor=owner)
    (left,) = told(archive)
    assert notices.sweep(archive) == 0
    with archive.writing() as session:
        session.get_one(Notice, left.id).moment -= notices.KEPT + timedelta(minutes=1)
    assert notices.sweep(archive) == 1 and not told(archive)


def test_those_who_hold_a_role_are_found_while_they_can_sign_in(archive, person):
    chief = person(Role.ADMINISTRATOR)
    person(Role.CATALOGUER)
    gone = person(Role.ADMINISTRATOR, email="gone@example.org")
    with archive.writing() as session:
        session.get_one(Account, gone.id).state = "disabled"
    with archive.reading() as session:
        assert [one.id for one in notices.holders(session, Role.ADMINISTRATOR)] == [chief.id]


def test_every_kind_that_can_be_chosen_is_a_letter():
    for kind in notices.KINDS:
        assert mail.subject(kind, "en", {})

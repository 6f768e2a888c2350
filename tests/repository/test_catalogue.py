"""The life of a work: which steps are allowed, what they leave behind, who wins of two."""

import hashlib

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from repository import catalogue, changes, hiding, publishing, records, recovery, versions
from repository.errors import Conflict, Invalid, NotAllowed, NotFound
from repository.models.works import Change, Work, WorkAgent
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.vocabulary import Access, State

DOCUMENT = {
    "type": vocabulary.TYPES["article"].uri,
    "titles": [{"text": "Тоо жана тил", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}
AGREEMENT = {"language": "ky", "text": "…", "version": "1", "moment": "2026-01-01T00:00:00+00:00"}


def bring(archive, *, to: State, data: bytes = b"") -> int:
    """A work in a given state; its number."""
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        if data:
            attach(archive, session, work, data)
        number = work.id
        if to in (State.SUBMITTED, State.RETURNED, State.REJECTED, State.WAITING):
            catalogue.submit(session, work, actor=SYSTEM, agreement=AGREEMENT)
        if to is State.RETURNED:
            catalogue.send_back(session, work, actor=SYSTEM, comment="Бетти көрсөтүңүз.")
        if to is State.REJECTED:
            catalogue.reject(session, work, actor=SYSTEM, comment="Башка архивде бар.")
        if to is State.WAITING:
            hiding.hold(session, work, actor=SYSTEM, settings=archive.settings, comment="")
    if to in (State.PUBLISHED, State.WITHDRAWN):
        publishing.publish(archive, number, actor=SYSTEM)
    if to is State.WITHDRAWN:
        publishing.withdraw(archive, number, actor=SYSTEM, kind="error", reason="Ката.")
    return number


def attach(archive, session, work, data: bytes, name: str = "макала.pdf"):
    """A file of a draft, as ingest leaves it in staging."""
    staged = f"upload-{hashlib.sha256(data).hexdigest()[:12]}"
    (archive.settings.staging / staged).write_bytes(data)
    return catalogue.attach(
        session,
        work,
        name=name,
        size=len(data),
        sha512=hashlib.sha512(data).hexdigest(),
        media_type="application/pdf",
        staged=staged,
    )


SESSION_STEPS = {
    "submit": lambda s, w: catalogue.submit(s, w, actor=SYSTEM, agreement=AGREEMENT),
    "recall": lambda s, w: catalogue.recall(s, w, actor=SYSTEM),
    "return": lambda s, w: catalogue.send_back(s, w, actor=SYSTEM, comment="c"),
    "reject": lambda s, w: catalogue.reject(s, w, actor=SYSTEM, comment="c"),
    "edit": lambda s, w: catalogue.save(s, w, DOCUMENT, actor=SYSTEM),
    "reopen": lambda s, w: hiding.reopen(s, w, actor=SYSTEM),
    "correct": lambda s, w: catalogue.save(s, w, DOCUMENT, actor=SYSTEM, step="correct"),
}
ARCHIVE_STEPS = {
    "accept": lambda a, n: publishing.accept(a, n, actor=SYSTEM),
    "unveil": lambda a, n: hiding.unveil(a, n, actor=SYSTEM),
    "publish": lambda a, n: publishing.publish(a, n, actor=SYSTEM),
    "revise": lambda a, n: publishing.revise(a, n, actor=SYSTEM, reason="r"),
    "withdraw": lambda a, n: publishing.withdraw(a, n, actor=SYSTEM, kind="error", reason="r"),
    "restore": lambda a, n: publishing.restore(a, n, actor=SYSTEM, reason="r"),
}


def take(archive, number: int, step: str) -> None:
    if step in ARCHIVE_STEPS:
        ARCHIVE_STEPS[step](archive, number)
        return
    with archive.writing() as session:
        SESSION_STEPS[step](session, catalogue.get(session, number))


def state(archive, number: int) -> str:
    with archive.reading() as session:
        return catalogue.get(session, number).state


@pytest.mark.parametrize("origin", State)
@pytest.mark.parametrize("step", [*SESSION_STEPS, *ARCHIVE_STEPS])
def test_a_step_is_taken_where_the_table_allows_it_and_else_refused(archive, step, origin):
    number = bring(archive, to=origin)
    rule = catalogue.STEPS[step]
    if origin in rule.origins:
        take(archive, number, step)
        assert state(archive, number) == (origin if step == "edit" else rule.target)
        return
    with pytest.raises(NotAllowed, match=rule.refusal.split(",")[0]):
        take(archive, number, step)
    assert state(archive, number) == origin


def test_every_step_leaves_an_event_that_says_who_and_why(archive, person):
    author = person()
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=author)
        number = work.id
        catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
        catalogue.send_back(session, work, actor=SYSTEM, comment="Жылын жазыңыз.")
        catalogue.comment(session, work, actor=author, text="Жаздым.")
        catalogue.submit(session, work, actor=author, agreement=AGREEMENT)
    publishing.accept(archive, number, actor=SYSTEM)
    with archive.reading() as session:
        events = catalogue.events(session, catalogue.get(session, number))
    assert [event.kind for event in events] == [
        "created", "submitted", "returned", "commented", "submitted", "accepted"
    ]  # fmt: skip
    assert events[2].comment == "Жылын жазыңыз."
    assert events[3].account_id == author.id
    assert events[5].version == 1


def test_of_two_editors_one_wins_and_the_other_is_told(any_archive):
    with any_archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        number, read = work.id, work.revision
    with any_archive.writing() as session:
        work = catalogue.get(session, number)
        catalogue.save(session, work, {**DOCUMENT, "issued": "2025"}, actor=SYSTEM, revision=read)
    with pytest.raises(Conflict), any_archive.writing() as session:
        work = catalogue.get(session, number)
        catalogue.save(session, work, {**DOCUMENT, "issued": "2026"}, actor=SYSTEM, revision=read)
    with any_archive.reading() as session:
        assert catalogue.get(session, number).document["issued"] == "2025"


def test_a_change_between_reading_and_publishing_is_not_published_unseen(archive):
    number = bring(archive, to=State.SUBMITTED)
    with archive.reading() as session:
        read = catalogue.get(session, number).revision
    take(archive, number, "correct")
    with archive.writing() as session:
        work = catalogue.get(session, number)
        catalogue.save(session, work, {**DOCUMENT, "issued": "1999"}, actor=SYSTEM, step="correct")
    with pytest.raises(Conflict):
        publishing.accept(archive, number, actor=SYSTEM, revision=read)
    assert state(archive, number) == State.SUBMITTED


def test_an_unfit_work_cannot_be_sent_in_and_says_why_by_field(archive):
    with pytest.raises(Invalid) as caught, archive.writing() as session:
        work = catalogue.draft(session, {"type": DOCUMENT["type"]}, actor=SYSTEM)
        catalogue.submit(session, work, actor=SYSTEM, agreement=None)
    assert set(caught.value.errors) == {
        "titles", "creators", "issued", "languages", "licence", "agreement"
    }  # fmt: skip


def test_publishing_keeps_metadata_rights_and_files_as_a_version(archive):
    number = bring(archive, to=State.PUBLISHED, data=b"%PDF-1.7 content")
    with archive.reading() as session:
        work = catalogue.get(session, number)
        oid = versions.object_id(work.uuid)
        file = work.current_files[0]
    assert archive.store.read(oid, file.stored) == b"%PDF-1.7 content"
    assert file.stored == "files/0001.pdf"
    assert file.staged is None
    assert not list(archive.settings.staging.glob("upload-*"))
    assert "Тоо жана тил" in archive.store.read(oid, versions.WORK).decode()
    assert '"access": "open"' in archive.store.read(oid, versions.RIGHTS).decode()
    assert archive.store.verify(oid) == []


def test_a_new_version_carries_unchanged_files_and_may_replace_others(archive):
    number = bring(archive, to=State.PUBLISHED, data=b"%PDF-1.7 one")
    with archive.reading() as session:
        work = catalogue.get(session, number)
        parts = versions.parts_of(work)
    (archive.settings.staging / "second").write_bytes(b"more")
    more = versions.Part(
        name="data.csv",
        size=4,
        sha512=hashlib.sha512(b"more").hexdigest(),
        media_type="text/csv",
        access=Access.REGISTERED,
        staged="second",
    )
    version = publishing.revise(
        archive,
        number,
        actor=SYSTEM,
        reason="Data added.",
        document={**DOCUMENT, "issued": "2025"},
        parts=[*parts, more],
    )
    assert version == 2
    publishing.revise(archive, number, actor=SYSTEM, reason="Text removed.", parts=[])
    with archive.reading() as session:
        work = catalogue.get(session, number)
        assert work.current_files == []
        assert [(file.name, file.added, file.removed) for file in work.files] == [
            ("макала.pdf", 1, 3),
            ("data.csv", 2, 3),
        ]
        assert [one.number for one in work.versions] == [1, 2, 3]
        assert work.year == 2025
        oid = versions.object_id(work.uuid)
    assert archive.store.read(oid, "files/0002.csv", version=2) == b"more"
    assert archive.store.verify(oid) == []


def test_a_withdrawn_work_leaves_a_tombstone_and_can_be_restored(archive):
    number = bring(archive, to=State.WITHDRAWN, data=b"%PDF-1.7 x")
    with archive.reading() as session:
        record = records.get(session, number, base_url="http://localhost")
    assert record.deleted
    assert record.files == ()
    assert record.withdrawal["reason"] == "Ката."
    publishing.restore(archive, number, actor=SYSTEM, reason="Кайра.")
    with archive.reading() as session:
        record = records.get(session, number, base_url="http://localhost")
        assert not record.deleted
        assert [file.name for file in record.files] == ["макала.pdf"]


def test_a_draft_was_never_public_and_has_no_record(archive):
    number = bring(archive, to=State.DRAFT)
    with archive.reading() as session:
        assert records.get(session, number, base_url="http://localhost") is None


def test_a_published_change_tells_every_follower_once_committed(any_archive):
    number = bring(any_archive, to=State.PUBLISHED)
    with any_archive.reading() as session:
        rows = session.scalars(select(Change).where(Change.work_id == number)).all()
    assert sorted(row.follower for row in rows) == sorted(changes.FOLLOWERS)


def test_what_the_database_refuses_in_the_end_is_taken_back_from_the_store(archive):
    number = bring(archive, to=State.SUBMITTED, data=b"%PDF-1.7 x")

    def fail(session):
        raise OSError("the disk is full")

    event.listen(Session, "before_commit", fail)
    try:
        with pytest.raises(OSError, match="the disk is full"):
            publishing.accept(archive, number, actor=SYSTEM)
    finally:
        event.remove(Session, "before_commit", fail)
    assert state(archive, number) == State.SUBMITTED
    assert list(archive.store.object_ids()) == []
    assert recovery.recover(archive) == []
    publishing.accept(archive, number, actor=SYSTEM)
    assert state(archive, number) == State.PUBLISHED


def test_what_goes_with_a_step_happens_with_it_or_not_at_all(archive):
    number = bring(archive, to=State.SUBMITTED)

    def thank(session, work):
        catalogue.comment(session, work, actor=SYSTEM, text="Рахмат!")

    def stumble(session, work):
        thank(session, work)
        raise Invalid("The letter has no address.")

    with pytest.raises(Invalid):
        publishing.accept(archive, number, actor=SYSTEM, also=stumble)
    assert state(archive, number) == State.SUBMITTED
    publishing.accept(archive, number, actor=SYSTEM, also=thank)
    with archive.reading() as session:
        said = [one.comment for one in catalogue.events(session, catalogue.get(session, number))]
    assert said.count("Рахмат!") == 1


def test_a_claimed_work_is_reviewed_by_one(archive, person):
    one, other = person(email="one@example.org"), person(email="other@example.org")
    number = bring(archive, to=State.SUBMITTED)
    with archive.writing() as session:
        catalogue.claim(session, catalogue.get(session, number), actor=one)
    with pytest.raises(Conflict), archive.writing() as session:
        catalogue.claim(session, catalogue.get(session, number), actor=other)
    with pytest.raises(NotAllowed), archive.writing() as session:
        catalogue.recall(session, catalogue.get(session, number), actor=SYSTEM)
    with archive.writing() as session:
        catalogue.release(session, catalogue.get(session, number), actor=one)
        catalogue.claim(session, catalogue.get(session, number), actor=other)


def test_a_published_work_cannot_be_deleted_a_draft_can(archive):
    with pytest.raises(NotAllowed), archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        work.state, work.version = State.PUBLISHED, 1
        catalogue.discard(session, work)
    number = bring(archive, to=State.DRAFT)
    with archive.writing() as session:
        catalogue.discard(session, catalogue.get(session, number))
    with pytest.raises(NotFound), archive.reading() as session:
        catalogue.get(session, number)


def test_columns_follow_the_document(archive):
    number = bring(archive, to=State.PUBLISHED)
    publishing.revise(
        archive,
        number,
        actor=SYSTEM,
        reason="Another author.",
        document={**DOCUMENT, "creators": [{"family": "Өмүров"}]},
    )
    with archive.reading() as session:
        names = session.scalars(select(WorkAgent.name).where(WorkAgent.work_id == number)).all()
        assert names == ["Өмүров"]


@pytest.mark.parametrize("number", [0, -1, 999, 2**40])
def test_a_number_without_a_work_is_not_found(archive, number):
    with pytest.raises(NotFound), archive.reading() as session:
        catalogue.get(session, number)


def test_two_files_of_one_work_do_not_share_a_name(archive):
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        names = [attach(archive, session, work, bytes([one]), "a.pdf").name for one in range(3)]
        assert names == ["a.pdf", "a (2).pdf", "a (3).pdf"]
        assert session.get(Work, work.id) is work

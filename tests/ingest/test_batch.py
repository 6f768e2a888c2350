import hashlib
import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, func, select

from ingest import batch, rehearsal
from ingest.jobs import Job
from ingest.reports import Outcome
from ingest.rows import Gathering, Holding, Past, Row, RowFile
from repository import catalogue, derived, publishing, versions
from repository.errors import StorageFull
from repository.models.collections import Collection
from repository.models.imports import Holding as Shelved
from repository.models.works import File, Work
from repository.store import disk
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES, Access, State

PUBLISHED = State.PUBLISHED
UUID = "6b29fc40-ca47-11d1-b31d-00dd010662da"


def document(title="A title", doi=None, **more):
    identifiers = [{"scheme": "doi", "value": doi}] if doi else []
    return {
        "type": TYPES["article"].uri,
        "titles": [{"text": title, "kind": "main"}],
        "identifiers": identifiers,
        **more,
    }


def row(number, **more):
    return Row(f"line {number}", f"key {number}", document(f"Title {number}"), **more)


def job(state=PUBLISHED, collections=("theses",), **more):
    return Job(source="test", collections=collections, state=state, **more)


@pytest.fixture
def run(archive):
    def take(*rows, **options):
        return batch.run(archive, rows, job(**options))

    return take


@pytest.fixture
def rehearse(archive):
    def look(*rows, **options):
        return rehearsal.rehearse(archive, rows, job(**options))

    return look


@pytest.fixture
def counted(archive):
    """How many rows a table has."""

    def count(table, *conditions):
        with archive.reading() as session:
            return session.scalar(select(func.count()).select_from(table).where(*conditions))

    return count


@pytest.fixture
def works(archive):
    """All works, with what a test may ask of them."""

    def load():
        with archive.reading() as session:
            found = session.scalars(select(Work).order_by(Work.id)).all()
            for one in found:
                _ = one.files, one.collections, one.identifiers
            return found

    return load


def test_rows_become_published_works_of_their_collections(run, works):
    report = run(row(1, collections=("history",)), row(2))
    assert report.outcomes == {Outcome.ADDED: 2}
    assert report.collections == 2
    assert not report.failed
    first, second = works()
    assert (first.state, first.version, first.title) == (PUBLISHED, 1, "Title 1")
    assert [one.slug for one in first.collections] == ["history", "theses"]
    assert [one.slug for one in second.collections] == ["theses"]


def test_the_second_run_adds_nothing(run, works):
    run(row(1), row(2))
    assert run(row(1), row(2)).outcomes == {Outcome.KNOWN: 2}
    assert len(works()) == 2


def test_the_same_key_of_another_source_is_another_row(archive, run, works):
    run(row(1))
    batch.run(archive, [row(1)], Job(source="elsewhere", state=PUBLISHED))
    assert len(works()) == 2


def test_without_publishing_rows_become_drafts_which_a_later_run_publishes(run, works):
    run(row(1), state=State.DRAFT)
    assert works()[0].state == State.DRAFT
    assert run(row(1)).outcomes == {Outcome.ADDED: 1}
    assert [one.state for one in works()] == [PUBLISHED]
    assert run(row(1), state=State.DRAFT).outcomes == {Outcome.KNOWN: 1}


def test_bad_rows_are_reported_with_place_and_reason_and_the_others_are_taken(run, works):
    bad = Row("line 2", "b", {**document(), "type": "novel"})
    broken = Row("line 3", "c", problem="The line is not JSON.")
    lost = Row("line 4", "d", document(), collections=("Не то",))
    report = run(row(1), bad, broken, lost, row(5))
    assert report.outcomes == {Outcome.ADDED: 2, Outcome.FAILED: 3}
    assert report.failed
    assert [one.place for one in report.remarks] == ["line 2", "line 3", "line 4"]
    assert report.remarks[0].says == "type: “novel” is not one of the choices."
    assert report.remarks[1].says == "The line is not JSON."
    assert "cannot name a collection" in report.remarks[2].says
    assert len(works()) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"type": "https://example.org/novel"}, "type"),
        ({"titles": [{"text": "x" * 10_000}]}, "titles.0.text"),
        ({"titles": [{"text": "a\x07b"}]}, "titles.0.text"),
        ({"creators": [{"family": "Kim", "orcid": "0000-0002-1825-0098"}]}, "creators.0.orcid"),
        ({"identifiers": [{"scheme": "doi", "value": "11.1/a"}]}, "identifiers.0.value"),
        ({"identifiers": [{"scheme": "isbn", "value": "9789967999993"}]}, "identifiers.0.value"),
        ({"colour": "red"}, "colour"),
    ],
    ids=["type", "long title", "control characters", "orcid", "doi", "isbn", "unknown"],
)
def test_wrong_values_say_what_and_where(run, counted, wrong, field):
    report = run(Row("line 7", "a", {**document(), **wrong}))
    (remark,) = report.remarks
    assert remark.place == "line 7"
    assert remark.says.startswith(f"{field}: ")
    assert counted(Work) == 0


def test_escape_sequences_of_a_source_do_not_reach_the_terminal(run):
    report = run(Row("line\x1b[2J 1", "a", problem="bad\x1b]0;title\x07\nnews"))
    assert report.remarks == [("line[2J 1", "bad]0;title news")]


def test_a_doi_that_is_here_already_is_not_added_again(run, works):
    run(Row("line 1", "a", document(doi="10.5555/ABC")))
    report = run(Row("line 2", "b", document("Another", doi="https://doi.org/10.5555/abc")))
    assert report.outcomes == {Outcome.DUPLICATE: 1}
    number = works()[0].id
    assert report.remarks == [("line 2", f"Not added: work {number} has the same DOI.")]
    assert not report.failed
    assert len(works()) == 1


def test_a_row_with_a_uuid_is_itself_whatever_its_doi(run, works):
    run(Row("line 1", "a", document(doi="10.5555/abc")))
    twin = Row("line 2", UUID, document(doi="10.5555/abc"), past=Past(uuid=UUID))
    assert run(twin).outcomes == {Outcome.ADDED: 1}
    assert works()[1].uuid == UUID


def test_a_work_with_the_uuid_of_a_row_is_known_wherever_it_came_from(archive, run):
    with archive.writing() as session:
        catalogue.draft(session, document(), actor=SYSTEM, uuid=UUID)
    again = Row("line 1", UUID, document(), past=Past(uuid=UUID))
    assert run(again, state=State.DRAFT).outcomes == {Outcome.KNOWN: 1}


def test_what_changed_at_its_source_alone_is_brought_in_step(run, rehearse, works):
    run(row(1))
    changed = Row("line 1", "key 1", document("New title"))
    assert rehearse(changed).outcomes == {Outcome.UPDATED: 1}
    assert works()[0].title == "Title 1"
    assert run(changed).outcomes == {Outcome.UPDATED: 1}
    assert works()[0].title == "New title"
    assert run(changed).outcomes == {Outcome.KNOWN: 1}


def test_what_changed_here_and_at_its_source_is_told_and_left(run, archive, works):
    run(row(1))
    number = works()[0].id
    publishing.revise(
        archive, number, actor=SYSTEM, reason="-", document=document("Ours", issued="2001")
    )
    report = run(Row("line 1", "key 1", document("Theirs")))
    assert report.outcomes == {Outcome.CHANGED: 1}
    assert "stays as it is" in report.remarks[0].says
    assert works()[0].title == "Ours"
    report = run(Row("line 1", "key 1", document("Theirs", languages=["ky"])))
    assert report.outcomes == {Outcome.UPDATED: 1}
    assert (works()[0].title, works()[0].document["languages"]) == ("Ours", ["ky"])


def test_what_is_deleted_at_its_source_goes_when_nobody_has_touched_it(run, works, archive):
    run(row(1), row(2), row(3), state=State.DRAFT)
    with archive.writing() as session:
        work = session.get_one(Work, works()[1].id)
        catalogue.save(session, work, document("Improved"), actor=SYSTEM)
    gone = [Row(f"line {one}", f"key {one}", gone=True) for one in (1, 2, 4)]
    report = run(*gone, state=State.DRAFT)
    assert report.outcomes == {Outcome.GONE: 3}
    assert [one.title for one in works()] == ["Improved", "Title 3"]
    assert "withdraw it" in report.remarks[0].says


def test_a_work_of_the_same_title_and_isbn_is_a_duplicate_and_one_of_the_same_title_perhaps(
    run, works
):
    isbn = [{"scheme": "isbn", "value": "9789967312005"}]
    title = "Кыргыз тилинин грамматикасы"
    run(Row("1", "1", {**document(title, issued="2001"), "identifiers": isbn}))
    report = run(
        Row("2", "2", {**document(title.upper(), issued="1999"), "identifiers": isbn}),
        Row("3", "3", document(title, issued="2001")),
        Row("4", "4", document(title, issued="2011")),
    )
    assert report.outcomes == {Outcome.DUPLICATE: 1, Outcome.ADDED: 2}
    assert [one.place for one in report.remarks] == ["2", "3"]


def test_copies_on_the_shelves_follow_the_source(run, works, archive):
    first = [Holding(inventory="1"), Holding(inventory="2", book="2018/45")]
    run(row(1, holdings=tuple(first)))
    run(row(1, holdings=(first[1],)))
    with archive.reading() as session:
        found = session.scalars(select(Shelved)).all()
    assert [(one.inventory, one.book) for one in found] == [("2", "2018/45")]


def test_the_past_of_a_work_is_kept(run, works):
    moment = datetime(2020, 9, 1, 3, tzinfo=UTC)
    run(row(1, past=Past(uuid=UUID, number=40, published=moment)))
    (work,) = works()
    assert (work.id, work.uuid, work.published, work.version) == (40, UUID, moment, 1)


def test_a_number_that_is_taken_is_told(run, works):
    run(row(1, past=Past(number=5)))
    report = run(row(2, past=Past(number=5)))
    assert report.outcomes == {Outcome.ADDED: 1}
    assert report.remarks == [("line 2", "Its number 5 is taken here; it is work 6.")]
    assert [one.id for one in works()] == [5, 6]


def test_numbers_go_on_after_the_largest_on_every_database(any_archive):
    batch.run(any_archive, [row(1, past=Past(number=40))], job(state=State.DRAFT))
    batch.run(any_archive, [row(2)], job(state=State.DRAFT))
    with any_archive.reading() as session:
        assert session.scalars(select(Work.id).order_by(Work.id)).all() == [40, 41]


def test_a_withdrawn_work_is_never_public_on_its_way_in(run, works):
    withdrawal = {"kind": "law", "reason": "By order.", "moment": "2022-01-01T00:00:00+00:00"}
    run(row(1, state=State.WITHDRAWN, past=Past(withdrawal=withdrawal)))
    (work,) = works()
    assert (work.state, work.version) == (State.WITHDRAWN, 1)
    assert work.withdrawal == withdrawal


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.REJECTED])
def test_works_under_way_keep_their_state(run, works, state):
    agreement = {"language": "ky", "text": "Макулмун."}
    run(row(1, state=state, past=Past(agreement=agreement)))
    (work,) = works()
    assert (work.state, work.agreement) == (state, agreement)


def test_a_draft_may_be_incomplete_when_its_row_says_that_it_is_one(run, works):
    half = Row("line 1", "a", {"creators": [{"given": "Kim"}]}, state=State.DRAFT)
    assert run(half).outcomes == {Outcome.ADDED: 1}
    assert works()[0].state == State.DRAFT


def test_collections_are_made_as_they_are_described_whatever_their_order(archive, run):
    report = run(
        Gathering("c 1", "chair", parent="faculty", names={"ky": "Кафедра"}, position=2),
        Gathering("c 2", "faculty", names={"ky": "Факультет"}, descriptions={"ky": "Сүрөттөмө"}),
        Gathering("c 3", "chair", names={"ky": "Башка"}),
        collections=(),
    )
    assert report.collections == 2
    with archive.reading() as session:
        found = {one.slug: one for one in session.scalars(select(Collection))}
        assert found["chair"].spec == "faculty:chair"
        assert found["chair"].names == {"ky": "Кафедра"}
        assert found["faculty"].descriptions == {"ky": "Сүрөттөмө"}


def test_collections_that_were_there_stay_as_they_are(archive, run):
    run(Gathering("c 1", "faculty", names={"ky": "Факультет"}))
    report = run(Gathering("c 1", "faculty", names={"ky": "Жаңы"}))
    assert report.collections == 0
    with archive.reading() as session:
        (found,) = session.scalars(select(Collection))
        assert found.names == {"ky": "Факультет"}


def test_a_collection_cannot_lie_in_itself(run):
    report = run(
        Gathering("c 1", "a", parent="b"), Gathering("c 2", "b", parent="a"), collections=()
    )
    assert report.remarks == [("c 2", "A collection cannot lie in itself: b.")]


@pytest.fixture
def file(tmp_path):
    def make(data=b"words", name="a.txt", **more):
        path = tmp_path / name
        path.write_bytes(data)
        return RowFile(path, name, **more)

    return make


def test_files_come_along_with_their_rights(archive, run, works, file):
    until = date(2035, 12, 31)
    run(row(1, files=(file(access=Access.CAMPUS, embargo_until=until), file(b"two", "Эки.txt"))))
    first, second = works()[0].files
    assert (first.access, first.embargo_until) == (Access.CAMPUS, until)
    assert (second.name, second.size, second.access) == ("Эки.txt", 3, Access.OPEN)
    with archive.store.open(versions.object_id(works()[0].uuid), second.stored) as stored:
        assert stored.read() == b"two"
    assert staged(archive) == []


def staged(archive):
    return [path.name for path in archive.settings.staging.iterdir() if path.is_file()]


def test_a_pdf_is_read_on_its_way_in(archive, run, works, draw, say):
    path = draw([say("Sublimation of snow")], [say("Second page")])
    run(row(1, files=(RowFile(path, "paper.pdf"),)))
    assert works()[0].files[0].pages == 2
    assert derived.pages(archive.settings.derived, works()[0].files[0].sha512)[1] == "Second page"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", "empty"),
        (b"<html><body>Sign in", "a.pdf", "HTML"),
        (b"%PDF-1.4 cut", "a.pdf", "cut off"),
    ],
)
def test_a_row_whose_file_is_not_right_is_left_out_whole(
    archive, run, counted, file, data, name, reason
):
    report = run(row(1, files=(file(), file(data, name))))
    assert report.outcomes == {Outcome.FAILED: 1}
    assert reason in report.remarks[0].says
    assert (counted(Work), counted(File), staged(archive)) == (0, 0, [])


def test_a_file_that_is_gone_fails_its_row_only(run, file):
    gone = file()
    gone.path.unlink()
    report = run(row(1, files=(gone,)), row(2))
    assert report.outcomes == {Outcome.FAILED: 1, Outcome.ADDED: 1}
    assert "a.txt" in report.remarks[0].says


def test_a_file_with_another_digest_than_stated_is_refused(archive, run, file):
    right = hashlib.sha512(b"words").hexdigest()
    report = run(row(1, files=(file(sha512=right),)), row(2, files=(file(sha512="0" * 128),)))
    assert report.outcomes == {Outcome.ADDED: 1, Outcome.FAILED: 1}
    assert "SHA-512 differs" in report.remarks[0].says
    assert staged(archive) == []


def test_a_full_disk_ends_the_run_keeps_nothing_by_halves_and_the_next_goes_on(
    archive, run, counted, file, monkeypatch
):
    def full(path):
        raise OSError(28, "No space left on device")

    run(row(1))
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_tree", full)  # the store cannot write its version
        report = run(row(2, files=(file(),)), row(3))
    assert "full" in report.stopped
    assert report.failed
    assert (counted(Work), counted(File), staged(archive)) == (1, 0, [])
    assert run(row(2, files=(file(),)), row(3)).outcomes == {Outcome.ADDED: 2}


def test_a_full_disk_under_the_database_ends_the_run_too(archive, run, counted):
    run(row(1))
    with archive.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def small(connection, record):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    archive.engine.dispose()
    event.listen(archive.engine, "connect", small)
    report = run(*(row(number) for number in range(2, 40)))
    assert "full" in report.stopped
    event.remove(archive.engine, "connect", small)
    archive.engine.dispose()
    finished = run(*(row(number) for number in range(2, 40)))
    assert not finished.failed
    assert counted(Work, Work.state == PUBLISHED) == counted(Work) == 39


def test_a_run_that_was_killed_before_publishing_goes_on(archive, run, works, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            run(row(1))
    assert works()[0].state == State.DRAFT
    assert run(row(1), row(2)).outcomes == {Outcome.ADDED: 2}
    assert [one.state for one in works()] == [PUBLISHED] * 2


def test_publishing_that_fails_for_a_draft_of_an_earlier_run_leaves_the_draft(
    archive, run, works, monkeypatch
):
    def full(*args, **kwargs):
        raise StorageFull("The disk is full.")

    run(row(1), state=State.DRAFT)
    monkeypatch.setattr(publishing, "publish", full)
    assert run(row(1)).stopped
    assert works()[0].state == State.DRAFT


def test_two_imports_at_once_add_each_row_once(any_archive):
    rows = [
        row(number, past=Past(uuid=f"00000000-0000-4000-8000-{number:012}")) for number in range(12)
    ]
    reports = []

    def take():
        reports.append(batch.run(any_archive, rows, job()))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.remarks for one in reports] == [[], []]
    with any_archive.reading() as session:
        works = session.scalars(select(Work)).all()
    assert sorted(one.title for one in works) == sorted(f"Title {n}" for n in range(12))
    assert all(one.state == PUBLISHED and one.version == 1 for one in works)


def test_every_row_is_told_when_it_is_done(archive):
    told = []
    rows = [row(1), Row("line 2", "b", problem="bad"), Gathering("c 1", "a")]
    batch.run(archive, rows, job(), done=lambda: told.append(1))
    rehearsal.rehearse(archive, rows, job(), done=lambda: told.append(1))
    assert len(told) == 6


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(
    archive, run, rehearse, counted, file
):
    run(row(1))
    report = rehearse(
        row(1),
        row(2),
        row(2),
        Row("line 4", "d", document(doi="10.5555/abc")),
        Row("line 5", "e", document(doi="10.5555/abc")),
        Row("line 6", "f", problem="bad"),
        row(7, files=(file(b"x" * 200),)),
        Gathering("c 1", "new"),
        collections=("other",),
    )
    assert report.outcomes == {
        Outcome.KNOWN: 1,
        Outcome.ADDED: 3,
        Outcome.DUPLICATE: 2,
        Outcome.FAILED: 1,
    }
    assert (counted(Work), counted(Collection), staged(archive)) == (1, 1, [])


def test_a_rehearsal_looks_at_the_size_of_files(archive, rehearse, tmp_path):
    big = tmp_path / "big"
    with big.open("wb") as stream:
        stream.truncate(archive.settings.upload_limit + 1)
    report = rehearse(row(1, files=(RowFile(big, "big.bin"),)))
    assert "larger" in report.remarks[0].says

"""Two works become one, and two again; withdrawal says why and who asked."""

import os
import signal

import pytest

from repository import archive as opening
from repository import catalogue, merging, pairs, publishing, recovery, versions
from repository.models.life import Verdict
from repository.store.staged import FileStaged
from repository.viewers import SYSTEM
from schemas.vocabulary import State

ONE, TWO, SHARED = b"%PDF-1.7 one", b"%PDF-1.7 two", b"a,b\n"


@pytest.fixture
def twice(publish, described):
    """The numbers of two works that are the same."""
    kept = publish(
        described(identifiers=[{"scheme": "doi", "value": "10.5555/ab.1"}]),
        files={"a.pdf": ONE, "same.csv": SHARED},
    )
    lost = publish(
        described(
            "Язык эпоса «Манас»",
            identifiers=[{"scheme": "isbn", "value": "9789967234567"}],
            abstracts=[{"text": "Кыскача", "language": "ky"}],
            issued="2022",
        ),
        files={"a.pdf": TWO, "copy.csv": SHARED},
    )
    return kept, lost


def merge(browser, kept, lost, **typed):
    page = browser.get(f"/staff/duplicates/merge?keep={kept}&lose={lost}")
    return browser.send(page, "/duplicates/merge", typed=typed)


def record(archive, number, settle):
    settle()
    answer = f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{number}"
    return answer


def test_two_works_are_merged_field_by_field(
    archive, enter, chief, twice, work, client, whole, settle
):
    kept, lost = twice
    staff = enter(chief)
    answer = merge(staff, kept, lost, **{"of.titles": "both", "of.issued": "other"})
    assert answer.headers["Location"] == f"/works/{kept}", answer.get_data(as_text=True)
    now, gone = work(kept), work(lost)
    assert [one["text"] for one in now.document["titles"]] == [
        "Манас эпосунун тили", "Язык эпоса «Манас»"
    ]  # fmt: skip
    assert now.document["titles"][1]["kind"] == "alternative"
    assert now.document["issued"] == "2022"
    assert now.document["abstracts"]  # the kept one had none
    assert {one["scheme"] for one in now.document["identifiers"]} == {"doi", "isbn"}
    assert [file.name for file in now.current_files] == ["a.pdf", "same.csv", "a (2).pdf"]
    assert client.get(f"/works/{kept}/a (2).pdf").data == TWO
    # People are led on; a file leads to the same file; harvesters hear that it is gone.
    answer = client.get(f"/works/{lost}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/works/{kept}")
    assert client.get(f"/works/{lost}/a.pdf").headers["Location"].endswith("/a%20(2).pdf")
    assert client.get(f"/works/{lost}.json").headers["Location"] == f"/works/{kept}.json"
    assert client.get(f"/works/{lost}/versions/1").status_code == 301
    assert gone.state == State.WITHDRAWN and gone.withdrawal["merged_into"]["number"] == kept
    assert 'status="deleted"' in client.get(record(archive, lost, settle)).get_data(as_text=True)
    with archive.reading() as session:
        assert pairs.between(session, kept, lost).verdict == Verdict.MERGED
        kinds = {n: catalogue.events(session, work(n))[-1].kind for n in twice}
    assert kinds == {kept: "merged", lost: "withdrawn"}
    whole()


def test_a_merge_is_undone(archive, enter, chief, twice, work, client, whole):
    kept, lost = twice
    before = work(kept).document
    staff = enter(chief)
    merge(staff, kept, lost)
    page = staff.get(f"/staff/works/{lost}/withdrawal")
    answer = staff.send(page, "/withdrawal/end", typed={"reason": "Эки башка китеп"})
    assert answer.headers["Location"] == f"/works/{lost}", answer.get_data(as_text=True)
    assert work(kept).document == before
    assert [file.name for file in work(kept).current_files] == ["a.pdf", "same.csv"]
    assert work(lost).state == State.PUBLISHED
    assert client.get(f"/works/{lost}/a.pdf").data == TWO
    whole()


def test_what_was_changed_after_a_merge_stays(archive, enter, chief, twice, work):
    kept, lost = twice
    staff = enter(chief)
    merge(staff, kept, lost)
    publishing.revise(archive, kept, actor=SYSTEM, reason="later")
    assert merging.undo(archive, lost, actor=SYSTEM, reason="r") is False
    assert len(work(kept).current_files) == 3 and work(lost).state == State.PUBLISHED


def test_a_merge_with_somebody_elses_change_in_between_is_refused(archive, enter, chief, twice):
    kept, lost = twice
    staff = enter(chief)
    page = staff.get(f"/staff/duplicates/merge?keep={kept}&lose={lost}")
    publishing.revise(archive, lost, actor=SYSTEM, reason="meanwhile")
    answer = staff.send(page, "/duplicates/merge")
    assert answer.status_code == 409
    with archive.reading() as session:
        assert catalogue.get(session, lost).state == State.PUBLISHED
        assert catalogue.get(session, kept).version == 1


@pytest.mark.parametrize("query", ["keep=1&lose=1", "keep=1&lose=x", "keep=1"])
def test_what_cannot_be_merged_is_said(enter, chief, publish, query):
    publish()
    answer = enter(chief).client.get(f"/staff/duplicates/merge?{query}")
    assert answer.status_code == 422


def test_a_merge_that_is_killed_between_its_two_versions_can_be_done_again(archive, twice):
    kept, lost = twice
    settings = archive.settings
    child = os.fork()
    if child == 0:
        _merge_and_die(settings, kept, lost)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    opening.close(archive)
    again = opening.open_archive(settings)
    try:
        assert recovery.recover(again) == [kept]
        with again.reading() as session:
            assert catalogue.get(session, kept).version == 2
            assert catalogue.get(session, lost).state == State.PUBLISHED
        merging.merge(again, kept, lost, actor=SYSTEM, reason="r", chosen={}, files=())
        with again.reading() as session:
            found = catalogue.get(session, lost)
            assert found.state == State.WITHDRAWN
            assert again.store.head(versions.object_id(found.uuid)) == found.version
        assert not any(damages for _, damages in again.store.verify_all())
    finally:
        opening.close(again)


def _merge_and_die(settings, kept, lost):
    archive = opening.open_archive(settings)
    commit = FileStaged.commit

    def die_after(staged):
        commit(staged)
        os.kill(os.getpid(), signal.SIGKILL)

    FileStaged.commit = die_after
    merging.merge(archive, kept, lost, actor=SYSTEM, reason="r", chosen={}, files=())


def test_when_the_database_refuses_neither_work_has_changed(archive, twice, whole, monkeypatch):
    kept, lost = twice

    def refuse(*given, **more):
        raise OSError("the disk is full")

    monkeypatch.setattr(pairs, "settle", refuse)
    with pytest.raises(OSError, match="full"):
        merging.merge(archive, kept, lost, actor=SYSTEM, reason="r", chosen={}, files=())
    with archive.reading() as session:
        for number in twice:
            found = catalogue.get(session, number)
            assert (found.state, found.version) == (State.PUBLISHED, 1)
            assert archive.store.head(versions.object_id(found.uuid)) == 1
    whole()


def test_a_withdrawal_says_why_and_who_asked_and_can_be_ended(
    archive, enter, chief, author, publish, client, whole, settle
):
    number = publish(files={"a.pdf": ONE}, actor=author)
    staff = enter(chief)
    page = staff.get(f"/staff/works/{number}/withdrawal")
    assert staff.send(page, "/withdrawal").status_code == 422
    typed = {"kind": "copyright", "asked_by": "court", "reason": "Сот чечими, 12.03.2026."}
    assert staff.send(page, "/withdrawal", typed=typed).status_code == 303
    answer = client.get(f"/works/{number}?lang=en")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 410
    for part in (
        "A court or an authority",
        "Copyright",
        "Сот чечими",
        f"http://localhost/works/{number}",
    ):
        assert part in said
    assert client.get(f"/works/{number}/a.pdf").status_code == 410
    assert 'status="deleted"' in client.get(record(archive, number, settle)).get_data(as_text=True)
    letters = list(archive.settings.mail_folder.iterdir())
    assert any("author@example.org" in one.read_text("utf-8") for one in letters)
    page = staff.get(f"/staff/works/{number}/withdrawal")
    staff.send(page, "/withdrawal/end", typed={"reason": "Жаңы чечим"})
    assert client.get(f"/works/{number}/a.pdf").data == ONE
    whole()

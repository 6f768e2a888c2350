"""Changes of many works at once: shown before they are done, done once, taken back whole."""

import pytest
from sqlalchemy import select

from repository import amending, batches, catalogue, choosing, collections, publishing
from repository.errors import Conflict, Invalid, NotAllowed
from repository.models.batches import Batch, BatchRow, BatchState, RowState
from repository.models.works import Event, Work
from repository.viewers import SYSTEM
from schemas.roles import Role


@pytest.fixture
def chief(person):
    return person(Role.CATALOGUER)


@pytest.fixture
def three(publish, described):
    """Three published works, the middle one by another publisher."""
    return [
        publish(described(title, publishers=[{"name": name, "place": "Фрунзе"}]))
        for title, name in (("Манас", "Илим"), ("Семетей", "Мектеп"), ("Сейтек", "Илим"))
    ]


def planned(archive, actor, name, answers, *, asked=None, reason="new name"):
    with archive.writing() as session:
        works = choosing.chosen(session, asked or {"numbers": "1-99"})
        found = batches.amended(works, amending.deed(name, answers))
        deed = {"name": name, **answers}
        return batches.plan(session, found, deed=deed, reason=reason, actor=actor).id


def done(archive, number, actor, *, undo=False):
    with archive.writing() as session:
        act = batches.undo if undo else batches.start
        act(session, batches.get(session, number), actor=actor)
    while batches.follow(archive):
        pass


def standing(archive, number):
    with archive.reading() as session:
        rows = session.scalars(select(BatchRow).where(BatchRow.batch_id == number)).all()
        return {row.work_id: row.state for row in rows}


def documents(archive, numbers):
    with archive.reading() as session:
        return [session.get_one(Work, one).document for one in numbers]


REPLACE = {"where": "places", "find": "Фрунзе", "put": "Бишкек"}


def test_a_plan_changes_nothing_and_says_what_it_would(archive, chief, three):
    before = documents(archive, three)
    number = planned(archive, chief, "replace", REPLACE)
    assert documents(archive, three) == before
    with archive.reading() as session:
        row = batches.get(session, number).rows[0]
        assert row.before["document"]["publishers"] == [{"name": "Илим", "place": "Фрунзе"}]
        assert row.after["document"]["publishers"] == [{"name": "Илим", "place": "Бишкек"}]


def test_what_was_done_is_taken_back_to_the_letter(archive, chief, three):
    before = documents(archive, three)
    number = planned(archive, chief, "replace", REPLACE)
    done(archive, number, chief)
    assert [one["publishers"][0]["place"] for one in documents(archive, three)] == ["Бишкек"] * 3
    with archive.reading() as session:
        assert batches.get(session, number).state == BatchState.DONE
        newest = session.get_one(Work, three[0]).versions[-1]
        assert (newest.public, newest.reason) == (1, "new name")
    done(archive, number, chief, undo=True)
    assert documents(archive, three) == before
    assert set(standing(archive, number).values()) == {RowState.UNDONE}


def test_where_nothing_would_change_nothing_is_written(archive, chief, three):
    number = planned(
        archive, chief, "replace", {"where": "publishers", "find": "Илим", "put": "Билим"}
    )
    assert standing(archive, number)[three[1]] == RowState.SAME
    done(archive, number, chief)
    with archive.reading() as session:
        assert [len(session.get_one(Work, one).versions) for one in three] == [2, 1, 2]


def test_who_changed_a_work_in_the_meantime_is_not_overwritten(archive, chief, three, described):
    number = planned(archive, chief, "replace", REPLACE)
    publishing.revise(archive, three[1], actor=SYSTEM, reason="-", document=described("Semetey"))
    done(archive, number, chief)
    assert standing(archive, number)[three[1]] == RowState.FAILED
    assert documents(archive, three)[1]["titles"][0]["text"] == "Semetey"
    publishing.revise(archive, three[2], actor=SYSTEM, reason="-", document=described("Seytek"))
    done(archive, number, chief, undo=True)
    assert standing(archive, number) == {
        three[0]: RowState.UNDONE,
        three[1]: RowState.FAILED,
        three[2]: RowState.STUCK,
    }
    assert documents(archive, three)[2]["titles"][0]["text"] == "Seytek"


def test_a_worker_killed_after_a_change_goes_on_with_the_next(archive, chief, three):
    number = planned(archive, chief, "replace", REPLACE)
    done(archive, number, chief)
    with archive.writing() as session:  # as if the row had not been written any more
        batch = batches.get(session, number)
        batch.state, batch.rows[1].state = BatchState.RUNNING, RowState.PLANNED
    while batches.follow(archive):
        pass
    with archive.reading() as session:
        assert len(session.get_one(Work, three[1]).versions) == 2
    assert set(standing(archive, number).values()) == {RowState.DONE}


def test_a_change_that_would_break_a_description_is_refused_before_it_is_done(
    archive, chief, three
):
    number = planned(archive, chief, "replace", {"where": "titles", "find": "Манас", "put": ""})
    assert standing(archive, number)[three[0]] == RowState.REFUSED
    with archive.reading() as session:
        said = batches.get(session, number).rows[0].problem
    assert said["sentence"] == "The description would not be right any more."


def test_twice_it_is_not_begun(archive, chief, three):
    number = planned(archive, chief, "replace", REPLACE)
    done(archive, number, chief)
    with pytest.raises(Conflict):
        done(archive, number, chief)


def test_rights_and_collections_are_changed_and_come_back(archive, chief, publish):
    with archive.writing() as session:
        collections.add(session, "folklore", names={"en": "Folklore"})
    number = publish(None, {"а.pdf": b"%PDF-1.7 a"})
    rights = planned(archive, chief, "grant", {"access": "campus", "copying": "view-only"})
    done(archive, rights, chief)
    joined = planned(archive, chief, "join", {"shelf": "folklore"})
    done(archive, joined, chief)

    def seen():
        with archive.reading() as session:
            work = session.get_one(Work, number)
            file = work.current_files[0]
            return file.access, file.copying, [one.slug for one in work.collections]

    assert seen() == ("campus", "view-only", ["folklore"])
    done(archive, joined, chief, undo=True)
    done(archive, rights, chief, undo=True)
    assert seen() == ("open", "allowed", [])


def test_works_under_review_are_corrected_without_being_published(archive, chief, described):
    with archive.writing() as session:
        work = catalogue.draft(session, described(), actor=chief)
        agreement = {"version": "1", "language": "en", "text": "-", "moment": "-"}
        catalogue.submit(session, work, actor=chief, agreement=agreement)
        number = work.id
    batch = planned(archive, chief, "add-keywords", {"keywords": "эпос; тил", "language": "ky"})
    done(archive, batch, chief)
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert (work.state, work.version) == ("submitted", 0)
        assert [one["text"] for one in work.document["keywords"]] == ["эпос", "тил"]
        assert "new name" in [
            event.comment for event in session.scalars(select(Event).where(Event.work_id == number))
        ]


def test_who_may_not_review_changes_nothing(archive, person, three):
    stranger = person(Role.DEPOSITOR)
    number = planned(archive, stranger, "replace", REPLACE)
    assert set(standing(archive, number).values()) == {RowState.REFUSED}


def test_whose_account_is_closed_in_the_meantime_changes_nothing(archive, chief, three):
    number = planned(archive, chief, "replace", REPLACE)
    with archive.writing() as session:
        batches.start(session, batches.get(session, number), actor=chief)
        session.get_one(Batch, number).account_id = None
    while batches.follow(archive):
        pass
    assert set(standing(archive, number).values()) == {RowState.FAILED}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"numbers": "1, 3"}, [0, 2]),
        ({"numbers": "2–3"}, [1, 2]),
        ({"words": "sem"}, [1]),
        ({"words": "манас"}, [0]),
        ({"type": "article", "since": "2021", "until": "2021"}, [0, 1, 2]),
        ({"since": "2022"}, []),
        ({"state": "submitted"}, []),
        ({"owner": "nobody@example.org"}, []),
        ({}, []),
    ],
)
def test_works_are_chosen(archive, three, asked, found):
    with archive.reading() as session:
        assert [one.id for one in choosing.chosen(session, asked)] == [three[n] for n in found]


@pytest.mark.parametrize(
    "asked", [{"numbers": "x"}, {"since": "old"}, {"type": "nothing"}, {"state": "draft"}]
)
def test_what_is_asked_wrongly_is_said(archive, asked):
    with archive.reading() as session, pytest.raises(Invalid) as raised:
        choosing.chosen(session, asked)
    assert set(raised.value.errors) == set(asked)


STAND = {
    "document": {
        "titles": [{"text": "Тил жана тилчи", "kind": "main"}],
        "keywords": [{"text": "тил", "language": "ky"}],
        "classification": [{"scheme": "udc", "code": "81"}],
        "creators": [{"family": "Асанов", "affiliations": [{"name": "КГУ"}]}],
        "notes": ["КГУ"],
    },
    "collections": ["a"],
    "rights": {"1": {"access": "open", "embargo_until": None}},
}


@pytest.mark.parametrize(
    ("name", "answers", "path", "value"),
    [
        (
            "replace",
            {"where": "titles", "find": "Тил", "put": "Сөз", "whole": "1"},
            ("document", "titles", 0, "text"),
            "Сөз жана тилчи",
        ),
        (
            "replace",
            {"where": "organisations", "find": "КГУ", "put": "КУУ"},
            ("document", "creators", 0, "affiliations", 0, "name"),
            "КУУ",
        ),
        ("replace", {"where": "notes", "find": "К", "put": "C"}, ("document", "notes", 0), "CГУ"),
        ("set-licence", {"licence": "cc0-1.0"}, ("document", "licence"), "cc0-1.0"),
        ("set", {"field": "languages", "value": "ky, ru"}, ("document", "languages", 1), "ru"),
        ("set", {"field": "volume", "value": "7"}, ("document", "host", "volume"), "7"),
        ("set", {"field": "place", "value": "Ош"}, ("document", "publishers", 0, "place"), "Ош"),
        ("remove-keywords", {"keywords": "ТИЛ"}, ("document", "keywords"), []),
        (
            "add-keywords",
            {"keywords": "тил", "language": "ky"},
            ("document", "keywords", 0, "text"),
            "тил",
        ),
        (
            "classify",
            {"scheme": "bbk", "code": "81"},
            ("document", "classification", 1, "scheme"),
            "bbk",
        ),
        ("declassify", {"scheme": "udc", "code": "81"}, ("document", "classification"), []),
        ("join", {"shelf": "b"}, ("collections",), ["a", "b"]),
        ("leave", {"shelf": "a"}, ("collections",), []),
        ("grant", {"embargo_until": "2030-01-01"}, ("rights", "1", "embargo_until"), "2030-01-01"),
    ],
)
def test_each_deed_does_what_it_says(name, answers, path, value):
    found = amending.deed(name, answers)(STAND)
    for step in path:
        found = found[step]
    assert found == value


@pytest.mark.parametrize(
    ("name", "answers", "field"),
    [
        ("nothing", {}, "deed"),
        ("replace", {"where": "titles"}, "find"),
        ("replace", {"where": "x", "find": "y"}, "where"),
        ("set-type", {"kind": "x"}, "kind"),
        ("add-keywords", {"keywords": "x", "language": "xx-nothing"}, "language"),
        ("classify", {"scheme": "x", "code": "1"}, "scheme"),
        ("grant", {}, "access"),
        ("grant", {"embargo_until": "tomorrow"}, "embargo_until"),
    ],
)
def test_what_a_deed_lacks_is_said_at_its_field(name, answers, field):
    with pytest.raises(Invalid) as raised:
        amending.deed(name, answers)
    assert set(raised.value.errors) == {field}


def test_a_batch_without_a_reason_is_not_planned(archive, chief, three):
    with pytest.raises(Invalid) as raised:
        planned(archive, chief, "replace", REPLACE, reason=" ")
    assert "reason" in raised.value.errors


def test_what_was_begun_is_not_thrown_away(archive, chief, three):
    number = planned(archive, chief, "replace", REPLACE)
    done(archive, number, chief)
    with archive.writing() as session, pytest.raises(NotAllowed):
        batches.drop(session, batches.get(session, number))

"""The duplicate finder: spellings fold, pairs are scored, people decide."""

import pytest
from sqlalchemy import select

from repository import catalogue, comparing, continuing, publishing
from repository.folding import fold
from repository.models.life import Pair, WorkKey
from repository.viewers import SYSTEM


def creators(family):
    return [{"kind": "person", "family": family, "given": "Асан", "role": "aut"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Кыдыралиев", "Kydyraliyev"),
        ("Кыдыралиев", "Kydyraliev"),
        ("Жээнбеков", "Zheenbekov"),
        ("Өмүров Үсөн", "Омуров Усон"),
        ("Манас эпосунун тили", "«МАНАС» эпосунун  тили."),
        ("Ещё раз о ёлке", "Еще раз о елке"),
        ("Щербаков", "Shcherbakov"),
        ("Сыдыков Юрий", "Sydykov Yuriy"),
    ],
)
def test_two_spellings_of_the_same_fold_into_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Асанов", "Усенов"), ("тил", "тыл бою"), ("1", "2")])
def test_what_differs_stays_different(one, other):
    assert fold(one) != fold(other)


def found(archive):
    while comparing.compare(archive):
        pass
    with archive.reading() as session:
        rows = session.scalars(select(Pair).order_by(Pair.score.desc())).all()
        return {(one.first_id, one.second_id): (one.score, set(one.reasons)) for one in rows}


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        ({}, {}, True),
        ({}, {"title": "Манас эпосунун тили.", "creators": creators("Kydyraliyev")}, True),
        ({"title": "Өзөн суулары жана көлдөр"}, {"title": "Озон суулары жана колдор"}, True),
        ({}, {"creators": creators("Усенов")}, False),
        ({}, {"title": "Манас эпосунун тили: жыйнак"}, False),
        ({"title": "Илимий макалалар 1"}, {"title": "Илимий макалалар 2"}, False),
        ({"title": "Введение"}, {"title": "Введение"}, False),
        ({"issued": "2001"}, {"issued": "2021", "creators": creators("Башка")}, False),
    ],
)
def test_what_speaks_for_and_against_a_pair(archive, publish, described, one, other, likely):
    first, second = publish(described(**one)), publish(described(**other))
    assert ((first, second) in found(archive)) is likely


def test_identifiers_and_files_speak_for_a_pair(archive, publish, described):
    doi = {"identifiers": [{"scheme": "doi", "value": "10.5555/ab.1"}]}
    first = publish(described("Бир аталыш, узун", **doi), files={"a.pdf": b"%PDF-1.7 x"})
    second = publish(described("Такыр башка нерсе жөнүндө", **doi))
    third = publish(described("Үчүнчү китеп дагы бар"), files={"b.pdf": b"%PDF-1.7 x"})
    pairs = found(archive)
    assert pairs[first, second][1] == {"identifier"} and pairs[first, second][0] >= 90
    assert pairs[first, third][1] == {"file"}
    assert (second, third) not in pairs


def test_a_pair_goes_when_its_reason_does_and_a_decision_stays(
    archive, publish, described, enter, chief
):
    first, second, third = (publish(described()) for _ in range(3))
    assert set(found(archive)) == {(first, second), (first, third), (second, third)}
    staff = enter(chief)
    page = staff.get("/staff/duplicates")
    assert page.text_content().count("Compare and merge") == 3
    staff.send(page, f"/staff/duplicates/{_pair(archive, second, third)}")
    publishing.revise(
        archive, third, actor=SYSTEM, reason="r", document=described("Башка китеп, башка сөз")
    )
    assert set(found(archive)) == {(first, second), (second, third)}
    open_ones = staff.get("/staff/duplicates").text_content()
    assert open_ones.count("Compare and merge") == 1
    assert "Open again" in staff.get("/staff/duplicates?verdict=different").text_content()
    publishing.withdraw(archive, first, actor=SYSTEM, kind="error", reason="r")
    assert "No such pairs" in staff.get("/staff/duplicates").text_content()


def _pair(archive, one, other):
    with archive.reading() as session:
        return session.scalar(select(Pair.id).where(Pair.first_id == one, Pair.second_id == other))


def test_a_new_version_is_no_duplicate_of_its_work(archive, publish, author):
    number = publish(actor=author)
    with archive.writing() as session:
        made = continuing.begin(
            session, catalogue.get(session, number), actor=author, reason="New chapter"
        )
        catalogue.submit(session, made, actor=author, agreement={"text": "t", "language": "ky"})
    assert found(archive) == {}


def test_works_from_before_there_were_keys_are_compared_too(archive, publish):
    publish(), publish()
    with archive.writing() as session:
        session.query(WorkKey).delete()
    assert len(found(archive)) == 1


def test_all_works_are_compared_anew_on_demand(archive, publish, enter, chief):
    publish(), publish()
    found(archive)
    staff = enter(chief)
    staff.send(staff.get("/staff/duplicates"), "/duplicates/again")
    with archive.reading() as session:
        assert comparing.left(session) == 2

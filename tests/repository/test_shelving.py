"""Where works stand follows from their documents."""

import json

import pytest
from sqlalchemy import select

from repository import catalogue, publishing, shelving, upgrading
from repository.models.shelves import WorkClass, WorkHost, WorkLanguage
from repository.viewers import SYSTEM
from schemas import vocabulary

ARTICLE = vocabulary.TYPES["article"].uri


def made(archive, title="Мөңгүлөр", **more):
    document = {
        "type": ARTICLE,
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "role": "aut", "family": "Асанов", "given": "Үсөн"}],
        "issued": "2024",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
        **more,
    }
    with archive.writing() as session:
        return catalogue.draft(session, document, actor=SYSTEM).id


def published(archive, title="Мөңгүлөр", **more):
    number = made(archive, title, **more)
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def keys(archive):
    with archive.reading() as session:
        return list(session.scalars(select(WorkHost.key).order_by(WorkHost.work_id)))


def journal(title="КУУнун жарчысы", *issn, **more):
    return {
        "host": {"kind": "journal", "title": title, **({"issn": [*issn]} if issn else {}), **more}
    }


def test_a_work_stands_under_its_languages_its_classes_and_its_journal(archive):
    number = published(
        archive,
        languages=["ky", "ru"],
        classification=[{"scheme": "udc", "code": "551.3"}, {"scheme": "bbk", "code": "26.8"}],
        **journal("КУУнун жарчысы", "1694-7711", volume="3", issue="2", pages="12-19"),
    )
    with archive.reading() as session:
        assert set(session.scalars(select(WorkLanguage.code))) == {"ky", "ru"}
        nodes = {(one.scheme, one.node) for one in session.scalars(select(WorkClass))}
        assert nodes == {("udc", "5"), ("udc", "55"), ("bbk", "Д"), ("bbk", "26.8")}
        host = session.scalars(select(WorkHost)).one()
        assert (host.work_id, host.key, host.part) == (number, "1694-7711", "2024-3-2")
        assert host.first_page == 12


def test_a_title_without_a_number_joins_the_one_journal_that_has_it(archive):
    published(archive, "Биринчи", **journal())
    lone = keys(archive)[0]
    assert lone.startswith("kuunun.zharchysy.")
    published(archive, "Экинчи", **journal("КУУнун жарчысы", "1694-7711", "1694-8610"))
    published(archive, "Үчүнчү", **journal("КУУнун жарчысы", "1694-8610"))
    published(archive, "Төртүнчү", **journal("куунун ЖАРЧЫСЫ"))
    assert keys(archive) == ["1694-7711"] * 4


def test_two_journals_of_one_title_stay_apart(archive):
    published(archive, "Биринчи", **journal("Вестник", "1694-7711"))
    published(archive, "Экинчи", **journal("Вестник", "1694-8610"))
    published(archive, "Үчүнчү", **journal("Вестник"))
    first, second, third = keys(archive)
    assert (first, second) == ("1694-7711", "1694-8610")
    assert third.startswith("vestnik.")


def test_a_draft_moves_nobody_else(archive):
    published(archive, "Биринчи", **journal())
    made(archive, "Экинчи", **journal("КУУнун жарчысы", "1694-7711"))
    assert keys(archive)[0].startswith("kuunun")


@pytest.mark.parametrize(
    ("more", "kind", "title"),
    [
        ({"type": vocabulary.TYPES["periodical"].uri}, "whole", "Ала-Тоо"),
        ({"type": vocabulary.TYPES["periodical-issue"].uri}, "issue", "Ала-Тоо"),
        ({"series": [{"title": "Эл адабияты", "number": "7"}]}, "series", "Эл адабияты"),
    ],
)
def test_periodicals_issues_and_series_stand_there_too(archive, more, kind, title):
    published(archive, "Ала-Тоо", **more)
    with archive.reading() as session:
        host = session.scalars(select(WorkHost)).one()
        assert (host.kind, host.title) == (kind, title)


def test_a_book_is_no_periodical(archive):
    published(archive, host={"kind": "book", "title": "Кыргыз тарыхы", "pages": "1-9"})
    assert keys(archive) == []


def test_the_migration_finds_a_place_for_works_that_were_there(any_archive):
    one = made(any_archive, "Биринчи", **journal("КУУнун жарчысы", "1694-7711"))
    upgrading.downgrade(any_archive.engine, "0030-1")
    upgrading.upgrade(any_archive.engine)
    with any_archive.reading() as session:
        assert session.scalars(select(WorkHost.key)).all() == ["1694-7711"]
        assert session.scalars(select(WorkLanguage.work_id)).all() == [one]
    assert json.dumps(shelving.hosts({"type": ARTICLE})) == "[]"

"""The stamper: every committed change comes into the feed, dated after its commit."""

import threading
from types import SimpleNamespace

import pytest
from lxml import etree
from sqlalchemy import func, select

from oai import feed, formats, horizon, shelf
from oai.formats import oai_dc
from oai.tokens import Query
from repository import changes, records
from repository.models.feed import FeedFailure, FeedItem
from repository.models.works import Work

NOON = 1_700_000_000.0


class Wall:
    """A wall clock that a test moves."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def archive(any_archive):
    return any_archive


def seen(archive, wall):
    """What a harvester sees: title bytes or None by work."""
    now = horizon.look(archive.engine, wall)
    query = Query("ListRecords", "oai_dc", None, None, None, now.asof)
    with archive.reading() as session:
        found = shelf.page(session, query, shelf.beginning(query), today=now.asof, limit=10_000)
        works = {item.id: item.work_id for item in session.scalars(select(FeedItem))}
    return {works[item]: _title(metadata) for _, item, _, metadata in found}


def _title(metadata):
    if metadata is None:
        return None
    return etree.fromstring(b"<r>%b</r>" % metadata).findtext(
        ".//{http://purl.org/dc/elements/1.1/}title"
    )


def newest(archive, work):
    with archive.reading() as session:
        chosen = select(FeedItem).where(FeedItem.work_id == work)
        return session.scalars(chosen.order_by(FeedItem.id.desc())).first()


def test_a_change_is_listed_a_moment_after_its_commit(archive, catalogue, wall):
    number = catalogue.publish("Манас")
    assert seen(archive, wall) == {}
    assert feed.stamp(archive, wall) == 1
    assert seen(archive, wall) == {}
    wall.now += 4
    assert seen(archive, wall) == {number: "Манас"}
    assert feed.stamp(archive, wall) == 0


def test_while_a_change_waits_for_its_second_the_old_record_is_served(archive, catalogue, wall):
    number = catalogue.publish("Эски")
    feed.settle(archive, wall)
    catalogue.revise(number, "Жаңы")
    feed.stamp(archive, wall)
    assert seen(archive, wall) == {number: "Эски"}
    wall.now += 4
    assert seen(archive, wall) == {number: "Жаңы"}


def test_several_changes_before_their_second_leave_the_last(archive, catalogue, wall):
    number = catalogue.publish("1")
    feed.settle(archive, wall)
    for title in "234":
        catalogue.revise(number, title)
        feed.stamp(archive, wall)
    assert seen(archive, wall) == {number: "1"}
    wall.now += 10
    assert seen(archive, wall) == {number: "4"}


def test_a_change_that_changes_nothing_gets_no_datestamp(archive, catalogue, wall):
    number = catalogue.publish("Манас")
    feed.settle(archive, wall)
    before = newest(archive, number).id
    catalogue.change(number, title_key="Манас")
    assert feed.settle(archive, wall) == 1
    assert newest(archive, number).id == before


def test_a_rebuild_dates_only_what_has_changed(archive, catalogue, wall, monkeypatch):
    first, second = catalogue.publish("Манас"), catalogue.publish("Семетей")
    feed.settle(archive, wall)
    stamps = [newest(archive, number).datestamp for number in (first, second)]

    def render(record):
        made = oai_dc.render(record)
        if record.number == second:
            made.append(oai_dc.dc("subject", "эпос"))
        return made

    newer = SimpleNamespace(**{**vars(oai_dc), "VERSION": oai_dc.VERSION + 1, "render": render})
    others = formats.known()
    monkeypatch.setattr(formats, "known", lambda: {**others, "oai_dc": newer})
    assert feed.rebuild(archive) == 2
    feed.settle(archive, wall)
    assert newest(archive, first).datestamp == stamps[0]
    assert newest(archive, second).datestamp > stamps[1]
    with archive.reading() as session:
        current = FeedItem.superseded.is_(None)
        assert len(set(session.scalars(select(FeedItem.rendered).where(current)))) == 1
        assert feed.counts(session).outdated == 0


def test_a_new_format_waits_for_a_rebuild_which_dates_only_what_it_applies_to(
    archive, catalogue, wall, monkeypatch
):
    thesis, other = catalogue.publish("Диссертация"), catalogue.publish("Манас")
    known = formats.known()
    monkeypatch.setattr(formats, "known", lambda: known)
    feed.settle(archive, wall)
    stamps = [newest(archive, number).datestamp for number in (thesis, other)]

    def render(record):
        return oai_dc.render(record) if record.number == thesis else None

    added = SimpleNamespace(**{**vars(oai_dc), "render": render})
    monkeypatch.setattr(formats, "known", lambda: {**known, "new": added})
    with archive.reading() as session:
        assert feed.counts(session).outdated == 2
    assert feed.rebuild(archive) == 2
    feed.settle(archive, wall)
    with archive.reading() as session:
        assert feed.counts(session).outdated == 0
    assert newest(archive, thesis).datestamp > stamps[0]
    assert newest(archive, other).datestamp == stamps[1]


def test_a_feed_lost_is_made_again_with_its_tombstones_and_never_back_dated(
    archive, catalogue, wall
):
    kept, gone = catalogue.publish("Манас"), catalogue.publish("Семетей")
    catalogue.withdraw(gone)
    feed.settle(archive, wall)
    with archive.writing() as session:
        for item in session.scalars(select(FeedItem)):
            session.delete(item)
    wall.now += 1000
    feed.rebuild(archive)
    feed.settle(archive, wall)
    assert seen(archive, wall) == {kept: "Манас", gone: None}
    assert newest(archive, kept).datestamp > wall.now


def test_a_format_that_applies_no_more_is_deleted_and_the_others_stay(
    archive, catalogue, wall, monkeypatch
):
    def render(record):
        return oai_dc.render(record) if "thesis" in record.document else None

    etdms = SimpleNamespace(NAMESPACE="urn:x", SCHEMA="urn:x", VERSION=1, render=render)
    monkeypatch.setattr(formats, "known", lambda: {"oai_dc": oai_dc, "etdms": etdms})
    thesis = catalogue.publish("Диссертация", thesis={"degree": "doctor"})
    article = catalogue.publish("Макала")
    feed.settle(archive, wall)
    now = horizon.look(archive.engine, wall).asof
    with archive.reading() as session:
        assert shelf.formats(session, thesis, today=now) == {"oai_dc": True, "etdms": True}
        assert shelf.formats(session, article, today=now) == {"oai_dc": True}
    catalogue.revise(thesis, "Макала")
    feed.settle(archive, wall)
    now = horizon.look(archive.engine, wall).asof
    with archive.reading() as session:
        assert shelf.formats(session, thesis, today=now) == {"oai_dc": True, "etdms": False}
        _, _, header, metadata = shelf.record(session, "etdms", thesis, today=now)
        assert b'status="deleted"' in header
        assert metadata is None


def test_a_work_that_cannot_be_rendered_is_served_in_its_least_form(archive, catalogue, wall):
    bad = catalogue.publish("Бузук")
    good = catalogue.publish("Манас")
    broken = {"titles": [{"text": "Бузук"}], "creators": 7}
    catalogue.change(bad, document=broken)
    assert feed.settle(archive, wall) == 3
    assert seen(archive, wall) == {bad: "Бузук", good: "Манас"}
    with archive.reading() as session:
        failures = {one.prefix: one for one in session.scalars(select(FeedFailure))}
    assert {one.work_id for one in failures.values()} == {bad}
    assert "Error" in failures["oai_dc"].reason
    catalogue.revise(bad, "Оңдолду")
    feed.settle(archive, wall)
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(FeedFailure)) == 0


@pytest.mark.parametrize("document", [{}, {"titles": []}, {"titles": [7]}, {"titles": "x"}])
def test_even_without_a_title_a_work_is_listed(archive, catalogue, wall, document):
    number = catalogue.publish()
    catalogue.change(number, document=document)
    feed.settle(archive, wall)
    assert seen(archive, wall) == {number: f"[{number}]"}


def test_a_work_that_cannot_be_read_harms_no_other_and_is_tried_again(
    archive, catalogue, wall, monkeypatch
):
    numbers = catalogue.many(5)
    whole = records.of

    def of(work, *, base_url):
        if work.id == numbers[2]:
            raise KeyError("titles")
        return whole(work, base_url=base_url)

    monkeypatch.setattr(records, "of", of)
    feed.settle(archive, wall)
    assert seen(archive, wall).keys() == set(numbers) - {numbers[2]}
    with archive.writing() as session:
        (failure,) = session.scalars(select(FeedFailure)).all()
        assert (failure.work_id, failure.prefix) == (numbers[2], "")
        assert changes.waiting(session)["oai"] == 1
        changes.hurry(session, "oai")
    monkeypatch.undo()
    feed.settle(archive, wall)
    assert seen(archive, wall).keys() == set(numbers)


def test_characters_that_xml_forbids_do_not_come_out(archive, catalogue, wall):
    forbidden = "".join(chr(code) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
    number = catalogue.publish(f"Ма{forbidden[1:]}нас")
    feed.settle(archive, wall)
    assert seen(archive, wall) == {number: "Манас"}


def test_a_work_lost_from_the_catalogue_stays_as_deleted(archive, catalogue, wall):
    number = catalogue.publish()
    feed.settle(archive, wall)
    catalogue.change(number, published=None)
    feed.settle(archive, wall)
    assert seen(archive, wall) == {number: None}


def test_changes_are_taken_in_batches_until_none_waits(archive, catalogue, wall, monkeypatch):
    monkeypatch.setattr(feed, "BATCH", 3)
    catalogue.many(10)
    assert feed.settle(archive, wall) == 10
    assert len(seen(archive, wall)) == 10


def test_a_change_that_commits_late_is_not_lost(archive, catalogue, wall):
    """Whoever keeps "the last number seen" loses it: its row is older than others'."""
    first = catalogue.publish("Манас")
    feed.settle(archive, wall)
    if archive.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with archive.writing() as slow:
        slow.get_one(Work, first).document = {**slow.get_one(Work, first).document, "notes": ["a"]}
        changes.record(slow, first)
        slow.flush()
        second = catalogue.publish("Семетей")
        feed.settle(archive, wall)
        told = horizon.look(archive.engine, wall).now
        wall.now += 4
    assert feed.settle(archive, wall) == 1
    assert newest(archive, first).datestamp >= told > newest(archive, second).datestamp


def test_a_stamper_that_stalls_gives_way_to_a_younger_one(archive, catalogue, wall, monkeypatch):
    """Rendered long ago, written never: what the younger one saw is the newer state."""
    monkeypatch.setattr(feed, "REST", 0.1)
    number = catalogue.publish("Эски")
    reached, go_on = threading.Event(), threading.Event()
    take = feed._take

    def stalled(found):
        taken = take(found)
        reached.set()
        assert go_on.wait(30)
        return taken

    monkeypatch.setattr(feed, "_take", stalled)
    done = []
    older = threading.Thread(target=lambda: done.append(feed.stamp(archive, wall)))
    older.start()
    assert reached.wait(30)
    monkeypatch.setattr(feed, "_take", take)
    catalogue.revise(number, "Жаңы")
    assert feed.settle(archive, wall) == 2
    go_on.set()
    older.join()
    assert done == [0]
    assert seen(archive, wall) == {number: "Жаңы"}


def test_a_stamper_that_stalls_while_readers_go_on_dates_after_all_that_was_said(
    archive, catalogue, wall, monkeypatch
):
    number = catalogue.publish("Манас")
    told = []
    take = feed._take

    def stalled(found):
        taken = take(found)
        for _ in range(5):
            wall.now += 1
            told.append(horizon.look(archive.engine, wall).now)
        return taken

    monkeypatch.setattr(feed, "_take", stalled)
    feed.stamp(archive, wall)
    assert newest(archive, number).datestamp > max(told)


def test_datestamps_stay_near_the_clock_however_often_is_stamped(archive, catalogue, monkeypatch):
    naps = []
    monkeypatch.setattr(feed, "time", SimpleNamespace(time=lambda: NOON, sleep=naps.append))
    for title in "abcd":
        catalogue.publish(title)
        feed.stamp(archive, lambda: NOON + sum(naps))
    assert naps and max(naps) <= feed.AHEAD
    with archive.reading() as session:
        latest = session.scalar(select(func.max(FeedItem.datestamp)))
    assert latest <= NOON + sum(naps) + feed.AHEAD + 1

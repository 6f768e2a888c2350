"""Blocks: lists made of them are the lists that there are without them, whatever happens."""

import random
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from oai import blocks, feed, horizon
from repository.models.feed import FeedBlock, FeedClock, FeedItem, FeedRecord

PAGE = 9


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 4)


@pytest.fixture
def chosen(chosen):
    return replace(chosen, oai_page=PAGE)


@pytest.fixture
def archive(any_archive):
    return any_archive


@pytest.fixture
def packed(archive):
    """Stamps all that waits and makes all blocks."""

    def run():
        feed.settle(archive)
        while blocks.pack(archive):
            pass

    return run


@pytest.fixture
def client(client, archive):
    """A client of an app over the archive of this test, on whatever database."""
    client.application.extensions["archive"] = archive
    return client


def numbers(archive, prefix="oai_dc"):
    query = select(FeedBlock.number).where(FeedBlock.prefix == prefix).order_by(FeedBlock.number)
    with archive.reading() as session:
        return list(session.scalars(query))


def clear(archive):
    """Removes all blocks."""
    with archive.writing() as session:
        session.execute(delete(FeedBlock))


def used(monkeypatch):
    """What became of the pages that were asked for: made of blocks or not."""
    made, real = [], blocks.page

    def page(*given, **named):
        made.append(real(*given, **named))
        return made[-1]

    monkeypatch.setattr(blocks, "page", page)
    return made


def test_pages_are_made_of_blocks(archive, catalogue, packed, harvest, monkeypatch):
    catalogue.many(23)
    packed()
    assert numbers(archive) == [0, 1, 2, 3, 4, 5]
    made = used(monkeypatch)
    found = harvest.titles()
    assert len(found) == 23
    assert [bool(one) for one in made] == [True, True, True]
    assert [one.count for one in made] == [7, 8, 8]
    clear(archive)
    made.clear()
    harvest.client.application.extensions["oai pages"].__init__()
    assert harvest.titles() == found
    assert not any(made)


def test_pages_from_a_day_on_come_to_be_made_of_blocks(
    archive, catalogue, packed, harvest, monkeypatch
):
    catalogue.many(23)
    packed()
    made = used(monkeypatch)
    assert len(harvest.titles(from_="2020-01-01")) == 23
    assert [bool(one) for one in made] == [False, True, True]


def test_lists_of_a_set_or_of_headers_or_until_a_second_are_right_too(
    archive, catalogue, packed, harvest
):
    catalogue.collection("letters")
    for number in range(23):
        catalogue.publish(f"Эмгек {number}", sets=("letters",) * (number % 2))
        if number == 11:
            packed()
            (stamp,) = {one[-20:] for one in _stamps(harvest)[-1:]}
    packed()
    assert len(harvest.titles(set="letters")) == 11
    assert len(harvest.titles(until=stamp)) == 12
    pages = harvest.pages(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert [len(page.findall(".//{*}header")) for page in pages] == [9, 9, 5]


def _stamps(harvest):
    page = harvest.pages(verb="ListIdentifiers", metadataPrefix="oai_dc")[-1]
    return [one.text for one in page.iterfind(".//{*}datestamp")]


def test_what_is_superseded_is_in_no_block(archive, catalogue, packed, harvest):
    works = catalogue.many(12)
    packed()
    catalogue.revise(works[5], "Оңдолгон")
    feed.settle(archive)
    assert numbers(archive) == [0, 2]
    packed()
    assert numbers(archive) == [0, 1, 2]
    found = harvest.titles()
    assert len(found) == 12
    assert found[f"oai:archive.example.org:{works[5]}"] == "Оңдолгон"


def test_a_harvest_that_began_before_goes_on_as_it_was(archive, catalogue, packed, harvest):
    works = catalogue.many(23)
    packed()
    first = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    titles = {one.text for one in first.iterfind(".//{*}title")}
    token = first.findtext(".//{*}resumptionToken")
    for number in works[8:]:
        catalogue.revise(number, "Оңдолгон")
    packed()
    while token:
        page = harvest(verb="ListRecords", resumptionToken=token)
        titles |= {one.text for one in page.iterfind(".//{*}title")}
        token = page.findtext(".//{*}resumptionToken")
    assert titles == {f"Эмгек {number}" for number in range(1, 24)}


def test_a_block_is_not_written_when_its_records_changed_while_it_was_made(
    archive, catalogue, packed, monkeypatch
):
    works = catalogue.many(8)
    feed.settle(archive)
    real = blocks._packed

    def late(found):
        catalogue.revise(works[0], "Оңдолгон")
        feed.settle(archive)
        monkeypatch.setattr(blocks, "_packed", real)
        return real(found)

    monkeypatch.setattr(blocks, "_packed", late)
    assert blocks.pack(archive) == 2
    assert numbers(archive) == [1]
    packed()
    assert numbers(archive) == [0, 1]


def test_who_has_nothing_to_pack_asks_for_one_row(archive, catalogue, packed, monkeypatch):
    assert blocks.pack(archive) == 0
    catalogue.many(5)
    packed()
    with archive.reading() as session:
        clock = session.get_one(FeedClock, 1)
        assert clock.packed == clock.last
    monkeypatch.setattr(blocks, "_missing", None)
    assert blocks.pack(archive) == 0


def test_a_stretch_without_records_is_looked_at_once(archive, packed, harvest):
    with archive.writing() as session:
        for number in range(1, 9):  # harvested elsewhere, so in no list that names no set
            item = FeedItem(id=number, work_id=-number, datestamp=1, deleted=False)
            session.add(item)
            session.flush()
            record = FeedRecord(item_id=number, prefix="oai_dc", header=b"<x/>", metadata_=b"<x/>")
            session.add(record)
        horizon.locked(session).last = 1
    packed()
    assert numbers(archive) == []
    assert numbers(archive, "") == [0, 1]
    assert harvest.error(verb="ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"


@pytest.mark.parametrize("seed", range(6))
def test_lists_are_the_same_with_blocks_and_without(archive, catalogue, packed, harvest, seed):
    chance = random.Random(seed)
    expected = {}
    for step in range(60):
        works = list(expected)
        deed = chance.choice(["publish"] * 4 + ["revise", "withdraw", "pack"])
        if deed == "publish" or not works:
            expected[catalogue.publish(f"Эмгек {step}")] = f"Эмгек {step}"
        elif deed == "revise":
            number = chance.choice([one for one in works if expected[one]])
            catalogue.revise(number, f"Оңдолгон {step}")
            expected[number] = f"Оңдолгон {step}"
        elif deed == "withdraw" and sum(map(bool, expected.values())) > 1:
            number = chance.choice([one for one in works if expected[one]])
            catalogue.withdraw(number)
            expected[number] = None
        else:
            packed()
        if step % 20 == 19:
            feed.settle(archive)
            found = harvest.titles()
            assert {int(one.rpartition(":")[2]): title for one, title in found.items()} == expected
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(FeedBlock))

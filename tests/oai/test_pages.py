"""Pages kept in memory: never out of date, never too many; and answers packed part by part."""

import gzip
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai import pages, streams
from oai.pages import Answer, Dated, Page, Pages, Ready
from oai.tokens import Mark


def page(inside=b"<record/>"):
    return Page(inside, Mark(1, 1), 1, more=False)


def test_a_page_is_found_until_the_next_datestamp():
    kept, one = Pages(), page()
    kept.keep(7, "key", one)
    assert kept.find(7, "key") is one
    assert kept.find(7, "other") is None
    assert kept.find(8, "key") is None
    assert kept.find(7, "key") is None


def test_a_page_that_was_read_before_the_last_datestamp_is_not_kept():
    kept = Pages()
    kept.find(8, "key")
    kept.keep(7, "key", page())
    assert kept.find(8, "key") is None


def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(pages, "AROUND", 0)
    kept = Pages(1000)
    for number in range(10):
        kept.keep(1, number, page(b"x" * 200))
    assert [kept.find(1, number) is not None for number in range(10)] == [True] * 4 + [False] * 6
    kept.keep(2, "new", page(b"x" * 200))
    assert kept.find(2, "new") is not None


@given(st.binary(), st.none() | st.binary(max_size=100_000), st.binary())
def test_an_answer_packed_in_parts_is_one_stream(opening, inside, closing):
    answer = Answer(opening, None if inside is None else page(inside), closing)
    for _ in range(2):
        assert gzip.decompress(answer.gzip()) == answer.body


def test_packing_in_parts_costs_little_more_than_in_one():
    inside = b"".join(
        f"<record><identifier>oai:{n}</identifier></record>".encode() for n in range(999)
    )
    answer = Answer(b"<head/>", page(inside), b"<tail/>")
    assert len(answer.gzip()) <= 1.15 * len(gzip.compress(answer.body, 6))


@pytest.mark.parametrize("threads", [8])
def test_threads_that_pack_the_same_page_agree(threads):
    one = page(b"abc" * 100_000)
    packed = []
    workers = [threading.Thread(target=lambda: packed.append(one.part)) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(set(packed)) == 1


def test_a_page_may_be_made_of_parts_that_are_packed_already():
    one, other = streams.part(b"<a/>" * 999), streams.part(b"<b/>" * 9)
    made = page(streams.joined([one, other]))
    assert made.inside == b"<a/>" * 999 + b"<b/>" * 9
    answer = Answer(b"<head/>", made, b"<tail/>")
    assert gzip.decompress(answer.gzip()) == answer.body == b"<head/>" + made.inside + b"<tail/>"
    assert page(streams.part(b"")).inside == b""


DATE, LATER = "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"


def ready(inside=b"<record/>", chosen=None):
    return Ready(Answer(f"<a>{DATE}<b>".encode(), inside, b"</b></a>", "tag"), DATE, (), chosen)


@given(st.binary(max_size=100_000))
def test_an_answer_that_stands_ready_is_given_with_another_date(inside):
    whole = b"<a>" + LATER.encode() + b"<b>" + inside + b"</b></a>"
    for one in (page(inside), page(streams.part(inside))):
        found = Dated(ready(one), LATER.encode())
        for _ in range(2):
            assert found.body == whole
            assert gzip.decompress(found.gzip()) == whole


def test_an_answer_stands_ready_until_the_next_datestamp():
    kept, one = Pages(), page()
    kept.keep(7, "key", one)
    given = ready(one)
    kept.prepare(7, "asked", given)
    assert kept.ready(7, "asked") is given
    assert kept.ready(7, "other") is None
    assert kept.ready(8, "asked") is None
    assert kept.ready(7, "asked") is None


def test_no_answer_outlives_its_page():
    kept, one = Pages(), page()
    kept.prepare(0, "asked", ready(one))
    assert kept.ready(0, "asked") is None

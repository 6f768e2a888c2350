"""Pages kept in memory: never out of date, never too many; and answers packed part by part."""

import gzip
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai import pages
from oai.pages import Answer, Page, Pages
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
    monkeypatch.setattr(pages, "CAPACITY", 1000)
    kept = Pages()
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
    workers = [threading.Thread(target=lambda: packed.append(one.deflated)) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(set(packed)) == 1


def answer(one, date="2026-01-01T00:00:00Z"):
    return Answer(f"<a>{date}<b>".encode(), one, b"</b></a>", "tag")


def test_an_answer_is_ready_with_another_date_until_the_next_datestamp():
    kept, one = Pages(), page()
    kept.keep(7, "key", one)
    kept.prepare(7, "asked", answer(one), "2026-01-01T00:00:00Z")
    found = kept.ready(7, "asked", "2026-12-31T23:59:59Z")
    assert found.body == b"<a>2026-12-31T23:59:59Z<b><record/></b></a>"
    assert gzip.decompress(found.gzip()) == found.body
    assert kept.ready(7, "other", "2026-12-31T23:59:59Z") is None
    assert kept.ready(8, "asked", "2026-12-31T23:59:59Z") is None


def test_no_answer_outlives_its_page():
    kept, one = Pages(), page()
    kept.prepare(0, "asked", answer(one), "2026-01-01T00:00:00Z")
    assert kept.ready(0, "asked", "2026-12-31T23:59:59Z") is None

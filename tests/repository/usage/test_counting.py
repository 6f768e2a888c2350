"""The rules of COUNTER, applied to what came in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from repository.usage import counting
from repository.usage.counting import Counts, Event, Kind, Place

NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)
BISHKEK = ZoneInfo("Asia/Bishkek")


def event(number, seconds, *, visitor="a", work=1, kind=Kind.FILE, part=0):
    return Event(number, NOON + timedelta(seconds=seconds), visitor, work, kind, part)


def test_the_example_of_the_standard():
    """10:01:00 and 10:01:29 are one action; 10:01:00 and 10:01:35 are two."""
    assert len(counting.clicks([event(1, 0), event(2, 29)])) == 1
    assert len(counting.clicks([event(1, 0), event(2, 35)])) == 2


def test_of_a_chain_of_clicks_the_last_one_stays():
    kept = counting.clicks([event(1, 0), event(2, 25), event(3, 50), event(4, 75)])
    assert [one.id for one in kept] == [4]


def test_other_readers_works_and_files_are_no_double_clicks():
    others = [event(1, 0), event(2, 1, visitor="b"), event(3, 2, work=2), event(4, 3, part=9)]
    assert len(counting.clicks(others)) == 4


def test_a_session_ends_with_the_hour_and_days_are_those_of_the_library():
    found = counting.tally([event(1, 0), event(2, 1800), event(3, 3600)], zone=BISHKEK)
    assert found == {Place(1, date(2024, 6, 15), True, ""): Counts(3, 2, 3, 2)}
    evening = [event(1, 7 * 3600)]
    assert [one.day for one in counting.tally(evening, zone=BISHKEK)] == [date(2024, 6, 16)]


def test_a_request_is_an_investigation_too():
    found = counting.tally([event(1, 0, kind=Kind.VIEW), event(2, 5)], zone=UTC)
    assert list(found.values()) == [Counts(2, 1, 1, 1)]


def test_turning_pages_is_one_request_in_an_hour():
    pages = [event(number, number * 60, kind=Kind.PAGE) for number in range(40)]
    found = counting.tally(counting.clicks(pages), zone=UTC)
    assert list(found.values()) == [Counts(1, 1, 1, 1)]


EVENTS = st.lists(
    st.builds(
        event,
        st.integers(1, 10_000),
        st.integers(0, 8000),
        visitor=st.sampled_from("abc"),
        work=st.integers(1, 3),
        kind=st.sampled_from(Kind),
        part=st.integers(0, 2),
    ),
    max_size=60,
    unique_by=lambda one: one.id,
)


@given(EVENTS)
def test_totals_are_never_less_than_uniques_nor_investigations_than_requests(events):
    kept = counting.clicks(events)
    for sums in counting.tally(kept, zone=UTC).values():
        assert sums.investigations >= sums.unique_investigations >= sums.unique_requests
        assert sums.investigations >= sums.requests >= sums.unique_requests
        assert sums.unique_investigations >= 0
    assert len(kept) <= len(events)


@given(EVENTS, st.integers(0, 60))
def test_it_does_not_matter_in_how_many_pieces_they_are_counted(events, cut):
    kept = counting.clicks(events)
    whole = counting.tally(kept, zone=UTC)
    first, second = kept[:cut], kept[cut:]
    parts = [counting.tally(first, zone=UTC), counting.tally(second, zone=UTC, before=first)]
    summed = {}
    for part in parts:
        for place, sums in part.items():
            old = summed.get(place, Counts())
            summed[place] = Counts(
                *(a + b for a, b in zip(vars(old).values(), vars(sums).values(), strict=True))
            )
    assert summed == whole

from hypothesis import given
from hypothesis import strategies as st

from repository.index import sets

members = st.frozensets(st.integers(0, 299))


@given(members)
def test_a_set_gives_back_its_numbers_in_order(numbers):
    assert list(sets.numbers(sets.of(numbers, 300))) == sorted(numbers)


@given(members, members)
def test_sets_meet_join_and_count_as_bits(one, other):
    a, b = sets.of(one, 300), sets.of(other, 300)
    assert a & b == sets.of(one & other, 300)
    assert a | b == sets.of(one | other, 300)
    assert sets.full(300) & ~a == sets.of(frozenset(range(300)) - one, 300)
    assert a.bit_count() == len(one)


@given(members)
def test_flags_say_for_each_number_whether_it_belongs(numbers):
    flags = sets.flags(sets.of(numbers, 300), 300)
    assert len(flags) == 300
    assert {at for at, flag in enumerate(flags) if flag} == numbers


def test_there_is_a_set_of_nothing():
    assert sets.of([], 0) == 0
    assert sets.flags(0, 0) == b""
    assert list(sets.numbers(0)) == []

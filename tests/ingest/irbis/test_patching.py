"""A change of a description is made in the record, and nothing else is touched."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.irbis.patching import patch
from ingest.irbis.records import Field, Record


def record(*fields):
    return Record(tuple(Field(*one) for one in fields), mfn=7)


BOOK = record(
    (920, "PAZK"),
    (200, "^AЭски ат^EОкуу китеби^FА. Асанов"),
    (610, "тил"),
    (610, "сөз"),
    (10, "^A5-86150-048-7^D80"),
    (910, "^A0^B1"),
    (4444, "x"),
)


def test_one_subfield_is_changed_and_its_case_and_neighbours_stay():
    found = patch(
        BOOK, [Field(200, "^AЭски ат^EОкуу китеби")], [Field(200, "^AЖаңы ат^EОкуу китеби")]
    )
    assert found.record.fields[1].text == "^AЖаңы ат^EОкуу китеби^FА. Асанов"
    assert [one for at, one in enumerate(found.record.fields) if at != 1] == [
        one for at, one in enumerate(BOOK.fields) if at != 1
    ]


def test_a_field_is_added_behind_those_of_its_kind_and_one_goes():
    before = [Field(610, "тил"), Field(610, "сөз")]
    found = patch(BOOK, before, [Field(610, "тил"), Field(610, "жазуу"), Field(610, "сөз")])
    assert [one.text for one in found.record.all(610)] == ["тил", "сөз", "жазуу"]
    found = patch(BOOK, before, [Field(610, "сөз")])
    assert [one.text for one in found.record.fields if one.tag == 610] == ["сөз"]
    found = patch(BOOK, [], [Field(951, "^Ihttps://example.org")])
    assert found.record.fields[-1] == Field(951, "^Ihttps://example.org")


def test_a_value_that_we_write_otherwise_is_found_by_its_rank():
    before, after = [Field(10, "^A9785861500487")], [Field(10, "^A9789967312005")]
    assert patch(BOOK, before, after).record.get(10, "a") == "9789967312005"
    assert patch(BOOK, before, after).record.get(10, "d") == "80"


def test_what_others_changed_meanwhile_is_a_conflict_and_stays():
    live = record(*[(200, "^AБашка ат")], (610, "тил"), (610, "сөз"))
    before = [Field(200, "^AЭски ат"), Field(610, "тил"), Field(610, "сөз")]
    after = [Field(200, "^AЖаңы ат"), Field(610, "тил")]
    found = patch(live, before, after, base=BOOK)
    assert found.conflicts == (200,)
    assert found.record.get(200, "a") == "Башка ат"
    assert [one.text for one in found.record.all(610)] == ["тил"]


def test_the_same_change_by_others_is_no_conflict():
    live = record((200, "^AЖаңы ат"))
    found = patch(live, [Field(200, "^AЭски ат")], [Field(200, "^AЖаңы ат")], base=BOOK)
    assert found.conflicts == () and found.record == live


TEXT = st.text("абв^A1", max_size=6)
FIELDS = st.lists(st.builds(Field, st.sampled_from([10, 200, 610]), TEXT), max_size=5)


@given(FIELDS, FIELDS, FIELDS)
def test_whatever_changes_other_fields_stay(kept, before, after):
    whole = Record((Field(907, "^Cx"), *kept, Field(4444, "y")))
    found = patch(whole, before, after).record
    assert found.fields[0] == whole.fields[0]
    assert Field(4444, "y") in found.fields
    assert patch(whole, before, before).record == whole
    same = {one.tag for one in (*before, *after)}
    assert [one for one in found.fields if one.tag not in same] == [
        one for one in whole.fields if one.tag not in same
    ]


@given(FIELDS, FIELDS)
def test_fields_that_we_wrote_become_those_that_we_write(before, after):
    found = patch(Record(tuple(before)), before, after).record
    for tag in (10, 200, 610):
        assert len(found.all(tag)) == sum(one.tag == tag for one in after)

"""MARC 21 in ISO 2709, as libraries have it on their disks."""

import pymarc
import pytest
from pymarc import Field, Indicators, Record, Subfield

from ingest.importers import marc21
from ingest.importers.marc21_records import CLEANED, GUESSED, LENGTHS


def record(number, title, *, leader="00000nam a2200000 a 4500"):
    made = Record(leader=leader, force_utf8=True)
    made.add_field(Field(tag="001", data=number))
    parts = [Subfield("a", title)]
    made.add_field(Field(tag="245", indicators=Indicators("1", "0"), subfields=parts))
    return made.as_marc()


@pytest.fixture
def read(tmp_path):
    """The rows of the bytes of a file."""

    def of(data):
        path = tmp_path / "records.mrc"
        path.write_bytes(data)
        return list(marc21.read(path))

    return of


def titles(rows):
    return [row.document["titles"][0]["text"] if not row.problem else "" for row in rows]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_an_encoding_of_one_byte_a_letter_is_guessed_and_said(read, encoding):
    text = "Горные озёра Тянь-Шаня и их обитатели, исследования последних лет"
    (row,) = read(record("1", text).decode("utf-8").encode(encoding))
    assert titles([row]) == [text]
    assert row.remarks == (GUESSED % encoding, LENGTHS)


def test_wrong_lengths_are_made_good_by_the_marks(read):
    data = record("1", "Тоолор") + record("2", "Көлдөр")
    rows = read(data.replace("Тоолор".encode(), "Бийик тоолор".encode()))
    assert titles(rows) == ["Бийик тоолор", "Көлдөр"]
    assert rows[0].remarks == (LENGTHS,)
    assert rows[1].remarks == ()


def test_a_record_with_a_wrong_length_in_its_leader_does_not_take_the_next_along(read):
    first, *rest = [record(str(at), f"Эмгек {at}") for at in range(3)]
    rows = read(b"99999" + first[5:] + b"".join(rest))
    assert titles(rows) == ["Эмгек 0", "Эмгек 1", "Эмгек 2"]


def test_what_says_that_it_is_utf8_and_is_not_is_a_problem(read):
    (row,) = read(record("1", "Buttner").replace(b"Buttner", b"B\xfcttner"))
    assert "Save it as UTF-8" in row.problem


def test_marc8_is_read_as_pymarc_reads_it(read):
    leader = "00000nam  2200000 a 4500"
    data = record("1", "BXuttner Yet", leader=leader)
    data = data[:9] + b" " + data[10:]
    data = data.replace(b"BXuttner Yet", b"B\xe8uttner \xe2et")
    (row,) = read(data)
    assert titles([row]) == ["Büttner ét"]
    made = pymarc.Record(data, to_unicode=True)
    assert made["245"]["a"] == "Büttner ét"


def test_rusmarc_is_sent_to_its_own_importer(read):
    (row,) = read(record("1", "Тоолор").replace(b"245", b"200"))
    assert "Choose the format irbis" in row.problem


def test_what_no_text_has_is_left_out_and_said(read):
    (row,) = read(record("1", "Too\0lor"))
    assert titles([row]) == ["Toolor"]
    assert CLEANED in row.remarks


@pytest.mark.parametrize("between", [b"\r\n", b"\n", b"\0\0", b"\x1a"])
def test_what_stands_between_records_does_not_count(read, between):
    rows = read(record("1", "A") + between + record("2", "B") + between)
    assert titles(rows)[:1] == ["A"]
    assert "2" in [row.key for row in rows]


def test_the_record_is_kept_as_marcxml(read):
    (row,) = read(record("1", "Тоолор"))
    assert row.kept.format == "marcxml"
    assert "Тоолор" in row.kept.text
    assert row.kept.text.startswith('<record xmlns="http://www.loc.gov/MARC21/slim">')

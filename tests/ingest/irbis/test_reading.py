"""IRBIS64's exchange files and databases: what comes in can go out as it was."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.irbis import encodings, iso2709, native, text
from ingest.irbis.records import Broken, Field, Record, Status
from repository.errors import Invalid, NotFound

SHARED = Path(__file__).parents[4] / "shared" / "data" / "irbis"
REAL = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is not beside the checkout"),
]
BOOK = Record(
    (
        Field(920, "PAZK"),
        Field(200, "^AКыргыз тили^Eокуу китеби"),
        Field(610, "тил илими"),
        Field(610, ""),
        Field(910, "^A0^B1759089^DФ104^^C20180607"),
    )
)


def read(module, data, **more):
    return list(module.read(BytesIO(data), name="file", **more))


def fields(found):
    return [one.fields for one in found if isinstance(one, Record)]


def test_a_field_is_a_value_and_subfields_in_their_order():
    field = Field(910, "0^A1^Bдва^aещё^^C")
    assert field.value == "0"
    assert [*field.subfields] == [("A", "1"), ("B", "два"), ("a", "ещё"), ("C", "")]
    assert field.get("a") == "1" and list(field.all("A")) == ["1", "ещё"]
    assert field.get("c") == "" and Field(1, "").subfields == []
    assert BOOK.get(200, "a") == "Кыргыз тили" and BOOK.get(610) == "тил илими"
    assert BOOK.get(5) == "" and len(BOOK.all(610)) == 2


@pytest.mark.parametrize("encoding", encodings.KNOWN)
@pytest.mark.parametrize("module", [text, iso2709])
def test_what_is_written_comes_back_whatever_the_encoding(module, encoding):
    said = Record((Field(200, "^AПолитическая история Киргизии^Fпод ред. И. И. Иванова"),) * 3)
    data = b"".join(module.write([said, said], encoding))
    assert fields(read(module, data, encoding=encoding)) == fields(read(module, data))
    assert [len(one) for one in fields(read(module, data))] == [3, 3]
    assert read(module, data)[0].get(200, "a") == "Политическая история Киргизии"


LETTERS = st.text(
    st.characters(
        blacklist_characters="\r\n\x1d\x1e\x1f\x1a\x85\u2028\u2029\x0b\x0c\x1c", codec="utf-8"
    ),
    max_size=40,
)
MADE = st.lists(
    st.lists(
        st.builds(
            lambda tag, value, parts: Field(tag, "^".join([value, *parts])),
            st.integers(10, 999),
            LETTERS.map(lambda one: one.replace("^", "")),
            st.lists(LETTERS.map(lambda one: one.replace("^", "")), max_size=4),
        ),
        min_size=1,
        max_size=6,
    ).map(lambda those: Record(tuple(those))),
    min_size=1,
    max_size=4,
)


@given(MADE)
def test_records_of_all_kinds_come_back_from_text(records):
    data = b"".join(text.write(records))
    assert fields(read(text, data, encoding="utf-8")) == [one.fields for one in records]


@given(MADE)
def test_records_of_all_kinds_come_back_from_iso_2709(records):
    data = b"".join(iso2709.write(records))
    back = fields(read(iso2709, data, encoding="utf-8"))
    assert [[(one.tag, one.text) for one in those] for those in back] == [
        [(one.tag, one.text) for one in record.fields] for record in records
    ]


@pytest.mark.parametrize("module", [text, iso2709])
def test_a_file_cut_at_any_byte_gives_what_is_whole(module):
    data = b"".join(module.write([BOOK, BOOK]))
    for end in range(len(data)):
        found = read(module, data[:end], encoding="utf-8")
        whole = [one for one in found if isinstance(one, Record) and len(one.fields) == 5]
        assert len(whole) <= 2
        assert all(isinstance(one, Record | Broken) for one in found)


@given(st.binary(max_size=400))
def test_nothing_crashes_the_readers(data):
    for module in (text, iso2709):
        for one in read(module, data):
            assert isinstance(one, Record | Broken) and one.place


def test_a_bad_line_spoils_itself_alone_and_is_named():
    data = "#200: ^AТоо\n610: тил\n#abc: x\n#10: 5\n*****\n#200: ^AКөл\n".encode()
    first, second, *broken = sorted(read(text, data), key=lambda one: isinstance(one, Broken))
    assert [one.tag for one in first.fields] == [200, 10]
    assert second.get(200, "a") == "Көл" and second.place == "file, line 6"
    assert [one.place for one in broken] == ["file, line 2", "file, line 3"]
    assert "a line begins with #" in broken[0].why


def test_a_line_of_another_encoding_is_named():
    data = "#200: ^AТоо\n".encode() * 3000 + "#610: тил\n*****\n".encode("cp1251")
    found = read(text, data, encoding="utf-8")
    assert "is not utf-8" in next(one.why for one in found if isinstance(one, Broken))
    assert len(fields(found)[0]) == 3000


def test_a_bad_record_among_good_ones_is_named_and_the_others_come():
    good = b"".join(iso2709.write([BOOK]))
    for spoilt, why in (
        (good[:12] + b"99999" + good[17:], "lies outside the record"),
        (good[:24] + b"2x0" + good[27:], "is no number"),
        (b"00010" + good[5:20], "shorter than a leader"),
        (good[:27] + b"9999" + good[31:], "lies outside the record"),
    ):
        data = good + spoilt.removesuffix(b"\x1d") + b"\x1d" + good
        found = read(iso2709, data, encoding="utf-8")
        assert [type(one) for one in found] == [Record, Broken, Record]
        assert why in found[1].why and found[1].place == "file, record 2"


def test_what_iso_2709_has_no_room_for_is_refused_by_name():
    long = Record((Field(330, "а" * 6000),), place="works, MFN 7")
    with pytest.raises(Invalid, match=r"works, MFN 7: field 330 has 12003 bytes"):
        list(iso2709.write([long]))
    many = Record(tuple(Field(330, "а" * 4900) for _ in range(11)), place="x")
    with pytest.raises(Invalid, match="the record has"):
        list(iso2709.write([many]))
    with pytest.raises(Invalid, match="has no field 6629"):
        list(iso2709.write([Record((Field(6629, "x"),))]))
    with pytest.raises(Invalid, match="has a letter that cp1251 lacks: ң"):
        list(iso2709.write([Record((Field(200, "^Aтаң"),))], "cp1251"))


def database(folder, *records):
    """A database of records, each with its earlier versions after it."""
    master, places = bytearray(36), bytearray()
    for mfn, versions in enumerate(records, 1):
        offset = 0
        for version in reversed(versions):
            directory, body = b"", b""
            for field in version.fields:
                data = field.text.encode()
                directory += struct.pack(">3I", field.tag, len(body), len(data))
                body += data
            base = 32 + len(directory)
            leader = struct.pack(
                ">8I", mfn, base + len(body), offset, 0, base, len(version.fields), 1, 32
            )
            offset = len(master)
            master += leader + directory + body
        places += struct.pack(">IIi", offset, 0, int(versions[0].status))
    (folder / "BOOKS.MST").write_bytes(master)
    (folder / "books.xrf").write_bytes(places)
    return folder / "BOOKS.MST"


def test_a_database_is_read_with_what_was_deleted_and_what_was_before(tmp_path):
    old = Record((Field(200, "^AЭски"),))
    gone = Record((Field(200, "^AЖок"),), status=Status.DELETED)
    path = database(tmp_path, [BOOK, old], [gone], [BOOK])
    with native.open_database(tmp_path) as opened:
        assert [one.mfn for one in opened.records()] == [1, 3]
        assert next(opened.records()).fields == BOOK.fields
        assert [one.get(200, "a") for one in opened.records(deleted=True, older=True)] == [
            "Кыргыз тили", "Эски", "Жок", "Кыргыз тили"
        ]  # fmt: skip
        assert len(opened) == 3
    with native.open_database(path.with_name("books.xrf")) as opened:
        assert [one.deleted for one in opened.records(deleted=True)] == [False, True, False]


def test_a_database_that_is_spoilt_anywhere_gives_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(native, "AGAIN", 0.0)
    path = database(tmp_path, [BOOK], [BOOK], [BOOK])
    whole = path.read_bytes()
    for at in range(36, len(whole), 3):
        path.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        with native.open_database(path) as opened:
            found = list(opened.records())
        assert len(found) == 3
        assert sum(isinstance(one, Broken) for one in found) <= 1
        path.write_bytes(whole[:at])
        with native.open_database(path) as opened:
            assert all(isinstance(one, Record | Broken) for one in opened.records())


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(NotFound, match=r"There is no \.mst file"):
        native.open_database(tmp_path)
    (tmp_path / "a.mst").touch()
    with pytest.raises(NotFound, match=r"a\.xrf"):
        native.open_database(tmp_path)
    (tmp_path / "b.mst").touch()
    with pytest.raises(Invalid, match=r"a\.mst, b\.mst"):
        native.open_database(tmp_path)


class TestReal:
    """Real records of libraries."""

    pytestmark = REAL

    @pytest.mark.parametrize(
        ("name", "records", "broken"),
        [("records.txt", 3, 0), ("record.txt", 1, 0), ("Reports_001_records.txt", 10, 0),
         ("broken_records.txt", 3, 2)],
    )  # fmt: skip
    def test_text_comes_back_equal(self, name, records, broken):
        found = read(text, (SHARED / name).read_bytes())
        assert (len(fields(found)), len(found) - len(fields(found))) == (records, broken)
        written = b"".join(text.write(one for one in found if isinstance(one, Record)))
        assert fields(read(text, written)) == fields(found)

    def test_iso_2709_comes_back_equal(self):
        found = read(iso2709, (SHARED / "rusmarc.iso").read_bytes())
        assert len(fields(found)) == len(found) == 81
        written = b"".join(iso2709.write(found, "cp1251"))
        again = read(iso2709, written, encoding="cp1251")
        assert fields(again) == fields(found)

    @pytest.mark.parametrize(
        ("name", "living", "everything"), [("KZD.MST", 31, 34), ("freesoft.mst", 18, 29),
                                           ("count.mst", 3, 64)]
    )  # fmt: skip
    def test_databases_are_read_whole(self, name, living, everything):
        with native.open_database(SHARED / name) as opened:
            assert len(fields(opened.records())) == living
            assert len(fields(opened.records(deleted=True, older=True))) == everything

"""RIS as reference managers and data bases write it."""

import pytest

from ingest.importers import ris, ris_records, ris_tags
from schemas import vocabulary
from schemas import work as profile


@pytest.fixture
def read(tmp_path):
    """Reads lines as a file of RIS."""

    def rows(*lines, written="utf-8", end="\r\n", **options):
        path = tmp_path / "refs.ris"
        path.write_bytes(end.join(lines).encode(written))
        return list(ris.read(path, **options))

    return rows


@pytest.fixture
def one(read):
    """The only row of some lines, between TY and ER."""

    def row(kind, *lines, **options):
        (found,) = read(f"TY  - {kind}", *lines, "ER  - ", "", **options)
        return found

    return row


def kind(row):
    return profile.work_type(row.document).key


def names(row, group="creators"):
    return [profile.agent_name(one) for one in row.document.get(group, ())]


def test_a_reference_is_described_and_kept_whole(one):
    row = one("JOUR", "TI  - Тоо", "AU  - Асанов, Бакыт", "PY  - 2020", "XX  - ?", "DP  - x")
    assert row.place == "refs.ris, entry 1, line 1"
    assert row.key.startswith("sha256:")
    assert row.kept.format == "ris" and row.kept.text.startswith("TY  - JOUR\nTI  - Тоо")
    assert row.unplaced == ("XX",)
    assert (kind(row), names(row), row.document["issued"]) == ("article", ["Асанов, Бакыт"], "2020")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_anyhow(read, end):
    first, second = read(
        "TY  - BOOK", "TI  - Bir", "ER  - ", "", "TY  - BOOK", "TI  - Eki", "ER  -", end=end
    )
    assert [one.document["titles"][0]["text"] for one in (first, second)] == ["Bir", "Eki"]


def test_spaces_and_ends_that_are_missing_do_no_harm(read):
    rows = read(
        "Provider: Example", "Content: text/plain", "",
        "TY - BOOK", "TI - Bir", "  AU  -  Doe, Jane ", "",
        "TY  - BOOK", "TI  - Eki", "AU  -", "",
        "TY  -  THES ", "T1  - Үч",
    )  # fmt: skip
    assert [row.problem for row in rows] == ["", "", ""]
    assert [row.document["titles"][0]["text"] for row in rows] == ["Bir", "Eki", "Үч"]
    assert [row.place.rpartition(" ")[2] for row in rows] == ["4", "8", "12"]


def test_a_broken_reference_costs_only_itself(read):
    rows = read(
        "TY  - BOOK", "TI  - Bir", "ER  - ", "TI  - No type", "ER  - ", "TY  - BOOK", "PY  - 2020",
        "ER  - ", "TY  - BOOK", "TI  - Eki", "ER  - ", "TY  - BOOK", "TI  - Eki", "ER  - ",
    )  # fmt: skip
    problems = [row.problem for row in rows]
    assert [bool(one) for one in problems] == [False, True, True, False, True]
    assert "TY" in problems[1] and "title" in problems[2] and "already" in problems[4]


def test_lines_that_follow_belong_to_the_field_before(one):
    row = one("JOUR", "TI  - A long", "title", "AB  - First.", "", "Second - with a dash.")
    assert row.document["titles"][0]["text"] == "A long title"
    assert row.document["abstracts"][0]["text"] == "First.\n\nSecond - with a dash."


def test_a_mark_of_utf8_and_older_encodings_are_read(read):
    lines = ("TY  - JOUR", "TI  - Исследование горных рек и озёр Кыргызстана", "ER  - ")
    for written in ("utf-8-sig", "cp1251"):
        (row,) = read(*lines, written=written)
        assert row.document["titles"][0]["text"].endswith("озёр Кыргызстана"), row
    assert "cp1251" in row.remarks[0]


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        (["PY  - 2020"], "2020"),
        (["PY  - 2020/05/31/Spring"], "2020-05-31"),
        (["Y1  - 2020///"], "2020"),
        (["PY  - 2020", "DA  - 2020/05/31"], "2020-05-31"),
        (["PY  - 2020", "DA  - May 31"], "2020-05-31"),
        (["PY  - 2020", "DA  - 2019/05/31"], "2020"),
        (["DA  - 2020-05"], "2020-05"),
        (["PY  - 2020/13"], "2020"),
        (["PY  - in press"], ""),
    ],
)
def test_dates_are_as_exact_as_they_agree(one, lines, meant):
    assert one("JOUR", "TI  - T", *lines).document.get("issued", "") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Асанов, Бакыт Маратович", "Асанов, Бакыт Маратович"),
        ("Doe, John, Jr.", "Doe, John Jr."),
        ("Асанов Б. М.", "Асанов, Б. М."),
        ("Jane Doe", "Doe, Jane"),
        ("UNESCO", "UNESCO"),
        ("Общество любителей гор и вод", "Общество любителей гор и вод"),
        ("Ысык-Көл биостанциясы", "Ысык-Көл биостанциясы"),
    ],
)
def test_people_are_taken_apart(one, said, meant):
    assert names(one("JOUR", "TI  - T", f"AU  - {said}")) == [meant]


def test_zotero_is_read(one):
    row = one(
        "CHAP", "TI  - Water in the Tien Shan", "AU  - Doe, Jane", "A2  - Roe, Ann",
        "T2  - Rivers", "T3  - Studies", "CY  - Bishkek", "DA  - 2019/01//", "PY  - 2019",
        "SP  - 1", "EP  - 20", "LA  - en-US", "PB  - Example Press", "SN  - 978-3-16-148410-0",
        "ST  - Water", "UR  - https://example.org/a;https://example.org/b",
        "Y2  - 2020/01/02/12:00:00", "L1  - files/12/absent.pdf", "KW  - rivers", "ER  - ",
    )  # fmt: skip
    found = row.document
    assert found["host"] == {
        "kind": "book", "title": "Rivers", "pages": "1–20", "isbn": "9783161484100",
        "editors": ["Roe, Ann"],
    }  # fmt: skip
    assert (found["series"], found["issued"]) == ([{"title": "Studies"}], "2019-01")
    assert found["publishers"] == [{"name": "Example Press", "place": "Bishkek"}]
    assert len(found["identifiers"]) == 2
    assert [link.name for link in row.links] == ["absent.pdf"]
    assert row.unplaced == ()


def test_data_bases_are_read(one):
    row = one(
        "CONF", "A1  - Doe, J.", "A1  - Roe, A.", "T1  - Ice", "JO  - Proc. Ice",
        "C3  - Proceedings of Ice",
        "T2  - Ice Conference", "Y1  - 2018/06//", "SP  - 5-9", "N2  - <p>About ice.</p>",
        "M3  - doi: 10.5555/ICE.1", "KW  - ice; water ; ", "AN  - 123", "DB  - Example",
    )  # fmt: skip
    found = row.document
    assert kind(row) == "conference-paper"
    assert (found["host"]["title"], found["host"]["pages"]) == ("Proceedings of Ice", "5–9")
    assert found["notes"] == ["Ice Conference"]
    assert found["abstracts"][0]["text"] == "About ice."
    assert row.key == "doi:10.5555/ice.1"
    assert [one["text"] for one in found["keywords"]] == ["ice", "water"]
    assert row.unplaced == ("AN",)


def test_files_come_from_beside_and_never_from_outside(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4")
    lines = ["TY  - BOOK", "TI  - T", "L1  - internal-pdf://0123/a b.pdf", "L1  - ../secret.pdf",
             f"L1  - file://{tmp_path}/secret.pdf", "L2  - https://example.org/t.pdf"]  # fmt: skip
    (folder / "refs.ris").write_text("\n".join(lines), encoding="utf-8")
    (row,) = ris.read(folder)
    assert [one.name for one in row.files] == ["a b.pdf"]
    assert {link.name or link.address for link in row.links} == {
        "secret.pdf", "https://example.org/t.pdf",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [("EJOUR", "article"), ("CONF", "proceedings"), ("RPRT", "report"), ("JFULL", "periodical"),
     ("EBOOK", "monograph"), ("THES", "doctoral-thesis"), ("ELEC", "other"), ("?", "other")],
)  # fmt: skip
def test_kinds_of_references_are_kinds_of_works(one, said, meant):
    assert kind(one(said, "TI  - T")) == meant


def test_kinds_are_those_of_the_archive():
    assert set(ris_tags.KINDS.values()) <= set(vocabulary.TYPES)


def test_references_are_found_across_the_edges_of_blocks(tmp_path, monkeypatch):
    path = tmp_path / "a.ris"
    path.write_bytes(
        b"".join(b"TY  - BOOK\r\nTI  - T%d\r\n\r\nER  - \r\n" % at for at in range(30))
    )
    whole = list(ris_records.cut(path))
    assert len(whole) == 30
    for size in (1, 7, 64):
        monkeypatch.setattr(ris_records, "BLOCK", size)
        assert list(ris_records.cut(path)) == whole


def test_a_reference_that_never_ends_does_not_fill_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(ris_records, "LONGEST", 2**18)
    path = tmp_path / "a.ris"
    path.write_bytes(b"TY  - BOOK\n" + b"AB  - x\n" * 2**17 + b"TY  - BOOK\nTI  - T\n")
    first, second = ris.read(path)
    assert "larger" in first.problem
    assert not second.problem

"""What becomes of a catalogue's records, and that nothing of them is lost."""

from pathlib import Path

import importing
import irbis_files
import pytest

from ingest import fitting
from ingest.importers import irbis, irbis_db
from ingest.irbis import cataloguing, patching, profiles, records
from ingest.irbis.records import Field, Record
from schemas import vocabulary

REAL = Path(__file__).resolve().parents[3].parent / "shared/data/irbis"


def described(*fields, **more):
    reading = profiles.read(Record(tuple(Field(*one) for one in fields), **more))
    return fitting.fit(reading.document, name="x")[0], reading


def kind(document):
    return vocabulary.TYPES_BY_URI[document["type"]].key


@pytest.fixture
def rows():
    found = [one for one in irbis.read(importing.sample("irbis")) if not one.problem]
    return {vocabulary.TYPES_BY_URI[one.document["type"]].key: one for one in found}


def test_a_textbook_with_people_subjects_copies_and_a_file(rows):
    row = rows["textbook"]
    document = row.document
    assert [one["text"] for one in document["titles"]] == [
        "Кыргыз тилинин грамматикасы",
        "Жогорку окуу жайлары үчүн окуу китеби",
    ]
    first, second = document["creators"]
    assert (first["family"], first["given"], first["patronymic"]) == (
        "Асанова",
        "Айгүл",
        "Токтосуновна",
    )
    assert second["patronymic"] == "Асан уулу"
    assert document["contributors"][0]["role"] == "edt"
    assert document["issued"] == "2019" and document["languages"] == ["ky"]
    assert document["extent"] == ["312 с. : ил."] and document["edition"] == "2-басылышы"
    assert {one["scheme"]: one["code"] for one in document["classification"]} == {
        "bbk": "81.2Кыр",
        "udc": "811.512.154",
        "grnti": "16.21.33",
    }
    assert document["abstracts"][0]["text"].startswith("Китепте морфология жана")
    assert document["abstracts"][0]["language"] == "ky"
    assert [one.inventory for one in row.holdings] == ["120001", "120002"]
    assert row.holdings[0].book == "2019/14" and row.holdings[0].price == "350.00"
    assert row.links[0].address == "https://example.org/grammatika.pdf"
    assert row.unplaced == ("4444",)
    assert row.key == "81.2/А 90-120001"


def test_an_article_has_its_host_and_an_issue_the_name_of_its_serial(rows):
    host = rows["article"].document["host"]
    assert host == {
        "kind": "journal",
        "title": "Вестник университета",
        "volume": "6",
        "issue": "№ 4",
        "pages": "12–19",
        "place": "Бишкек",
        "date": "2004",
    }
    issue = rows["periodical-issue"].document
    assert issue["titles"][0]["text"] == "Вестник университета. Т. 6, № 4, 2004"
    assert issue["host"]["title"] == "Вестник университета"


def test_a_volume_is_named_after_its_set(rows):
    document = rows["monograph"].document
    assert document["titles"][0]["text"] == "An introduction to mountain studies : in 3 vol. Vol. 2"
    assert document["relations"][0]["kind"] == "is_part_of"
    assert "Vol. 2" in document["relations"][0]["citation"]


@pytest.mark.parametrize(
    ("subtitle", "wanted", "degree"),
    [
        ("автореф. дис. ... канд. филол. наук : 10.02.20", "thesis-abstract", "candidate"),
        ("дис. ... д-ра ист. наук", "doctoral-thesis", "doctor"),
        ("магистерская диссертация", "master-thesis", "master"),
        ("выпускная квалификационная работа бакалавра", "bachelor-thesis", "bachelor"),
    ],
)
def test_theses_are_told_by_what_the_title_page_says(subtitle, wanted, degree):
    document, _ = described((920, "PAZK"), (200, f"^AТил^E{subtitle}"), (101, "rus"))
    assert kind(document) == wanted and document["thesis"]["degree"] == degree
    if "10.02.20" in subtitle:
        assert document["thesis"]["specialty"] == {"code": "10.02.20"}


def test_what_was_guessed_is_said():
    document, reading = described((920, "SOB"), (331, "Открытие памятника"), (210, "^Dбез года"))
    assert document["titles"][0]["text"] == "Открытие памятника"
    assert len(reading.remarks) == 3
    document, reading = described((920, "PAZK"), (200, "^AТил^FА. Б. Асанов, редкол."))
    assert document["creators"][0]["family"] == "Асанов"
    assert "200^f" in reading.remarks[0]


def test_a_wrong_isbn_stays_findable_and_a_cyrillic_letter_in_it_is_no_fault():
    document, reading = described(
        (920, "PAZK"), (200, "^AА"), (10, "^A5-900776-31-х"), (10, "^A978-5-1")
    )
    assert document["identifiers"][0] == {"scheme": "local", "value": "ISBN 978-5-1"} or (
        document["identifiers"][0]["scheme"] == "isbn"
    )
    assert any("978-5-1" in one for one in reading.remarks)


def test_a_record_of_rusmarc_with_embedded_fields():
    document, reading = described(
        (1, "RU\\X\\7"),
        (101, "^arus", "0 "),
        (200, "^aВып. 13.", "0 "),
        (210, "^aСПб.^cUt^d1997", "  "),
        (461, "^1001RU\\X\\5^12001 ^aЗадачи и этюды^vВып. 13", " 0"),
        (606, "^3RU\\X\\9^aШахматы^jСборники^2nlr-sh", "0 "),
        (686, "^a75.581^2rubbk", "  "),
        (702, "^aБарсуков^bВ. Н.^4340", " 1"),
        (801, "^aRU^bX", " 0"),
        leader="00562nam2 2200217 i 450 ",
    )
    assert document["titles"][0]["text"] == "Задачи и этюды. Вып. 13."
    assert document["relations"][0]["citation"] == "Задачи и этюды. — Вып. 13"
    assert document["keywords"] == [{"text": "Шахматы – Сборники"}]
    assert document["classification"] == [{"scheme": "bbk", "code": "75.581"}]
    assert document["contributors"][0]["role"] == "edt"
    assert profiles.unplaced(reading) == ()


def test_a_deleted_record_is_told_as_gone(tmp_path):
    book = Record((Field(920, "PAZK"), Field(200, "^AТил"), Field(903, "К-1")))
    gone = Record((Field(200, "^AЖок"), Field(903, "К-2")), status=records.Status.DELETED)
    found = list(irbis_db.read(irbis_files.write(tmp_path, "IBIS", [book], [gone])))
    assert [(one.key, one.gone) for one in found] == [("К-1", False), ("К-2", True)]


def test_keys_that_come_twice_get_a_number(tmp_path):
    source = tmp_path / "x.txt"
    source.write_text("#200: ^AА\n#903: K\n*****\n#200: ^AБ\n#903: K\n*****\n", "utf-8")
    assert [one.key for one in irbis.read(source)] == ["K", "K (2)"]


def test_the_profile_and_the_encoding_can_be_said(tmp_path):
    source = tmp_path / "x.txt"
    source.write_bytes("#200: ^AТил\n*****\n".encode("cp866"))
    found = list(irbis.read(source, encoding="cp866", profile="irbis"))
    assert found[0].document["titles"][0]["text"] == "Тил"


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="no shared data beside the checkout")
class TestReal:
    @pytest.fixture
    def found(self):
        kept = []
        for name in ("records.txt", "record.txt", "Reports_001_records.txt", "rusmarc.iso"):
            kept += irbis.read(REAL / name)
        kept += irbis_db.read(REAL / "KZD.MST")
        assert [one.place for one in kept if one.problem] == ["KZD.MST, MFN 18"]  # has no title
        return [one for one in kept if not one.problem]

    def test_every_record_is_described_and_kept_whole(self, found):
        assert len(found) == 125
        for row in found:
            assert records.load(row.kept.text).fields

    def test_what_we_write_gives_the_same_description_again(self, found):
        same = ("titles", "creators", "contributors", "issued", "publishers", "keywords")
        for row in found:
            record = records.load(row.kept.text)
            if profiles.of(record) != profiles.IRBIS:
                continue
            again = Record(tuple(cataloguing.fields(row.document)))
            document, _ = fitting.fit(profiles.read(again).document, name="x")
            for element in same:
                assert document.get(element) == row.document.get(element), row.place

    def test_no_change_changes_nothing(self, found):
        for row in found:
            record = records.load(row.kept.text)
            given = cataloguing.fields(row.document)
            assert patching.patch(record, given, given).record == record

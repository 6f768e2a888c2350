"""Staff bring files on a page: they see what is in them, try, take in, and take back."""

import io

import importing
import openpyxl
import pytest
from lxml import html
from sqlalchemy import select

from ingest import runs, table_template
from ingest.importers import table, table_cells
from repository.models.imports import Import
from repository.models.works import Work
from schemas import vocabulary
from schemas.roles import Role

SAMPLE = importing.sample("irbis")


@pytest.fixture
def staff(enter, person):
    return enter(person(Role.CATALOGUER))


def text(page):
    return html.tostring(page, encoding="unicode")


def bring(staff, *files):
    page = staff.get("/staff/imports")
    sent = [(io.BytesIO(data), name) for name, data in files]
    return staff.send(page, "/staff/imports", typed={"files": sent})


def test_a_file_is_looked_at_tried_taken_in_and_taken_back(staff, archive):
    answer = bring(staff, (SAMPLE.name, SAMPLE.read_bytes()))
    assert answer.status_code == 303
    where = answer.headers["Location"]
    page = staff.get(f"{where}?lang=en")
    said = text(page)
    assert "Кыргыз тилинин грамматикасы" in said and "120001; 120002" in said
    assert "This is no field" in said and "IRBIS64, exchange file" in said
    for do, count in (("try", 0), ("take", 5), ("undo", 0)):
        assert staff.send(page, where, button=("do", do)).status_code == 303
        while runs.follow(archive):
            pass
        page = staff.get(f"{where}?lang=en")
        with archive.reading() as session:
            assert len(session.scalars(select(Work)).all()) == count
    said = text(page)
    assert "Drafts discarded" in said and "4444" in said
    table = staff.client.get(f"{where}/report.csv?lang=ru").get_data(as_text=True)
    assert "catalogue.txt, line" in table
    assert "catalogue.txt" in text(staff.get("/staff/imports"))


def test_a_database_is_brought_as_its_two_files(staff):
    folder = importing.sample("irbis-db")
    files = [(one.name, one.read_bytes()) for one in sorted(folder.iterdir())]
    where = bring(staff, *files).headers["Location"]
    assert "IBIS.mst, MFN 1" in text(staff.get(where))


def test_what_nobody_knows_is_said_and_can_be_thrown_away(staff, archive):
    where = bring(staff, ("x.bin", b"\0\1\2" * 99)).headers["Location"]
    page = staff.get(f"{where}?lang=en")
    assert "This kind of file is not known" in text(page)
    assert staff.send(page, where, button=("do", "try")).status_code == 422
    page = staff.get(where)
    assert staff.send(page, f"{where}/drop").status_code == 303
    assert staff.client.get(where).status_code == 404
    assert not runs.folder(archive.settings, 1).exists()


def test_without_a_file_or_with_an_empty_one_nothing_is_kept(staff, archive):
    assert bring(staff).status_code == 422
    assert bring(staff, ("a.txt", b"")).status_code == 422
    with archive.reading() as session:
        assert session.scalars(select(Import)).all() == []


def test_only_cataloguers_come_in(enter, person, client):
    assert client.get("/staff/imports").status_code in (302, 303, 401)
    assert enter(person(Role.DEPOSITOR)).client.get("/staff/imports").status_code == 403


def test_records_are_taken_out_and_what_does_not_fit_is_said_first(staff, archive):
    bring(staff, (SAMPLE.name, SAMPLE.read_bytes()))
    page = staff.get("/staff/imports/1")
    staff.send(page, "/staff/imports/1", button=("do", "take"), typed={"publish": "yes"})
    while runs.follow(archive):
        pass
    client = staff.client
    assert "Take records out" in text(staff.get("/staff/exports"))
    answer = client.get("/staff/exports?format=irbis&type=textbook")
    assert answer.headers["Content-Disposition"].endswith('.txt"')
    assert answer.get_data(as_text=True).count("*****") == 1
    page = staff.get("/staff/exports?format=irbis-iso")
    assert "4444" in text(page)
    path = page.xpath("//a[contains(@href, 'anyway')]/@href")[0]
    assert client.get(path).get_data().count(b"\x1d") == 5
    for wrong in ("format=x", "format=irbis&since=abc", "format=irbis&type=x"):
        assert client.get(f"/staff/exports?{wrong}").status_code == 422
    assert client.get("/staff/exports?format=irbis&collection=none").status_code == 404


TABLE = "Эмгек;Автору;Жыл;Эскертме\nАла-Тоо;Асанов Б. М.;2024;жакшы\nСуу;Петров П. П.;2023;\n"


def test_columns_are_mapped_on_the_page_and_the_mapping_is_kept(staff, archive):
    where = bring(staff, ("list.csv", TABLE.encode())).headers["Location"]
    page = staff.get(f"{where}?lang=en")
    said = text(page)
    assert "Table (CSV, XLSX)" in said and "No column of “list.csv” holds the titles" in said
    assert "Ала-Тоо" in said, "Examples stand beside the headings."
    (chosen,) = page.xpath("//select[@name='column.1']/option[@selected]")
    assert chosen.get("value") == "creators"
    told = {"column.0": "title", "column.3": "notes"}
    staff.send(page, where, typed=told, button=("do", "look"))
    page = staff.get(f"{where}?lang=en")
    assert "Асанов Б. М." in text(page) and "holds the titles" not in text(page)
    staff.send(page, where, button=("do", "take"))
    while runs.follow(archive):
        pass
    with archive.reading() as session:
        works = session.scalars(select(Work).order_by(Work.id)).all()
        assert [one.document["titles"][0]["text"] for one in works] == ["Ала-Тоо", "Суу"]
        assert works[0].document["notes"] == ["жакшы"]
    later = bring(staff, ("next.csv", TABLE.replace("Суу", "Көл").encode())).headers["Location"]
    page = staff.get(f"{later}?lang=en")
    assert "holds the titles" not in text(page), "What was told once is known."
    assert page.xpath("string(//select[@name='column.3']/option[@selected]/@value)") == "notes"


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_empty_table_is_understood_when_it_comes_back_filled_in(staff, tmp_path, language):
    for ending in ("xlsx", "csv"):
        answer = staff.client.get(f"/staff/imports/table.{ending}?lang={language}")
        path = tmp_path / f"empty.{ending}"
        path.write_bytes(answer.data)
        assert [one.key for one in table.columns(path)] == list(table_template.KEYS)
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    works, _help, lists = book.worksheets
    kinds = [cell.value for cell in lists["A"] if cell.value]
    works.append(["Тоо", "Асанов Б. М.", kinds[0], "2024", "ky"])
    book.save(tmp_path / "filled.xlsx")
    (row,) = table.read(tmp_path / "filled.xlsx")
    assert row.document["type"] == next(iter(vocabulary.TYPES.values())).uri
    assert not row.remarks and not row.problem
    for at, key in enumerate(table_template.LISTS):
        for cell in [one.value for one in list(lists.columns)[at] if one.value]:
            assert table_cells.prepared(key, [cell])[1] == [], cell

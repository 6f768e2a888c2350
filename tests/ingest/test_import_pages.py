"""Staff bring files on a page: they see what is in them, try, take in, and take back."""

import io

import importing
import pytest
from lxml import html
from sqlalchemy import select

from ingest import runs
from repository.models.imports import Import
from repository.models.works import Work
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

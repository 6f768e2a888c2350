"""Items that DSpace has exported, with their files, or as a table."""

import zipfile

import importing

from ingest.importers import dspace_csv, dspace_saf
from schemas.vocabulary import Access

ITEM = (
    '<dublin_core schema="dc"><dcvalue element="title" qualifier="none">{}</dcvalue></dublin_core>'
)


def test_files_come_with_the_first_of_them_and_licences_and_groups_are_told():
    row = next(dspace_saf.read(importing.sample("dspace-saf")))
    assert [(one.name, one.access) for one in row.files] == [
        ("thesis.txt", Access.OPEN),
        ("tables.txt", Access.STAFF),
    ]
    told = " ".join(row.remarks)
    assert "license.txt" in told and "“Staff only”" in told and "ISBN" in told
    assert row.key == "123456789/41" and "<dcvalue" in row.kept.text
    assert row.document["thesis"] == {"degree": "master", "grantor": "Мисал университети"}


def test_a_zip_of_items_is_read_without_names_that_lead_out(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("out/1/dublin_core.xml", ITEM.format("One"))
        pack.writestr("out/1/contents", "../../etc/passwd\n-r -s 0 -f a.txt\tbundle:ORIGINAL\n")
        pack.writestr("out/1/a.txt", "text of a")
        pack.writestr("../up.txt", "up")
        pack.writestr("out/10/dublin_core.xml", ITEM.format("Ten"))
        pack.writestr("out/2/dublin_core.xml", ITEM.format("Two"))
    *rows, refused = dspace_saf.read(path)
    assert [row.document["titles"][0]["text"] for row in rows] == ["One", "Two", "Ten"]
    assert "../../etc/passwd" in rows[0].remarks[0]
    with rows[0].files[0].open() as stream:
        assert stream.read() == b"text of a"
    assert "up.txt" in refused.place and refused.problem


def test_cells_are_divided_and_authorities_are_no_part_of_names():
    row = next(dspace_csv.read(importing.sample("dspace-csv")))
    assert [one["given"] for one in row.document["creators"]] == ["Гүлнара", "Иван"]
    assert row.collections == ("dspace-123456789-2", "dspace-123456789-3")
    assert row.unplaced == ("local.shelf",)


def test_a_quotation_mark_that_is_not_closed_is_told(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text('id,dc.title\n1,One\n2,"' + "long\n" * 1_000_000)
    one, broken = dspace_csv.read(path)
    assert one.key == "1" and "quotation mark" in broken.problem

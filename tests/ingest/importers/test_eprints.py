"""EPrints XML with its files: within it, or beside it."""

from datetime import date

import importing

from ingest.importers import eprints
from schemas.vocabulary import Access

RECORD = (
    '<eprints xmlns="http://eprints.org/ep2/data/2.0"><eprint><eprintid>7</eprintid>'
    "<title>Seven</title><documents><document><security>staffonly</security>"
    "<files><file><filename>{0}</filename>{1}</file></files></document></documents>"
    "</eprint></eprints>"
)


def one(tmp_path, name, said):
    path = tmp_path / "export.xml"
    path.write_text(RECORD.format(name, said))
    return next(iter(eprints.read(path)))


def test_a_file_within_the_xml_is_there_while_its_record_is_read():
    row = next(rows := eprints.read(importing.sample("eprints")))
    (file,) = row.files
    assert file.access is Access.REGISTERED
    with file.open() as stream:
        assert stream.read().decode() == "Эмгектин тексти.\n"
    assert "base64" not in row.kept.text
    *_rest, last = rows
    assert last.links[0].address.endswith("/a.pdf") and not file.path.exists()


def test_an_embargo_ends_the_day_before_everybody_may_read(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    path = tmp_path / "export.xml"
    body = RECORD.format("a.txt", "").replace(
        "</security>", "</security><date_embargo>2999-01-01</date_embargo>"
    )
    path.write_text(body)
    (file,) = next(eprints.read(path)).files
    assert (file.access, file.embargo_until) == (Access.OPEN, date(2998, 12, 31))


def test_a_file_beside_the_xml_is_found_by_the_end_of_its_address(tmp_path):
    (tmp_path / "7/1").mkdir(parents=True)
    (tmp_path / "7/1/a.txt").write_text("a")
    row = one(tmp_path, "a.txt", "<url>https://eprints.example.org/7/1/a.txt</url>")
    assert row.files[0].path == tmp_path / "7/1/a.txt" and row.files[0].access is Access.STAFF


def test_what_lies_outside_or_is_lost_or_damaged_is_told(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    for name, said in (
        ("../secret", "<url>../secret</url>"),
        ("link.txt", ""),
        ("a.txt", '<data encoding="base64">%%%</data>'),
        ("a.txt", '<hash>00</hash><hash_type>MD5</hash_type><data encoding="base64">YQ==</data>'),
    ):
        row = one(folder, name, said)
        assert row.problem and not row.files

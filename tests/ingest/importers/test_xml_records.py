"""Files of XML, cut into records: a broken one costs only itself."""

import tracemalloc

import pytest

from ingest.importers import dublincore, marcxml, oai, xml_records
from schemas import work as profile

HEAD = '<?xml version="1.0" encoding="{}"?><m:collection xmlns:m="http://www.loc.gov/MARC21/slim">'
RECORD = (
    '\n<m:record><m:controlfield tag="001">{0}</m:controlfield><m:datafield tag="245" ind1="0"'
    ' ind2="0"><m:subfield code="a">Эмгек {0}</m:subfield></m:datafield></m:record>'
)
URI = "http://www.loc.gov/MARC21/slim"
END = "</m:collection>"


@pytest.fixture
def read(tmp_path):
    """The rows of a text, as a file in an encoding."""

    def of(body, importer=marcxml, encoding="utf-8"):
        path = tmp_path / "records.xml"
        path.write_bytes(body.encode(encoding))
        return list(importer.read(path))

    return of


def titles(rows):
    return [row.document["titles"][0]["text"] if row.document else "" for row in rows]


def test_a_record_that_is_not_closed_costs_only_itself(read):
    open_ended = RECORD.format(2).removesuffix("</m:record>")
    rows = read(HEAD.format("utf-8") + RECORD.format(1) + open_ended + RECORD.format(3) + END)
    assert titles(rows) == ["Эмгек 1", "", "Эмгек 3"]
    assert "Its end is missing" in rows[1].problem
    assert rows[1].place == "records.xml, record 2, line 3"


def test_lines_are_those_of_the_file(read):
    broken = RECORD.format(2).replace("Эмгек", "\n\nA & B")
    rows = read(HEAD.format("utf-8") + RECORD.format(1) + broken + RECORD.format(3) + END)
    assert titles(rows) == ["Эмгек 1", "", "Эмгек 3"]
    assert "line 5" in rows[1].problem


def test_a_file_that_is_cut_off_says_so(read):
    whole = HEAD.format("utf-8") + RECORD.format(1) + RECORD.format(2)
    rows = read(whole)
    assert titles(rows) == ["Эмгек 1", "Эмгек 2", ""]
    assert rows[2].place == "records.xml, after record 2"
    within = read(whole[:-30])
    assert titles(within) == ["Эмгек 1", ""]
    assert "cut off" in within[1].problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16", "koi8-r"])
def test_the_encoding_that_a_file_names_holds_for_each_record(read, encoding):
    said = HEAD.format(encoding.removesuffix("-sig"))
    rows = read(said + RECORD.format(1) + RECORD.format(2) + END, encoding=encoding)
    assert titles(rows) == ["Эмгек 1", "Эмгек 2"]


def test_a_doctype_is_refused_wherever_it_stands(read):
    rows = read(f"<?xml version='1.0'?><!-- {'-=' * 9} --><!DOCTYPE x>" + RECORD.format(1))
    assert [row.document for row in rows] == [{}]
    assert "DOCTYPE" in rows[0].problem
    rows = read(HEAD.format("utf-8") + RECORD.format(1).replace(">Э", "><!DOCTYPE x>Э") + END)
    assert titles(rows) == [""]


def test_a_record_by_itself_needs_nothing_around_it(read):
    rows = read(RECORD.format(7).replace("<m:record>", f'<m:record xmlns:m="{URI}">').strip())
    assert titles(rows) == ["Эмгек 7"]
    assert rows[0].key == "7"


def test_a_record_may_be_cut_anywhere_by_the_blocks_in_which_it_is_read(read, monkeypatch):
    body = HEAD.format("utf-8") + "".join(map(RECORD.format, range(5))) + END
    for size in (64, 65, 97, 300):
        monkeypatch.setattr(xml_records, "BLOCK", size)
        assert titles(read(body)) == [f"Эмгек {at}" for at in range(5)]


def test_a_record_that_never_ends_is_left_out(read, monkeypatch):
    monkeypatch.setattr(xml_records, "LONGEST", 4000)
    monkeypatch.setattr(xml_records, "BLOCK", 1000)
    huge = RECORD.format(2).replace("Эмгек", "Э" * 9000)
    rows = read(HEAD.format("utf-8") + RECORD.format(1) + huge + RECORD.format(3) + END)
    assert titles(rows) == ["Эмгек 1", "", "Эмгек 3"]
    assert "larger than" in rows[1].problem


def test_memory_stays_flat(tmp_path):
    path = tmp_path / "records.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD.format("utf-8"))
        file.writelines(RECORD.format(at) for at in range(20_000))
        file.write(END)
    tracemalloc.start()
    number = sum(piece.element is not None for piece in xml_records.read(path, "record"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert number == 20_000
    assert peak < 6 * 2**20
    assert marcxml.count(path) == 20_000


def test_deleted_records_of_a_dump_are_gone_and_one_without_an_end_costs_only_itself(read):
    record = (
        "<record><header><identifier>oai:x:{0}</identifier></header><metadata>"
        f'<record xmlns="{URI}"><datafield tag="245"><subfield code="a">Т{{0}}</subfield>'
        "</datafield></record></metadata></record>"
    )
    gone = '<record><header status="deleted"><identifier>oai:x:9</identifier></header></record>'
    cut = record.format(2)[:-40]
    rows = read(f"<r>{record.format(1)}{gone}{cut}{record.format(3)}</r>", oai)
    assert titles(rows) == ["Т1", "", "", "Т3"]
    assert [row.key for row in rows] == ["oai:x:1", "oai:x:9", "", "oai:x:3"]
    assert [row.gone for row in rows] == [False, True, False, False]


@pytest.mark.parametrize(
    "body",
    [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/terms/"><rdf:Description '
        'rdf:about="https://example.org/1"><dc:title>Тоо</dc:title></rdf:Description></rdf:RDF>',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Тоо</dc:title>'
        "<dc:identifier>https://example.org/1</dc:identifier></metadata>",
        '<list xmlns:dc="http://purl.org/dc/elements/1.1/"><record><dc:title>Тоо</dc:title>'
        "<dc:identifier>https://example.org/1</dc:identifier></record></list>",
        '<dspace:qualifieddc xmlns:dspace="http://dspace.org/qualifieddc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Тоо</dc:title>'
        "<dc:identifier>https://example.org/1</dc:identifier></dspace:qualifieddc>",
    ],
    ids=["rdf", "bare", "records", "dspace"],
)
def test_dublin_core_is_read_in_whatever_wrapping(read, body):
    (row,) = read(body, dublincore)
    assert not row.problem
    document = profile.check(row.document)
    assert document["titles"][0]["text"] == "Тоо"
    assert row.key == "url:https://example.org/1"

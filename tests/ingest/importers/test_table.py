"""Tables of works: what headings mean, what cells say, and the files that lie beside them."""

import unicodedata
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest

from ingest import sheets
from ingest.importers import table, table_cells, table_headings, table_sources
from repository.errors import Invalid
from schemas import work as profile
from schemas.vocabulary import Access

HEAD = "title;creators;issued;languages"
ROW = "Тоо;Асанов Б. М.;2024;ky"


def written(folder, *lines, name="works.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def one(source, **more):
    (row,) = table.read(source, **more)
    return row


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Название", "title"),
        ("АТАЛЫШЫ:", "title"),
        ("Title [title]", "title"),
        ("dc.title", "title"),
        ("Ф.И.О. автора", "creators"),
        ("Авторлору", "creators"),
        ("Отв. редактор", "editor"),
        ("Год издания", "issued"),
        ("Басылган жылы", "issued"),
        ("Аннотация (на русском языке)", "abstract.ru"),
        ("Аннотация (кырг.)", "abstract.ky"),
        ("dc.subject[en]", "keywords.en"),
        ("keywords.ky", "keywords.ky"),
        ("Ачкыч сөздөр", "keywords"),
        ("УДК", "udc"),
        ("Количество страниц", "extent"),
        ("number", "key"),
        ("Кафедра", ""),
        ("", ""),
    ],
)
def test_headings_are_understood_in_three_languages(heading, key):
    assert table_headings.meaning(heading) == key


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Асанов Б. М., Петров П. П.", ["Асанов Б. М.", "Петров П. П."]),
        ("Асанов, Бакыт Маратович", ["Асанов, Бакыт Маратович"]),
        ("Doe, Jane; Roe, R.", ["Doe, Jane", "Roe, R."]),
        ("Асан уулу Бакыт\nПетров П.", ["Асан уулу Бакыт", "Петров П."]),
        ("", []),
    ],
)
def test_names_in_one_cell_are_taken_apart_where_it_is_certain(cell, people):
    assert table_cells.values("creators", cell) == people


def test_a_row_of_words_becomes_a_description(tmp_path):
    source = written(
        tmp_path,
        "Список трудов кафедры за 2024 год;;;;;;;",
        ";;;;;;;",
        "Тема;ФИО автора;Научный руководитель;Вид работы;Год;Язык;Степень;Лицензия",
        "Реки Тянь-Шаня;Петров П.;Асанов Б. М.;Диссертация;2019 г.;русский;Кандидат наук;CC BY 4.0",
    )
    row = one(source)
    document = profile.check(row.document)
    assert row.place == "works.csv, row 4" and not row.remarks
    assert document["titles"] == [{"text": "Реки Тянь-Шаня", "language": "ru", "kind": "main"}]
    assert document["issued"] == "2019" and document["languages"] == ["ru"]
    assert document["contributors"][0]["role"] == "ths"
    assert document["thesis"]["degree"] == "candidate" and document["licence"] == "cc-by-4.0"
    assert row.kept.format == "table" and "Реки Тянь-Шаня" in row.kept.text


def test_what_is_not_understood_is_named_and_the_rest_comes(tmp_path):
    head = "title;type;issued;languages;isbn;Кафедра"
    row = one(written(tmp_path, head, "Тоо;Буклет;давно;марсианский;1234567890;Физика"))
    assert [one.parameters.get("value") for one in row.remarks][:3] == [
        "Буклет",
        "давно",
        "марсианский",
    ]
    assert "isbn" in row.remarks[3].lower()
    assert row.unplaced == ("Кафедра",) and row.document["titles"][0]["text"] == "Тоо"


def test_a_heading_that_says_nothing_can_be_told(tmp_path):
    source = written(tmp_path, "Эмгек;Ким жазган;Эскертме", "Тоо;Асанов Б. М.;жакшы")
    with pytest.raises(Invalid, match="Эмгек, Ким жазган"):
        one(source)
    told = {"Эмгек": "title", "Ким жазган": "creators", "Эскертме": "notes"}
    row = one(source, columns=told)
    assert row.document["creators"][0]["family"] == "Асанов"
    assert row.document["notes"] == ["жакшы"] and not row.unplaced
    left = one(source, columns={**told, "Эскертме": ""})
    assert "notes" not in left.document and left.unplaced == ("Эскертме",)


def test_columns_are_shown_with_examples_and_what_they_mean(tmp_path):
    source = written(tmp_path, "Название;Эскертме;Эскертме", "Тоо;а;", "Көл;б;в")
    found = table.columns(source)
    assert [(one.heading, one.key, one.examples) for one in found] == [
        ("Название", "title", ("Тоо", "Көл")),
        ("Эскертме", "", ("а", "б")),
        ("Эскертме (2)", "", ("в",)),
    ]


def test_our_own_spreadsheet_is_read_as_it_went_out(tmp_path):
    document = profile.check(
        {
            "type": "http://purl.org/coar/resource_type/c_db06",
            "titles": [
                {"text": "Тоо; жана суу", "language": "ky", "kind": "main"},
                {"text": "Горы и вода", "language": "ru", "kind": "translated"},
            ],
            "creators": [{"kind": "person", "family": "Асанов", "given": "Бакыт", "role": "aut"}],
            "contributors": [{"kind": "person", "family": "Doe", "given": "Jane", "role": "ths"}],
            "issued": "2024-05-31",
            "languages": ["ky"],
            "abstracts": [{"text": "Бир; эки.\n\nҮч.", "language": "ky"}],
            "keywords": [{"text": "тоо", "language": "ky"}, {"text": "вода", "language": "ru"}],
            "identifiers": [{"scheme": "doi", "value": "10.5555/a"}],
            "thesis": {"degree": "candidate", "grantor": "КУУ"},
            "licence": "cc-by-4.0",
        }
    )
    work = SimpleNamespace(
        id=7, revision=2, state="published", document=document, collections=[], current_files=[]
    )
    for kind in (sheets.CSV, sheets.XLSX):
        source = tmp_path / f"out.{kind}"
        source.write_bytes(sheets.write([work], kind, base_url="https://archive.example.org"))
        row = one(source)
        assert row.document == document
        assert row.key == "7" and not row.unplaced and not row.remarks


def test_files_are_found_by_name_whatever_wrote_it(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Йод.pdf")
    (tmp_path / decomposed).write_bytes(b"%PDF-1.4 a")
    (tmp_path / "two.PDF").write_bytes(b"%PDF-1.4 b")
    alone = written(tmp_path, f"{HEAD};files;access", f"{ROW};Йод.pdf, TWO.pdf;campus")
    packed = tmp_path.parent / f"{tmp_path.name}.zip"
    with zipfile.ZipFile(packed, "w") as pack:
        for path in tmp_path.iterdir():
            pack.write(path, f"inner/{path.name}")
    for source in (tmp_path, packed):
        row = one(source)
        assert [each.name for each in row.files] == ["Йод.pdf", "two.PDF"]
        assert {each.access for each in row.files} == {Access.CAMPUS}
        with row.files[0].open() as stream:
            assert stream.read() == b"%PDF-1.4 a"
    alone.write_text(f"{HEAD};files\n{ROW};two.PDF\n", encoding="utf-8")
    assert [each.size for each in one(alone).files] == [10]


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "absent.pdf", "link.pdf"])
def test_a_file_that_is_not_beside_the_table_is_refused(tmp_path, name):
    (tmp_path / "secret.txt").write_text("a secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.pdf").symlink_to(tmp_path / "secret.txt")
    row = one(written(inner, f"{HEAD};files", f"{ROW};{name}"))
    assert "There is no file" in row.problem and not row.files


def test_files_that_no_row_names_are_told(tmp_path):
    (tmp_path / "forgotten.pdf").write_bytes(b"%PDF")
    written(tmp_path, HEAD, ROW)
    good, forgotten = table.read(tmp_path)
    assert not good.problem
    assert "forgotten.pdf" in forgotten.place and "No row names" in forgotten.problem


@pytest.mark.parametrize(
    ("head", "cell"),
    [("access", "баарына эмес"), ("embargo_until", "кийин"), ("embargo_until", "2030")],
)
def test_terms_that_are_not_understood_keep_the_work_out(tmp_path, head, cell):
    """A file must not become open because its terms were misspelt."""
    row = one(written(tmp_path, f"{HEAD};{head}", f"{ROW};{cell}"))
    assert cell in row.problem and not row.document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_of_every_program_are_read(tmp_path, encoding, mark):
    lines = (
        HEAD.replace(";", mark),
        "Реки и озёра Киргизии;Петров П. П.;2024;ru".replace(";", mark),
    )
    row = one(written(tmp_path, *lines, encoding=encoding))
    assert row.document["titles"][0]["text"] == "Реки и озёра Киргизии"


def test_the_mark_of_excel_and_kept_formulas_are_no_text(tmp_path):
    row = one(written(tmp_path, "sep=;", HEAD, "'=Тоо;Асанов Б. М.;2024;ky"))
    assert row.document["titles"][0]["text"] == "=Тоо"


def test_empty_rows_are_passed_over_but_not_a_million(tmp_path):
    near, far = "\n" * 5000, "\n" * (table_sources.EMPTY + 1)
    rows = list(table.read(written(tmp_path, f"{HEAD}{near}", f"{ROW}{far}", ROW)))
    assert [one.place for one in rows] == ["works.csv, row 5002"]


def test_a_row_is_known_again_after_its_other_cells_were_corrected(tmp_path):
    first = one(written(tmp_path, f"{HEAD};notes", f"{ROW};а"))
    again = one(written(tmp_path, f"{HEAD};notes;udc", f"{ROW};б;81"))
    other = one(written(tmp_path, HEAD, ROW.replace("Тоо", "Көл")))
    assert first.key == again.key != other.key
    numbered = one(written(tmp_path, f"{HEAD};ID", f"{ROW};17"))
    assert numbered.key == "17"


def test_a_book_that_is_cut_off_is_refused_and_the_table_beside_it_comes(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["title"])
    book.save(tmp_path / "a.xlsx")
    data = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(data[: len(data) // 2])
    written(tmp_path, HEAD, ROW, name="b.csv")
    bad, good = table.read(tmp_path)
    assert "a.xlsx" in bad.place and bad.problem and not good.problem

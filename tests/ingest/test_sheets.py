"""Works go out as a spreadsheet, are corrected in it, and come back as a plan of changes."""

import csv
import io
from types import SimpleNamespace

import openpyxl
import pytest
from generated import documents
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import sheets
from ingest.sheet_columns import changed, columns, tongues
from repository import batches, catalogue, collections, publishing
from repository.errors import ArchiveError, Invalid
from repository.models.batches import RowState
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas import work as profile

DOCUMENT = {
    "type": vocabulary.TYPES["article"].uri,
    "titles": [
        {"text": "Көлдөр", "language": "ky", "kind": "main"},
        {"text": "Lakes", "language": "en", "kind": "translated"},
    ],
    "creators": [
        {
            "kind": "person",
            "family": "Осмонова",
            "given": "Айгүл",
            "patronymic": "Бакытовна",
            "orcid": "0000-0002-1825-0097",
            "role": "aut",
        },
        {"kind": "organisation", "name": "Илимдер академиясы", "role": "aut"},
    ],
    "contributors": [{"kind": "person", "family": "Асанов", "role": "trl"}],
    "issued": "2021",
    "publishers": [{"name": "Илим", "place": "Фрунзе"}],
    "keywords": [{"text": "көл", "language": "ky"}, {"text": "lake", "language": "en"}],
    "abstracts": [{"text": "Бир.\n\nЭки.", "language": "ky"}],
    "classification": [{"scheme": "udc", "code": "556.5", "label": "Көлдөр"}],
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


def standing(document):
    return {"document": document, "collections": [], "rights": {}}


@settings(max_examples=150, deadline=None)
@given(document=documents())
def test_a_sheet_that_nobody_has_touched_changes_nothing(document):
    """Written as XLSX and as CSV and read back, each cell says what the work says."""
    known = columns(tongues([document]))
    work = SimpleNamespace(
        id=7, revision=2, state="published", document=document, collections=[], current_files=[]
    )
    for kind in (sheets.XLSX, sheets.CSV):
        data = sheets.write([work], kind, base_url="https://example.org")
        table = list(sheets._table(io.BytesIO(data)))
        cells = dict(zip(map(sheets._key, table[0][1]), table[1][1], strict=True))
        for own in sheets.READING:
            cells.pop(own)
        assert changed(standing(document), cells, known) == standing(document)


@settings(max_examples=200, deadline=None)
@given(document=documents(), data=st.data())
def test_whatever_is_typed_into_a_cell_the_rest_stays(document, data):
    known = columns(tongues([document]))
    key = data.draw(st.sampled_from(sorted(known)))
    text = data.draw(st.text("aя1:{},.;\n -", max_size=20))
    try:
        after = changed(standing(document), {key: text}, known)
        checked = profile.check(profile.draft(after["document"])[0])
    except (Invalid, profile.Unfit):
        return  # said, and nothing is changed
    for other, column in known.items():
        if other != key and not {other, key} <= {"publisher", "place"}:
            assert column.get(standing(checked)) == column.get(standing(document)), other


@pytest.mark.parametrize(
    ("key", "text", "path", "value"),
    [
        ("title", "Тоолор", ("titles", 0), {"text": "Тоолор", "language": "ky", "kind": "main"}),
        (
            "creators",
            "Осмонова, Айгүл Бакытовна\n{УИА}",
            ("creators", 1),
            {"kind": "organisation", "name": "УИА", "role": "aut"},
        ),
        ("creators", "{Илимдер академиясы}", ("creators",), [DOCUMENT["creators"][1]]),
        ("contributors", "edt: Асанов", ("contributors", 0, "role"), "edt"),
        ("keywords.ky", "көл\nдарыя", ("keywords", 1), {"text": "дарыя", "language": "ky"}),
        ("keywords.ru", "озеро", ("keywords", 2), {"text": "озеро", "language": "ru"}),
        ("keywords.en", "", ("keywords",), [{"text": "көл", "language": "ky"}]),
        ("abstract.ky", "Бир.", ("abstracts", 0, "text"), "Бир."),
        ("place", "Бишкек", ("publishers", 0), {"name": "Илим", "place": "Бишкек"}),
        ("publisher", "Илим\nБилим", ("publishers", 1), {"name": "Билим"}),
        ("udc", "556.5\n504", ("classification", 1), {"scheme": "udc", "code": "504"}),
        ("host", "Жарчы", ("host",), {"kind": "journal", "title": "Жарчы"}),
        ("doi", "10.5555/1", ("identifiers", 0), {"scheme": "doi", "value": "10.5555/1"}),
        ("languages", "ky\nru", ("languages",), ["ky", "ru"]),
        ("type", "monograph", ("type",), vocabulary.TYPES["monograph"].uri),
    ],
)
def test_a_changed_cell_changes_its_part(key, text, path, value):
    known = columns(tongues([DOCUMENT]))
    document = profile.check(
        profile.draft(changed(standing(DOCUMENT), {key: text}, known)["document"])[0]
    )
    for step in path:
        document = document[step]
    assert document == value


def test_who_is_renamed_keeps_the_orcid():
    known = columns(tongues([DOCUMENT]))
    text = "Осмонова, Айгуль Бакытовна\n{Илимдер академиясы}"
    made = changed(standing(DOCUMENT), {"creators": text}, known)["document"]["creators"]
    assert (made[0]["given"], made[0]["orcid"]) == ("Айгуль", "0000-0002-1825-0097")
    assert made[1] == DOCUMENT["creators"][1]


@pytest.fixture
def number(archive):
    with archive.writing() as session:
        made = catalogue.draft(session, DOCUMENT, actor=SYSTEM).id
    publishing.publish(archive, made, actor=SYSTEM)
    return made


def exported(archive, number, kind=sheets.CSV):
    with archive.reading() as session:
        work = session.get_one(Work, number)
        return sheets.write([work], kind, base_url="https://example.org")


def edited(data, **cells):
    """A CSV with some cells of its first row changed."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    for key, text in cells.items():
        rows[1][rows[0].index(key.replace("__", "."))] = text
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode("utf-8")


def planned(archive, data, name="a.csv"):
    with archive.writing() as session:
        found = sheets.read(session, io.BytesIO(data), name)
        batch = batches.plan(session, found, deed={"file": name}, reason="-", actor=SYSTEM)
        return [(row.state, row.after, row.problem) for row in batch.rows]


def test_a_corrected_sheet_becomes_a_plan(archive, number):
    ((state, after, _problem),) = planned(
        archive, edited(exported(archive, number), issued="2022", title="Горы")
    )
    assert state == RowState.PLANNED
    assert after["document"]["issued"] == "2022"
    assert after["document"]["titles"][0]["text"] == "Горы"
    assert after["document"]["creators"] == DOCUMENT["creators"]
    assert list(after) == ["document"]


def test_an_xlsx_comes_back_too_with_numbers_as_numbers(archive, number):
    book = openpyxl.load_workbook(io.BytesIO(exported(archive, number, sheets.XLSX)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("issued") + 1).value = 2023
    sheet.cell(2, heads.index("number") + 1).value = number
    kept = io.BytesIO()
    book.save(kept)
    ((state, after, _problem),) = planned(archive, kept.getvalue(), "a.xlsx")
    assert (state, after["document"]["issued"]) == (RowState.PLANNED, "2023")


def test_formulas_stay_text(archive, number):
    with archive.reading() as session:
        work = session.get_one(Work, number)
        work.document = {**work.document, "notes": ["=1+1"]}
        rows = list(
            csv.reader(io.StringIO(sheets.write([work], "csv", base_url="").decode("utf-8-sig")))
        )
        assert rows[1][rows[0].index("notes")] == "'=1+1"
        data = sheets.write([work], "xlsx", base_url="")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cell = next(one for one in sheet[2] if one.value == "=1+1")
    assert cell.data_type == "s"


def test_an_old_sheet_overwrites_nothing(archive, number):
    data = edited(exported(archive, number), issued="2022")
    publishing.revise(
        archive, number, actor=SYSTEM, reason="-", document={**DOCUMENT, "edition": "2"}
    )
    ((state, after, problem),) = planned(archive, data)
    assert (state, after) == (RowState.REFUSED, {})
    assert "Take a fresh one" in problem["sentence"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"number": "99"}, "There is no work"),
        ({"number": ""}, "There is no work"),
        ({"type": "poem"}, "The spreadsheet is not right here."),
        ({"contributors": "xxx: Асанов"}, "The spreadsheet is not right here."),
        ({"collections": "nowhere"}, "collection"),
        ({"issued": "soon"}, "The description would not be right any more."),
        ({"place": "a\nb"}, "The spreadsheet is not right here."),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(archive, number, cells, said):
    ((state, _after, problem),) = planned(archive, edited(exported(archive, number), **cells))
    assert state == RowState.REFUSED
    assert said in problem["sentence"]


def test_a_work_that_stands_there_twice_is_refused_once(archive, number):
    data = exported(archive, number)
    twice = data + data.split(b"\n", 1)[1]
    assert [state for state, *_ in planned(archive, twice)] == [RowState.SAME, RowState.REFUSED]


def test_collections_are_joined_through_the_sheet(archive, number):
    with archive.writing() as session:
        collections.add(session, "lakes", names={"en": "Lakes"})
    ((_state, after, _problem),) = planned(
        archive, edited(exported(archive, number), collections="lakes")
    )
    assert after == {"collections": ["lakes"]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"title\nx",
        b"number;number\n1;2",
        b"number;colour\n1;red",
        b"\x00\x01\x02",
        "number;title\n1;Китеп".encode("cp1251"),  # has lost its Kyrgyz letters
    ],
)
def test_a_file_that_is_no_sheet_of_ours_is_said_to_be_none(archive, data):
    with archive.reading() as session, pytest.raises(ArchiveError) as raised:
        sheets.read(session, io.BytesIO(data), "a")
    assert raised.value.status == 422


def test_cut_off_anywhere_a_sheet_is_refused_or_read(archive, number):
    data = exported(archive, number, sheets.XLSX)
    for end in range(0, len(data), 97):
        with archive.reading() as session:
            try:
                sheets.read(session, io.BytesIO(data[:end]), "a.xlsx")
            except ArchiveError as error:
                assert error.status == 422

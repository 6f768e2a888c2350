"""What the library prints is read back: acts, books, receipts, in Kyrgyz, Russian and English."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest
from flask_babel import force_locale

from repository import accessions, catalogue, entries, inventory, removals, suppliers
from repository import summary as books
from repository.inventory import Row, Wanted
from repository.models.works import File, Work
from repository.printing import act, receipt, wording
from repository.printing import books as printed
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.answers import Answers

DAY = date(2026, 5, 12)
LONG = "Ысык-Көл өрөөнүндөгү мөңгүлөрдүн жана ү, ө, ң тамгаларынын тарыхы жөнүндө " * 4


@pytest.fixture
def accession(archive):
    """Booked, with a work that has a file among its titles."""
    document = {
        "type": vocabulary.TYPES["monograph"].uri,
        "titles": [{"text": LONG.strip(), "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Жумабаева", "given": "Гүлзат", "role": "aut"}],
        "languages": ["ky"],
    }
    with archive.writing() as session:
        source = suppliers.add(
            session,
            suppliers.read(
                Answers(
                    {"name": "«Илим» басмасы", "kind": "publisher", "tax_number": "01234567890123"}
                )
            ),
            actor=SYSTEM,
        )
        work = catalogue.draft(session, document, actor=SYSTEM)
        work.files.append(
            File(name="китеп.pdf", size=12345, sha512="ab" * 64, media_type="application/pdf")
        )
        values = entries.read(
            Answers(
                {
                    "day": "2026-05-12",
                    "way": "gift",
                    "supplier_id": str(source.id),
                    "paper_number": "17",
                    "currency": "KGS",
                    "carrier": "paper",
                    "received_by": "Асанова А. Б.",
                }
            ),
            date(2026, 12, 31),
        )
        made = accessions.begin(session, values, actor=SYSTEM)
        for typed in (
            {"work_id": str(work.id), "copies": "2", "price": "1250.50", "inventoried": "1"},
            {"title": "=1+1", "type": "textbook", "copies": "1", "price": "0", "inventoried": "1"},
        ):
            accessions.add_item(
                session, made, entries.read_item(session, Answers(typed)), actor=SYSTEM
            )
        accessions.book(session, made, actor=SYSTEM)
        return made.id


def text_of(data):
    """The text of a PDF, in one line; its fonts must be inside."""
    with pypdfium2.PdfDocument(data) as document:
        return " ".join(
            " ".join(page.get_textpage().get_text_range() for page in document).split()
        ).replace("\ufffe", "")


@pytest.fixture
def said(app):
    """Calls what prints in a language."""

    def call(tongue, make, *given, **named):
        with app.test_request_context(), force_locale(tongue):
            return make(*given, **named)

    return call


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_transfer_act_names_all_that_was_handed_over(archive, accession, said, language):
    with archive.reading() as session:
        found = accessions.get(session, accession)
        made = said(
            language,
            lambda: act.pdf(act.of_accession(found), settings=archive.settings, language=language),
        )
    text = text_of(made)
    assert "Жумабаева" in text and "мөңгүлөрдүн" in text and "«Илим» басмасы" in text
    assert "1–2" in text and "китеп.pdf" in text and "ab" * 20 in text.replace(" ", "")
    assert {"ky": "1/2026", "ru": "1/2026", "en": "1/2026"}[language] in text
    assert b"/FontFile2" in made


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_inventory_book_has_a_line_for_each_copy(archive, accession, said, language):
    with archive.reading() as session:
        rows = inventory.rows(session, Wanted())
        made = said(
            language,
            printed.inventory_pdf,
            rows,
            Wanted(),
            settings=archive.settings,
            language=language,
        )
        sheet = said(language, printed.inventory_xlsx, rows, Wanted(), settings=archive.settings)
    assert text_of(made).count("1/2026") == 3
    table = openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]
    cells = {cell.value: cell for row in table.iter_rows() for cell in row}
    assert cells["=1+1"].data_type == "s" and 1250.5 in cells


def test_a_long_book_repeats_its_heading_on_every_page(archive, said):
    row = Row(1, DAY, "1/2026", LONG, "1986", Decimal("10.00"), "KGS", "", None, False)
    rows = [row] * 60
    made = said(
        "en", printed.inventory_pdf, rows, Wanted(), settings=archive.settings, language="en"
    )
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) > 3
        pages = [page.get_textpage().get_text_range() for page in document]
        assert all("Inv. No." in page for page in pages)
        assert f"Page 2 of {len(pages)}" in " ".join(pages[1].split())


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_summary_book_has_its_three_parts(archive, accession, said, language):
    with archive.writing() as session:
        values = removals.read(
            Answers({"day": "2026-06-01", "act": "А-7", "why": "worn"}), date(2026, 12, 31)
        )
        gone = removals.begin(session, values, actor=SYSTEM)
        removals.add_numbers(session, gone, 2, 2, actor=SYSTEM)
        removals.book(session, gone, actor=SYSTEM)
    with archive.reading() as session:
        book = books.book(session, date(2026, 1, 1), date(2026, 12, 31))
        made = said(
            language, printed.summary_pdf, book, settings=archive.settings, language=language
        )
        sheet = said(language, printed.summary_xlsx, book, settings=archive.settings)
    text = text_of(made)
    assert "А-7" in text and "«Илим» басмасы" in text
    loaded = openpyxl.load_workbook(io.BytesIO(sheet))
    assert len(loaded.worksheets) >= 5


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_receipt_says_what_was_agreed(archive, said, language):
    work = Work(
        id=17,
        state="submitted",
        document={"titles": [{"text": "Көлдөр", "kind": "main"}], "licence": "cc-by-4.0"},
        agreement={
            "version": "1",
            "language": "ky",
            "text": "Келишим\nтекст",
            "moment": "2026-05-12T06:00:00+00:00",
        },
        files=[File(name="а.pdf", size=5, sha512="cd" * 64)],
        type="article",
        submitted=datetime.fromisoformat("2026-05-12T06:00:00+00:00"),
    )
    made = said(
        language,
        receipt.pdf,
        work,
        depositor="Асан Кыдыралиев",
        settings=archive.settings,
        language=language,
        today=DAY,
    )
    text = text_of(made)
    assert "Көлдөр" in text and "Асан Кыдыралиев" in text
    assert receipt.licence_hash(work)[:20] in text.replace(" ", "")


def test_days_and_sums_are_written_as_papers_here_write_them(said):
    assert wording.day(DAY) == "12.05.2026"
    assert said("ru", wording.money, Decimal("1250.5")).replace("\xa0", " ") == "1 250,50"

"""Tables of a book: what the PDF and the spreadsheet both show, and the spreadsheet itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from repository.printing.sheet import Column, Sheet
from schemas.text import clean

Cell = str | int | float | None
THIN = Side(style="thin", color="999999")


@dataclass
class Table:
    """A part of a book: its heading, its columns, its rows. `total`: the last row adds them up."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    total: bool = False
    size: float = 7.5


def put(sheet: Sheet, table: Table) -> None:
    """Prints a table."""
    if table.title:
        sheet.part(table.title)
    rows = [["" if one is None else _said(one) for one in row] for row in table.rows]
    sheet.ruled(table.columns, rows, size=table.size, last_bold=table.total)


def _said(value: Cell) -> str:
    return f"{value:,.2f}".replace(",", " ") if isinstance(value, float) else str(value)


def workbook(heading: Sequence[str], tables: Sequence[Table]) -> bytes:
    """A spreadsheet with a sheet for each table."""
    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        _fill(book.create_sheet(_name(table.title, number)), heading, table)
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def _name(title: str, number: int) -> str:
    """A name for a sheet: 31 letters at most, without signs that spreadsheets forbid."""
    plain = "".join(one for one in title if one not in "[]:*?/\\").strip("' ")
    return f"{number}. {plain}"[:31]


def _fill(page: Worksheet, heading: Sequence[str], table: Table) -> None:
    for row, text in enumerate([*heading, table.title], 1):
        page.cell(row, 1, _plain(text)).font = Font(bold=True)
    top = len(heading) + 3
    ruled = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    for right, column in enumerate(table.columns, 1):
        cell = page.cell(top, right, _plain(column.title))
        cell.font, cell.border = Font(bold=True), ruled
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[get_column_letter(right)].width = max(8.0, column.share * 3.2)
    for down, cells in enumerate(table.rows, top + 1):
        for right, value in enumerate(cells, 1):
            cell = page.cell(down, right)
            cell.value = _plain(value)
            if isinstance(value, str):
                cell.data_type = "s"  # a title that begins with "=" is no formula
            cell.border = ruled
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, float):
                cell.number_format = "#,##0.00"
            if table.total and down == top + len(table.rows):
                cell.font = Font(bold=True)
    page.freeze_panes = page.cell(top + 1, 1)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{top}:{top}"


def _plain(value: Cell) -> Cell:
    return clean(value) if isinstance(value, str) else value

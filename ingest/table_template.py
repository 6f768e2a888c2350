"""An empty table to be filled in with works: headings, explanations, lists to choose from."""

import csv
import io
from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingest.sheet_columns import USUAL
from schemas import vocabulary

CSV, XLSX = "csv", "xlsx"
ROWS = 2000  # so far down a cell offers its list
WIDTHS = {"title": 48, "creators": 36, "abstract": 48, "keywords": 32, "files": 24}
Say = Callable[[str], str]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What libraries fill in, in the order in which they do; every other column may be added.
KEYS = (
    "title",
    "creators",
    "type",
    "issued",
    "languages",
    *(f"abstract.{one}" for one in USUAL),
    *(f"keywords.{one}" for one in USUAL),
    "host",
    "volume",
    "issue",
    "pages",
    "publisher",
    "place",
    "udc",
    "doi",
    "isbn",
    "supervisor",
    "degree",
    "grantor",
    "licence",
    "collections",
    "files",
    "access",
    "embargo_until",
    "key",
)
LISTS = {
    "type": [one.label for one in vocabulary.TYPES.values()],
    "degree": list(vocabulary.DEGREES.values()),
    "licence": [one.label for one in vocabulary.LICENCES.values()],
    "access": list(vocabulary.ACCESS.values()),
}
HELP = {
    "title": _("As it stands on the title page. A row without a title is not taken."),
    "creators": _("Family name, given name and patronymic; several divided by a semicolon."),
    "type": _("Choose from the list."),
    "issued": _("A year, a month (2024-05) or a day (2024-05-31)."),
    "languages": _("The name of the language or its code; several divided by a comma."),
    "abstract": _("One column for each language."),
    "keywords": _("Divided by a semicolon or a comma. One column for each language."),
    "host": _("The journal, book or proceedings in which it came out."),
    "supervisor": _("For theses: family name, given name and patronymic."),
    "collections": _("The names that stand in the addresses of collections, divided by a comma."),
    "files": _("The names of files that lie beside the table, divided by a comma."),
    "access": _("Choose from the list. Without it the files are open to everybody."),
    "embargo_until": _("The day on which the files open: 2027-01-31."),
    "key": _("Your own number of the work: by it a corrected table is known again."),
}
EXAMPLES = {
    "creators": "Асанов Бакыт Маратович; Doe, Jane",
    "issued": "2024-05-31",
    "languages": "ky, ru",
    "pages": "12–18",
    "udc": "811.512.154",
    "doi": "10.5555/12345678",
    "files": "asanov.pdf, supplement.xlsx",
    "embargo_until": "2027-01-31",
    "key": "2024/17",
}


def write(kind: str, *, label: Say, say: Say) -> bytes:
    """The template. `label` names a column, `say` says a sentence, in the reader's language."""
    heads = [f"{label(key)} [{key}]" for key in KEYS]
    if kind == CSV:
        out = io.StringIO()
        csv.writer(out).writerow(heads)
        return out.getvalue().encode("utf-8-sig")
    book = Workbook()
    works = book.worksheets[0]
    works.title = "works"
    _headed(works, heads)
    for at, key in enumerate(KEYS, 1):
        width = WIDTHS.get(key.partition(".")[0], 18)
        works.column_dimensions[get_column_letter(at)].width = width
    _explained(book.create_sheet(say(_("How to fill it in"))[:30]), heads, say)
    _chosen(works, book.create_sheet("lists"), say)
    out_bytes = io.BytesIO()
    book.save(out_bytes)
    return out_bytes.getvalue()


def _headed(sheet: Worksheet, heads: Sequence[str]) -> None:
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "B2"


def _explained(sheet: Worksheet, heads: Sequence[str], say: Say) -> None:
    for heading, key in zip(heads, KEYS, strict=True):
        help_ = HELP.get(key.partition(".")[0], "")
        sheet.append([heading, say(help_) if help_ else "", EXAMPLES.get(key, "")])
    for letter, width in (("A", 44), ("B", 72), ("C", 34)):
        sheet.column_dimensions[letter].width = width


def _chosen(works: Worksheet, lists: Worksheet, say: Say) -> None:
    """Cells that offer the words of the archive; other words may be typed."""
    for at, (key, labels) in enumerate(LISTS.items(), 1):
        for row, one in enumerate(labels, 1):
            lists.cell(row, at, say(one))
        letter = get_column_letter(at)
        offered = f"lists!${letter}$1:${letter}${len(labels)}"
        rule = DataValidation(type="list", formula1=offered, showErrorMessage=False)
        column = get_column_letter(KEYS.index(key) + 1)
        rule.add(f"{column}2:{column}{ROWS}")
        works.add_data_validation(rule)
    lists.sheet_state = "hidden"

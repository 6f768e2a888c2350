"""Works as a spreadsheet (XLSX or CSV), and back: out, corrected, in again as a plan of changes.

The first row names the columns, each by a label and its key in brackets: "Аталышы [title]". The
number of a work and its revision tell where a row belongs and whether the work has been changed
since; such a row is refused, and none is guessed.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from sqlalchemy.orm import Session

from ingest import tables
from ingest.sheet_columns import Column, changed, columns, tongues
from repository import batches, collections
from repository.batches import LIMIT, Change, stand
from repository.errors import ArchiveError, Conflict, Invalid, NotFound, TooLarge
from repository.models.works import Work

CSV, XLSX = "csv", "xlsx"
KINDS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
READING = ("number", "revision", "state", "link")
BYTES = 50 * 2**20  # what a spreadsheet may unpack to
WIDTHS = {"number": 9, "revision": 9, "state": 11, "link": 22, "title": 48, "creators": 32}
_KEY = re.compile(r"\[([\w.]+)\]\s*$|^\s*([\w.]+)\s*$")
Label = Callable[[str], str]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# --- out ------------------------------------------------------------------------------------------
def write(works: Sequence[Work], kind: str, *, base_url: str, label: Label = str) -> bytes:
    """A spreadsheet of works; `label` names a column in the language of whoever reads it."""
    known = columns(tongues(one.document for one in works))
    heads = [*READING, *known]
    rows = (_row(one, known, base_url) for one in works)
    named = [f"{label(key)} [{key}]" if label(key) != key else key for key in heads]
    return (_as_csv if kind == CSV else _as_xlsx)(heads, named, rows)


def _row(work: Work, known: Mapping[str, Column], base_url: str) -> list[str]:
    said = stand(work)
    own = [str(work.id), str(work.revision), work.state, f"{base_url}/works/{work.id}"]
    return [*own, *(column.get(said) for column in known.values())]


def _as_csv(heads: Sequence[str], named: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(named)
    # A cell that begins like a formula would be one; an apostrophe says that it is text.
    writer.writerows(
        [f"'{one}" if one.startswith(tables.FORMULA) else one for one in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def _as_xlsx(heads: Sequence[str], named: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("works")
    sheet.freeze_panes = "B2"
    for at, key in enumerate(heads):
        letter = openpyxl.utils.get_column_letter(at + 1)
        sheet.column_dimensions[letter].width = WIDTHS.get(key, 24)
    sheet.append([_cell(sheet, one, bold=True) for one in named])
    for row in rows:
        sheet.append([_cell(sheet, one) for one in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # never a formula
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    return cell


# --- in -------------------------------------------------------------------------------------------
def read(session: Session, stream: IO[bytes], name: str) -> list[Change]:
    """What a spreadsheet would change, a change for each row with something in it.

    Raises Invalid when the file as a whole cannot be understood.
    """
    table = _table(stream)
    head = next(table, None)
    if head is None:
        raise tables.unreadable(_("The file is empty."))
    keys = [_key(text) for text in head[1]]
    known = _known(keys, head[1])
    found: dict[int, str] = {}
    made = []
    for place, cells in table:
        if any(cells):
            given = dict(zip(keys, cells, strict=False))
            made.append(_change(session, f"{name}, {place}", given, known, found))
        if len(made) > LIMIT:
            raise Invalid(
                "These are more than %(limit)s works. Choose fewer.", {"file": []}, limit=LIMIT
            )
    return made


def _key(text: str) -> str:
    found = _KEY.search(text)
    return (found[1] or found[2]).lower() if found else ""


def _known(keys: Sequence[str], heads: Sequence[str]) -> dict[str, Column]:
    languages = {key.partition(".")[2] for key in keys if "." in key} | {""}
    known = columns(sorted(languages))
    strange = [
        head
        for key, head in zip(keys, heads, strict=True)
        if head and key not in known and key not in READING
    ]
    if "number" not in keys:
        raise tables.unreadable(_("The first row has no column “number”. Was the file made here?"))
    if strange:
        raise tables.unreadable(
            _("There are no columns such as these: %(names)s."), names=", ".join(strange[:10])
        )
    if len(set(filter(None, keys))) < len(list(filter(None, keys))):
        raise tables.unreadable(_("A column is there twice."))
    return known


def _change(
    session: Session,
    place: str,
    given: Mapping[str, str],
    known: Mapping[str, Column],
    found: dict[int, str],
) -> Change:
    work = None
    try:
        work = _work(session, given, place, found)
        cells = {key: text for key, text in given.items() if key in known}
        after = changed(stand(work), cells, known)
        for slug in after["collections"]:
            collections.find(session, slug)
    except ArchiveError as error:
        return Change(work, place=place, problem=batches.explained(error))
    return Change(work, after, place)


def _work(session: Session, given: Mapping[str, str], place: str, found: dict[int, str]) -> Work:
    text = given["number"].strip()
    number = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0
    work = session.get(Work, number) if number else None
    if work is None:
        raise NotFound("There is no work “%(number)s”.", number=text)
    if number in found:
        raise Conflict(
            "Work %(number)s stands in %(place)s already.", number=number, place=found[number]
        )
    found[number] = place
    revision = given.get("revision", "").strip()
    if revision != str(work.revision):
        raise Conflict(
            "The work has been changed since the spreadsheet was made. Take a fresh one."
        )
    return work


def _table(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    data = stream.read(BYTES + 1)
    if len(data) > BYTES:
        raise TooLarge("The spreadsheet is too large.")
    held = io.BytesIO(data)
    try:
        yield from tables.of_xlsx(held, most=BYTES) if tables.is_xlsx(data) else tables.of_csv(held)
    except UnicodeDecodeError as error:
        # Windows-1251 has no ө, ү and ң: a program that saved so has lost them.
        raise tables.unreadable(
            _("This CSV is not in UTF-8, so Kyrgyz letters are lost in it. Save it as XLSX.")
        ) from error

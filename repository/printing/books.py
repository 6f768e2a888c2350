"""The inventory book and the summary book, as the libraries of the region keep them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from repository import appearance
from repository.inventory import Row, Wanted
from repository.printing import wording
from repository.printing.sheet import Column, Sheet
from repository.printing.tables import Cell, Table, put, workbook
from repository.settings import Settings
from repository.summary import Book, Entry, Tally
from schemas.accessions import (
    CARRIER_COLUMNS,
    KIND_COLUMNS,
    LANGUAGE_COLUMNS,
    SUBJECTS,
    WAYS,
    WHYS,
)

Columns = Mapping[str, tuple[str, frozenset[str]]]


def inventory_table(rows: Sequence[Row]) -> Table:
    """The lines of the inventory book."""
    columns = [
        Column(gettext("Day of entry"), 10),
        Column(gettext("Record of the summary book"), 10),
        Column(gettext("Inv. No."), 9, "R"),
        Column(gettext("Author and title"), 58),
        Column(gettext("Year of publication"), 9),
        Column(gettext("Price"), 12, "R"),
        Column(gettext("Currency"), 8),
        Column(gettext("Check marks"), 14),
        Column(gettext("Day and number of the removal act"), 17),
        Column(gettext("Notes"), 14),
    ]
    lines: list[list[Cell]] = []
    for one in rows:
        gone = " ".join(filter(None, (wording.day(one.removed), one.removal)))
        note = gettext("cancelled") if one.cancelled else ""
        lines.append(
            [
                wording.day(one.day),
                one.record,
                one.number,
                one.title,
                one.issued,
                float(one.price),
                one.currency,
                "",
                gone,
                note,
            ]
        )
    return Table("", columns, lines)


def _asked(wanted: Wanted) -> str:
    said = []
    if wanted.first is not None or wanted.last is not None:
        bounds = f"{wanted.first or 1}–{'' if wanted.last is None else wanted.last}"
        said.append(gettext("inventory numbers %(numbers)s", numbers=bounds))
    if wanted.since is not None or wanted.until is not None:
        said.append(_period(wanted.since, wanted.until))
    return ", ".join(said)


def _period(since: date | None, until: date | None) -> str:
    if since is None:
        return gettext("up to %(day)s", day=wording.day(until))
    if until is None:
        return gettext("since %(day)s", day=wording.day(since))
    return gettext(
        "from %(since)s to %(until)s", since=wording.day(since), until=wording.day(until)
    )


def inventory_pdf(
    rows: Sequence[Row], wanted: Wanted, *, settings: Settings, language: str
) -> bytes:
    """The inventory book as a PDF."""
    title = gettext("Inventory book")
    name = appearance.name(settings, language)
    sheet = Sheet(title=title, language=language, foot=f"{name} · {title}", wide=True)
    sheet.head(name, title.upper(), _asked(wanted))
    put(sheet, inventory_table(rows))
    sheet.say(gettext("Lines in this print: %(count)s.", count=len(rows)))
    sheet.signatures(
        (gettext("Entered by"), ""), (gettext("Head of the acquisitions department"), "")
    )
    return sheet.done()


def inventory_xlsx(rows: Sequence[Row], wanted: Wanted, *, settings: Settings) -> bytes:
    """The inventory book as a spreadsheet."""
    table = inventory_table(rows)
    table.title = gettext("Inventory book")
    return workbook([appearance.name(settings), _asked(wanted)], [table])


def summary_tables(book: Book) -> list[Table]:
    """The three parts of the summary book, and the totals by source, way and subject."""
    return [
        _part(gettext("Part 1. What came into the fund"), _came(book), _counts(), size=6),
        _part(gettext("Part 2. What left the fund"), _went(book), _counts(), size=6),
        _balance(book),
        _totals(gettext("By source"), gettext("Source"), book.by_source),
        _totals(gettext("By way"), gettext("How it came"), _named(book.by_way, WAYS)),
        _totals(gettext("Why copies left"), gettext("Reason"), _named(book.by_why, WHYS)),
        _subjects(book),
    ]


def _named(groups: Mapping[str, Tally], labels: Mapping[Any, str]) -> dict[str, Tally]:
    return {wording.term(labels, key): tally for key, tally in groups.items()}


def _counts() -> list[Column]:
    """Columns that count: titles, copies, sum, then copies by carrier, kind and language."""
    found = [
        Column(gettext("Titles"), 6, "R"),
        Column(gettext("Copies"), 6, "R"),
        Column(gettext("Sum"), 13, "R"),
    ]
    for columns in (CARRIER_COLUMNS, KIND_COLUMNS, LANGUAGE_COLUMNS):
        found += [Column(gettext(label), 7.4, "R") for label, _ in columns.values()]
    return found


def _cells(tally: Tally) -> list[Cell]:
    found: list[Cell] = [tally.titles, tally.copies, wording.sums(tally.money())]
    for columns, held in (
        (CARRIER_COLUMNS, tally.carriers),
        (KIND_COLUMNS, tally.kinds),
        (LANGUAGE_COLUMNS, tally.languages),
    ):
        found += [held[key] or None for key in columns]
    return found


Part = tuple[list[Column], list[list[Cell]]]


def _part(title: str, part: Part, counts: list[Column], *, size: float) -> Table:
    own, rows = part
    return Table(title, [*own, *counts], rows, total=True, size=size)


def _came(book: Book) -> Part:
    own = [
        Column(gettext("Day"), 9),
        Column(gettext("Record No."), 8),
        Column(gettext("Source"), 17),
        Column(gettext("How it came"), 11),
        Column(gettext("Document"), 13),
    ]
    rows: list[list[Cell]] = [
        [
            wording.day(one.day),
            one.number,
            _said(one, one.source),
            wording.term(WAYS, one.way),
            wording.numbered(one.paper, one.paper_day),
            *_cells(one.tally),
        ]
        for one in book.came
    ]
    total: list[Cell] = [gettext("Total"), None, None, None, None]
    return own, [*rows, [*total, *_cells(book.came_in_all)]]


def _said(one: Entry, text: str) -> str:
    return f"{text} ({gettext('cancelled')})" if one.cancelled else text


def _went(book: Book) -> Part:
    own = [
        Column(gettext("Day"), 9),
        Column(gettext("Record No."), 8),
        Column(gettext("Act"), 24),
        Column(gettext("Reason"), 17),
    ]
    rows: list[list[Cell]] = [
        [
            wording.day(one.day),
            one.number,
            _said(one, wording.numbered(one.paper, one.paper_day)),
            wording.term(WHYS, one.why),
            *_cells(one.tally),
        ]
        for one in book.went
    ]
    total: list[Cell] = [gettext("Total"), None, None, None]
    return own, [*rows, [*total, *_cells(book.went_in_all)]]


def _balance(book: Book) -> Table:
    rows: list[list[Cell]] = [
        [gettext("In the fund at the beginning"), *_cells(book.before)],
        [gettext("Came in the period"), *_cells(book.came_in_all)],
        [gettext("Left in the period"), *_cells(book.went_in_all)],
        [
            gettext("In the fund on %(day)s", day=wording.day(book.until)),
            *_cells(book.after),
        ],
    ]
    own = [Column("", 32)]
    title = gettext("Part 3. What the fund holds")
    return Table(title, [*own, *_counts()], rows, total=True, size=6.5)


def _totals(title: str, first: str, groups: Mapping[str, Tally]) -> Table:
    rows: list[list[Cell]] = [[name, *_cells(tally)] for name, tally in groups.items()]
    return Table(title, [Column(first, 32), *_counts()], rows, size=6.5)


def _subjects(book: Book) -> Table:
    columns = [Column(gettext("UDC class"), 30)]
    tallies = (
        (gettext("At the beginning"), book.before),
        (gettext("Came"), book.came_in_all),
        (gettext("Left"), book.went_in_all),
        (gettext("At the end"), book.after),
    )
    columns += [Column(label, 10, "R") for label, _ in tallies]
    rows: list[list[Cell]] = []
    for key, label in [*SUBJECTS.items(), ("", "")]:
        counts: list[Cell] = [tally.subjects[key] or None for _, tally in tallies]
        if any(counts):
            rows.append([gettext(label) if label else gettext("Without a class"), *counts])
    return Table(gettext("By subject (UDC), copies"), columns, rows, size=7.5)


def _about(book: Book, source: str, way: str) -> list[str]:
    return [_period(book.since, book.until), source, wording.term(WAYS, way) if way else ""]


def summary_pdf(
    book: Book, *, source: str = "", way: str = "", settings: Settings, language: str
) -> bytes:
    """The summary book as a PDF."""
    title = gettext("Summary book")
    name = appearance.name(settings, language)
    sheet = Sheet(title=title, language=language, foot=f"{name} · {title}", wide=True)
    sheet.head(name, title.upper(), *_about(book, source, way))
    for table in summary_tables(book):
        if table.rows:
            put(sheet, table)
    sheet.signatures(
        (gettext("Head of the acquisitions department"), ""), (gettext("Chief accountant"), "")
    )
    return sheet.done()


def summary_xlsx(book: Book, *, source: str = "", way: str = "", settings: Settings) -> bytes:
    """The summary book as a spreadsheet, a sheet for each part."""
    about = ", ".join(filter(None, _about(book, source, way)))
    heading = [f"{appearance.name(settings)}: {gettext('Summary book')}", about]
    return workbook(heading, [one for one in summary_tables(book) if one.rows])

"""The transfer act: what one side handed over and the other received, with files and checksums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from repository import accessions, appearance, entries
from repository.models.accessions import Accession
from repository.models.works import File, Work
from repository.printing import wording
from repository.printing.sheet import Column, Sheet
from repository.printing.tables import Cell, Table, workbook
from repository.settings import Settings
from schemas import work as profile
from schemas.accessions import CARRIERS, WAYS


@dataclass(frozen=True)
class Handed:
    """A line of the act: a title with what it costs, and its inventory numbers."""

    title: str
    copies: int
    price: Decimal | None
    sum: Decimal | None
    numbers: str


@dataclass(frozen=True)
class Act:
    """All that stands in the act."""

    number: str
    day: date
    giver: str
    giver_details: str
    receiver: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[Handed]
    total: str
    works: Sequence[Work]


def of_accession(accession: Accession) -> Act:
    """The act of an accession, with the files of all works in it."""
    giver = accession.supplier
    works = {one.work.id: one.work for one in accession.items if one.work is not None}
    lines = [
        Handed(
            one.title,
            one.copies,
            one.price,
            one.sum,
            wording.run(one.first, one.last),
        )
        for one in accession.items
    ]
    facts = [
        (gettext("How it came"), wording.term(WAYS, accession.way)),
        (gettext("Carrier"), wording.term(CARRIERS, accession.carrier)),
        (gettext("Document"), wording.numbered(accession.paper_number, accession.paper_day)),
        (gettext("Note"), accession.note),
    ]
    total = f"{wording.money(accessions.total(accession.items))} {accession.currency}"
    return Act(
        accession.label,
        accession.day,
        giver.name,
        ", ".join(filter(None, (giver.address, _tax(giver.tax_number), giver.contact))),
        accession.received_by,
        facts,
        lines,
        total,
        list(works.values()),
    )


def of_work(work: Work, *, giver: str, receiver: str, day: date) -> Act:
    """The act of a work that came by deposit, without an accession."""
    line = Handed(entries.describe(work)["title"], 1, None, None, "")
    return Act(str(work.id), day, giver, "", receiver, [], [line], "", [work])


def _tax(number: str) -> str:
    return gettext("tax number (INN) %(number)s", number=number) if number else ""


def pdf(act: Act, *, settings: Settings, language: str) -> bytes:
    """The act as a PDF."""
    title = gettext("Transfer act")
    number = gettext("No. %(number)s of %(day)s", number=act.number, day=wording.day(act.day))
    sheet = Sheet(title=f"{title} {number}", language=language, foot=f"{title} {number}")
    name = appearance.name(settings, language)
    sheet.head(name, title.upper(), number)
    sheet.facts(
        [
            (gettext("Handed over by"), act.giver),
            (gettext("Address and details"), act.giver_details),
            (gettext("Received by"), ", ".join(filter(None, (name, act.receiver)))),
            *act.facts,
        ]
    )
    sheet.part(gettext("What was handed over"))
    _lines(sheet, act)
    _files(sheet, act.works)
    sheet.ln(2)
    sheet.face(9)
    sheet.say(
        gettext(
            "Both sides have compared what was handed over with this act and have no objections. "
            "The act is made in two copies, one for each side."
        )
    )
    sheet.signatures((gettext("Handed over"), act.giver), (gettext("Received"), act.receiver))
    return sheet.done()


def _lines(sheet: Sheet, act: Act) -> None:
    columns = [
        Column(gettext("No."), 5, "R"),
        Column(gettext("Author and title"), 58),
        Column(gettext("Inv. Nos."), 16),
        Column(gettext("Copies"), 9, "R"),
    ]
    priced = bool(act.total)
    if priced:
        columns += [Column(gettext("Price"), 13, "R"), Column(gettext("Sum"), 14, "R")]
    rows = []
    for number, one in enumerate(act.lines, 1):
        money = [_money(one.price), _money(one.sum)] if priced else []
        rows.append([str(number), one.title, one.numbers, str(one.copies), *money])
    copies = str(sum(one.copies for one in act.lines))
    rows.append(["", gettext("Total"), "", copies, *(["", act.total] if priced else [])])
    sheet.ruled(columns, rows, size=8, last_bold=True)


def _money(value: Decimal | None) -> str:
    return "" if value is None else wording.money(value)


def _files(sheet: Sheet, works: Sequence[Work]) -> None:
    files = [(work, file) for work in works for file in work.current_files]
    if not files:
        return
    sheet.part(gettext("Files and their checksums"))
    sheet.ruled(file_columns(), [_file(work, file) for work, file in files], size=7)


def xlsx(act: Act, *, settings: Settings) -> bytes:
    """The act as a spreadsheet: what was handed over, and the files."""
    number = gettext("No. %(number)s of %(day)s", number=act.number, day=wording.day(act.day))
    heading = [f"{appearance.name(settings)}: {gettext('Transfer act')} {number}"]
    facts = [
        (gettext("Handed over by"), act.giver),
        (gettext("Received by"), act.receiver),
        *act.facts,
        (gettext("Total"), act.total),
    ]
    heading += [f"{label}: {value}" for label, value in facts if value]
    return workbook(heading, [_handed_table(act), _files_table(act)])


def _handed_table(act: Act) -> Table:
    columns = [
        Column(gettext("No."), 5, "R"),
        Column(gettext("Author and title"), 24),
        Column(gettext("Inv. Nos."), 6),
        Column(gettext("Copies"), 4, "R"),
        Column(gettext("Price"), 5, "R"),
        Column(gettext("Sum"), 5, "R"),
    ]
    rows: list[list[Cell]] = [
        [number, one.title, one.numbers, one.copies, _figure(one.price), _figure(one.sum)]
        for number, one in enumerate(act.lines, 1)
    ]
    return Table(gettext("What was handed over"), columns, rows)


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _files_table(act: Act) -> Table:
    rows: list[list[Cell]] = [
        [work.id, file.name, file.size, file.sha512]
        for work in act.works
        for file in work.current_files
    ]
    return Table(gettext("Files and their checksums"), file_columns(), rows)


def file_columns() -> list[Column]:
    """The columns of a list of files."""
    return [
        Column(gettext("Work"), 8, "R"),
        Column(gettext("File"), 34),
        Column(gettext("Bytes"), 13, "R"),
        Column("SHA-512", 66),
    ]


def _file(work: Work, file: File) -> list[str]:
    return [str(work.id), file.name, str(file.size), file.sha512]


def title_of(work: Work) -> str:
    """The main title of a work."""
    return profile.main_title(work.document).get("text", "")

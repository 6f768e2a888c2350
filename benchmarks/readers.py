"""Records a second that importers read and describe, beside the bare parser of each format.

The records are works of `works`, written by our own exports. The bare parser only takes a file
apart (pymarc, lxml, json, csv, openpyxl, bibtexparser, rispy; of IRBIS64 our own, which nobody
else has); ours makes a description that fits
the profile, and keeps the record. Memory is the most that a pass over a file has taken.
"""

import csv
import io
import json
import time
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import bibtexparser
import openpyxl
import pymarc
import rispy
from lxml import etree

from benchmarks import works
from ingest.importers import (
    bibtex,
    dublincore,
    irbis,
    jsonl,
    marc21,
    marcxml,
    mods,
    ris,
    table,
)
from ingest.irbis import cataloguing, iso2709
from ingest.irbis import text as exchange
from ingest.irbis.records import Record as Catalogued
from repository.exports import bibtex as bibtex_out
from repository.exports import csv as csv_out
from repository.exports import dublincore as dublincore_out
from repository.exports import marc21 as marc21_out
from repository.exports import marcxml as marcxml_out
from repository.exports import mods as mods_out
from repository.exports import ris as ris_out
from repository.records import Record

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Format(NamedTuple):
    """How a format is written, read by us, and taken apart by others (how many there were)."""

    name: str
    ending: str
    write: Callable[[list[Record]], Iterable[bytes]]
    read: Callable[[Path], Iterable[Any]]
    bare: Callable[[Path], int]


def run(folder: Path, count: int) -> dict[str, dict[str, float]]:
    """The figures of each format over `count` records: ours, theirs, and memory in MB."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [_record(number) for number in range(1, count + 1)]
    return {one.name: _measure(folder, one, records) for one in FORMATS}


def _measure(folder: Path, one: Format, records: list[Record]) -> dict[str, float]:
    path = folder / f"{one.name.split()[0].lower()}.{one.ending}"
    with path.open("wb") as file:
        file.writelines(one.write(records))
    ours, found = _timed(lambda: sum(1 for row in one.read(path) if not row.problem))
    theirs, there = _timed(lambda: one.bare(path))
    if min(found, there) < 0.99 * len(records):
        raise SystemExit(f"{one.name}: {found} and {there} of {len(records)} records were read.")
    tracemalloc.start()
    for _row in one.read(path):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "records/s": len(records) / ours,
        "bare records/s": len(records) / theirs,
        "MB": peak / 2**20,
        "MB of file": path.stat().st_size / 2**20,
    }


def _timed(step: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    count = step()
    return time.perf_counter() - started, count


def _record(number: int) -> Record:
    return Record(
        id=number,
        number=number,
        uuid="",
        state="published",
        version=1,
        document=works.document(number),
        files=(),
        sets=(),
        collections=(),
        published=MOMENT,
        changed=MOMENT,
        withdrawal=None,
        url=f"https://archive.example.org/works/{number}",
        access_right="open",
    )


def _catalogued(records: list[Record]) -> list[Catalogued]:
    return [Catalogued(tuple(cataloguing.fields(one.document))) for one in records]


def _lines(records: list[Record]) -> Iterable[bytes]:
    for one in records:
        yield (json.dumps({"document": one.document}, ensure_ascii=False) + "\n").encode()


def _book(records: list[Record]) -> Iterable[bytes]:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    rows = csv.reader(io.StringIO(csv_out.dumps_all(records).decode("utf-8-sig")))
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    yield kept.getvalue()


def _elements(tag: str) -> Callable[[Path], int]:
    def bare(path: Path) -> int:
        count = 0
        for _event, element in etree.iterparse(str(path), tag=tag):
            count += len(element) > 0
            element.clear()
        return count

    return bare


def _of_marc(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for one in pymarc.MARCReader(file) if one is not None)


def _of_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if json.loads(line))


def _of_csv(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _row in csv.reader(file))


def _of_book(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    count = sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return count


def _of_exchange(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _record in exchange.read(file, name=path.name))


def _of_iso(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _record in iso2709.read(file, name=path.name))


def _of_bibtex(path: Path) -> int:
    return len(bibtexparser.parse_file(str(path)).entries)


def _of_ris(path: Path) -> int:
    with path.open(encoding="utf-8-sig") as file:
        return len(rispy.load(file))


_SLIM = "{http://www.loc.gov/MARC21/slim}record"
_MODS = "{http://www.loc.gov/mods/v3}mods"
_DC = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
FORMATS = (
    Format("JSON lines", "jsonl", _lines, jsonl.read, _of_lines),
    Format("MARC21", "mrc", marc21_out.render_many, marc21.read, _of_marc),
    Format("MARCXML", "xml", marcxml_out.render_many, marcxml.read, _elements(_SLIM)),
    Format("MODS", "xml", mods_out.render_many, mods.read, _elements(_MODS)),
    Format("DC", "xml", dublincore_out.render_many, dublincore.read, _elements(_DC)),
    Format("BibTeX", "bib", bibtex_out.render_many, bibtex.read, _of_bibtex),
    Format("RIS", "ris", ris_out.render_many, ris.read, _of_ris),
    Format("CSV", "csv", csv_out.render_many, table.read, _of_csv),
    Format("XLSX", "xlsx", _book, table.read, _of_book),
    Format("IRBIS text", "txt", lambda some: exchange.write(_catalogued(some), "utf-8"),
           irbis.read, _of_exchange),
    Format("ISO2709 of IRBIS", "iso", lambda some: iso2709.write(_catalogued(some), "utf-8"),
           irbis.read, _of_iso),
)  # fmt: skip

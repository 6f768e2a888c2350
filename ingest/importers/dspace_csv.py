"""The CSV of DSpace's metadata export: columns such as dc.title[ru], values divided by ||."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from ingest import tables
from ingest.importers import dspace_rows, heads, trees
from ingest.importers.dspace_fields import Value
from ingest.rows import Row
from repository.errors import Invalid, NotFound
from schemas import text

DIVIDED = "||"
AUTHORITY = re.compile(r"::[^:|]*(?:::-?\d+)?$")
_COLUMN = re.compile(r"([A-Za-z]\w*\.[\w.-]+)(?:\[([^\]]*)\])?")
UNCLOSED = "Perhaps a quotation mark is missing. Correct it, or export it again."
OWN = ("id", "collection", "action", "rowname")


def read(source: Path) -> Iterator[Row]:
    """The items, known again by their ids."""
    for path in _paths(source):
        yield from _rows(path)


def count(source: Path) -> int:
    """How many lines there are, without that of the columns."""
    return sum(max(_count(path) - 1, 0) for path in _paths(source))


def _paths(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    found = sorted(source.glob("*.csv"))
    if not found:
        raise NotFound("There are no CSV files in %(folder)s.", folder=source.name)
    return found


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(2**20), b""))


def _rows(path: Path) -> Iterator[Row]:
    name = trees.shown(path.name)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = tables.Lines(file)
        reader = csv.reader(lines)
        columns: list[str] = []
        at = 0
        while True:
            lines.left = tables.LONGEST
            try:
                cells = next(reader, None)
            except csv.Error as error:
                problem = f"It is no CSV ({text.line(str(error))}). {UNCLOSED}"
                yield Row(f"{name}, record {at + 1}", "", problem=problem)
                return
            if cells is None:
                return
            if not columns:
                columns = _columns(cells, name)
            elif any(cells):
                at += 1
                yield _row(f"{name}, record {at}, line {reader.line_num}", columns, cells)


def _columns(cells: list[str], name: str) -> list[str]:
    columns = [one.strip() for one in cells]
    if not any(_COLUMN.fullmatch(one) for one in columns):
        raise Invalid(
            "%(name)s has no columns of DSpace, such as dc.title. Export the metadata again.",
            name=name,
        )
    return columns


def _row(place: str, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        problem = f"It has {len(cells)} cells for {len(columns)} columns. Correct the line."
        return Row(place, "", problem=problem)
    if any("\ufffd" in one for one in cells):
        return Row(place, "", problem="It is not UTF-8. Save the file as UTF-8.")
    given = dict(zip(columns, cells, strict=False))
    values, unknown = _values(given)
    title = next((one.text for one in values if one.field == "dc.title"), "")
    key = given.get("id", "").strip() or f"title:{title}"
    row = dspace_rows.row(place, values, key=key, kept=("dspace-csv", _kept(columns, cells)))
    if row.problem:
        return row
    handles = filter(None, map(str.strip, given.get("collection", "").split(DIVIDED)))
    slugs = tuple(dict.fromkeys(map(dspace_rows.slug, handles)))
    unplaced = tuple(dict.fromkeys((*row.unplaced, *unknown)))
    return Row(**{**vars(row), "collections": slugs, "unplaced": unplaced})


def _values(given: dict[str, str]) -> tuple[list[Value], list[str]]:
    values, unknown = [], []
    for column, cell in given.items():
        seen = _COLUMN.fullmatch(column)
        if seen:
            for one in cell.split(DIVIDED):
                values.append(Value(seen[1], AUTHORITY.sub("", one), seen[2] or ""))
        elif column and cell and column not in OWN:
            unknown.append(text.line(column)[:100])
    return values, unknown


def _kept(columns: list[str], cells: list[str]) -> str:
    """The line, with that of the columns before it."""
    out = io.StringIO()
    csv.writer(out).writerows([columns, cells])
    return out.getvalue()


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    first = heads.of(source, ".csv").removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    return first.lstrip(b'"').startswith(b"id") and b"dc.title" in first and b"," in first

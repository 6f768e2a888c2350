"""A table of works (CSV, XLSX), with their files by name beside it, or all in one ZIP.

The row of headings tells what is in the columns: by the keys of our template, or by the words that
libraries use in Kyrgyz, Russian and English. What a heading does not tell, `columns` does: from the
heading to the key of the column that is meant, or to "" for one that is left out.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from ingest import fitting
from ingest.importers import dspace_csv, heads, table_cells, table_sources, trees
from ingest.importers import table_headings as headings
from ingest.importers.table_sources import Table
from ingest.importers.trees import Tree
from ingest.irbis import encodings
from ingest.rows import Kept, Row
from repository.errors import ArchiveError, Invalid
from schemas import text
from schemas.messages import Message
from schemas.vocabulary import Access

OPTIONS = {"encoding": (*encodings.KNOWN, "utf-16")}
FIELDS = headings.FIELDS
SHOWN = 3  # examples of a column


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@dataclass(frozen=True)
class Column:
    """A column of the source: its heading, the key that the heading means to us, and examples."""

    heading: str
    key: str
    examples: tuple[str, ...] = ()


class _Wrong(ValueError):
    """What keeps a row out, as a Message."""


def read(
    source: Path, *, encoding: str = "", columns: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """The works, known again by the column of keys, else by DOI, else by title and authors."""
    named: set[str] = set()
    with table_sources.opened(source) as tree:
        paths = table_sources.paths(tree, source)
        for path in paths:
            try:
                yield from _rows(table_sources.read(tree, path, encoding), columns or {}, named)
            except ArchiveError as error:
                if len(paths) == 1:
                    raise
                problem = Message(error.sentence, **error.parameters)
                yield Row(f"{tree.name}, {trees.shown(path)}", "", problem=problem)
        if tree.path == source:
            yield from _unnamed(tree, named)
        yield from tree.problems()


def _unnamed(tree: Tree, named: set[str]) -> Iterator[Row]:
    """What lies beside the tables for no row of theirs."""
    for path in tree.sizes:
        if path not in named and not table_sources.is_table(path):
            problem = Message(_("No row names this file. Name it in one, or take the file out."))
            yield Row(f"{tree.name}, {trees.shown(path)}", "", problem=problem)


def count(source: Path) -> int:
    """About how many rows there are."""
    with table_sources.opened(source) as tree:
        return sum(table_sources.count(tree, path) for path in table_sources.paths(tree, source))


def columns(source: Path, *, encoding: str = "") -> list[Column]:
    """The columns of a source, with what their headings mean to us."""
    found: dict[str, list[str]] = {}
    with table_sources.opened(source) as tree:
        for path in table_sources.paths(tree, source):
            table = table_sources.read(tree, path, encoding)
            for name in filter(None, table.headings):
                found.setdefault(name, [])
            for _number, cells in islice(table.rows, table_sources.LOOKED_AT):
                for name, cell in zip(table.headings, cells, strict=False):
                    if name and cell.strip() and len(found[name]) < SHOWN:
                        found[name].append(text.line(cell))
    return [
        Column(name, headings.meaning(name), tuple(examples)) for name, examples in found.items()
    ]


def _rows(table: Table, told: Mapping[str, str], named: set[str]) -> Iterator[Row]:
    keys = tuple(told.get(one, headings.meaning(one)) for one in table.headings)
    if "title" not in keys:
        raise Invalid(
            "No column of “%(name)s” holds the titles: %(columns)s. Say which one does.",
            name=trees.shown(table.name),
            columns=", ".join(filter(None, table.headings))[:300],
        )
    place = trees.shown(table.name)
    number = 0
    try:
        for number, cells in table.rows:
            yield _row(table, f"{place}, row {number}", keys, cells, named)
    except ArchiveError as error:
        problem = f"After row {number}: {text.line(str(error))} Save the table again."
        yield Row(f"{place}, row {number + 1}", "", problem=problem)


def _row(
    table: Table, place: str, keys: Sequence[str], cells: Sequence[str], named: set[str]
) -> Row:
    kept = Kept("table", _kept(table.headings, cells))
    try:
        given = _given(keys, cells)
        document, remarks = table_cells.described(given)
        paths, terms = _paths(table, given), _terms(given)
        named |= set(paths)
    except _Wrong as error:
        return Row(place, "", problem=error.args[0], kept=kept)
    fitted, dropped = fitting.fit(document, name=place)
    left = _("Left out, because it does not fit: %(why)s")
    return Row(
        place,
        _key(given, fitted),
        fitted,
        files=tuple(table.tree.file(path, **terms) for path in paths),
        collections=tuple(given.get("collections", ())),
        kept=kept,
        remarks=(*remarks, *(Message(left, why=text.line(str(one))) for one in dropped)),
        unplaced=tuple(_unplaced(table.headings, keys, cells)),
    )


def _given(keys: Sequence[str], cells: Sequence[str]) -> dict[str, list[str]]:
    """The values by key; several columns may mean the same."""
    beyond = next(filter(str.strip, cells[len(keys) :]), "")
    if beyond:
        said = _("It has a cell beyond the last heading: “%(cell)s”. Correct the row.")
        raise _Wrong(Message(said, cell=text.line(beyond)[:60]))
    if any("\ufffd" in one for one in cells):
        raise _Wrong(Message(_("It has signs that cannot be read. Choose the right encoding.")))
    found: dict[str, list[str]] = {}
    for key, cell in zip(keys, cells, strict=False):
        if key:
            found.setdefault(key, []).extend(table_cells.values(key, text.clean(cell)))
    given = {
        key: [" ".join(said)] if key.partition(".")[0] in table_cells.SINGLE else said
        for key, said in found.items()
        if said
    }
    if not given.get("title"):
        raise _Wrong(Message(_("It has no title. Give it one.")))
    return given


def _paths(table: Table, given: Mapping[str, list[str]]) -> list[str]:
    """Where the files of a row lie. Raises _Wrong for one that is not there."""
    found = []
    for name in given.get(headings.FILES, ()):
        found.append(table_sources.beside(table, name))
        if not found[-1]:
            said = _("There is no file “%(name)s” beside the table. Put it there.")
            raise _Wrong(Message(said, name=trees.shown(name)))
    return found


def _terms(given: Mapping[str, list[str]]) -> dict[str, Any]:
    """Who may read, and from when on. What is not understood must not open a file."""
    terms: dict[str, Any] = {}
    for key in (headings.ACCESS, headings.EMBARGO):
        cell, strange = table_cells.prepared(key, given.get(key, []))
        if strange:
            raise _Wrong(strange[0])
        if cell and key == headings.ACCESS:
            terms["access"] = Access(cell)
        elif cell:
            if len(cell) != len("2027-01-31"):
                raise _Wrong(
                    Message(_("“%(value)s” is no day. Write it as 2027-01-31."), value=cell)
                )
            terms["embargo_until"] = date.fromisoformat(cell)
    return terms


def _key(given: Mapping[str, list[str]], document: dict[str, Any]) -> str:
    if given.get(headings.KEY):
        return text.line(given[headings.KEY][0])[:300]
    dois = [one["value"] for one in document.get("identifiers", ()) if one["scheme"] == "doi"]
    if dois:
        return f"doi:{dois[0].lower()}"
    same = [given.get(one, []) for one in ("title", "creators", "issued", "host", "pages")]
    told = "\x1f".join(text.line(" ".join(one)).casefold() for one in same)
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def _unplaced(names: Sequence[str], keys: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    for name, key, cell in zip(names, keys, cells, strict=False):
        if not key and cell.strip() and not headings.is_own(name):
            yield name[:100] or "?"


def _kept(names: Sequence[str], cells: Sequence[str]) -> str:
    """The row, with that of the headings before it."""
    out = io.StringIO()
    csv.writer(out).writerows([names, map(text.clean, cells)])
    return out.getvalue()


def recognises(source: Path) -> bool:
    """Whether it is a table that no other importer reads, or has one among its files."""
    try:
        with table_sources.opened(source) as tree:
            found = [one for one in tree.sizes if table_sources.is_table(one)]
            if not found or any(PurePosixPath(one).name in heads.PACKED for one in tree.sizes):
                return False
            first = table_sources.read(tree, found[0], "")
            return sum(map(bool, first.headings)) > 1 and not dspace_csv.recognises(source)
    except ArchiveError:
        return False

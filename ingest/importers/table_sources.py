"""Where tables lie (alone, in a folder, in a ZIP), and their rows below the headings."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

from ingest import tables
from ingest.importers import table_headings, trees
from ingest.importers.trees import Tree
from ingest.irbis import encodings
from repository.errors import Invalid, NotFound, TooLarge
from schemas import text

ENDINGS = (".csv", ".tsv", ".xlsx")
MOST = 200 * 2**20  # bytes that a table may unpack to
LOOKED_AT = 20  # rows among which the headings are
EMPTY = 100_000  # rows on end that end a table
_BOOK = "xl/workbook.xml"
Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Table:
    """A table within its tree. `rows` are numbered as a spreadsheet numbers them."""

    tree: Tree
    path: str
    headings: tuple[str, ...]
    rows: Rows
    files: Mapping[str, str]  # paths by what is the same but for case and composition

    @property
    def name(self) -> str:
        """What people call it."""
        return trees.shown(PurePosixPath(self.path).name)


@contextmanager
def opened(source: Path) -> Iterator[Tree]:
    """The files of the source; where it is a table alone, that in its folder."""
    if source.is_dir() or (source.exists() and not is_alone(source)):
        with trees.opened(source) as tree:
            yield tree
        return
    if not source.exists():
        raise NotFound("There is no %(name)s.", name=trees.shown(source.name))
    tree = Tree(source.parent)
    tree.sizes[source.name] = source.stat().st_size
    yield tree


def is_alone(source: Path) -> bool:
    """Whether a file is a table itself, no ZIP of tables and files."""
    try:
        with ZipFile(source) as pack:
            return _BOOK in pack.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return True


def paths(tree: Tree, source: Path) -> list[str]:
    """Where the tables are in the tree."""
    if tree.path != source:
        return [source.name]
    found = sorted(path for path in tree.sizes if is_table(path))
    if not found:
        raise NotFound("There is no table (CSV, XLSX) in %(folder)s.", folder=tree.name)
    return found


def is_table(path: str) -> bool:
    """Whether a file is a table, by its name."""
    name = PurePosixPath(path).name.lower()
    return name.endswith(ENDINGS) and not name.startswith(("~$", "._"))


def count(tree: Tree, path: str) -> int:
    """About how many rows a table has."""
    with tree.reading(path) as stream:
        if tables.is_xlsx(stream.read(4)):
            return sum(1 for _row in _rows(tree, path, ""))
        stream.seek(0)
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(2**20), b""))


def _rows(tree: Tree, path: str, encoding: str) -> Iterator[tuple[int, list[str]]]:
    with tree.reading(path) as stream:
        head = stream.read(tables.SAMPLE)
        if tables.is_xlsx(head):
            stream.seek(0)
            with _held(tree, stream) as book:
                yield from tables.of_xlsx(book, most=MOST)
            return
        stream.seek(0)
        chosen = encoding or encodings.of(head)
        yield from tables.of_csv(stream, encoding=chosen, errors="replace")


@contextmanager
def _held(tree: Tree, stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """A spreadsheet that lies in a ZIP is unpacked: it is a ZIP itself, and read to and fro."""
    if tree.pack is None:
        yield stream
        return
    with tempfile.SpooledTemporaryFile(2**20) as file:
        for block in iter(lambda: stream.read(2**20), b""):
            file.write(block)
            if file.tell() > MOST:
                raise TooLarge("The spreadsheet is too large.")
        file.seek(0)
        yield file


def read(tree: Tree, path: str, encoding: str) -> Table:
    """A table that has been read as far as its headings. Raises Invalid where it has none."""
    rows = _filled(_rows(tree, path, encoding))
    first = [row for _at, row in zip(range(LOOKED_AT), rows, strict=False)]
    if not first:
        raise Invalid("“%(name)s” has no rows. Send it again.", name=trees.shown(path))
    at = max(range(len(first)), key=lambda one: (_worth(first[one][1]), -one))
    named = {_plain(one): one for one in tree.sizes}
    return Table(tree, path, _distinct(first[at][1]), chain(first[at + 1 :], rows), named)


def _filled(rows: Rows) -> Rows:
    """The rows with something in them. Programs leave a million empty ones below a table."""
    empty = 0
    for row in rows:
        if any(map(str.strip, row[1])):
            empty = 0
            yield row
        elif (empty := empty + 1) == EMPTY:
            return


def _worth(cells: Sequence[str]) -> int:
    """How much a row looks like one of headings: most of all where there is one of titles."""
    meant = [table_headings.meaning(one) for one in cells]
    return sum(map(bool, meant)) + 5 * ("title" in meant)


def _distinct(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings of which none is there twice."""
    made: list[str] = []
    for cell in cells:
        name = text.line(cell)[:200]
        same = sum(one == name or one.startswith(f"{name} (") for one in made)
        made.append(f"{name} ({same + 1})" if name and name in made else name)
    return tuple(made)


def beside(table: Table, name: str) -> str:
    """The path of a file that a row of a table names; "" where there is none.

    Case and the way in which letters are composed do not matter: tables and files often come from
    different systems. Beside a table alone, files are looked up in its folder.
    """
    tree, folder = table.tree, PurePosixPath(table.path).parent
    path = table.files.get(_plain((folder / name).as_posix()), "")
    if path or trees.against(name) or tree.pack is not None or name in tree.refused:
        return path
    lying = tree.path / name
    if not lying.is_file() or lying.is_symlink() or lying.parent != tree.path:
        return ""
    return name if tree.add(name, lying.stat().st_size) else ""


def _plain(path: str) -> str:
    return text.compose(path).casefold()

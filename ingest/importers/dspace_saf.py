"""DSpace's Simple Archive Format: a folder or ZIP with a folder for each item, with its files."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ingest.importers import dspace_rows, trees
from ingest.importers.dspace_fields import Value
from ingest.importers.trees import Tree
from ingest.rows import Row, RowFile
from repository import xml
from repository.errors import ArchiveError
from schemas import text
from schemas.vocabulary import Access

MAIN = "dublin_core.xml"
CONTENTS = "contents"
_METADATA = re.compile(r"metadata_[\w-]+\.xml")
LICENCES = frozenset({"LICENSE", "CC-LICENSE"})
MADE = frozenset({"TEXT", "THUMBNAIL", "BRANDED_PREVIEW", "SWORD", "METADATA"})
NOT_THERE = "The file {} is named in “contents” and is not there. Put it there."


class Line(NamedTuple):
    """A line of `contents`: a file, its bundle, who may read it, and whether it comes first."""

    name: str
    bundle: str = "ORIGINAL"
    group: str = ""
    description: str = ""
    primary: bool = False


class Missing(ValueError):
    """A file that is named and not there."""


def read(source: Path) -> Iterator[Row]:
    """The items, known again by their handles, else by the names of their folders."""
    with trees.opened(source) as tree:
        for folder in _items(tree):
            yield _row(tree, folder)
        yield from tree.problems()


def count(source: Path) -> int:
    """How many items there are."""
    with trees.opened(source) as tree:
        return len(_items(tree))


def _items(tree: Tree) -> list[str]:
    names = (PurePosixPath(name) for name in tree.sizes)
    found = {one.parent.as_posix() for one in names if one.name in (MAIN, CONTENTS)}
    return sorted(found, key=lambda one: [part.zfill(12) for part in re.split(r"(\d+)", one)])


def _row(tree: Tree, folder: str) -> Row:
    top = "" if folder == "." else folder
    place = f"{tree.name}, {trees.shown(folder)}"
    try:
        values, whole = _values(tree, top)
        files, remarks = _files(tree, top)
        handle = _text(tree, top, "handle").strip()
        collections = _text(tree, top, "collections").split()
    except (ArchiveError, Missing) as error:
        return Row(f"{place}, {MAIN}", "", problem=f"{text.line(str(error))} Correct the item.")
    row = dspace_rows.row(place, values, key=handle or folder, kept=("dspace-saf", whole))
    if row.problem:
        return row
    slugs = tuple(dict.fromkeys(map(dspace_rows.slug, collections)))
    said = (*row.remarks, *remarks)
    return Row(**{**vars(row), "files": files, "collections": slugs, "remarks": said})


def _text(tree: Tree, top: str, name: str) -> str:
    path = trees.inside(tree, top, name)
    return tree.read(path, 2**20).decode("utf-8-sig", "replace") if path else ""


def _values(tree: Tree, top: str) -> tuple[list[Value], str]:
    """The fields of all schemas, and the files that they stood in."""
    before = f"{top}/" if top else ""
    beside = sorted(
        name
        for name in tree.below(f"{before}metadata_")
        if _METADATA.fullmatch(name[len(before) :])
    )
    values, whole = [], []
    for name in (f"{before}{MAIN}", *beside):
        data = tree.read(name)
        root = xml.parse(data)
        schema = root.get("schema") or "dc"
        for one in root.iter("{*}dcvalue"):
            parts = [schema, one.get("element", ""), one.get("qualifier", "")]
            said = ".".join(part for part in parts if part and part != "none")
            values.append(Value(said, "".join(one.itertext()), one.get("language") or ""))
        whole.append(xml.serialise(root).decode())
    return values, "\n".join(whole)


# --- contents -----------------------------------------------------------------------------------
def _lines(tree: Tree, top: str) -> list[Line]:
    found = [_line(one) for one in _text(tree, top, CONTENTS).splitlines() if one.strip()]
    return sorted(found, key=lambda line: not line.primary)


def _line(said: str) -> Line:
    """One line: the name, or `-r -s N -f NAME` for what lies outside; then parts by tabs."""
    first, *parts = said.split("\t")
    outside = re.match(r"\s*-r\s.*?-f\s+(\S.*)$", first)
    line = Line(outside[1].strip() if outside else first.strip())
    for part in parts:
        label, _, value = part.strip().partition(":")
        if label == "bundle":
            line = line._replace(bundle=value.strip())
        elif label == "permissions":
            group = re.search(r"-[rw]+\s+'?([^']+)'?", value)
            line = line._replace(group=group[1].strip() if group else value.strip())
        elif label == "description":
            line = line._replace(description=value.strip())
        elif label == "primary":
            line = line._replace(primary=value.strip().lower() == "true")
    return line


def _files(tree: Tree, top: str) -> tuple[tuple[RowFile, ...], list[str]]:
    """The files that readers shall have, and what became of the others."""
    files, remarks = [], []
    for line in _lines(tree, top):
        said = trees.shown(line.name)
        if line.bundle in LICENCES:
            remarks.append(f"Left out: {said}, the licence that the depositor agreed to in DSpace.")
        elif line.bundle in MADE:
            remarks.append(f"Left out: {said}, which was made from another file ({line.bundle}).")
        elif trees.against(line.name):
            remarks.append(f"Left out: {said}. {trees.against(line.name)}")
        elif not (path := trees.inside(tree, top, line.name)):
            raise Missing(NOT_THERE.format(said))
        else:
            more: dict[str, Any] = {}
            if line.group and line.group.lower() != "anonymous":
                more["access"] = Access.STAFF
                group = trees.shown(line.group)
                remarks.append(f"{said} was for the group “{group}”: it is for staff now.")
            if line.description:
                remarks.append(f"Left out: of {said}, “{trees.shown(line.description)}”.")
            files.append(tree.file(path, **more))
    return tuple(files), remarks


def recognises(source: Path) -> bool:
    """Whether there are items in it."""
    try:
        with trees.opened(source) as tree:
            return any(PurePosixPath(name).name == MAIN for name in tree.sizes)
    except ArchiveError:
        return False

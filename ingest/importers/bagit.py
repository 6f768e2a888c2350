"""BagIt: a bag (RFC 8493), or a folder or ZIP of bags; those of our own export with all rights."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from ingest import fitting
from ingest.importers import bag_sums, described, jsonl, trees
from ingest.importers.jsonl import Broken
from ingest.importers.trees import Tree
from ingest.rows import Kept, Row, RowFile
from repository import xml
from repository.errors import ArchiveError
from schemas import text

MARK = "bagit.txt"
DESCRIPTIONS = re.compile(r"(?i)(?:^|/)(?:datacite|mods|marc|dublin_?core|oai_dc|dc)[\w.-]*\.xml$")
LINE = "metadata/work.jsonl"
ENCODING = re.compile(r"(?im)^Tag-File-Character-Encoding:\s*(\S+)")
POOR = "It has no description that we read: the title and people are from bag-info.txt."


def read(source: Path) -> Iterator[Row]:
    """The bags, known again by what their descriptions say, else by their External-Identifier."""
    for one in _sources(source):
        try:
            with trees.opened(one) as tree:
                yield from _bags(tree)
        except ArchiveError as error:
            if one == source:
                raise
            yield Row(trees.shown(one.name), "", problem=f"{error} Send it again.")


def count(source: Path) -> int:
    """How many bags there are; a ZIP within a folder counts as one."""
    found = 0
    for one in _sources(source):
        try:
            with trees.opened(one) as tree:
                found += len(tops(tree))
        except ArchiveError:
            found += 1
    return found


def _sources(source: Path) -> list[Path]:
    """The source, and the ZIPs that lie in it."""
    if not source.is_dir() or (source / MARK).exists():
        return [source]
    packs = [one for one in source.glob("*.zip") if one.is_file() and not one.is_symlink()]
    return [source, *sorted(packs)]


def tops(tree: Tree) -> list[str]:
    """The folders that are bags; a bag that was put into another one is payload."""
    found: set[str] = set()
    marked = [PurePosixPath(name) for name in tree.sizes if name.rpartition("/")[2] == MARK]
    for one in sorted(marked, key=lambda one: len(one.parts)):
        above = {"", *(f"{each.as_posix()}/" for each in one.parent.parents if each.name)}
        if found.isdisjoint(above):
            found.add(one.as_posix().removesuffix(MARK))
    return sorted(found)


def _bags(tree: Tree) -> Iterator[Row]:
    for top in tops(tree):
        place = f"{tree.name}, {trees.shown(top.rstrip('/'))}" if top else tree.name
        try:
            yield _bag(tree, top, place)
        except (ArchiveError, Broken) as error:
            yield Row(place, "", problem=str(error))
    yield from tree.problems()


def _bag(tree: Tree, top: str, place: str) -> Row:
    names = [name.removeprefix(top) for name in tree.below(top)]
    declared = tree.read(top + MARK, bag_sums.BLOCK)
    seen = ENCODING.search(declared.decode("latin-1"))
    coding = seen[1] if seen else "utf-8"
    payload = bag_sums.verified(tree, top, names, coding)
    if LINE in names:
        return jsonl.row(
            place,
            tree.read(top + LINE).strip(),
            lambda one: _listed(tree, top, one, payload),
        )
    files = tuple(tree.file(top + name, name=_flat(name)) for name in sorted(payload))
    info = _info(tree, top, names, coding)
    row = _by_description(tree, top, names, place, info) or _by_info(place, top, info)
    return Row(**{**vars(row), "files": files})


def _flat(name: str) -> str:
    """A path below data/ as one name."""
    return name.removeprefix("data/").replace("/", " - ")


def _listed(tree: Tree, top: str, parts: dict[str, Any], payload: set[str]) -> RowFile:
    if parts["path"] not in payload:
        said = trees.shown(parts["path"])
        raise Broken(f"The bag does not have the file {said} that its description names. Add it.")
    name = parts.get("name", PurePosixPath(parts["path"]).name)
    return tree.file(top + parts["path"], name=name, **jsonl.terms(parts))


# --- descriptions -------------------------------------------------------------------------------
def _info(tree: Tree, top: str, names: list[str], coding: str) -> dict[str, list[str]]:
    """What bag-info.txt says, by its labels in small letters."""
    if "bag-info.txt" not in names:
        return {}
    found: dict[str, list[str]] = {}
    last: list[str] = []
    for line in bag_sums.decoded(tree.read(f"{top}bag-info.txt"), coding).splitlines():
        label, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and last:
            last[-1] += f" {line.strip()}"
        elif colon:
            last = found.setdefault(label.strip().lower(), [])
            last.append(value.strip())
    return found


def _by_description(
    tree: Tree, top: str, names: list[str], place: str, info: dict[str, list[str]]
) -> Row | None:
    """The row of the best description in XML that lies in the bag."""
    said = sorted(
        (one for one in names if DESCRIPTIONS.search(one) and not one.startswith("data/")),
        key=lambda name: ("datacite" not in name.lower(), "mods" not in name.lower(), name),
    )
    for name in said:
        try:
            element: etree._Element = xml.parse(tree.read(top + name))
        except ArchiveError:
            continue
        row = described.of_element(element, f"{place}, {trees.shown(name)}", _first(info))
        if not row.problem:
            return row
    return None


def _first(info: dict[str, list[str]]) -> str:
    return text.line(next(iter(info.get("external-identifier", [])), ""))[:400]


def _by_info(place: str, top: str, info: dict[str, list[str]]) -> Row:
    """A poor description, but one: what a bag says of itself."""
    whole = "\n".join(f"{name}: {one}" for name, some in info.items() for one in some)
    said = [text.line(one) for one in info.get("external-description", ())]
    title = next((one for one in (*map(text.line, info.get("title", ())), *said) if one), "")
    name = trees.shown(PurePosixPath(top.rstrip("/") or place).name)
    given: dict[str, Any] = {
        "titles": [{"text": title or name, "kind": "main"}],
        "publishers": [{"name": text.line(one)} for one in info.get("source-organization", ())],
        "notes": said,
    }
    document, dropped = fitting.fit(given, name=name)
    lost = [f"Left out, because it does not fit: {text.line(str(one))}" for one in dropped]
    key = _first(info) or f"bag:{name}:{hashlib.sha256(whole.encode()).hexdigest()[:16]}"
    return Row(
        place,
        key,
        document,
        kept=Kept("bagit", text.clean(whole)) if whole else None,
        remarks=(POOR, *lost),
    )


def recognises(source: Path) -> bool:
    """Whether there are bags in it."""
    try:
        return any(tops(tree) for one in _sources(source) for tree in _opened(one))
    except ArchiveError:
        return False


def _opened(source: Path) -> Iterator[Tree]:
    with trees.opened(source) as tree:
        yield tree

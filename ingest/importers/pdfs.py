"""A folder or ZIP of PDFs: each becomes a draft, with what its first page says suggested."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from ingest import fitting, pdf, suggestions
from ingest.importers import trees
from ingest.importers.trees import Tree
from ingest.rows import Row
from repository.errors import ArchiveError, TooLarge
from repository.store import disk
from schemas import text
from schemas.vocabulary import State

LARGEST = 2**31
REMEMBERED = 200  # suggestions
_SUGGESTED: dict[str, dict[str, Any]] = {}
NO_PDF = "It is no PDF."
GUESSED = "The description is guessed from the first page: look through it."
UNTITLED = "No title was found: it goes by the name of its file."
# What systems leave in folders.
_RUBBISH = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def read(source: Path) -> Iterator[Row]:
    """A draft for each PDF, known again by its bytes."""
    with trees.opened(source) as tree:
        for name in _names(tree):
            yield _row(tree, name)
        for name in tree.sizes:
            if not _is_pdf(name) and not _is_rubbish(name):
                tree.refused[name] = NO_PDF
        yield from tree.problems()


def count(source: Path) -> int:
    """How many files there are that come, or are refused."""
    with trees.opened(source) as tree:
        return sum(not _is_rubbish(one) for one in (*tree.sizes, *tree.refused))


def _names(tree: Tree) -> list[str]:
    return sorted(name for name in tree.sizes if _is_pdf(name) and not _is_rubbish(name))


def _is_pdf(name: str) -> bool:
    return name.lower().endswith(".pdf")


def _is_rubbish(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.lower() in _RUBBISH or path.parts[0] == "__MACOSX"


def _row(tree: Tree, name: str) -> Row:
    place = f"{tree.name}, {trees.shown(name)}"
    try:
        with _lying(tree, name) as path:
            digest = disk.digest_of(path)
            found = _suggested(digest, path)
    except (ArchiveError, OSError) as error:
        return Row(place, "", problem=f"{text.line(str(error))} Replace the file, or take it out.")
    stem = PurePosixPath(trees.shown(name)).stem.replace("_", " ")
    document, _dropped = fitting.fit(found, name=stem)
    return Row(
        place,
        f"sha256:{hashlib.sha256(digest.encode()).hexdigest()}",
        document,
        files=(tree.file(name, sha512=digest),),
        state=State.DRAFT,
        remarks=(GUESSED,) if "titles" in found else (GUESSED, UNTITLED),
    )


def _suggested(digest: str, path: Path) -> dict[str, Any]:
    """What a PDF suggests; a run after a dry run does not read it again."""
    found = _SUGGESTED.get(digest)
    if found is None:
        found = suggestions.as_document(suggestions.suggest(pdf.read(path)))
        if len(_SUGGESTED) >= REMEMBERED:
            _SUGGESTED.pop(next(iter(_SUGGESTED)), None)
        _SUGGESTED[digest] = found
    return found


@contextmanager
def _lying(tree: Tree, name: str) -> Iterator[Path]:
    """Where a file lies on the disk: one of a ZIP is unpacked for as long as it is read."""
    if tree.pack is None:
        yield tree.path / name
        return
    if tree.sizes[name] > LARGEST:
        raise TooLarge("It is larger than %(limit)s MB.", limit=LARGEST >> 20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.pdf"
        with disk.room(), tree.reading(name) as stream, path.open("wb") as file:
            shutil.copyfileobj(stream, file, 2**20)
        yield path


def recognises(source: Path) -> bool:
    """Whether there is nothing but PDFs in it."""
    try:
        with trees.opened(source) as tree:
            names = [one for one in tree.sizes if not _is_rubbish(one)]
            return bool(names) and all(map(_is_pdf, names))
    except ArchiveError:
        return False

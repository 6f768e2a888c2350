"""JSON lines: what `open-archive export jsonl` writes, or a library makes from its own lists.

The source is a folder with `works.jsonl`, and where there are any `collections.jsonl` and files;
or one file of works. `docs/importing.md` explains the lines.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingest.importers import heads
from ingest.rows import Gathering, Past, Row, RowFile
from repository.errors import NotFound
from schemas import exchange
from schemas import work as profile
from schemas.vocabulary import Access, Copying, State

WORKS = "works.jsonl"
COLLECTIONS = "collections.jsonl"
LONGEST = 16 * 2**20  # bytes of one line
SAVE = "Save the file as UTF-8."
CORRECT = "Correct the line, or export it again."
_BLOCK = 2**20
_MARK = b"\xef\xbb\xbf"
_DOCUMENT = re.compile(rb'"document"\s*:\s*\{')


class Broken(ValueError):
    """A line that cannot be read; the text says why."""


def read(source: Path) -> Iterator[Row | Gathering]:
    """The collections, then the works."""
    collections, works = _paths(source)
    if collections is not None:
        for number, line in _lines(collections):
            yield _gathering(f"{collections.name}, line {number}", line)
    for number, line in _lines(works):
        yield _row(f"{works.name}, line {number}", line, works.parent)


def count(source: Path) -> int:
    """How many lines there are."""
    return sum(_count(path) for path in _paths(source) if path is not None)


def _paths(source: Path) -> tuple[Path | None, Path]:
    if not source.is_dir():
        return None, source
    works, collections = source / WORKS, source / COLLECTIONS
    if not works.exists():
        raise NotFound("There is no %(name)s in %(folder)s.", name=WORKS, folder=source)
    return (collections if collections.exists() else None), works


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, cut off after LONGEST bytes; empty ones are left out."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            rest = line
            while len(rest) > LONGEST and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST + 1)
            if line := (line.removeprefix(_MARK) if number == 1 else line).strip():
                yield number, line


def _load(line: bytes) -> Any:
    if len(line) > LONGEST:
        raise Broken(f"The line is longer than {LONGEST >> 20} MB: shorten it.")
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise Broken(f"The line is not UTF-8 (byte {error.start + 1}). {SAVE}") from error
    except json.JSONDecodeError as error:
        why = f"The line is not JSON: {error.msg} (character {error.colno}). {CORRECT}"
        raise Broken(why) from error
    except (RecursionError, ValueError) as error:
        why = f"The line is not JSON that can be read: too deep, or too large. {CORRECT}"
        raise Broken(why) from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _gathering(place: str, line: bytes) -> Row | Gathering:
    try:
        return Gathering(place=place, **exchange.check_collection(_load(line)))
    except (Broken, profile.Unfit) as error:
        return Row(place=place, key="", problem=str(error))


def _row(place: str, line: bytes, folder: Path) -> Row:
    return row(place, line, lambda one: _file(one, folder))


def row(place: str, line: bytes, file: Callable[[dict[str, Any]], RowFile]) -> Row:
    """The row of a line; `file` finds its files, and raises Broken where one is not there."""
    try:
        parts = exchange.check_work(_load(line))
        files = tuple(file(one) for one in parts.get("files", ()))
    except (Broken, profile.Unfit) as error:
        return Row(place=place, key="", problem=str(error))
    return Row(
        place=place,
        key=parts.get("key") or parts.get("uuid") or _digest(parts["document"]),
        document=parts["document"],
        files=files,
        collections=tuple(parts.get("collections", ())),
        state=State(parts["state"]) if "state" in parts else None,
        past=_past(parts),
    )


def _digest(document: dict[str, Any]) -> str:
    """A key for a line that has none: the same description gives the same."""
    canonical = json.dumps(document, ensure_ascii=True, sort_keys=True)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _file(parts: dict[str, Any], folder: Path) -> RowFile:
    path = folder / parts["path"]
    # A link inside the folder must not lead out of it either.
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise Broken(f"There is no file {parts['path']} in the folder. Put it there.")
    return RowFile(path=path, name=parts.get("name", path.name), **terms(parts))


def terms(parts: dict[str, Any]) -> dict[str, Any]:
    """Who may open a file, until when, and its SHA-512."""
    return {
        "access": Access(parts["access"]),
        "embargo_until": _day(parts.get("embargo_until")),
        "embargo_reason": parts.get("embargo_reason"),
        "lease_until": _day(parts.get("lease_until")),
        "copying": Copying(parts["copying"]),
        "sha512": parts.get("sha512"),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _past(parts: dict[str, Any]) -> Past:
    moments: dict[str, Any] = {
        name: datetime.fromisoformat(parts[name])
        for name in ("published", "submitted")
        if name in parts
    }
    same = (
        "uuid",
        "number",
        "version",
        "withdrawal",
        "agreement",
        "copyright_basis",
        "rights_note",
    )
    origins = tuple(parts.get("origins", ()))
    return Past(**{name: parts[name] for name in same if name in parts}, **moments, origins=origins)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    if source.is_dir():
        return (source / WORKS).is_file()
    head = heads.of(source)
    first = head.removeprefix(_MARK).lstrip().partition(b"\n")[0]
    return first.startswith(b"{") and _DOCUMENT.search(first) is not None

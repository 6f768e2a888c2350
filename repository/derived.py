"""What was read from files and can be read again: their text, page by page, and scans with text.

It lies outside the store, by digest, so that the same file is read once however often it was
deposited. Whoever shows text from here asks `access` first.
"""

import gzip
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from repository.store import disk


def path(folder: Path, sha512: str) -> Path:
    """Where the text of a file lies, once it has been read."""
    return folder / sha512[:2] / f"{sha512}.json.gz"


def pages(folder: Path, sha512: str) -> list[str]:
    """The text of a file's pages; empty while nobody has read it, or when it has none."""
    try:
        with gzip.open(path(folder, sha512), "rb") as file:
            return json.load(file)
    except (OSError, EOFError, ValueError, zlib.error):  # absent or damaged: it can be made again
        return []


def has(folder: Path, sha512: str) -> bool:
    """Whether the file has been read already."""
    return path(folder, sha512).exists()


def keep(folder: Path, sha512: str, texts: Sequence[str]) -> None:
    """Keeps the text of a file's pages."""
    place = path(folder, sha512)
    with disk.room():
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = place.with_name(uuid4().hex)
        try:
            with gzip.open(scratch, "wb", compresslevel=6) as file:
                file.write(json.dumps(list(texts), ensure_ascii=False).encode())
            disk.sync(scratch)
            scratch.rename(place)
        finally:
            scratch.unlink(missing_ok=True)


def searchable(folder: Path, sha512: str) -> Path:
    """Where a PDF lies that shows what the file does and has the text that was read from it."""
    return folder / sha512[:2] / f"{sha512}.text.pdf"


def keep_searchable(folder: Path, sha512: str, made: Path) -> None:
    """Moves a searchable PDF, made on the same disk, to its place."""
    place = searchable(folder, sha512)
    with disk.room():
        place.parent.mkdir(parents=True, exist_ok=True)
        disk.sync(made)
        os.replace(made, place)


def forget(folder: Path, sha512: str) -> None:
    """Lets the file be read anew."""
    searchable(folder, sha512).unlink(missing_ok=True)
    path(folder, sha512).unlink(missing_ok=True)

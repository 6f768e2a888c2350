"""The search of a mirror: what works are found by, in pieces that a page loads as scripts."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby

from repository import folding
from repository.mirror.target import Target

PIECE = 2000  # numbers of works to a piece: a new work changes one piece alone


def write(target: Target) -> list[int]:
    """Writes the pieces; which there are."""
    made = []
    for piece, rows in _pieces(target.known):
        lines = ",\n".join(rows)
        target.put(f"search/{piece}.js", f"mirror.take([\n{lines}\n]);\n".encode())
        made.append(piece)
    letters = json.dumps(folding.CYRILLIC, ensure_ascii=False)
    sounds = json.dumps(folding.LATIN, ensure_ascii=False)
    said = f"mirror.letters = {letters};\nmirror.sounds = {sounds};\n"
    target.put("search/letters.js", said.encode())
    return made


def _pieces(known: sqlite3.Connection) -> Iterator[tuple[int, list[str]]]:
    rows = known.execute("SELECT number, row, words FROM works ORDER BY number")
    for piece, some in groupby(rows, key=lambda row: (row[0] - 1) // PIECE):
        yield piece, [_line(json.loads(row), words) for _number, row, words in some]


def _line(row: dict, words: str) -> str:
    by = ", ".join(row["names"]) + (" …" if row["more"] else "")
    line = [row["number"], row["title"], row["language"], by, row["year"] or "", words]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))

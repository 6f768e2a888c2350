"""EPrints XML (ep2) with documents: files within it, or beside it by their names; or a folder."""

import re
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from ingest import file_names, fitting
from ingest.harvest import describing
from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import each, first, text
from ingest.importers import eprints_data, eprints_fields, heads, trees, xml_records
from ingest.importers.xml_records import Piece
from ingest.rows import Kept, Link, Row, RowFile
from repository import clock, xml
from repository.errors import ArchiveError
from schemas import text as border
from schemas.vocabulary import Access, State

UNTITLED = "It has no title. Give it one at the source."
_ACCESS = {"public": Access.OPEN, "validuser": Access.REGISTERED, "staffonly": Access.STAFF}
_STATES = {"inbox": State.DRAFT, "buffer": State.DRAFT}
_LICENCE = re.compile(r"cc_(?:public_domain|by(?:_nc)?(?:_sa|_nd)?)(?:_4)?$")
_VOLATILE = "isVolatileVersionOf"


class Here(NamedTuple):
    """Where files are looked for: the XML, the folder it lies in, and one for what is decoded."""

    source: Path
    beside: Path
    scratch: Path


class Lost(ValueError):
    """A file that cannot be had."""


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their numbers."""
    for path in xml_records.files(source, ".xml"):
        with tempfile.TemporaryDirectory() as folder:
            bare = Path(folder) / path.name
            eprints_data.taken_out(path, bare)
            for piece in xml_records.read(bare, "eprint"):
                with tempfile.TemporaryDirectory(dir=folder) as scratch:
                    yield _row(piece, Here(path, path.parent, Path(scratch)))


def count(source: Path) -> int:
    """How many records begin."""
    return sum(xml_records.count(path, "eprint") for path in xml_records.files(source, ".xml"))


def _row(piece: Piece, here: Here) -> Row:
    if piece.element is None:
        return Row(piece.place, "", problem=border.line(piece.problem))
    root = piece.element
    number = text(root, "eprintid") or root.get("id", "").rpartition("/")[2]
    key = border.line(number)[:400] or f"title:{border.line(text(root, 'title'))[:300]}"
    if text(root, "eprint_status") == "deletion":
        return Row(piece.place, key, gone=True)
    found, unplaced = eprints_fields.describe(root)
    if not found.document.get("titles"):
        return Row(piece.place, "", problem=UNTITLED)
    files, links, remarks = [], [], []
    for part in each(first(root, "documents"), "document"):
        if _VOLATILE in "".join(one.text or "" for one in part.iter("{*}type")):
            continue  # a picture or a text that EPrints made of another file
        terms, said = _terms(part)
        remarks += said
        found.put("licence", _licence(text(part, "license")))
        for one in each(first(part, "files"), "file"):
            try:
                had = _file(one, here, number, terms)
            except (Lost, ArchiveError) as error:
                problem = f"{trees.shown(text(one, 'filename'))}: {error}"
                return Row(f"{piece.place}, documents", "", problem=problem)
            if isinstance(had, RowFile):
                files.append(had)
            else:
                links.append(had)
    document, dropped = fitting.fit(found.document, name=piece.place)
    remarks += [f"Left out, because it does not fit: {border.line(str(one))}" for one in dropped]
    return Row(
        piece.place,
        key,
        document,
        files=tuple(files),
        collections=tuple(_divisions(root)),
        state=_STATES.get(text(root, "eprint_status")),
        kept=Kept("eprints", border.clean(_whole(root))),
        remarks=tuple(dict.fromkeys(remarks)),
        unplaced=tuple(one for one in unplaced if one != "divisions"),
        links=tuple(links),
    )


def _whole(root: etree._Element) -> str:
    return xml.serialise(root).decode()


def _divisions(root: etree._Element) -> Iterator[str]:
    """The divisions as collections."""
    for one in each(first(root, "divisions"), "item"):
        bare = re.sub(r"[^a-z0-9_.-]+", "-", text(one).lower()).strip("-.")
        if bare:
            yield f"eprints-{bare}"[:64]


# --- documents ----------------------------------------------------------------------------------
def _terms(document: etree._Element) -> tuple[dict[str, Any], list[str]]:
    """Who may open a document's files, and what of it was guessed."""
    security = text(document, "security")
    access = _ACCESS.get(security, Access.STAFF if security else Access.OPEN)
    remarks = []
    if security and security not in _ACCESS:
        remarks.append(f"Its security was {trees.shown(security)}: it is for staff now.")
    try:
        until = date.fromisoformat(text(document, "date_embargo")) - timedelta(days=1)
    except (ValueError, OverflowError):
        return {"access": access}, remarks
    if until < clock.now().date():
        return {"access": access}, remarks
    # EPrints opens a file to everybody on that day.
    remarks.append(f"It is closed until {until}, and open to everybody after that.")
    return {"access": Access.OPEN, "embargo_until": until}, remarks


def _licence(said: str) -> str:
    if not _LICENCE.match(said):
        return kinds.licence(said)
    if "public_domain" in said:
        return "public-domain"
    return f"{said.removesuffix('_4').replace('_', '-')}-4.0"


def _file(one: etree._Element, here: Here, number: str, terms: dict[str, Any]) -> RowFile | Link:
    given = text(one, "filename")
    name = file_names.safe(given)
    data, url = first(one, "data"), text(one, "url")
    if data is not None and data.get("at", "").isdigit() and data.get("size", "").isdigit():
        target = here.scratch / str(len(list(here.scratch.iterdir())))
        md5 = text(one, "hash") if text(one, "hash_type").upper() == "MD5" else ""
        eprints_data.decode(
            here.source, int(data.get("at", "0")), int(data.get("size", "0")), target, md5
        )
        return RowFile(target, name, **terms)
    parts = urlsplit(url) if describing.link(url) else None
    path = unquote(parts.path if parts else url)
    for guess in (path, f"{number}/{given}", given, *_tails(path)):
        found = _beside(here.beside, guess)
        if found is not None:
            return RowFile(found, name, **terms)
    if parts is not None:
        return Link(address=url, name=name)
    raise Lost("The file is neither in the XML nor beside it. Put it there.")


def _tails(path: str) -> Iterator[str]:
    """The ends of a path: 12/1/a.pdf and 1/a.pdf of /12/1/a.pdf."""
    parts = PurePosixPath(path.lstrip("/")).parts[-3:]
    return ("/".join(parts[at:]) for at in range(len(parts)))


def _beside(folder: Path, name: str) -> Path | None:
    """A file of this path in the folder; None where there is none, or it leads out."""
    if not name or len(name) > 1000 or trees.against(name):
        return None
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):
        return None
    return path if inside and path.suffix.lower() != ".xml" else None


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return heads.speaks(source, b"eprints.org/ep2/data")

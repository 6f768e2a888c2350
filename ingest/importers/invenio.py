"""InvenioRDM and Zenodo: records as JSON of their interface or export, with files by name beside.

One record, a list of records, or an answer to a search (`hits.hits`); a file, or a folder of such
files. The files of a record lie beside it, or in a folder that is called like its identifier.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.importers import (
    heads,
    invenio_records,
    json_records,
    reference_document,
    reference_files,
    references,
    xml_records,
)
from ingest.importers.csl_items import said
from ingest.importers.invenio_records import group, rows
from ingest.importers.json_records import Piece
from ingest.importers.reference_rows import Rows
from ingest.rows import Kept, Row, RowFile
from schemas.messages import Message
from schemas.vocabulary import Access

ENDINGS = (".json",)
LISTS = (("hits", "hits"), ("hits",), ("records",))
_OURS = (b'"resource_type"', b'"upload_type"')


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


NO_METADATA = _("It has no metadata. Export the record again.")
NO_DAY = _("“%(value)s” is no day: its files stay closed until somebody opens them.")


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their identifiers."""
    made = Rows()
    for path in xml_records.files(source, *ENDINGS):
        try:
            for piece in json_records.read(path, *LISTS):
                yield _row(made, piece, path.parent)
        except OSError as error:
            yield Row(path.name, "", problem=str(error))


def count(source: Path) -> int:
    """About how many records there are: as many as lines that begin metadata."""
    paths = xml_records.files(source, *ENDINGS)
    return sum(max(json_records.count(one, b"metadata"), 1) for one in paths)


def _row(made: Rows, piece: Piece, folder: Path) -> Row:
    if piece.problem:
        return Row(piece.place, "", problem=piece.problem)
    kept = Kept("invenio", piece.text)
    record: Mapping[str, Any] = piece.value
    named = said(record.get("id")) or said(record.get("recid"))
    place = f"{piece.place} ({named[:60]})" if named else piece.place
    if not group(record.get("metadata")):
        return Row(place, "", problem=Message(NO_METADATA), kept=kept)
    of = invenio_records.reference(record)
    links = references.links(of)
    files, missing = reference_files.beside(_paths(record, named), folder)
    terms, remarks = _terms(record)
    return made.row(
        place,
        named,
        reference_document.made(of),
        kept=kept,
        remarks=remarks,
        unplaced=of.unplaced,
        files=[replace(one, **terms) if terms else one for one in _distinct(files)],
        links=[*links, *missing],
    )


def _paths(record: Mapping[str, Any], named: str) -> Iterator[str]:
    """Where the files may lie: in the record's own folder; their names alone are tried, too."""
    given = record.get("files")
    entries = group(given).get("entries", given)
    listed = list(entries.values()) if isinstance(entries, dict) else entries
    for one in rows(listed):
        name = said(one.get("key")) or said(one.get("filename"))
        if name:
            yield f"{named}/{name}" if named else name


def _distinct(files: list[RowFile]) -> list[RowFile]:
    """Files of different names: a work has no two of one name."""
    return list({one.name.casefold(): one for one in reversed(files)}.values())[::-1]


def _terms(record: Mapping[str, Any]) -> tuple[dict[str, Any], list[Message]]:
    """Who may open the files and from when on, as either shape says it."""
    access, old = group(record.get("access")), group(record.get("metadata"))
    embargo = group(access.get("embargo"))
    if embargo.get("active") is True or said(old.get("access_right")) == "embargoed":
        until = said(embargo.get("until")) or said(old.get("embargo_date"))
        try:
            return {"embargo_until": date.fromisoformat(until[:10])}, []
        except ValueError:
            return {"access": Access.CLOSED}, [Message(NO_DAY, value=until[:60])]
    shut = {said(access.get("files")), said(access.get("record"))} & {"restricted"}
    if shut or said(old.get("access_right")) in ("restricted", "closed"):
        return {"access": Access.CLOSED}, []
    return {}, []


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    head = heads.of(source, *ENDINGS).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"[", b"{") or b'"metadata"' not in head:
        return False
    return any(one in head for one in _OURS)

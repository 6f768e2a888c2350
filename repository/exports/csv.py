"""CSV: a row a work, for a spreadsheet to look at. What comes back is read by `ingest.sheets`."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from repository.exports import parts
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

MEDIA_TYPE = "text/csv"
EXTENSION = "csv"

COLUMNS = (
    "number", "type", "title", "authors", "date", "language", "host", "volume", "issue", "pages",
    "publisher", "place", "doi", "isbn", "issn", "keywords", "udc", "access", "licence", "address",
)  # fmt: skip
_MARK = "\ufeff"  # without it spreadsheets take the letters for those of another table
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def dumps_all(records: Iterable[Record]) -> bytes:
    """A heading and a row for each work, in UTF-8; texts that a spreadsheet would calculate are
    quoted with an apostrophe."""
    return b"".join(render_many(records))


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """The same piece by piece."""
    yield (_MARK + _line(COLUMNS)).encode()
    for record in records:
        yield _line([*map(_plain, _row(record))]).encode()


def _line(cells: Sequence[str]) -> str:
    made = StringIO(newline="")
    csv.writer(made).writerow(cells)
    return made.getvalue()


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _row(record: Record) -> tuple[str, ...]:
    document, host = record.document, record.document.get("host") or {}
    publisher = (document.get("publishers") or [{}])[0]
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    codes = document.get("classification", ())
    return (
        str(record.number),
        profile.work_type(document).key,
        profile.main_title(document)["text"],
        "; ".join(map(profile.agent_name, document.get("creators", ()))),
        document.get("issued", ""),
        ", ".join(document.get("languages", ())),
        host.get("title", ""),
        host.get("volume", ""),
        host.get("issue", ""),
        host.get("pages", ""),
        publisher.get("name", ""),
        publisher.get("place", ""),
        *("; ".join(parts.identifiers(document, one)) for one in ("doi", "isbn")),
        "; ".join((*parts.identifiers(document, "issn"), *host.get("issn", ()))),
        "; ".join(one["text"] for one in document.get("keywords", ())),
        "; ".join(one["code"] for one in codes if one.get("scheme") == "udc"),
        record.access_right,
        licence.key if licence else "",
        record.url,
    )

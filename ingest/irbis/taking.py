"""Records of IRBIS as the rows of an import, whatever road they come by."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from ingest import fitting
from ingest.irbis import profiles, records
from ingest.irbis.records import Broken, Record
from ingest.rows import Kept, Row
from schemas.messages import Message

FORMAT = "irbis"


def rows(
    found: Iterable[Record | Broken],
    *,
    profile: str = "",
    serials: Callable[[], dict[str, str]] = dict,
) -> Iterator[Row]:
    """A row for each record. `serials` gives the titles of serials by key, asked once and only
    when an issue needs them."""
    seen: dict[str, int] = {}
    titles: dict[str, str] | None = None
    for record in found:
        if isinstance(record, Broken):
            problem = Message("%(why)s Correct it, and import it again.", why=record.why)
            yield Row(record.place, "", problem=problem)
            continue
        if titles is None and _is_issue(record):
            titles = serials()
        yield _row(record, profile or profiles.of(record), titles or {}, seen)


def _is_issue(record: Record) -> bool:
    return bool(record.get(933)) and not record.get(200, "a")


def _row(record: Record, profile: str, titles: dict[str, str], seen: dict[str, int]) -> Row:
    key = _once(profiles.key(record, profile) or _digest(record), seen)
    kept = Kept(FORMAT, records.dump(record))
    if record.deleted:
        return Row(record.place, key, kept=kept, gone=True)
    reading = profiles.read(record, profile)
    if _is_issue(record):
        _name_serial(reading.document, titles.get(record.get(933), ""))
    document, dropped = fitting.fit(reading.document, name=record.place)
    named = document["titles"][0]["text"] != record.place
    if not named:
        problem = Message("The record has no title (field 200). Give it one.")
        return Row(record.place, key, problem=problem)
    left_out = (Message("Left out: %(what)s", what=str(one)) for one in dropped)
    return Row(
        record.place,
        key,
        document,
        kept=kept,
        remarks=(*reading.remarks, *left_out),
        unplaced=profiles.unplaced(reading, profile),
        holdings=tuple(reading.holdings),
        links=tuple(reading.links),
    )


def _digest(record: Record) -> str:
    """A key for a record that has none: the same fields give the same."""
    return f"sha256:{sha256(repr(record.fields).encode('utf-8', 'surrogatepass')).hexdigest()}"


def _once(key: str, seen: dict[str, int]) -> str:
    """The key, or when another record of the source has it, the key with a number."""
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else f"{key} ({seen[key]})"


def _name_serial(document: dict, title: str) -> None:
    if title:
        document["host"]["title"] = title
        document["titles"][0]["text"] = f"{title}. {document['titles'][0]['text']}"

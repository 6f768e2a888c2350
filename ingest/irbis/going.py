"""Works as records of IRBIS: those that came from there changed in place, the others made anew.

A record that a work came from is never written anew: what has changed in the description since is
made in it, and all else stays as it was (`patching`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from lxml import etree
from sqlalchemy import select

from ingest import fitting, updating
from ingest.irbis import cataloguing, profiles, records
from ingest.irbis.patching import patch
from ingest.irbis.records import Field, Record
from ingest.irbis.taking import FORMAT
from repository import plugins
from repository.archive import Archive
from repository.models.works import Origin
from repository.records import Record as Work

PAGE = 200


class Came(NamedTuple):
    """The record that a work came from, and the digests of what it said then, by element."""

    record: Record
    elements: Mapping[str, str]


def kept(archive: Archive, numbers: Sequence[int]) -> dict[int, Came]:
    """The records of IRBIS that these works came from."""
    found: dict[int, Came] = {}
    with archive.reading() as session:
        for start in range(0, len(numbers), PAGE):
            query = (
                select(Origin.work_id, Origin.record, Origin.elements)
                .where(Origin.work_id.in_(numbers[start : start + PAGE]), Origin.format == FORMAT)
                .order_by(Origin.id)
            )
            for number, text, elements in session.execute(query):
                found[number] = Came(records.load(text), elements)
    return found


def all_of(archive: Archive, works: Iterator[Work], profile: str) -> Iterator[Record]:
    """The records of these works in a profile. One that came in the other is made anew."""
    page: list[Work] = []
    for work in works:
        page.append(work)
        if len(page) == PAGE:
            yield from _page(archive, page, profile)
            page = []
    yield from _page(archive, page, profile)


def _page(archive: Archive, page: Sequence[Work], profile: str) -> Iterator[Record]:
    came = kept(archive, [one.number for one in page])
    for work in page:
        known = came.get(work.number)
        if known is not None and profiles.of(known.record) != profile:
            known = None
        yield of(work, known, profile=profile)


def of(work: Work, came: Came | None, *, profile: str) -> Record:
    """The work as a record: the one that it came from with what has changed since, or a new one."""
    write = _rusmarc if profile == profiles.RUSMARC else _irbis
    place = f"№ {work.number}"
    if came is None:
        return replace(write(work), place=place)
    changed = patch(came.record, *differing(work, came, profile)).record
    return replace(linked(changed, work, profile), place=place)


def differing(work: Work, came: Came, profile: str) -> tuple[list[Field], list[Field]]:
    """The fields of the description as it came, and with the elements that have changed since."""
    write = _rusmarc if profile == profiles.RUSMARC else _irbis
    given, _ = fitting.fit(profiles.read(came.record, profile).document, name=came.record.place)
    now = updating.elements(work.document)
    changed = {name for name in {*now, *came.elements} if now.get(name) != came.elements.get(name)}
    made = {**given, **{name: work.document.get(name) for name in changed}}
    after = {name: value for name, value in made.items() if value is not None}
    return (
        _described(write(replace(work, document=given))),
        _described(write(replace(work, document=after))),
    )


def _described(record: Record) -> list[Field]:
    """The fields that say what the description says; those of a record's keeping stay its own."""
    own = (1, 3, 5, 100, 801, 856, 899, 903, 951, 920, 900)
    return [one for one in record.fields if one.tag not in own]


def linked(record: Record, work: Work, profile: str) -> Record:
    """The record with the way to the work's page, once."""
    if any(work.url in one.text for one in record.fields):
        return record
    link = cataloguing.link(work.url)
    if profile == profiles.RUSMARC:
        link = Field(856, f"^u{work.url}^z{cataloguing.LABEL}", "4 ")
    return replace(record, fields=(*record.fields, link))


def _irbis(work: Work) -> Record:
    found = cataloguing.fields(work.document)
    key = cataloguing.key(own_key(work))
    return Record((*found, cataloguing.link(work.url), key))


def own_key(work: Work) -> str:
    """The key (903) of a work that was not in the catalogue before."""
    return f"OA-{work.uuid.removeprefix('urn:uuid:')}"


def _rusmarc(work: Work) -> Record:
    """The record that harvesters get, with its fields as ISO 2709 has them."""
    plugin = plugins.named("open_archive.formats", "rusmarc", ("render",))
    element = plugin.render(work)
    leader, fields = "", []
    for child in element:
        name = etree.QName(child).localname
        if name == "leader":
            leader = child.text or ""
        elif name == "controlfield":
            fields.append(Field(int(child.get("tag", "0")), child.text or ""))
        elif name == "datafield":
            marks = f"{child.get('ind1', ' ')}{child.get('ind2', ' ')}"
            text = "".join(f"^{one.get('code')}{_plain(one.text or '')}" for one in child)
            fields.append(Field(int(child.get("tag", "0")), text, marks))
    return Record(tuple(fields), leader=leader)


def _plain(text: str) -> str:
    return text.replace("^", " ")

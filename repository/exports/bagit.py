"""BagIt: a ZIP with a bag (RFC 8493) for each work: its files, sums of them, and descriptions.

A bag has our own line (`metadata/work.jsonl`), which the importer of the same name reads again
with all rights, and Dublin Core and DataCite for everybody else.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from repository import __version__, plugins
from repository.archive import Archive
from repository.clock import now
from repository.errors import ArchiveError
from repository.exports import jsonl
from repository.models.works import File, Work
from repository.records import Record
from repository.store import disk

MEDIA_TYPE = "application/zip"
EXTENSION = "zip"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
LINE, DC, DATACITE = "metadata/work.jsonl", "metadata/dublincore.xml", "metadata/datacite.xml"
FORMATS = {DC: "oai_dc", DATACITE: "oai_datacite"}
KERNEL = "{http://datacite.org/schema/kernel-4}resource"
LARGE = 2**31  # from here on a part of a ZIP needs longer numbers
BLOCK = 2**20


class Outlet(io.RawIOBase):
    """What a ZIP is written to: the bytes wait until they are taken."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Takes bytes up."""
        self._waiting += data
        return len(data)

    def taken(self) -> bytes:
        """The bytes since the last time."""
        data = bytes(self._waiting)
        self._waiting.clear()
        return data


def stream(
    archive: Archive, works: Iterable[Record], *, problem: Callable[[str], None]
) -> Iterator[bytes]:
    """The ZIP, piece by piece. Files that are damaged in the store are left out and told."""
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as pack:
        for record in works:
            work = _work(archive, record.number)
            if work is not None:
                for _block in _bag(archive, pack, record, work, problem):
                    yield outlet.taken()
    yield outlet.taken()


def _work(archive: Archive, number: int) -> Work | None:
    query = select(Work).where(Work.id == number)
    with archive.reading() as session:
        return session.scalar(
            query.options(selectinload(Work.files), selectinload(Work.collections))
        )


def _bag(
    archive: Archive,
    pack: zipfile.ZipFile,
    record: Record,
    work: Work,
    problem: Callable[[str], None],
) -> Iterator[None]:
    """Writes a bag, and stops now and then, so that what is written can be taken."""
    top = f"work-{work.id}"
    files = [one for one in work.current_files if _sound(archive, work, one, problem)]
    pack.mkdir(f"{top}/data")
    for file in files:
        for _block in _payload(archive, pack, work, file, f"{top}/{_path(file)}"):
            yield
    for name, data in _tags(record, work, files).items():
        pack.writestr(f"{top}/{name}", data)
        yield


def _payload(
    archive: Archive, pack: zipfile.ZipFile, work: Work, file: File, name: str
) -> Iterator[None]:
    part = zipfile.ZipInfo(name, now().timetuple()[:6])
    part.external_attr = 0o644 << 16
    place = jsonl.place(archive, work, file)
    with (
        place.open("rb") as source,
        pack.open(part, "w", force_zip64=file.size >= LARGE) as target,
    ):
        while block := source.read(BLOCK):
            target.write(block)
            yield


def _sound(archive: Archive, work: Work, file: File, problem: Callable[[str], None]) -> bool:
    try:
        found = disk.digest_of(jsonl.place(archive, work, file))
    except (ArchiveError, OSError) as error:
        problem(f"Work {work.id}, {file.name}: {error}")
        return False
    if found != file.sha512:
        problem(f"Work {work.id}, {file.name}: damaged, left out. Run verify.")
    return found == file.sha512


def _tags(record: Record, work: Work, files: list[File]) -> dict[str, bytes]:
    """What stands beside the files, by name; the manifest of it comes last."""
    listed = [jsonl.listed(one, _path(one)) for one in files]
    line = jsonl.written_out({**jsonl.described(work), "files": listed})
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": _info(record, files),
        LINE: line.encode(),
        **_descriptions(record),
        "manifest-sha512.txt": _manifest({_path(one): one.sha512 for one in files}),
    }
    sums = {name: hashlib.sha512(data).hexdigest() for name, data in tags.items()}
    return {**tags, "tagmanifest-sha512.txt": _manifest(sums)}


def _manifest(sums: dict[str, str]) -> bytes:
    return "".join(f"{value}  {name}\n" for name, value in sorted(sums.items())).encode()


def _path(file: File) -> str:
    """Where a file lies in the bag. RFC 8493 has % written as %25, which many programs do not
    know, so it is written otherwise; our line has the name."""
    return (
        f"data/{file.id} {file.name.replace('%', '_')}"
        if "%" in file.name
        else (f"data/{file.name}")
    )


def _info(record: Record, files: list[File]) -> bytes:
    title = next((one["text"] for one in record.document.get("titles", ())), "")
    said = {
        "Bagging-Date": f"{now():%Y-%m-%d}",
        "Bag-Software-Agent": f"Open Archive {__version__}",
        "Payload-Oxum": f"{sum(one.size for one in files)}.{len(files)}",
        "External-Identifier": record.url,
        "External-Description": " ".join(title.split()),
    }
    return "".join(f"{name}: {value}\n" for name, value in said.items() if value).encode()


def _descriptions(record: Record) -> dict[str, bytes]:
    made = {}
    for name, format in FORMATS.items():
        element = plugins.named("open_archive.formats", format, ("render",)).render(record)
        if element is not None:
            inner = next(element.iter(KERNEL), element)
            made[name] = etree.tostring(inner, encoding="UTF-8", xml_declaration=True)
    return made

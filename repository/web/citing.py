"""How a work is cited, and the formats in which its metadata can be had."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lxml import etree
from markupsafe import Markup, escape

from repository import clock, plugins, transliteration, xml
from repository.errors import NotFound
from repository.exports import bibtex, csl, parts, ris, styling
from repository.exports.styling import Segments, Style
from repository.records import Record
from repository.web import words
from repository.web.current import archive
from schemas import vocabulary
from schemas import work as profile

DC = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True)
class Cited:
    """A work in one style: in a page with its italics, all else escaped; elsewhere plain."""

    style: Style
    segments: Segments
    language: str

    def __str__(self) -> str:
        return styling.plain(self.segments)

    def __html__(self) -> str:
        said = (Markup("<i>{}</i>").format(text) if slanted else escape(text)
                for text, slanted in self.segments)  # fmt: skip
        return Markup("").join(said)

    @property
    def styles(self) -> list[Style]:
        """All styles that there are."""
        return list(styling.STYLES.values())


def citation(record: Record, *, style: str | None = None, version: int | None = None) -> Cited:
    """The work in a style; without one in that which readers of this language expect.

    With `version` it is a reference to that version, whose address `record.url` is.
    """
    key = style or styling.FIRST.get(words.language(), "apa")
    said = styling.cite(record, key, today=_today(), version=version)
    return Cited(styling.STYLES[key], said, parts.tongue(record.document))


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(archive().settings.time_zone)).date()


def _dublin_core(record: Record) -> Iterator[tuple[str, str]]:
    document = record.document
    for title in document.get("titles", ()):
        yield "title", title["text"]
    for creator in document.get("creators", ()):
        yield "creator", profile.agent_name(creator)
    for contributor in document.get("contributors", ()):
        yield "contributor", profile.agent_name(contributor)
    for abstract in document.get("abstracts", ()):
        yield "description", abstract["text"]
    for keyword in document.get("keywords", ()):
        yield "subject", keyword["text"]
    if document.get("issued"):
        yield "date", document["issued"].rstrip("?~%")
    for language in document.get("languages", ()):
        yield "language", language
    yield "type", profile.work_type(document).label
    yield "identifier", record.url
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence and licence.url:
        yield "rights", licence.url


def dublin_core(record: Record) -> bytes:
    """The work as qualified-free Dublin Core XML."""
    root = etree.Element("metadata", nsmap={"dc": DC})
    for element, value in _dublin_core(record):
        etree.SubElement(root, f"{{{DC}}}{element}").text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def as_json(record: Record) -> bytes:
    """The work's document with its address and its open facts."""
    value = {
        "number": record.number,
        "url": record.url,
        "version": record.version,
        "published": record.published.isoformat(),
        "changed": record.changed.isoformat(),
        "collections": list(record.collections),
        "document": record.document,
        "files": [
            {
                "name": file.name,
                "size": file.size,
                "sha512": file.sha512,
                "media_type": file.media_type,
                "access": file.level,
                "copying": file.copying,
                "url": file.url,
            }
            for file in record.files
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


class Export(NamedTuple):
    """A format: its media type, what makes it of a record, what readers call it."""

    media_type: str
    render: Callable[[Record], bytes]
    label: str


OWN = {
    "bib": Export(bibtex.MEDIA_TYPE, bibtex.dumps, "BibTeX"),
    "ris": Export(ris.MEDIA_TYPE, ris.dumps, "RIS"),
    "csl.json": Export(csl.MEDIA_TYPE, csl.dumps, "CSL-JSON"),
    "dc.xml": Export("application/xml", dublin_core, "Dublin Core"),
    "json": Export("application/json", as_json, "JSON"),
}
# Formats of harvesters that are registered as media types or known by a name of their own.
NAMED = {
    "datacite": ("application/vnd.datacite.datacite+xml", "DataCite"),
    "mods": ("application/mods+xml", "MODS"),
    "marcxml": ("application/marcxml+xml", "MARCXML"),
    "mets": ("application/mets+xml", "METS"),
    "rdf": ("application/rdf+xml", "RDF"),
    "rusmarc": ("application/xml", "RUSMARC"),
    "oai_dc": ("application/xml", "OAI DC"),
    "oai_openaire": ("application/xml", "OpenAIRE"),
    "qdc": ("application/xml", "Qualified DC"),
    "etdms": ("application/xml", "ETD-MS"),
    "didl": ("application/xml", "DIDL"),
    "rioxx": ("application/xml", "RIOXX"),
}
# What machines are told of on each page, and what reference managers and catalogues ask for.
DESCRIBED = (*OWN, "datacite.xml", "mods.xml", "marcxml.xml")
# What the box on the page of a work offers; all others are on its page of citations.
FEW = ("bib", "ris", "csl.json")
# What readers save, in contrast to what they look at.
SAVED = frozenset({"bib", "ris", "csl.json", "marcxml.xml", "rusmarc.xml"})


@cache
def exports() -> Mapping[str, Export]:
    """All formats by ending: ours, and each that is installed for harvesters as `<prefix>.xml`.

    A plug-in may have ENDING, another name for that, and `alone`, which renders the record as a
    document of its own where `render` wraps it for OAI-PMH.
    """
    needs = ("NAMESPACE", "SCHEMA", "VERSION", "render")
    found = plugins.load("open_archive.formats", needs=needs)
    harvested = {}
    for prefix, plugin in found.items():
        name = getattr(plugin, "ENDING", prefix)
        media_type, label = NAMED.get(name, ("application/xml", prefix))
        harvested[f"{name}.xml"] = Export(media_type, _document(plugin), label)
    return harvested | OWN


def _document(plugin: ModuleType) -> Callable[[Record], bytes]:
    render = getattr(plugin, "alone", plugin.render)

    def made(record: Record) -> bytes:
        root = render(record)
        if root is None:
            raise NotFound("This format does not apply to the work.")
        return xml.serialise(root)

    return made


def described() -> dict[str, Export]:
    """The formats of which machines are told, by ending; as many as are installed."""
    known = exports()
    return {ending: known[ending] for ending in DESCRIBED if ending in known}


def offered() -> list[tuple[str, str]]:
    """(ending, name) of the formats in the box of the page."""
    return [(ending, OWN[ending].label) for ending in FEW]


def disposition(record: Record, ending: str) -> str:
    """How a browser is to take a format, and under which name it is kept: asanova-2024-12.bib."""
    creator = (record.document.get("creators") or [{}])[0]
    named = creator.get("family") or creator.get("name", "")
    latin = transliteration.latin(named, transliteration.Way.PASSPORT).lower()
    stem = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40] or "work"
    pieces = (stem, str(profile.year(record.document) or ""), str(record.number))
    kind = "attachment" if ending in SAVED else "inline"
    return f'{kind}; filename="{"-".join(filter(None, pieces))}.{ending}"'

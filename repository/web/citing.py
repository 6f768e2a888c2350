"""How a work is cited, and the formats in which its metadata can be had."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from repository.exports import bibtex, parts, ris
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

DC = "http://purl.org/dc/elements/1.1/"


def _dublin_core(record: Record) -> Iterator[tuple[str, str]]:
    document = record.document
    for title in document.get("titles", ()):
        yield "DC.title", title["text"]
    for creator in document.get("creators", ()):
        yield "DC.creator", profile.agent_name(creator)
    for contributor in document.get("contributors", ()):
        yield "DC.contributor", profile.agent_name(contributor)
    for abstract in document.get("abstracts", ()):
        yield "DC.description", abstract["text"]
    for keyword in document.get("keywords", ()):
        yield "DC.subject", keyword["text"]
    if document.get("issued"):
        yield "DCTERMS.issued", document["issued"].rstrip("?~%")
    for language in document.get("languages", ()):
        yield "DC.language", language
    yield "DC.type", profile.work_type(document).label
    yield "DC.identifier", record.url
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence and licence.url:
        yield "DCTERMS.license", licence.url


# Volume, issue, pages, in the language of the work.
SIGNS = {"ky": ("Т.", "№", "Б."), "ru": ("Т.", "№", "С."), "en": ("Vol.", "No.", "P.")}


VERSIONED = {"ky": "{}-версия", "ru": "Версия {}", "en": "Version {}"}


def citation(record: Record, *, version: int | None = None) -> str:
    """A reference to the work in the manner of GOST R 7.0.5: who, what, where, when, address.

    With `version` it is one to that version, whose address `record.url` is.
    """
    document, host = record.document, record.document.get("host") or {}
    names = ", ".join(map(_short, document.get("creators", ())[:3]))
    if len(document.get("creators", ())) > 3:
        names += " et al." if document.get("languages", ["en"])[0] == "en" else " и др."
    said = [f"{names} {profile.main_title(document)['text']}".strip()]
    if host.get("title"):
        said.append(f"// {host['title']}")
    year = profile.year(document)
    places = [one for one in document.get("publishers", ()) if not host.get("title")]
    where = ": ".join(filter(None, (places[0].get("place"), places[0]["name"]))) if places else ""
    volume, issue, page = SIGNS.get((document.get("languages") or ["en"])[0], SIGNS["en"])
    facts = [", ".join(filter(None, (where, str(year) if year else "")))]
    facts += [f"{volume} {host['volume']}" if host.get("volume") else ""]
    facts += [f"{issue} {host['issue']}" if host.get("issue") else ""]
    facts += [f"{page} {host['pages']}" if host.get("pages") else ""]
    doi = next(iter(parts.identifiers(document, "doi")), None)
    if version:
        tongue = (document.get("languages") or ["en"])[0]
        facts += [VERSIONED.get(tongue, VERSIONED["en"]).format(version)]
    facts += [f"URL: https://doi.org/{doi}" if doi and not version else f"URL: {record.url}"]
    return " ".join(said).rstrip(".") + ". – " + ". – ".join(filter(None, facts)) + "."


def _short(agent: dict[str, Any]) -> str:
    """ "Family G. P.", an organisation as it is."""
    if agent.get("name"):
        return agent["name"]
    given = f"{agent.get('given', '')} {agent.get('patronymic', '')}".replace("-", " ").split()
    return " ".join([agent.get("family", ""), *(f"{word[0]}." for word in given)])


def dublin_core(record: Record) -> bytes:
    """The work as qualified-free Dublin Core XML."""
    root = etree.Element("metadata", nsmap={"dc": DC})
    for name, value in _dublin_core(record):
        _space, _, term = name.partition(".")
        element = {"issued": "date", "license": "rights"}.get(term, term)
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


EXPORTS: dict[str, tuple[str, Callable[[Record], bytes]]] = {
    "bib": (bibtex.MEDIA_TYPE, bibtex.dumps),
    "ris": (ris.MEDIA_TYPE, ris.dumps),
    "dc.xml": ("application/xml", dublin_core),
    "json": ("application/json", as_json),
}

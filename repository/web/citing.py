"""How a work presents itself to machines and to those who cite: tags, links, citations, exports."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from repository.exports import bibtex, parts, ris
from repository.records import Record, RecordFile
from schemas import vocabulary
from schemas import work as profile

DC = "http://purl.org/dc/elements/1.1/"
SCHEMA_ORG = {
    "article": "ScholarlyArticle",
    "review-article": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "conference-paper": "ScholarlyArticle",
    "monograph": "Book",
    "textbook": "Book",
    "proceedings": "Book",
    "book-part": "Chapter",
    "doctoral-thesis": "Thesis",
    "master-thesis": "Thesis",
    "bachelor-thesis": "Thesis",
    "thesis-abstract": "Thesis",
    "report": "Report",
    "working-paper": "Report",
    "dataset": "Dataset",
    "software": "SoftwareSourceCode",
    "image": "ImageObject",
    "sound": "AudioObject",
    "video": "VideoObject",
    "map": "Map",
    "periodical": "Periodical",
    "periodical-issue": "PublicationIssue",
}


def main_pdf(record: Record) -> RecordFile | None:
    """The PDF that search engines should take for the work: the first that everybody may open."""
    pdfs = (one for one in record.files if one.media_type == "application/pdf")
    return next((one for one in pdfs if one.free), None)


def meta_tags(record: Record) -> list[tuple[str, str]]:
    """Highwire and Dublin Core tags for the head of the work's page, in Google Scholar's order."""
    return [*_highwire(record), *_dublin_core(record)]


def _highwire(record: Record) -> Iterator[tuple[str, str]]:
    document, host = record.document, record.document.get("host") or {}
    yield "citation_title", profile.main_title(document)["text"]
    for creator in document.get("creators", ()):
        yield "citation_author", profile.agent_name(creator)
        if creator.get("orcid"):
            yield "citation_author_orcid", f"https://orcid.org/{creator['orcid']}"
        for place in creator.get("affiliations", ()):
            yield "citation_author_institution", place["name"]
    if document.get("issued"):
        yield "citation_publication_date", document["issued"].rstrip("?~%").replace("-", "/")
    yield from _where(host)
    yield from _thesis(document)
    for name, scheme in (("doi", "doi"), ("isbn", "isbn"), ("issn", "issn")):
        for value in parts.identifiers(document, scheme):
            yield f"citation_{name}", value
    for language in document.get("languages", ())[:1]:
        yield "citation_language", language
    words = [keyword["text"] for keyword in document.get("keywords", ())]
    if words:
        yield "citation_keywords", "; ".join(words)
    yield "citation_abstract_html_url", record.url
    pdf = main_pdf(record)
    if pdf:
        yield "citation_pdf_url", pdf.url


def _where(host: dict[str, Any]) -> Iterator[tuple[str, str]]:
    names = {
        "journal": "citation_journal_title",
        "book": "citation_inbook_title",
        "conference": "citation_conference_title",
    }
    if host.get("title"):
        yield names[host.get("kind", "journal")], host["title"]
    for key in ("volume", "issue"):
        if host.get(key):
            yield f"citation_{key}", host[key]
    for number in host.get("issn", ()):
        yield "citation_issn", number
    first, last = parts.pages(host)
    if first:
        yield "citation_firstpage", first
    if last:
        yield "citation_lastpage", last


def _thesis(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    thesis = document.get("thesis") or {}
    key = profile.work_type(document).key
    publishers = [one["name"] for one in document.get("publishers", ())]
    if thesis.get("grantor"):
        yield "citation_dissertation_institution", thesis["grantor"]
    elif publishers and key == "report":
        yield "citation_technical_report_institution", publishers[0]
    if publishers:
        yield "citation_publisher", publishers[0]


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


def links(record: Record) -> list[dict[str, str]]:
    """FAIR Signposting's typed links of the landing page."""
    found = [
        {"rel": "canonical", "href": record.url},
        {"rel": "type", "href": "https://schema.org/AboutPage"},
        {"rel": "type", "href": f"https://schema.org/{_schema_type(record)}"},
    ]
    for creator in record.document.get("creators", ())[:5]:
        if creator.get("orcid"):
            found.append({"rel": "author", "href": f"https://orcid.org/{creator['orcid']}"})
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence and licence.url:
        found.append({"rel": "license", "href": licence.url})
    for ending, (media_type, _) in EXPORTS.items():
        href = f"{record.url}.{ending}"
        found.append({"rel": "describedby", "href": href, "type": media_type})
    for file in [one for one in record.files if one.free][:5]:
        found.append({"rel": "item", "href": file.url, "type": file.media_type})
    return found


def link_headers(record: Record) -> list[str]:
    """The same links for the HTTP Link header."""
    return [
        f'<{link["href"]}>; rel="{link["rel"]}"'
        + (f'; type="{link["type"]}"' if "type" in link else "")
        for link in links(record)
        if link["rel"] != "canonical"
    ]


def _schema_type(record: Record) -> str:
    return SCHEMA_ORG.get(profile.work_type(record.document).key, "CreativeWork")


def schema_org(record: Record, publisher: str) -> str:
    """JSON-LD for the work's page; safe inside a script element."""
    document = record.document
    data: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@id": record.url,
        "@type": _schema_type(record),
        "name": profile.main_title(document)["text"],
        "url": record.url,
        "author": [_author(one) for one in document.get("creators", ())],
        "datePublished": document.get("issued", "").rstrip("?~%"),
        "inLanguage": document.get("languages", []),
        "keywords": [one["text"] for one in document.get("keywords", ())],
        # One of them: the page itself shows all, and must stay light.
        "description": next((one["text"] for one in document.get("abstracts", ())), ""),
        "isAccessibleForFree": record.access_right == "open",
        "includedInDataCatalog": {"@type": "DataCatalog", "name": publisher},
    }
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence and licence.url:
        data["license"] = licence.url
    text = json.dumps(profile.prune(data), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _author(agent: dict[str, Any]) -> dict[str, Any]:
    if agent.get("kind") == "organisation":
        return {"@type": "Organization", "name": agent["name"]}
    orcid = f"https://orcid.org/{agent['orcid']}" if agent.get("orcid") else None
    return {
        "@type": "Person",
        "@id": orcid,
        "name": profile.agent_reading(agent),
        "familyName": agent.get("family"),
        "givenName": agent.get("given"),
    }


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

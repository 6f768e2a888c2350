"""What pages say of themselves in the words of schema.org, as JSON-LD."""

import json
from collections.abc import Iterable
from typing import Any

from repository.exports import parts
from repository.records import Record, RecordFile
from schemas import vocabulary
from schemas import work as profile

CONTEXT = "https://schema.org/"
MEDIA_TYPE = "application/ld+json"
TYPES = {
    "article": "ScholarlyArticle",
    "review-article": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "conference-paper": "ScholarlyArticle",
    "conference-poster": "Poster",
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
    "lecture": "PresentationDigitalDocument",
    "image": "ImageObject",
    "sound": "AudioObject",
    "video": "VideoObject",
    "map": "Map",
    "periodical": "Periodical",
    "periodical-issue": "PublicationIssue",
}
ROLES = {"edt": "editor", "trl": "translator", "ill": "illustrator", "pbl": "publisher"}
HEADLINE = 110  # characters; Google takes no longer one


def type_of(record: Record) -> str:
    """The kind of CreativeWork that a work is."""
    return TYPES.get(profile.work_type(record.document).key, "CreativeWork")


def script(data: Any) -> str:
    """JSON-LD that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def of(record: Record, publisher: str, *, whole: bool = True) -> dict[str, Any]:
    """A work. Unless `whole`, only with its first abstract and without its files, which the page
    itself shows: it must stay light."""
    document = record.document
    title = profile.main_title(document)["text"]
    kind = type_of(record)
    abstracts = [one["text"] for one in document.get("abstracts", ())]
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": record.url,
        "@type": kind,
        "name": title,
        "headline": title if kind.endswith("Article") and len(title) <= HEADLINE else None,
        "url": record.url,
        "author": [_agent(one) for one in document.get("creators", ())],
        **_contributors(document.get("contributors", ())),
        "datePublished": document.get("issued", "").rstrip("?~%"),
        "dateModified": record.changed.date().isoformat(),
        "inLanguage": document.get("languages", []),
        "keywords": [one["text"] for one in document.get("keywords", ())],
        "description": abstracts if whole else "".join(abstracts[:1]),
        "identifier": list(_identifiers(document)),
        "sameAs": [f"https://doi.org/{one}" for one in parts.identifiers(document, "doi")],
        "isbn": parts.identifiers(document, "isbn"),
        "publisher": [_organisation(one) for one in document.get("publishers", ())],
        **_host(document.get("host") or {}),
        "inSupportOf": (document.get("thesis") or {}).get("degree"),
        "funding": [_grant(one) for one in document.get("funding", ())] if whole else [],
        "version": str(record.version),
        "isAccessibleForFree": record.access_right == "open",
        "conditionsOfAccess": vocabulary.ACCESS_RIGHTS[record.access_right].uri,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": publisher},
    }
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence and licence.url:
        data["license"] = licence.url
    if whole:
        holds = "distribution" if kind == "Dataset" else "encoding"
        data[holds] = [_file(one, kind) for one in record.files if one.free]
    return profile.prune(data)


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    if agent.get("kind") == "organisation":
        return {"@type": "Organization", "name": agent["name"]}
    return {
        "@type": "Person",
        "@id": f"https://orcid.org/{agent['orcid']}" if agent.get("orcid") else None,
        "name": profile.agent_reading(agent),
        "familyName": agent.get("family"),
        "givenName": agent.get("given"),
        "affiliation": [
            {"@type": "Organization", "@id": one.get("ror"), "name": one["name"]}
            for one in agent.get("affiliations", ())
        ],
    }


def _contributors(agents: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for agent in agents:
        found.setdefault(ROLES.get(agent.get("role", ""), "contributor"), []).append(_agent(agent))
    return found


def _organisation(publisher: dict[str, Any]) -> dict[str, Any] | None:
    name = publisher.get("name")
    return {"@type": "Organization", "name": name} if name else None


def _identifiers(document: dict[str, Any]) -> Iterable[dict[str, str]]:
    for one in document.get("identifiers", ()):
        if one["scheme"] not in ("url", "local", "inventory", "irbis_mfn"):
            yield {"@type": "PropertyValue", "propertyID": one["scheme"], "value": one["value"]}


def _host(host: dict[str, Any]) -> dict[str, Any]:
    """Where the work stands, volumes inside of journals, and on which pages."""
    if not host.get("title"):
        return {}
    first, last = parts.pages(host)
    journal = host.get("kind", "journal") == "journal"
    holder: dict[str, Any] = {"@type": "Periodical" if journal else "Book", "name": host["title"]}
    holder |= {"issn": host.get("issn"), "isbn": host.get("isbn")}
    for kind, key in (("PublicationVolume", "volume"), ("PublicationIssue", "issue")):
        if host.get(key):
            holder = {"@type": kind, f"{key}Number": host[key], "isPartOf": holder}
    return {"isPartOf": holder, "pageStart": first, "pageEnd": last}


def _grant(one: dict[str, Any]) -> dict[str, Any]:
    funder = {"@type": "Organization", "@id": one.get("funder_id"), "name": one.get("funder")}
    return {
        "@type": "Grant",
        "identifier": one.get("award"),
        "name": one.get("title"),
        "url": one.get("url"),
        "funder": funder if one.get("funder") else None,
    }


def _file(file: RecordFile, kind: str) -> dict[str, Any]:
    return {
        "@type": "DataDownload" if kind == "Dataset" else "MediaObject",
        "name": file.name,
        "contentUrl": file.url,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
    }


def site(name: str, base_url: str) -> list[dict[str, Any]]:
    """The archive as a whole: a site that can be searched, a catalogue of what it holds."""
    found = f"{base_url}/search?q={{search_term_string}}"
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": found},
        "query-input": "required name=search_term_string",
    }
    return [
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": f"{base_url}/#site",
            "name": name,
            "url": f"{base_url}/",
            "potentialAction": action,
        },
        {
            "@context": CONTEXT,
            "@type": "DataCatalog",
            "@id": f"{base_url}/#catalogue",
            "name": name,
            "url": f"{base_url}/",
        },
    ]

"""FAIR Signposting (signposting.org/FAIR): typed links by which programs find a work's parts.

Level 1 stands in the head of the page and in the Link header of the page, of its files and of its
metadata; level 2 is a link set (RFC 9264) with all of these, as JSON and as text.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from repository.records import Record
from repository.web import schema_org
from schemas import vocabulary

Link = dict[str, str]

LINKSET = "application/linkset"
LINKSET_JSON = "application/linkset+json"
LINKSETS = {"linkset": LINKSET, "linkset.json": LINKSET_JSON}
# More authors or files than these are in the link set alone: long headers break proxies.
FEW = 5
# Which schema or namespace a form of the metadata follows.
PROFILES = {
    "dc.xml": "http://purl.org/dc/elements/1.1/",
    "jsonld": "https://schema.org/",
    "csl.json": "https://citationstyles.org/schema/",
    "datacite.xml": "http://datacite.org/schema/kernel-4",
    "mods.xml": "http://www.loc.gov/mods/v3",
    "marcxml.xml": "http://www.loc.gov/MARC21/slim",
}


def of(record: Record, forms: Mapping[str, str]) -> list[Link]:
    """All links of the landing page. `forms` are the media types of its metadata, by ending."""
    return [
        {"rel": "cite-as", "href": record.url},
        {"rel": "type", "href": "https://schema.org/AboutPage"},
        {"rel": "type", "href": f"https://schema.org/{schema_org.type_of(record)}"},
        *_authors(record),
        *licence(record.document.get("licence", "")),
        *_described(record, forms),
        *_items(record),
    ]


def _authors(record: Record) -> list[Link]:
    creators = record.document.get("creators", ())
    found = [one["orcid"] for one in creators if one.get("orcid")]
    return [{"rel": "author", "href": f"https://orcid.org/{orcid}"} for orcid in found]


def licence(key: str) -> list[Link]:
    """The link to a licence, none where it has no address."""
    found = vocabulary.LICENCES.get(key)
    return [{"rel": "license", "href": found.url}] if found and found.url else []


def _described(record: Record, forms: Mapping[str, str]) -> list[Link]:
    found = []
    for ending, media_type in forms.items():
        link = {"rel": "describedby", "href": f"{record.url}.{ending}", "type": media_type}
        found.append(link | ({"profile": PROFILES[ending]} if ending in PROFILES else {}))
    return found


def _items(record: Record) -> list[Link]:
    """The files that everybody may be handed; of others nothing is said."""
    free = [one for one in record.files if one.free]
    return [{"rel": "item", "href": one.url, "type": one.media_type} for one in free]


def linksets(url: str) -> list[Link]:
    """The links to the link sets of a work."""
    return [
        {"rel": "linkset", "href": f"{url}.{ending}", "type": media_type}
        for ending, media_type in LINKSETS.items()
    ]


def short(record: Record, forms: Mapping[str, str]) -> list[Link]:
    """The links for a header or the head of a page: the link sets alone where there are many."""
    found = of(record, forms)
    for rel in ("author", "item"):
        if sum(link["rel"] == rel for link in found) > FEW:
            return linksets(record.url)
    return [*found, *linksets(record.url)]


def beside(url: str, rel: str, *more: Link) -> list[Link]:
    """The links of a file (rel "collection") or of metadata (rel "describes") to their work."""
    return [{"rel": rel, "href": url, "type": "text/html"}, *more, *linksets(url)]


def header(links: Iterable[Link]) -> str:
    """Links as the Link header says them (RFC 8288)."""
    return ", ".join(_said(link) for link in links)


def _said(link: Link, anchor: str = "") -> str:
    more = {name: value for name, value in link.items() if name != "href"}
    more |= {"anchor": anchor} if anchor else {}
    return f"<{link['href']}>" + "".join(f'; {name}="{value}"' for name, value in more.items())


def contexts(record: Record, forms: Mapping[str, str]) -> list[tuple[str, Sequence[Link]]]:
    """Level 2: the links of the page, of each file and of each form of the metadata."""
    landing = {"href": record.url, "type": "text/html"}
    page = of(record, forms)
    found: list[tuple[str, Sequence[Link]]] = [(record.url, page)]
    found += [
        (link["href"], [{"rel": "collection", **landing}]) for link in page if link["rel"] == "item"
    ]
    found += [
        (link["href"], [{"rel": "describes", **landing}])
        for link in page
        if link["rel"] == "describedby"
    ]
    return found


def linkset_json(record: Record, forms: Mapping[str, str]) -> bytes:
    """The link set as application/linkset+json."""
    sets = []
    for anchor, links in contexts(record, forms):
        told: dict[str, object] = {"anchor": anchor}
        for link in links:
            target = {name: value for name, value in link.items() if name != "rel"}
            told.setdefault(link["rel"], []).append(target)  # type: ignore[attr-defined]
        sets.append(told)
    return json.dumps({"linkset": sets}, ensure_ascii=False, indent=1).encode()


def linkset_text(record: Record, forms: Mapping[str, str]) -> bytes:
    """The link set as application/linkset: what a header says, with anchors."""
    said = (_said(link, anchor) for anchor, links in contexts(record, forms) for link in links)
    return ",\n".join(said).encode()

"""The XML of SWORD 2.0: service documents, receipts, statements, errors; entries that come in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from lxml import etree

from ingest import fitting
from ingest.harvest.readers import oai_dc
from repository import xml
from repository.errors import Invalid
from schemas.vocabulary import STATES, State

ATOM = "http://www.w3.org/2005/Atom"
APP = "http://www.w3.org/2007/app"
SWORD = "http://purl.org/net/sword/terms/"
DCTERMS = "http://purl.org/dc/terms/"
ORE = "http://www.openarchives.org/ore/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BINARY = "http://purl.org/net/sword/package/Binary"
SIMPLE_ZIP = "http://purl.org/net/sword/package/SimpleZip"
ENTRY_TYPE = "application/atom+xml;type=entry"
FEED_TYPE = "application/atom+xml;type=feed"
RDF_TYPE = "application/rdf+xml"
ERRORS = "http://purl.org/net/sword/error/"
TREATMENT = (
    "The deposit becomes a draft of yours. When it is complete (In-Progress: false) it is sent to "
    "the library, which publishes it or sends it back; with that you agree to the terms of deposit "
    "that /api/agreement shows."
)
LARGEST = 2**22  # bytes of an entry
_IN_ATOM: dict[str | None, str] = {None: ATOM, "app": APP, "sword": SWORD, "dcterms": DCTERMS}
_IN_APP: dict[str | None, str] = {None: APP, "atom": ATOM, "sword": SWORD, "dcterms": DCTERMS}


class Shelf(NamedTuple):
    """A collection that takes deposits."""

    href: str
    title: str
    abstract: str = ""


class Sent(NamedTuple):
    """A file of a deposit, where it is fetched and when it came."""

    href: str
    name: str
    media_type: str
    moment: datetime | None


class Kept(NamedTuple):
    """A deposit as it stands."""

    number: int
    title: str
    state: State
    edit: str  # the address of its receipt
    media: str
    statement: str
    page: str
    changed: datetime
    by: str
    files: Sequence[Sent]


def service(
    shelves: Sequence[Shelf], *, title: str, largest: int, mediation: bool
) -> etree._Element:
    """The service document: where one can deposit, and what."""
    root = etree.Element(f"{{{APP}}}service", nsmap=_IN_APP)
    _sub(root, SWORD, "version", "2.0")
    _sub(root, SWORD, "maxUploadSize", str(largest // 1024))
    workspace = _sub(root, APP, "workspace")
    _sub(workspace, ATOM, "title", title)
    for one in shelves:
        shelf = _sub(workspace, APP, "collection", href=one.href)
        _sub(shelf, ATOM, "title", one.title)
        _sub(shelf, APP, "accept", "*/*")
        _sub(shelf, APP, "accept", "*/*", alternate="multipart-related")
        if one.abstract:
            _sub(shelf, DCTERMS, "abstract", one.abstract)
        _sub(shelf, SWORD, "mediation", "true" if mediation else "false")
        _sub(shelf, SWORD, "treatment", TREATMENT)
        for package in (BINARY, SIMPLE_ZIP):
            _sub(shelf, SWORD, "acceptPackaging", package)
    return root


def receipt(kept: Kept, document: Mapping[str, Any]) -> etree._Element:
    """The deposit receipt."""
    root = etree.Element(f"{{{ATOM}}}entry", nsmap=_IN_ATOM)
    _sub(root, ATOM, "id", kept.edit)
    _sub(root, ATOM, "title", kept.title)
    _sub(root, ATOM, "updated", kept.changed.isoformat())
    _sub(_sub(root, ATOM, "author"), ATOM, "name", kept.by)
    _sub(root, ATOM, "summary", TREATMENT)
    _sub(root, ATOM, "content", src=kept.media, type="application/zip")
    for rel, href, kind in (
        ("edit", kept.edit, ""),
        ("edit-media", kept.media, ""),
        (f"{SWORD}add", kept.edit, ""),
        ("alternate", kept.page, "text/html"),
        (f"{SWORD}statement", f"{kept.statement}.atom", FEED_TYPE),
        (f"{SWORD}statement", f"{kept.statement}.rdf", RDF_TYPE),
    ):
        link: dict[str, str] = {"rel": rel, "href": href, **({"type": kind} if kind else {})}
        _sub(root, ATOM, "link", **link)
    for one in kept.files:
        original = {"rel": f"{SWORD}originalDeposit", "href": one.href, "type": one.media_type}
        _sub(root, ATOM, "link", **original)
    _sub(root, SWORD, "treatment", TREATMENT)
    _sub(root, SWORD, "packaging", SIMPLE_ZIP)
    for title in document.get("titles", ()):
        _sub(root, DCTERMS, "title", title["text"])
    for abstract in document.get("abstracts", ()):
        _sub(root, DCTERMS, "abstract", abstract["text"])
    return root


def feed(kept: Kept) -> etree._Element:
    """The statement as an Atom feed: its state, and what was deposited."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_IN_ATOM)
    _sub(root, ATOM, "id", f"{kept.statement}.atom")
    _sub(root, ATOM, "title", kept.title)
    _sub(root, ATOM, "updated", kept.changed.isoformat())
    said = STATES[kept.state]
    _sub(root, ATOM, "category", said, scheme=f"{SWORD}state", term=_term(kept), label="State")
    for one in kept.files:
        entry = _sub(root, ATOM, "entry")
        _sub(entry, ATOM, "id", one.href)
        _sub(entry, ATOM, "title", one.name)
        _sub(entry, ATOM, "updated", (one.moment or kept.changed).isoformat())
        original = f"{SWORD}originalDeposit"
        _sub(entry, ATOM, "category", scheme=SWORD, term=original, label="Original Deposit")
        _sub(entry, ATOM, "content", type=one.media_type, src=one.href)
        _sub(entry, SWORD, "depositedOn", (one.moment or kept.changed).isoformat())
        _sub(entry, SWORD, "depositedBy", kept.by)
        _sub(entry, SWORD, "packaging", BINARY)
    return root


def rdf(kept: Kept) -> etree._Element:
    """The statement as an OAI-ORE resource map."""
    about, resource = f"{{{RDF}}}about", f"{{{RDF}}}resource"
    root = etree.Element(f"{{{RDF}}}RDF", nsmap={"rdf": RDF, "ore": ORE, "sword": SWORD})
    map_ = etree.SubElement(root, f"{{{RDF}}}Description", {about: f"{kept.statement}.rdf"})
    aggregation = f"{kept.edit}#aggregation"
    etree.SubElement(map_, f"{{{ORE}}}describes", {resource: aggregation})
    whole = etree.SubElement(root, f"{{{RDF}}}Description", {about: aggregation})
    etree.SubElement(whole, f"{{{ORE}}}isDescribedBy", {resource: f"{kept.statement}.rdf"})
    etree.SubElement(whole, f"{{{SWORD}}}state", {resource: _term(kept)})
    for one in kept.files:
        etree.SubElement(whole, f"{{{ORE}}}aggregates", {resource: one.href})
        etree.SubElement(whole, f"{{{SWORD}}}originalDeposit", {resource: one.href})
        part = etree.SubElement(root, f"{{{RDF}}}Description", {about: one.href})
        _sub(part, SWORD, "depositedOn", (one.moment or kept.changed).isoformat())
        _sub(part, SWORD, "depositedBy", kept.by)
    state = etree.SubElement(root, f"{{{RDF}}}Description", {about: _term(kept)})
    _sub(state, SWORD, "stateDescription", STATES[kept.state])
    return root


def _term(kept: Kept) -> str:
    return f"{kept.edit}#{kept.state}"


def error(name: str, sentence: str) -> etree._Element:
    """What went wrong, by the name that the profile has for it."""
    root = etree.Element(f"{{{SWORD}}}error", nsmap={"sword": SWORD, "atom": ATOM})
    root.set("href", f"{ERRORS}{name}")
    _sub(root, ATOM, "title", "ERROR")
    _sub(root, ATOM, "summary", sentence)
    _sub(root, SWORD, "treatment", "Nothing of this request was kept.")
    return root


def read(data: bytes) -> dict[str, Any]:
    """The description in an entry: its dcterms, or where it has no title there the Atom title."""
    if len(data) > LARGEST:
        raise Invalid("The entry is larger than %(limit)s MB.", {}, limit=LARGEST >> 20)
    root = xml.parse(data)
    if root.tag != f"{{{ATOM}}}entry":
        raise Invalid("Send an entry of Atom.", {})
    found = dict(oai_dc.read(_terms(root)).document)
    title = root.findtext(f"{{{ATOM}}}title", "").strip()
    if title and not found.get("titles"):
        found["titles"] = [{"text": title, "kind": "main"}]
    if not found.get("titles"):
        raise Invalid("The entry has no title (dcterms:title).", {})
    return fitting.fit(found, name=title)[0]


def _terms(root: etree._Element) -> etree._Element:
    """The elements of Dublin Core alone, as a record of it."""
    made = etree.Element(f"{{{DCTERMS}}}record")
    for one in root:
        name = one.tag if isinstance(one.tag, str) else ""
        if name.startswith((f"{{{DCTERMS}}}", "{http://purl.org/dc/elements/1.1/}")):
            made.append(one)
    return made


def _sub(
    parent: etree._Element, namespace: str, tag: str, text: str | None = None, /, **more: str
) -> etree._Element:
    made = etree.SubElement(parent, f"{{{namespace}}}{tag}", dict(more))
    made.text = text
    return made

"""The document of a reference: what belongs to the work, and what to its host, series or thesis."""

from typing import Any

from ingest.harvest.readers import elements, kinds
from ingest.harvest.readers.elements import Description
from ingest.importers import crossref
from ingest.importers.references import Reference
from repository.exports import csl
from schemas import text, vocabulary
from schemas import work as profile

_DEGREES = {said.casefold(): key for one in csl.GENRES.values() for key, said in one.items()}
_ABSTRACTS = frozenset(one["abstract"].casefold() for one in csl.GENRES.values())
_THESES = {
    "master": "master-thesis",
    "specialist": "bachelor-thesis",
    "bachelor": "bachelor-thesis",
}
_PAGES = {"ky": "б.", "ru": "с."}


def made(of: Reference) -> dict[str, Any]:
    """The document, unchecked."""
    kind, degree = _kind(of)
    found = of.found
    if of.said.get("genre") and kind not in vocabulary.THESES and kind == of.kind:
        _spare(of, "genre")
    found.put("type", vocabulary.TYPES[kind].uri)
    host = _host(of, kind)
    _people(of, host)
    _published(of, degree if kind in vocabulary.THESES else "", host)
    _numbered(of, kind, host)
    _extent(of, host)
    found.put("host", host)
    _tongues(found)
    return found.document


def _kind(of: Reference) -> tuple[str, str]:
    """The kind of work and the degree, which the genre tells better than the kind does."""
    said = text.line(of.said.get("genre", "")).casefold()
    known = _DEGREES.get(said)
    degree = of.degree if known is None else "" if known == "abstract" else known
    pattern = next((one[1:] for one in crossref.DEGREES if one[0].search(said)), None)
    if said in _ABSTRACTS or "автореферат" in said:
        return "thesis-abstract", pattern[0] if pattern and said not in _ABSTRACTS else ""
    if known is not None:
        kind = of.kind if of.kind in vocabulary.THESES and not known else "doctoral-thesis"
        return _THESES.get(known, kind), degree
    if of.kind in vocabulary.THESES:
        return (pattern[1], pattern[0]) if pattern else (of.kind, degree)
    named = vocabulary.TYPES_BY_URI[kinds.kind((said,))].key if said else "other"
    return (of.kind if named == "other" else named), degree


def _host(of: Reference, kind: str) -> dict[str, Any]:
    said = of.said
    title = said.pop("container-title", "")
    event = said.pop("event-title", "")
    if not title and of.hosting == "conference":
        title, event = event, ""
    host: dict[str, Any] = {"kind": of.hosting, "title": title}
    place, date = said.pop("event-place", ""), said.pop("event-date", "")
    if not title:
        of.unplaced += ["event-place"] if place else []
        return {}
    if of.hosting == "conference":
        host |= {"place": place, "date": date}
    for name in ("volume", "issue"):
        host[name] = said.pop(name, "")
    host["pages"] = said.pop("page", "")
    host["article_number"] = said.pop("number", "")
    if event and event.casefold() != title.casefold():
        of.found.add("notes", event)
    return host


def _people(of: Reference, host: dict[str, Any]) -> None:
    """Editors of a book or of proceedings are the host's, where others wrote the part."""
    for role, agents in of.people.items():
        if role == "edt" and host.get("kind") in ("book", "conference") and of.people.get("aut"):
            host["editors"] = [profile.agent_name(one) for one in agents][:50]
            continue
        for agent in agents:
            elements.peopled(of.found, agent, main=role == "aut")
    elements.headed(of.found)


def _published(of: Reference, degree: str, host: dict[str, Any]) -> None:
    place = of.said.pop("publisher-place", "")
    defended = of.said.pop("defended", "")
    if degree:
        grantor = ", ".join(of.publishers)
        thesis = {"degree": degree, "grantor": grantor, "place": place, "defended": defended}
        of.found.put("thesis", thesis)
        return
    for at, one in enumerate(of.publishers):
        of.found.add("publishers", {"name": one, "place": "" if at else place})
    if place and not of.publishers:
        if host.get("kind") == "conference" and not host.get("place"):
            host["place"] = place
        else:
            of.unplaced.append("publisher-place")


def _numbered(of: Reference, kind: str, host: dict[str, Any]) -> None:
    """ISBN, ISSN and the numbers within a series: the host's, the series' or the work's own."""
    said = of.said
    title, number = said.pop("collection-title", ""), said.pop("collection-number", "")
    if title:
        number = number or said.pop("volume", "") or said.pop("number", "")
        issn = of.issn.pop(0) if of.issn and host.get("kind") != "journal" else ""
        of.found.add("series", {"title": title, "number": number, "issn": issn})
    elif number:
        of.unplaced.append("collection-number")
    if host and host["kind"] == "journal":
        host["issn"], of.issn = of.issn[:4], []
    elif host and of.isbn:
        host["isbn"] = of.isbn.pop(0)
    for scheme, values in (("isbn", of.isbn), ("issn", of.issn)):
        for value in values:
            of.identifier(scheme, value)
    of.identifier("local", said.pop("number", ""))
    for name in ("volume", "issue"):
        _spare(of, name)


def _extent(of: Reference, host: dict[str, Any]) -> None:
    pages = of.said.pop("number-of-pages", "") or ("" if host else of.said.pop("page", ""))
    if pages.isdecimal():
        tongue = next(iter(of.found.document.get("languages", ())), "")
        pages = f"{pages} {_PAGES.get(tongue, 'p.')}"
    of.found.add("extent", pages)


def _spare(of: Reference, name: str) -> None:
    if of.said.pop(name, ""):
        of.unplaced.append(name)


def _tongues(found: Description) -> None:
    """Title and abstract are in the language of the work, where it names but one."""
    said = found.document.get("languages", ())
    for one in [*found.document.get("titles", ()), *found.document.get("abstracts", ())]:
        if len(said) == 1 and not one.get("language"):
            one["language"] = said[0]

"""What the metadata of a record of InvenioRDM mean, and those of Zenodo before it."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.harvest.readers import datacite, kinds
from ingest.importers import references
from ingest.importers.csl_items import said
from ingest.importers.references import Agent, Reference
from schemas import text, vocabulary

# The last part of a resource type ("publication-article"), or all of it where it has none.
KINDS = {
    "publication": "other", "article": "article", "journalarticle": "article",
    "datapaper": "article", "book": "monograph", "section": "book-part",
    "conferencepaper": "conference-paper", "conferenceproceeding": "proceedings",
    "thesis": "doctoral-thesis", "dissertation": "doctoral-thesis", "preprint": "preprint",
    "workingpaper": "working-paper", "report": "report", "technicalnote": "report",
    "deliverable": "report", "milestone": "report", "datamanagementplan": "report",
    "softwaredocumentation": "report", "journal": "periodical", "peerreview": "other",
    "poster": "conference-poster", "presentation": "lecture", "lesson": "lecture",
    "dataset": "dataset", "image": "image", "figure": "image", "plot": "image", "photo": "image",
    "drawing": "image", "diagram": "image", "video": "video", "audio": "sound",
    "software": "software", "model": "dataset", "map": "map",
}  # fmt: skip
HOSTING = {"section": "book", "conferencepaper": "conference"}
ROLES = {key.lower(): role for key, role in datacite.ROLES.items()}
RELATIONS = {key.lower(): kind for key, kind in datacite.RELATIONS.items()}
TITLES = {"alternative-title": "alternative", "subtitle": "subtitle"} | {
    "translated-title": "translated",
}
DATES = {key.lower(): element for key, element in datacite.DATES.items()}
LICENCES = {"cc-zero": "cc0-1.0", "cc0": "cc0-1.0", "cc-by": "cc-by-4.0"}
MOST = 5000  # rows of a list that are looked at
# Keys that have been read, or that only the system needs.
_KNOWN = frozenset(
    """resource_type title additional_titles creators contributors description publication_date
    additional_descriptions publisher languages language subjects keywords rights license dates
    identifiers related_identifiers funding sizes upload_type publication_type doi access_right
    embargo_date journal journal_title journal_volume journal_issue journal_pages imprint_publisher
    imprint_isbn imprint_place imprint meeting conference_title conference_place conference_dates
    partof_title partof_pages part_of thesis thesis_university thesis_supervisors notes grants
    prereserve_doi relations image_type custom access_conditions references""".split()
)


def group(value: Any) -> Mapping[str, Any]:
    """A group of fields; an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The groups of a list."""
    return [one for one in value[:MOST] if isinstance(one, dict)] if isinstance(value, list) else []


def name(value: Any) -> str:
    """A text, or the id of a group that has one."""
    return said(value) or said(group(value).get("id")) or said(group(value).get("term"))


def reference(record: Mapping[str, Any]) -> Reference:
    """What a record says."""
    meta, custom = group(record.get("metadata")), group(record.get("custom_fields"))
    kind = _kind(meta)
    of = Reference(KINDS.get(kind, "other"), HOSTING.get(kind, "journal"))
    for one in rows(meta.get("languages")) or [{"id": meta.get("language")}]:
        of.language(name(one))
    _titles(of, meta)
    for one in rows(meta.get("creators")):
        of.person("aut", _agent(one))
    for one in rows(meta.get("contributors")):
        role = (name(one.get("role")) or said(one.get("type"))).lower()
        of.person(ROLES.get(role, "ctb"), _agent(one))
    _texts(of, meta)
    _subjects(of, meta)
    _identified(of, record, meta)
    _dates(of, meta)
    _terms(of, meta)
    _published(of, meta, custom)
    _funded(of, meta)
    of.unplaced += [text.line(one)[:60] or "?" for one in meta if one not in _KNOWN][:100]
    return of


def _kind(meta: Mapping[str, Any]) -> str:
    given = group(meta.get("resource_type"))
    coded = said(given.get("id")) or said(given.get("subtype")) or said(given.get("type"))
    old = said(meta.get("publication_type")) or said(meta.get("upload_type"))
    parts = (coded or old).lower().split("-")
    return parts[-1] if parts[-1] in KINDS else parts[0]


def _titles(of: Reference, meta: Mapping[str, Any]) -> None:
    title = said(meta.get("title"))
    of.found.add("titles", {"text": title, "kind": "main"} if title else None)
    for one in rows(meta.get("additional_titles")):
        other = said(one.get("title"))
        kind = TITLES.get(name(one.get("type")), "alternative")
        if other:
            of.found.add("titles", {"text": other, "kind": kind, **_tongue(one)})


def _tongue(one: Mapping[str, Any]) -> dict[str, str]:
    spoken = Reference()
    spoken.language(name(one.get("lang")))
    codes = spoken.found.document.get("languages")
    return {"language": codes[0]} if codes else {}


def _agent(one: Mapping[str, Any]) -> Agent | None:
    who = group(one.get("person_or_org")) or one
    whole, family = said(who.get("name")), said(who.get("family_name"))
    if said(who.get("type")).startswith("organi"):
        agent = references.organisation(whole)
    elif family:
        agent = references.agent(family, said(who.get("given_name")))
    else:
        before, _comma, after = whole.partition(",")
        agent = references.agent(before, after)
    if not agent:
        return None
    schemes = {said(each.get("scheme")): each for each in rows(who.get("identifiers"))}
    orcid = said(group(schemes.get("orcid")).get("identifier")) or said(who.get("orcid"))
    listed = [said(each.get("name")) for each in rows(one.get("affiliations"))]
    places = [{"name": each} for each in [*listed, said(one.get("affiliation"))] if each]
    more = {"orcid": orcid} if orcid and agent["kind"] == "person" else {}
    return {**agent, **more, **({"affiliations": places[:20]} if places else {})}


def _texts(of: Reference, meta: Mapping[str, Any]) -> None:
    given: list[tuple[Any, dict[str, str]]] = [(meta.get("description"), {})]
    for one in rows(meta.get("additional_descriptions")):
        given.append((one.get("description"), {**_tongue(one), "type": name(one.get("type"))}))
    for value, about in given:
        plain = references.bare(value) if isinstance(value, str) else ""
        kind = about.pop("type", "abstract")
        if plain and kind in ("abstract", "other", ""):
            of.found.add("abstracts", {"text": plain, **about})
        elif plain:
            of.found.add("notes", plain)
    notes = meta.get("notes")
    of.found.add("notes", references.bare(notes) if isinstance(notes, str) else "")
    for one in rows(meta.get("references")):
        cited = said(one.get("reference"))
        of.found.add("relations", {"kind": "references", "citation": cited} if cited else None)


def _subjects(of: Reference, meta: Mapping[str, Any]) -> None:
    words = [
        said(one.get("subject")) or said(one.get("term")) for one in rows(meta.get("subjects"))
    ]
    plain = meta.get("keywords")
    words += [said(one) for one in plain[:MOST]] if isinstance(plain, list) else []
    references.keywords(of, words)


def _identified(of: Reference, record: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
    pid = group(group(record.get("pids")).get("doi")).get("identifier")
    of.identifier("doi", said(pid) or said(meta.get("doi")) or said(record.get("doi")))
    for one in rows(meta.get("identifiers")):
        scheme = datacite.IDENTIFIERS.get(name(one.get("scheme")).lower())
        if scheme:
            of.identifier(scheme, said(one.get("identifier")))
        else:
            of.found.add("identifiers", kinds.identifier(said(one.get("identifier"))))
    for one in rows(meta.get("related_identifiers")):
        kind = RELATIONS.get((name(one.get("relation_type")) or said(one.get("relation"))).lower())
        value, scheme = said(one.get("identifier")), name(one.get("scheme")).lower()
        if kind and value:
            coded = datacite.IDENTIFIERS.get(scheme)
            named = {"scheme": coded, "value": value} if coded else {"citation": value}
            of.found.add("relations", {"kind": kind, **named})


def _dates(of: Reference, meta: Mapping[str, Any]) -> None:
    of.found.put("issued", said(meta.get("publication_date")).partition("/")[0])
    for one in rows(meta.get("dates")):
        element = DATES.get(name(one.get("type")).lower())
        if element:
            of.found.put(element, said(one.get("date")).partition("/")[0])


def _terms(of: Reference, meta: Mapping[str, Any]) -> None:
    old = [{"id": name(meta.get("license"))}] if meta.get("license") else []
    for one in [*rows(meta.get("rights")), *old]:
        coded = name(one).lower()
        known = coded if coded in vocabulary.LICENCES else LICENCES.get(coded)
        of.found.put("licence", known or kinds.licence(said(one.get("link"))))


def _published(of: Reference, meta: Mapping[str, Any], custom: Mapping[str, Any]) -> None:
    journal = group(custom.get("journal:journal")) or group(meta.get("journal"))
    imprint = group(custom.get("imprint:imprint")) or group(meta.get("imprint"))
    meeting = group(custom.get("meeting:meeting")) or group(meta.get("meeting"))
    thesis = {**group(meta.get("thesis")), **group(custom.get("thesis:thesis"))}
    part = group(meta.get("part_of"))
    for variable, values in (
        ("container-title", (journal.get("title"), meta.get("journal_title"),
                             imprint.get("title"), part.get("title"), meta.get("partof_title"))),
        ("volume", (journal.get("volume"), meta.get("journal_volume"))),
        ("issue", (journal.get("issue"), meta.get("journal_issue"))),
        ("page", (journal.get("pages"), meta.get("journal_pages"), imprint.get("pages"),
                  part.get("pages"), meta.get("partof_pages"))),
        ("event-title", (meeting.get("title"), meta.get("conference_title"))),
        ("event-place", (meeting.get("place"), meta.get("conference_place"))),
        ("event-date", (meeting.get("dates"), meta.get("conference_dates"))),
        ("publisher-place", (imprint.get("place"), meta.get("imprint_place"))),
    ):  # fmt: skip
        value = next(filter(None, map(said, values)), "")
        if value:
            of.said[variable] = references.pages(value) if variable == "page" else value
    for number in (journal.get("issn"), imprint.get("isbn"), meta.get("imprint_isbn")):
        if said(number):
            of.numbers(said(number))
    given = (custom.get("thesis:university"), thesis.get("university"),
             meta.get("thesis_university"))  # fmt: skip
    university = next(filter(None, map(said, given)), "")
    said_so = (meta.get("publisher"), imprint.get("publisher"), meta.get("imprint_publisher"))
    publisher = next(filter(None, map(said, said_so)), "")
    of.publishers = [university] if university else [publisher] if publisher else []
    of.degree = of.degree or ("phd" if university else "")
    for one in [*rows(thesis.get("supervisors")), *rows(meta.get("thesis_supervisors"))]:
        of.person("ths", _agent(one))


def _funded(of: Reference, meta: Mapping[str, Any]) -> None:
    for one in _awards(meta):
        funder, award = group(one.get("funder")), group(one.get("award"))
        title = award.get("title")
        said_so = next(iter(title.values()), "") if isinstance(title, dict) and title else title
        payer = said(funder.get("name"))
        made = {"funder": payer, "award": said(award.get("number")), "title": said(said_so)}
        of.found.add(
            "funding", {key: value for key, value in made.items() if value} if payer else None
        )


def _awards(meta: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from rows(meta.get("funding"))
    for one in rows(meta.get("grants")):
        award = {"number": one.get("code"), "title": one.get("title")}
        yield {"funder": group(one.get("funder")), "award": award}

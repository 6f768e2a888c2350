"""Elements of DataCite's kernel 4, which both oai_datacite and oai_openaire are built of.

Where the kernel asks for what a work does not have, its own word for "unavailable" stands.
OpenAIRE took over the kernel at 4.1: what came later is given by who wants it.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from oai.elements import XSI, Names
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

NAMESPACE = "http://datacite.org/schema/kernel-4"
UNAVAILABLE = "(:unav)"

kernel = Names(NAMESPACE, {None: NAMESPACE, "xsi": XSI})

# relatedIdentifierType, and identifierType where it may be one.
IDENTIFIERS = {
    "doi": "DOI",
    "handle": "Handle",
    "arxiv": "arXiv",
    "isbn": "ISBN",
    "issn": "ISSN",
    "urn": "URN",
    "url": "URL",
}
RELATIONS = {
    "is_part_of": "IsPartOf",
    "has_part": "HasPart",
    "is_version_of": "IsVersionOf",
    "has_version": "HasVersion",
    "is_translation_of": "IsDerivedFrom",
    "has_translation": "IsSourceOf",
    "references": "References",
    "is_referenced_by": "IsReferencedBy",
    "is_supplement_to": "IsSupplementTo",
    "is_supplemented_by": "IsSupplementedBy",
    "replaces": "IsNewVersionOf",
    "is_replaced_by": "IsPreviousVersionOf",
    "continues": "Continues",
    "is_review_of": "Reviews",
}
_TITLES = {
    "subtitle": "Subtitle",
    "alternative": "AlternativeTitle",
    "translated": "TranslatedTitle",
}
_CONTRIBUTORS = {
    "edt": "Editor",
    "ths": "Supervisor",
    "res": "Researcher",
    "dtm": "DataManager",
}
_NOTHING: Mapping[str, str] = {}
# Registries of funders, by what their addresses have in them.
_FUNDERS = {
    "10.13039/": "Crossref Funder ID",
    "://ror.org/": "ROR",
    "isni.org/": "ISNI",
    "grid.ac/": "GRID",
}
_PAGES = re.compile(r"\s*([^\s‐-―−-]+)\s*(?:[‐-―−-]+\s*([^\s‐-―−-]+))?\s*")

Elements = Iterator[etree._Element]


def titles(document: Document) -> etree._Element:
    """All titles, the main one first."""
    return kernel(
        "titles",
        *(
            kernel(
                "title",
                one["text"],
                titleType=_TITLES.get(one["kind"]),
                language=one.get("language"),
            )
            for one in document["titles"]
        ),
    )


def creators(document: Document) -> Elements:
    """Who made it, in order, if that is known."""
    named = document.get("creators")
    if named:
        yield kernel("creators", *(kernel("creator", *_agent(one, "creatorName")) for one in named))


def contributors(document: Document, newer: Mapping[str, str] = _NOTHING) -> Elements:
    """Who else took part, if anybody did."""
    named = document.get("contributors")
    types = {**_CONTRIBUTORS, **newer}
    if named:
        yield kernel(
            "contributors",
            *(
                kernel(
                    "contributor",
                    *_agent(one, "contributorName"),
                    contributorType=types.get(one.get("role", ""), "Other"),
                )
                for one in named
            ),
        )


def _agent(agent: Document, element: str) -> Elements:
    person = not agent.get("name")
    yield kernel(
        element, profile.agent_name(agent), nameType="Personal" if person else "Organizational"
    )
    given = " ".join(filter(None, (agent.get("given"), agent.get("patronymic"))))
    if person and given:
        yield kernel("givenName", given)
    if person:
        yield kernel("familyName", agent["family"])
    if "orcid" in agent:
        yield kernel(
            "nameIdentifier",
            agent["orcid"],
            nameIdentifierScheme="ORCID",
            schemeURI="https://orcid.org",
        )
    own = said.ror(agent)
    if own:
        yield kernel("nameIdentifier", own, nameIdentifierScheme="ROR", schemeURI="https://ror.org")
    for place in agent.get("affiliations", ()):
        known = said.is_ror(place.get("ror"))
        yield kernel(
            "affiliation",
            place["name"],
            affiliationIdentifier=place["ror"] if known else None,
            affiliationIdentifierScheme="ROR" if known else None,
            schemeURI="https://ror.org" if known else None,
        )


def subjects(document: Document) -> Elements:
    """Keywords and codes, if there are any."""
    found = [
        *(
            kernel("subject", one["text"], language=one.get("language"))
            for one in document.get("keywords", ())
        ),
        *(
            kernel(
                "subject",
                " ".join(filter(None, (one["code"], one.get("label")))),
                subjectScheme=one["scheme"].upper(),
            )
            for one in document.get("classification", ())
        ),
    ]
    if found:
        yield kernel("subjects", *found)


def dates(record: Record) -> Elements:
    """When it came out and what came before; an embargo is from Accepted until Available."""
    document = record.document
    known = {
        "Submitted": said.day(document.get("submitted")),
        "Accepted": said.day(document.get("accepted")),
        "Issued": said.dated(record),
        "Available": said.day(document.get("available")),
    }
    end = said.embargo_end(record)
    if end:
        known["Accepted"] = known["Accepted"] or f"{record.published:%Y-%m-%d}"
        known["Available"] = end
    yield kernel(
        "dates", *(kernel("date", day, dateType=kind) for kind, day in known.items() if day)
    )


def alternates(record: Record, *, but: str) -> Elements:
    """Identifiers beside the one that the record goes by."""
    named = [
        (IDENTIFIERS[scheme], value)
        for scheme, value, address in said.links(record)
        if but not in (value, address)
    ]
    named += [
        (entry["scheme"], entry["value"])
        for entry in record.document.get("identifiers", ())
        if entry["scheme"] not in IDENTIFIERS
    ]
    if but != record.url:
        named.insert(0, ("URL", record.url))
    if named:
        yield kernel(
            "alternateIdentifiers",
            *(
                kernel("alternateIdentifier", value, alternateIdentifierType=kind)
                for kind, value in named
            ),
        )


def related(document: Document, newer: Mapping[str, str] = _NOTHING) -> Elements:
    """Other works, and host and series by their ISSN or ISBN."""
    host = document.get("host", {})
    relations = {**RELATIONS, **newer}
    found = [("ISSN", issn, "IsPartOf") for issn in host.get("issn", ())]
    found += [("ISBN", isbn, "IsPartOf") for isbn in filter(None, [host.get("isbn")])]
    found += [
        ("ISSN", one["issn"], "IsPartOf") for one in document.get("series", ()) if "issn" in one
    ]
    found += [
        (IDENTIFIERS[one["scheme"]], one["value"], relations[one["kind"]])
        for one in document.get("relations", ())
        if one.get("value") and one.get("scheme") in IDENTIFIERS
    ]
    if found:
        yield kernel(
            "relatedIdentifiers",
            *(
                kernel(
                    "relatedIdentifier", value, relatedIdentifierType=kind, relationType=relation
                )
                for kind, value, relation in dict.fromkeys(found)
            ),
        )


def sizes(record: Record) -> Elements:
    """Extents in words, and how large the files are."""
    found = [
        *record.document.get("extent", ()),
        *(f"{file.size} bytes ({file.name})" for file in record.files),
    ]
    if found:
        yield kernel("sizes", *(kernel("size", one) for one in found))


def places(document: Document) -> Elements:
    """Where it is about."""
    found = [one["text"] for one in document.get("coverage", ()) if one["kind"] == "spatial"]
    if found:
        yield kernel(
            "geoLocations",
            *(kernel("geoLocation", kernel("geoLocationPlace", one)) for one in found),
        )


def funding(document: Document, names: Names) -> Elements:
    """Who paid for it, in DataCite's elements or in OpenAIRE's of the same names."""
    grants = document.get("funding")
    if grants:
        yield names("fundingReferences", *(_grant(one, names) for one in grants))


def _grant(grant: Document, names: Names) -> etree._Element:
    funder = grant.get("funder_id")
    return names(
        "fundingReference",
        names("funderName", grant["funder"]),
        names("funderIdentifier", funder, funderIdentifierType=_funder_type(funder))
        if funder
        else None,
        names("awardNumber", grant["award"], awardURI=grant.get("url"))
        if "award" in grant
        else None,
        names("awardTitle", grant["title"]) if "title" in grant else None,
    )


def _funder_type(address: str) -> str:
    return next((kind for part, kind in _FUNDERS.items() if part in address), "Other")


def licence(document: Document) -> vocabulary.Licence | None:
    """The terms of use, if they are stated."""
    return vocabulary.LICENCES.get(document.get("licence", ""))


def pages(host: Document) -> tuple[str | None, str | None]:
    """First and last page: ("15", "24") of "15–24"; neither where it says something else."""
    found = _PAGES.fullmatch(host.get("pages", ""))
    return (found[1], found[2]) if found else (None, None)

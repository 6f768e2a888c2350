"""Dublin Core: fifteen kinds of texts, out of which the rest must be read."""

import re
from collections.abc import Callable, Mapping

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import Description, local, person, tagged, titled, words

NAMESPACES = (
    "http://www.openarchives.org/OAI/2.0/oai_dc",
    "http://purl.org/dc/",
    "http://dublincore.org/",
    "http://dspace.org/qualifieddc",
    "http://worldcat.org/xmlschemas/qdc",
)
_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?=$|[T ~?])")
_ISSUED = ("issued", "date", "created")
_DATES = {"dateSubmitted": "submitted", "dateAccepted": "accepted", "available": "available"}
_RELATIONS = {
    "isPartOf": "is_part_of",
    "hasPart": "has_part",
    "isVersionOf": "is_version_of",
    "references": "references",
    "isReferencedBy": "is_referenced_by",
    "replaces": "replaces",
    "isReplacedBy": "is_replaced_by",
}


def read(element: etree._Element) -> Description:
    """What a record in Dublin Core says."""
    found = Description()
    parts = [one for one in element.iter() if local(one) in _READ and words(one)]
    for one in parts:
        _READ[local(one)](found, one)
    found.document["type"] = kinds.kind(words(one) for one in parts if local(one) == "type")
    for name, meant in _DATES.items():
        dates = [said for one in parts if local(one) == name if (said := _date(words(one)))]
        found.put(meant, dates[0] if dates else "")
    dates = [said for one in parts if local(one) in _ISSUED if (said := _date(words(one)))]
    # Repositories add when it was deposited and made public, which is never before it came out.
    # Without a qualifier nobody knows which date is which.
    found.put("issued", min(dates, default=""))
    return found


def _date(text: str) -> str:
    seen = _YEAR.match(text.removeprefix("info:eu-repo/date/publicationDate/").strip())
    return seen[0] if seen else ""


def _title(found: Description, one: etree._Element) -> None:
    titled(found, [tagged(one)])


def _creator(found: Description, one: etree._Element) -> None:
    found.add("creators", person(words(one), "aut"))


def _contributor(found: Description, one: etree._Element) -> None:
    found.add("contributors", person(words(one), "ctb"))


def _subject(found: Description, one: etree._Element) -> None:
    said = tagged(one)
    classed = kinds.classification(said["text"])
    if classed:
        found.add("classification", classed)
        return
    for text in re.split(r"\s*;\s*", said["text"]):
        found.add("keywords", {**said, "text": text} if text else None)


def _description(found: Description, one: etree._Element) -> None:
    found.add("abstracts", tagged(one))


def _publisher(found: Description, one: etree._Element) -> None:
    found.add("publishers", {"name": words(one)})


def _language(found: Description, one: etree._Element) -> None:
    found.add("languages", words(one))


def _identifier(found: Description, one: etree._Element) -> None:
    known = kinds.identifier(words(one))
    found.add("identifiers", known)
    if known and known["scheme"] == "url":
        found.urls.append(known["value"])


def _source(found: Description, one: etree._Element) -> None:
    known = kinds.identifier(words(one))
    if known:
        found.add("identifiers", known if known["scheme"] == "issn" else None)
    else:
        found.put("host", {"title": words(one)})


def _rights(found: Description, one: etree._Element) -> None:
    found.put("licence", kinds.licence(words(one)))
    found.put("access", kinds.access(words(one)))


def _coverage(found: Description, one: etree._Element) -> None:
    found.add("coverage", {"kind": "spatial", "text": words(one)})


def _temporal(found: Description, one: etree._Element) -> None:
    found.add("coverage", {"kind": "temporal", "text": words(one)})


def _alternative(found: Description, one: etree._Element) -> None:
    found.add("titles", {**tagged(one), "kind": "alternative"})


def _extent(found: Description, one: etree._Element) -> None:
    found.add("extent", words(one))


def _holder(found: Description, one: etree._Element) -> None:
    found.add("rights_holders", words(one))


def _note(found: Description, one: etree._Element) -> None:
    found.add("notes", words(one))


def _relation(found: Description, one: etree._Element) -> None:
    kind = _RELATIONS.get(local(one), "references")
    known = kinds.identifier(words(one))
    if known or local(one) != "relation":
        found.add("relations", {"kind": kind, **(known or {"citation": words(one)})})
    else:  # texts in all kinds of meanings; "info:eu-repo/grantAgreement" is one of them
        found.add("notes", words(one))


def _nothing(found: Description, one: etree._Element) -> None:
    """Dates and kinds are looked at together."""


_READ: Mapping[str, Callable[[Description, etree._Element], None]] = {
    "title": _title,
    "creator": _creator,
    "contributor": _contributor,
    "subject": _subject,
    "description": _description,
    "publisher": _publisher,
    "language": _language,
    "identifier": _identifier,
    "source": _source,
    "rights": _rights,
    "coverage": _coverage,
    "spatial": _coverage,
    "temporal": _temporal,
    "alternative": _alternative,
    "abstract": _description,
    "tableOfContents": _note,
    "bibliographicCitation": _note,
    "license": _rights,
    "accessRights": _rights,
    "rightsHolder": _holder,
    "extent": _extent,
    "relation": _relation,
    **dict.fromkeys(_RELATIONS, _relation),
    **dict.fromkeys(_DATES, _nothing),
    "issued": _nothing,
    "created": _nothing,
    "date": _nothing,
    "type": _nothing,
}

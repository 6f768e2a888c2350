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
)
_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?=$|[T ~?])")


def read(element: etree._Element) -> Description:
    """What a record in Dublin Core says."""
    found = Description()
    parts = [one for one in element.iter() if local(one) in _READ and words(one)]
    for one in parts:
        _READ[local(one)](found, one)
    found.document["type"] = kinds.kind(words(one) for one in parts if local(one) == "type")
    dates = [said for one in parts if local(one) == "date" if (said := _date(words(one)))]
    # Repositories add when it was deposited and made public, which is never before it came out.
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
    "date": _nothing,
    "type": _nothing,
}

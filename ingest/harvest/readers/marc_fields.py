"""A record of MARC 21 by its tags, and what its people are called and did."""

import re
from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from lxml import etree

from ingest.harvest.readers.elements import each, person, words
from schemas import vocabulary

_ORCID = re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]")
# Roles as catalogues here write them in $e, by how they begin.
_ROLES = (
    ("науч. рук", "ths"),
    ("научный рук", "ths"),
    ("илимий жетек", "ths"),
    ("автор", "aut"),
    ("ред", "edt"),
    ("отв. ред", "edt"),
    ("жооптуу ред", "edt"),
    ("сост", "com"),
    ("түз", "com"),
    ("пер", "trl"),
    ("котор", "trl"),
    ("худож", "ill"),
    ("сүрөтчү", "ill"),
    ("рец", "rev"),
    ("оппон", "opn"),
)


class Marc:
    """A record by its tags."""

    def __init__(self, record: etree._Element) -> None:
        self.leader = next((words_raw(one) for one in each(record, "leader")), "")
        self.control = {one.get("tag"): words_raw(one) for one in each(record, "controlfield")}
        self._fields: dict[str, list[tuple[int, etree._Element]]] = defaultdict(list)
        for place, one in enumerate(each(record, "datafield")):
            self._fields[one.get("tag", "")].append((place, one))
        # Fields in another script, by the tag and the number that link them.
        self.scripts = {link[0][:6]: one for one in self.of("880") if (link := subfields(one, "6"))}

    def of(self, *tags: str) -> Iterator[etree._Element]:
        """The fields with these tags, in their order in the record."""
        found = [
            one for tag in dict.fromkeys(tags) if tag in self._fields for one in self._fields[tag]
        ]
        return (one for _, one in sorted(found, key=itemgetter(0)))

    def texts(self, tag: str, codes: str) -> Iterator[str]:
        """The subfields of a tag."""
        return (text for one in self.of(tag) for text in subfields(one, codes))

    def script(self, field: etree._Element) -> etree._Element | None:
        """The field that says the same in another script."""
        link = one(field, "6").partition("-")[2][:2]
        return self.scripts.get(f"{field.get('tag')}-{link}") if link else None


def words_raw(element: etree._Element) -> str:
    """The text as it is: places count in the leader and in 008."""
    return (element.text or "").strip("\r\n")


def subfields(field: etree._Element, codes: str) -> list[str]:
    """The texts of these subfields, without the signs of ISBD that follow them."""
    found = [words(part) for part in each(field, "subfield") if part.get("code", "-") in codes]
    return [bare for text in found if (bare := re.sub(r"\s*[/:;,=]$", "", text).strip())]


def one(field: etree._Element, codes: str) -> str:
    """These subfields as one text."""
    return " ".join(subfields(field, codes))


def agent(field: etree._Element, marc: Marc) -> dict[str, Any] | None:
    """The person or the organisation of a field X00, X10 or X11, with other forms of its name."""
    tag, said = str(field.get("tag")), role(field)
    if tag.endswith("00"):
        made = _person(field, said or ("aut" if tag == "100" else "ctb"))
    else:
        name = re.sub(r"(?<=\w\w)\.$", "", one(field, "abcdn"))
        made = {"kind": "organisation", "name": name, "role": said or "ctb"} if name else None
    other = marc.script(field) if made else None
    form = _form(other, tag) if other is not None else None
    return {**made, "forms": [form]} if made and form else made


def _person(field: etree._Element, said: str) -> dict[str, Any] | None:
    more: dict[str, Any] = {}
    orcid = _ORCID.search(one(field, "01"))
    if orcid:
        more["orcid"] = orcid[0]
    places = [{"name": place} for place in subfields(field, "u")]
    if places:
        more["affiliations"] = places
    return person(re.sub(r"(?<=\w\w)\.$", "", one(field, "a")), said, **more)


def _form(field: etree._Element, tag: str) -> dict[str, str] | None:
    if not tag.endswith("00"):
        return {"name": name} if (name := one(field, "ab")) else None
    made = person(one(field, "a"), "aut") or {}
    return {key: made[key] for key in ("family", "given", "patronymic", "name") if key in made}


def role(field: etree._Element) -> str:
    """The code of what an agent did; "" where the field says nothing that we know."""
    for said in (*subfields(field, "4"), *subfields(field, "ej")):
        low = said.rpartition("/")[2].strip(". ").lower()
        if low in vocabulary.RELATORS:
            return low
        for relator in vocabulary.RELATORS.values():
            if relator.label.lower() == low:
                return relator.code
        for start, code in _ROLES:
            if low.startswith(start):
                return code
    return ""

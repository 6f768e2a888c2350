"""MARC 21 as XML."""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import (
    Description,
    each,
    headed,
    local,
    peopled,
    person,
    titled,
    words,
)
from schemas import vocabulary

NAMESPACES = ("http://www.loc.gov/MARC21/slim",)
# Leader 06 and 07, as far as they say more than "text".
_LEADER = {
    "aa": "book-part",
    "ab": "article",
    "am": "monograph",
    "as": "periodical",
    "e": "map",
    "f": "map",
    "g": "video",
    "i": "sound",
    "j": "sound",
    "k": "image",
    "m": "software",
    "t": "monograph",
}
_SCHEMES = {"rubbk": "bbk", "grnti": "grnti", "rugasnti": "grnti"}
_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651", "653")
_NOTES = ("500", "504", "505", "546")


def read(element: etree._Element) -> Description:
    """What a record in MARC 21 says. A collection's first record is read."""
    record = next(each(element, "record"), element) if local(element) == "collection" else element
    found = Description()
    marc = Marc(record)
    _titles(found, marc)
    _people(found, marc)
    _imprint(found, marc)
    _subjects(found, marc)
    _identifiers(found, marc)
    _texts(found, marc)
    _host(found, marc)
    said = [*marc.texts("655", "a"), *marc.texts("980", "a")]
    found.document["type"] = kinds.kind([*said, _thesis(found, marc), _of_leader(marc)])
    return found


class Marc:
    """A record by its tags."""

    def __init__(self, record: etree._Element) -> None:
        self.leader = next((words_raw(one) for one in each(record, "leader")), "")
        self.control = {one.get("tag"): words_raw(one) for one in each(record, "controlfield")}
        self.fields = list(each(record, "datafield"))

    def of(self, *tags: str) -> Iterator[etree._Element]:
        """The fields with these tags."""
        return (one for one in self.fields if one.get("tag") in tags)

    def texts(self, tag: str, codes: str) -> Iterator[str]:
        """The subfields of a tag."""
        return (text for one in self.of(tag) for text in subfields(one, codes))


def words_raw(element: etree._Element) -> str:
    """The text as it is: places count in the leader and in 008."""
    return (element.text or "").strip("\r\n")


def subfields(one: etree._Element, codes: str) -> list[str]:
    """The texts of these subfields, without the signs of ISBD that follow them."""
    found = [words(part) for part in each(one, "subfield") if part.get("code", "-") in codes]
    return [bare for text in found if (bare := re.sub(r"\s*[/:;,=]$", "", text).strip())]


def _one(field: etree._Element, codes: str) -> str:
    return " ".join(subfields(field, codes))


def _titles(found: Description, marc: Marc) -> None:
    for one in marc.of("245"):
        titled(found, [{"text": re.sub(r"\.$", "", ". ".join(subfields(one, "anp")))}])
        titled(found, [{"text": _one(one, "b"), "kind": "subtitle"}])
    for one in marc.of("242", "246"):
        translated = one.get("tag") == "242"
        kind = "translated" if translated else "alternative"
        titled(found, [{"text": _one(one, "ab"), "kind": kind}])


def _people(found: Description, marc: Marc) -> None:
    for one in marc.of("100", "110", "111", "700", "710", "711"):
        tag, role = str(one.get("tag")), _role(one)
        main = tag.startswith("1") and role not in ("edt", "com")
        if tag.endswith("00"):
            agent = person(_one(one, "a").rstrip("."), role or ("aut" if main else "ctb"))
            orcid = re.search(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", _one(one, "01"))
            if agent and orcid:
                agent["orcid"] = orcid[0]
        else:
            name = re.sub(r"(?<=\w\w)\.$", "", _one(one, "abcdn"))
            agent = {"kind": "organisation", "name": name, "role": role or "ctb"} if name else None
            main = main and role != ""
        peopled(found, agent, main=main)
    headed(found)


def _role(one: etree._Element) -> str:
    for said in (*subfields(one, "4"), *subfields(one, "e")):
        code = said.rpartition("/")[2].strip(". ").lower()
        if code in vocabulary.RELATORS:
            return code
        for relator in vocabulary.RELATORS.values():
            if relator.label.lower() == code:
                return relator.code
    return ""


def _imprint(found: Description, marc: Marc) -> None:
    for one in marc.of("260", "264"):
        if one.get("tag") == "264" and one.get("ind2") not in ("1", " ", "", None):
            continue
        place = next(iter(subfields(one, "a")), "").strip("[] ")
        for name in subfields(one, "b"):
            found.add("publishers", {"name": name.strip("[] "), "place": place})
        years = re.findall(r"[0-9]{4}", _one(one, "c"))
        found.put("issued", years[0] if years else "")
    fixed = marc.control.get("008", "")
    found.put("issued", fixed[7:11] if re.fullmatch(r"[0-9]{4}", fixed[7:11]) else "")
    for text in (*marc.texts("041", "a"), fixed[35:38]):
        for code in re.findall("[a-z]{3}", text):
            found.add("languages", code if code not in ("mul", "und", "zxx") else "")
    for text in marc.texts("250", "a"):
        found.put("edition", text)
    for text in marc.texts("300", "a"):
        found.add("extent", text)
    for one in marc.of("490"):
        title = _one(one, "a")
        found.add("series", {"title": title, "number": _one(one, "v")} if title else None)


def _subjects(found: Description, marc: Marc) -> None:
    for one in marc.of(*_SUBJECTS):
        text = " — ".join(part.rstrip(".") for part in subfields(one, "abxyz"))
        found.add("keywords", {"text": text} if text else None)
    for scheme, tag in (("udc", "080"), ("ddc", "082")):
        for code in marc.texts(tag, "a"):
            found.add("classification", {"scheme": scheme, "code": code})
    for one in marc.of("084"):
        named = _SCHEMES.get(_one(one, "2").lower())
        for code in subfields(one, "a") if named else ():
            found.add("classification", {"scheme": named, "code": code})


def _identifiers(found: Description, marc: Marc) -> None:
    for scheme, tag in (("isbn", "020"), ("issn", "022")):
        for text in marc.texts(tag, "a"):
            found.add("identifiers", {"scheme": scheme, "value": text.partition(" ")[0]})
    for one in marc.of("024"):
        scheme = {"doi": "doi", "hdl": "handle", "urn": "urn"}.get(_one(one, "2").lower(), "")
        for value in subfields(one, "a"):
            known = {"scheme": scheme, "value": value} if scheme else kinds.identifier(value)
            found.add("identifiers", known)
    for one in marc.of("856"):
        found.urls += subfields(one, "u")


def _texts(found: Description, marc: Marc) -> None:
    for text in marc.texts("520", "ab"):
        found.add("abstracts", {"text": text})
    for tag in _NOTES:
        for text in marc.texts(tag, "a"):
            found.add("notes", text)
    for one in marc.of("506", "540", "542"):
        for text in subfields(one, "u"):
            found.put("licence", kinds.licence(text))
            found.put("access", kinds.access(text))


def _host(found: Description, marc: Marc) -> None:
    for one in marc.of("773"):
        title = _one(one, "t")
        if title:
            found.put(
                "host", {"title": title, "issn": subfields(one, "x"), **_part(_one(one, "g"))}
            )


def _part(text: str) -> dict[str, str]:
    pages = re.search(r"(?i)(?:pp?\.|с\.|б\.|стр\.|s\.)\s*([0-9]+(?:\s*[-–]\s*[0-9]+)?)", text)
    return {"pages": pages[1].replace(" ", "")} if pages else {}


def _thesis(found: Description, marc: Marc) -> str:
    for one in marc.of("502"):
        said = f"{_one(one, 'a')} {_one(one, 'b')}".lower()
        found.add("notes", _one(one, "a"))
        if re.search(r"master|магистр", said):
            return "masterThesis"
        return (
            "bachelorThesis" if re.search(r"bachelor|бакалавр|диплом", said) else "doctoralThesis"
        )
    return ""


def _of_leader(marc: Marc) -> str:
    kind = marc.leader[6:8]
    key = _LEADER.get(kind) or _LEADER.get(kind[:1])
    return vocabulary.TYPES[key].uri if key else ""

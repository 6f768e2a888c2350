"""What a record of MARC 21 says of its place among other works: host, thesis, relations, terms."""

import re
from typing import Any

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import Description
from ingest.harvest.readers.marc_fields import Marc, one, subfields
from schemas import vocabulary

_RELATIONS = {
    "765": "is_translation_of",
    "767": "has_translation",
    "770": "is_supplemented_by",
    "772": "is_supplement_to",
    "774": "has_part",
    "775": "is_version_of",
    "780": "continues",
    "785": "is_replaced_by",
}
_DEGREES = (
    (re.compile(r"магист|master"), "master", "masterThesis"),
    (re.compile(r"бакалав|bachelor"), "bachelor", "bachelorThesis"),
    (re.compile(r"диплом|specialist"), "specialist", "bachelorThesis"),
    (re.compile(r"канд|candidate"), "candidate", "doctoralThesis"),
    (re.compile(r"ph\.? ?d"), "phd", "doctoralThesis"),
    (re.compile(r"докт|д-ра|doctor"), "doctor", "doctoralThesis"),
)
_NUMBER = r"\s*([0-9][\w./–-]*|[ivxlc]+\b)"
_VOLUME = re.compile(rf"(?i)(?<!\w)(?:vol\.?|v\.|т\.|том)(?!\w){_NUMBER}")
_ISSUE = re.compile(rf"(?i)(?:(?<!\w)(?:no\.|nr\.|iss\.|issue|вып\.)|№){_NUMBER}")
_PAGES = re.compile(
    r"(?i)(?<!\w)(?:pp?\.|с\.|б\.|стр\.|s\.)\s*([0-9]+(?:\s*[-–]\s*[0-9]+)?)"
    r"|(?<!\w)([0-9]+\s*[-–]\s*[0-9]+)\s*-?\s*б\."
)
_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")
_DAY = re.compile(r"(?:1[5-9]|20)[0-9]{2}(?:-[0-9]{2}){0,2}(?![0-9])")
_ACTIONS = {"submitted": "submitted", "accepted": "accepted", "available": "available"}


def host(found: Description, marc: Marc) -> None:
    """Where the work came out (773)."""
    for field in marc.of("773"):
        title = one(field, "t")
        if not title:
            continue
        more = [text.removeprefix("ISSN ") for text in subfields(field, "o") if "ISSN" in text]
        isbn = one(field, "z")
        book = bool(isbn) or (marc.leader[7:8] == "a" and not one(field, "x"))
        whole: dict[str, Any] = {
            "kind": "book" if book and not one(field, "7").startswith("nnas") else "journal",
            "title": title,
            "issn": [*subfields(field, "x"), *more],
            "isbn": isbn,
            "place": one(field, "d"),
            "editors": [name for text in subfields(field, "n") for name in text.split("; ")],
            **_part(one(field, "g")),
        }
        found.put("host", {key: value for key, value in whole.items() if value})


def _part(text: str) -> dict[str, str]:
    pages = _PAGES.search(text)
    said = {
        "volume": found[1] if (found := _VOLUME.search(text)) else "",
        "issue": found[1] if (found := _ISSUE.search(text)) else "",
        "date": found[0] if (found := _YEAR.search(text)) else "",
        "pages": re.sub(r"\s", "", pages[1] or pages[2]) if pages else "",
    }
    return {key: value.rstrip(".-–") for key, value in said.items()}


def thesis(found: Description, marc: Marc) -> str:
    """The kind of thesis (502), in words; "" where it is none."""
    for field in marc.of("502"):
        said = f"{one(field, 'a')} {one(field, 'b')}".lower()
        found.add("notes", one(field, "a"))
        degree, kind = next(
            ((degree, kind) for fits, degree, kind in _DEGREES if fits.search(said)),
            ("", "doctoralThesis"),
        )
        if re.search("автореф", said):
            kind = "автореферат"
        if degree:
            grantor = one(field, "c") or _grantor(marc)
            when = [one(field, "d"), *marc.texts("518", "d")]
            days = [day[0] for text in when if (day := _DAY.search(text))]
            defended = max(days, key=len, default="")
            whole = {"degree": degree, "grantor": grantor, "defended": defended}
            whole["place"] = next(marc.texts("518", "p"), "")
            found.put("thesis", {key: value for key, value in whole.items() if value})
        for text in subfields(field, "g"):
            found.add("notes", text)
        return kind
    return ""


def _grantor(marc: Marc) -> str:
    fields = (field for field in marc.of("710") if "dgg" in subfields(field, "4"))
    return next((one(field, "ab") for field in fields), "")


def relations(found: Description, marc: Marc) -> None:
    """Other works (765 to 787), by an identifier or in words."""
    for field in marc.of(*_RELATIONS):
        kind = _RELATIONS[str(field.get("tag"))]
        known = _identified(field)
        said = ". ".join(filter(None, (one(field, "a"), one(field, "t"), one(field, "n"))))
        if known or said:
            found.add("relations", {"kind": kind, **known, "citation": said})
    for field in marc.of("787"):
        label = one(field, "i").lower()
        for kind, named in vocabulary.RELATIONS.items():
            if named.lower() == label and (known := _identified(field)):
                found.add("relations", {"kind": kind, **known, "citation": one(field, "n")})


def _identified(field: etree._Element) -> dict[str, str]:
    for scheme, code in (("isbn", "z"), ("issn", "x")):
        if value := one(field, code):
            return {"scheme": scheme, "value": value}
    return next(filter(None, map(kinds.identifier, subfields(field, "o"))), None) or {}


def terms(found: Description, marc: Marc) -> None:
    """Who may use the work and how (506, 540, 542), who paid (536), what became of it when."""
    for field in marc.of("506", "540", "542"):
        for text in subfields(field, "u"):
            found.put("licence", kinds.licence(text))
            found.put("access", kinds.access(text))
    for field in marc.of("506", "540"):
        for text in subfields(field, "a") if not subfields(field, "u") else ():
            licence = kinds.licence(text)
            found.put("licence", licence)
            found.add("notes", "" if licence else text)
    for text in marc.texts("542", "d"):
        found.add("rights_holders", text)
    for field in marc.of("536"):
        funder = one(field, "a")
        award = one(field, "c")
        found.add("funding", {"funder": funder, "award": award} if funder else None)
    for text in marc.texts("562", "c"):
        for version in vocabulary.VERSIONS.values():
            if version.label == text:
                found.put("version_type", version.uri)
    for field in marc.of("583"):
        name = _ACTIONS.get(one(field, "a").lower(), "")
        if name:
            found.put(name, one(field, "c"))

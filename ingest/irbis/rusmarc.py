"""A record of the RUSMARC profile (a relative of UNIMARC) as a description of ours."""

import re
from collections.abc import Iterator

from ingest import language
from ingest.irbis import sayings
from ingest.irbis.cataloguing import LABEL
from ingest.irbis.reading import Part, Reading, Used
from ingest.irbis.records import DELIMITER, Field
from ingest.rows import Holding, Link
from schemas import unimarc, vocabulary
from schemas.messages import Message

HOUSEKEEPING = frozenset((1, 3, 5, 20, 21, 100, 102, 105, 106, 110, 115, 116, 135, 801, 830))
MATERIALS = {"b": "other", "c": "other", "e": "map", "f": "map", "g": "video", "i": "sound"}
MATERIALS |= {"j": "sound", "k": "image", "l": "software", "m": "other", "r": "other"}
SCHEMES = {"rubbk": "bbk", "rugasnti": "grnti", "vak": "vak"}
NUMBERS = {"doi": "doi", "hdl": "handle", "urn": "urn", "arxiv": "arxiv", "uri": "url"}
# Fields 4XX: how another work belongs to this one.
LINKS = {
    421: "is_supplemented_by",
    422: "is_supplement_to",
    423: "has_part",
    430: "continues",
    432: "replaces",
    442: "is_replaced_by",
    451: "has_version",
    453: "has_translation",
    454: "is_translation_of",
    455: "is_version_of",
    456: "has_version",
    461: "is_part_of",
    462: "is_part_of",
    464: "has_part",
    470: "is_review_of",
}
NOTES = (300, 301, 304, 305, 306, 307, 310, 311, 313, 314, 316, 320, 321, 324, 325, 326, 333, 336)


def describe(reading: Reading) -> None:
    """Fills the reading's document, holdings, links and remarks."""
    _languages(reading)
    _kind(reading)
    _titles(reading)
    _people(reading)
    _imprint(reading)
    _numbers(reading)
    _links(reading)
    _words(reading)
    _subjects(reading)
    for part in reading.parts(856):
        address, label = part.get("u"), part.get("z", "2")
        if address and label != LABEL:
            reading.add("identifiers", {"scheme": "url", "value": address})
            reading.links.append(Link(address, part.get("f"), label))
    for part in reading.parts(899):
        found = Holding(inventory=part.get("p"), status="", place=part.get("a", "b"), book="")
        shelf = part.get("j", "h")
        place = ", ".join(filter(None, (found.place, shelf)))
        if found.inventory or place:
            reading.holdings.append(Holding(inventory=found.inventory, place=place))


def _kind(reading: Reading) -> None:
    leader = reading.record.leader.ljust(24)
    kind = MATERIALS.get(leader[6], "monograph")
    if kind == "monograph" and leader[7] in "ab":
        kind = "article" if _in_periodical(reading) else "book-part"
    elif kind == "monograph" and leader[7] in "is":
        kind = "periodical"
    if kind == "monograph":
        said = reading.record.get(105, "a").ljust(8)[4:8]
        kind = next((made for code in said if (made := unimarc.CONTENTS.get(code))), kind)
    words = " ".join(
        one for part in reading.parts(200, 328) for one in part.all("e") + part.all("b")
    )
    found = sayings.thesis(words)
    if found and kind in ("monograph", "doctoral-thesis"):
        kind, reading.document["thesis"] = found
        reading.document["thesis"]["grantor"] = reading.first(328, "e")
    reading.document["type"] = vocabulary.TYPES[kind].uri


def _in_periodical(reading: Reading) -> bool:
    hosts = [one for part in reading.parts(461, 463) for one in embedded(part, reading.used)]
    return any(one.field.tag == 11 for one in hosts) or len(list(reading.parts(461))) > 0


def _languages(reading: Reading) -> None:
    for part in reading.parts(101):
        for one in part.all("a"):
            reading.add("languages", sayings.language(one))
        _ = part.get("b"), part.get("c"), part.get("d"), part.get("g")


def _titles(reading: Reading) -> None:
    titles = reading.document.setdefault("titles", [])
    spoken = reading.document.get("languages")
    tongue = {"language": spoken[0]} if spoken else {}
    part = next(reading.parts(200), None)
    if part is not None:
        text = _title(reading, part)
        if text:
            titles.append({"text": text, "kind": "main", **tongue})
        titles += [{"text": one, "kind": "subtitle", **tongue} for one in part.all("e")]
        titles += [{"text": one, "kind": "alternative"} for one in part.all("d")]
    for tag, kind in (
        (510, "alternative"),
        (512, "alternative"),
        (517, "alternative"),
        (541, "translated"),
    ):
        for part in reading.parts(tag):
            if part.get("a"):
                code = sayings.language(part.get("z"))
                more = {"language": code} if code else {}
                titles.append({"text": part.get("a"), "kind": kind, **more})


def _title(reading: Reading, part: Part) -> str:
    own = sayings.joined(part.get("a"), part.get("h"), part.get("i"))
    if own and not sayings.only_a_number(own):
        return own
    for host in reading.parts(461, 462):
        of_set = next(
            (one.get("a") for one in embedded(host, reading.used) if one.field.tag == 200), ""
        )
        if of_set:
            return sayings.joined(of_set, own)
    return own


def embedded(part: Part, used: Used) -> Iterator[Part]:
    """The fields that a field 4XX or 604 holds: each after ^1, tag and indicators before it."""
    pieces = part.field.text.split(f"{DELIMITER}1")[1:]
    part.get("1")
    for piece in pieces:
        if len(piece) < 3 or not piece[:3].isdigit():
            continue
        tag, rest = int(piece[:3]), piece[3:]
        found = Field(tag, rest if tag < 10 else rest[2:])
        used.update((part.field.tag, one.code.casefold()) for one in found.subfields)
        yield Part(found, set())


def _people(reading: Reading) -> None:
    _ = reading.first(200, "f"), reading.first(200, "g")  # the names again, as the page has them
    for part in reading.parts(700, 701, 702):
        usual = "ctb" if part.field.tag == 702 else "aut"
        codes = part.all("4") or [""]
        role = unimarc.ROLES.get(codes[0][:3], "ctb") if codes[0] else usual
        element = "contributors" if part.field.tag == 702 else "creators"
        if element == "creators" and role not in vocabulary.CREATOR_RELATORS:
            element = "contributors"
        if part.get("a"):
            found = sayings.person(part.get("a"), part.get("b"), part.get("g"))
            place = part.get("p")
            if place:
                found["affiliations"] = [{"name": place}]
            _ = part.get("6"), part.get("7"), part.get("3")
            reading.add(element, {**found, "role": role})
    for part in reading.parts(710, 711, 712):
        name = ". ".join(filter(None, (part.get("a"), *part.all("b"))))
        _ = part.get("3")
        code = part.get("4")
        if name:
            element = "contributors" if part.field.tag == 712 else "creators"
            role = unimarc.ROLES.get(code[:3], "ctb" if element == "contributors" else "aut")
            if element == "creators" and role not in vocabulary.CREATOR_RELATORS:
                role = "aut"
            reading.add(element, {"kind": "organisation", "name": name, "role": role})


def _imprint(reading: Reading) -> None:
    issued = ""
    for part in reading.parts(210):
        places, publishers = part.all("a"), part.all("c")
        for at, name in enumerate(publishers):
            place = places[min(at, len(places) - 1)] if places else ""
            reading.add("publishers", {"name": name, "place": place})
        issued = issued or part.get("d")
    if issued and not sayings.year(issued):
        said = Message("“%(words)s” is no year; that of field 100 was taken.", words=issued)
        reading.remarks.append(said)
    general = reading.record.get(100, "a").ljust(17)
    issued = sayings.year(issued) or sayings.year(general[9:13])
    if issued:
        reading.document["issued"] = issued
    reading.document["edition"] = reading.first(205, "a")
    for part in reading.parts(215):
        amount, more = part.get("a"), part.get("c")
        _ = part.get("d")
        reading.add("extent", f"{amount} : {more}" if amount and more else amount or more)
    for part in reading.parts(225):
        reading.add(
            "series",
            {"title": part.get("a"), "number": part.get("v"), "issn": part.get("x")},
        )


def _numbers(reading: Reading) -> None:
    for tag, scheme in ((10, "isbn"), (11, "issn")):
        for part in reading.parts(tag):
            _ = part.get("9"), part.get("d"), part.get("b")
            if part.get("a"):
                found = sayings.number(scheme, part.get("a"))
                if found["scheme"] != scheme:
                    reading.remarks.append(sayings.wrong(found["value"]))
                reading.add("identifiers", found)
    for part in reading.parts(17):
        scheme = NUMBERS.get(part.get("2"), "local")
        reading.add("identifiers", {"scheme": scheme, "value": part.get("a")})
    for part in reading.parts(35):
        reading.add("identifiers", {"scheme": "local", "value": part.get("a")})
    key = reading.record.get(1)
    reading.add("identifiers", {"scheme": "local", "value": key} if key else None)


def _links(reading: Reading) -> None:
    host: dict = {}
    for part in reading.parts(461, 463):
        inside = list(embedded(part, reading.used))
        title = next((one for one in inside if one.field.tag == 200), None)
        if title is None or reading.record.leader.ljust(24)[7] not in "ab":
            continue
        imprint = next((one for one in inside if one.field.tag == 210), None)
        pages = sayings.pages(title.get("v"))
        if part.field.tag == 463 and host:  # the issue of a journal
            host |= {"issue": re.sub(r"^№\s*", "", title.get("a")), "pages": pages}
        else:
            kind = "journal" if _in_periodical(reading) else "book"
            host = {"kind": kind, "title": title.get("a"), "issue": title.get("h"), "pages": pages}
        if imprint is not None:
            host |= {"place": imprint.get("a"), "date": imprint.get("d")}
        host.setdefault("issn", []).extend(
            one.get("a") for one in inside if one.field.tag == 11 and one.get("a")
        )
    if host:
        reading.document["host"] = host
        return
    for tag, kind in LINKS.items():
        for part in reading.parts(tag):
            reading.add("relations", _relation(reading, part, kind))


def _relation(reading: Reading, part: Part, kind: str) -> dict | None:
    inside = {one.field.tag: one for one in embedded(part, reading.used)}
    title, imprint = inside.get(200), inside.get(210)
    if title is None or not title.get("a"):
        return None
    named = " / ".join(filter(None, (title.get("a"), title.get("f"))))
    said = [named, title.get("v")]
    if imprint is not None:
        said.append(", ".join(filter(None, (imprint.get("a"), imprint.get("c"), imprint.get("d")))))
    return {"kind": kind, "citation": sayings.joined(*said, mark=". — ")}


def _words(reading: Reading) -> None:
    for part in reading.parts(330):
        if part.get("a"):
            spoken = language.guess(part.get("a")) or ""
            reading.add("abstracts", {"text": part.get("a"), "language": spoken})
    for part in reading.parts(*NOTES, 327):
        reading.add("notes", part.get("a"))


def _subjects(reading: Reading) -> None:
    for part in reading.parts(600, 601, 602, 606, 607):
        said = " – ".join(_heading(part))
        if said and part.field.tag == 607:
            reading.add("coverage", {"kind": "spatial", "text": said})
        else:
            reading.add("keywords", {"text": said} if said else None)
    for part in reading.parts(604):
        inside = [one.get("a") for one in embedded(part, reading.used)]
        reading.add("keywords", {"text": ". ".join(filter(None, inside))})
    for part in reading.parts(610):
        for one in part.all("a"):
            reading.add("keywords", {"text": one})
    for part in reading.parts(675):
        _ = part.get("v"), part.get("z")
        reading.add("classification", {"scheme": "udc", "code": part.get("a")})
    for part in reading.parts(676):
        reading.add("classification", {"scheme": "ddc", "code": part.get("a")})
    for part in reading.parts(686):
        scheme = SCHEMES.get(part.get("2"), "")
        if scheme and part.get("a") and not part.get("v"):
            reading.add("classification", {"scheme": scheme, "code": part.get("a")})


def _heading(part: Part) -> Iterator[str]:
    for code in ("2", "3", "4"):
        part.get(code)
    for code, value in part.field.subfields:
        if code.casefold() in "abcdfgjxyz" and value.strip():
            part.get(code)
            yield value.strip()

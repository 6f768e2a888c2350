"""A record of IRBIS's own profile (database IBIS) as a description of ours.

`docs/irbis.md` has the table of fields. What a record has besides stays in it, and is named.
"""

import re
from collections.abc import Iterator
from datetime import date

from ingest import language, names
from ingest.irbis import sayings
from ingest.irbis.cataloguing import LABEL
from ingest.irbis.reading import Part, Reading
from ingest.rows import Holding, Link
from schemas import unimarc, vocabulary
from schemas.messages import Message

# Of the catalogue's own keeping: nobody misses them in a description.
HOUSEKEEPING = frozenset(
    (1, 5, 60, 100, 102, 690, 691, 692, 693, 694, 903, 905, 906, 907, 908, 910, 919, 920, 941, 999)
)
# 920, the worksheet that a record was made with.
WORKSHEETS = {
    "PAZK": "monograph",
    "PVK": "monograph",
    "SPEC": "monograph",
    "IBIS": "monograph",
    "IBISN": "monograph",
    "PAZKS": "monograph",
    "ASP": "article",
    "OJ": "periodical",
    "OJP": "periodical",
    "NJ": "periodical-issue",
    "NJK": "periodical-issue",
    "NJP": "periodical-issue",
    "AUNTD": "other",
    "MUSP": "other",
    "KARTO": "map",
    "AVD": "video",
}
NO_PERIODICAL = re.compile(r"(?i)^(?:сб|материалы|труды|книга|proceedings|жыйнак)")


def describe(reading: Reading) -> None:
    """Fills the reading's document, holdings, links and remarks."""
    _kind(reading)
    _languages(reading)
    _titles(reading)
    _people(reading)
    _imprint(reading)
    _numbers(reading)
    _host(reading)
    _words(reading)
    _subjects(reading)
    _objects(reading)
    reading.holdings += [found for one in reading.parts(910) if (found := _holding(one))]


def _kind(reading: Reading) -> None:
    worksheet = reading.first(920).upper()
    kind = WORKSHEETS.get(worksheet, "")
    if not kind:
        kind = "other"
        said = Message(
            "The worksheet (920) “%(name)s” does not tell the kind of work: “other” was taken.",
            name=worksheet or "–",
        )
        reading.remarks.append(said)
    contents = [code for part in reading.parts(900) for code in part.all("c")]
    for part in reading.parts(900):
        _ = part.value, part.get("t"), part.get("b"), part.get("x")
    if kind == "monograph":
        kind = next((made for code in contents if (made := unimarc.CONTENTS.get(code[:1]))), kind)
    if kind == "article" and not _in_periodical(reading):
        kind = "book-part"
    found = sayings.thesis(" ".join(one for part in reading.parts(200) for one in part.all("e")))
    if found and kind in ("monograph", "doctoral-thesis", "other"):
        kind, reading.document["thesis"] = found
    reading.document["type"] = vocabulary.TYPES[kind].uri


def _in_periodical(reading: Reading) -> bool:
    hosts = list(reading.parts(463))
    numbered = any(one.get("h", "v") or one.get("i") for one in hosts)
    return numbered or not any(
        one.get("g") or NO_PERIODICAL.match(one.get("c", "a")) for one in hosts
    )


def _languages(reading: Reading) -> None:
    for part in reading.parts(101):
        reading.add("languages", sayings.language(part.said))


def _titles(reading: Reading) -> None:
    titles = reading.document.setdefault("titles", [])
    main = _main(reading)
    if main:
        titles.append({"text": main, "kind": "main", **_tongue(reading)})
    for part in list(reading.parts(200))[:1]:
        for one in part.all("e"):
            titles.append({"text": one, "kind": "subtitle", **_tongue(reading)})
    for tag, kind in ((510, "alternative"), (517, "alternative"), (541, "translated")):
        for part in reading.parts(tag):
            if part.said:
                titles.append({"text": part.said, "kind": kind})


def _tongue(reading: Reading) -> dict[str, str]:
    spoken = reading.document.get("languages")
    return {"language": spoken[0]} if spoken else {}


def _main(reading: Reading) -> str:
    """The title; that of a volume which is a mere number follows that of its set."""
    part = next(reading.parts(200), None)
    own = part.get("a") if part else ""
    volume = part.get("v") if part else ""
    of_set = _set_title(reading)
    if own and not (of_set and sayings.only_a_number(own)):
        return own
    if of_set:
        return sayings.joined(of_set, volume, own)
    return own or volume or _nameless(reading)


def _set_title(reading: Reading) -> str:
    return reading.first(461, "c") or reading.first(46, "c")


def _nameless(reading: Reading) -> str:
    issue = ", ".join(
        filter(
            None,
            (sayings.numbered("Т.", reading.first(935)), sayings.numbered("№", reading.first(936))),
        )
    )
    year = reading.first(934)
    if issue or year:
        return f"{issue}, {year}".strip(", ")
    for tag, codes in ((309, ("t",)), (331, ()), (700, ("a",)), (606, ("a",))):
        found = reading.first(tag, *codes)
        if found:
            said = Message("The record has no title (200); field %(tag)s stands for it.", tag=tag)
            reading.remarks.append(said)
            return sayings.unmarked(found)
    return ""


def _people(reading: Reading) -> None:
    for part in reading.parts(700, 701, 961):
        role = _role(part, "aut")
        element = "creators" if role in vocabulary.CREATOR_RELATORS else "contributors"
        reading.add(element, _person(part, role))
    for part in reading.parts(710):
        reading.add("creators", _organisation(part, "aut"))
    for part in reading.parts(702):
        reading.add("contributors", _person(part, _role(part, "ctb")))
    for part in reading.parts(711):
        reading.add("contributors", _organisation(part, _role(part, "ctb")))
    said = reading.first(200, "f"), reading.first(200, "g")  # the names again, as the page has them
    if not reading.document.get("creators") and not reading.document.get("contributors"):
        _responsible(reading, said[0])


def _role(part: Part, usual: str) -> str:
    """The relator of ^4: "340 ред."; what is not in the list contributed."""
    code = part.get("4")
    if not code:
        return usual
    return unimarc.ROLES.get(code[:3], "ctb")


def _person(part: Part, role: str) -> dict | None:
    if not part.get("a"):
        return None
    found = sayings.person(part.get("a"), part.get("b"), part.get("g"))
    place = part.get("p")
    if place:
        found["affiliations"] = [{"name": place}]
    return {**found, "role": role}


def _organisation(part: Part, role: str) -> dict | None:
    name = ". ".join(filter(None, (part.get("a"), *part.all("b"))))
    return {"kind": "organisation", "name": name, "role": role} if name else None


def _responsible(reading: Reading, said: str) -> None:
    """Without headings the names of 200^f serve, when they are clearly such."""
    for one in re.split(r"\s*[,;]\s*", said.partition("[")[0]):
        if names.is_certain(one):
            reading.add("creators", {**sayings.person(one), "role": "aut"})
    if reading.document.get("creators"):
        taken = Message("The record has no headings of names; those of 200^f were taken.")
        reading.remarks.append(taken)


def _imprint(reading: Reading) -> None:
    issued = ""
    for part in reading.parts(210):
        name, place = part.get("c"), part.get("a")
        if name:
            reading.add("publishers", {"name": name, "place": place})
        issued = issued or _issued(reading, part.get("d"))
    issued = issued or _issued(reading, reading.first(463, "j")) or reading.first(934)
    issued = issued or _issued(reading, reading.first(461, "h"))
    if issued:
        reading.document["issued"] = sayings.year(issued)
    reading.document["edition"] = reading.first(205)
    for part in reading.parts(215):
        reading.add("extent", _extent(part))
    for part in reading.parts(225):
        reading.add("series", {"title": part.get("a"), "number": part.get("v")})


def _issued(reading: Reading, words: str) -> str:
    if words and not sayings.year(words):
        said = Message("“%(words)s” is no year; the date was left empty.", words=words)
        reading.remarks.append(said)
        return ""
    return words


def _extent(part: Part) -> str:
    amount, unit, more = part.get("a"), part.get("1"), part.get("c")
    if not amount:
        return more
    whole = f"{amount} {unit or 'с.'}" if amount[-1:].isdigit() else f"{amount} {unit}".strip()
    return f"{whole} : {more}" if more else whole


def _numbers(reading: Reading) -> None:
    for tag, scheme in ((10, "isbn"), (11, "issn")):
        for part in reading.parts(tag):
            _ = part.get("d"), part.get("b")
            if part.said:
                found = sayings.number(scheme, part.said)
                if found["scheme"] != scheme:
                    reading.remarks.append(sayings.wrong(found["value"]))
                reading.add("identifiers", found)
    guid = reading.first(1119).strip("{}")
    if re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", guid):
        reading.add("identifiers", {"scheme": "urn", "value": f"urn:uuid:{guid.lower()}"})
    key = reading.first(903)
    reading.add("identifiers", {"scheme": "local", "value": key} if key else None)
    if reading.record.mfn:
        number = {"scheme": "irbis_mfn", "value": str(reading.record.mfn)}
        reading.add("identifiers", number)


def _host(reading: Reading) -> None:
    host = next(reading.parts(463), None)
    if host is not None and host.get("c", "a"):
        reading.document["host"] = {
            "kind": "journal" if _in_periodical(reading) else "book",
            "title": host.get("c", "a"),
            "volume": host.get("v"),
            "issue": host.get("h"),
            "pages": sayings.pages(host.get("s")),
            "place": host.get("d"),
            "date": host.get("j"),
            "issn": [
                one for one in host.all("i") if sayings.number("issn", one)["scheme"] != "local"
            ],
        }
    elif reading.first(933) or reading.first(936):
        reading.document["host"] = {
            "kind": "journal",
            "title": reading.first(200, "a") or reading.first(933),
            "volume": reading.first(935),
            "issue": reading.first(936),
            "date": reading.first(934),
        }
    for part in reading.parts(461):
        said = _set(part, reading.first(200, "v"))
        reading.add("relations", {"kind": "is_part_of", "citation": said} if said else None)


def _set(part: Part, volume: str) -> str:
    title, responsible = part.get("c"), part.get("f")
    if not title:
        return ""
    place = ", ".join(filter(None, (part.get("d"), part.get("g"), part.get("h"))))
    _ = part.get("x"), part.get("z"), part.get("u")
    said = f"{title} / {responsible}" if responsible else title
    return sayings.joined(said, place, volume, mark=". — ")


def _words(reading: Reading) -> None:
    for part in reading.parts(331):
        if part.said:
            text = sayings.unmarked(part.said)
            spoken = language.guess(text) or ""
            reading.add("abstracts", {"text": text, "language": spoken})
    for part in reading.parts(300, 316, 320):
        reading.add("notes", part.said)
    for part in reading.parts(330):
        title, responsible = part.get("c"), part.get("f", "j")
        said = " / ".join(filter(None, (title, responsible))) or part.said
        reading.add("relations", {"kind": "has_part", "citation": said} if said else None)


def _subjects(reading: Reading) -> None:
    for part in reading.parts(606, 600, 601):
        said = " – ".join(_heading(part))
        reading.add("keywords", {"text": said} if said else None)
    for part in reading.parts(607):
        said = " – ".join(_heading(part))
        reading.add("coverage", {"kind": "spatial", "text": said} if said else None)
    for part in reading.parts(610):
        reading.add("keywords", {"text": part.said} if part.said else None)
    for tag, scheme in ((675, "udc"), (621, "bbk"), (964, "grnti")):
        for part in reading.parts(tag):
            if part.said:
                reading.add("classification", {"scheme": scheme, "code": part.said})


def _heading(part: Part) -> Iterator[str]:
    """The parts of a subject heading in their order; ^0, ^2 and ^3 say where it is from."""
    for code in ("0", "2", "3"):
        part.get(code)
    for code, value in part.field.subfields:
        if code.casefold() in "abcdeghijopxyz9" and value.strip():
            part.get(code)
            yield value.strip()
    if not part.field.subfields and part.value:
        yield part.value


def _objects(reading: Reading) -> None:
    for part in reading.parts(951, 955):
        address, name, label = part.get("i"), part.get("a"), part.get("t")
        _ = part.get("n")
        if label == LABEL:
            continue
        if re.match(r"https?://", address):
            reading.add("identifiers", {"scheme": "url", "value": address})
        if address or name:
            reading.links.append(Link(address, name, label))


def _holding(part: Part) -> Holding | None:
    """A copy: ^a status, ^b inventory number, ^c day, ^d place, ^e price, ^u summary book."""
    found = Holding(
        inventory=part.get("b"),
        status=part.get("a"),
        place=part.get("d"),
        day=_day(part.get("c")),
        price=part.get("e"),
        book=part.get("u"),
    )
    return found if found != Holding() else None


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None

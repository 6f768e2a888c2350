"""marcxml: MARC 21 for bibliographic data, in the Library of Congress's slim schema.

The punctuation of ISBD is left out, as the leader says. Names in other scripts stand in 880, linked
by $6.
"""

from collections.abc import Iterator
from itertools import chain

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import marc, said
from oai.formats.marc import Field, Fields, Named, field
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://www.loc.gov/MARC21/slim"
SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
VERSION = 1

_marc = Names(NAMESPACE, {"marc": NAMESPACE, "xsi": XSI})

# Leader 06 by the kind of work; all others are language material, "a".
_MATERIALS = {
    "image": "k",
    "map": "e",
    "sound": "i",
    "video": "g",
    "software": "m",
    "dataset": "m",
}
# 008/18-34 by leader 06, or by "s" for what goes on or is part of it. Strokes are places that
# nobody filled in.
_CODES = {
    "a": "|||||{form}{thesis}|{meeting}|| ||",
    "s": "|| ||{form}||||||   ||",
    "e": "|||||| |  |{form} | ||",
    "g": "||| |     |{form}   ||",
    "i": "|||||{form}|||||||| | ",
    "k": "||| |     |{form}   ||",
    "m": "    |{form}  | |      ",
}
# 336 (RDA's content types) by the kind of work, then of all others.
_CONTENTS = {
    "image": ("still image", "sti"),
    "map": ("cartographic image", "cri"),
    "sound": ("sounds", "snd"),
    "video": ("two-dimensional moving image", "tdi"),
    "software": ("computer program", "cop"),
    "dataset": ("computer dataset", "cod"),
}
_TEXT = ("text", "txt")
# 024 $2.
_SOURCES = {"doi": "doi", "handle": "hdl", "urn": "urn", "arxiv": "arxiv", "url": "uri"}
# 084 $2, of the Library of Congress's list; UDC and Dewey have fields of their own.
_SCHEMES = {"bbk": "rubbk", "grnti": "rugasnti", "vak": "vak"}
# Linking fields and their indicators; other relations are said in words in 787.
_LINKS = {
    "is_translation_of": ("765", "0 "),
    "has_translation": ("767", "0 "),
    "is_supplemented_by": ("770", "0 "),
    "is_supplement_to": ("772", "0 "),
    "is_part_of": ("773", "0 "),
    "has_part": ("774", "0 "),
    "is_version_of": ("775", "0 "),
    "has_version": ("775", "0 "),
    "continues": ("780", "00"),
    "replaces": ("780", "02"),
    "is_replaced_by": ("785", "02"),
}
# 880 $6: the script.
_SCRIPTS = {"ARABIC": "/(3", "CJK": "/$1", "CYRILLIC": "/(N", "GREEK": "/(S", "LATIN": "/(B"}
_DATES = {"submitted": "Submitted", "accepted": "Accepted", "available": "Available"}


def render(record: Record) -> etree._Element:
    """The record in MARC 21."""
    document = record.document
    main, added, scripts = _names(document)
    fields = chain(
        _numbers(document),
        _languages(document),
        _classes(document),
        main,
        _titles(document),
        _imprint(document),
        _physical(record),
        _series(document),
        _notes(document),
        _terms(record),
        _subjects(document),
        added,
        _host(document),
        _relations(document),
        _places(record),
        scripts,
    )
    ordered = sorted(fields, key=_place)
    made = marc.record(_marc, _leader(record), _controls(record), ordered, type="Bibliographic")
    return located(made, SCHEMA)


def _place(one: Field) -> str:
    """Fields stand in the order of their tags, but people and organisations in their own."""
    return "7" if one.tag[0] == "7" else one.tag


def _kind(document: Document) -> str:
    return profile.work_type(document).key


def _levels(document: Document) -> tuple[str, str]:
    """Leader 06 and 07: the material, and whether it is a part, a whole or goes on."""
    key, host = _kind(document), document.get("host")
    if host:
        level = "b" if host.get("kind") == "journal" else "a"
    else:
        level = "s" if key == "periodical" else "m"
    return _MATERIALS.get(key, "a"), level


def _leader(record: Record) -> str:
    status = "n" if record.version == 1 else "c"
    return f"00000{status}{''.join(_levels(record.document))} a2200000uc 4500"


def _controls(record: Record) -> Iterator[marc.Pair]:
    yield "001", str(record.number)
    yield "003", marc.host(record)
    yield "005", marc.stamp(record)
    if record.files:
        yield "007", "cr |||||||||||"
    yield "008", _codes(record)


def _codes(record: Record) -> str:
    document = record.document
    material, level = _levels(document)
    goes_on = material == "a" and level in "bs"
    meeting = _kind(document) == "proceedings" or _kind(document).startswith("conference")
    codes = _CODES["s" if goes_on else material].format(
        form="o" if record.files else "|",
        thesis="m   " if said.is_thesis(document) else "||||",
        meeting="1" if meeting else "|",
    )
    known = [languages.bibliographic(one) for one in document.get("languages", ())[:1]]
    language = known[0] or "mis" if known else "   "
    return f"{record.published:%y%m%d}{_date(document)}xx {codes}{language} d"


def _date(document: Document) -> str:
    """008/06-14."""
    date = (said.issued(document) or "").replace("-", "")
    if not date:
        return "nuuuuuuuu"
    if _kind(document) == "periodical":
        return f"u{date[:4]}uuuu"
    return ("s" if len(date) == 4 else "e") + date.ljust(8)


def _numbers(document: Document) -> Fields:
    for one in document.get("identifiers", ()):
        scheme, value = one["scheme"], one["value"]
        if scheme == "isbn":
            yield from field("020", "  ", a=value)
        elif scheme == "issn":
            yield from field("022", "  ", a=value)
        elif scheme in _SOURCES:
            yield from field("024", "7 ", a=value, _2=_SOURCES[scheme])
        elif scheme != "inventory":
            yield from field("035", "  ", a=f"({scheme.partition('_')[0]}){value}")


def _languages(document: Document) -> Fields:
    translated = any(one["kind"] == "is_translation_of" for one in document.get("relations", ()))
    first = "1" if translated else "0"
    own = document.get("languages", [])
    summaries = [one["language"] for one in document.get("abstracts", ()) if "language" in one]
    yield from field("041", f"{first} ", a=_coded(own), b=_coded(summaries))
    rare = [one for one in own if languages.bibliographic(one) is None]
    if rare:
        yield from field("041", f"{first}7", a=list(map(languages.alpha3, rare)), _2="iso639-3")


def _coded(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(languages.bibliographic, codes))))


def _classes(document: Document) -> Fields:
    for one in document.get("classification", ()):
        yield from _class(one["scheme"], one["code"])
    specialty = document.get("thesis", {}).get("specialty", {})
    if "code" in specialty:
        yield from _class("vak", specialty["code"])


def _class(scheme: str, code: str) -> Fields:
    if scheme == "udc":
        return field("080", "  ", a=code)
    if scheme == "ddc":
        return field("082", "04", a=code)
    return field("084", "  ", a=code, _2=_SCHEMES[scheme])


def _names(document: Document) -> tuple[list[Field], list[Field], list[Field]]:
    """The main entry, the added entries, and both in other scripts."""
    main: list[Field] = []
    added: list[Field] = []
    scripts: list[Field] = []
    for named in marc.agents(document):
        entry = _entry(named)
        (added if named.rank else main).append(entry)
        scripts += _forms(entry, named)
    grantor = document.get("thesis", {}).get("grantor")
    if grantor:
        added += field("710", "2 ", a=grantor, e="degree granting institution", _4="dgg")
    return main, added, scripts


def _entry(named: Named) -> Field:
    agent, organisation = named.agent, marc.is_organisation(named.agent)
    role = vocabulary.RELATORS.get(agent.get("role", ""))
    orcid = agent.get("orcid")
    (made,) = field(
        ("7" if named.rank else "1") + ("10" if organisation else "00"),
        "2 " if organisation else "1 ",
        _6=f"880-{named.link}" if named.link else None,
        a=profile.agent_name(agent),
        u=marc.affiliations(agent),
        e=role.label.lower() if role else None,
        _4=role.code if role else None,
        _0=f"(orcid){orcid}" if orcid else None,
        _1=f"https://orcid.org/{orcid}" if orcid else None,
    )
    return made


def _forms(entry: Field, named: Named) -> Fields:
    for name in map(profile.agent_name, named.forms):
        script = _SCRIPTS.get(marc.writing(name), "")
        yield from field("880", entry.indicators, _6=f"{entry.tag}-{named.link}{script}", a=name)


def _titles(document: Document) -> Fields:
    main, *others = document["titles"]
    under = [one["text"] for one in others if one["kind"] == "subtitle"]
    yield from field(
        "245",
        "10" if document.get("creators") else "00",
        a=main["text"],
        b=" : ".join(under) or None,
        c=marc.responsibility(document, "[et al.]") or None,
    )
    for one in said.other_titles(document):
        language = _coded([one["language"]]) if "language" in one else []
        if one["kind"] == "translated" and language:
            yield from field("242", "10", a=one["text"], y=language)
        else:
            yield from field("246", "31" if one["kind"] == "translated" else "33", a=one["text"])


def _imprint(document: Document) -> Fields:
    yield from field("250", "  ", a=document.get("edition"))
    made = [
        pair
        for one in document.get("publishers", ())
        for pair in (("a", one.get("place")), ("b", one["name"]))
    ]
    pairs = [(code, value) for code, value in made if value]
    edtf = document.get("issued") or document.get("thesis", {}).get("defended")
    day = said.day(edtf)
    yield from field("264", " 1", *pairs, c=f"[{day}?]" if day != edtf and day else day)


def _physical(record: Record) -> Fields:
    document = record.document
    yield from field("300", "  ", a=document.get("extent"))
    term, code = _CONTENTS.get(_kind(document), _TEXT)
    yield from field("336", "  ", a=term, b=code, _2="rdacontent")
    if record.files:
        yield from field("337", "  ", a="computer", b="c", _2="rdamedia")
        yield from field("338", "  ", a="online resource", b="cr", _2="rdacarrier")
        types = list(dict.fromkeys(file.media_type for file in record.files))
        yield from field("347", "  ", b=types)


def _series(document: Document) -> Fields:
    for one in document.get("series", ()):
        yield from field("490", "0 ", a=one["title"], x=one.get("issn"), v=one.get("number"))


def _notes(document: Document) -> Fields:
    for note in document.get("notes", ()):
        yield from field("500", "  ", a=note)
    yield from _thesis(document.get("thesis", {}))
    for one in document.get("abstracts", ()):
        yield from field("520", "3 ", a=one["text"])
    for one in document.get("funding", ()):
        yield from field("536", "  ", a=said.grant(one), c=one.get("award"))
    for name, action in _DATES.items():
        yield from field("583", "1 ", *_action(action, said.day(document.get(name))))


def _action(action: str, day: str | None) -> list[marc.Pair]:
    return [("a", action), ("c", day)] if day else []


def _thesis(thesis: Document) -> Fields:
    if thesis:
        specialty, defended = thesis.get("specialty", {}), said.day(thesis.get("defended"))
        named = " ".join(filter(None, (specialty.get("code"), specialty.get("name"))))
        yield from field(
            "502",
            "  ",
            b=vocabulary.DEGREES[thesis["degree"]],
            c=thesis.get("grantor"),
            d=defended[:4] if defended else None,
            g=[one for one in (named, thesis.get("council")) if one],
        )
        place = thesis.get("place")
        if defended or place:
            yield from field("518", "  ", o="Defended", d=defended, p=place)


def _terms(record: Record) -> Fields:
    """Who may read it, and on which terms."""
    document, right = record.document, vocabulary.ACCESS_RIGHTS[record.access_right]
    open_to_all, until = record.access_right == "open", said.embargo_end(record)
    yield from field(
        "506",
        "0 " if open_to_all else "1 ",
        a=right.label,
        f="Unrestricted online access" if open_to_all else None,
        g=until.replace("-", "") if until else None,
        u=right.uri,
        _2="star" if open_to_all else None,
    )
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence:
        yield from field("540", "  ", a=licence.label, u=licence.url or None)
    for holder in document.get("rights_holders", ()):
        yield from field("542", "1 ", d=holder)
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    if version:
        yield from field("562", "  ", c=version.label)


def _subjects(document: Document) -> Fields:
    for one in document.get("keywords", ()):
        yield from field("653", " 0", a=one["text"])
    for one in document.get("classification", ()):
        yield from field("653", " 0", a=one.get("label"))
    for one in document.get("coverage", ()):
        yield from field("653", " 5" if one["kind"] == "spatial" else " 4", a=one["text"])
    kind = profile.work_type(document)
    yield from field("655", " 7", a=kind.label, _0=kind.uri, _2="coar")


def _host(document: Document) -> Fields:
    host = document.get("host")
    if not host:
        return
    first, *more = host.get("issn", []) or [None]
    parts = [
        marc.numbered("Vol.", host.get("volume")),
        marc.numbered("no.", host.get("issue")),
        host.get("date"),
        host.get("article_number"),
        marc.numbered("p.", host.get("pages")),
    ]
    yield from field(
        "773",
        "0 ",
        t=host["title"],
        d=host.get("place"),
        g=", ".join(filter(None, parts)) or None,
        x=first,
        z=host.get("isbn"),
        o=[f"ISSN {one}" for one in more],
        n="; ".join(host.get("editors", ())) or None,
        _7="nnas" if host.get("kind") == "journal" else "nnam",
    )


def _relations(document: Document) -> Fields:
    for one in document.get("relations", ()):
        # A list of references in words helps no software, and may be longer than all the rest.
        if one["kind"] != "references" or "value" in one:
            tag, indicators = _LINKS.get(one["kind"], ("787", "08"))
            words = vocabulary.RELATIONS[one["kind"]] if tag == "787" else None
            yield from field(tag, indicators, i=words, **_other(one), n=one.get("citation"))


def _other(relation: Document) -> dict[str, str]:
    """How another work is named in a linking field."""
    scheme, value = relation.get("scheme", ""), relation.get("value")
    if not value:
        return {}
    if scheme in ("isbn", "issn"):
        return {"z" if scheme == "isbn" else "x": value}
    return {"o": said.LINKS.get(scheme, "%s") % value}


def _places(record: Record) -> Fields:
    for one in record.document.get("identifiers", ()):
        if one["scheme"] == "inventory":
            yield from field("852", "  ", p=one["value"])
    yield from field("856", "42", u=record.url, y="Description")
    for file in record.files:
        if file.free:
            size = f"{file.size} bytes"
            yield from field("856", "40", u=file.url, f=file.name, q=file.media_type, s=size)

"""rusmarc: RUSMARC, the Russian UNIMARC, as libraries in Russia and Central Asia exchange it.

An XML like that of MARC 21, with a namespace of its own, as the same tags mean other things there.
Its schema comes with the archive. Words are Russian, as RUSMARC's rules of description are. Names
in other scripts repeat their field, linked by $6.
"""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urljoin

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import marc, said
from oai.formats.marc import Fields, Named, Pair, embedded, field
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

# A name that asks nobody for an address, and is the same in every archive.
NAMESPACE = "urn:uuid:5b1f6d0e-8f0c-4c57-9a52-6f1c2d7be0a4"
SCHEMA = "static/rusmarc.xsd"
VERSION = 1

_rusmarc = Names(NAMESPACE, {"rusmarc": NAMESPACE, "xsi": XSI})

# Record label 6 by the kind of work; all others are texts, "a".
_MATERIALS = {
    "image": "k",
    "map": "e",
    "sound": "i",
    "video": "g",
    "software": "l",
    "dataset": "l",
}
# 135 $a, its first place: the kind of electronic resource; all others are texts, "d".
_ELECTRONIC = {"image": "c", "map": "c", "sound": "h", "video": "c", "software": "b"}
_ROLES = {
    "aut": "070",
    "aui": "080",
    "com": "220",
    "cmp": "230",
    "ctg": "180",
    "edt": "340",
    "fmd": "300",
    "ill": "440",
    "opn": "555",
    "pht": "600",
    "prf": "590",
    "res": "595",
    "rev": "675",
    "ths": "727",
    "trl": "730",
}
_OTHER_ROLE, _GRANTOR, _FUNDER = "570", "295", "400"
# 017 $2.
_SOURCES = {"doi": "doi", "handle": "hdl", "urn": "urn", "arxiv": "arxiv", "url": "uri"}
# 686 $2; UDC and Dewey have fields of their own.
_SCHEMES = {"bbk": "rubbk", "grnti": "rugasnti", "vak": "vak"}
_DEGREES = {
    "doctor": "Диссертация доктора наук",
    "candidate": "Диссертация кандидата наук",
    "phd": "Диссертация PhD",
    "master": "Магистерская диссертация",
    "specialist": "Дипломная работа",
    "bachelor": "Выпускная квалификационная работа бакалавра",
}
_ACCESS = {
    "open": "Открытый доступ",
    "embargoed": "Временно закрыто",
    "restricted": "Доступ ограничен",
    "metadata-only": "Только описание",
}
_DATES = {
    "submitted": "Представлено",
    "accepted": "Принято",
    "available": "Доступно с",
}
_LINKS = {
    "is_supplemented_by": "421",
    "is_supplement_to": "422",
    "continues": "430",
    "replaces": "432",
    "is_replaced_by": "442",
    "is_version_of": "451",
    "has_version": "451",
    "has_translation": "453",
    "is_translation_of": "454",
    "is_part_of": "463",
    "has_part": "464",
    "is_review_of": "470",
}
_OTHER_LINK = "488"
# $7 and 100 $a: scripts.
_SCRIPTS = {"ARABIC": "fa", "CJK": "ea", "CYRILLIC": "ca", "GREEK": "ga", "LATIN": "ba"}
_OTHER_SCRIPT = "zz"
# EDTF's marks.
_UNSURE = ("~", "?", "%")


def render(record: Record) -> etree._Element:
    """The record in RUSMARC."""
    document = record.document
    fields = chain(
        _numbers(document),
        _coded(record),
        _title(document),
        _imprint(document),
        _physical(document),
        _notes(document),
        _terms(record),
        _host(document),
        _relations(document),
        _other_titles(document),
        _subjects(document),
        _names(document),
        _source(record),
        _places(record),
    )
    made = marc.record(
        _rusmarc,
        _leader(record),
        _controls(record),
        sorted(fields, key=lambda one: one.tag),
        format="RUSMARC",
        type="Bibliographic",
    )
    return located(made, urljoin(record.url, f"../{SCHEMA}"))


def _kind(document: Document) -> str:
    return profile.work_type(document).key


def _leader(record: Record) -> str:
    document = record.document
    status = "n" if record.version == 1 else "c"
    whole = "s" if _kind(document) == "periodical" else "m"
    level = "a2" if document.get("host") else f"{whole}0"
    return f"00000{status}{_MATERIALS.get(_kind(document), 'a')}{level} 22000003n 450 "


def _controls(record: Record) -> Iterator[Pair]:
    yield "001", str(record.number)
    yield "003", record.url
    yield "005", marc.stamp(record)


def _numbers(document: Document) -> Fields:
    for one in document.get("identifiers", ()):
        if one["scheme"] != "inventory":
            yield from _number(one)


def _number(identifier: Document) -> Fields:
    scheme, value = identifier.get("scheme", ""), identifier.get("value")
    if scheme in ("isbn", "issn"):
        return field("010" if scheme == "isbn" else "011", "  ", a=value)
    if scheme in _SOURCES:
        return field("017", "70", a=value, _2=_SOURCES[scheme])
    return field("035", "  ", a=f"({scheme.partition('_')[0]}){value}")


def _coded(record: Record) -> Fields:
    document = record.document
    yield from field("100", "  ", a=_general(record))
    main = profile.main_title(document)
    abstracts = document.get("abstracts", ())
    translated = any(one["kind"] == "is_translation_of" for one in document.get("relations", ()))
    yield from field(
        "101",
        "1 " if translated else "0 ",
        a=[_language(one) for one in document.get("languages", ())],
        d=list(dict.fromkeys(_language(one["language"]) for one in abstracts if "language" in one)),
        g=_language(main["language"]) if "language" in main else None,
    )
    if _leader(record)[6] == "a":
        yield from field("105", "  ", a=f"||||{_contents(document)}|||||")
    if record.files:
        kind = _ELECTRONIC.get(_kind(document), "d")
        yield from field("135", "  ", a=f"{kind}r|||||||||||")


def _general(record: Record) -> str:
    """100 $a: entered when, came out when, catalogued in which language and scripts."""
    title = record.document["titles"][0]["text"]
    script = _SCRIPTS.get(marc.writing(title), _OTHER_SCRIPT)
    return f"{record.published:%Y%m%d}{_date(record.document)}u  u0rusy50      {script}"


def _date(document: Document) -> str:
    edtf = document.get("issued") or ""
    date = (said.issued(document) or "").replace("-", "")
    if not date:
        return "u        "
    if _kind(document) == "periodical":
        return f"c{date[:4]}    "
    if edtf[-1:] in _UNSURE:
        return f"f{date[:4]}{date[:4]}"
    return ("d" if len(date) == 4 else "j") + date.ljust(8)


def _contents(document: Document) -> str:
    return "m   " if said.is_thesis(document) else "||||"


def _language(code: str) -> str:
    return languages.bibliographic(code) or languages.alpha3(code)


def _title(document: Document) -> Fields:
    main, *others = document["titles"]
    yield from field(
        "200",
        "1 ",
        a=main["text"],
        e=[one["text"] for one in others if one["kind"] == "subtitle"],
        f=marc.responsibility(document, "[и др.]") or None,
    )


def _imprint(document: Document) -> Fields:
    yield from field("205", "  ", a=document.get("edition"))
    made = [
        pair
        for one in document.get("publishers", ())
        for pair in (("a", one.get("place")), ("c", one["name"]))
    ]
    pairs = [(code, value) for code, value in made if value]
    edtf = document.get("issued") or document.get("thesis", {}).get("defended") or ""
    year = edtf[:4] or None
    yield from field("210", "  ", *pairs, d=f"[{year}?]" if edtf[-1:] in _UNSURE else year)


def _physical(document: Document) -> Fields:
    for extent in document.get("extent", ()):
        yield from field("215", "  ", a=extent)
    for one in document.get("series", ()):
        yield from field("225", "2 ", a=one["title"], v=one.get("number"), x=one.get("issn"))


def _notes(document: Document) -> Fields:
    for note in document.get("notes", ()):
        yield from field("300", "  ", a=note)
    for name, words in _DATES.items():
        day = said.day(document.get(name))
        yield from field("300", "  ", a=f"{words}: {day}" if day else None)
    for one in document.get("funding", ()):
        words = f"Финансирование: {said.grant(one)}"
        yield from field("300", "  ", a=f"{words}. {one['award']}" if "award" in one else words)
    thesis = document.get("thesis")
    if thesis:
        specialty = thesis.get("specialty", {})
        yield from field(
            "328",
            " 0",
            b=_DEGREES[thesis["degree"]],
            c=" ".join(filter(None, (specialty.get("code"), specialty.get("name")))) or None,
            d=said.day(thesis.get("defended")),
            e=", ".join(filter(None, map(thesis.get, ("grantor", "council", "place")))) or None,
        )
    for one in document.get("abstracts", ()):
        yield from field("330", "  ", a=one["text"])


def _terms(record: Record) -> Fields:
    """Who may read it, and on which terms."""
    right, until = vocabulary.ACCESS_RIGHTS[record.access_right], said.embargo_end(record)
    words = f"{_ACCESS[right.key]}, до {until}" if until else _ACCESS[right.key]
    yield from field("371", "0 ", a=words, u=right.uri)
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence:
        yield from field("371", "1 ", a=licence.label, u=licence.url or None)
    for holder in record.document.get("rights_holders", ()):
        yield from field("371", "1 ", a=f"© {holder}")


def _host(document: Document) -> Fields:
    """Where a part stands: a journal (461) and its issue (463), or a book (463)."""
    host = document.get("host")
    if not host:
        return
    pages = marc.numbered("С.", host.get("pages")) or host.get("article_number")
    numbers = [marc.numbered("Т.", host.get("volume")), marc.numbered("№", host.get("issue"))]
    issue = ", ".join(filter(None, numbers))
    imprint = list(field("210", "  ", a=host.get("place"), d=host.get("date")))
    books = field("010", "  ", a=host.get("isbn"))
    journals = [made for one in host.get("issn", ()) for made in field("011", "  ", a=one)]
    editors = "; ".join(host.get("editors", ())) or None
    whole = {"a": host["title"], "f": editors}
    if host.get("kind") == "journal" and issue:
        title, part = field("200", "1 ", **whole), field("200", "1 ", a=issue, v=pages)
        yield from field("461", " 0", *embedded(journals, title))
        yield from field("463", " 0", *embedded(books, part, imprint))
    else:
        tag = "461" if host.get("kind") == "journal" else "463"
        title = field("200", "1 ", **whole, h=issue or None, v=pages)
        yield from field(tag, " 0", *embedded(books, journals, title, imprint))


def _relations(document: Document) -> Fields:
    for one in document.get("relations", ()):
        # A list of references in words helps no software, and may be longer than all the rest.
        if one["kind"] != "references" or "value" in one:
            tag = _LINKS.get(one["kind"], _OTHER_LINK)
            title = field("200", "1 ", a=one.get("citation"))
            number = _number(one) if "value" in one else ()
            yield from field(tag, " 0", *embedded(number, title))


def _other_titles(document: Document) -> Fields:
    for one in said.other_titles(document):
        if one["kind"] == "translated":
            language = _language(one["language"]) if "language" in one else None
            yield from field("541", "1 ", a=one["text"], z=language)
        else:
            yield from field("517", "1 ", a=one["text"])


def _subjects(document: Document) -> Fields:
    coverage, classes = document.get("coverage", ()), document.get("classification", ())
    for one in coverage:
        if one["kind"] == "spatial":
            yield from field("607", "  ", a=one["text"])
    kind = profile.work_type(document)
    yield from field("608", "  ", a=kind.label, _2="coar", _3=kind.uri)
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    if version:
        yield from field("608", "  ", a=version.label, _2="coar", _3=version.uri)
    for one in document.get("keywords", ()):
        yield from field("610", "0 ", a=one["text"])
    for one in coverage:
        if one["kind"] == "temporal":
            yield from field("610", "0 ", a=one["text"])
    for one in classes:
        yield from field("610", "0 ", a=one.get("label"))
        yield from _class(one["scheme"], one["code"])
    specialty = document.get("thesis", {}).get("specialty", {})
    if "code" in specialty:
        yield from _class("vak", specialty["code"])


def _class(scheme: str, code: str) -> Fields:
    if scheme in ("udc", "ddc"):
        return field("675" if scheme == "udc" else "676", "  ", a=code)
    return field("686", "  ", a=code, _2=_SCHEMES[scheme])


def _names(document: Document) -> Fields:
    for named in marc.agents(document):
        yield from _entries(named)
    grantor = document.get("thesis", {}).get("grantor")
    if grantor:
        yield from field("712", "02", a=grantor, _4=_GRANTOR)
    for one in document.get("funding", ()):
        yield from field("712", "02", a=one["funder"], _4=_FUNDER)


def _entries(named: Named) -> Fields:
    """A name, and the same in other scripts."""
    agent = named.agent
    role = _ROLES.get(agent.get("role", ""), _OTHER_ROLE)
    orcid = f"https://orcid.org/{agent['orcid']}" if "orcid" in agent else None
    yield from _entry(named, agent, p=marc.affiliations(agent), o=orcid, _4=role)
    for form in named.forms:
        yield from _entry(named, form, _4=role)


def _entry(named: Named, form: Document, **rest: str | None) -> Fields:
    organisation = marc.is_organisation(named.agent)
    tag = f"7{1 if organisation else 0}{named.rank}"
    name = profile.agent_name(form)
    script = _SCRIPTS.get(marc.writing(name), _OTHER_SCRIPT)
    linkage = [("6", f"a{named.link}{tag}"), ("7", script)] if named.link else []
    if organisation or not form.get("family"):
        return field(tag, "02" if organisation else " 0", *linkage, a=name, **rest)
    given = " ".join(filter(None, (form.get("given"), form.get("patronymic"))))
    initials = " ".join(f"{one[0]}." for one in re.split(r"[\s.]+", given) if one)
    return field(tag, " 1", *linkage, a=form["family"], b=initials or None, g=given or None, **rest)


def _source(record: Record) -> Fields:
    yield from field("801", " 0", b=marc.host(record), c=f"{record.published:%Y%m%d}")


def _places(record: Record) -> Fields:
    yield from field("856", "4 ", u=record.url, z="Описание")
    for file in record.files:
        if file.free:
            yield from field(
                "856", "4 ", u=file.url, f=file.name, q=file.media_type, s=f"{file.size} bytes"
            )
    for one in record.document.get("identifiers", ()):
        if one["scheme"] == "inventory":
            yield from field("899", "  ", p=one["value"])

"""A description of ours as the fields of IRBIS's own profile, in the order of a worksheet.

The same document gives the same fields, so that what changed in a document tells which fields
change (`patching`).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.irbis import sayings
from ingest.irbis.records import DELIMITER, Field
from schemas import languages, unimarc
from schemas import work as profile

LABEL = "Ачык архив"  # by which the way to a work's own page is known
Document = Mapping[str, Any]
WORKSHEETS = {
    "article": "ASP",
    "review-article": "ASP",
    "conference-paper": "ASP",
    "book-part": "ASP",
    "periodical": "OJ",
    "periodical-issue": "NJ",
}
LEVELS = {"ASP": "12", "OJ": "01", "NJ": "02"}
CONTENTS = {
    "textbook": "j",
    "doctoral-thesis": "m",
    "master-thesis": "m",
    "bachelor-thesis": "m",
    "thesis-abstract": "m",
    "report": "p",
}
DEGREES = {
    "doctor": "дис. ... д-ра наук",
    "candidate": "дис. ... канд. наук",
    "phd": "дис. ... PhD",
    "master": "магистерская диссертация",
    "specialist": "дипломная работа",
    "bachelor": "выпускная квалификационная работа бакалавра",
}


def fields(document: Document) -> list[Field]:
    """The fields of a description; what IRBIS has no field for is left out."""
    kind = profile.work_type(document).key
    worksheet = WORKSHEETS.get(kind, "PAZK")
    found = [
        _field(920, worksheet),
        _field(900, T="a", B=LEVELS.get(worksheet, "05"), C=CONTENTS.get(kind)),
        *(
            _field(101, languages.bibliographic(one) or one)
            for one in document.get("languages", ())
        ),
        *_people(document),
        *_titles(document, kind),
        *_imprint(document, worksheet),
        *_numbers(document),
        *_host(document, worksheet),
        *_relations(document),
        *(_field(300, one) for one in document.get("notes", ())),
        *(_field(331, one["text"]) for one in document.get("abstracts", ())),
        *_subjects(document),
    ]
    return [one for one in found if one is not None]


def link(address: str) -> Field:
    """951: where the work is read."""
    return Field(951, f"^I{_plain(address)}^T{LABEL}")


def key(key: str) -> Field:
    """903: the record's key."""
    return Field(903, key)


def _plain(words: str) -> str:
    """Words without the mark of subfields, on one line."""
    return " ".join(words.replace(DELIMITER, " ").split())


def _field(tag: int, value: str = "", /, **subfields: str | None) -> Field | None:
    """A field with these subfields, in their order; _4 is ^4. None when nothing is said."""
    said = [
        f"{DELIMITER}{code.removeprefix('_')}{_plain(one)}"
        for code, one in subfields.items()
        if one and _plain(one)
    ]
    text = _plain(value) + "".join(said)
    return Field(tag, text) if text else None


def _people(document: Document) -> Iterator[Field | None]:
    first = True
    for agent in document.get("creators", ()):
        role = None if agent.get("role", "aut") == "aut" else _role(agent)
        if agent["kind"] == "organisation":
            yield _field(710, A=agent["name"], _4=role)
        else:
            yield _person(700 if first else 701, agent, role)
            first = False
    for agent in document.get("contributors", ()):
        if agent["kind"] == "organisation":
            yield _field(711, A=agent["name"], _4=_role(agent))
        else:
            yield _person(702, agent, _role(agent))


def _role(agent: Document) -> str | None:
    """The code with its word, as IRBIS's menu has it; other contributors have none."""
    code = unimarc.CODES.get(agent.get("role", ""), unimarc.OTHER)
    word = _ROLE_WORDS.get(agent.get("role", ""), "")
    return f"{code} {word}".strip() if word else None


_ROLE_WORDS = {
    "aut": "авт.",
    "aui": "авт. предисл.",
    "ctg": "картогр.",
    "com": "сост.",
    "cmp": "комп.",
    "fmd": "реж.",
    "edt": "ред.",
    "ill": "худож.",
    "opn": "оппонент",
    "prf": "исполн.",
    "res": "исслед.",
    "pht": "фот.",
    "isb": "изд.",
    "rev": "рец.",
    "ths": "науч. рук.",
    "trl": "пер.",
}


def _person(tag: int, agent: Document, role: str | None) -> Field | None:
    given = " ".join(filter(None, (agent.get("given"), agent.get("patronymic"))))
    short = sayings.initials(dict(agent))
    places = agent.get("affiliations", ())
    return _field(
        tag,
        A=agent.get("family"),
        B=short,
        G=given if given != short else None,
        P=places[0]["name"] if places else None,
        _4=role,
    )


def _titles(document: Document, kind: str) -> Iterator[Field | None]:
    subtitles = [one["text"] for one in document["titles"] if one["kind"] == "subtitle"]
    thesis = document.get("thesis")
    if thesis and not any(sayings.thesis(one) for one in subtitles):
        words = DEGREES[thesis["degree"]]
        code = thesis.get("specialty", {}).get("code")
        about = f"автореф. {words}" if kind == "thesis-abstract" else words
        subtitles.append(f"{about} : {code}" if code else about)
    yield _field(
        200,
        A=profile.main_title(document)["text"],
        E=" : ".join(subtitles),
        F=_responsible(document),
    )
    tags = {"alternative": 517, "translated": 541}
    for one in document["titles"]:
        if one["kind"] in tags:
            yield _field(tags[one["kind"]], one["text"])


def _responsible(document: Document) -> str:
    """Who made it, as a page says it: three names, or the first and that there are others."""
    made = [_reading(one) for one in document.get("creators", ())]
    return ", ".join(made) if len(made) < 4 else f"{made[0]} [и др.]"


def _reading(agent: Document) -> str:
    if agent["kind"] == "organisation":
        return agent["name"]
    return " ".join(filter(None, (sayings.initials(dict(agent)), agent["family"])))


def _imprint(document: Document, worksheet: str) -> Iterator[Field | None]:
    issued = (document.get("issued") or "").replace("~", "?").replace("%", "?")
    year = issued[:4] + ("?" if issued.endswith("?") else "")
    yield _field(205, A=document.get("edition"))
    publishers = document.get("publishers", ())
    for at, one in enumerate(publishers):
        yield _field(210, C=one["name"], A=one.get("place"), D=year if not at else None)
    if not publishers and worksheet != "ASP":
        yield _field(210, D=year)
    for extent in document.get("extent", ()):
        yield _extent(extent)
    for one in document.get("series", ()):
        yield _field(225, A=one["title"], V=one.get("number"))


def _extent(extent: str) -> Field | None:
    """ "528 с. : ил." as an amount, its unit when it is not pages, and the illustrations."""
    whole, _, more = extent.partition(" : ")
    amount, _, unit = whole.rpartition(" ")
    if not amount or not amount[-1:].isdigit():
        return _field(215, A=whole, C=more)
    return _field(215, A=amount, _1=None if unit == "с." else unit, C=more)


def _numbers(document: Document) -> Iterator[Field | None]:
    for one in document.get("identifiers", ()):
        scheme, value = one["scheme"], one["value"]
        if scheme in ("isbn", "issn"):
            yield _field(10 if scheme == "isbn" else 11, A=value)
        elif scheme == "local" and value.startswith(("ISBN ", "ISSN ")):
            yield _field(10 if value.startswith("ISBN") else 11, A=value[5:])
        elif scheme == "urn" and value.startswith("urn:uuid:"):
            yield _field(1119, value.removeprefix("urn:uuid:"))
        elif scheme == "doi":
            yield _field(951, I=f"https://doi.org/{value}", T="DOI")
        elif scheme == "url":
            yield _field(951, I=value)


def _host(document: Document, worksheet: str) -> Iterator[Field | None]:
    host = document.get("host")
    if not host:
        return
    if worksheet == "NJ":
        yield _field(934, (document.get("issued") or host.get("date") or "")[:4])
        yield _field(935, host.get("volume") or "")
        yield _field(936, host.get("issue") or "")
        return
    issued = document.get("issued") or ""
    yield _field(
        463,
        C=host["title"],
        J=host.get("date") or issued[:4],
        V=host.get("volume"),
        H=host.get("issue"),
        S=host.get("pages") or host.get("article_number"),
        D=host.get("place"),
        I=next(iter(host.get("issn", ())), None),
    )


def _relations(document: Document) -> Iterator[Field | None]:
    for one in document.get("relations", ()):
        said = one.get("citation") or ""
        if said and one["kind"] == "has_part":
            title, _, responsible = said.partition(" / ")
            yield _field(330, C=title, F=responsible)
        elif said and one["kind"] == "is_part_of":
            yield _field(461, C=said.partition(" / ")[0].partition(". — ")[0])


def _subjects(document: Document) -> Iterator[Field | None]:
    tags = {"udc": 675, "bbk": 621, "grnti": 964}
    for one in document.get("classification", ()):
        if one["scheme"] in tags:
            yield _field(tags[one["scheme"]], one["code"])
    for one in document.get("coverage", ()):
        yield _field(607 if one["kind"] == "spatial" else 610, one["text"])
    yield from _keywords(document.get("keywords", ()))


def _keywords(keywords: Iterable[Document]) -> Iterator[Field | None]:
    """Headings of several parts are subject headings, all others keywords."""
    for one in keywords:
        first, *rest = one["text"].split(" – ")
        if rest:
            text = "".join(f"^B{_plain(part)}" for part in rest)
            yield Field(606, f"^A{_plain(first)}{text}")
        else:
            yield _field(610, first)

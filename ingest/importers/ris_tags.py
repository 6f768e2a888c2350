"""What the tags of RIS mean, as reference managers and data bases write them."""

import re
from collections.abc import Iterable

from ingest.harvest.readers import kinds
from ingest.importers import reference_rows, references
from ingest.importers.references import Agent, Reference
from repository.exports import bibtex, ris
from schemas import text, vocabulary

Fields = dict[str, list[str]]

# What the exports write, and the kinds that there are besides.
KINDS = references.inverted(ris.KINDS) | {
    "MGZN": "article", "NEWS": "article", "EJOUR": "article", "INPR": "article", "ABST": "article",
    "EBOOK": "monograph", "EDBOOK": "monograph", "CLSWK": "monograph", "SER": "monograph",
    "PAMP": "monograph", "ECHAP": "book-part", "ENCYC": "book-part", "DICT": "book-part",
    "GOVDOC": "report", "STAND": "report", "MANSCPT": "preprint", "UNPD": "preprint",
    "DBASE": "dataset", "AGGR": "dataset", "ART": "image", "CHART": "image", "MUSIC": "sound",
    "MPCT": "video", "ADVS": "video", "MULTI": "video", "THESIS": "doctoral-thesis",
}  # fmt: skip
HOSTING = dict.fromkeys(("CHAP", "ECHAP", "ENCYC", "DICT"), "book") | {
    "CPAPER": "conference",
    "CONF": "conference",
}
# Those whose T2 is a series.
SERIAL = frozenset({"BOOK", "EBOOK", "EDBOOK", "RPRT", "GOVDOC", "SER", "THES", "UNPB", "MAP"})
PEOPLE = {tag: references.ROLES[variable] for tag, variable in ris.PEOPLE.items()} | {
    "A1": "aut", "ED": "edt", "TA": "trl", "A3": "ctb",
}  # fmt: skip
SAID = {
    "volume": ("VL",),
    "publisher-place": ("CY", "PP"),
    "edition": ("ET",),
    "number-of-pages": ("PG",),
}
# What only the program that kept the reference, or its user, needs to know.
OF_PROGRAMS = frozenset("TY ER ID DB DP Y2 SV ST".split())
_DAY = re.compile(r"\s*(\d{4})(?:[/-](\d{0,2}))?(?:[/-](\d{0,2}))?(?:[/-T].*)?")
_DOI = re.compile(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$")
_BETWEEN = re.compile(r"(?i);\s*(?=https?:)|\s+")
_FILE_SCHEME = re.compile(r"(?i)^(?:file|internal-pdf|zotero)://+")


def reference(fields: Fields) -> Reference:
    """What a reference says. Empties the fields."""
    code = text.line(" ".join(fields.get("TY", ()))).upper().split(" ")[0]
    of = Reference(KINDS.get(code, "other"), HOSTING.get(code, "journal"))
    of.language(";".join(fields.pop("LA", ())))
    _titles(of, fields, code)
    for tag, role in PEOPLE.items():
        for one in fields.pop(tag, ())[:5000]:
            of.person(role, person(one))
    of.found.put("issued", _date(fields))
    _said(of, fields, code)
    _numbers(of, fields)
    _subjects(of, fields)
    of.unplaced += [one for one in fields if one not in OF_PROGRAMS]
    return of


def person(said: str) -> Agent | None:
    """Somebody by "Family, Given, Suffix", or a name of one part."""
    family, comma, given = said.partition(",")
    return references.agent(family, given) if comma else references.anybody(family)


def _first(fields: Fields, *tags: str) -> str:
    """The first value of the first tag that has one; others that say the same go with it."""
    found = next((fields[one][0] for one in tags if fields.get(one)), "")
    for one in tags:
        rest = [each for each in fields.pop(one, ()) if each != found]
        if rest:
            fields[one] = rest
    return text.line(references.bare(found))


def _titles(of: Reference, fields: Fields, code: str) -> None:
    own = ("TI", "T1", "CT") if code in HOSTING else ("TI", "T1", "CT", "BT")
    title = _first(fields, *own)
    of.found.add("titles", {"text": title, "kind": "main"} if title else None)
    translated = _first(fields, "TT")
    of.found.add("titles", {"text": translated, "kind": "translated"} if translated else None)


def _date(fields: Fields) -> str:
    """The most exact of the dates that agree on the year."""
    found = []
    for tag in ("PY", "Y1", "DA"):
        for said in fields.pop(tag, ()):
            day = _DAY.fullmatch(text.line(said))
            if day:
                found.append(reference_rows.date(day[1], day[2] or "", day[3] or ""))
            elif found and found[0]:
                found.append(_worded(found[0][:4], said))
    years = [one for one in found if one]
    return max((one for one in years if one[:4] == years[0][:4]), key=len, default="")


def _worded(year: str, said: str) -> str:
    """A date as "31 May" or "May" of a year that is known."""
    words = re.findall(r"[^\W\d_]+|\d+", said.lower())
    months = [bibtex.MONTHS.index(one[:3]) + 1 for one in words if one[:3] in bibtex.MONTHS]
    days = [one for one in words if one.isdecimal() and len(one) < 3]
    return reference_rows.date(year, months[0], days[0] if days else "") if months else ""


def _said(of: Reference, fields: Fields, code: str) -> None:
    if code in SERIAL and of.kind not in vocabulary.THESES:
        of.said["collection-title"] = _first(fields, "T2", "T3")
    elif of.hosting == "conference":
        of.said["container-title"] = _first(fields, "C3", "BT", "JF", "JO", "T2")
        of.said["event-title"] = _first(fields, "T2")
    else:
        of.said["container-title"] = _first(fields, "JF", "T2", "BT", "JO", "JA", "J1", "J2")
    for tag in ("JF", "JO", "JA", "J1", "J2"):  # shorter titles of the same journal
        if of.said.get("container-title"):
            fields.pop(tag, None)
    if code == "CONF" and (of.said.get("container-title") or fields.get("SP")):
        of.kind = "conference-paper"
    of.said.setdefault("collection-title", _first(fields, "T3"))
    for variable, tags in SAID.items():
        of.said[variable] = _first(fields, *tags)
    of.found.put("edition", of.said.pop("edition"))
    number = _first(fields, "IS", "M1") if of.hosting == "journal" else _first(fields, "IS")
    hosted = of.said.get("container-title")
    if number:
        of.said["issue" if hosted else "number"] = number
    article = _first(fields, "C7", "AR")
    if article:
        of.said["number"] = article
    pages = "–".join(filter(None, (_first(fields, "SP"), _first(fields, "EP"))))
    of.said["page"] = references.pages(pages)
    of.publishers = [one for one in map(text.line, fields.pop("PB", ())) if one]
    _kind(of, fields)
    of.said = {name: one for name, one in of.said.items() if one}


def _kind(of: Reference, fields: Fields) -> None:
    """M3 is the kind of work; older programs kept the DOI there."""
    said = _first(fields, "M3")
    if _DOI.match(said):
        of.identifier("doi", said)
    else:
        of.said["genre"] = said


def _numbers(of: Reference, fields: Fields) -> None:
    for tag in ("DO", "DI"):
        for one in fields.pop(tag, ()):
            found = _DOI.match(one.strip())
            of.identifier("doi", found[1] if found else one)
    for one in fields.pop("SN", ())[:20]:
        of.numbers(one)
    for one in fields.pop("UR", ())[:20]:
        of.urls += [each.rstrip(";") for each in _BETWEEN.split(one.strip())[:20]]


def files(fields: Fields) -> tuple[list[str], list[str]]:
    """Paths of files, and addresses, of the tags that lead to the text itself."""
    said = [one for tag in ("L1", "L2", "LK") for one in fields.pop(tag, ())]
    paths = [one for one in said if not re.match(r"(?i)https?://", one)]
    return [_FILE_SCHEME.sub("", one).replace("\\", "/") for one in paths], [
        one for one in said if one not in paths
    ]


def _subjects(of: Reference, fields: Fields) -> None:
    references.keywords(of, _keywords(fields.pop("KW", ())))
    for said in [*fields.pop("AB", ()), *fields.pop("N2", ())]:
        plain = references.bare(said)
        of.found.add("abstracts", {"text": plain} if plain else None)
    for said in fields.pop("N1", ())[:20]:
        of.found.add("notes", references.bare(said))
    for said in fields.pop("CN", ()):
        known = kinds.classification(text.line(said))
        if known:
            of.found.add("classification", known)
        else:
            of.unplaced.append("CN")


def _keywords(said: Iterable[str]) -> list[str]:
    return [part for one in said for part in (one.split(";") if ";" in one else [one])]

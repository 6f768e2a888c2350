"""What the fields of BibTeX and biblatex mean, and those of JabRef, Zotero and Mendeley."""

import re
from collections.abc import Callable

from ingest.harvest.readers import kinds
from ingest.importers import bibtex_words, latex, reference_rows, references
from ingest.importers.bibtex_entries import Entry
from ingest.importers.references import Agent, Reference
from repository.exports import bibtex
from schemas import text
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


OTHERS = _("Its list of authors ends with “and others”: some of them are not named.")
NO_PARENT = _("There is no entry “%(key)s” that it refers to. Add it, or complete the entry.")
REPEATED = _("It has “%(field)s” twice: the first is taken.")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMMA = re.compile(",")
_ENDS = re.compile(r"[,;]")
_EDTF = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.Z+-]*)?([?~%]?)(?:/.*)?")
_YEAR = re.compile(r"[\[(]?(?:c|ca\.|©)?\s*(\d{4})[\])a-z]?([?~]?)")
_DAY = re.compile(r"\b(\d{1,2})\b")
_ARXIV = re.compile(r"(?i)arxiv")


def reference(entry: Entry) -> tuple[Reference, list[str]]:
    """What an entry says, and what is to be remarked of it. Empties its fields."""
    of = Reference(
        bibtex_words.KINDS.get(entry.kind, "other"), bibtex_words.HOSTING.get(entry.kind, "journal")
    )
    of.degree = bibtex_words.DEGREES.get(entry.kind, "")
    fields = entry.fields
    remarks: list[str] = [Message(REPEATED, field=one[:60]) for one in entry.repeated]
    for one in ("langid", "language", "hyphenation"):
        of.language(latex.plain(fields.pop(one, "")))
    _titles(of, fields)
    for field, role in bibtex_words.PEOPLE.items():
        agents, others = people(fields.pop(field, "") if role else "")
        for agent in agents:
            of.person(role, agent)
        remarks += [Message(OTHERS)] if others else []
    of.found.put("issued", _date(fields))
    _said(of, fields, entry.kind)
    _numbers(of, fields)
    _subjects(of, fields)
    names = {one for one, said in fields.items() if said.strip()}
    of.unplaced += sorted(text.line(one)[:60] or "?" for one in names - bibtex_words.OF_PROGRAMS)
    return of, remarks


def _titles(of: Reference, fields: dict[str, str]) -> None:
    for name in ("title", "maintitle", "booktitle"):
        said = fields.get(name, "")
        if said.strip():
            fields.pop(name)
            of.found.add("titles", {"text": text.line(latex.plain(said)), "kind": "main"})
            break
    for name, kind in (
        ("subtitle", "subtitle"),
        ("titleaddon", "alternative"),
        ("origtitle", "alternative"),
        ("titletranslation", "translated"),
    ):
        said = text.line(latex.plain(fields.pop(name, "")))
        of.found.add("titles", {"text": said, "kind": kind} if said else None)


def people(said: str) -> tuple[list[Agent], bool]:
    """The people of a list of names, and whether it is cut short."""
    parts = [one.strip() for one in latex.parts(f" {text.line(said)} ", _AND)]
    named = [one for one in parts if one and one.lower() not in ("others", "et al", "et al.")]
    found = (_person(one) for one in named[:5000])
    return [one for one in found if one], len(named) < len([one for one in parts if one])


def _person(said: str) -> Agent | None:
    if latex.is_braced(said):
        return references.organisation(latex.plain(said))
    split = [text.line(latex.plain(one)) for one in latex.parts(said, _COMMA)]
    if len(split) == 3 and len(split[1]) < 5:  # von Last, Jr, First
        split = [split[0], f"{split[2]} {split[1]}"]
    if len(split) > 1:
        return references.agent(split[0], " ".join(filter(None, split[1:])))
    return references.anybody(split[0])


def _date(fields: dict[str, str]) -> str:
    found = _EDTF.fullmatch(re.sub(r"[{}\s]", "", fields.get("date", "")))
    if found:
        for one in ("date", "year", "month", "day"):
            fields.pop(one, None)
        return reference_rows.date(found[1], found[2] or "", found[3] or "", found[4])
    year = _YEAR.fullmatch(latex.plain(fields.get("year", fields.get("date", ""))).strip())
    if not year:
        return ""
    fields.pop("year" if "year" in fields else "date")
    said = latex.plain(fields.pop("month", ""))
    day = _DAY.search(fields.pop("day", "") or re.sub(r"^\s*\d{1,2}\s*$", "", said))
    return reference_rows.date(year[1], _month(said), day[1] if day else "", year[2])


def _month(said: str) -> str:
    words = re.findall(r"[^\W\d_]+|\d+", said.lower())
    named = [one for one in words if one[:3] in bibtex.MONTHS]
    if named:
        return str(bibtex.MONTHS.index(named[0][:3]) + 1)
    return words[0] if len(words) == 1 and words[0].isdecimal() else ""


def _said(of: Reference, fields: dict[str, str], kind: str) -> None:
    if not any(fields.get(one) for one in ("journal", "journaltitle")) and kind == "periodical":
        of.hosting = "book"
    elif fields.get("journal") or fields.get("journaltitle"):
        of.hosting = "journal"
    elif fields.get("booktitle") and of.hosting == "journal":
        of.hosting = "conference" if fields.get("eventtitle") else "book"
    _subtitled(fields)
    for variable, names in bibtex_words.SAID.items():
        _take(of, fields, variable, names, lambda one: text.line(latex.plain(one)))
    if "genre" in of.said:
        of.said["genre"] = bibtex_words.TYPES.get(of.said["genre"].lower(), of.said["genre"])
    _take(of, fields, "page", ("pages",), lambda one: references.pages(latex.plain(one)))
    hosted = of.said.get("container-title")
    _take(of, fields, "number", ("eid", "articleno", "article-number"), _line)
    if hosted and of.hosting == "journal":
        _take(of, fields, "issue", ("number", "issue"), _line)
    else:
        series = of.said.get("collection-title")
        _take(of, fields, "collection-number" if series else "number", ("number", "issue"), _line)
    for name in bibtex_words.PUBLISHERS:
        said = fields.get(name, "").strip()
        if said and not of.publishers:
            of.publishers = [_line(one) for one in latex.parts(fields.pop(name), _AND)]
    of.found.put("edition", of.said.pop("edition", ""))


def _subtitled(fields: dict[str, str]) -> None:
    for title, subtitle in (("journaltitle", "journalsubtitle"), ("booktitle", "booksubtitle")):
        if fields.get(title) and fields.get(subtitle):
            fields[title] = f"{fields[title]}: {fields.pop(subtitle)}"


def _line(said: str) -> str:
    return text.line(latex.plain(said))


def _take(
    of: Reference,
    fields: dict[str, str],
    variable: str,
    names: tuple[str, ...],
    read: Callable[[str], str],
) -> None:
    """The first of the fields that says anything; one that says the same is taken with it."""
    for name in names:
        said = read(fields.get(name, ""))
        if said and of.said.setdefault(variable, said) == said:
            fields.pop(name)


def _numbers(of: Reference, fields: dict[str, str]) -> None:
    for name in bibtex_words.NUMBERS:
        if fields.get(name, "").strip():
            of.numbers(latex.verbatim(fields.pop(name)))
    of.identifier("doi", latex.verbatim(fields.pop("doi", "")))
    of.urls += re.split(r"\s+", latex.verbatim(fields.pop("url", "")))
    said = fields.pop("howpublished", "")
    (of.urls if "://" in said else of.publishers).append(_address(said)) if said.strip() else None
    _eprint(of, fields)


def _address(said: str) -> str:
    found = re.search(r"https?://[^\s{}]+", latex.verbatim(said))
    return found[0].rstrip(".,;") if found else _line(said)


def _eprint(of: Reference, fields: dict[str, str]) -> None:
    kind = fields.get("eprinttype") or fields.get("archiveprefix", "")
    said = latex.verbatim(fields.get("eprint", "") or fields.get("arxivid", ""))
    if said and (_ARXIV.search(kind) or "arxivid" in fields):
        for one in ("eprint", "arxivid", "eprinttype", "archiveprefix"):
            fields.pop(one, None)
        of.identifier("arxiv", said)
    elif said and "hdl" in kind.lower():
        of.identifier("handle", latex.verbatim(fields.pop("eprint")))
        fields.pop("eprinttype", None)


def _subjects(of: Reference, fields: dict[str, str]) -> None:
    for name in ("keywords", "keyword", "mendeley-tags"):
        said = fields.pop(name, "")
        split = latex.parts(said, re.compile(";") if ";" in said else _COMMA)
        references.keywords(of, (latex.plain(one) for one in split))
    said = references.bare(latex.plain(fields.pop("abstract", "")))
    of.found.add("abstracts", {"text": said} if said else None)
    for name in ("note", "addendum"):
        of.found.add("notes", text.paragraphs(latex.plain(fields.pop(name, ""))))
    for one in latex.parts(fields.pop("holder", ""), _AND):
        of.found.add("rights_holders", _line(one))
    for name in ("license", "licence", "copyright", "rights"):
        said = _line(fields.pop(name, ""))
        licence = kinds.licence(said)
        of.found.put("licence", licence)
        of.found.add("notes", said if said and not licence else "")

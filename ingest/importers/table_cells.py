"""What stands in the cells of other people's tables, as the columns of ours want it."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from marshmallow import ValidationError

from ingest import authors, sheet_columns
from ingest.harvest.readers import kinds
from ingest.importers import table_headings as headings
from repository import mail
from repository.errors import Invalid
from schemas import fields, languages, vocabulary
from schemas.messages import Message

Given = Mapping[str, list[str]]  # values by key
TONGUES = ("ky", "ru", "en")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
# Cells of one text: of several values the others are not.
SINGLE = frozenset(
    "title issued edition host volume issue pages licence type degree grantor defended specialty "
    "access embargo_until key".split()
)
COMMAS = frozenset("keywords languages collections files".split())
WHOLE = frozenset("abstract notes".split())  # sentences, in which a semicolon divides nothing


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def values(key: str, cell: str) -> list[str]:
    """The values of a cell: lines, or what ";" or "||" divides, and for some things ","."""
    name = key.partition(".")[0]
    text = cell.strip()
    if name in SINGLE or name in WHOLE:
        return [text] if text else []
    if name == "creators" or name in headings.ROLES:
        return _people(text)
    marks = r"\n|\|\||;" if re.search(r"\n|\|\||;", text) or name not in COMMAS else ","
    return [one.strip() for one in re.split(marks, text) if one.strip()]


def _people(text: str) -> list[str]:
    """Names one by one. A comma divides two of them only where each side is a whole name."""
    found = []
    for part in re.split(r"\n|\|\||;", text):
        pieces = [one.strip() for one in part.split(",") if one.strip()]
        several = len(pieces) > 1 and all(map(authors.looks_like_name, pieces))
        found += pieces if several else [part.strip()] if part.strip() else []
    return found


def prepared(key: str, said: list[str]) -> tuple[str, list[Message]]:
    """The text of a column of ours that says the same, and what could not be understood."""
    name = key.partition(".")[0]
    if name in _UNDERSTOOD:
        read = [(one, _UNDERSTOOD[name](one)) for one in said]
        strange = [Message(_NOT_KNOWN[name], value=one) for one, got in read if not got]
        return "\n".join(got for _one, got in read if got), strange
    return "\n".join(said), []


def _date(said: str) -> str:
    """A date as EDTF has it; of words around a year, the year."""
    try:
        return fields.check_date(said)
    except ValidationError:
        found = _YEAR.findall(said)
        return found[0] if len(set(found)) == 1 else ""


def _language(said: str) -> str:
    return languages.normalise(said) or _language_names().get(said.casefold(), "")


@cache
def _language_names() -> Mapping[str, str]:
    found = {"киргизский": "ky", "кыргызский": "ky", "кыргыз тили": "ky", "орус тили": "ru"}
    for tongue in TONGUES:
        for code, name in Locale(tongue).languages.items():
            if languages.normalise(code) == code:
                found.setdefault(name.casefold(), code)
    return found


def _one_of(labels: Mapping[str, str]) -> Callable[[str], str]:
    """The key of a label in any of the languages of the interface."""

    @cache
    def known() -> Mapping[str, str]:
        return {
            mail.translations(tongue).gettext(label).casefold(): key
            for key, label in labels.items()
            for tongue in TONGUES
        }

    return lambda said: said if said in labels else known().get(said.casefold(), "")


_LEVELS = _one_of({str(level): label for level, label in vocabulary.ACCESS.items()})
_SHORT_LEVELS = {
    **dict.fromkeys(("открытый", "открыто", "свободный", "ачык", "open access"), "open"),
    **dict.fromkeys(("закрытый", "закрыто", "жабык"), "closed"),
    **dict.fromkeys(("кампус", "в библиотеке", "китепканада"), "campus"),
}
_KINDS = _one_of({key: one.label for key, one in vocabulary.TYPES.items()})
_LICENCES = _one_of({key: one.label for key, one in vocabulary.LICENCES.items()})


def _kind(said: str) -> str:
    found = _KINDS(said)
    if found:
        return found
    uri = kinds.kind([said])
    key = vocabulary.TYPES_BY_URI[uri].key
    return key if key != "other" else ""


_UNDERSTOOD: Mapping[str, Callable[[str], str]] = {
    "type": _kind,
    "languages": _language,
    "licence": lambda said: _LICENCES(said) or kinds.licence(said),
    "degree": _one_of(vocabulary.DEGREES),
    "issued": _date,
    "defended": _date,
    headings.EMBARGO: _date,
    headings.ACCESS: lambda said: _LEVELS(said) or _SHORT_LEVELS.get(said.casefold(), ""),
}
_NOT_KNOWN: Mapping[str, str] = {
    "type": _("“%(value)s” is no kind of work that we know; choose the kind afterwards."),
    "languages": _("“%(value)s” is no language that we know; it was left out."),
    "licence": _("“%(value)s” are no terms of use that we know; they were left out."),
    "degree": _("“%(value)s” is no degree that we know; it was left out."),
    "issued": _("“%(value)s” is no date; it was left out."),
    "defended": _("“%(value)s” is no date; it was left out."),
    headings.EMBARGO: _("“%(value)s” is no day. Write it as 2027-01-31."),
    headings.ACCESS: _("“%(value)s” does not say who may read. Write open, campus or closed."),
}


def described(given: Given) -> tuple[dict[str, Any], list[Message]]:
    """The description, and what of the row could not be understood."""
    tongues = sorted({key.partition(".")[2] for key in given} | {""})
    known = sheet_columns.columns(tongues)
    stand: dict[str, Any] = {"document": {}, "collections": []}
    remarks: list[Message] = []
    for key, said in _in_roles(given).items():
        if key not in known:
            continue
        cell, strange = prepared(key, said)
        remarks += strange
        put = known[key].put
        try:
            stand |= put(stand, cell) if put and cell else {}
        except Invalid as error:
            remarks += [one for some in error.errors.values() for one in some]
    return _spoken(stand["document"]), remarks


def _in_roles(given: Given) -> dict[str, list[str]]:
    """The same with everybody who is no author among the contributors, after a role."""
    found = dict(given)
    others = [
        f"{code}: {one}" for key, code in headings.ROLES.items() for one in given.get(key, ())
    ]
    if others:
        found["contributors"] = [*given.get("contributors", ()), *others]
    return found


def _spoken(document: dict[str, Any]) -> dict[str, Any]:
    """Texts in the language of the work, where it has one and they name none."""
    spoken = document.get("languages", [])
    if len(spoken) == 1:
        for element in ("titles", "abstracts", "keywords"):
            for one in document.get(element, ()):
                one.setdefault("language", spoken[0])
    return document

"""What can be done to many works at once. Each deed makes of a work's stand what it shall be.

`deed(name, answers)` reads a form's answers and gives a function from the stand of a work
(`batches.stand`) to those parts of it that are given anew; it raises Invalid with messages by
field. Nothing here touches the database.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from repository.batches import Amend, Stand
from repository.errors import Invalid
from schemas import languages, vocabulary
from schemas.messages import CHOICE, REQUIRED, Message, short
from schemas.vocabulary import Access, Copying

Answers = Mapping[str, str]
Document = dict[str, Any]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Deed(NamedTuple):
    """A deed as the form offers it: its label, the names of its answers, how it is prepared."""

    label: str
    answers: Sequence[str]
    prepare: Callable[[Answers], Amend]


# Where words can be replaced: the element, and the field of its rows that holds the text.
PLACES: Mapping[str, tuple[str, str, str]] = {
    "titles": (_("Titles"), "titles", "text"),
    "keywords": (_("Keywords"), "keywords", "text"),
    "abstracts": (_("Abstracts"), "abstracts", "text"),
    "publishers": (_("Publishers"), "publishers", "name"),
    "places": (_("Places of publication"), "publishers", "place"),
    "host": (_("What it came out in"), "host", "title"),
    "series": (_("Series"), "series", "title"),
    "families": (_("Family names"), "creators", "family"),
    "organisations": (_("Affiliations"), "creators.affiliations", "name"),
    "notes": (_("Notes"), "notes", ""),
}
# What can be set to one value, with what stands for it in a document.
SETTABLE: Mapping[str, str] = {
    "languages": _("Language of the work"),
    "publisher": _("Publisher"),
    "place": _("Place of publication"),
    "host": _("What it came out in"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "issued": _("Date of publication"),
}


def deed(name: str, answers: Answers) -> Amend:
    """The deed of that name with these answers; raises Invalid."""
    if name not in DEEDS:
        raise Invalid("Choose what is to be done.", {"deed": [Message(REQUIRED)]})
    return DEEDS[name].prepare({key: value.strip() for key, value in answers.items()})


def _needed(answers: Answers, *names: str) -> None:
    missing = {name: [Message(REQUIRED)] for name in names if not answers.get(name)}
    if missing:
        raise Invalid("Some answers are still missing or not right.", missing)


def _one_of(answers: Answers, name: str, values: object) -> str:
    given = answers.get(name, "")
    if given not in values:  # type: ignore[operator]
        wrong = Message(CHOICE, value=short(given)) if given else Message(REQUIRED)
        raise Invalid("Some answers are still missing or not right.", {name: [wrong]})
    return given


def _documented(change: Callable[[Document], Document]) -> Amend:
    return lambda stand: {"document": change(stand["document"])}


# --- words ----------------------------------------------------------------------------------------
def _replace(answers: Answers) -> Amend:
    place = _one_of(answers, "where", PLACES)
    _needed(answers, "find")
    pattern = re.escape(answers["find"])
    if answers.get("whole"):
        pattern = rf"(?<!\w){pattern}(?!\w)"
    put = answers.get("put", "")
    swap = partial(re.compile(pattern).sub, lambda _found: put)
    _label, element, name = PLACES[place]
    return _documented(partial(_swapped, path=element.split("."), name=name, swap=swap))


def _swapped(value: Any, *, path: Sequence[str], name: str, swap: Callable[[str], str]) -> Any:
    """The value with the text at the end of `path` (through lists) swapped."""
    if isinstance(value, list):
        return [_swapped(one, path=path, name=name, swap=swap) for one in value]
    if path and isinstance(value, Mapping):
        if path[0] not in value:
            return value
        inner = _swapped(value[path[0]], path=path[1:], name=name, swap=swap)
        return {**value, path[0]: inner}
    if isinstance(value, Mapping):
        return {**value, name: swap(value[name])} if value.get(name) else value
    return swap(value) if isinstance(value, str) else value


# --- keywords and classification ------------------------------------------------------------------
def _lines(text: str) -> Iterator[str]:
    for line in re.split(r"[\n;]", text):
        if line.strip():
            yield line.strip()


def _add_keywords(answers: Answers) -> Amend:
    _needed(answers, "keywords")
    language = answers.get("language") or None
    if language and languages.normalise(language) is None:
        wrong = Message(CHOICE, value=short(language))
        raise Invalid("Some answers are still missing or not right.", {"language": [wrong]})
    added = [
        {"text": word, **({"language": language} if language else {})}
        for word in _lines(answers["keywords"])
    ]

    def change(document: Document) -> Document:
        there = document.get("keywords", [])
        known = {(one["text"].casefold(), one.get("language")) for one in there}
        new = [one for one in added if (one["text"].casefold(), language) not in known]
        return {**document, "keywords": [*there, *new]} if new else document

    return _documented(change)


def _remove_keywords(answers: Answers) -> Amend:
    _needed(answers, "keywords")
    gone = {word.casefold() for word in _lines(answers["keywords"])}

    def change(document: Document) -> Document:
        there = document.get("keywords", [])
        kept = [one for one in there if one["text"].casefold() not in gone]
        return document if len(kept) == len(there) else {**document, "keywords": kept}

    return _documented(change)


def _classify(answers: Answers) -> Amend:
    scheme = _one_of(answers, "scheme", vocabulary.CLASSIFICATIONS)
    _needed(answers, "code")
    entry = {"scheme": scheme, "code": answers["code"]}

    def change(document: Document) -> Document:
        there = document.get("classification", [])
        if any(one["scheme"] == scheme and one["code"] == entry["code"] for one in there):
            return document
        return {**document, "classification": [*there, entry]}

    return _documented(change)


def _declassify(answers: Answers) -> Amend:
    scheme = _one_of(answers, "scheme", vocabulary.CLASSIFICATIONS)
    _needed(answers, "code")

    def change(document: Document) -> Document:
        there = document.get("classification", [])
        kept = [one for one in there if (one["scheme"], one["code"]) != (scheme, answers["code"])]
        return document if len(kept) == len(there) else {**document, "classification": kept}

    return _documented(change)


# --- one value ------------------------------------------------------------------------------------
def _set(answers: Answers) -> Amend:
    field = _one_of(answers, "field", SETTABLE)
    _needed(answers, "value")
    return _documented(partial(_with, field=field, value=answers["value"]))


def _set_type(answers: Answers) -> Amend:
    uri = vocabulary.TYPES[_one_of(answers, "kind", vocabulary.TYPES)].uri
    return _documented(partial(_with, field="type", value=uri))


def _set_licence(answers: Answers) -> Amend:
    licence = _one_of(answers, "licence", vocabulary.LICENCES)
    return _documented(partial(_with, field="licence", value=licence))


def _with(document: Document, *, field: str, value: str) -> Document:
    if field in ("publisher", "place"):
        name = "name" if field == "publisher" else "place"
        rows = document.get("publishers") or [{}]
        return {**document, "publishers": [{**rows[0], name: value}, *rows[1:]]}
    if field in ("host", "volume", "issue"):
        name = "title" if field == "host" else field
        host = document.get("host") or {"kind": "journal"}
        return {**document, "host": {**host, name: value}}
    if field == "languages":
        return {**document, "languages": re.split(r"[\s,;]+", value)}
    return {**document, field: value}


# --- collections and rights -----------------------------------------------------------------------
def _join(answers: Answers) -> Amend:
    _needed(answers, "shelf")
    return lambda stand: {"collections": sorted({*stand["collections"], answers["shelf"]})}


def _leave(answers: Answers) -> Amend:
    _needed(answers, "shelf")
    return lambda stand: {"collections": sorted({*stand["collections"]} - {answers["shelf"]})}


def _grant(answers: Answers) -> Amend:
    given: dict[str, str | None] = {}
    if answers.get("access"):
        given["access"] = _one_of(answers, "access", set(Access))
    if answers.get("copying"):
        given["copying"] = _one_of(answers, "copying", set(Copying))
    if answers.get("embargo_until"):
        given["embargo_until"] = _day(answers["embargo_until"])
    if answers.get("no_embargo"):
        given["embargo_until"] = given["embargo_reason"] = None
    if not given:
        raise Invalid("Choose what is to be done.", {"access": [Message(REQUIRED)]})

    def amend(stand: Stand) -> Stand:
        return {"rights": {key: {**one, **given} for key, one in stand["rights"].items()}}

    return amend


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        wrong = Message(_("“%(value)s” is not a day such as 2027-05-31."), value=short(text))
        raise Invalid(
            "Some answers are still missing or not right.", {"embargo_until": [wrong]}
        ) from error


DEEDS: Mapping[str, Deed] = {
    "replace": Deed(_("Replace words"), ("where", "find", "put", "whole"), _replace),
    "set": Deed(_("Set a value"), ("field", "value"), _set),
    "set-type": Deed(_("Set the kind of work"), ("kind",), _set_type),
    "set-licence": Deed(_("Set the terms of use"), ("licence",), _set_licence),
    "add-keywords": Deed(_("Add keywords"), ("keywords", "language"), _add_keywords),
    "remove-keywords": Deed(_("Take keywords away"), ("keywords",), _remove_keywords),
    "classify": Deed(_("Add a class"), ("scheme", "code"), _classify),
    "declassify": Deed(_("Take a class away"), ("scheme", "code"), _declassify),
    "join": Deed(_("Put into a collection"), ("shelf",), _join),
    "leave": Deed(_("Take out of a collection"), ("shelf",), _leave),
    "grant": Deed(
        _("Change who may open the files"),
        ("access", "copying", "embargo_until", "no_embargo"),
        _grant,
    ),
}

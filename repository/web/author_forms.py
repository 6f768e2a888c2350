"""The record of an author as a form: rows whose fields are named by their path in the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from repository import people, transliteration
from repository.models.people import Author
from repository.transliteration import Way, is_cyrillic, latin
from repository.web import words
from schemas import author as border
from schemas import work as profile


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


ROWS = {
    "forms": (*people.PARTS, "language"),
    "identifiers": ("scheme", "value"),
    "affiliations": ("name", "ror", "since", "until"),
}
# What says nothing by itself, and what every row should have.
_SELECTORS = frozenset({"language", "scheme"})
_MOST = 100
LABELS = {
    "forms": _("Name"),
    "orcid": "ORCID",
    "identifiers": _("Identifiers"),
    "affiliations": _("Place of work or study"),
    "account": _("Account"),
    "notes": _("Notes"),
}


def read(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, in the shape of a record; the form that was ticked as preferred comes first.
    Rows without a value are left out."""
    given: dict[str, Any] = {name: _rows(form, name) for name in ROWS}
    given["forms"] = _preferred(given["forms"], form.get("preferred", ""))
    given["forms"] += _proposed(given["forms"], form.getlist("proposed"))
    for rows in given.values():
        for row in rows:
            row.pop("_", None)
    given["orcid"] = form.get("orcid", "").strip()
    given["notes"] = form.get("notes", "")
    return given


def _rows(form: MultiDict[str, str], name: str) -> list[dict[str, str]]:
    rows = []
    for number in range(_MOST):
        row = {key: form.get(f"{name}.{number}.{key}", "").strip() for key in ROWS[name]}
        if any(value for key, value in row.items() if key not in _SELECTORS):
            rows.append({**row, "_": str(number)})
    return rows


def _preferred(rows: list[dict[str, str]], number: str) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["_"] != number)


def _proposed(rows: list[dict[str, str]], ticked: Iterable[str]) -> list[dict[str, str]]:
    """Spellings that were offered and ticked; they are worked out anew."""
    wanted = set(ticked)
    return [one for one in proposals(rows) if profile.agent_name(one) in wanted]


def proposals(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """How the first form of a name is usually written in the other script, where no form is so."""
    given = [{name: one.get(name, "") for name in people.PARTS} for one in rows]
    known = {profile.agent_name(one).casefold() for one in given}
    if not given:
        return []
    first = given[0]
    if is_cyrillic("".join(first.values())):
        found = [{name: latin(text, way) for name, text in first.items()} for way in _WAYS]
    else:
        found = [{name: transliteration.cyrillic(text) for name, text in first.items()}]
    fresh = {profile.agent_name(one): one for one in found}
    return [one for name, one in fresh.items() if name and name.casefold() not in known]


_WAYS = (Way.BGN, Way.PASSPORT, Way.RUSSIAN)


def messages(error: profile.Unfit) -> dict[str, list[str]]:
    """What is wrong, by the name of the field."""
    return {_field(path): [words.say(one) for one in said] for path, said in error.errors.items()}


def _field(path: str) -> str:
    return "forms.0.family" if path == "forms" else path


def labels(errors: Iterable[str]) -> dict[str, str]:
    """What the fields with errors are called."""
    found = {path: LABELS.get(path.split(".")[0], "") for path in errors}
    return {path: gettext(label) for path, label in found.items() if label}


def schemes() -> list[tuple[str, str]]:
    """Kinds of identifiers, to choose from."""
    return [(key, gettext(label)) for key, label in border.SCHEMES.items()]


def of(author: Author) -> dict[str, Any]:
    """The record as its form shows it."""
    return people.described(author)

"""A description's values as a reader grasps them; where two descriptions differ."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext

from repository.web import description, faults, words
from schemas import vocabulary
from schemas import work as profile

Entry = Mapping[str, Any]


def said(element: str, value: Any) -> str:
    """The value of an element, a line for each of its rows."""
    if not value:
        return ""
    say = _WHOLE.get(element)
    if say:
        return say(value)
    row = _ROWS.get(element, str)
    return "\n".join(row(one) for one in value) if isinstance(value, list) else row(value)


def _tongue(entry: Entry) -> str:
    code = entry.get("language")
    return f" ({words.language_name(code)})" if code else ""


def _text(entry: Entry) -> str:
    return entry.get("text", "") + _tongue(entry)


def _title(entry: Entry) -> str:
    kind = entry.get("kind", "main")
    label = "" if kind == "main" else f"{_term(vocabulary.TITLES, kind)}: "
    return label + _text(entry)


def _term(table: Mapping[str, Any], key: str) -> str:
    """The label of a vocabulary's term; the key itself while it is none."""
    term = table.get(key, key)
    return gettext(term if isinstance(term, str) else term.label)


def _agent(entry: Entry) -> str:
    parts = [profile.agent_reading(entry)]
    if entry.get("role", "aut") != "aut":
        parts.append(_term(vocabulary.RELATORS, entry["role"]))
    parts += [place.get("name", "") for place in entry.get("affiliations", ())]
    parts.append(f"ORCID {entry['orcid']}" if entry.get("orcid") else "")
    return ", ".join(filter(None, parts)) + "".join(map(_form, entry.get("forms", ())))


def _form(entry: Entry) -> str:
    return f"; {profile.agent_reading(entry)}{_tongue(entry)}"


def _keywords(entries: Iterable[Entry]) -> str:
    lines = description.keyword_rows({"keywords": list(entries)})
    return "\n".join(line["text"] + _tongue(line) for line in lines)


def _languages(codes: Iterable[str]) -> str:
    return ", ".join(map(words.language_name, codes))


def _scheme(table: Mapping[str, Any], value: str) -> Callable[[Entry], str]:
    return lambda entry: f"{_term(table, entry.get('scheme', ''))} {entry.get(value, '')}".strip()


def _kind(table: Mapping[str, Any], *values: str) -> Callable[[Entry], str]:
    def say(entry: Entry) -> str:
        rest = ", ".join(filter(None, (entry.get(value, "") for value in values)))
        return f"{_term(table, entry.get('kind', ''))}: {rest}"

    return say


def _listed(element: str) -> Callable[[Entry], str]:
    """A group's fields one after the other; those whose label is needed have it."""

    def say(entry: Entry) -> str:
        return ", ".join(filter(None, (_leaf(element, key, one) for key, one in entry.items())))

    return say


def _leaf(element: str, key: str, value: Any) -> str:
    if key == "kind":
        return ""
    if key == "degree":
        return _term(vocabulary.DEGREES, value)
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{faults.label(f'{element}.{key}')} {text}" if key in _LABELLED else text


_LABELLED = ("volume", "issue", "pages", "article_number", "issn", "isbn", "defended", "number")
_WHOLE: Mapping[str, Callable[[Any], str]] = {
    "type": lambda uri: _term(vocabulary.TYPES_BY_URI, uri),
    "version_type": lambda uri: _term(vocabulary.VERSIONS, uri),
    "licence": lambda key: _term(vocabulary.LICENCES, key),
    "keywords": _keywords,
    "languages": _languages,
}
_ROWS: Mapping[str, Callable[[Any], str]] = {
    "titles": _title,
    "abstracts": _text,
    "creators": _agent,
    "contributors": _agent,
    "identifiers": _scheme(vocabulary.IDENTIFIERS, "value"),
    "classification": _scheme(vocabulary.CLASSIFICATIONS, "code"),
    "relations": _kind(vocabulary.RELATIONS, "citation", "value"),
    "coverage": _kind(vocabulary.COVERAGE, "text"),
    **{one: _listed(one) for one in ("host", "thesis", "publishers", "series", "funding")},
}


class Difference(NamedTuple):
    """An element that two people wrote differently; the texts as a reader grasps them."""

    path: str
    label: str
    typed: str
    kept: str


def differences(typed: Entry, kept: Entry, elements: Iterable[str]) -> list[Difference]:
    """Where what was typed differs from what is there now."""
    return [
        Difference(
            name, faults.label(name), said(name, typed.get(name)), said(name, kept.get(name))
        )
        for name in elements
        if (profile.prune(typed.get(name)) or None) != (profile.prune(kept.get(name)) or None)
    ]

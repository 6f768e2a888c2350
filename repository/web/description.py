"""A work's description as a form.

The name of a field is its path in the document ("titles.0.text"), so that a message of the border
finds its field. Rows keep the order in which the form sends them, whatever their numbers: moving a
row on the page moves it in the document.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marshmallow import fields
from werkzeug.datastructures import MultiDict

from schemas import work as profile
from schemas.work import Document

# Which elements each part of the form holds; a part that is sent replaces exactly these.
ABOUT = (
    "type",
    "version_type",
    "titles",
    "abstracts",
    "keywords",
    "languages",
    "issued",
    "host",
    "thesis",
    "publishers",
    "edition",
    "extent",
    "series",
    "identifiers",
    "classification",
    "submitted",
    "accepted",
    "available",
    "funding",
    "relations",
    "coverage",
    "notes",
)
PEOPLE = ("creators", "contributors")
RIGHTS = ("licence", "rights_holders")
WHOLE = (*ABOUT, *PEOPLE, *RIGHTS)

# What a row needs beyond these before it counts as filled in.
_SELECTORS = frozenset({"kind", "role", "language", "scheme"})
_DEPTH = 6
_SPLIT = re.compile(r"[;\n]")

Form = MultiDict[str, str]


def read(form: Form, elements: Iterable[str]) -> Document:
    """What was typed into the fields of `elements`, as part of a document; not yet checked.

    The buttons `remove` (a row's path) and `move` (a row's path with ".up" or ".down") act on it.
    """
    known = set(elements)
    tree = _tree(form, known)
    if "languages" in known:
        ticked = form.getlist("languages") + form.getlist("other_language")
        tree["languages"] = {str(n): code for n, code in enumerate(ticked)}
    _remove(tree, form.get("remove", ""))
    _move(tree, form.get("move", ""))
    schema = profile.WorkSchema().fields
    typed = {name: _shaped(tree[name], schema[name]) for name in tree if name in schema}
    if typed.get("keywords"):
        typed["keywords"] = _split_keywords(typed["keywords"])
    typed["languages"] = list(dict.fromkeys(typed.get("languages") or ()))
    return profile.prune(typed)


def merge(document: Mapping[str, Any], typed: Document, elements: Iterable[str]) -> Document:
    """`document` with `elements` as they were typed; what the form does not show stays."""
    shown = set(elements)
    kept = {name: value for name, value in document.items() if name not in shown}
    merged = {**kept, **typed}
    # Ticked boxes have no order of their own: the main language stays in front.
    if "languages" in typed:
        first = [one for one in document.get("languages", ()) if one in typed["languages"]]
        merged["languages"] = list(dict.fromkeys([*first, *typed["languages"]]))
    return merged


def _tree(form: Form, known: set[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, text in form.items():
        path = name.split(".")
        if path[0] in known and len(path) <= _DEPTH:
            _plant(tree, path, text)
    return tree


def _plant(tree: dict[str, Any], path: Sequence[str], text: str) -> None:
    node = tree
    for step in path[:-1]:
        deeper = node.setdefault(step, {})
        if not isinstance(deeper, dict):
            return
        node = deeper
    node.setdefault(path[-1], text)


def _place(tree: dict[str, Any], path: str) -> tuple[dict[str, Any], str] | None:
    """The group that holds the row of that path, and the row's key in it."""
    *above, key = path.split(".")
    node: Any = tree
    for step in above:
        node = node.get(step) if isinstance(node, dict) else None
    return (node, key) if isinstance(node, dict) and key in node else None


def _remove(tree: dict[str, Any], path: str) -> None:
    found = _place(tree, path)
    if found:
        del found[0][found[1]]


def _move(tree: dict[str, Any], command: str) -> None:
    path, _, direction = command.rpartition(".")
    found = _place(tree, path)
    if not found:
        return
    node, key = found
    keys = list(node)
    at = keys.index(key)
    to = at - 1 if direction == "up" else at + 1
    if 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
        rows = dict(node)
        node.clear()
        node.update((one, rows[one]) for one in keys)


def _shaped(value: Any, field: fields.Field) -> Any:
    """`value` as far as it has the shape that the profile gives to `field`; else None."""
    if isinstance(field, fields.List):
        rows = value.values() if isinstance(value, dict) else ()
        return [one for one in (_shaped(row, field.inner) for row in rows) if one]
    if isinstance(field, fields.Nested):
        group = value if isinstance(value, dict) else {}
        known = field.schema.fields
        shaped = {key: _shaped(one, known[key]) for key, one in group.items() if key in known}
        filled = profile.prune(shaped)
        return filled if set(filled) - _SELECTORS else None
    return value if isinstance(value, str) else None


def _split_keywords(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """One keyword each; semicolons part them, or commas where there is no semicolon."""
    words = []
    for row in rows:
        text = row.get("text", "")
        parts = _SPLIT.split(text) if _SPLIT.search(text) else text.split(",")
        words += [{**row, "text": part.strip()} for part in parts if part.strip()]
    return words


def keyword_rows(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Keywords as the form shows them: a line for each language."""
    lines: dict[str, list[str]] = {}
    for keyword in document.get("keywords", ()):
        lines.setdefault(keyword.get("language", ""), []).append(keyword.get("text", ""))
    return [{"language": code, "text": _join(texts)} for code, texts in lines.items()]


def _join(texts: Sequence[str]) -> str:
    # A single keyword that has a comma must not fall apart when it comes back.
    return f"{texts[0]};" if len(texts) == 1 and "," in texts[0] else "; ".join(texts)


def title_rows(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Titles as the form shows them: the main one first, empty when there is none."""
    titles = list(document.get("titles", ()))
    mains = [one for one in titles if one.get("kind", "main") == "main"]
    if not mains:
        return [{"kind": "main"}, *titles]
    return [mains[0], *(one for one in titles if one is not mains[0])]

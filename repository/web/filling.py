"""What the templates of a description's form are given."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from repository.web import choices, description, faults
from schemas import vocabulary
from schemas import work as profile

Rows = list[tuple[int, Any]]
# Elements that are folded away until they hold something.
_MORE = (
    "version_type",
    "classification",
    "funding",
    "relations",
    "coverage",
    "submitted",
    "accepted",
    "available",
    "notes",
)


def context(
    document: Mapping[str, Any], *, errors: faults.Messages, added: str = ""
) -> dict[str, Any]:
    """The names that `templates/description/` uses. `added` is the path of a row just asked for,
    with ":organisation" when it is one.
    """
    key = profile.work_type(document).key if document.get("type") else ""
    return {
        "document": document,
        "titles": description.title_rows(document),
        "keywords": description.keyword_rows(document),
        "errors": errors,
        "error_labels": faults.labels(errors),
        "label": faults.label,
        "choices": choices,
        "VOCABULARY": vocabulary,
        "groups": choices.groups(key),
        "host_kind": choices.host_kind(key),
        "first_identifier": "isbn" if "publication" in choices.groups(key) else "doi",
        "rows": partial(rows, added),
        "grown": partial(grown, _sizes(document), added),
        "opened": opened(added),
        "more_open": added.split(".")[0] in _MORE or _holds(errors, _MORE),
    }


def rows(added: str, path: str, entries: Sequence[Any], least: int = 0) -> Rows:
    """Numbered rows: those there are, and an empty one where one was asked for or is due."""
    element, _, kind = added.partition(":")
    blanks: list[Any] = [{}] if len(entries) < least else []
    if element == path:
        blanks = [{"kind": kind}] if kind else [{}]
    return list(enumerate([*entries, *blanks]))


def grown(sizes: Mapping[str, int], added: str, path: str, number: int) -> dict[str, Any]:
    """The attribute that puts the cursor into a row just asked for."""
    fresh = added.partition(":")[0] == path and number == sizes.get(path, 0)
    return {"autofocus": True} if fresh else {}


def _sizes(document: Mapping[str, Any]) -> dict[str, int]:
    """How many rows each list of the document shows, by its path."""
    sizes: dict[str, int] = {}
    _measure(document, "", sizes)
    sizes["titles"] = len(description.title_rows(document))
    sizes["keywords"] = len(description.keyword_rows(document))
    return sizes


def _measure(value: Any, path: str, sizes: dict[str, int]) -> None:
    if isinstance(value, list):
        sizes[path] = len(value)
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        for key, one in value.items():
            _measure(one, f"{path}.{key}".lstrip("."), sizes)


def opened(added: str) -> Callable[[str], bool]:
    """Tells whether a folded row holds the row just asked for."""
    return lambda path: added.startswith(f"{path}.")


def _holds(errors: Mapping[str, Any], elements: Sequence[str]) -> bool:
    return any(path.split(".")[0] in elements for path in errors)

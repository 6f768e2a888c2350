"""Makes a foreign description fit the profile: what does not is left out and named, entry by entry.

For records that others have made and nobody here can correct at their source: a wrong check digit
must not keep a work out.
"""

from copy import deepcopy
from typing import Any

from schemas import vocabulary
from schemas import work as profile
from schemas.languages import normalise
from schemas.text import line
from schemas.work import Document, Unfit, WorkSchema

LONGEST = {"titles": 2000, "abstracts": 20_000, "keywords": 300}
# Without these an entry still says something; without others it does not.
DETAILS = frozenset(
    "language orcid affiliations forms place issn isbn volume issue pages number label".split()
)
TRIES = 50
_FIELDS = WorkSchema().fields


def fit(given: dict[str, Any], *, name: str) -> tuple[Document, list[Unfit]]:
    """The document as the profile has it, and what had to be left out.

    A document without a title is called `name`, one without a kind is "other".
    """
    short = {element: _short(element, deepcopy(one)) for element, one in given.items()}
    document: Any = profile.prune(short)
    document["languages"] = [one for one in document.get("languages", ()) if normalise(str(one))]
    dropped: list[Unfit] = []
    for _try in range(TRIES):
        _complete(document, name)
        try:
            return profile.check(document), dropped
        except Unfit as error:
            dropped.append(error)
            document = _without(document, list(error.errors))
    bare = {"type": vocabulary.TYPES["other"].uri}
    _complete(bare, name)
    return profile.check(bare), dropped


def _complete(document: dict[str, Any], name: str) -> None:
    """What no document goes without: a kind, and a title even where the source has none."""
    document.setdefault("type", vocabulary.TYPES["other"].uri)
    titles = document.setdefault("titles", [])
    if not any(one.get("kind") == "main" for one in titles):
        if titles:
            titles[0]["kind"] = "main"
        else:
            titles.append({"text": line(name)[:2000] or "–", "kind": "main"})


def _short(name: str, value: Any) -> Any:
    """A list without what is beyond its limit, and its texts without what is beyond theirs."""
    if not isinstance(value, list):
        return value
    kept = value[: getattr(_FIELDS[name], "limit", None)]
    longest = LONGEST.get(name)
    return [
        {**one, "text": one["text"][:longest]} if longest and isinstance(one, dict) else one
        for one in kept
    ]


def _without(document: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """The document without what the paths lead to: a detail where there is one, else the entry."""
    gone: dict[str, set[int]] = {}
    for path in paths:
        name, place, detail = [*path.split("."), "", ""][:3]
        value = document.get(name)
        if isinstance(value, list) and place.isdigit():
            entry = value[int(place)]
            if detail in DETAILS and isinstance(entry, dict) and detail in entry:
                del entry[detail]  # a text in a language that we do not know is still a text
            else:
                gone.setdefault(name, set()).add(int(place))
        elif isinstance(value, dict) and place in DETAILS and place in value:
            del value[place]
        else:
            document.pop(name, None)
    for name, places in gone.items():
        document[name] = [one for at, one in enumerate(document[name]) if at not in places]
    return document

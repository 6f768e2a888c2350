"""A book as Open Library's interface describes it (`/api/books`, `jscmd=details`)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest import names
from schemas import languages, text, vocabulary

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
MOST = 50  # subjects


def document(details: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a description that are there; nothing without a title."""
    title = _said(details.get("title"))
    if not title:
        return {}
    spoken = [one for one in _codes(details) if one]
    tagged = {"language": spoken[0]} if len(spoken) == 1 else {}
    titles = [{"text": title, "kind": "main", **tagged}]
    subtitle = _said(details.get("subtitle"))
    if subtitle:
        titles.append({"text": subtitle, "kind": "subtitle", **tagged})
    year = _YEAR.search(_said(details.get("publish_date")))
    pages = details.get("number_of_pages")
    return {
        "type": vocabulary.TYPES["monograph"].uri,
        "titles": titles,
        "creators": [_person(one) for one in _texts(details, "authors")],
        "issued": year[1] if year else "",
        "publishers": list(_publishers(details)),
        "edition": _said(details.get("edition_name")),
        "languages": spoken,
        "keywords": [{"text": one} for one in _texts(details, "subjects")[:MOST]],
        "identifiers": [
            {"scheme": "isbn", "value": one}
            for one in (*_texts(details, "isbn_13"), *_texts(details, "isbn_10"))[:1]
        ],
        "classification": [
            {"scheme": "ddc", "code": one} for one in _texts(details, "dewey_decimal_class")[:1]
        ],
        "series": [{"title": one} for one in _texts(details, "series")[:1]],
        "extent": [f"{pages}"] if isinstance(pages, int) and pages > 0 else [],
    }


def _said(value: Any) -> str:
    return text.line(value) if isinstance(value, str) else ""


def _texts(details: Mapping[str, Any], key: str) -> list[str]:
    """Texts of a list whose members are texts, or have names."""
    given = details.get(key)
    found = [
        _said(one.get("name")) if isinstance(one, Mapping) else _said(one)
        for one in (given if isinstance(given, list) else [])
    ]
    return [one for one in found if one]


def _codes(details: Mapping[str, Any]) -> Iterator[str]:
    given = details.get("languages")
    for one in given if isinstance(given, list) else []:
        key = _said(one.get("key")) if isinstance(one, Mapping) else ""
        yield languages.normalise(key.rpartition("/")[2]) or ""


def _person(name: str) -> dict[str, str]:
    family, given, patronymic = names.split(name)
    parts = {"family": family, "given": given, "patronymic": patronymic}
    return {"kind": "person", "role": "aut", **{key: one for key, one in parts.items() if one}}


def _publishers(details: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    places = _texts(details, "publish_places")
    for at, name in enumerate(_texts(details, "publishers")):
        yield {"name": name, **({"place": places[at]} if at < len(places) else {})}

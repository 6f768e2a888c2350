"""Parts of a document that several formats need."""

import re
from typing import Any

_RANGE = re.compile(r"\s*([^\s\u2010-\u2015-]+)\s*(?:[\u2010-\u2015-]+\s*([^\s\u2010-\u2015-]+))?")


def identifiers(document: dict[str, Any], scheme: str) -> list[str]:
    """The work's identifiers of one scheme."""
    return [one["value"] for one in document.get("identifiers", ()) if one["scheme"] == scheme]


def pages(host: dict[str, Any]) -> tuple[str, str]:
    """First and last page, "" where there is none: "11–29" gives ("11", "29")."""
    found = _RANGE.fullmatch(host.get("pages", ""))
    return (found[1], found[2] or "") if found else ("", "")

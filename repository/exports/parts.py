"""Parts of a document that several formats need."""

import re
from typing import Any

_RANGE = re.compile(r"\s*([^\s\u2010-\u2015-]+)\s*(?:[\u2010-\u2015-]+\s*([^\s\u2010-\u2015-]+))?")
# "the son of", "the daughter of" after a father's name: no name, so no initial.
PARTICLES = frozenset("кызы уулу улуу кизи қызы ұлы улы угли оглу оглы kyzy uulu kizi ogly".split())
TONGUES = ("ky", "ru", "en")


def identifiers(document: dict[str, Any], scheme: str) -> list[str]:
    """The work's identifiers of one scheme."""
    return [one["value"] for one in document.get("identifiers", ()) if one["scheme"] == scheme]


def pages(host: dict[str, Any]) -> tuple[str, str]:
    """First and last page, "" where there is none: "11–29" gives ("11", "29")."""
    found = _RANGE.fullmatch(host.get("pages", ""))
    return (found[1], found[2] or "") if found else ("", "")


def tongue(document: dict[str, Any]) -> str:
    """The language in which a work is cited: its own where we have the words, else English.

    A work that names none is taken for one in the language of its title.
    """
    title = (document.get("titles") or [{}])[0]
    said = (document.get("languages") or [title.get("language", "en")])[0]
    return said if said in TONGUES else "en"


def initials(agent: dict[str, Any]) -> str:
    """The initials of a person: "А. Б.", "Ж.-П."; without кызы and уулу."""
    names = f"{agent.get('given', '')} {agent.get('patronymic', '')}".split()
    named = [one for one in names if one.casefold() not in PARTICLES]
    return " ".join("-".join(f"{part[0]}." for part in one.split("-") if part) for one in named)


def written_name(text: str) -> dict[str, str]:
    """A name in one line as CSL has it: family and given where a comma parts them."""
    family, comma, given = (part.strip() for part in text.partition(","))
    return {"family": family, "given": given} if comma and given else {"literal": text}


def page_count(document: dict[str, Any]) -> str:
    """How many pages the work has, if its extent says so: "120 б." gives "120"."""
    for extent in document.get("extent", ()):
        found = re.match(r"\s*(\d+)\s*(?:б\b|с\b|стр|p|bet|бет)", extent, re.IGNORECASE)
        if found:
            return found[1]
    return ""

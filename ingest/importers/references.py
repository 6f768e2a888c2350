"""Entries of reference managers as works: what BibTeX, RIS and CSL-JSON mean alike.

A reader puts what an entry says into a Reference, in the words of CSL; `reference_document` makes a
document of it. The kinds and roles are those that the exports write, the other way round.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest import names
from ingest.harvest import describing
from ingest.harvest.readers import elements, kinds
from ingest.harvest.readers.elements import Description
from ingest.importers import described
from ingest.importers.table_headings import TONGUES
from ingest.rows import Link
from repository.exports import csl
from schemas import languages, text

Agent = dict[str, Any]

# Of kinds that the exports write alike, what is meant as a rule.
_USUAL = ("article", "monograph", "doctoral-thesis", "report", "conference-paper", "periodical")
_SMALL = names.PARTICLES | names.KIN | names.LINKS
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]\b")
_ISSN = re.compile(r"\b\d{4}[-\u2010-\u2015]?\d{3}[\dXxХх]\b")
_TAGS = re.compile(
    r"</?(p|br|div|li|ul|jats:[a-z]+|[ib]|em|strong|su[bp]|span|sc)(\s[^<>]*)?/?>", re.I
)
_WITHIN = re.compile(r"(?i)jats:(?:italic|bold|su[bp]|sc)|[ib]|em|strong|su[bp]|span|sc")
_NAMES = {
    "american": "en", "british": "en", "usenglish": "en", "ukenglish": "en", "canadian": "en",
    "australian": "en", "german": "de", "ngerman": "de", "austrian": "de", "french": "fr",
    "turkish": "tr", "kazakh": "kk", "uzbek": "uz", "tajik": "tg", "chinese": "zh", "spanish": "es",
    "italian": "it", "japanese": "ja", "arabic": "ar", "persian": "fa", "polish": "pl",
    "ukrainian": "uk", "kirghiz": "ky", "mongolian": "mn", "latin": "la", "қазақша": "kk",
}  # fmt: skip


def inverted(table: Mapping[str, str]) -> dict[str, str]:
    """The kind that each word of an export's table means."""
    found: dict[str, str] = {}
    for key in (*_USUAL, *table):
        if key in table:
            found.setdefault(table[key], key)
    return found


KINDS = inverted(csl.TYPES)
ROLES = {variable: role for role, variable in csl.ROLES.items()} | {"author": "aut"}


@dataclass
class Reference:
    """What an entry says: `said` by variables of CSL, `people` by role, the rest in `found`.

    `hosting` is the kind of what it came out in, `degree` that of a thesis which names no other.
    """

    kind: str = "other"
    hosting: str = "journal"
    degree: str = ""
    said: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[Agent]] = field(default_factory=dict)
    isbn: list[str] = field(default_factory=list)
    issn: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    found: Description = field(default_factory=Description)
    unplaced: list[str] = field(default_factory=list)

    def person(self, role: str, agent: Agent | None) -> None:
        """Adds somebody who did something for it."""
        if agent and len(self.people.setdefault(role, [])) < 5000:
            self.people[role].append({**agent, "role": role})

    def identifier(self, scheme: str, value: str) -> None:
        """Adds an identifier of the work."""
        self.found.add("identifiers", {"scheme": scheme, "value": value} if value.strip() else None)

    def language(self, said: str) -> None:
        """Adds the languages that a text names by codes or names, as people and TeX do."""
        for one in re.split(r"[,;/|]|\band\b", said)[:20]:
            plain = one.strip(" .").casefold()
            code = TONGUES.get(plain) or _NAMES.get(plain) or languages.normalise(plain)
            self.found.add("languages", code)

    def numbers(self, said: str) -> None:
        """Adds the ISBNs and ISSNs of a text that may hold either."""
        isbn = _ISBN.findall(said)
        issn = [] if isbn else _ISSN.findall(said)
        self.isbn += isbn
        self.issn += [one.upper().replace("Х", "X") for one in issn]
        if not isbn and not issn:
            self.identifier("isbn" if len(re.sub(r"\D", "", said)) > 8 else "issn", said)


def links(of: Reference) -> list[Link]:
    """The addresses of files; those of pages become identifiers of the work."""
    found = []
    for said in of.urls:
        address = describing.link(said)
        known = kinds.identifier(said.strip())
        if known and known["scheme"] != "url":
            of.found.add("identifiers", known)
        elif address and described.FILE.search(address):
            found.append(Link(address=address))
        elif address and len(address) <= 1000:
            of.identifier("url", address)
        elif said.strip():
            of.unplaced.append("url")
    return found


def agent(family: str, given: str = "") -> Agent | None:
    """A person whose family name stands by itself; without a given name, whoever it may be."""
    family, given = text.line(family), text.line(given)
    if not given:
        return anybody(family)
    parts = names.split(f"{family.replace(',', ' ')}, {given.replace(',', ' ')}")
    if not parts.family:
        parts = names.Name(family, given)
    return {"kind": "person", **parts._asdict()}


def anybody(said: str) -> Agent | None:
    """A person or an organisation by a name without a comma."""
    plain = text.line(said)
    words = plain.split()
    small = [one for one in words[1:] if one[0].islower() and one.lower() not in _SMALL]
    if names.is_certain(plain):
        return {"kind": "person", **names.split(plain)._asdict()}
    if small or len(words) > 5 or (len(words) == 1 and len(plain) > 1 and plain.isupper()):
        return organisation(plain)
    return elements.person(plain, "aut")


def organisation(name: str) -> Agent | None:
    """An organisation, or anybody who is called by one name alone."""
    plain = text.line(name)
    return {"kind": "organisation", "name": plain} if plain else None


def bare(said: str) -> str:
    """A text without the tags of HTML and JATS that managers leave in it."""
    return text.paragraphs(_TAGS.sub(_untagged, said) if "<" in said else said)


def _untagged(found: re.Match[str]) -> str:
    return "" if _WITHIN.fullmatch(found[1]) else " "


def pages(said: str) -> str:
    """Pages with a dash between them."""
    return re.sub(r"\s*(?:-+|[\u2010-\u2015]+)\s*", "–", text.line(said))


def keywords(of: Reference, said: Iterable[str]) -> None:
    """Adds keywords; those that are classes become classification."""
    for one in said:
        plain = text.line(one).strip(" ,;")
        known = kinds.classification(plain)
        if known:
            of.found.add("classification", known)
        else:
            of.found.add("keywords", {"text": plain} if plain else None)

"""Ways through foreign XML that all readers share: by local name, whatever the namespace."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest import names
from schemas import vocabulary

MAKERS = frozenset(vocabulary.CREATOR_RELATORS) - {"edt", "com", "isb"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Words that make a name an organisation's, in the languages that we meet most.
_ORGANISATION = re.compile(
    r"(?i)\b(?:univ|instit|academ|librar|ministr|department|faculty|centre|center|school|college|"
    r"society|association|committee|museum|council|foundation|organi[sz]ation|agency|inc\b|ltd\b|"
    r"gmbh|университет|институт|академи|библиотек|министерств|кафедр|факультет|центр|школа|"
    r"общество|комитет|музей|совет|фонд|агентств|китепкана|коом|бирикме|борбор)"
)
_TAGS = re.compile(
    r"</?(?:jats:)?(?:p|br|i|b|em|strong|sub|sup|span|div|italic|bold|title)\b[^<>]*>"
)


@dataclass
class Description:
    """A document in the shape of `schemas.work`, unchecked, and addresses where the work may be."""

    document: dict[str, Any] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)

    def add(self, element: str, value: Any) -> None:
        """Adds to an element that repeats, unless it is empty or there already."""
        kept = self.document.setdefault(element, [])
        if value and value not in kept:
            kept.append(value)

    def put(self, element: str, value: Any) -> None:
        """Sets an element that does not repeat, unless it has been set."""
        if value and element not in self.document:
            self.document[element] = value


def local(element: etree._Element) -> str:
    """The name without its namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: etree._Element | None) -> str:
    """All text of an element on one line, without the tags of HTML that were written as text."""
    if element is None:
        return ""
    return " ".join(_TAGS.sub(" ", "".join(element.itertext())).split())


def each(parent: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The children with any of these names."""
    return (one for one in (parent if parent is not None else ()) if local(one) in names)


def first(parent: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path."""
    for name in path:
        parent = next(each(parent, name), None)
    return parent


def text(parent: etree._Element | None, *path: str) -> str:
    """The words of the first element down a path."""
    return words(first(parent, *path))


def tagged(element: etree._Element) -> dict[str, str]:
    """A text with its language, where one is said."""
    language = element.get(XML_LANG, "") or element.get("lang", "")
    return {"text": words(element), "language": language.partition("-")[0].lower()}


def titled(description: Description, found: list[dict[str, str]]) -> None:
    """The titles: the first is the main one."""
    for one in found:
        kinds = {title["kind"] for title in description.document.get("titles", ())}
        kind = one.get("kind") or ("alternative" if "main" in kinds else "main")
        description.add("titles", {**one, "kind": kind} if one["text"] else None)


def peopled(description: Description, agent: dict[str, Any] | None, *, main: bool = False) -> None:
    """A person or an organisation by their role; `main` when the format says that they made it.

    Editors and compilers count as makers only where nobody else does: see `headed`.
    """
    made = main or (agent or {}).get("role") in MAKERS
    description.add("creators" if made else "contributors", agent)


def headed(description: Description) -> None:
    """Where nobody made the work, those who edited or compiled it did."""
    others = description.document.get("contributors", [])
    editors = [one for one in others if one["role"] in vocabulary.CREATOR_RELATORS]
    if editors and not description.document.get("creators"):
        description.document["creators"] = editors
        description.document["contributors"] = [one for one in others if one not in editors]


def person(name: str, role: str, **more: Any) -> dict[str, Any] | None:
    """A person or an organisation whose name is one text."""
    plain = name.strip(" ,;")
    if not plain:
        return None
    if _ORGANISATION.search(plain):
        return {"kind": "organisation", "name": plain, "role": role, **more}
    parts = names.split(plain)
    if not parts.family:
        return {"kind": "organisation", "name": plain, "role": role, **more}
    return {"kind": "person", **parts._asdict(), "role": role, **more}

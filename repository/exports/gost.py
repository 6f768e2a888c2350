"""ГОСТ Р 7.0.100-2018 (bibliographic record) and ГОСТ Р 7.0.5-2008 (reference).

Both are tables of areas, in the order of the standard; an area that has nothing to say is left
out. The words are those of the work's language (`repository.exports.wording`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from repository.exports import parts
from repository.exports.wording import WORDS, Words, edition
from repository.records import Record
from schemas import vocabulary
from schemas import work as profile

Document = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """What the areas are made of. `version` makes it a reference to that version."""

    record: Record
    document: Document
    words: Words
    today: date | None
    version: int | None

    @property
    def host(self) -> Document:
        """Where the work came out; empty of what stands alone."""
        return self.document.get("host") or {}

    @property
    def thesis(self) -> Document:
        """Degree and place of a thesis; empty of all else."""
        return self.document.get("thesis") or {}

    @property
    def electronic(self) -> bool:
        """Whether it is read here; a record of the catalogue alone describes the printed one."""
        return bool(self.record.files) or self.record.deleted or bool(self.version)

    @property
    def authors(self) -> list[Document]:
        """Those who made it, without editors and compilers, who stand behind the stroke."""
        creators = self.document.get("creators", ())
        return [one for one in creators if one.get("role", "aut") not in self.words.roles]


Area = Callable[[Work], str]


class Card(NamedTuple):
    """A record for a catalogue card: the heading stands above the description."""

    heading: str
    body: str


def card(record: Record, *, today: date | None = None) -> Card:
    """The record by ГОСТ Р 7.0.100-2018 in the two parts of a card."""
    one = _work(record, today, None)
    return Card(_heading(one), _body(one))


def record_2018(record: Record, *, today: date | None = None, version: int | None = None) -> str:
    """The bibliographic record of the work by ГОСТ Р 7.0.100-2018."""
    one = _work(record, today, version)
    return " ".join(filter(None, (_heading(one), _body(one))))


def _body(one: Work) -> str:
    if one.host.get("title"):
        return f"{_joined(PART, one).removesuffix('.')} // {_joined(HOST, one)}"
    return _joined(WHOLE, one)


def reference_2008(record: Record, *, today: date | None = None, version: int | None = None) -> str:
    """The short reference behind the text by ГОСТ Р 7.0.5-2008."""
    one = _work(record, today, version)
    names = ", ".join(_inverted(each, "") for each in one.authors) if _headed(one) else ""
    said = " ".join(filter(None, (names, _short_title(one))))
    if one.host.get("title"):
        said += f" // {one.host['title']}"
    return _sentence([said, *(area(one) for area in REFERENCE)], " ")


def _work(record: Record, today: date | None, version: int | None) -> Work:
    words = WORDS[parts.tongue(record.document)]
    return Work(record, record.document, words, today, version)


def _joined(areas: Iterable[Area], one: Work) -> str:
    return _sentence([area(one) for area in areas], " – ")


def _sentence(areas: Iterable[str], between: str) -> str:
    """Areas, each closed by one full stop."""
    said = [area.strip() for area in areas if area.strip()]
    return between.join(
        area if area.endswith((".", "?", "!", "…")) else f"{area}." for area in said
    )


# The heading and the areas of a record.


def _headed(one: Work) -> bool:
    """One to three people head a record; more, and organisations, stand behind its title."""
    return 0 < len(one.authors) <= 3 and not any(each.get("name") for each in one.authors)


def _heading(one: Work) -> str:
    if not _headed(one):
        return ""
    said = _inverted(one.authors[0], ",")
    return said if said.endswith(".") else f"{said}."


def _inverted(agent: Document, comma: str) -> str:
    """ "Асанова, А. Б.", an organisation as it is."""
    if agent.get("name"):
        return agent["name"]
    initials = parts.initials(agent)
    return f"{agent.get('family', '')}{comma} {initials}" if initials else agent.get("family", "")


def _direct(agent: Document) -> str:
    """ "А. Б. Асанова", an organisation as it is."""
    if agent.get("name"):
        return agent["name"]
    return f"{parts.initials(agent)} {agent.get('family', '')}".strip()


def _title(one: Work) -> str:
    """Title, what else is said of it, and the statement of responsibility."""
    subtitles = [each["text"] for each in one.document["titles"] if each.get("kind") == "subtitle"]
    said = [profile.main_title(one.document)["text"], *subtitles, _specialty(one)]
    said.append(_thesis(one, one.words.theses))
    responsible = " ; ".join(filter(None, (_authors(one), *_helpers(one), _grantor(one))))
    return " / ".join(filter(None, (" : ".join(filter(None, said)), responsible)))


def _authors(one: Work) -> str:
    """All of up to four, three of more; the author of a thesis with the full name."""
    named = [_whole(each) if one.thesis else _direct(each) for each in one.authors]
    if len(named) > 4:
        return f"{', '.join(named[:3])} [{one.words.others}]"
    return ", ".join(named)


def _whole(agent: Document) -> str:
    given = (agent.get("family"), agent.get("given"), agent.get("patronymic"))
    return agent.get("name") or " ".join(filter(None, given))


def _helpers(one: Work) -> list[str]:
    everybody = [*one.document.get("creators", ()), *one.document.get("contributors", ())]
    said = []
    for role, word in one.words.roles.items():
        named = [_direct(each) for each in everybody if each.get("role") == role]
        if len(named) > 4:
            named = [*named[:2], f"{named[2]} [{one.words.others}]"]
        said.append(f"{word} {', '.join(named)}" if named else "")
    return said


def _specialty(one: Work) -> str:
    specialty = one.thesis.get("specialty") or {}
    name = f"«{specialty['name']}»" if specialty.get("name") else ""
    said = " ".join(filter(None, (specialty.get("code"), name)))
    return f"{one.words.specialty} {said}" if said else ""


def _thesis(one: Work, said: dict[str, str]) -> str:
    key = profile.work_type(one.document).key
    if key not in vocabulary.THESES:
        return ""
    degree = one.thesis.get("degree", "")
    if key == "thesis-abstract":
        return said.get(f"abstract {degree}", said["abstract"])
    return said[degree or {"master-thesis": "master", "bachelor-thesis": "bachelor"}.get(key, "")]


def _grantor(one: Work) -> str:
    return one.thesis.get("grantor", "")


def _edition(one: Work) -> str:
    return edition(one.document.get("edition", ""), parts.tongue(one.document))


def _publication(one: Work, between: str = " : ") -> str:
    """Place : publisher, year; a thesis has its place alone."""
    places = (one.document.get("publishers") or [{}])[:2]
    named = [between.join(filter(None, (each.get("place"), each.get("name")))) for each in places]
    if one.thesis:
        named = [one.thesis.get("place") or places[0].get("place", "")]
    year = profile.year(one.document)
    return ", ".join(filter(None, (" ; ".join(filter(None, named)), str(year or ""))))


def _extent(one: Work) -> str:
    return (one.document.get("extent") or [""])[0]


def _series(one: Work) -> str:
    said = []
    for each in one.document.get("series", ()):
        name = ", ISSN ".join(filter(None, (each["title"], each.get("issn"))))
        said.append(f"({' ; '.join(filter(None, (name, each.get('number'))))})")
    return " ".join(said)


def _isbn(one: Work) -> str:
    return ". – ".join(f"ISBN {each}" for each in parts.identifiers(one.document, "isbn"))


def _doi(one: Work, said: str = "DOI {}") -> str:
    """The DOI, which is that of the newest version alone."""
    found = parts.identifiers(one.document, "doi")
    return said.format(found[0]) if found and not one.version else ""


def _url(one: Work) -> str:
    if not one.electronic:
        return ""
    day = f" ({one.words.accessed}: {one.today:%d.%m.%Y})" if one.today else ""
    return f"URL: {one.record.url}{day}"


def _version(one: Work) -> str:
    return one.words.version.format(one.version) if one.version else ""


def _content(one: Work) -> str:
    said = one.words.content
    content = said.get(profile.work_type(one.document).key, said[""])
    return f"{content} : {one.words.electronic if one.electronic else one.words.printed}"


def _host_title(one: Work) -> str:
    named = map(parts.written_name, one.host.get("editors", ())[:3])
    editors = ", ".join(
        each.get("literal") or f"{each['given']} {each['family']}" for each in named
    )
    editors = f"{one.words.roles['edt']} {editors}" if editors else ""
    return " / ".join(filter(None, (one.host["title"], editors)))


def _host_publication(one: Work) -> str:
    """Year of a journal; place, publisher and year of a book."""
    year = str(profile.year(one.document) or "")
    return year if one.host.get("kind", "journal") == "journal" else _publication(one)


def _numbers(one: Work) -> str:
    volume, issue = one.host.get("volume"), one.host.get("issue")
    said = (f"{one.words.volume} {volume}" if volume else "", f"{one.words.issue} {issue}")
    return ", ".join(filter(None, said if issue else said[:1]))


def _pages(one: Work) -> str:
    pages = "–".join(filter(None, parts.pages(one.host))) or one.host.get("pages")
    return f"{one.words.page} {pages}" if pages else one.host.get("article_number", "")


def _host_isbn(one: Work) -> str:
    return f"ISBN {one.host['isbn']}" if one.host.get("isbn") else ""


WHOLE: tuple[Area, ...] = (
    _title,  # 5.2
    _edition,  # 5.3
    _publication,  # 5.5
    _extent,  # 5.6
    _series,  # 5.7
    _version,  # 5.8
    _isbn,  # 5.9
    _doi,
    _url,
    _content,  # 5.10
)
# A part of a journal or book: itself, then what holds it.
PART: tuple[Area, ...] = (_title, _content)
HOST: tuple[Area, ...] = (
    _host_title,
    _host_publication,
    _numbers,
    _pages,
    _series,
    _version,
    _host_isbn,
    _doi,
    _url,
)


# The reference of 2008.


def _short_title(one: Work) -> str:
    subtitles = [each["text"] for each in one.document["titles"] if each.get("kind") == "subtitle"]
    said = [profile.main_title(one.document)["text"], *subtitles[:1]]
    said.append(_thesis(one, one.words.short_theses))
    named = [_direct(each) for each in one.authors]
    if len(named) > 3:
        responsible = f"{named[0]} [{one.words.others}]"
    elif _headed(one):
        responsible = ""
    else:
        responsible = ", ".join(named) or "; ".join(filter(None, _helpers(one)))
    return " / ".join(filter(None, (": ".join(filter(None, said)), responsible)))


def _short_publication(one: Work) -> str:
    if one.host.get("title") and one.host.get("kind", "journal") == "journal":
        return str(profile.year(one.document) or "")
    return _publication(one, ": ")


def _short_extent(one: Work) -> str:
    """How long a whole work is; of a part its pages are said."""
    return "" if one.host.get("title") else _extent(one)


def _short_doi(one: Work) -> str:
    return _doi(one, "DOI: {}")


REFERENCE: tuple[Area, ...] = (
    _edition,
    _short_publication,
    _numbers,
    _pages,
    _short_extent,
    _series,
    _version,
    _short_doi,
    _url,
)

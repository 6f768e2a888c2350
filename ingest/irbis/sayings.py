"""What catalogue descriptions say in words: years, pages, kinds of theses, volumes, languages."""

import re
from typing import Any

from marshmallow import ValidationError

from ingest import names
from schemas import fields, languages
from schemas.messages import Message
from schemas.text import line

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_PAGES = re.compile(r"(?i)^(?:с|c|p|pp|б|бб|стр|s)\.?\s*(?=\d)")
# "Вып. 13", "Кн. 3", "2-том", "Ч. 1": a title that says nothing without that of its set.
_ONLY_NUMBER = re.compile(
    r"(?i)^(?:(?:вып|т|том|кн|книга|ч|часть|бөлүк|бөлүм|китеп|vol|volume|no|issue|part|№|n)"
    r"\b\.?\s*[\divxlcм]+|[\divxlc]+\s*[-–]?\s*(?:том|китеп|бөлүк|бөлүм|чыгарылыш))\W*$"
)
_AVTOREFERAT = re.compile(r"(?i)автореф|autoabstract")
_THESIS = re.compile(r"(?i)(?:^|\W)(?:дис(?:с|серт\w*)?\b|диссертация\w*|thesis|dissertation)")
_DEGREES = (
    (re.compile(r"(?i)магист|master"), "master", "master-thesis"),
    (re.compile(r"(?i)бакалав|выпускн\w+ квалиф|bachelor"), "bachelor", "bachelor-thesis"),
    (re.compile(r"(?i)диплом"), "specialist", "bachelor-thesis"),
    (re.compile(r"(?i)д-ра|докт|доктор"), "doctor", "doctoral-thesis"),
    (re.compile(r"(?i)канд"), "candidate", "doctoral-thesis"),
    (re.compile(r"(?i)ph\.? ?d"), "phd", "doctoral-thesis"),
)
_SPECIALTY = re.compile(r"(?<!\d)\d\d\.\d\d\.\d\d(?!\d)")
_MARKED = re.compile(r"<([^<>]*)>")


def year(words: str) -> str:
    """A year as EDTF has it, "1998" or where the source doubts "1998?"; "" without one."""
    found = _YEAR.search(words)
    if found is None:
        return ""
    return f"{found[1]}?" if "?" in words else found[1]


def pages(words: str) -> str:
    """Pages without the word for them: "С. 12-15" gives "12–15"."""
    return re.sub(r"(?<=\d)\s*-\s*(?=\d)", "–", _PAGES.sub("", words.strip())).rstrip(". ")


def numbered(word: str, number: str) -> str:
    """A number with the word for it, unless it has one: "№ 4"."""
    return f"{word} {number}" if number[:1].isdigit() else number


def only_a_number(title: str) -> bool:
    """Whether a volume's title says nothing without that of its set."""
    return _ONLY_NUMBER.match(title.strip()) is not None


def joined(*parts: str, mark: str = ". ") -> str:
    """The parts that are there, with a mark between them, and no dot after a dot."""
    return mark.join(filter(None, parts)).replace("..", ".")


def unmarked(words: str) -> str:
    """Without the angle brackets that mark words for IRBIS's dictionary."""
    return _MARKED.sub(r"\1", words)


def language(code: str) -> str:
    """A language as we store it; "" when it is none."""
    return languages.normalise(code) or ""


def thesis(words: str) -> tuple[str, dict[str, Any]] | None:
    """The kind of work and its `thesis` element, when the words tell of a thesis."""
    about = _AVTOREFERAT.search(words)
    if not about and not _THESIS.search(words) and not re.search(r"(?i)выпускн\w+ квал", words):
        return None
    degree, kind = next(
        ((degree, kind) for fits, degree, kind in _DEGREES if fits.search(words)),
        ("candidate", "doctoral-thesis"),
    )
    found: dict[str, Any] = {"degree": degree}
    codes = _SPECIALTY.findall(words)
    if codes:
        found["specialty"] = {"code": codes[0]}
    return ("thesis-abstract" if about else kind), found


def person(family: str, initials: str = "", given: str = "") -> dict[str, Any]:
    """A person's name in our parts, from those of a catalogue."""
    family = line(family).rstrip(",")
    first = line(given or initials)
    if not first:
        found = names.split(family) if " " in family or "," in family else names.Name(family)
    else:
        found = names.split(f"{family}, {first}")
    parts = {"family": found.family, "given": found.given, "patronymic": found.patronymic}
    return {"kind": "person", **{name: one for name, one in parts.items() if one}}


def initials(agent: dict[str, Any]) -> str:
    """The initials of a person: "В. М."; "" without a given name."""
    given = f"{agent.get('given', '')} {agent.get('patronymic', '')}"
    words = [one for one in re.split(r"[\s.]+", given) if one and one.lower() not in names.KIN]
    return " ".join(f"{one[0].upper()}." for one in words)


def number(scheme: str, value: str) -> dict[str, str]:
    """An ISBN or ISSN; one with a wrong check digit stays as a local number, and can be found."""
    check = fields.IDENTIFIER_CHECKS[scheme]
    plain = line(value).replace("х", "X").replace("Х", "X")  # the Cyrillic letters
    try:
        return {"scheme": scheme, "value": check(plain)}
    except ValidationError:
        return {"scheme": "local", "value": f"{scheme.upper()} {line(value)}"}


def wrong(number: str) -> Message:
    """What is said of an ISBN or ISSN with a wrong check digit."""
    return Message("%(number)s is wrong; it is kept as a local number.", number=number)

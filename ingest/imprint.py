"""The small print of the first pages: DOI, classification, year."""

import re
from collections.abc import Iterator, Sequence

from marshmallow import ValidationError

from ingest import prose
from ingest.layout import Line, Page
from schemas import fields

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>«»]{1,200}")
_DOI_LABEL = re.compile(
    r".{0,40}?(?:\bdoi\b\s*[:.]?|https?://(?:dx\.)?doi\.org/|doi\.org/)", re.IGNORECASE
)
_CODES = {
    "udc": re.compile(
        r"\b(?:УДК|UDC|УОК|ОЭЖ)\b[\s:.]*(\d(?:[\d.:()/+\"'’*\[\]=–-]|\s(?=[\d(:+=\"]))*)"
    ),
    "bbk": re.compile(r"\b(?:ББК|BBK|LBC)\b[\s:.]*([\dА-Я][\dА-Яа-я.()/+=-]*)"),
}
_YEAR = r"((?:19|20)\d\d)"
_YEARS = (
    re.compile(rf"\b(?:published|опубликован\w*|жарыялан\w*)\b[^\n]{{0,40}}?\b{_YEAR}\b", re.I),
    re.compile(
        rf"^\s*(?:[^\W\d_]\.\s?)?[^\W\d_-]{{3,30}}\s*[-–—,]?\s*{_YEAR}\s*(?:г\.?|ж\.?|-?жыл)?\s*$"
    ),
    re.compile(rf"(?:№|\bvol|\bтом\b|\bт\.|\bissue\b|\bвып)[^\n]{{0,40}}?\b{_YEAR}\b", re.I),
    re.compile(rf"\b{_YEAR}\b[^\n]{{0,12}}?(?:№|\bvol|\bтом\b|\bт\.|\bвып)", re.I),
    re.compile(rf"(?:©|\(c\)|copyright)[^\n]{{0,60}}\b{_YEAR}\b", re.I),
    re.compile(
        r"\b(?:accepted|received|submitted|принята|поступила|келип түшкөн)\b[^\n]{0,40}?"
        rf"\b{_YEAR}\b",
        re.I,
    ),
)
# The end of a running title: "Journal of Examples, 12, 11–24, 2023".
_RUNNING = re.compile(rf"(?:.*[\s,(])?{_YEAR}\)?\.?")
EDGE = 0.12
_REFERENCES = re.compile(
    r"\s*(?:references|bibliography|literature|литература|список .{0,20}литературы|"
    r"(?:колдонулган )?адабияттар.{0,20})\s*:?",
    re.IGNORECASE,
)


def doi(pages: Sequence[Page]) -> str | None:
    """The DOI that the work gives itself, not one that it cites."""
    for text in _small_print(pages):
        label = _DOI_LABEL.match(text)
        found = _DOI.search(text, label.end()) if label else None
        if label and found and found.start() - label.end() < 4:
            return normal_doi(found[0])
    return None


def normal_doi(text: str) -> str | None:
    """A DOI without the punctuation that followed it, or None."""
    found = _DOI.search(text)
    if not found:
        return None
    bare = found[0].rstrip(".,;:'’”…")
    while bare.endswith((")", "]", "}")) and bare.count(bare[-1]) > bare.count(
        {")": "(", "]": "[", "}": "{"}[bare[-1]]
    ):
        bare = bare[:-1].rstrip(".,;:")
    try:
        return fields.check_doi(bare)
    except ValidationError:
        return None


def classification(pages: Sequence[Page]) -> list[tuple[str, str]]:
    """Scheme and code of what is printed as УДК or ББК."""
    text = "\n".join(prose.line(line.text) for page in pages[:2] for line in page.lines)
    found = ((scheme, code.search(text)) for scheme, code in _CODES.items())
    return [(scheme, match[1].strip(" .,:;-–")) for scheme, match in found if match]


def year(pages: Sequence[Page], latest: int) -> str | None:
    """The year of publication, by the surest of the ways in which a page says it."""
    lines = [(prose.line(line.text), line, page) for page in pages[:2] for line in page.lines]
    for pattern in _YEARS:
        for text, _, _ in lines:
            found = pattern.search(text)
            if found and 1900 <= int(found[1]) <= latest:
                return found[1]
    for text, line, page in lines:
        found = (
            None if EDGE < line.top / (page.height or 1) < 1 - EDGE else _RUNNING.fullmatch(text)
        )
        if found and 1900 <= int(found[1]) <= latest:
            return found[1]
    return None


def _small_print(pages: Sequence[Page]) -> Iterator[str]:
    """Lines in which a work may name itself: not its body, not what it cites."""
    for page in pages[:2]:
        lines = [*page.lines]
        for at, line in enumerate(lines):
            text = prose.line(line.text)
            if _REFERENCES.fullmatch(text):
                return
            if _DOI.search(text) or text.rstrip().endswith(("/", "-", "_")):
                text += _rest(line, lines[at + 1 : at + 2])
            yield text


def _rest(line: Line, following: list[Line]) -> str:
    """What a DOI that was cut at the end of its line goes on with."""
    cut = line.text.rstrip().endswith(("/", "-", "_"))
    return prose.line(following[0].text) if cut and following else ""

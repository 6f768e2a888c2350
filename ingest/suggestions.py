"""What a deposit form may suggest after reading a PDF; the depositor decides."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from ingest import authors, casing, firstpage, headings, imprint, language, names, prose, rubbish
from ingest.headings import Section
from ingest.names import Name
from ingest.pdf import Reading
from repository import clock
from schemas import languages

Value = TypeVar("Value")
# A description in the document information is taken for an abstract from this length on.
SUMMARY = 200
# What programs write that do not want to give a date.
NO_DATE = ("D:20000101000000", "D:19700101000000")
_LABEL = re.compile(
    r"(?:на тему|тема(?: работы)?|темасы|аталышы|title|topic)\s*(?::\s*|(?=[«“\"]))", re.IGNORECASE
)


class Source(StrEnum):
    """Where a suggestion comes from; the values are sentences' parts for gettext."""

    INFORMATION = "document information"
    PAGE = "first page"
    TEXT = "text"


@dataclass(frozen=True)
class Suggested(Generic[Value]):
    """A value, and where it was found."""

    value: Value
    source: Source


@dataclass(frozen=True)
class Suggestions:
    """What could be found, None or empty where nothing was."""

    title: Suggested[str] | None = None
    authors: Suggested[tuple[Name, ...]] | None = None
    abstracts: Suggested[tuple[Section, ...]] | None = None
    keywords: Suggested[tuple[Section, ...]] | None = None
    doi: Suggested[str] | None = None
    language: Suggested[str] | None = None
    year: Suggested[str] | None = None
    classification: Suggested[tuple[tuple[str, str], ...]] | None = None


def suggest(reading: Reading) -> Suggestions:
    """The suggestions that a PDF gives for its description."""
    known = prose.words(page.text for page in reading.first)
    heading = firstpage.title(reading.first, known)
    return Suggestions(
        title=_title(reading, heading),
        authors=_authors(reading, heading),
        abstracts=_abstracts(reading, known),
        keywords=_keywords(reading, known),
        doi=_doi(reading),
        language=_language(reading),
        year=_year(reading),
        classification=_on_page(tuple(imprint.classification(reading.first))),
    )


def as_document(found: Suggestions) -> dict[str, Any]:
    """The suggestions in the shape of a work's document, with only what was found."""
    spoken = found.language.value if found.language else None
    document: dict[str, Any] = {}
    if found.title:
        tag = language.guess(found.title.value) or spoken
        document["titles"] = [_tagged(found.title.value, tag) | {"kind": "main"}]
    if found.authors:
        document["creators"] = [_creator(one) for one in found.authors.value]
    if found.abstracts:
        document["abstracts"] = [_tagged(one.text, one.language) for one in found.abstracts.value]
    if found.keywords:
        document["keywords"] = [_tagged(one.text, one.language) for one in found.keywords.value]
    if found.classification:
        document["classification"] = [
            {"scheme": scheme, "code": code} for scheme, code in found.classification.value
        ]
    if found.doi:
        document["identifiers"] = [{"scheme": "doi", "value": found.doi.value}]
    if spoken:
        document["languages"] = [spoken]
    if found.year:
        document["issued"] = found.year.value
    return document


def _tagged(text: str, tag: str | None) -> dict[str, str]:
    return {"text": text, "language": tag} if tag else {"text": text}


def _creator(name: Name) -> dict[str, str]:
    parts = {part: value for part, value in name._asdict().items() if value}
    return {"kind": "person", "role": "aut", **parts}


def _on_page(value: Any) -> Suggested[Any] | None:
    return Suggested(value, Source.PAGE) if value else None


def _title(reading: Reading, heading: firstpage.Block | None) -> Suggested[str] | None:
    said = _said_title(reading)
    printed = heading.text.strip(" *†‡") if heading else ""
    if said and (not printed or (_stands_on_page(said, reading) and not _goes_on(said, printed))):
        return Suggested(_in_case(said, reading), Source.INFORMATION)
    return Suggested(_in_case(_bare(printed), reading), Source.PAGE) if printed else None


def _goes_on(said: str, printed: str) -> bool:
    """Whether the document information was cut short."""
    return len(printed) > 1.6 * len(said) and _letters(printed).startswith(_letters(said))


def _in_case(title: str, reading: Reading) -> str:
    return casing.lowered(title, "\n".join(page.text for page in reading.first))


def _said_title(reading: Reading) -> str:
    said = [reading.info.get("Title", ""), *reading.packet.get("title", ())]
    return next((one for one in said if one and not rubbish.is_title(one)), "")


def _stands_on_page(title: str, reading: Reading) -> bool:
    return any(_letters(title) in _letters(page.text) for page in reading.first)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _bare(title: str) -> str:
    """The title without the label before it and the quotation marks around all of it."""
    bare = _LABEL.sub("", title, count=1)
    inner = re.fullmatch(r"[«“\"]([^«»“”\"]+)[»”\"]\.?", bare)
    return inner[1] if inner else bare


def _authors(
    reading: Reading, heading: firstpage.Block | None
) -> Suggested[tuple[Name, ...]] | None:
    printed = authors.find(reading.first, heading)
    said = _said_authors(reading)
    if said and not any(page.text.strip() for page in reading.first):
        return Suggested(tuple(said), Source.INFORMATION)
    # Document information is set with more care than lines on a page can be taken apart, where
    # it names as many people; but it may come from a template, so each has to be on the page.
    if len(said) >= max(1, len(printed)) and all(
        _stands_on_page(one.family, reading) for one in said
    ):
        return Suggested(tuple(said), Source.INFORMATION)
    return _on_page(tuple(printed))


def _said_authors(reading: Reading) -> list[Name]:
    creators = [one for one in reading.packet.get("creator", ()) if not rubbish.is_author(one)]
    if len(creators) > 1:
        return [names.split(one) for one in creators]
    author = creators[0] if creators else reading.info.get("Author", "")
    if not author:
        return []
    listed = authors.parse(author)
    if len(listed) > 1 or rubbish.is_author(author):
        return listed
    return [names.split(author)]


def _abstracts(reading: Reading, known: set[str]) -> Suggested[tuple[Section, ...]] | None:
    printed = tuple(headings.abstracts(reading.first, known))
    said = max(reading.packet.get("description", ()), key=len, default="")
    if not printed and len(said) > SUMMARY:
        return Suggested((Section(said, language.guess(said)),), Source.INFORMATION)
    return _on_page(printed)


def _keywords(reading: Reading, known: set[str]) -> Suggested[tuple[Section, ...]] | None:
    printed = tuple(headings.keywords(reading.first, known))
    if printed:
        return _on_page(printed)
    said = headings.apart(reading.info.get("Keywords", ""))
    tag = _language(reading)
    spoken = tag.value if tag else None
    kept = tuple(Section(one, spoken) for one in said if not rubbish.is_title(one))
    return Suggested(kept, Source.INFORMATION) if kept else None


def _doi(reading: Reading) -> Suggested[str] | None:
    printed = imprint.doi(reading.first)
    if printed:
        return Suggested(printed, Source.PAGE)
    said = [
        *reading.packet.get("doi", ()),
        *reading.packet.get("identifier", ()),
        *(reading.info.get(one, "") for one in ("Subject", "Title", "Keywords")),
    ]
    found = next(filter(None, map(imprint.normal_doi, said)), None)
    return Suggested(found, Source.INFORMATION) if found else None


def _language(reading: Reading) -> Suggested[str] | None:
    guessed = language.guess("\n".join(page.text for page in reading.first))
    if guessed:
        return Suggested(guessed, Source.TEXT)
    # What programs say of the language is mostly that of the program, so it comes last.
    said = [*reading.packet.get("language", ()), reading.language]
    found = next((code for one in said if (code := languages.normalise(one))), None)
    return Suggested(found, Source.INFORMATION) if found else None


def _year(reading: Reading) -> Suggested[str] | None:
    latest = clock.now().year + 1
    printed = imprint.year(reading.first, latest)
    if printed:
        return Suggested(printed, Source.PAGE)
    for said in (*reading.packet.get("date", ()), reading.info.get("CreationDate", "")):
        found = re.match(r"(?:D:)?((?:19|20)\d\d)", said)
        if found and int(found[1]) <= latest and not said.startswith(NO_DATE):
            return Suggested(found[1], Source.INFORMATION)
    return None

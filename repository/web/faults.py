"""What is wrong with a description, said at the fields of its form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from repository.errors import ArchiveError
from repository.web import description, words
from schemas import work as profile
from schemas.messages import Message


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


# What the fields are called, by their path without the numbers of rows.
LABELS = {
    "type": _("Kind of work"),
    "version_type": _("Version"),
    "titles": _("Title"),
    "titles.language": _("Language of the title"),
    "abstracts": _("Abstract"),
    "keywords": _("Keywords"),
    "languages": _("Language of the work"),
    "issued": _("Date of publication"),
    "submitted": _("Submitted"),
    "accepted": _("Accepted"),
    "available": _("Available"),
    "host": _("Where it came out"),
    "host.title": _("Journal, book or conference"),
    "host.volume": _("Volume"),
    "host.issue": _("Issue"),
    "host.pages": _("Pages"),
    "host.article_number": _("Article number"),
    "host.issn": "ISSN",
    "host.isbn": "ISBN",
    "host.place": _("Place"),
    "host.date": _("Date"),
    "host.editors": _("Editors"),
    "thesis": _("Degree"),
    "thesis.grantor": _("Institution that gave the degree"),
    "thesis.specialty": _("Specialty"),
    "thesis.specialty.code": _("Code of the specialty"),
    "thesis.defended": _("Date of defence"),
    "thesis.place": _("Place of defence"),
    "thesis.council": _("Dissertation council"),
    "publishers": _("Publisher"),
    "publishers.place": _("Place of publication"),
    "edition": _("Edition"),
    "extent": _("Extent"),
    "series": _("Series"),
    "series.number": _("Number"),
    "identifiers": _("Identifiers"),
    "classification": _("Classification"),
    "funding": _("Funding"),
    "relations": _("Related works"),
    "coverage": _("Place or period described"),
    "notes": _("Notes"),
    "creators": _("Authors"),
    "creators.family": _("Family name"),
    "creators.name": _("Name of the organisation"),
    "creators.orcid": "ORCID",
    "contributors": _("Other people"),
    "contributors.family": _("Family name"),
    "contributors.name": _("Name of the organisation"),
    "contributors.orcid": "ORCID",
    "licence": _("Terms of use"),
    "rights_holders": _("Holder of the rights"),
    "collections": _("Collection"),
    "agreement": _("Agreement"),
    "comment": _("Comment"),
}
# Where a message about a whole element is shown.
_FIRST = {
    "titles": "titles.0.text",
    "creators": "creators.0.family",
    "thesis": "thesis.degree",
    "host": "host.title",
}

Messages = dict[str, list[str]]


def label(path: str) -> str:
    """What the field of that path is called, in the language of the page."""
    steps = [step for step in path.split(".") if not step.isdigit()]
    while steps:
        known = LABELS.get(".".join(steps))
        if known:
            return gettext(known)
        steps.pop()
    return path


def labels(errors: Iterable[str]) -> dict[str, str]:
    """The names of the fields that `errors` are about."""
    return {path: label(path) for path in errors}


def of(document: Mapping[str, Any], elements: Iterable[str] = description.WHOLE) -> Messages:
    """What keeps these elements from being sent in: messages by the name of the field."""
    return placed(document, profile.errors(document), elements)


def placed(
    document: Mapping[str, Any],
    errors: Mapping[str, Sequence[Message]],
    elements: Iterable[str] = description.WHOLE,
) -> Messages:
    """The border's messages about `elements`, by the name of the field where they belong."""
    known = set(elements)
    found: Messages = {}
    for path, messages in errors.items():
        if path.split(".")[0] in known:
            said = [words.say(message) for message in messages]
            found.setdefault(_field(document, path), []).extend(said)
    return found


def _field(document: Mapping[str, Any], path: str) -> str:
    """The field of the form at which a message about `path` is shown."""
    element, _, rest = path.partition(".")
    if element == "languages" or path in _FIRST:
        return _FIRST.get(path, element)
    number, _, more = rest.partition(".")
    rows = _ROWS.get(element)
    if rows is None or not number.isdigit():
        return path
    return f"{element}.{rows(document, int(number))}.{more or 'text'}"


def _title_row(document: Mapping[str, Any], number: int) -> int:
    title = document["titles"][number]
    return next(n for n, row in enumerate(description.title_rows(document)) if row is title)


def _keyword_row(document: Mapping[str, Any], number: int) -> int:
    language = document["keywords"][number].get("language", "")
    rows = description.keyword_rows(document)
    return next(n for n, row in enumerate(rows) if row["language"] == language)


_ROWS = {"titles": _title_row, "keywords": _keyword_row}


def of_error(error: ArchiveError) -> Messages:
    """The messages of an error by field, in the language of the page; "" is the whole form."""
    sentence = words.explain(error)
    found: Mapping[str, Sequence[str]] = getattr(error, "errors", {})
    return {
        name: [words.say(one) for one in said] or [sentence] for name, said in found.items()
    } or {"": [sentence]}

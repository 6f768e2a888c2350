"""What the files of a draft suggest for its description, read once and kept beside their text."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ingest import language, pdf, suggestions
from ingest.files import Arrival
from repository import derived, versions
from repository.archive import Archive
from repository.models.works import File, Work
from repository.web import faults, values
from schemas import work as profile
from schemas.work import Document

PDF = "application/pdf"
# In the order in which they are offered.
ELEMENTS = (
    "titles",
    "creators",
    "abstracts",
    "keywords",
    "languages",
    "issued",
    "identifiers",
    "classification",
)


class Offer(NamedTuple):
    """What one file suggests. `problem` is a sentence when it could not be read."""

    document: Document
    pages: int | None = None
    problem: str = ""


NOTHING = Offer({})


def prepare(archive: Archive, arrival: Arrival) -> Offer:
    """What a file that has just come in suggests."""
    return _kept(archive, arrival.sha512, arrival.media_type, arrival.name, arrival.staged)


def of(archive: Archive, work: Work) -> Document:
    """What the files of the work suggest together; of two, the first file has the say."""
    offered: Document = {}
    for file in work.current_files:
        offered = {**of_file(archive, work, file).document, **offered}
    return offered


def of_file(archive: Archive, work: Work, file: File) -> Offer:
    """What one file of a work suggests."""
    place = str(file.staged)
    if file.stored:
        place = str(archive.store.path(versions.object_id(work.uuid), file.stored))
    return _spoken(archive, file, _kept(archive, file.sha512, file.media_type, file.name, place))


def _spoken(archive: Archive, file: File, offer: Offer) -> Offer:
    """The offer with the language of the whole text, by now read from whatever kind of file."""
    if offer.document.get("languages"):
        return offer
    guessed = language.of_pages(derived.pages(archive.settings.derived, file.sha512))
    return offer._replace(document={**offer.document, "languages": [guessed]}) if guessed else offer


def _kept(archive: Archive, sha512: str, media_type: str, name: str, place: str) -> Offer:
    if media_type != PDF and not name.lower().endswith(".pdf"):
        return NOTHING
    cached = derived.path(archive.settings.derived, sha512).with_suffix(".offer")
    try:
        return Offer(**json.loads(cached.read_bytes()))
    except (OSError, ValueError, TypeError):  # not read yet, or by an earlier release
        offer = _read(archive.settings.staging / place)
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_text(json.dumps(offer._asdict(), ensure_ascii=False), "utf-8")
    return offer


def _read(path: Path) -> Offer:
    try:
        found = pdf.read(path)
    except pdf.PdfError as error:
        return Offer({}, problem=error.sentence)
    return Offer(suggestions.as_document(suggestions.suggest(found)), pages=found.pages)


def listed(
    document: Mapping[str, Any], offered: Document, elements: Iterable[str] = ELEMENTS
) -> list[dict[str, Any]]:
    """Suggestions that the document does not hold yet: key, label, the text to read, and whether
    something else was typed there."""
    return [
        {
            "key": name,
            "label": faults.label(name),
            "text": values.said(name, fresh),
            "typed": bool(document.get(name)),
        }
        for name in elements
        if (fresh := _missing(document.get(name), offered.get(name)))
    ]


def _missing(there: Any, offered: Any) -> Any:
    """The part of a suggestion that is not there yet."""
    if not isinstance(offered, list):
        return offered if offered != there else None
    known = {_sign(one) for one in there or ()}
    return [one for one in offered if _sign(one) not in known]


def _sign(entry: Any) -> str:
    """What makes two entries the same to a reader."""
    if not isinstance(entry, Mapping):
        return str(entry).casefold()
    parts = [entry.get(key, "") for key in ("text", "value", "code", "name", "family", "given")]
    return "\n".join(" ".join(str(part).split()).casefold() for part in parts)


def use(document: Document, offered: Document, key: str) -> Document:
    """The document with one suggestion; with "all", every one for which nothing was typed."""
    if key == "all":
        return {**offered, **profile.prune(document)}
    if key not in offered:
        return document
    if key == "titles":
        others = [one for one in document.get("titles", ()) if one.get("kind", "main") != "main"]
        return {**document, "titles": [*offered["titles"], *others]}
    if isinstance(offered[key], list):
        there = document.get(key, [])
        return {**document, key: [*there, *_missing(there, offered[key])]}
    return {**document, key: offered[key]}

"""What others know of a work by its DOI or ISBN: Crossref, DataCite, Open Library.

Each is asked only where its address is set. That none answers is no fault of ours: whoever asked is
told so, and fills the form in.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from marshmallow import ValidationError

from ingest import fitting, open_library
from ingest.importers import crossref, datacite
from repository import fetching
from repository.addresses import Refused, Unreachable
from repository.errors import Invalid, NotFound
from repository.fetching import Fetched
from repository.settings import Settings
from schemas import fields, text
from schemas.messages import Message

SECONDS = 10.0  # for one who waits at a form
SIZE = 4 * 2**20  # bytes


class Found(NamedTuple):
    """A description that fits the profile, and who gave it."""

    document: dict[str, Any]
    source: str


class _Source(NamedTuple):
    """Who can be asked: the setting that has its address, what to ask, and how to read it."""

    name: str
    setting: str
    path: str  # of the identifier, for %s
    kind: str  # media type
    read: Callable[[Fetched], dict[str, Any]]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def find(settings: Settings, typed: str) -> Found:
    """The description of what has this DOI or ISBN.

    Raises Invalid when it is neither, NotFound when nobody knows it, Unreachable or Refused when
    who might know did not answer.
    """
    scheme, value = identifier(typed)
    silent: list[Unreachable | Refused] = []
    for source in SOURCES[scheme]:
        base = getattr(settings, source.setting)
        if not base:
            continue
        try:
            document = _asked(settings, source, base, value)
        except (Unreachable, Refused) as error:
            silent.append(error)
            continue
        if document:
            own = {"scheme": scheme, "value": value}
            known = document.setdefault("identifiers", [])
            if not any(one["scheme"] == scheme for one in known):
                known.append(own)
            return Found(fitting.fit(document, name=value)[0], source.name)
    if silent:
        raise silent[0]
    raise NotFound(_("Nobody whom we ask knows %(value)s."), value=value)


def identifier(typed: str) -> tuple[str, str]:
    """What was typed as a scheme ("doi", "isbn") and its normal form. Raises Invalid."""
    given = text.line(typed)
    doi = "10." in given
    try:
        return ("doi", fields.check_doi(given)) if doi else ("isbn", fields.check_isbn(given))
    except ValidationError as error:
        said = error.messages[0] if "10." in given or _digits(given) > 8 else None
        message = said or Message(_("Write a DOI such as 10.1000/182, or an ISBN."))
        raise Invalid(
            "Some answers are still missing or not right.", {"identifier": [message]}
        ) from error


def _digits(given: str) -> int:
    return sum(one.isdigit() for one in given)


def offered(settings: Settings) -> bool:
    """Whether anybody can be asked."""
    return any(getattr(settings, one.setting) for some in SOURCES.values() for one in some)


def _asked(settings: Settings, source: _Source, base: str, value: str) -> dict[str, Any]:
    """What a source says; nothing when it does not know it. Raises Unreachable."""
    limits = replace(fetching.limits(settings), silence=SECONDS, seconds=SECONDS, size=SIZE)
    url = base + source.path % quote(value, safe="/" if source.name == "Crossref" else "")
    answer = fetching.get(url, limits, {"Accept": source.kind})
    if answer.status in (404, 410):
        return {}
    if answer.status != 200:
        raise Unreachable(
            _("%(name)s answers with an error (%(status)s)."),
            name=source.name,
            status=answer.status,
        )
    return source.read(answer)


def _of_crossref(answer: Fetched) -> dict[str, Any]:
    return _first(crossref.read, answer.body, "answer.xml")


def _of_datacite(answer: Fetched) -> dict[str, Any]:
    return _first(datacite.read, answer.body, "answer.json")


def _first(read: Callable[[Path], Any], body: bytes, name: str) -> dict[str, Any]:
    """The first work that an importer reads in an answer; nothing where it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        return next((row.document for row in read(path) if not row.problem), {})


def _of_open_library(answer: Fetched) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    known = list(said.values()) if isinstance(said, Mapping) else []
    details = known[0].get("details") if known and isinstance(known[0], Mapping) else None
    return open_library.document(details) if isinstance(details, Mapping) else {}


SOURCES: Mapping[str, tuple[_Source, ...]] = {
    "doi": (
        _Source(
            "Crossref",
            "crossref_url",
            "/works/%s/transform/application/vnd.crossref.unixsd+xml",
            "application/vnd.crossref.unixsd+xml",
            _of_crossref,
        ),
        _Source("DataCite", "datacite_url", "/dois/%s", "application/vnd.api+json", _of_datacite),
    ),
    "isbn": (
        _Source(
            "Open Library",
            "open_library_url",
            "/api/books?bibkeys=ISBN:%s&jscmd=details&format=json",
            "application/json",
            _of_open_library,
        ),
    ),
}

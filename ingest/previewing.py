"""The first records of an import, as a person looks at them before anything is taken in."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from flask_babel import gettext

from ingest import runs
from ingest.rows import Row
from repository.errors import ArchiveError
from repository.models.imports import Import
from repository.web import words
from repository.web.current import archive
from schemas import vocabulary
from schemas import work as profile

SHOWN = 10
MOST = 12  # people or keywords that are named


def first(run: Import) -> dict[str, Any]:
    """The rows, each in words; or the `problem` that keeps them from being read."""
    importer = runs.importers().get(run.format)
    if importer is None:
        return {"rows": [], "problem": gettext("This kind of file is not known. Choose a format.")}
    try:
        place = runs.source(archive().settings, run.id)
        found = list(islice(importer.read(place, **run.options), 2 * SHOWN))
    except ArchiveError as error:
        return {"rows": [], "problem": words.explain(error)}
    except OSError as error:
        return {"rows": [], "problem": str(error)}
    rows = [one for one in found if isinstance(one, Row)]
    return {"rows": [_line(one) for one in rows[:SHOWN]], "problem": ""}


def _line(row: Row) -> dict[str, Any]:
    main: Mapping[str, str] = next(iter(row.document.get("titles", ())), {})
    return {
        "place": row.place,
        "title": main.get("text", ""),
        "language": main.get("language", ""),
        "gone": row.gone,
        "problem": words.say(row.problem) if row.problem else "",
        "facts": [(label, said) for label, said in _facts(row) if said],
        "remarks": [words.say(one) for one in row.remarks],
    }


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    document = row.document
    kind = vocabulary.TYPES_BY_URI.get(document.get("type", ""))
    if kind:
        yield gettext("Kind of work"), gettext(kind.label)
    yield gettext("Authors"), _joined(map(profile.agent_name, document.get("creators", ())))
    others = map(profile.agent_name, document.get("contributors", ()))
    yield gettext("Contributors"), _joined(others)
    yield gettext("Date of publication"), document.get("issued", "")
    yield gettext("Publisher"), _joined(map(_publisher, document.get("publishers", ())))
    yield gettext("What it came out in"), document.get("host", {}).get("title", "")
    yield gettext("Keywords"), _joined(one["text"] for one in document.get("keywords", ()))
    codes = (one["code"] for one in document.get("classification", ()))
    yield gettext("Classification"), _joined(codes)
    yield gettext("Copies on the shelves"), _joined(one.inventory for one in row.holdings)
    files = (*(one.name for one in row.files), *(one.address or one.name for one in row.links))
    yield gettext("Files"), _joined(files)
    yield gettext("Kept whole, without a place here"), ", ".join(row.unplaced)


def _joined(texts: Any) -> str:
    named = list(filter(None, texts))
    return "; ".join(named[:MOST]) + (" …" if len(named) > MOST else "")


def _publisher(one: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (one.get("place"), one["name"])))

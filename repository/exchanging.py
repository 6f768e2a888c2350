"""Works that go to branch libraries and come back on a stick: what has changed since the last time.

`out` writes a folder as the export of JSON lines does, with `exchange.json` beside that says who
wrote it. What a partner got from us last is kept with each work here, so that whatever comes back
can be merged element by element (`ingest.updating`).
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid, NotFound
from repository.exports import jsonl
from repository.exports.jsonl import Written

NAME: Final = "exchange.json"
SOURCE: Final = "exchange:"
HERE: Final = "here"


def name(archive: Archive) -> str:
    """What this archive is called among its partners: its host."""
    return urlsplit(archive.settings.base_url).netloc


def since(archive: Archive, partner: str) -> datetime | None:
    """When works last went out to a partner; None when they never did."""
    said = _kept(archive).get(partner)
    return datetime.fromisoformat(said) if said else None


def out(
    archive: Archive,
    folder: Path,
    *,
    partner: str,
    whole: bool = False,
    done: Callable[[], None] = lambda: None,
) -> Written:
    """Writes what has changed since the last time, or everything, for a partner."""
    moment = now()
    begin = None if whole else since(archive, partner)
    written = jsonl.write(archive, folder, since=begin, done=done)
    _address(folder, SOURCE + partner)
    said = {"from": name(archive), "to": partner, "since": begin and begin.isoformat()}
    (folder / NAME).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    if not written.problems:
        _keep(archive, {**_kept(archive), partner: moment.isoformat()})
    return written


def _address(folder: Path, source: str) -> None:
    """Tells the partner which of the works it gave us, and what it said of them then."""
    path = folder / jsonl.WORKS
    addressed = path.with_suffix(".new")
    with path.open(encoding="utf-8") as lines, addressed.open("w", encoding="utf-8") as made:
        for line in lines:
            said = json.loads(line)
            for one in said.get("origins", ()):
                if one["source"] == source:
                    one["source"] = HERE
            made.write(jsonl.written_out(said))
    addressed.replace(path)


def sender(folder: Path) -> str:
    """Who wrote a folder. Raises NotFound or Invalid when it is none of an exchange."""
    path = folder / NAME
    if not path.is_file():
        raise NotFound("There is no %(name)s in %(folder)s.", name=NAME, folder=folder)
    try:
        said = json.loads(path.read_text("utf-8"))["from"]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("%(name)s cannot be read. Write the folder anew.", {}, name=NAME) from error
    if not isinstance(said, str) or not said:
        raise Invalid("%(name)s cannot be read. Write the folder anew.", {}, name=NAME)
    return said


def _path(archive: Archive) -> Path:
    return archive.settings.instance / "exchanges.json"


def _kept(archive: Archive) -> dict[str, Any]:
    path = _path(archive)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _keep(archive: Archive, said: dict[str, Any]) -> None:
    path = _path(archive)
    made = path.with_suffix(".new")
    made.write_text(json.dumps(said), encoding="utf-8")
    made.replace(path)

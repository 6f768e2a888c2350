"""Files that an entry names, where they lie beside it."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from ingest.rows import Link, RowFile
from schemas import text

MOST = 100  # files of an entry
_DRIVE = re.compile(r"^[A-Za-z]\$?\\?:")


def beside(paths: Iterable[str], folder: Path) -> tuple[list[RowFile], list[Link]]:
    """The files of these paths, and the names of those that are not beside the entry."""
    found: dict[Path, RowFile] = {}
    missing: list[Link] = []
    for path in islice(paths, MOST):
        name = PurePosixPath(path).name
        if not text.line(name):
            continue
        place = _beside(folder, path) or _beside(folder, name)
        if place:
            found.setdefault(place, RowFile(place, name))
        else:
            missing.append(Link(name=text.line(name)[:200]))
    return list(found.values()), missing


def of_bibtex(said: str) -> Iterator[str]:
    """The paths of BibTeX's field `file`: "a.pdf", "Text:files/a.pdf:PDF;:b.pdf:PDF"."""
    plain = re.sub(r"\{?\$\\backslash\$\}?|\\textbackslash(?:\{\})?", r"\\", said)
    for one in re.split(r"(?<!\\);", plain):
        split = [re.sub(r"\\([:;])", r"\1", each) for each in re.split(r"(?<!\\):(?![/\\])", one)]
        path = split[1] if len(split) > 2 else split[0] if len(split) == 1 else split[-2]
        yield re.sub(r"[{}]", "", path).strip(" :").replace("\\", "/")


def _beside(folder: Path, path: str) -> Path | None:
    """The file of that path below the folder, if it is there; never one outside of it."""
    if path.startswith("/") or _DRIVE.match(path) or "\0" in path:
        return None
    try:
        place = (folder / path).resolve()
        inside = place.is_relative_to(folder.resolve()) and place.is_file()
    except (OSError, ValueError):
        return None
    return place if inside else None

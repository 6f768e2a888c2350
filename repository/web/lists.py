"""Works as lists show them: on the home page, when browsing, among search results."""

import re
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from repository import access, examined
from repository.models.arrivals import FileStep
from repository.models.harvest import ForeignRecord, Source
from repository.models.works import File, Work
from repository.web import covers, texting, words
from schemas import vocabulary
from schemas import work as profile
from schemas.vocabulary import Copying, Scan

# A path of ours: one slash, then neither a second one nor a backslash, no white space.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


def safe_next(address: str | None) -> str | None:
    """`address` when it is a path of this site, else None."""
    return address if address and _PATH.fullmatch(address) else None


def row(work: Work) -> dict[str, Any]:
    """What a list shows of a work."""
    title = profile.main_title(work.document)
    files = work.current_files
    right = access.right(files, work.document.get("access"))
    return {
        "number": work.id,
        "title": title["text"],
        "language": title.get("language"),
        "creators": work.document.get("creators", []),
        "year": work.year,
        "type_label": words.label(vocabulary.TYPES[work.type].label),
        "access": right,
        "access_label": words.label(vocabulary.ACCESS_RIGHTS[right].label),
        "host": (work.document.get("host") or {}).get("title", ""),
        "cover": covers.of(work),
        "snippets": [],
    }


def foreign(record: ForeignRecord, source: Source) -> dict[str, Any]:
    """What a list shows of a work in another library."""
    title = profile.main_title(record.document)
    kind = profile.work_type(record.document)
    return {
        "title": title["text"],
        "language": title.get("language"),
        "creators": record.document.get("creators", []),
        "year": profile.year(record.document),
        "type_label": words.label(kind.label) if kind.key != "other" else "",
        "host": (record.document.get("host") or {}).get("title", ""),
        "cover": {"family": covers.family(kind.key)},
        "elsewhere": source.name,
        "href": record.url,
        "snippets": [],
    }


def cards(session: Session, work: Work) -> list[dict[str, Any]]:
    """A work's files as those see them who may open whatever it holds, for `file_card`."""
    known = examined.steps(session, work.current_files)
    return [_card(work, file, known[file.id]) for file in work.current_files]


def _card(work: Work, file: File, steps: dict[str, FileStep]) -> dict[str, Any]:
    format, problem = steps.get("format"), examined.picture_problem(steps.get("pictures"))
    return {
        **texting.card(work, file, steps),
        "picture": words.say(problem) if problem else "",
        "format": examined.format_of(format),
        "mismatch": bool(format and format.detail.get("mismatch")),
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "pages": file.pages,
        "media_type": file.media_type,
        "level": access.level(file),
        "embargo_until": access.opens(file),
        "view_only": file.copying != Copying.ALLOWED,
        "scan": file.scan,
        "scan_label": words.label(vocabulary.SCANS[Scan(file.scan)]),
        "allowed": file.scan != Scan.INFECTED,
        "href": url_for("works.file", number=work.id, name=file.name),
    }

"""What stands around a work: its periodical, its classes by name, works that are like it."""

from typing import Any

from flask import url_for

from repository import periodicals, related
from repository.models.works import Work
from repository.web import words
from repository.web.current import reading
from schemas import classes
from schemas.vocabulary import State


def of(work: Work) -> dict[str, Any]:
    """For the page of a public work; of one that is not public, nothing."""
    if work.state != State.PUBLISHED:
        return {"shelves": {}, "classed": {}, "related": []}
    return {
        "shelves": _shelves(work),
        "classed": {(one["scheme"], one["code"]): _classes(one["scheme"], one["code"])
                    for one in work.document.get("classification", ())},
        "related": related.of(reading(), work),
    }  # fmt: skip


def _shelves(work: Work) -> dict[str, str]:
    """Addresses of its periodicals and series by their titles; that of the issue where it has."""
    return {
        title: url_for("periodicals.issue", key=key, part=part)
        if part
        else url_for("periodicals.show", key=key)
        for title, (key, part) in periodicals.of_work(reading(), work).items()
    }


def _classes(scheme: str, code: str) -> list[tuple[str, str]]:
    """The classes of a code: name and address."""
    tree, language = classes.tree(scheme) if scheme in classes.SCHEMES else {}, words.language()
    return [
        (tree[one].name(language), url_for("browse.node", scheme=scheme, code=one))
        for one in classes.classes(scheme, code)
    ]

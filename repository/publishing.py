"""Versions: a work becomes public, changes in public, is taken down and put back.

Each step makes one version of the work's OCFL object (`advancing`).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from repository import requirements, review_steps
from repository import rights as granting
from repository.advancing import Also, Move, advance, nothing
from repository.archive import Archive
from repository.catalogue import get
from repository.clock import now
from repository.errors import Invalid
from repository.foreseeing import foresee
from repository.models.works import Work
from repository.versions import Future, Part
from repository.viewers import Viewer
from schemas.text import paragraphs
from schemas.vocabulary import State


def publish(archive: Archive, number: int, *, actor: Viewer, revision: int | None = None) -> int:
    """Publishes a draft without a review (imports, staff); the number of the version."""
    return _advance(
        archive, number, "publish", actor=actor, plan=partial(foresee, revision=revision)
    )


def accept(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    revision: int | None = None,
    also: Also = nothing,
) -> int:
    """Publishes a submitted work at the last step of its review; the number of the version. Raises
    NotAllowed while steps are left or the last wants somebody else, Invalid while documents that
    it must have are missing."""
    with archive.reading() as session:
        review_steps.insist(session, get(session, number), actor=actor)
        requirements.insist(session, get(session, number))
    plan = partial(foresee, revision=revision)
    return _advance(archive, number, "accept", actor=actor, plan=plan, also=also)


def unveil(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    revision: int | None = None,
    also: Also = nothing,
) -> int:
    """Publishes a work that was accepted for a later day; the number of the version."""
    plan = partial(foresee, revision=revision)
    return _advance(archive, number, "unveil", actor=actor, plan=plan, also=also)


def revise(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    reason: str,
    revision: int | None = None,
    document: dict[str, Any] | None = None,
    collections: Sequence[str] | None = None,
    parts: Sequence[Part] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
) -> int:
    """A new version: another document, other collections (by slug), other files or rights.

    What is None stays as it is; `parts` are all files of the new version (start from `parts_of`).
    """
    return _advance(
        archive,
        number,
        "revise",
        actor=actor,
        reason=reason,
        plan=partial(
            foresee,
            revision=revision,
            document=document,
            collections=collections,
            parts=parts,
            copyright_basis=copyright_basis,
            rights_note=rights_note,
        ),
    )


def grant(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    reason: str,
    revision: int | None = None,
    parts: Sequence[Part] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
) -> int:
    """A new version with other rights and nothing else; what is None stays as it is."""
    plan = partial(
        foresee,
        revision=revision,
        parts=parts,
        copyright_basis=copyright_basis,
        rights_note=rights_note,
    )
    return _advance(archive, number, "grant", actor=actor, reason=reason, plan=plan)


def transfer(
    archive: Archive, number: int, *, actor: Viewer, reason: str, collections: Sequence[str]
) -> int:
    """Gathers a published work elsewhere: in exactly these collections, by their slugs."""
    plan = partial(foresee, collections=collections)
    return _advance(archive, number, "transfer", actor=actor, reason=reason, plan=plan)


def shut(archive: Archive, number: int, *, actor: Viewer, reason: str, paths: Sequence[str]) -> int:
    """Closes files that only earlier versions have, by their paths in the store."""
    plan = partial(foresee, earlier=dict.fromkeys(paths, granting.SHUT))
    return _advance(archive, number, "grant", actor=actor, reason=reason, plan=plan)


def withdraw(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    kind: str,
    reason: str,
    asked_by: str | None = None,
    also: Also = nothing,
) -> int:
    """Takes a published work down; its tombstone says why, and who asked for it."""
    if not reason.strip():
        raise Invalid("Write why the work is withdrawn.", {"reason": []})
    withdrawal = {"kind": kind, "reason": paragraphs(reason), "moment": now().isoformat()}
    if asked_by:
        withdrawal["asked_by"] = asked_by
    plan = partial(foresee, withdrawal=withdrawal)
    return _advance(archive, number, "withdraw", actor=actor, reason=reason, plan=plan, also=also)


def bury(archive: Archive, number: int, *, actor: Viewer, withdrawal: dict[str, Any]) -> int:
    """Enters a draft as a withdrawn work, as it was where it comes from; it is never public."""
    plan = partial(foresee, withdrawal=withdrawal)
    reason = withdrawal["reason"]
    return _advance(archive, number, "bury", actor=actor, reason=reason, plan=plan)


def restore(archive: Archive, number: int, *, actor: Viewer, reason: str) -> int:
    """Puts a withdrawn work back."""
    return _advance(archive, number, "restore", actor=actor, reason=reason, plan=foresee)


def _advance(
    archive: Archive,
    number: int,
    step: str,
    *,
    actor: Viewer,
    plan: Callable[[Work, State], Future],
    reason: str = "",
    also: Also = nothing,
) -> int:
    return advance(archive, [Move(number, step, plan, reason)], actor=actor, also=also)[0]

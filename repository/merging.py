"""Two works that are the same become one, and two again when that was a mistake.

The kept work gets a version with what was chosen of both; the other is withdrawn, and its
tombstone says into which work it was merged. Both happen in one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from repository import pairs
from repository.advancing import Move, advance
from repository.archive import Archive
from repository.catalogue import check_step, free_name, get
from repository.clock import now
from repository.errors import Conflict, Invalid, NotAllowed
from repository.foreseeing import foresee
from repository.models.life import Verdict
from repository.models.works import File, Version, Work
from repository.versions import Part, part_of, parts_of
from repository.viewers import Viewer
from schemas import work as profile
from schemas.text import paragraphs
from schemas.vocabulary import Asker, ReasonKind, State

ELEMENTS = tuple(profile.WorkSchema().fields)
KEEP, OTHER, BOTH = "keep", "other", "both"


def other(session: Session, work: Work) -> Work | None:
    """The work that a withdrawn one was merged into."""
    into = (work.withdrawal or {}).get("merged_into") or {}
    if work.state != State.WITHDRAWN or not into:
        return None
    found = session.get(Work, into["number"])
    return found if found is not None and found.uuid == into["uuid"] else None


def check(kept: Work, lost: Work) -> None:
    """Raises NotAllowed or Invalid where two works cannot be merged."""
    if kept.id == lost.id:
        raise Invalid("A work cannot be merged into itself.")
    if kept.state != State.PUBLISHED or lost.state != State.PUBLISHED:
        raise NotAllowed("Only two published works can be merged.")


def choices(kept: Mapping[str, Any], lost: Mapping[str, Any]) -> dict[str, list[str]]:
    """What can be chosen for each element in which two descriptions differ, the usual first."""
    found: dict[str, list[str]] = {}
    for name in ELEMENTS:
        mine, theirs = kept.get(name), lost.get(name)
        if mine == theirs or not theirs:
            continue
        if name == "identifiers":
            found[name] = [BOTH]
        elif not mine:
            found[name] = [OTHER, KEEP]
        else:
            lists = isinstance(mine, list) and isinstance(theirs, list)
            found[name] = [KEEP, OTHER, *([BOTH] if lists else [])]
    return found


def united(
    kept: Mapping[str, Any], lost: Mapping[str, Any], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """One description of two: `chosen` says for each element whose; identifiers are united."""
    document = dict(kept)
    for name, possible in choices(kept, lost).items():
        choice = chosen.get(name) if chosen.get(name) in possible else possible[0]
        if choice == OTHER:
            document[name] = lost[name]
        elif choice == BOTH:
            document[name] = _both(name, kept.get(name) or [], lost[name])
    return document


def _both(name: str, mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    if name == "titles":
        theirs = [
            {**one, "kind": "alternative"} if one.get("kind", "main") == "main" else one
            for one in theirs
            if one.get("text") not in {each.get("text") for each in mine}
        ]
    return [*mine, *(one for one in theirs if one not in mine)]


def missing(kept: Work, lost: Work) -> list[File]:
    """The files of a duplicate that the kept work does not have."""
    held = {file.sha512 for file in kept.current_files}
    return [file for file in lost.current_files if file.sha512 not in held]


def merge(
    archive: Archive,
    keep: int,
    lose: int,
    *,
    actor: Viewer,
    reason: str,
    chosen: Mapping[str, str],
    files: Collection[int],
    revisions: tuple[int | None, int | None] = (None, None),
) -> None:
    """Merges `lose` into `keep`: `chosen` by element, `files` of the former to take over.

    `revisions` are those of both that were read; raises Conflict when one is not the newest.
    """
    if not reason.strip():
        raise Invalid("Write why the works are merged.", {"reason": []})
    with archive.reading() as session:
        kept, lost = get(session, keep), get(session, lose)
        check(kept, lost)
        document = united(kept.document, lost.document, chosen)
        parts = [*parts_of(kept), *_lent(kept, lost, files)]
        withdrawal = _withdrawal(kept, reason)
    mine, theirs = revisions
    renewed = partial(foresee, revision=mine or kept.revision, document=document, parts=parts)
    withdrawn = partial(foresee, revision=theirs or lost.revision, withdrawal=withdrawal)
    moves = [
        Move(keep, "merge", renewed, f"{reason} (№ {lose} → № {keep})"),
        Move(lose, "withdraw", withdrawn, f"{reason} (№ {lose} → № {keep})"),
    ]
    advance(archive, moves, actor=actor, also=partial(_settled, lose, Verdict.MERGED, actor))


def _settled(lose: int, verdict: Verdict, actor: Viewer, session: Session, kept: Work) -> None:
    pairs.settle(session, kept.id, lose, verdict, actor=actor)


def _withdrawal(kept: Work, reason: str) -> dict[str, Any]:
    return {
        "kind": str(ReasonKind.DUPLICATE),
        "reason": paragraphs(reason),
        "moment": now().isoformat(),
        "asked_by": str(Asker.LIBRARY),
        "merged_into": {"number": kept.id, "uuid": kept.uuid, "version": kept.version + 1},
    }


def _lent(kept: Work, lost: Work, files: Collection[int]) -> list[Part]:
    """Files of the duplicate as the kept work will have them: copied, under names of their own."""
    names = {file.name.casefold() for file in kept.current_files}
    found = []
    for file in missing(kept, lost):
        if file.id in files and file.stored:
            name = free_name(file.name, names)
            names.add(name.casefold())
            lent = (lost.uuid, file.stored)
            found.append(
                replace(part_of(file), name=name, id=None, stored=None, staged=None, lent=lent)
            )
    return found


def undo(archive: Archive, lose: int, *, actor: Viewer, reason: str) -> bool:
    """Makes two works of one again; whether the kept one could be put back as it was.

    It cannot once it has been changed after the merge: then it keeps what it took over.
    """
    with archive.reading() as session:
        lost = get(session, lose)
        check_step(lost, "restore")
        kept = other(session, lost)
        if kept is None:
            raise Conflict("This work was not merged into another.")
        before = _before(kept, lost)
        parts = [part for part in parts_of(kept) if _older(kept, part)]
        document = before.document if before is not None else {}
    said = f"{reason} (№ {lose} ← № {kept.id})"
    moves = [Move(lose, "restore", foresee, said)]
    if before is not None:
        put_back = partial(foresee, revision=kept.revision, document=document, parts=parts)
        moves = [Move(kept.id, "revise", put_back, said), *moves]

    def opened(session: Session, work: Work) -> None:
        pairs.settle(session, kept.id, lose, Verdict.OPEN, actor=actor)

    advance(archive, moves, actor=actor, also=opened)
    return before is not None


def _before(kept: Work, lost: Work) -> Version | None:
    """What the kept work was before the merge; None when something else has come since."""
    merged = (lost.withdrawal or {})["merged_into"].get("version")
    if kept.state != State.PUBLISHED or kept.version != merged:
        return None
    earlier = [one for one in kept.versions if one.number < kept.version]
    return earlier[-1] if earlier else None


def _older(kept: Work, part: Part) -> bool:
    added = next(file.added for file in kept.current_files if file.id == part.id)
    return (added or 0) < kept.version

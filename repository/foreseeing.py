"""What a work will be when a step is done: checked, and fit to be written down."""

from collections.abc import Mapping, Sequence
from typing import Any

from repository import rights as granting
from repository.catalogue import check_revision
from repository.clock import now
from repository.errors import Invalid
from repository.models.works import Work
from repository.rights import Rights
from repository.versions import Future, Part, parts_of
from schemas import work as profile
from schemas.vocabulary import State


def foresee(
    work: Work,
    target: State,
    *,
    revision: int | None = None,
    document: dict[str, Any] | None = None,
    collections: Sequence[str] | None = None,
    parts: Sequence[Part] | None = None,
    withdrawal: dict[str, Any] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
    agreement: dict[str, Any] | None = None,
    earlier: Mapping[str, Rights] | None = None,
    renew: bool = False,
) -> Future:
    """What a work will be: as it is, but for what is given. With `renew` it is a version that
    readers count, which it is anyway when its files are others."""
    check_revision(work, revision)
    try:
        checked = profile.check(work.document if document is None else document)
    except profile.Unfit as error:
        raise Invalid("The description is not complete or not right.", error.errors) from error
    moment = now()
    own = [one.slug for one in work.collections]
    chosen = parts_of(work) if parts is None else tuple(parts)
    return Future(
        uuid=work.uuid,
        number=work.id,
        revision=work.revision,
        state=target,
        document=checked,
        agreement=agreement or work.agreement,
        collections=tuple(sorted(own if collections is None else collections)),
        parts=chosen,
        withdrawal=withdrawal,
        published=work.published or moment,
        moment=moment,
        copyright_basis=work.copyright_basis if copyright_basis is None else copyright_basis,
        rights_note=work.rights_note if rights_note is None else rights_note,
        highest=max((_place(file.stored) for file in work.files if file.stored), default=0),
        public=_public(work, chosen, renew),
        earlier={**_earlier(work, chosen), **(earlier or {})},
    )


def _public(work: Work, parts: Sequence[Part], renew: bool) -> int:
    """The number that readers will know the version by."""
    if not work.versions:
        return 1
    before = {file.sha512 for file in work.current_files}
    other = renew or before != {part.sha512 for part in parts}
    return work.versions[-1].public + int(other)


def _earlier(work: Work, parts: Sequence[Part]) -> dict[str, Rights]:
    """The rights of files that will be in earlier versions only."""
    kept = {part.stored for part in parts}
    gone = (file for file in work.files if file.stored and file.stored not in kept)
    return {str(file.stored): granting.of(file) for file in gone}


def _place(stored: str) -> int:
    return int(stored.removeprefix("files/").partition(".")[0])

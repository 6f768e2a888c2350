"""What readers know of a work's past: its versions, what each was, who may open its files now.

A version that readers count may have been corrected; it is shown as its last correction left it.
Its files are never more open than they are today: whoever wants one must be let in by the rights
that it had in that version, by those that it has now, and, where a later version left it out, by
the rights of what stands in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from repository import rights, versions
from repository.access import Action, decide
from repository.archive import Archive
from repository.errors import NotFound
from repository.models.works import File, Version, Work
from repository.rights import SHUT, Rights
from repository.versions import Part, part_of
from repository.viewers import ANONYMOUS
from schemas.vocabulary import State


class Edition(NamedTuple):
    """A version as readers count them: when and why it came, and each state of it since."""

    number: int
    states: Sequence[Version]

    @property
    def first(self) -> Version:
        """What it was when it came."""
        return self.states[0]

    @property
    def last(self) -> Version:
        """What its last correction made of it."""
        return self.states[-1]

    @property
    def corrections(self) -> Sequence[Version]:
        """What was corrected since, oldest first."""
        return self.states[1:]


class Past(NamedTuple):
    """A file of a version, and all that have a say on who may open it (see `access.all_of`)."""

    file: File
    guards: Sequence[Part]

    @property
    def free(self) -> bool:
        """Whether everybody may be handed it today."""
        return self.gate is self.guards[0] and _open(self.guards[0])

    @property
    def gate(self) -> Part:
        """The guard that lets the fewest in, for what a page says of the file."""
        return next((one for one in self.guards if not _open(one)), self.guards[0])


class _Published(NamedTuple):
    id: int = 0
    state: str = State.PUBLISHED
    owner_id: int | None = None
    collection_ids: frozenset[int] = frozenset()


def _open(guard: Part) -> bool:
    return bool(decide(ANONYMOUS, Action.COPY, _Published(), guard))


def editions(work: Work) -> list[Edition]:
    """The versions that have been public, newest first."""
    found: dict[int, list[Version]] = {}
    for one in work.versions:
        if one.state == State.PUBLISHED:
            found.setdefault(one.public, []).append(one)
    return [Edition(number, found[number]) for number in sorted(found, reverse=True)]


def edition(work: Work, number: int) -> Edition:
    """The version of that number; raises NotFound."""
    for one in editions(work):
        if one.number == number:
            return one
    raise NotFound("This work has no version %(number)s.", number=number)


def held(work: Work, version: Version) -> list[File]:
    """The files that a version had, in their order."""
    return [
        file
        for file in work.files
        if file.stored
        and (file.added or 0) <= version.number
        and (file.removed is None or file.removed > version.number)
    ]


def files(archive: Archive, work: Work, version: Version) -> list[Past]:
    """The files of a version, each with its guards."""
    oid = versions.object_id(work.uuid)
    granted = versions.read_rights(archive, oid, version.number).files
    return [Past(file, _guards(work, file, granted)) for file in held(work, version)]


def _guards(work: Work, file: File, granted: Mapping[str, Rights]) -> list[Part]:
    own = part_of(file)
    then = granted.get(str(file.stored), SHUT)
    said = [rights.of(file), then]
    if file.removed is not None:
        said += _successors(work, file)
    # Whatever a virus was found in stays closed, whichever guard is asked.
    return [replace(own, **vars(one)) for one in said]


def _successors(work: Work, file: File) -> list[Rights]:
    """The rights of what stands in a file's place: the one of its name, else all there are."""
    now = [one for one in work.current_files if one.stored]
    named = [one for one in now if one.name.casefold() == file.name.casefold()]
    return [rights.of(one) for one in named or now] or [SHUT]

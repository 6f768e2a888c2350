"""Whether files may be published: none that is infected, none that still waits to be checked."""

from collections.abc import Collection, Iterable
from typing import Protocol

from repository.errors import NotAllowed
from repository.settings import Settings
from schemas.vocabulary import Scan


class Scanned(Protocol):
    """Anything with a name and what is known of viruses in it."""

    @property
    def name(self) -> str: ...
    @property
    def scan(self) -> str: ...


def refuse_infected(files: Iterable[Scanned]) -> None:
    """Raises NotAllowed with the name of the first infected file."""
    for file in files:
        if file.scan == Scan.INFECTED:
            raise NotAllowed(
                "“%(name)s” is infected. Take it away, and bring a clean copy.", name=file.name
            )


def passes(file: Scanned, settings: Settings) -> bool:
    """Whether a file may become public: clean, or unchecked where the library lets such pass."""
    if file.scan == Scan.UNSCANNED:
        return not settings.holds_unscanned
    return file.scan == Scan.CLEAN


def check(files: Collection[Scanned], settings: Settings) -> None:
    """Raises NotAllowed with the name of the first file that may not become public."""
    refuse_infected(files)
    for file in files:
        if file.scan != Scan.CLEAN and settings.holds_unscanned:
            raise NotAllowed(
                "“%(name)s” has not been checked for viruses yet. Try again in a minute.",
                name=file.name,
            )

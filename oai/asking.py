"""One request, as the verbs see it."""

from typing import NamedTuple

from oai import identifiers
from oai.envelope import Frame
from oai.errors import IdDoesNotExist
from oai.horizon import Horizon
from oai.pages import Pages
from repository.archive import Archive
from schemas.oai import Arguments


class Question(NamedTuple):
    """A request whose arguments are legal. `horizon` was fixed before anything was read.

    `packed` says that its answer is going to be compressed.
    """

    archive: Archive
    arguments: Arguments
    horizon: Horizon
    frame: Frame
    pages: Pages
    packed: bool


def item(question: Question, identifier: str) -> int:
    """The number of the work that an identifier names; raises IdDoesNotExist."""
    host = question.archive.settings.oai_host
    number = identifiers.number(host, identifier)
    if number is None:
        raise IdDoesNotExist(
            "“%(identifier)s” is not one of ours. Our identifiers look like %(sample)s.",
            identifier=identifier,
            sample=identifiers.make(host, 1),
        )
    return number

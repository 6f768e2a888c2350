"""What a tool found in a file that has arrived, and what it was asked about."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple


class NotNow(Exception):
    """The tool cannot say at the moment; it is asked again later."""


class Interrupted(NotNow):
    """We have to end; that it was not done is no failure of the tool."""


class Subject(NamedTuple):
    """A file that is looked at. `place` is where its bytes lie."""

    file_id: int
    name: str
    media_type: str
    sha512: str
    place: Path


class Finding(NamedTuple):
    """An outcome in one word, the tool and version that it is from, and what else was found."""

    outcome: str
    tool: str = ""
    detail: Mapping[str, Any] = MappingProxyType({})

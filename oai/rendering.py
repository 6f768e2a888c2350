"""A record in every format that applies to it, as bytes; one bad record never harms the others."""

from collections.abc import Mapping
from typing import NamedTuple

from oai import about, envelope
from oai.formats import Format
from repository.records import Record

# The metadata and about parts of a record in one format; None where it is deleted.
Body = bytes | None


class Rendering(NamedTuple):
    """A record in its formats, and why it failed in others, both by metadataPrefix."""

    bodies: dict[str, Body]
    failures: dict[str, str]


def render(record: Record, formats: Mapping[str, Format], *, licence: str) -> Rendering:
    """The record in each of `formats`, or the reason why not; `licence` is its metadata's."""
    beside = about.parts(about.rights(licence))
    bodies: dict[str, Body] = {}
    failures: dict[str, str] = {}
    for prefix, one in formats.items():
        try:
            made = one.render(record)
        # Whatever a format stumbles over, the list goes on and staff read the reason.
        except Exception as error:
            failures[prefix] = reason(error)
            made = one.minimal(record) if hasattr(one, "minimal") else None
        if made is not None:
            bodies[prefix] = envelope.metadata(made) + beside
    return Rendering(bodies, failures)


def reason(error: Exception) -> str:
    """An error as the list of bad records shows it."""
    return f"{type(error).__name__}: {error}"[:500]

"""Records of DSpace as rows, and the names of its collections as ours."""

import re
from collections.abc import Iterable

from ingest import fitting
from ingest.importers import dspace_fields
from ingest.importers.dspace_fields import Value
from ingest.rows import Kept, Row
from schemas import text

UNTITLED = "It has no title (dc.title). Give it one at the source."


def row(place: str, values: Iterable[Value], *, key: str, kept: tuple[str, str]) -> Row:
    """The row of a record's fields."""
    found, unplaced = dspace_fields.describe(values)
    if not found.document.get("titles"):
        return Row(place, "", problem=UNTITLED)
    document, dropped = fitting.fit(found.document, name=place)
    return Row(
        place,
        text.line(key)[:400],
        document,
        kept=Kept(kept[0], text.clean(kept[1])),
        remarks=tuple(
            f"Left out, because it does not fit: {text.line(str(one))}" for one in dropped
        ),
        unplaced=tuple(text.line(one)[:100] for one in unplaced),
    )


def slug(handle: str) -> str:
    """A collection's handle as the slug of one here: 123456789/12 is dspace-123456789-12."""
    bare = re.sub(r"[^a-z0-9_.-]+", "-", handle.lower()).strip("-.")
    return f"dspace-{bare}"[:64]

"""Pictures of pages that bear who looks at them, and when, in their very pixels."""

import json
import tempfile
from collections.abc import Sequence

import structlog

from ingest import limited, pictures
from repository.archive import Archive
from repository.errors import Busy

log = structlog.get_logger()

SECONDS = 6
MOST = 8 * 2**20
LINE = 60  # letters of a line; a longer name is cut


def mark(archive: Archive, picture: bytes, lines: Sequence[str]) -> bytes:
    """The picture of a page with the lines across it; never without. Raises Busy.

    Another process does it: what the drawing of a stranger's file has made is a stranger's, too.
    """
    said = json.dumps([_plain(one) for one in lines])
    with (
        pictures.turn(archive.settings.derived),
        tempfile.NamedTemporaryFile() as given,
        tempfile.TemporaryFile() as output,
    ):
        given.write(said.encode() + b"\n" + picture)
        given.flush()
        arguments = (given.name, str(SECONDS))
        ended = limited.run("ingest.mark_child", *arguments, seconds=SECONDS, output=output)
        output.seek(0)
        made = output.read(MOST)
    if ended != 0 or not made:
        log.warning("page not marked", status=ended)
        raise Busy("This page cannot be shown at the moment. Please try again in a few seconds.")
    return made


def _plain(line: str) -> str:
    return "".join(one if one.isprintable() else " " for one in line)[:LINE]

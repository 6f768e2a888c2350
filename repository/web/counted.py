"""What of the requests is use of a work: it is noted when the answer is made, and costs nothing.

Only answers with content count: no 304, no HEAD, of a file in ranges the range that it begins
with, nothing that a browser fetches before anybody asks. Staff and whoever made the work do not
count. Metadata, feeds, sitemaps, OAI-PMH and the programs' entrance are not in KINDS.
"""

import zlib

from flask import Flask, Response, request

from repository import access
from repository.clock import now
from repository.models.works import Work
from repository.usage.counting import Kind
from repository.usage.recording import Line
from repository.web.current import archive, reading, viewer
from schemas.vocabulary import State

KINDS = {
    "works.show": Kind.VIEW,
    "versions.show": Kind.VIEW,
    "works.file": Kind.FILE,
    "versions.file": Kind.FILE,
    "texts.searchable": Kind.FILE,
    "reader.show": Kind.PAGE,
}
PAGE_TYPE = "text/html"


def init_app(app: Flask) -> None:
    """Looks at every answer; to be called before whatever makes a 304 of one."""
    app.after_request(note)


def note(response: Response) -> Response:
    """Notes that a work was looked at, or a file of it read."""
    kind = KINDS.get(request.endpoint or "")
    if kind is not None and request.method == "GET" and _content(response, kind) and not _early():
        work = reading().get(Work, (request.view_args or {})["number"])
        if work is not None and work.state == State.PUBLISHED and not _insider(work):
            archive().usage.add(_line(work, kind))
    return response


def _content(response: Response, kind: Kind) -> bool:
    """Whether the reader gets the thing itself, from its beginning."""
    if kind != Kind.FILE:
        return response.status_code == 200 and response.mimetype == PAGE_TYPE
    if response.status_code == 206:
        return response.content_range.start == 0
    return response.status_code == 200


def _early() -> bool:
    """Whether the browser asks for what somebody may want to see later."""
    said = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in said or "prerender" in said


def _insider(work: Work) -> bool:
    """Whether it is one of the staff, or whoever deposited or made the work."""
    me = viewer()
    return me.staff or work.id in me.wrote or (me.signed_in and me.id == work.owner_id)


def _line(work: Work, kind: Kind) -> Line:
    part = 0 if kind == Kind.VIEW else zlib.crc32(request.path.encode())
    right = access.right(work.current_files, work.document.get("access"))
    return Line(
        moment=now(),
        address=request.remote_addr or "",
        agent=request.user_agent.string,
        account_id=viewer().id,
        work_id=work.id,
        kind=kind,
        part=part,
        free=right == "open",
    )

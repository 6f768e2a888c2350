"""The reading room: files page by page, as pictures. What is for reading only is seen here alone,
with the reader's name across it; of such a file nothing else goes out, not its text either."""

import re
import secrets
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from ingest import hits, marking, picture_pages
from ingest import pictures as drawing
from repository import access, derived, networks, reading_room
from repository import pictures as kept
from repository.access import Action
from repository.clock import now
from repository.errors import Busy, NotFound
from repository.models.works import File, Work
from repository.reading_room import Reader
from repository.web import openings, rules, signing, witness
from repository.web import works as pages
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import work as profile

blueprint = Blueprint("reader", __name__, url_prefix="/works")

ZOOMS = (50, 75, 100, 125, 150, 200, 300)
TURNS = (0, 90, 180, 270)
USUAL, LARGE = 900, 1400
# What is for reading only comes no larger: enough to read, too little to print well.
GUARDED = (480, 900)
BROWSER = "reading-room"
SHARP = 100  # above this zoom a larger picture is taken, where there is one


@blueprint.get("/<int:number>/read/<int:file>")
@public
def show(number: int, file: int) -> ResponseReturnValue:
    """One page of a file; its picture comes from `picture`, or from where open files' come."""
    work, found = _open(number, file)
    shapes = drawing.shapes(archive(), found)
    page = min(max(1, request.args.get("page", 1, type=int)), len(shapes))
    guarded = _guarded(work, found)
    if guarded and not rules.accepted():
        return rules.ask()
    if guarded:
        limit = archive().settings.reading_pages
        reading_room.welcome(reading(), _reader(), found, page, most=limit)
    witness.staff_opens(work, found, Action.READ)
    sought = hits.pattern(request.args.get("q", ""))
    made = render_template(
        "reader/show.html",
        **_common(work, found, guarded),
        **_view(page, len(shapes)),
        **_sheet(shapes[page - 1]),
        **_hits(found, page, sought),
        images=_images(work, found, page, guarded),
    )
    return _private(Response(made), guarded)


@blueprint.get("/<int:number>/read/<int:file>/search")
@public
def search(number: int, file: int) -> ResponseReturnValue:
    """The pages of a file on which words stand, with short lines."""
    work, found = _open(number, file)
    sought = hits.pattern(request.args.get("q", ""))
    if sought is None:
        return redirect(url_for("reader.show", number=number, file=file), 303)
    guarded = _guarded(work, found)
    if guarded and not rules.accepted():
        return rules.ask()
    texts = _texts(found)
    if guarded and texts:
        reading_room.note(archive(), _reader(), found, reading_room.SEARCH)
    bounds = hits.GUARDED if guarded else hits.FREE
    made = render_template(
        "reader/search.html",
        **_common(work, found, guarded),
        results=hits.pages(texts, sought, bounds),
        bounds=bounds,
        most=hits.PAGES,
    )
    return _private(Response(made), guarded)


@blueprint.get("/<int:number>/read/<int:file>/<int:page>/<int:width>/<token>")
@public
def picture(number: int, file: int, page: int, width: int, token: str) -> ResponseReturnValue:
    """A page of what is for reading only, with the reader's name and the time across it."""
    work, found = _open(number, file)
    reader = _reader()
    reading_room.admit(archive().settings.secret_key, reader, found, page, token)
    if width not in GUARDED or not _guarded(work, found):
        raise NotFound("There are no pages of this file.")
    rules.wanted()
    reading_room.welcome(reading(), reader, found, page, most=archive().settings.reading_pages)
    bare = drawing.page(archive(), found, page, width)
    made = marking.mark(archive(), bare, _marks())
    reading_room.note(archive(), reader, found, page)
    answer = Response(made, mimetype="image/webp")
    answer.headers["Content-Security-Policy"] = picture_pages.POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return _private(answer, guarded=True)


def _open(number: int, file: int) -> tuple[Work, File]:
    """The work and its file, if the viewer may read it and it has pages that can be drawn."""
    work = picture_pages.visible(number)
    found = next((one for one in work.current_files if one.id == file), None)
    if found is None:
        raise NotFound("This work has no file of that name.")
    pages.admit(access.decide(viewer(), Action.READ, work, found), found)
    if not kept.drawable(found):
        raise NotFound("There are no pages of this file.")
    return work, found


def _guarded(work: Work, file: File) -> bool:
    """Whether the viewer may read the file, but not have it."""
    return not access.decide(viewer(), Action.COPY, work, file)


def _reader() -> Reader:
    """Who reads; a browser that nobody is known in gets a name, which its cookie keeps."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(16)
    me, secret = viewer(), archive().settings.secret_key
    who = (me.id or "", me.seat, "" if me.id or me.seat else session[BROWSER])
    # Whoever signs out, or leaves a seat, leaves their tickets behind.
    here = (session[BROWSER], signing.token(), request.cookies.get(signing.seat_cookie(), ""))
    return Reader(
        browser=reading_room.seal(secret, "browser", *here, *who),
        key=reading_room.seal(secret, "reader", *who),
        account_id=me.id,
        seat=me.seat,
        network=networks.shorten(request.remote_addr or ""),
    )


def _marks() -> list[str]:
    """What stands across the pages of this reader: who it is, when, and whose page it is."""
    me = viewer()
    known = [f"{me.name or me.email} · № {me.id}"] if me.signed_in else []
    seat = [me.seat] if me.seat else []
    who = " · ".join([*known, *seat]) or (request.remote_addr or "")
    here = now().astimezone(ZoneInfo(archive().settings.time_zone))
    return [who, f"{here:%Y-%m-%d %H:%M} · {archive().settings.host}"]


def _common(work: Work, file: File, guarded: bool) -> dict[str, Any]:
    may_have = openings.of(work, file)
    return {
        "work": work,
        "file": file,
        "title": profile.main_title(work.document),
        "guarded": guarded,
        "ask": may_have["ask"],
        "days": archive().settings.reading_log_days,
        "pages": archive().settings.reading_pages,
        "download": None
        if guarded
        else url_for("works.file", number=work.id, name=file.name, download=1),
        "searchable": derived.has(archive().settings.derived, file.sha512),
        "query": request.args.get("q", "")[: hits.LONGEST],
    }


def _view(page: int, last: int) -> dict[str, Any]:
    """How the page is looked at, and what the buttons lead to."""
    zoom = request.args.get("zoom", 100, type=int)
    turn = request.args.get("turn", 0, type=int)
    zoom, turn = zoom if zoom in ZOOMS else 100, turn if turn in TURNS else 0
    at = ZOOMS.index(zoom)
    state: dict[str, Any] = {
        "page": page,
        "zoom": zoom,
        "turn": turn,
        "q": request.args.get("q") or None,
    }
    usual = {"zoom": 100, "turn": 0}

    def to(**other: int) -> str:
        given = {**state, **other}
        said: dict[str, Any] = {
            key: value for key, value in given.items() if value != usual.get(key)
        }
        return url_for("reader.show", **(request.view_args or {}), **said)

    return {
        "page": page,
        "last": last,
        "zoom": zoom,
        "zooms": ZOOMS,
        "turn": turn,
        "to": to,
        "smaller": to(zoom=ZOOMS[at - 1]) if at else None,
        "larger": to(zoom=ZOOMS[at + 1]) if at + 1 < len(ZOOMS) else None,
        "turned": to(turn=(turn + 90) % 360),
    }


def _sheet(shape: tuple[float, float]) -> dict[str, Any]:
    """The page in a drawing of a thousand units of width, as it stands before it is turned."""
    broad, high = shape
    return {"broad": 1000, "high": max(1, round(1000 * high / broad)) if broad else 1414}


def _images(work: Work, file: File, page: int, guarded: bool) -> dict[str, str]:
    """Addresses of the page's picture: as usual, and for looking closely."""
    given: dict[str, Any] = {"number": work.id, "file": file.id, "page": page}
    if guarded:
        secret = archive().settings.secret_key
        token = reading_room.ticket(secret, _reader(), file, page)
        usual = url_for("reader.picture", **given, width=USUAL, token=token)
        return {"usual": usual, "large": usual}
    return {
        "usual": url_for("pictures.page", **given, width=USUAL),
        "large": url_for("pictures.page", **given, width=LARGE),
    }


def _texts(file: File) -> list[str]:
    return derived.pages(archive().settings.derived, file.sha512)


def _hits(file: File, page: int, sought: re.Pattern[str] | None) -> dict[str, Any]:
    """Where on this page the words stand, and on which pages before and after it."""
    if sought is None:
        return {"boxes": [], "before": None, "after": None, "found_on": 0}
    on = hits.numbers(_texts(file), sought)
    found: list[hits.Box] = []
    with suppress(Busy, NotFound):  # the page is worth more than its marks
        found = hits.boxes(drawing.words(archive(), file, page), sought) if page in on else []
    return {
        "boxes": found,
        "found_on": len(on),
        "before": max((one for one in on if one < page), default=None),
        "after": min((one for one in on if one > page), default=None),
    }


def _private(answer: Response, guarded: bool) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-store" if guarded else "private, no-cache"
    return answer

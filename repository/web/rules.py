"""The rules of the reading room, shown once before the first page and accepted by their reader."""

import re
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import house_rules, reading_room
from repository.clock import now
from repository.errors import Forbidden
from repository.web import lists, markdown, signing, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public

rules = Blueprint("rules", __name__, url_prefix="/reading-room/rules")

COOKIE = "rules"
# A browser is used by many; who has an account is asked once.
LASTS = timedelta(days=1)
_WORK = re.compile(r"(/works/[0-9]+)(/.*)?")


def accepted() -> bool:
    """Whether who reads has accepted the rules that are in force."""
    if viewer().signed_in and house_rules.accepted(reading(), viewer()):
        return True
    kept = cookie.get(COOKIE)
    if viewer().signed_in or not isinstance(kept, list) or len(kept) != 3:
        return False
    edition, seat, moment = kept
    fresh = now() - datetime.fromisoformat(moment) < LASTS
    return edition >= house_rules.edition(reading()) and seat == _seat() and fresh


def wanted() -> None:
    """Goes on where the rules are accepted; else Forbidden."""
    if not accepted():
        raise Forbidden("Please accept the rules of the reading room first.")


def ask() -> Response:
    """To the rules, and from there back to the page that was asked for."""
    answer = make_response(redirect(url_for("rules.show", next=request.full_path.rstrip("?")), 303))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@rules.get("")
@public
def show() -> ResponseReturnValue:
    """The rules, and the button that accepts them."""
    return _page()


@rules.post("")
@public
def accept() -> ResponseReturnValue:
    """Remembers that they were accepted, and goes on to the page that was asked for."""
    in_force = house_rules.edition(reading())
    if request.form.get("edition") != str(in_force):
        return _page(gettext("The rules were changed just now. Please read them once more."))
    if viewer().signed_in:
        with archive().writing() as session:
            house_rules.accept(session, viewer(), edition=in_force, language=words.language())
    else:
        cookie[COOKIE] = [in_force, _seat(), now().isoformat()]
    return redirect(lists.safe_next(request.form.get("next")) or url_for("pages.home"), 303)


def _page(problem: str = "") -> ResponseReturnValue:
    target = lists.safe_next(request.values.get("next")) or ""
    work = _WORK.fullmatch(target.partition("?")[0])
    now_here = house_rules.current(reading(), words.language())
    page = render_template(
        "pages/rules.html",
        shown=now_here.shown,
        text=markdown.html(now_here.shown.text),
        edition=now_here.edition,
        target=target,
        back=work.group(1) if work else "",
        accepted=accepted(),
        problem=problem,
    )
    return page, 409 if problem else 200, {"Cache-Control": "private, no-store"}


def _seat() -> str:
    """The seat that is open here, sealed: whoever sits there next accepts the rules anew."""
    given = request.cookies.get(signing.seat_cookie(), "")
    return reading_room.seal(archive().settings.secret_key, "rules", given)[:16] if given else ""

"""/staff/audit: who did what to what, when, from where and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import audit, audit_list
from repository.archive import Archive
from repository.audit_list import Wanted
from repository.errors import Invalid
from repository.web import desk, story, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

auditing = Blueprint("auditing", __name__, url_prefix="/staff/audit")

READERS = (Role.DIRECTOR, Role.ADMINISTRATOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


GROUPS = {
    "work": _("Works"),
    "account": _("Accounts and roles"),
    "sign-in": _("Signing in"),
    "collection": _("Collections"),
    "author": _("Records of authors"),
    "policies": _("Policies"),
    "page": _("Pages of the site"),
    "appearance": _("Name and looks"),
    "mail": _("Letters"),
    "seat": _("Seats of the reading rooms"),
    "audit": _("The log itself"),
}
KINDS = {
    "work.rights": _("Who may open a file was changed"),
    "work.deleted": _("A draft was deleted"),
    "work.read": _("Staff opened a file that is closed to readers"),
    "account.created": _("An account was made"),
    "account.confirmed": _("An address was confirmed"),
    "account.granted": _("A role was given"),
    "account.revoked": _("A role was taken away"),
    "account.closed": _("An account was closed"),
    "account.opened": _("An account was opened"),
    "account.password": _("A password was changed"),
    "account.changed": _("Name or language was changed"),
    "account.forgotten": _("A person was taken out of the log"),
    "sign-in.slowed": _("Too many attempts to sign in"),
    "letter.slowed": _("Too many letters were asked for"),
    "collection.created": _("A collection was made"),
    "collection.moved": _("A collection was moved"),
    "collection.renamed": _("A collection was renamed"),
    "author.created": _("A record of an author was made"),
    "author.changed": _("A record of an author was changed"),
    "author.linked": _("Works were linked to an author"),
    "author.unlinked": _("Works were taken from an author"),
    "author.merged": _("Two records of an author were merged"),
    "author.unmerged": _("A merge of authors was undone"),
    "author.split": _("A record of an author was split"),
    "policies.changed": _("Policies were changed"),
    "page.created": _("A page of the site was written"),
    "page.changed": _("A page of the site was changed"),
    "page.deleted": _("A page of the site was deleted"),
    "appearance.changed": _("Name or looks were changed"),
    "mail.again": _("A letter was sent anew"),
    "mail.deleted": _("A letter was deleted"),
    "seat.added": _("A seat was made"),
    "seat.code": _("A seat got a new code"),
    "seat.on": _("A seat was put into use"),
    "seat.off": _("A seat was taken out of use"),
    "seat.deleted": _("A seat was deleted"),
    "seat.opened": _("A seat was opened"),
    "seat.slowed": _("Too many codes of seats were tried"),
    "audit.exported": _("The log was taken out as a table"),
}


@auditing.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who did what, when, from where and why. Nobody can change it unseen.")
    desk.offer(state, "auditing.index", _("Audit log"), says)


@auditing.after_request
def private(response: Response) -> Response:
    """Names are on these pages: no browser and no proxy keeps them."""
    response.headers["Cache-Control"] = "no-store"
    return response


@auditing.get("")
@role(*READERS)
def index() -> ResponseReturnValue:
    """The log, newest first, filtered."""
    errors: dict[str, list[str]] = {}
    wanted = _wanted(errors)
    lines, rest = audit_list.page(reading(), wanted) if not errors else ([], None)
    kept = {name: value for name, value in request.args.items() if value and name != "before"}
    page = render_template(
        "staff/audit.html",
        lines=lines,
        rest=rest,
        says=says,
        more=more,
        groups=[(key, gettext(label)) for key, label in GROUPS.items()],
        values=request.args,
        kept={name: value for name, value in kept.items() if name != "lang"},
        errors=errors,
    )
    return page, 422 if errors else 200


def _wanted(errors: dict[str, list[str]]) -> Wanted:
    """What the address asks for; `errors` gets what is wrong with it."""
    days = {}
    for name in ("since", "until"):
        try:
            days[name] = audit_list.day(request.args.get(name, ""))
        except Invalid as error:
            errors[name] = [words.explain(error)]
    work = request.args.get("work", "").strip()
    if work and not (work.isdigit() and len(work) < 10):
        errors["work"] = [gettext("Write the number of the work.")]
        work = ""
    return Wanted(
        work=int(work) if work else None,
        actor=request.args.get("actor", "").strip()[:200],
        kind=request.args.get("kind", "")[:40],
        before=request.args.get("before", type=int),
        **days,
    )


@auditing.get("/table.csv")
@role(*READERS)
def table() -> ResponseReturnValue:
    """The same as CSV; that it was taken out is in the log, too."""
    errors: dict[str, list[str]] = {}
    wanted = _wanted(errors)
    if errors:
        raise Invalid("Some answers are still missing or not right.")
    asked = {key: value for key, value in request.args.items() if value}
    with archive().writing() as session:
        audit.write(session, "audit.exported", actor=viewer(), details={"asked": asked})
    answer = Response(_stream(archive(), wanted), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _stream(source: Archive, wanted: Wanted) -> Iterator[str]:
    with source.reading() as session:
        yield from audit_list.as_csv(audit_list.every(session, wanted))


def says(kind: str) -> str:
    """What a kind of row means."""
    known = KINDS.get(kind) or story.HAPPENED.get(kind.partition(".")[2])
    return gettext(known) if known else kind


def more(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details that tell people something, as name and value."""
    shown = []
    for name, value in details.items():
        if name in ("event", "version", "texts", "titles") or value in (None, "", []):
            continue
        flat = value if isinstance(value, list) else [value]
        shown.append((name, ", ".join(str(one) for one in flat if one not in (None, ""))))
    return shown

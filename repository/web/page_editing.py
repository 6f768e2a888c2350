"""/staff/pages: the pages of the site that staff write themselves."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import appearance, audit_list, house_rules, site_pages
from repository.errors import Conflict, Invalid
from repository.models.site import Page, Place
from repository.web import desk, faults, markdown
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.messages import Message
from schemas.roles import Role

editing = Blueprint("page_editing", __name__, url_prefix="/staff/pages")

WRITERS = (Role.CATALOGUER, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


PLACES = {
    Place.MENU: _("In the menu above, and below each page"),
    Place.FOOTER: _("Below each page"),
    Place.NOWHERE: _("Nowhere; it has an address only"),
}
HAPPENED = {
    "page.created": _("Written"),
    "page.changed": _("Changed"),
}


@editing.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("What the library writes for its readers: about the archive, rules, help, and more.")
    desk.offer(state, "page_editing.index", _("Pages of the site"), says)


@editing.get("")
@role(*WRITERS)
def index() -> ResponseReturnValue:
    """All pages, those that are there without the staff too."""
    pages = site_pages.everything(reading())
    known = {one.slug for one in pages}
    return render_template(
        "staff/pages.html",
        pages=pages,
        places=PLACES,
        ready={slug: title for slug, title in site_pages.READY.items() if slug not in known},
        tongues=list(vocabulary.INTERFACE.items()),
    )


@editing.get("/new")
@role(*WRITERS)
def new() -> ResponseReturnValue:
    """The form of a page that is not there yet."""
    slug = request.args.get("slug", "")
    values = {"slug": slug, "place": Place.NOWHERE, "position": 0, "titles": {}, "texts": {}}
    if slug == site_pages.RULES:
        ready = {code: house_rules.ready(code) for code in vocabulary.INTERFACE}
        values["titles"] = {code: one.title for code, one in ready.items()}
        values["texts"] = {code: one.text for code, one in ready.items()}
    return _form(None, values)


@editing.post("/new")
@role(*WRITERS)
def add() -> ResponseReturnValue:
    """Keeps a new page, or shows how it would look."""
    typed = _typed()
    if "preview" in request.form:
        return _form(None, typed, preview=True)
    try:
        said = _checked(typed)
        with archive().writing() as session:
            made = site_pages.add(session, said, actor=viewer(), anew="anew" in request.form)
            number = made.id
    except Invalid as error:
        return _form(None, typed, faults.of_error(error), error.status)
    return _kept(number)


@editing.get("/<int:page_id>")
@role(*WRITERS)
def edit(page_id: int) -> ResponseReturnValue:
    """The form of a page, and what became of it so far."""
    page = site_pages.get(reading(), page_id)
    names = ("slug", "place", "position", "titles", "texts")
    return _form(page, {name: getattr(page, name) for name in names})


@editing.post("/<int:page_id>")
@role(*WRITERS)
def change(page_id: int) -> ResponseReturnValue:
    """Keeps what was typed, or shows how it would look."""
    page, typed = site_pages.get(reading(), page_id), _typed()
    if "preview" in request.form:
        return _form(page, typed, preview=True, revision=_revision())
    try:
        said = _checked(typed)
        with archive().writing() as session:
            site_pages.change(
                session,
                site_pages.get(session, page_id),
                said,
                actor=viewer(),
                revision=_revision(),
                anew="anew" in request.form,
            )
    except Conflict as error:
        return _form(page, typed, faults.of_error(error), error.status, theirs=True)
    except Invalid as error:
        errors = faults.of_error(error)
        return _form(page, typed, errors, error.status, revision=_revision())
    return _kept(page_id)


@editing.post("/<int:page_id>/delete")
@role(*WRITERS)
def delete(page_id: int) -> ResponseReturnValue:
    """Deletes a page."""
    with archive().writing() as session:
        page = site_pages.get(session, page_id)
        site_pages.remove(session, page, actor=viewer(), revision=_revision())
    appearance.forget(archive().settings)
    flash(gettext("The page was deleted."), "good")
    return redirect(url_for("page_editing.index"), 303)


def _kept(number: int) -> ResponseReturnValue:
    appearance.forget(archive().settings)
    flash(gettext("The page is kept."), "good")
    return redirect(url_for("page_editing.edit", page_id=number), 303)


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


def _typed() -> dict[str, Any]:
    form = request.form
    texts = {
        name: {one: form.get(f"{name}.{one}", "") for one in vocabulary.INTERFACE}
        for name in ("titles", "texts")
    }
    return {name: form.get(name, "") for name in ("slug", "place", "position")} | texts


def _checked(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, made clean, its links looked at."""
    errors: dict[str, list[str]] = {}
    sentence = _("This link or picture is not allowed: %(address)s")
    for language, text in typed["texts"].items():
        bad = markdown.refused(text)
        if bad:
            errors[f"texts.{language}"] = [Message(sentence, address=one[:200]) for one in bad[:5]]
    try:
        said = site_pages.checked(typed)
    except Invalid as error:
        raise Invalid(error.sentence, {**errors, **error.errors}) from error
    if errors:
        raise Invalid("Some answers are still missing or not right.", errors)
    return said


def _form(
    page: Page | None,
    values: Mapping[str, Any],
    errors: faults.Messages | None = None,
    status: int = 200,
    *,
    preview: bool = False,
    theirs: bool = False,
    revision: int | None = None,
) -> ResponseReturnValue:
    """The editor; `theirs` shows what somebody else wrote beside what was typed."""
    seen = {}
    if preview:
        texts = [(code, text) for code, text in values["texts"].items() if text.strip()]
        seen = {code: (values["titles"][code], markdown.html(text)) for code, text in texts}
    return render_template(
        "staff/page.html",
        page=page,
        values=values,
        errors=errors or {},
        revision=revision if revision is not None or page is None else page.revision,
        theirs=page if theirs else None,
        seen=seen,
        preview=preview,
        places=[(key, gettext(label)) for key, label in PLACES.items()],
        tongues=list(vocabulary.INTERFACE.items()),
        rules=site_pages.RULES,
        anew="anew" in request.form,
        past=_past(page) if page else [],
    ), status


def _past(page: Page) -> list[tuple[audit_list.Line, str]]:
    """What became of a page, the latest first, each with what it is called."""
    lines = audit_list.about(reading(), site_pages.KIND, page.id)
    return [(one, gettext(HAPPENED.get(one.kind, one.kind))) for one in lines]

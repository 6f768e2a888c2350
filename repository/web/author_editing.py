"""/staff/authors: a record as a form, and two records side by side."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import author_merging, people, people_lists
from repository.errors import ArchiveError, Conflict, Invalid
from repository.models.accounts import Account
from repository.models.people import Author
from repository.web import author_forms, choices, faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import work as profile
from schemas.roles import Role

editing = Blueprint("author_editing", __name__, url_prefix="/staff/authors")


@editing.get("/new")
@role(Role.CATALOGUER)
def new() -> ResponseReturnValue:
    """An empty record."""
    return _form({})


@editing.post("/new")
@role(Role.CATALOGUER)
def create() -> ResponseReturnValue:
    """Makes a record."""
    return _keep(None)


@editing.get("/<int:number>/edit")
@role(Role.CATALOGUER)
def edit(number: int) -> ResponseReturnValue:
    """A record as a form."""
    author = people.get(reading(), number)
    people.check_revision(author, None)
    account = reading().get(Account, author.account_id or 0)
    return _form(author_forms.of(author), author, account=account.email if account else "")


@editing.post("/<int:number>/edit")
@role(Role.CATALOGUER)
def change(number: int) -> ResponseReturnValue:
    """Writes a record anew."""
    return _keep(number)


def _keep(number: int | None) -> ResponseReturnValue:
    given, address = author_forms.read(request.form), request.form.get("account", "")
    revision = request.form.get("revision", type=int)
    known = people.get(reading(), number) if number else None
    if request.form.get("add"):
        return _form(given, known, account=address, added=request.form["add"], revision=revision)
    try:
        with archive().writing() as session:
            if number:
                author = people.get(session, number)
                options: dict[str, Any] = {"revision": revision or -1, "account": address}
                people.edit(session, author, given, actor=viewer(), **options)
            else:
                author = people.create(session, given, actor=viewer(), account=address)
            number = author.id
    except profile.Unfit as error:
        said = author_forms.messages(error)
        return _form(given, known, said, account=address, revision=revision)
    except (Invalid, Conflict) as error:
        said = faults.of_error(error)
        return _form(given, known, said, account=address, revision=revision)
    flash(gettext("The record is kept."), "good")
    return redirect(url_for("authors.show", number=number), 303)


def _form(
    given: Mapping[str, Any],
    author: Author | None = None,
    errors: faults.Messages | None = None,
    *,
    account: str = "",
    added: str = "",
    revision: int | None = None,
) -> ResponseReturnValue:
    rows = {
        name: [*given.get(name, ()), *([{}] if added == name or not given.get(name) else [])]
        for name in author_forms.ROWS
    }
    return render_template(
        "authors/form.html",
        author=author,
        revision=revision or (author.revision if author else 0),
        given=given,
        rows=rows,
        added=added,
        account=account,
        proposals=[profile.agent_name(one) for one in author_forms.proposals(given["forms"])]
        if given.get("forms")
        else [],
        schemes=author_forms.schemes(),
        choices=choices,
        errors=errors or {},
        labels=author_forms.labels(errors or {}),
    ), 422 if errors else 200


@editing.get("/merge")
@role(Role.CATALOGUER)
def beside() -> ResponseReturnValue:
    """Two records side by side; or the search for the other one."""
    return _beside()


def _beside(errors: faults.Messages | None = None, status: int = 200) -> ResponseReturnValue:
    kept = people.living(reading(), request.values.get("keep", 0, type=int))
    other = request.values.get("lose", 0, type=int)
    asked = request.args.get("q", "").strip()[:200]
    if not other:
        found, _more = people_lists.search(reading(), asked or kept.forms[0].family)
        rest = [one for one in found if one.author.id != kept.id]
        return render_template("authors/which.html", kept=kept, asked=asked, found=rest)
    lost = people.get(reading(), other)
    counted = people_lists.works_of(reading(), (kept.id, lost.id))
    try:
        author_merging.check(kept, lost)
    except Invalid as error:
        errors, status = {"": [words.explain(error)]}, 422
    return render_template(
        "authors/merge.html",
        kept=kept,
        lost=lost,
        counted=counted,
        preferred=request.form.get("preferred", str(kept.forms[0].id)),
        schemes=dict(author_forms.schemes()),
        errors=errors or {},
    ), status


@editing.post("/merge")
@role(Role.CATALOGUER)
def merge() -> ResponseReturnValue:
    """Makes one record of two."""
    keep, lose = (request.form.get(one, 0, type=int) for one in ("keep", "lose"))
    revisions = [request.form.get(one, 0, type=int) or -1 for one in ("mine", "theirs")]
    try:
        with archive().writing() as session:
            author_merging.merge(
                session,
                people.get(session, keep),
                people.get(session, lose),
                actor=viewer(),
                revisions=(revisions[0], revisions[1]),
                preferred=request.form.get("preferred", 0, type=int),
                orcid=request.form.get("orcid", ""),
            )
    except (Invalid, Conflict) as error:
        return _beside(faults.of_error(error), error.status)
    flash(gettext("Merged. It can be undone for 30 days."), "good")
    return redirect(url_for("authors.show", number=keep), 303)


@editing.post("/merges/<int:merge>/undo")
@role(Role.CATALOGUER)
def undo(merge: int) -> ResponseReturnValue:
    """Makes two records of one again."""
    try:
        with archive().writing() as session:
            found = author_merging.get(session, merge)
            number = found.kept_id
            lost = author_merging.undo(session, found, actor=viewer()).id
    except Conflict as error:
        return _refused(error)
    flash(gettext("There are two records again."), "good")
    return redirect(url_for("authors.show", number=lost if lost != number else number), 303)


def _refused(error: ArchiveError) -> ResponseReturnValue:
    flash(words.explain(error), "bad")
    return redirect(url_for("authors.index"), 303)

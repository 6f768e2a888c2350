"""/deposit/<number>/bring: files come from an address, or from the server's folder."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from ingest import fetches
from repository import catalogue
from repository.access import Action
from repository.errors import ArchiveError
from repository.models.fetches import FetchState
from repository.models.works import Work
from repository.web import faults, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import work as profile
from schemas.roles import Role

blueprint = Blueprint("bringing", __name__, url_prefix="/deposit/<int:number>/bring")


@blueprint.get("")
@role(Role.DEPOSITOR)
def show(number: int) -> ResponseReturnValue:
    """What is on its way, and the forms that have more brought."""
    return _page(_draft(reading(), number))


def _draft(session: Session, number: int) -> Work:
    work = permits.work(session, number, Action.EDIT)
    catalogue.check_step(work, "edit")
    return work


@blueprint.post("")
@role(Role.DEPOSITOR)
def ask(number: int) -> ResponseReturnValue:
    """Has files brought: the one at an address, or those that are ticked."""
    sources = [f"{fetches.INBOX}{one}" for one in request.form.getlist("files")]
    sources = sources or [request.form.get("address", "")]
    try:
        with archive().writing() as session:
            work = _draft(session, number)
            for source in sources:
                fetches.ask(session, work, source, actor=viewer())
    except ArchiveError as error:
        field = "files" if request.form.getlist("files") else "address"
        return _page(_draft(reading(), number), {field: [words.explain(error)]})
    return redirect(url_for("bringing.show", number=number), 303)


@blueprint.post("/<int:fetch>")
@role(Role.DEPOSITOR)
def decide(number: int, fetch: int) -> ResponseReturnValue:
    """Tries once more, or does without the file."""
    with archive().writing() as session:
        act = fetches.again if "again" in request.form else fetches.forget
        act(session, _draft(session, number), fetch)
    return redirect(url_for("bringing.show", number=number), 303)


def _page(work: Work, errors: faults.Messages | None = None) -> ResponseReturnValue:
    rows = [_row(one) for one in fetches.of(reading(), work.id)]
    staff = viewer().may(Role.CATALOGUER)
    return render_template(
        "deposit/bring.html",
        work=work,
        title=profile.main_title(work.document).get("text", ""),
        rows=rows,
        busy=any(row["waiting"] for row in rows),
        files=work.current_files,
        staff=staff,
        entries=fetches.listed(archive().settings.inbox) if staff else [],
        inbox=str(archive().settings.inbox),
        typed=request.form,
        errors=errors or {},
        labels={"address": gettext("Address of the file"), "files": gettext("Files")},
    ), 422 if errors else 200


def _row(one: Any) -> dict[str, Any]:
    problem = one.problem and ArchiveError(one.problem["sentence"], **one.problem["params"])
    return {
        "fetch": one,
        "name": one.source.removeprefix(fetches.INBOX),
        "waiting": one.state == FetchState.WAITING,
        "problem": words.explain(problem) if problem else "",
    }

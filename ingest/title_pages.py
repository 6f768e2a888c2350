"""Titles of an accession: added one by one or as works of the archive, changed, taken out."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ingest import accession_forms as forms
from ingest import accession_pages as pages
from repository import accessions, entries
from repository.errors import ArchiveError
from repository.models.accessions import Accession, Item
from repository.web import faults
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.accessions import Standing
from schemas.answers import Answers

blueprint = Blueprint("titles", __name__, url_prefix="/staff/accessions/<int:number>/items")


@blueprint.get("/new")
@role(*pages.MINE)
def new(number: int) -> ResponseReturnValue:
    """The form of a title."""
    return _form(accessions.get(reading(), number), {"copies": "1", "inventoried": "yes"})


def _form(
    found: Accession,
    typed: Any,
    errors: faults.Messages | None = None,
    *,
    old: Item | None = None,
) -> ResponseReturnValue:
    booked = found.standing == Standing.BOOKED
    return forms.page(
        gettext("Change a title") if old else gettext("Add a title"),
        forms.item(booked=booked),
        typed,
        errors,
        reason=booked,
        back=url_for("accessions.show", number=found.id),
    )


@blueprint.post("/new")
@role(*pages.MINE)
def add(number: int) -> ResponseReturnValue:
    """Adds a title."""
    answers = Answers(request.form)
    errors: faults.Messages = {}
    try:
        with archive().writing() as session:
            values = entries.read_item(session, answers, viewer=viewer())
            errors = forms.said(answers.errors)
            if not errors:
                found = accessions.get(session, number)
                accessions.add_item(session, found, values, actor=viewer())
    except ArchiveError as error:
        errors = faults.of_error(error)
    if errors:
        return _form(accessions.get(reading(), number), request.form, errors)
    return redirect(url_for("accessions.show", number=number), 303)


@blueprint.post("/works")
@role(*pages.MINE)
def link(number: int) -> ResponseReturnValue:
    """Adds works of the archive by their numbers, a copy of each; the books take their titles."""
    answers = Answers(request.form)
    added = 0
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            works = entries.read_works(session, answers, viewer=viewer())
            there = {one.work_id for one in found.items}
            for work in [] if answers.errors else works:
                if work.id not in there:
                    values = _copy(entries.describe(work), work.id)
                    accessions.add_item(session, found, values, actor=viewer())
                    added += 1
    except ArchiveError as error:
        return pages.shown(accessions.get(reading(), number), faults.of_error(error), 422)
    if answers.errors:
        said = forms.said(answers.errors)
        return pages.shown(accessions.get(reading(), number), said, 422)
    flash(ngettext("%(num)s work was added.", "%(num)s works were added.", added), "good")
    return redirect(url_for("accessions.show", number=number), 303)


def _copy(described: dict[str, str], work_id: int) -> dict[str, Any]:
    inventoried = bool(request.form.get("inventoried"))
    return {**described, "work_id": work_id, "copies": 1, "inventoried": inventoried}


@blueprint.get("/<int:item>")
@role(*pages.MINE)
def edit(number: int, item: int) -> ResponseReturnValue:
    """A title as a form."""
    found = accessions.get(reading(), number)
    old = accessions.item(found, item)
    return _form(found, forms.typed_of(old, forms.item()), old=old)


@blueprint.post("/<int:item>")
@role(*pages.MINE)
def change(number: int, item: int) -> ResponseReturnValue:
    """Changes a title; once it is booked with a reason, and its copies stay."""
    errors: faults.Messages = {}
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            old = accessions.item(found, item)
            answers = _answers(found, old)
            values = entries.read_item(session, answers, viewer=viewer())
            errors = forms.said(answers.errors)
            if not errors:
                reason = request.form.get("reason", "")
                accessions.change_item(session, found, old, values, reason=reason, actor=viewer())
    except ArchiveError as error:
        errors = faults.of_error(error)
    if errors:
        found = accessions.get(reading(), number)
        return _form(found, request.form, errors, old=accessions.item(found, item))
    return redirect(url_for("accessions.show", number=number), 303)


def _answers(found: Accession, old: Item) -> Answers:
    """What was typed; a booked title's form does not ask how many copies there are."""
    typed = dict(request.form.items())
    if found.standing == Standing.BOOKED:
        typed["copies"] = str(old.copies)
    return Answers(typed)


@blueprint.post("/<int:item>/drop")
@role(*pages.MINE)
def drop(number: int, item: int) -> ResponseReturnValue:
    """Takes a title out."""
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            accessions.drop_item(session, found, accessions.item(found, item), actor=viewer())
    except ArchiveError as error:
        return pages.shown(accessions.get(reading(), number), faults.of_error(error), 422)
    return redirect(url_for("accessions.show", number=number), 303)

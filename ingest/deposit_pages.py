"""The pages of the deposit, filled with what they show."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ingest import agreement, drafts, lookup, offers, steps, tour, unfinished
from ingest.steps import Step
from repository import appearance, deposits, duplicates
from repository.errors import ArchiveError
from repository.models.works import Work
from repository.web import (
    becoming,
    description,
    faults,
    filling,
    lists,
    story,
    terms,
    values,
    words,
)
from repository.web.current import archive, reading, viewer
from repository.web.description import Form
from schemas import vocabulary
from schemas import work as profile
from schemas.vocabulary import State


def index(errors: faults.Messages | None = None, status: int = 200) -> ResponseReturnValue:
    """A depositor's works, and the way to begin a new one."""
    before = request.args.get("before", type=int)
    works = deposits.of_viewer(reading(), viewer(), before=before)
    page = works[: deposits.PAGE]
    older = len(works) > len(page)
    return render_template(
        "deposit/index.html",
        works=[row(work) for work in page],
        next=url_for("deposit.index", before=page[-1].id) if older else None,
        previous=url_for("deposit.index") if before else None,
        errors=errors or {},
        limit=archive().settings.upload_limit,
        touring=tour.on(),
        asks=lookup.offered(archive().settings),
        typed=request.form.get("identifier", ""),
    ), status


def row(work: Work) -> dict[str, Any]:
    """What a list of deposits shows of a work."""
    return {
        **lists.row(work),
        "state": work.state,
        "state_label": words.label(vocabulary.STATES[State(work.state)]),
        "changed": work.changed,
        "submitted": work.submitted,
        "files": len(work.current_files),
    }


def show(work: Work, errors: faults.Messages | None = None) -> ResponseReturnValue:
    """Where a deposit stands, what was said about it, what can be done."""
    return render_template(
        "deposit/show.html",
        work=work,
        becoming=becoming.of(work),
        row=row(work),
        thread=story.thread(reading(), work, viewer()),
        timeline=story.timeline(reading(), work),
        first=steps.first_open(work),
        editable=drafts.editable(work, viewer()),
        errors=errors or {},
        typed=request.form.get("comment", ""),
    ), 422 if errors else 200


def step(
    work: Work,
    this: Step,
    *,
    added: str = "",
    form: Form | None = None,
    checked: bool = False,
    errors: faults.Messages | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """One step of the form. `checked` says at the fields what is missing or wrong."""
    found = errors or (drafts.wrong(work, this, form) if checked else {})
    return render_template(
        f"deposit/{this.key}.html",
        **frame(work, this),
        **filling.context(work.document, errors=found, added=added),
        **terms.context(reading(), work, form or {}),
        **PARTS.get(this.key, _nothing)(work),
    ), 422 if found and status == 200 else status


def frame(work: Work, this: Step) -> dict[str, Any]:
    """What every step shows: where in the form we are, and when it was last kept."""
    return {
        "work": work,
        "becoming": becoming.of(work),
        "title": profile.main_title(work.document).get("text", ""),
        "step": this,
        "steps": [(one.key, words.label(one.label)) for one in steps.STEPS.values()],
        "done": steps.complete(work),
        "saved": work.changed,
        "tour": tour.stop(this),
        "duplicates": likely(work),
    }


def likely(work: Work) -> list[dict[str, Any]]:
    """Works that may be the same, for the notice."""
    found = duplicates.find(
        reading(),
        work.document,
        viewer=viewer(),
        sha512s=[file.sha512 for file in work.current_files],
        apart_from=work.id,
    )
    return [{**row(one.work), "why": one.why} for one in found]


def _nothing(work: Work) -> dict[str, Any]:
    return {}


def _files(work: Work) -> dict[str, Any]:
    read = [(file.name, offers.of_file(archive(), work, file)) for file in work.current_files]
    return {
        "problems": [(name, words.say(one.problem)) for name, one in read if one.problem],
        "cards": lists.cards(reading(), work),
        "limit": archive().settings.upload_limit,
        "waiting": unfinished.listed(reading(), work, archive().settings),
    }


def _offered(work: Work) -> dict[str, Any]:
    return {"offers": offers.listed(work.document, offers.of(archive(), work))}


def _offered_people(work: Work) -> dict[str, Any]:
    found = offers.of(archive(), work)
    return {"offers": offers.listed(work.document, found, description.PEOPLE)}


def _check(work: Work) -> dict[str, Any]:
    text = agreement.current(
        words.language(), archive_name=appearance.name(archive().settings, words.language())
    )
    missing = faults.of(work.document)
    return {
        "agreement": text,
        "agreed": work.agreement if agreement.holds(work.agreement) else None,
        "missing": [
            (steps.home(path), path, faults.label(path), said) for path, said in missing.items()
        ],
        "summary": summary(work.document),
        "cards": _files(work)["cards"],
    }


def summary(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The description as labels and values, in the order of the form."""
    pairs = ((name, values.said(name, document.get(name))) for name in _SUMMARY)
    return [(faults.label(name), text) for name, text in pairs if text]


_SUMMARY = (
    "titles",
    "type",
    "creators",
    "contributors",
    "issued",
    "languages",
    "abstracts",
    "keywords",
    "host",
    "thesis",
    "publishers",
    "edition",
    "series",
    "identifiers",
    "classification",
    "licence",
    "rights_holders",
)
PARTS = {"files": _files, "about": _offered, "people": _offered_people, "check": _check}


def conflict(work: Work, this: Step, error: ArchiveError) -> ResponseReturnValue:
    """What was typed beside what is there now, when somebody else was faster."""
    document = drafts.typed(work, this, request.form)
    return render_template(
        "deposit/conflict.html",
        **frame(work, this),
        **filling.context(document, errors={}),
        **terms.context(reading(), work, request.form),
        sentence=words.explain(error),
        differences=values.differences(document, work.document, this.elements),
        editable=drafts.editable(work, viewer()),
    ), 409

"""Who may open the files of a work, and where it is gathered: the part of the form that is not in
the document.

Depositors are asked the simple questions; `full` asks the library's staff all of them, and is
what lets their answers count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from repository import catalogue, rights
from repository.clock import now
from repository.models.collections import Collection
from repository.models.works import File, Work
from repository.rights import Rights
from repository.versions import Part, parts_of
from repository.web import choices, faults, words
from repository.web.current import viewer
from repository.web.description import Form
from schemas import fields
from schemas.text import paragraphs
from schemas.vocabulary import Access, Copying, CopyrightBasis, EmbargoReason

NOTE_LIMIT = 5000


class Grant(NamedTuple):
    """What was chosen for one file."""

    file: File
    rights: Rights


class Title(NamedTuple):
    """On what ground the library keeps a work, and what its staff should know of that."""

    copyright_basis: str
    rights_note: str


def errors(work: Work, form: Mapping[str, str], *, full: bool = False) -> faults.Messages:
    """What is wrong with the answers about files and rights, by field."""
    found: faults.Messages = {}
    for file in work.current_files:
        found.update(_read(file, form, full)[1])
    _hidden(work, form, found)
    if full and len(form.get("rights_note", "")) > NOTE_LIMIT:
        found["rights_note"] = [gettext("This is too long.")]
    return found


def _hidden(work: Work, form: Mapping[str, str], found: faults.Messages) -> date | None:
    """Until when even the description is hidden: what was chosen, or what stands."""
    if "hidden_until" not in form:
        return work.hidden_until
    return _future(form["hidden_until"], work.hidden_until, "hidden_until", found)


def _read(file: File, form: Mapping[str, str], full: bool) -> tuple[Rights, faults.Messages]:
    """What was chosen for a file, and what is wrong with it; what the form does not name stays."""
    at, stands = f"files.{file.id}.", rights.of(file)
    level = form.get(f"{at}access", stands.access)
    # The staff's own level is theirs to give; a file that has it may keep it.
    levels = {stands.access, *(Access if full else choices.FOR_DEPOSITORS)}
    changes: dict[str, Any] = {"access": Access(level) if level in levels else stands.access}
    reason = form.get(f"{at}embargo_reason", stands.embargo_reason or "")
    changes["embargo_reason"] = EmbargoReason(reason) if reason in set(EmbargoReason) else None
    copying = form.get(f"{at}copying", "")
    if full and copying in set(Copying):
        changes["copying"] = Copying(copying)
    found: faults.Messages = {}
    for name in ("embargo_until", "lease_until") if full else ("embargo_until",):
        if f"{at}{name}" in form:
            stood = getattr(stands, name)
            changes[name] = _future(form[f"{at}{name}"], stood, f"{at}{name}", found)
    chosen = replace(stands, **changes)
    if chosen.embargo_until is None:
        chosen = replace(chosen, embargo_reason=None)
    if not found:
        _weigh(chosen, stands, at, f"{at}embargo_reason" in form, found)
    return chosen, found


def _future(text: str, stood: date | None, name: str, found: faults.Messages) -> date | None:
    try:
        day = _day(text)
    except ValidationError as error:
        found[name] = [words.say(message) for message in error.messages]
        return stood
    if day and day != stood and day <= now().date():
        found[name] = [gettext("This day has passed already.")]
        return stood
    return day


def _weigh(chosen: Rights, stands: Rights, at: str, asked: bool, found: faults.Messages) -> None:
    until, new = chosen.embargo_until, chosen.embargo_until != stands.embargo_until
    if until and asked and new and not chosen.embargo_reason:
        found[f"{at}embargo_reason"] = [gettext("Choose why it stays closed until then.")]
    if until and chosen.lease_until and chosen.lease_until <= until:
        found[f"{at}lease_until"] = [gettext("It would end before the file has opened.")]


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    written = fields.check_date(text)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        sentence = gettext("Write the whole day, for example 31.12.2027.")
        raise ValidationError(sentence) from error


def keep(session: Session, work: Work, form: Form, *, full: bool = False) -> None:
    """Keeps the answers that are right; a file or collection that the form does not name stays."""
    for grant in grants(work, form, full=full):
        catalogue.grant(session, work, grant.file, grant.rights, actor=viewer())
    hidden = _hidden(work, form, {})
    if hidden != work.hidden_until:
        catalogue.hide(session, work, hidden, actor=viewer())
    title = titled(work, form) if full else None
    if title is not None:
        catalogue.entitle(session, work, **title._asdict(), actor=viewer())
    wanted = gathered(session, work, form)
    if wanted is not None:
        catalogue.gather(session, work, wanted)


def differ(session: Session, work: Work, form: Form) -> bool:
    """Whether keeping a depositor's answers would change anything."""
    hidden = _hidden(work, form, {}) != work.hidden_until
    return hidden or any(grants(work, form)) or gathered(session, work, form) is not None


def gathered(session: Session, work: Work, form: Form) -> list[Collection] | None:
    """The collections chosen; None where they are those that the work is in."""
    if "collections" not in form:
        return None
    chosen = form.getlist("collections") + form.getlist("other_collection")
    found = [session.get(Collection, int(one)) for one in dict.fromkeys(chosen) if _number(one)]
    wanted = [one for one in found if one is not None]
    return None if set(wanted) == set(work.collections) else wanted


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def grants(work: Work, form: Form, *, full: bool = False) -> Iterator[Grant]:
    """What was chosen otherwise than it is, for the files whose answers are right."""
    for file in work.current_files:
        chosen, wrong = _read(file, form, full)
        if not wrong and chosen != rights.of(file):
            yield Grant(file, chosen)


def titled(work: Work, form: Form) -> Title | None:
    """The staff's answers about the whole work; None where they are those that it has."""
    basis = form.get("copyright_basis", "")
    note = paragraphs(form.get("rights_note", work.rights_note))
    chosen = Title(basis if basis in set(CopyrightBasis) else work.copyright_basis, note)
    return None if chosen == (work.copyright_basis, work.rights_note) else chosen


def parts(work: Work, form: Form) -> list[Part]:
    """The files as they are, with what the staff chose for each."""
    chosen = {one.file.id: one.rights for one in grants(work, form, full=True)}
    return [
        replace(part, **vars(chosen[part.id])) if part.id in chosen else part
        for part in parts_of(work)
    ]


def context(
    session: Session, work: Work, form: Mapping[str, str], *, full: bool = False
) -> dict[str, Any]:
    """What `templates/description/rights.html` shows; what was typed wins over what is kept."""
    options = choices.gathered(session)
    chosen = {str(one.id) for one in work.collections}
    return {
        "full": full,
        "files": [_typed(file, form, full) for file in work.current_files],
        "typed_hidden": form.get("hidden_until", work.hidden_until or ""),
        "typed_basis": form.get("copyright_basis", work.copyright_basis),
        "typed_note": form.get("rights_note", work.rights_note),
        "collections": [one for one in options if one[0] not in chosen],
        "chosen_collections": [(key, label.strip()) for key, label in options if key in chosen],
    }


def _typed(file: File, form: Mapping[str, str], full: bool) -> dict[str, Any]:
    kept = {name: value or "" for name, value in rights.to_json(rights.of(file)).items()}
    typed = {name: form.get(f"files.{file.id}.{name}", kept[name]) for name in rights.COLUMNS}
    return {
        "id": file.id,
        "name": file.name,
        "typed": typed,
        "levels": choices.access(None if full else file.access),
    }

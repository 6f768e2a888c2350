"""Who may open the files of a draft, and where it is gathered: the part of the form that is not in
the document."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from repository import catalogue
from repository.clock import now
from repository.models.collections import Collection
from repository.models.works import File, Work
from repository.web import choices, faults, words
from repository.web.current import viewer
from repository.web.description import Form
from schemas import fields
from schemas.vocabulary import Access


class Grant(NamedTuple):
    """What was chosen for one file."""

    file: File
    access: Access
    embargo_until: date | None


def errors(work: Work, form: Mapping[str, str]) -> faults.Messages:
    """What is wrong with the answers about files, by field."""
    found: faults.Messages = {}
    for file in work.current_files:
        name = f"files.{file.id}.embargo_until"
        try:
            until = _day(form.get(name, ""))
        except ValidationError as error:
            found[name] = [words.say(message) for message in error.messages]
            continue
        if until and until != file.embargo_until and until <= now().date():
            found[name] = [gettext("This day has passed already.")]
    return found


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    written = fields.check_date(text)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        sentence = gettext("Write the whole day, for example 31.12.2027.")
        raise ValidationError(sentence) from error


def keep(session: Session, work: Work, form: Form) -> None:
    """Keeps the answers that are right; a file or collection that the form does not name stays."""
    for grant in grants(work, form):
        catalogue.grant(
            session,
            work,
            grant.file,
            access=grant.access,
            embargo_until=grant.embargo_until,
            actor=viewer(),
        )
    wanted = gathered(session, work, form)
    if wanted is not None:
        catalogue.gather(session, work, wanted)


def differ(session: Session, work: Work, form: Form) -> bool:
    """Whether keeping the answers would change anything."""
    return any(grants(work, form)) or gathered(session, work, form) is not None


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


def grants(work: Work, form: Form) -> Iterator[Grant]:
    """What was chosen otherwise than it is, for the files whose answers are right."""
    wrong = errors(work, form)
    for file in work.current_files:
        level = form.get(f"files.{file.id}.access", "")
        name = f"files.{file.id}.embargo_until"
        if level in set(Access) and name not in wrong:
            until = _day(form.get(name, ""))
            if (level, until) != (file.access, file.embargo_until):
                yield Grant(file, Access(level), until)


def context(session: Session, work: Work, form: Mapping[str, str]) -> dict[str, Any]:
    """What `templates/description/rights.html` shows; what was typed wins over what is kept."""
    options = choices.gathered(session)
    chosen = {str(one.id) for one in work.collections}
    return {
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "typed_access": form.get(f"files.{file.id}.access", file.access),
                "typed_until": form.get(
                    f"files.{file.id}.embargo_until",
                    file.embargo_until.isoformat() if file.embargo_until else "",
                ),
            }
            for file in work.current_files
        ],
        "collections": [one for one in options if one[0] not in chosen],
        "chosen_collections": [(key, label.strip()) for key, label in options if key in chosen],
    }

"""The forms of the acquisitions desk: their fields in the language of the page."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import accessions, suppliers
from repository.web import choices, faults, words
from schemas import accessions as terms
from schemas import vocabulary


class Field(NamedTuple):
    """A field: `kind` is text, long, date, choice, picker or tick."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    help: str = ""
    options: Sequence[tuple[str, str]] = ()


def options(labels: Mapping[Any, str]) -> choices.Options:
    """Keys and labels of a vocabulary, in the language of the page."""
    return [(str(key), gettext(label)) for key, label in labels.items()]


def _currencies() -> choices.Options:
    return [(one, one) for one in terms.CURRENCIES]


def sources(session: Session) -> choices.Options:
    """All sources, by name."""
    return [(str(one.id), one.name) for one in suppliers.everything(session)]


def _new_source() -> list[Field]:
    says = gettext("If it is not in the list. It is kept for the next time.")
    return [
        Field("source", gettext("New source: its name"), required=False, help=says),
        Field(
            "source_kind",
            gettext("What kind of source"),
            "choice",
            required=False,
            options=options(terms.SUPPLIER_KINDS),
        ),
    ]


def accession(session: Session, *, old: bool = False) -> list[Field]:
    """An accession; a new one may bring its source along."""
    return [
        Field("day", gettext("Day of entry"), "date"),
        Field("way", gettext("How it came"), "choice", options=options(terms.WAYS)),
        Field("supplier_id", gettext("Source"), "picker", options=sources(session)),
        *([] if old else _new_source()),
        Field(
            "paper_number",
            gettext("Number of the contract, invoice or act"),
            required=False,
        ),
        Field("paper_day", gettext("Day of that document"), "date", required=False),
        Field("carrier", gettext("Carrier"), "choice", options=options(terms.CARRIERS)),
        Field("currency", gettext("Currency"), "choice", options=_currencies()),
        Field("received_by", gettext("Received by")),
        Field("note", gettext("Note"), "long", required=False),
    ]


def item(*, booked: bool = False) -> list[Field]:
    """A title of an accession; once booked, its copies stay as they are."""
    works = gettext("If it is in the archive; the fields below are then taken from it when empty.")
    found = [
        Field("work_id", gettext("Number of the work"), required=False, help=works),
        Field("title", gettext("Author and title"), required=False),
        Field("issued", gettext("Year of publication"), required=False),
        Field(
            "type",
            gettext("Kind of work"),
            "choice",
            required=False,
            options=[(key, gettext(one.label)) for key, one in vocabulary.TYPES.items()],
        ),
        Field("language", gettext("Language, as a code"), required=False, help="ky, ru, en"),
        Field(
            "subject",
            gettext("UDC class"),
            "choice",
            required=False,
            options=options(terms.SUBJECTS),
        ),
        Field("copies", gettext("Copies")),
        Field("price", gettext("Price of a copy"), required=False, help=gettext("As 1250.50")),
        Field("inventoried", gettext("Each copy gets an inventory number"), "tick", required=False),
    ]
    return [one for one in found if not (booked and one.name in accessions.FIXED)]


def supplier() -> list[Field]:
    """A source."""
    return [
        Field("name", gettext("Name")),
        Field("kind", gettext("Kind"), "choice", options=options(terms.SUPPLIER_KINDS)),
        Field("address", gettext("Postal address"), required=False),
        Field("contact", gettext("Telephone, mail, person"), required=False),
        Field("tax_number", gettext("Tax number (INN)"), required=False),
        Field("note", gettext("Note"), "long", required=False),
    ]


def removal() -> list[Field]:
    """A removal."""
    return [
        Field("day", gettext("Day"), "date"),
        Field("act", gettext("Number of the act")),
        Field("act_day", gettext("Day of the act"), "date", required=False),
        Field("why", gettext("Why copies leave"), "choice", options=options(terms.WHYS)),
        Field("note", gettext("Note"), "long", required=False),
    ]


def paper() -> list[Field]:
    """A document; the scan is chosen beside."""
    lies = gettext("If there is no scan: folder, shelf, safe.")
    return [
        Field("kind", gettext("Which document"), "choice", options=options(terms.PAPERS)),
        Field("number", gettext("Number"), required=False),
        Field("day", gettext("Day"), "date", required=False),
        Field("place", gettext("Where the paper lies"), required=False, help=lies),
        Field("note", gettext("Note"), required=False),
    ]


def labels(fields: Sequence[Field]) -> dict[str, str]:
    """What each field is called."""
    return {one.name: one.label for one in fields}


def typed_of(thing: Any, fields: Sequence[Field]) -> dict[str, str]:
    """A row as the form shows it."""
    found = {one.name: getattr(thing, one.name) for one in fields}
    return {
        name: ("yes" if value is True else "" if value in (None, False) else str(value))
        for name, value in found.items()
    }


def said(errors: Mapping[str, Sequence[str]]) -> faults.Messages:
    """What is wrong, by field, in the language of the page."""
    return {name: [words.say(one) for one in found] for name, found in errors.items()}


def page(
    heading: str,
    fields: Sequence[Field],
    typed: Any,
    errors: faults.Messages | None = None,
    *,
    back: str = "",
    reason: bool = False,
    revision: int | None = None,
) -> ResponseReturnValue:
    """A form with what was typed and what is wrong with it; with `reason` it asks why as well."""
    return render_template(
        "accessions/form.html",
        heading=heading,
        fields=fields,
        typed=typed,
        errors=errors or {},
        labels={**labels(fields), "reason": gettext("Why")},
        reason=reason,
        revision=revision,
        back=back or url_for("register.index"),
    ), 422 if errors else 200

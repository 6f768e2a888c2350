"""The record of a person who makes works, at the border: what the staff may write into it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from schemas import work as profile
from schemas.fields import Choice, Line, Paragraphs, check_date, check_language, check_orcid
from schemas.fields import check_url as check_address
from schemas.messages import Message, _

SCHEMES = {
    "orcid": _("Former ORCID"),
    "scopus": "Scopus Author ID",
    "researcherid": "ResearcherID",
    "spin": _("SPIN code (eLIBRARY)"),
    "isni": "ISNI",
    "viaf": "VIAF",
    "wikidata": "Wikidata",
    "url": _("Web address"),
}
_ROR = "https://ror.org/"


class Form(profile.Entry):
    """A way in which the name is written."""

    family = Line(limit=200)
    given = Line(limit=200)
    patronymic = Line(limit=200)
    language = Line(check=check_language)

    @validates_schema
    def named(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if not data.get("family") and not data.get("given"):
            raise ValidationError(Message(_("Write the family name.")), "family")


class Identifier(profile.Entry):
    scheme = Choice(SCHEMES, required=True)
    value = Line(required=True, limit=500)

    @validates_schema
    def fits(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        checks = {"orcid": check_orcid, "url": check_address}
        if data["scheme"] in checks:
            try:
                checks[data["scheme"]](data["value"])
            except ValidationError as error:
                raise ValidationError(error.messages, "value") from error


class Place(profile.Entry):
    """Where the person worked or studied, from when to when."""

    name = Line(required=True, limit=500)
    ror = Line(check=check_address)
    since = Line(check=check_date)
    until = Line(check=check_date)

    @validates_schema
    def fits(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if data.get("ror") and not data["ror"].startswith(_ROR):
            raise ValidationError(
                Message(_("A ROR is an address that begins with https://ror.org/.")), "ror"
            )
        if data.get("since") and data.get("until") and data["until"] < data["since"][:4]:
            raise ValidationError(Message(_("This is before the beginning.")), "until")


class AuthorSchema(profile.Entry):
    """All that a record holds; the first form of the name is the preferred one."""

    forms = profile.Many(Form, limit=100)
    orcid = Line(check=check_orcid)
    identifiers = profile.Many(Identifier, limit=50)
    affiliations = profile.Many(Place, limit=100)
    notes = Paragraphs(limit=10_000)

    @validates_schema
    def named(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if not data.get("forms"):
            raise ValidationError(Message(_("Write the family name.")), "forms")


_SCHEMA = AuthorSchema()


def check(given: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it is kept; raises Unfit with messages by path."""
    try:
        found = _SCHEMA.load(profile.prune(dict(given)) or {})
    except ValidationError as error:
        raise profile.Unfit(profile.flatten(error.normalized_messages())) from error
    kept: dict[str, Any] = profile.prune(found)
    return kept

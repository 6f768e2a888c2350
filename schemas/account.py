"""What people type about themselves: e-mail address, name, language, password.

Each function gives checked values or raises `schemas.work.Unfit` with messages by field.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, validate

from schemas import guessing, messages, text, vocabulary
from schemas.fields import Choice, Line
from schemas.messages import Message, _
from schemas.work import Unfit, flatten

SHORTEST, LONGEST = 10, 200
_LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

NOT_EMAIL = _("“%(value)s” is not an e-mail address. It looks like name@example.org.")
OTHER_DOMAIN = _("Here one registers with an address of %(domains)s.")
TOO_SHORT = _("The password needs at least %(count)s characters; three or four words are good.")
TOO_LONG = _("The password may have at most %(count)s characters.")
TOO_EASY = _("This password is one of the first that a stranger would try. Choose another one.")


def check_email(value: str) -> str:
    """An address as accounts know it: in lower case, its domain in ASCII."""
    address = text.line(value)
    name, _at, domain = address.rpartition("@")
    try:
        plain = f"{name}@{domain.encode('idna').decode()}".lower()
        validate.Email()(plain)
        fits = plain.isascii() and len(plain) <= _LONGEST_EMAIL
    except (UnicodeError, ValidationError):
        fits = False
    if not fits:
        raise ValidationError(Message(NOT_EMAIL, value=messages.short(address)))
    return plain


class Person(Schema):
    """Who somebody is, as a form says it; the form's other fields are not ours."""

    class Meta:
        unknown = EXCLUDE

    name = Line(required=True, limit=200)


class Registration(Person):
    """Somebody who wants an account."""

    email = Line(required=True, limit=1000, check=check_email)


class Profile(Person):
    """What the owner of an account may change at will."""

    language = Choice(vocabulary.INTERFACE, required=True)


def email(value: str) -> str:
    """One address."""
    return _load(Registration(only=("email",)), {"email": value})["email"]


def registration(form: Mapping[str, Any], *, domains: Sequence[str] = ()) -> dict[str, str]:
    """Name, address and password of somebody who registers, perhaps of one domain only."""
    errors: dict[str, list[Message]] = {}
    found: dict[str, str] = {}
    try:
        found = _load(Registration(), form)
        if not _belongs(found["email"], domains):
            errors["email"] = [Message(OTHER_DOMAIN, domains=", ".join(domains))]
    except Unfit as error:
        errors.update(error.errors)
    try:
        known = found or {name: str(form.get(name, "")) for name in ("email", "name")}
        found["password"] = password(form.get("password", ""), about=known.values())
    except Unfit as error:
        errors.update(error.errors)
    if errors:
        raise Unfit(errors)
    return found


def _belongs(address: str, domains: Sequence[str]) -> bool:
    domain = address.rpartition("@")[2]
    allowed = [one.lower().lstrip("@.").encode("idna").decode() for one in domains]
    return not allowed or any(domain == one or domain.endswith(f".{one}") for one in allowed)


def profile(form: Mapping[str, Any]) -> dict[str, str]:
    """Name and language."""
    return _load(Profile(), form)


def password(value: str, *, about: Iterable[str] = ()) -> str:
    """A new password in NFC. `about` is what strangers know of its owner: address, name."""
    normal = text.compose(value)
    problem = None
    if not normal:
        problem = Message(messages.REQUIRED)
    elif len(normal) < SHORTEST:
        problem = Message(TOO_SHORT, count=SHORTEST)
    elif len(normal) > LONGEST:
        problem = Message(TOO_LONG, count=LONGEST)
    elif guessing.easy(normal, about):
        problem = Message(TOO_EASY)
    if problem is not None:
        raise Unfit({"password": [problem]})
    return normal


def _load(schema: Schema, given: Mapping[str, Any]) -> dict[str, str]:
    try:
        return schema.load(dict(given))
    except ValidationError as error:
        raise Unfit(flatten(error.normalized_messages())) from error

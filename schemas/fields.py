"""Fields of the border: text in, checked and normalised value out.

Each function `check_*` takes text and returns the normal form, or raises marshmallow's
ValidationError with a `Message`; normalising twice gives the same as once.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from marshmallow import ValidationError, fields

from schemas import languages, messages, text
from schemas.messages import Message, _

_EDTF = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%])?")
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*|doi\s+)", re.IGNORECASE)
_ORCID = re.compile(r"([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9X])")
_HANDLE = re.compile(r"[0-9a-zA-Z.]+/[!-~]+")
_ARXIV = re.compile(r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[!-~]+", re.IGNORECASE)


def check_date(value: str) -> str:
    """A date of EDTF level 1: year, month or day, with "~" for approximate and "?" for uncertain.

    Accepts "31.05.2024" and "2024/05/31" too, as people here write them.
    """
    given = text.line(value)
    plain = re.sub(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", _day_first, given).replace("/", "-")
    found = _EDTF.fullmatch(plain)
    if found is None:
        raise ValidationError(
            Message(
                _("“%(value)s” is not a date. Write a year, 2024-05, or 2024-05-31."),
                value=messages.short(given),
            )
        )
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    exists = (
        year
        and (month is None or 1 <= month <= 12)
        and (day is None or 1 <= day <= monthrange(year, month or 1)[1])
    )
    if not exists:
        raise ValidationError(
            Message(_("There is no such day: “%(value)s”."), value=messages.short(given))
        )
    return plain


def _day_first(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def check_language(value: str) -> str:
    """An ISO 639 code, two letters where there are two."""
    code = languages.normalise(value)
    if code is None:
        raise ValidationError(
            Message(
                _("“%(value)s” is not a language code. Write for example ky, ru or en."),
                value=messages.short(value),
            )
        )
    return code


def check_doi(value: str) -> str:
    """A DOI in lower case without its address: "10.21105/jose.00016"."""
    doi = unquote(_DOI_PREFIX.sub("", text.line(value))).rstrip(".,;").lower()
    if not _DOI.fullmatch(doi):
        raise ValidationError(
            Message(
                _("“%(value)s” is not a DOI. A DOI looks like 10.1234/abcd."),
                value=messages.short(value),
            )
        )
    return doi


def check_orcid(value: str) -> str:
    """An ORCID iD with hyphens; the check digit is ISO 7064 mod 11-2."""
    bare = re.sub(r"^https?://(?:www\.)?orcid\.org/", "", text.line(value), flags=re.I).upper()
    found = _ORCID.fullmatch(bare.rstrip("/"))
    if found is None:
        raise ValidationError(
            Message(
                _("“%(value)s” is not an ORCID. It has 16 digits, like 0000-0002-1825-0097."),
                value=messages.short(value),
            )
        )
    digits = "".join(found.groups())
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != digits[15]:
        raise ValidationError(_wrong_digit(_("ORCID"), value))
    return "-".join(found.groups())


def _wrong_digit(scheme: str, value: str) -> Message:
    return Message(
        _("The %(scheme)s “%(value)s” has a wrong check digit: one of its digits is mistyped."),
        scheme=scheme,
        value=messages.short(value),
    )


def check_isbn(value: str) -> str:
    """An ISBN-13 without hyphens; an ISBN-10 is turned into its ISBN-13."""
    bare = re.sub(r"^ISBN(?:-1[03])?:?\s*", "", text.line(value), flags=re.I)
    digits = re.sub(r"[\s\u2010-\u2015-]", "", bare).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weights = range(10, 0, -1)
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(w * v for w, v in zip(weights, values, strict=True)) % 11:
            raise ValidationError(_wrong_digit("ISBN", value))
        return _isbn13("978" + digits[:9])
    if not re.fullmatch(r"97[89][0-9]{10}", digits):
        raise ValidationError(
            Message(
                _("“%(value)s” is not an ISBN. It has 13 digits (old ones 10)."),
                value=messages.short(value),
            )
        )
    if _isbn13(digits[:12]) != digits:
        raise ValidationError(_wrong_digit("ISBN", value))
    return digits


def _isbn13(twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


def check_issn(value: str) -> str:
    """An ISSN with its hyphen."""
    bare = re.sub(r"^(?:[ep]-?)?ISSN(?:-L)?:?\s*", "", text.line(value), flags=re.I)
    digits = re.sub(r"[\s\u2010-\u2015-]", "", bare).upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", digits):
        raise ValidationError(
            Message(
                _("“%(value)s” is not an ISSN. It has 8 digits, like 1694-5220."),
                value=messages.short(value),
            )
        )
    weights = range(8, 0, -1)
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if sum(w * v for w, v in zip(weights, values, strict=True)) % 11:
        raise ValidationError(_wrong_digit("ISSN", value))
    return f"{digits[:4]}-{digits[4:]}"


def check_url(value: str) -> str:
    """An absolute http or https address."""
    address = text.line(value)
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and parts.hostname and " " not in address
    except ValueError:
        fits = False
    if not fits:
        raise ValidationError(
            Message(
                _("“%(value)s” is not a web address. It begins with https:// or http://."),
                value=messages.short(value),
            )
        )
    return address


def _pattern(pattern: re.Pattern[str], prefix: str, name: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        bare = re.sub(prefix, "", text.line(value), flags=re.I)
        if not pattern.fullmatch(bare):
            raise ValidationError(
                Message(
                    _("“%(value)s” is not a valid %(scheme)s."),
                    value=messages.short(value),
                    scheme=name,
                )
            )
        return bare

    return check


def check_line(value: str) -> str:
    """Any text, on one line."""
    return text.line(value)


IDENTIFIER_CHECKS: Mapping[str, Callable[[str], str]] = {
    "doi": check_doi,
    "isbn": check_isbn,
    "issn": check_issn,
    "handle": _pattern(_HANDLE, r"^(?:https?://hdl\.handle\.net/|hdl:)", "Handle"),
    "arxiv": _pattern(_ARXIV, r"^(?:https?://arxiv\.org/abs/|arxiv:)", "arXiv"),
    "urn": _pattern(_URN, r"^$", "URN"),
    "url": check_url,
    "local": check_line,
    "irbis_mfn": _pattern(re.compile(r"(?:[A-Za-z0-9_]+:)?[0-9]{1,10}"), r"^$", "MFN"),
    "inventory": check_line,
}


class Line(fields.String):
    """Text on one line, NFC, at most `limit` characters, without control characters."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "required": messages.REQUIRED,
        "null": messages.NULL,
        "invalid": messages.NOT_TEXT,
    }
    normalise: Callable[[str], str] = staticmethod(text.line)

    def __init__(
        self, *, limit: int = 1000, check: Callable[[str], str] | None = None, **more: Any
    ):
        super().__init__(**more)
        self.limit = limit
        self.check = check

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        given = super()._deserialize(value, attr, data, **kwargs)
        if text.has_forbidden(given):
            raise ValidationError(Message(messages.FORBIDDEN))
        normal = self.normalise(given)
        if self.required and not normal:
            raise ValidationError(Message(messages.REQUIRED))
        if len(normal) > self.limit:
            raise ValidationError(Message(messages.TOO_LONG, length=len(normal), limit=self.limit))
        return self.check(normal) if self.check and normal else normal


class Paragraphs(Line):
    """Text that may run over several paragraphs."""

    normalise = staticmethod(text.paragraphs)


class Choice(Line):
    """A key of a closed vocabulary."""

    def __init__(self, choices: Mapping[Any, object] | tuple[str, ...], **more: Any):
        super().__init__(**more)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        key = super()._deserialize(value, attr, data, **kwargs)
        if key and key not in self.choices:
            raise ValidationError(Message(messages.CHOICE, value=messages.short(key)))
        return key

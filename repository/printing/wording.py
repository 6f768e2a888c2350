"""How papers write days, sums and vocabularies."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import numbers
from flask_babel import get_locale, gettext

from repository.settings import Settings


def day(value: date | None) -> str:
    """31.05.2026, as all papers here write it."""
    return value.strftime("%d.%m.%Y") if value else ""


def here(moment: datetime, settings: Settings) -> date:
    """The day of a moment in the library's time zone."""
    return moment.astimezone(ZoneInfo(settings.time_zone)).date()


def money(value: Decimal) -> str:
    """A sum with two decimals."""
    return numbers.format_decimal(value, "#,##0.00", locale=get_locale() or "en")


def sums(pairs: Iterable[tuple[str, Decimal]]) -> str:
    """Sums with their currencies."""
    return "; ".join(f"{money(value)} {currency}" for currency, value in pairs)


def count(value: int) -> str:
    """A number; nothing where it is zero, as books have it."""
    return str(value) if value else ""


def numbered(number: str, when: date | None) -> str:
    """A document's number and day."""
    if number and when:
        return gettext("No. %(number)s of %(day)s", number=number, day=day(when))
    return gettext("No. %(number)s", number=number) if number else day(when)


def term(labels: Mapping[Any, str], key: str) -> str:
    """A term of a vocabulary in the paper's language."""
    labels = {str(name): label for name, label in labels.items()}
    return gettext(labels[key]) if key in labels else key


def run(first: int | None, last: int | None) -> str:
    """Inventory numbers from one to another."""
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"

"""Dates, sizes and names of languages as people write them, in a language that the caller names."""

from collections.abc import Callable
from datetime import date

from babel import Locale, dates, numbers
from babel.units import format_unit

# CLDR writes Kyrgyz days as "2024-ж., 31-май"; people write "2024-жылдын 31-майы".
KYRGYZ_MONTHS = (
    "январы", "февралы", "марты", "апрели", "майы", "июну",
    "июлу", "августу", "сентябры", "октябры", "ноябры", "декабры",
)  # fmt: skip
# Names of languages that CLDR writes otherwise than this country does.
LANGUAGES = {("ru", "ky"): "кыргызский"}
ENGLISH = Locale("en")
_UNITS = ((2**30, "gigabyte"), (2**20, "megabyte"), (2**10, "kilobyte"))


def day(value: date, locale: Locale) -> str:
    """A day as people write it here."""
    if locale.language == "ky":
        return f"{value.year}-жылдын {value.day}-{KYRGYZ_MONTHS[value.month - 1]}"
    return dates.format_date(value, "long", locale)


def edtf(value: str, locale: Locale, gettext: Callable[..., str]) -> str:
    """An EDTF date in words."""
    plain, mark = value.rstrip("?~%"), value[len(value.rstrip("?~%")) :]
    parts = plain.split("-")
    if len(parts) == 3:
        said = day(date.fromisoformat(plain), locale)
    elif len(parts) == 2:
        said = _month(int(parts[0]), int(parts[1]), locale)
    else:
        said = plain
    return gettext("about %(date)s", date=said) if mark else said


def _month(year: int, month: int, locale: Locale) -> str:
    if locale.language == "ky":
        return f"{year}-жылдын {KYRGYZ_MONTHS[month - 1]}"
    return dates.format_skeleton("yMMMM", date(year, month, 1), locale=locale)


def size(value: int, locale: Locale) -> str:
    """A number of bytes as a reader grasps it."""
    for unit, name in _UNITS:
        if value >= unit:
            short = round(value / unit, 1 if value < 10 * unit else 0)
            return format_unit(short, f"digital-{name}", "short", locale=locale)
    return format_unit(value, "digital-byte", "short", locale=locale)


def number(value: int, locale: Locale) -> str:
    """A grouped number."""
    return numbers.format_decimal(value, locale=locale)


def language_name(code: str, locale: Locale) -> str:
    """The name of a language in that of the locale; the code when Babel has none."""
    return LANGUAGES.get((locale.language, code)) or locale.languages.get(code) or code

"""What somebody wants of a COUNTER report: dates, filters and attributes, read and checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from repository.usage import exceptions
from repository.usage.exceptions import Exceptional, Refused
from repository.usage.items import DATA_TYPES

WORLD = "0000000000000000"
METRICS = (
    "Total_Item_Investigations",
    "Total_Item_Requests",
    "Unique_Item_Investigations",
    "Unique_Item_Requests",
)
TITLE_METRICS = ("Unique_Title_Investigations", "Unique_Title_Requests")
NAMES = {"pr": "Platform Report", "ir": "Item Report"}
ATTRIBUTES = {
    "pr": ("Access_Method", "Country_Code"),
    "ir": (
        "Authors",
        "Publication_Date",
        "Article_Version",
        "YOP",
        "Access_Type",
        "Access_Method",
        "Country_Code",
    ),
}
BOTH = ("metric_type", "data_type", "access_method", "country_code")
FILTERS = {"pr": BOTH, "ir": (*BOTH, "access_type", "yop", "item_id")}
# What says who asks, for which report; and what has one value with us.
OTHERS = ("customer_id", "requestor_id", "api_key", "platform", "begin_date", "end_date")
_YEARS = re.compile(r"\d{4}(-\d{4})?")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Wanted:
    """A report as it was asked for; filters by their names, each with the values that fit."""

    report: str
    begin: date
    end: date
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()

    def fits(self, name: str, value: str) -> bool:
        """Whether a filter lets this value through."""
        return name not in self.filters or value in self.filters[name]


def read(
    report: str, given: Mapping[str, str], *, today: date, first: date | None, platform: str
) -> Wanted:
    """What is wanted; raises Refused. `first` is the first day of which anything is known."""
    check(given, platform=platform)
    begin, end, late = period(given, today=today, first=first)
    found: list[Exceptional] = list(late)
    attributes = _attributes(report, given, found)
    filters = _filters(report, given, found)
    known = (*OTHERS, *FILTERS[report], "attributes_to_show", "granularity")
    if report == "ir":
        known = (*known, "include_parent_details", "include_component_details")
    strange = sorted(set(given) - set(known))
    if strange:
        found.append(exceptions.UNKNOWN_PARAMETER.about("|".join(strange)[:200]))
    found.sort()
    return Wanted(report, begin, end, filters, attributes, tuple(found))


def check(given: Mapping[str, str], *, platform: str = "") -> None:
    """Goes on where the usage of the whole world is asked for; all of ours is public."""
    if not given.get("customer_id"):
        raise Refused(exceptions.INSUFFICIENT.about("customer_id"))
    if given["customer_id"] != WORLD:
        raise Refused(exceptions.NOT_YOURS.about(f"Usage is public, for customer_id {WORLD}."))
    if given.get("platform", platform) not in ("", platform):
        raise Refused(exceptions.INSUFFICIENT.about(f"platform is {platform}"))


def period(
    given: Mapping[str, str], *, today: date, first: date | None
) -> tuple[date, date, list[Exceptional]]:
    """The first and the last day, in whole months that are over; and what had to be left out."""
    missing = [one for one in ("begin_date", "end_date") if not given.get(one)]
    if missing:
        raise Refused(exceptions.INSUFFICIENT.about("|".join(missing)))
    begin, end = month(given["begin_date"]), month(given["end_date"])
    current = today.replace(day=1)
    if begin is None or end is None or end < begin or begin >= current:
        raise Refused(exceptions.BAD_DATES)
    found, ready = [], before(current)
    if end >= current:
        found.append(exceptions.NOT_READY.about(f"{current:%Y-%m} to {end:%Y-%m}"))
        end = ready
    known = (first or today).replace(day=1)
    if begin < known <= end:
        found.append(exceptions.NO_LONGER.about(f"{known:%Y-%m} to {ready:%Y-%m}"))
        begin = known
    return begin, _last(end), found


def month(text: str) -> date | None:
    """The first day of a month, written `2026-03` or with its first or last day."""
    try:
        found = date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
    except ValueError:
        return None
    return found.replace(day=1)


def before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def _last(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _attributes(report: str, given: Mapping[str, str], found: list[Exceptional]) -> tuple[str, ...]:
    asked = [one for one in given.get("attributes_to_show", "").split("|") if one]
    wrong = [one for one in asked if one not in ATTRIBUTES[report]]
    for name, usual in (("granularity", "Month"), ("include_parent_details", "False")):
        if given.get(name, usual).lower() != usual.lower():
            wrong.append(f"{name}={given[name]}")
    if wrong:
        found.append(exceptions.BAD_ATTRIBUTE.about("|".join(wrong)[:200]))
    if given.get("include_component_details", "False").lower() == "true":
        found.append(exceptions.NO_COMPONENTS)
    return tuple(one for one in ATTRIBUTES[report] if one in asked)


ALLOWED: Mapping[str, Callable[[str], object]] = {
    "metric_type": lambda one: one in (*METRICS, *TITLE_METRICS),
    "data_type": lambda one: one in DATA_TYPES,
    "access_method": lambda one: one in ("Regular", "TDM"),
    "access_type": lambda one: one in ("Open", "Controlled", "Free_To_Read"),
    "country_code": _COUNTRY.fullmatch,
    "yop": _YEARS.fullmatch,
    "item_id": lambda one: ":" in one,
}


def _filters(
    report: str, given: Mapping[str, str], found: list[Exceptional]
) -> dict[str, tuple[str, ...]]:
    kept, wrong = {}, []
    for name in FILTERS[report]:
        asked = [one for one in given.get(name, "").split("|") if one]
        fit = tuple(one for one in asked if ALLOWED[name](one))
        wrong += [f"{name}={one}" for one in asked if one not in fit]
        if fit:
            kept[name] = fit
    if wrong:
        found.append(exceptions.BAD_FILTER.about("|".join(wrong)[:200]))
    return kept

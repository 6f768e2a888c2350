"""The COUNTER reports PR and IR (Code of Practice 5.1), for JSON and for tables."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from repository.models.usage import UsageDay
from repository.models.works import Work
from repository.records import EXPOSED
from repository.usage import exceptions, items
from repository.usage.asking import METRICS, NAMES, TITLE_METRICS, WORLD, Wanted

RELEASE = "5.1"
_AT_ONCE = 500
_SHOWN = {
    "metric_type": "Metric_Type",
    "data_type": "Data_Type",
    "access_method": "Access_Method",
    "access_type": "Access_Type",
    "yop": "YOP",
    "country_code": "Country_Code",
}


class House(NamedTuple):
    """Who reports: the platform's name and address, its page in the registry."""

    platform: str
    base_url: str
    registry: str


class Sum(NamedTuple):
    """What was counted of a work in a month, apart by access and country."""

    work_id: int
    month: str
    free: bool
    country: str
    figures: Sequence[int]  # in the order of METRICS


Performance = dict[str, dict[str, int]]
Attributes = tuple[tuple[str, str], ...]


class Item(NamedTuple):
    """A line of the report: what it is of, and its counts apart by attributes."""

    described: dict[str, Any]
    performances: dict[Attributes, Performance]


def header(wanted: Wanted, house: House, *, created: datetime) -> dict[str, Any]:
    """Report_Header."""
    filters: dict[str, Any] = {
        "Begin_Date": wanted.begin.isoformat(),
        "End_Date": wanted.end.isoformat(),
        **{_SHOWN[name]: list(values) for name, values in wanted.filters.items() if name in _SHOWN},
    }
    if "item_id" in wanted.filters:
        filters["Item_ID"] = "|".join(wanted.filters["item_id"])
    said: dict[str, Any] = {
        "Release": RELEASE,
        "Report_ID": wanted.report.upper(),
        "Report_Name": NAMES[wanted.report],
        "Created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "Created_By": house.platform,
        "Institution_ID": {"Proprietary": [f"{items.NAMESPACE}:{WORLD}"]},
        "Institution_Name": "The World",
        "Registry_Record": house.registry,
        "Report_Filters": filters,
    }
    if wanted.attributes:
        said["Report_Attributes"] = {"Attributes_To_Show": list(wanted.attributes)}
    if wanted.exceptions:
        said["Exceptions"] = [one.as_json() for one in wanted.exceptions]
    return said


def made(session: Session, wanted: Wanted, house: House) -> tuple[Wanted, list[Item]]:
    """The lines of the report, and what is wanted with the exception of a report without any."""
    find: Callable[[Session, Wanted, House], list[Item]] = {"pr": _platform, "ir": _items}[
        wanted.report
    ]
    found = find(session, wanted, house)
    if not found:
        told = sorted((*wanted.exceptions, exceptions.NO_USAGE))
        wanted = Wanted(**{**vars(wanted), "exceptions": tuple(told)})
    return wanted, found


def as_json(wanted: Wanted, found: Sequence[Item], house: House, created: datetime) -> Any:
    """The whole report."""
    lines = [
        {
            **one.described,
            "Attribute_Performance": [
                {**dict(attributes), "Performance": performance}
                for attributes, performance in one.performances.items()
            ],
        }
        for one in found
    ]
    if wanted.report == "ir":
        lines = [{"Items": lines}] if lines else []
    return {
        "Report_Header": header(wanted, house, created=created),
        "Report_Items": lines,
    }


def _platform(session: Session, wanted: Wanted, house: House) -> list[Item]:
    item = Item({"Platform": house.platform}, {})
    for works, sums in _sums(session, wanted):
        for one in sums:
            _add(item, wanted, works[one.work_id], one)
    item = Item(item.described, dict(sorted(item.performances.items())))
    return [item] if item.performances else []


def _items(session: Session, wanted: Wanted, house: House) -> list[Item]:
    found: dict[int, Item] = {}
    for works, sums in _sums(session, wanted):
        for one in sums:
            work = works[one.work_id]
            if one.work_id not in found:
                said = items.description(
                    work, wanted.attributes, platform=house.platform, base_url=house.base_url
                )
                found[one.work_id] = Item(said, {})
            _add(found[one.work_id], wanted, work, one)
    return [one for one in found.values() if one.performances and _named(one, wanted)]


def _named(one: Item, wanted: Wanted) -> bool:
    """Whether the filter by identifiers, as DOI:10.1/a, lets an item through."""
    own = one.described["Item_ID"]
    marks = {f"{kind}:{value}" for kind, value in own.items()} | {own["Proprietary"]}
    return "item_id" not in wanted.filters or bool(marks & set(wanted.filters["item_id"]))


def _add(item: Item, wanted: Wanted, work: Work, one: Sum) -> None:
    told = {
        "Data_Type": items.data_type(work.type, wanted.report),
        "YOP": items.year(work),
        "Access_Type": "Open" if one.free else "Controlled",
        "Access_Method": "Regular",
        "Country_Code": one.country,
    }
    by = ("data_type", "access_type", "access_method", "country_code")
    if not all(wanted.fits(name, told[_SHOWN[name]]) for name in by):
        return
    if not _in_years(told["YOP"], wanted.filters.get("yop")):
        return
    shown = tuple(
        (name, value)
        for name, value in told.items()
        if value and (name == "Data_Type" or name in wanted.attributes)
    )
    for metric, number in _measured(told["Data_Type"], one.figures):
        if number and wanted.fits("metric_type", metric):
            months = item.performances.setdefault(shown, {}).setdefault(metric, {})
            months[one.month] = months.get(one.month, 0) + number


def _measured(data_type: str, figures: Sequence[int]) -> Iterator[tuple[str, int]]:
    yield from zip(METRICS, figures, strict=True)
    if data_type == items.BOOK:  # a book in one file is a title that is one item
        yield from zip(TITLE_METRICS, figures[2:], strict=True)


def _in_years(year: str, wanted: tuple[str, ...] | None) -> bool:
    if wanted is None:
        return True
    spans = (one.partition("-") for one in wanted)
    return any(first <= year <= (last or first) for first, _dash, last in spans)


def _sums(session: Session, wanted: Wanted) -> Iterator[tuple[dict[int, Work], Sequence[Sum]]]:
    """Sums of the works that are or were public, some works at a time, in order."""
    numbers = session.scalars(_used(wanted.begin, wanted.end)).all()
    for at in range(0, len(numbers), _AT_ONCE):
        some = numbers[at : at + _AT_ONCE]
        query = select(Work).where(Work.id.in_(some), Work.state.in_(EXPOSED))
        works = {work.id: work for work in session.scalars(query)}
        rows = session.execute(_monthly(list(works), wanted))
        yield works, [_sum(*row) for row in rows]
        for work in works.values():
            session.expunge(work)


def _used(begin: date, end: date) -> Any:
    return (
        select(UsageDay.work_id)
        .where(UsageDay.day >= begin, UsageDay.day <= end)
        .distinct()
        .order_by(UsageDay.work_id)
    )


def _monthly(works: Sequence[int], wanted: Wanted) -> Any:
    year, month = extract("year", UsageDay.day), extract("month", UsageDay.day)
    apart = (UsageDay.work_id, year, month, UsageDay.free, UsageDay.country)
    measures = (
        UsageDay.investigations,
        UsageDay.requests,
        UsageDay.unique_investigations,
        UsageDay.unique_requests,
    )
    return (
        select(*apart, *(func.sum(one) for one in measures))
        .where(
            UsageDay.work_id.in_(works), UsageDay.day >= wanted.begin, UsageDay.day <= wanted.end
        )
        .group_by(*apart)
        .order_by(*apart)
    )


def _sum(work_id: int, year: int, month: int, free: bool, country: str, *figures: int) -> Sum:
    return Sum(work_id, f"{int(year):04}-{int(month):02}", bool(free), country, figures)

"""COUNTER reports as tables: lines of cells parted by tabs (Code of Practice, 3.2 and 4)."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from repository.usage import reports
from repository.usage.asking import Wanted
from repository.usage.reports import House, Item

_ITEM_IDS = ("DOI", "Proprietary", "ISBN", "Print_ISSN", "Online_ISSN", "URI")
_ATTRIBUTES = ("Data_Type", "YOP", "Access_Type", "Access_Method", "Country_Code")
_BEFORE_IDS = ("Authors", "Publication_Date", "Article_Version")


def written(wanted: Wanted, found: Sequence[Item], house: House, created: datetime) -> str:
    """The whole report, its header and its lines."""
    made = io.StringIO()
    table = csv.writer(made, delimiter="\t", lineterminator="\n")
    table.writerows(_header(reports.header(wanted, house, created=created)))
    table.writerow([])
    months = _months(wanted.begin, wanted.end)
    names = [f"{one:%b-%Y}" for one in months]
    table.writerow([*_columns(wanted), "Metric_Type", "Reporting_Period_Total", *names])
    table.writerows(_lines(wanted, found, [f"{one:%Y-%m}" for one in months]))
    return made.getvalue()


def _header(said: dict[str, Any]) -> Iterator[list[str]]:
    filters = {**said["Report_Filters"]}
    begin, end = filters.pop("Begin_Date"), filters.pop("End_Date")
    metrics = filters.pop("Metric_Type", [])
    attributes = said.get("Report_Attributes", {}).get("Attributes_To_Show", [])
    exceptions = [
        f"{one['Code']}: {one['Message']}" + (f" ({one['Data']})" if "Data" in one else "")
        for one in said.get("Exceptions", [])
    ]
    yield from ([name, said[name]] for name in ("Report_Name", "Report_ID", "Release"))
    yield ["Institution_Name", said["Institution_Name"]]
    yield ["Institution_ID", "; ".join(said["Institution_ID"]["Proprietary"])]
    yield ["Metric_Types", "; ".join(metrics)]
    yield ["Report_Filters", "; ".join(f"{name}={_piped(one)}" for name, one in filters.items())]
    yield ["Report_Attributes", f"Attributes_To_Show={_piped(attributes)}" if attributes else ""]
    yield ["Exceptions", "; ".join(exceptions)]
    yield ["Reporting_Period", f"Begin_Date={begin}; End_Date={end}"]
    yield from ([name, said[name]] for name in ("Created", "Created_By", "Registry_Record"))


def _piped(values: str | Sequence[str]) -> str:
    return values if isinstance(values, str) else "|".join(values)


def _columns(wanted: Wanted) -> list[str]:
    shown = ["Data_Type", *(one for one in _ATTRIBUTES[1:] if one in wanted.attributes)]
    if wanted.report == "pr":
        return ["Platform", *shown]
    more = [one for one in _BEFORE_IDS if one in wanted.attributes]
    ids = ["Proprietary_ID" if one == "Proprietary" else one for one in _ITEM_IDS]
    return ["Item", "Publisher", "Publisher_ID", "Platform", *more, *ids, *shown]


def _lines(wanted: Wanted, found: Sequence[Item], months: list[str]) -> Iterator[list[Any]]:
    columns = _columns(wanted)
    for one in found:
        said = _cells(one.described)
        for attributes, performance in one.performances.items():
            cells = {**said, **dict(attributes)}
            for metric in sorted(performance):
                counts = [performance[metric].get(month, 0) for month in months]
                own = [cells.get(name, "") for name in columns]
                yield [*own, metric, sum(counts), *counts]


def _cells(described: dict[str, Any]) -> dict[str, str]:
    ids = described.get("Item_ID", {})
    authors = "; ".join(
        one["Name"] + (f" (ORCID:{one['ORCID']})" if "ORCID" in one else "")
        for one in described.get("Authors", [])
    )
    plain = {name: value for name, value in described.items() if isinstance(value, str)}
    return {**plain, **ids, "Proprietary_ID": ids.get("Proprietary", ""), "Authors": authors}


def _months(begin: date, end: date) -> list[date]:
    found = [begin.replace(day=1)]
    while (after := (found[-1] + timedelta(days=32)).replace(day=1)) <= end:
        found.append(after)
    return found

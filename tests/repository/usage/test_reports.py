"""COUNTER reports: what they say, in JSON and as tables, and what the API refuses."""

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import wsgi
from repository.models.usage import UsageDay
from repository.usage.asking import WORLD

# From the Code of Practice 5.1, written anew: what our two reports may look like.
MONTHS = {
    "type": "object",
    "minProperties": 1,
    "patternProperties": {"^[0-9]{4}-(0[1-9]|1[0-2])$": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
METRIC = "^(Total|Unique)_Item_(Investigations|Requests)$|^Unique_Title_(Investigations|Requests)$"
PERFORMANCE = {
    "type": "object",
    "minProperties": 1,
    "patternProperties": {METRIC: MONTHS},
    "additionalProperties": False,
}
ITEM_TYPES = [
    "Article", "Audiovisual", "Book_Segment", "Conference_Item", "Dataset", "Image", "Other",
    "Report", "Software", "Sound", "Thesis_or_Dissertation",
]  # fmt: skip
PROPRIETARY = {"type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9_./]{0,15}[a-zA-Z0-9]:.+"}


def performances(types):
    return {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["Data_Type", "Performance"],
            "properties": {
                "Data_Type": {"enum": types},
                "YOP": {"type": "string", "pattern": "^[0-9]{4}$"},
                "Access_Type": {"enum": ["Controlled", "Free_To_Read", "Open"]},
                "Access_Method": {"enum": ["Regular", "TDM"]},
                "Country_Code": {"type": "string", "pattern": "^[A-Z]{2}$"},
                "Performance": PERFORMANCE,
            },
            "additionalProperties": False,
        },
    }


EXCEPTION = {
    "type": "object",
    "required": ["Code", "Message"],
    "properties": {
        "Code": {"type": "integer"},
        "Message": {"type": "string", "minLength": 2},
        "Data": {"type": "string"},
    },
    "additionalProperties": False,
}
LIST = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def header(report, name):
    filters = ("Metric_Type", "Data_Type", "Access_Type", "Access_Method", "YOP", "Country_Code")
    return {
        "type": "object",
        "required": [
            "Release", "Report_ID", "Report_Name", "Created", "Created_By", "Institution_ID",
            "Institution_Name", "Registry_Record", "Report_Filters",
        ],
        "properties": {
            "Release": {"const": "5.1"},
            "Report_ID": {"const": report},
            "Report_Name": {"const": name},
            "Created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
            "Created_By": {"type": "string", "minLength": 2},
            "Institution_Name": {"const": "The World"},
            "Institution_ID": {
                "type": "object",
                "properties": {"Proprietary": {"type": "array", "items": PROPRIETARY}},
                "additionalProperties": False,
            },
            "Registry_Record": {"type": "string"},
            "Report_Filters": {
                "type": "object",
                "required": ["Begin_Date", "End_Date"],
                "properties": {
                    "Begin_Date": DAY,
                    "End_Date": DAY,
                    "Item_ID": {"type": "string"},
                    **dict.fromkeys(filters, LIST),
                },
                "additionalProperties": False,
            },
            "Report_Attributes": {
                "type": "object",
                "properties": {"Attributes_To_Show": LIST},
                "additionalProperties": False,
            },
            "Exceptions": {"type": "array", "minItems": 1, "items": EXCEPTION},
        },
        "additionalProperties": False,
    }  # fmt: skip


ITEM = {
    "type": "object",
    "required": ["Item", "Publisher", "Platform", "Item_ID", "Attribute_Performance"],
    "properties": {
        "Item": {"type": "string"},
        "Publisher": {"type": "string"},
        "Platform": {"type": "string", "minLength": 2},
        "Authors": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["Name"],
                "properties": {"Name": {"type": "string", "minLength": 2}, "ORCID": {}},
                "additionalProperties": False,
            },
        },
        "Publication_Date": DAY,
        "Article_Version": {"enum": ["AO", "SMUR", "AM", "P", "VoR", "CVoR", "EVoR"]},
        "Item_ID": {
            "type": "object",
            "minProperties": 1,
            "properties": {
                "DOI": {"type": "string", "pattern": r"^10\.[1-9][0-9]{2}[0-9.]*\/.+$"},
                "Proprietary": PROPRIETARY,
                "ISBN": {"type": "string", "minLength": 17, "maxLength": 17},
                "URI": {"type": "string"},
            },
            "additionalProperties": False,
        },
        "Attribute_Performance": performances(ITEM_TYPES),
    },
    "additionalProperties": False,
}
PLATFORM = {
    "type": "object",
    "required": ["Platform", "Attribute_Performance"],
    "properties": {
        "Platform": {"type": "string", "minLength": 2},
        "Attribute_Performance": performances([*ITEM_TYPES, "Book"]),
    },
    "additionalProperties": False,
}
PARENT = {
    "type": "object",
    "required": ["Items"],
    "properties": {"Items": {"type": "array", "minItems": 1, "items": ITEM}},
    "additionalProperties": False,
}


def whole(head, line):
    return Draft202012Validator(
        {
            "type": "object",
            "required": ["Report_Header", "Report_Items"],
            "properties": {
                "Report_Header": head,
                "Report_Items": {"type": "array", "items": line},
            },
            "additionalProperties": False,
        }
    )


SCHEMAS = {
    "pr": whole(header("PR", "Platform Report"), PLATFORM),
    "ir": whole(header("IR", "Item Report"), PARENT),
}
ASKED = {"customer_id": WORLD, "begin_date": "2024-01", "end_date": "2024-03"}


@pytest.fixture
def used(archive, publish):
    """Two works with use in the first months of 2024; their numbers."""
    article = publish(version_type="http://purl.org/coar/version/c_970fb48d4fbd8a85")
    book = publish("Ат", type="http://purl.org/coar/resource_type/c_2f33", issued="2020-01-31")
    with archive.writing() as session:
        for work, day, country, free, counts in (
            (article, date(2024, 1, 5), "KG", True, (9, 7, 5, 4)),
            (article, date(2024, 1, 31), "US", True, (1, 1, 0, 0)),
            (article, date(2024, 3, 1), "KG", False, (2, 2, 1, 1)),
            (book, date(2024, 2, 1), "KG", True, (3, 2, 2, 1)),
            (book, date(2024, 4, 1), "KG", True, (50, 50, 50, 50)),
        ):
            names = ("investigations", "unique_investigations", "requests", "unique_requests")
            measures = dict(zip(names, counts, strict=True))
            session.add(UsageDay(work_id=work, day=day, country=country, free=free, **measures))
    return article, book


@pytest.fixture
def ask(client):
    """Asks the API; the answer as JSON, a report only if it keeps to the schema."""

    def get(report, status=200, /, **more):
        given = {**ASKED, **more}
        answer = client.get(
            f"/counter/r51/reports/{report}", query_string={k: v for k, v in given.items() if v}
        )
        said = json.loads(answer.data)
        assert answer.status_code == status, said
        if status == 200:
            SCHEMAS[report].validate(said)
        else:
            Draft202012Validator(EXCEPTION).validate(said)
        return said

    return get


def codes(said):
    return [one["Code"] for one in said["Report_Header"].get("Exceptions", [])]


def test_the_item_report_has_each_work_with_its_months(ask, used):
    items = {one["Item"]: one for one in ask("ir")["Report_Items"][0]["Items"]}
    assert items["Тоо тили"]["Attribute_Performance"] == [
        {
            "Data_Type": "Article",
            "Performance": {
                "Total_Item_Investigations": {"2024-01": 10, "2024-03": 2},
                "Total_Item_Requests": {"2024-01": 5, "2024-03": 1},
                "Unique_Item_Investigations": {"2024-01": 8, "2024-03": 2},
                "Unique_Item_Requests": {"2024-01": 4, "2024-03": 1},
            },
        }
    ]
    assert items["Тоо тили"]["Item_ID"]["DOI"] == "10.5555/abcd"
    assert items["Ат"]["Attribute_Performance"][0]["Data_Type"] == "Book_Segment"


def test_the_platform_report_sums_kinds_of_works_and_counts_books_as_titles(ask, used):
    (line,) = ask("pr")["Report_Items"]
    article, book = line["Attribute_Performance"]
    assert article["Performance"]["Total_Item_Investigations"] == {"2024-01": 10, "2024-03": 2}
    assert book["Data_Type"] == "Book"
    assert book["Performance"]["Unique_Title_Requests"] == {"2024-02": 1}


def test_attributes_break_the_sums_down(ask, used):
    shown = "Authors|Publication_Date|Article_Version|YOP|Access_Type|Access_Method|Country_Code"
    said = ask("ir", attributes_to_show=shown)
    article, book = said["Report_Items"][0]["Items"]
    assert article["Authors"] == [{"Name": "Асанова, Айгүл"}]
    assert article["Article_Version"] == "VoR" and book["Publication_Date"] == "2020-01-31"
    apart = [
        (one["Access_Type"], one["Country_Code"], one["YOP"], one["Access_Method"])
        for one in article["Attribute_Performance"]
    ]
    assert sorted(apart) == [
        ("Controlled", "KG", "2024", "Regular"),
        ("Open", "KG", "2024", "Regular"),
        ("Open", "US", "2024", "Regular"),
    ]
    assert codes(said) == []


@pytest.mark.parametrize(
    ("report", "filters", "requests"),
    [
        ("ir", {"metric_type": "Total_Item_Requests"}, 8),
        ("ir", {"data_type": "Article"}, 6),
        ("ir", {"access_type": "Controlled"}, 1),
        ("ir", {"yop": "2019-2021"}, 2),
        ("ir", {"country_code": "KG"}, 8),
        ("ir", {"item_id": "DOI:10.5555/abcd"}, 8),
        ("pr", {"data_type": "Book|Dataset"}, 2),
        ("pr", {"access_method": "Regular"}, 8),
    ],
)
def test_filters_leave_out_the_rest(ask, used, report, filters, requests):
    said = ask(report, **filters)
    lines = said["Report_Items"][0]["Items"] if report == "ir" else said["Report_Items"]
    found = [
        sum(one["Performance"].get("Total_Item_Requests", {}).values())
        for line in lines
        for one in line["Attribute_Performance"]
    ]
    assert sum(found) == requests and codes(said) == []
    assert len(said["Report_Header"]["Report_Filters"]) == 3


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"customer_id": ""}, 400, 1030),
        ({"begin_date": ""}, 400, 1030),
        ({"platform": "another"}, 400, 1030),
        ({"customer_id": "17"}, 403, 2010),
        ({"begin_date": "2024-13"}, 400, 3020),
        ({"begin_date": "2024-02", "end_date": "2024-01"}, 400, 3020),
        ({"begin_date": "2999-01", "end_date": "2999-02"}, 400, 3020),
    ],
)
def test_what_cannot_be_answered_is_one_exception(ask, used, given, status, code):
    assert ask("ir", status, **given)["Code"] == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"begin_date": "2024-05", "end_date": "2024-06"}, 3030),
        ({"end_date": "2999-01"}, 3031),
        ({"begin_date": "2023-01"}, 3032),
        ({"colour": "red"}, 3050),
        ({"metric_type": "Clicks"}, 3060),
        ({"attributes_to_show": "Smell"}, 3062),
        ({"granularity": "Totals"}, 3062),
        ({"include_component_details": "True"}, 3063),
    ],
)
def test_what_can_be_answered_in_part_says_what_is_missing(ask, used, given, code):
    assert codes(ask("ir", **given)) == [code]


def test_the_period_is_in_whole_months(ask, used):
    filters = ask("ir", begin_date="2023-06-01", end_date="2024-01-31")["Report_Header"][
        "Report_Filters"
    ]
    assert filters == {"Begin_Date": "2024-01-01", "End_Date": "2024-01-31"}


def test_status_members_and_the_list_of_reports(client, used):
    assert json.loads(client.get("/counter/r51/status").data)[0]["Service_Active"] is True
    for name in ("members", "reports"):
        assert client.get(f"/counter/r51/{name}").status_code == 400
    where = {"customer_id": WORLD}
    (member,) = json.loads(client.get("/counter/r51/members", query_string=where).data)
    assert member["Name"] == "The World"
    listed = json.loads(client.get("/counter/r51/reports", query_string=where).data)
    assert [one["Report_ID"] for one in listed] == ["PR", "IR"]
    assert listed[0]["First_Month_Available"] == "2024-01"
    assert client.get("/counter/r51/reports/tr", query_string=ASKED).status_code == 404


@pytest.fixture
def run(archive):
    """Runs `open-archive usage report`."""
    return lambda *given: CliRunner().invoke(
        wsgi.cli,
        ["--instance", str(archive.settings.instance), "usage", "report", *given],
        env={"ARCHIVE_SECRET_KEY": "k" * 40, "ARCHIVE_LOG_LEVEL": "error"},
    )


def test_the_command_writes_tables_and_json(run, used, tmp_path):
    period = ["--from", "2024-01", "--to", "2024-03"]
    made = run(*period, "--show", "Authors|YOP")
    lines = list(csv.reader(io.StringIO(made.output), delimiter="\t"))
    assert made.exit_code == 0 and [one[0] for one in lines[:13]] == [
        "Report_Name", "Report_ID", "Release", "Institution_Name", "Institution_ID",
        "Metric_Types", "Report_Filters", "Report_Attributes", "Exceptions", "Reporting_Period",
        "Created", "Created_By", "Registry_Record",
    ]  # fmt: skip
    assert lines[9][1] == "Begin_Date=2024-01-01; End_Date=2024-03-31" and lines[13] == []
    columns = lines[14]
    assert columns[:5] == ["Item", "Publisher", "Publisher_ID", "Platform", "Authors"]
    assert columns[-4:] == ["Reporting_Period_Total", "Jan-2024", "Feb-2024", "Mar-2024"]
    first = dict(zip(columns, lines[15], strict=True))
    assert first["Metric_Type"] == "Total_Item_Investigations" and first["Jan-2024"] == "10"
    assert first["Authors"] == "Асанова, Айгүл" and first["Reporting_Period_Total"] == "12"
    assert first["DOI"] == "10.5555/abcd" and first["YOP"] == "2024"
    path = tmp_path / "pr.json"
    made = run(*period, "--report", "pr", "--format", "json", "--output", str(path))
    assert made.exit_code == 0
    SCHEMAS["pr"].validate(json.loads(path.read_text("utf-8")))
    assert run("--from", "2024-03", "--to", "2024-01").exit_code == 2

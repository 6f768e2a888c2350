"""/sru: the one address of SRU."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from oai.sru import answers, cql, mapping
from oai.sru.answers import SCHEMAS, Found
from oai.sru.diagnostics import Diagnostic
from repository import plugins, records
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.records import Record
from repository.web.budgets import costly
from repository.web.current import archive, reading
from repository.web.guard import public
from schemas.search import Query
from schemas.vocabulary import State

sru = Blueprint("sru", __name__)

VERSIONS = ("1.1", "1.2")
FEW, MOST = 10, 100  # records in an answer
LAST = 10_000  # nobody reads on beyond this record
LONGEST = 8_000  # letters of a query
OPERATIONS = ("searchRetrieve", "explain", "scan")
EARLIER = {identifier.identifier: name for name, identifier in SCHEMAS.items()}
KNOWN = frozenset(
    "operation version query startRecord maximumRecords recordPacking recordSchema recordXPath "
    "resultSetTTL sortKeys stylesheet extraRequestData scanClause responsePosition "
    "maximumTerms".split()
)


@sru.route("/sru", methods=["GET", "POST"])
@public
@costly
def endpoint() -> ResponseReturnValue:
    """Answers a request; what is wrong with it is said in the answer, which is a 200 even so."""
    asked = request.values.to_dict()
    version = asked.get("version", "1.2")
    operation = asked.get("operation") or ("searchRetrieve" if "query" in asked else "explain")
    try:
        body = _answer(asked, version, operation)
    except Diagnostic as error:
        named = operation if operation in OPERATIONS else "searchRetrieve"
        spoken = version if version in VERSIONS else "1.2"
        body = answers.refusal(error, spoken, operation=named)
    return Response(body, content_type="text/xml; charset=utf-8")


def _answer(asked: Mapping[str, str], version: str, operation: str) -> bytes:
    if version not in VERSIONS:
        raise Diagnostic(5, "1.2")
    if operation == "explain":
        return _explain(archive(), version)
    if operation != "searchRetrieve":
        raise Diagnostic(4, operation)
    unknown = [one for one in asked if one not in KNOWN and not one.startswith("x-")]
    if unknown:
        raise Diagnostic(8, unknown[0])
    return _search(asked, version)


def _explain(held: Archive, version: str) -> bytes:
    parts = urlsplit(held.settings.base_url)
    return answers.explain(
        version,
        host=parts.hostname or "localhost",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path=f"{parts.path.strip('/')}/sru".strip("/"),
        title=held.settings.name,
        contact=held.settings.admin_email,
        most=MOST,
    )


def _search(asked: Mapping[str, str], version: str) -> bytes:
    text = asked.get("query", "").strip()
    if not text:
        raise Diagnostic(7, "query")
    if len(text) > LONGEST:
        raise Diagnostic(48, f"More than {LONGEST} characters.")
    schema = asked.get("recordSchema") or "dc"
    schema = EARLIER.get(schema, schema)
    if schema not in SCHEMAS:
        raise Diagnostic(66, schema)
    packing = asked.get("recordPacking") or "xml"
    if packing not in ("xml", "string"):
        raise Diagnostic(71, packing)
    start = _number(asked, "startRecord", 1, least=1)
    most = min(_number(asked, "maximumRecords", FEW, least=0), MOST)
    node, keys = cql.parse(text)
    if "sortKeys" in asked:
        keys = keys or _sort_keys(asked["sortKeys"])
    query = Query(q=mapping.words(node), where=("here",), sort=mapping.order(keys))
    total, numbers = _window(query, start, most)
    if start > max(total, 1):
        raise Diagnostic(61, str(start))
    shown = [one for record in _records(numbers) if (one := _rendered(record, schema)) is not None]
    return answers.results(Found(version, total, schema, packing, start, shown, asked))


def _number(asked: Mapping[str, str], name: str, usual: int, *, least: int) -> int:
    value = asked.get(name, "").strip()
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= LAST):
        raise Diagnostic(6 if not value.isdigit() else 61, f"{name}={value[:40]}")
    return int(value)


def _sort_keys(text: str) -> tuple[cql.Key, ...]:
    """SRU 1.1's parameter: path,schema,ascending."""
    parts = text.split()[0].split(",") if text.split() else [""]
    descending = len(parts) > 2 and parts[2] == "0"
    return (cql.Key(parts[0].casefold(), descending),)


def _window(query: Query, start: int, most: int) -> tuple[int, list[int]]:
    """How many there are, and the numbers of a window, which may lie across two pages."""
    index = archive().index
    size = max(most, 1)
    page, within = divmod(start - 1, size)
    try:
        hits = index.find(replace(query, page=page + 1), limit=size)
        numbers = [one.number for one in hits.results]
        if within and hits.total > (page + 1) * size:
            more = index.find(replace(query, page=page + 2), limit=size)
            numbers += [one.number for one in more.results]
    except ArchiveError as error:
        raise Diagnostic(1, str(error)) from error
    return hits.total, numbers[within : within + most]


def _records(numbers: list[int]) -> list[Record]:
    found = records.load(reading(), numbers, base_url=archive().settings.base_url)
    return [one for one in found if one.state == State.PUBLISHED]


def _rendered(record: Record, schema: str):  # type: ignore[no-untyped-def] # an element or None
    plugin = plugins.named("open_archive.formats", SCHEMAS[schema].format, ("render",))
    return plugin.render(record)

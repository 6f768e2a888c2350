"""The XML of SRU: search results, what the server can do, and diagnostics."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from oai.elements import Names
from oai.sru import mapping
from oai.sru.diagnostics import MESSAGES, Diagnostic

SRW = "http://www.loc.gov/zing/srw/"
DIAG = "http://www.loc.gov/zing/srw/diagnostic/"
ZEEREX = "http://explain.z3950.org/dtd/2.0/"
_srw, _diag, _zr = Names(SRW, {None: SRW}), Names(DIAG, {None: DIAG}), Names(ZEEREX, {None: ZEEREX})
SETS = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "bib": "info:srw/cql-context-set/1/bib-v1.0",
    "bath": "http://zing.z3950.org/cql/bath/2.0/",
    "rec": "info:srw/cql-context-set/2/rec-1.1",
}


class Schema(NamedTuple):
    """A schema of records: its identifier, what it is called, the format that makes it."""

    identifier: str
    title: str
    format: str


SCHEMAS: Mapping[str, Schema] = {
    "dc": Schema("info:srw/schema/1/dc-v1.1", "Dublin Core", "oai_dc"),
    "marcxml": Schema("info:srw/schema/1/marcxml-v1.1", "MARCXML", "marcxml"),
    "mods": Schema("info:srw/schema/1/mods-v3.7", "MODS", "mods"),
}


class Found(NamedTuple):
    """A page of results. `echo` are the parameters as they came."""

    version: str
    total: int
    schema: str
    packing: str
    start: int
    records: Sequence[etree._Element]
    echo: Mapping[str, str]


def results(found: Found) -> bytes:
    """The answer to a search."""
    root = _srw.root("searchRetrieveResponse", _srw("version", found.version))
    root.append(_srw("numberOfRecords", found.total))
    if found.records:
        records = etree.SubElement(root, f"{{{SRW}}}records")
        for position, one in enumerate(found.records, found.start):
            records.append(_record(found, one, position))
    following = found.start + len(found.records)
    if found.records and following <= found.total:
        root.append(_srw("nextRecordPosition", following))
    root.append(_echo(found))
    return _written(root)


def _record(found: Found, element: etree._Element, position: int) -> etree._Element:
    data = _srw("recordData")
    if found.packing == "string":
        data.text = etree.tostring(element, encoding="unicode")
    else:
        data.append(element)
    identifier = SCHEMAS[found.schema].identifier
    made = _srw("record", _srw("recordSchema", identifier))
    made.append(_srw("recordPacking", found.packing))
    made.append(data)
    made.append(_srw("recordPosition", position))
    return made


def _echo(found: Found) -> etree._Element:
    names = ("version", "query", "startRecord", "maximumRecords", "recordPacking", "recordSchema")
    said = (_srw(name, found.echo[name]) for name in names if name in found.echo)
    return _srw("echoedSearchRetrieveRequest", *said)


def refusal(error: Diagnostic, version: str, *, operation: str) -> bytes:
    """The answer that says what was wrong."""
    name = "explainResponse" if operation == "explain" else f"{operation}Response"
    root = _srw.root(name, _srw("version", version))
    if operation == "searchRetrieve":
        root.append(_srw("numberOfRecords", 0))
    root.append(_srw("diagnostics", _diagnostic(error)))
    return _written(root)


def _diagnostic(error: Diagnostic) -> etree._Element:
    made = _diag.root("diagnostic", _diag("uri", f"info:srw/diagnostic/1/{error.number}"))
    if error.details:
        made.append(_diag("details", error.details))
    made.append(_diag("message", MESSAGES[error.number]))
    return made


def explain(
    version: str, *, host: str, port: int, path: str, title: str, contact: str, most: int
) -> bytes:
    """What the server can do, in ZeeRex."""
    server = _zr(
        "serverInfo",
        _zr("host", host),
        _zr("port", port),
        _zr("database", path),
        protocol="SRU",
        version="1.2",
        transport="http",
        method="GET POST",
    )
    database = _zr("databaseInfo", _zr("title", title), _zr("contact", contact))
    schemas = _zr("schemaInfo")
    for name, one in SCHEMAS.items():
        made = _zr("schema", _zr("title", one.title), identifier=one.identifier)
        made.set("name", name)
        schemas.append(made)
    config = _zr("configInfo", _zr("default", "10", type="numberOfRecords"))
    config.append(_zr("setting", most, type="maximumRecords"))
    for relation in mapping.RELATIONS:
        config.append(_zr("supports", relation, type="relation"))
    whole = _zr.root("explain", server, database, _indexes(), schemas, config)
    data = _srw("recordData", whole)
    record = _srw("record", _srw("recordSchema", ZEEREX), _srw("recordPacking", "xml"), data)
    return _written(_srw.root("explainResponse", _srw("version", version), record))


def _indexes() -> etree._Element:
    made = _zr("indexInfo")
    for name, identifier in SETS.items():
        one = _zr("set", identifier=identifier)
        one.set("name", name)
        made.append(one)
    for index in _named(mapping.INDEXES):
        context, _, name = index.partition(".")
        mapped = _zr("map", _zr("name", name, set=context))
        made.append(_zr("index", _zr("title", name), mapped))
    return made


def _named(indexes: Iterable[str]) -> Iterable[str]:
    return (one for one in indexes if one.partition(".")[0] in SETS and "." in one)


def _written(root: etree._Element) -> bytes:
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

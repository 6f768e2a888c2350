"""Library systems search the archive by SRU, over HTTP."""

import shutil
import subprocess
import threading

import pytest
import sruthi
from lxml import etree
from werkzeug.serving import make_server

import wsgi
from oai.sru.answers import DIAG, SRW, ZEEREX
from repository import settings

NS = {"s": SRW, "d": DIAG, "z": ZEEREX}


@pytest.fixture(scope="module")
def app(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sru") / "instance"
    shutil.copytree(samples, folder)
    return wsgi.create_app(
        settings.load({}, instance=str(folder), secret_key="k" * 40, base_url="http://localhost")
    )


@pytest.fixture(scope="module")
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/sru"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ask(app):
    def get(**asked):
        answer = app.test_client().get("/sru", query_string=asked)
        assert answer.status_code == 200 and answer.mimetype == "text/xml"
        return etree.fromstring(answer.get_data())

    return get


def text(root, path):
    return root.xpath(f"string({path})", namespaces=NS)


def test_explain_says_what_can_be_asked(ask):
    root = ask()
    assert root.tag == f"{{{SRW}}}explainResponse"
    assert text(root, "//z:serverInfo/z:database") == "sru"
    names = root.xpath("//z:schema/@name", namespaces=NS)
    assert names == ["dc", "marcxml", "mods"]
    assert "title" in root.xpath("//z:index/z:map/z:name/text()", namespaces=NS)


def test_a_search_gives_a_window_and_where_to_go_on(ask):
    whole = int(text(ask(query="cql.allRecords=1"), "//s:numberOfRecords"))
    assert whole > 5
    seen = []
    start = 1
    while start:
        root = ask(query="cql.allRecords=1", startRecord=start, maximumRecords=3, version="1.1")
        seen += root.xpath("//s:recordPosition/text()", namespaces=NS)
        following = text(root, "//s:nextRecordPosition")
        start = int(following) if following else 0
    assert [int(one) for one in seen] == list(range(1, whole + 1))
    # A window that lies across our own pages is the same.
    root = ask(query="cql.allRecords=1", startRecord=2, maximumRecords=3)
    assert root.xpath("//s:recordPosition/text()", namespaces=NS) == ["2", "3", "4"]


@pytest.mark.parametrize("schema", ["dc", "marcxml", "mods", "info:srw/schema/1/dc-v1.1"])
@pytest.mark.parametrize("packing", ["xml", "string"])
def test_records_come_in_each_schema_and_packing(ask, schema, packing):
    root = ask(query="cql.allRecords=1", recordSchema=schema, recordPacking=packing)
    data = root.xpath("//s:recordData", namespaces=NS)
    assert len(data) == 10
    assert all(
        len(one) if packing == "xml" else etree.fromstring(one.text) is not None for one in data
    )


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"version": "3.0"}, 5),
        ({"operation": "scan", "scanClause": "a"}, 4),
        ({"operation": "searchRetrieve"}, 7),
        ({"query": "a", "recordSchema": "shoe"}, 66),
        ({"query": "a", "recordPacking": "shoe"}, 71),
        ({"query": "a", "startRecord": "0"}, 61),
        ({"query": "a", "startRecord": "x"}, 6),
        ({"query": "cql.allRecords=1", "startRecord": "9000"}, 61),
        ({"query": "a", "startRecord": "99999999999999"}, 61),
        ({"query": "dc.shoe=1"}, 16),
        ({"query": "a sortBy shoe"}, 80),
        ({"query": "a", "shoe": "1"}, 8),
        ({"query": "(" * 9000}, 48),
    ],
)
def test_what_is_wrong_is_said_in_the_answer(ask, asked, number):
    root = ask(**asked)
    assert text(root, "//d:uri") == f"info:srw/diagnostic/1/{number}"
    assert text(root, "//d:message")


def test_by_form_and_sorted(app, ask):
    found = app.test_client().post(
        "/sru", data={"query": "cql.allRecords=1", "maximumRecords": "0"}
    )
    assert b"numberOfRecords" in found.get_data()
    up = ask(query="cql.allRecords=1 sortBy dc.date", maximumRecords=1)
    down = ask(query="cql.allRecords=1 sortBy dc.date/sort.descending", maximumRecords=1)
    dates = [root.xpath("string(//*[local-name()='date'])") for root in (up, down)]
    assert dates[0] < dates[1]


def test_sruthi_searches_and_walks_through(address):
    client = sruthi.Client(address, record_schema="dc", maximum_records=4)
    found = client.searchretrieve("cql.allRecords=1")
    assert found.count == len(list(found)) > 4
    info = client.explain()
    assert info.server["database"] == "sru"


@pytest.mark.skipif(not shutil.which("yaz-client"), reason="yaz-client is not installed")
def test_yaz_client_searches(address):
    script = f"open {address}\nsru get 1.2\nquerytype cql\nfind cql.allRecords=1\nshow 1\nquit\n"
    run = subprocess.run(
        ["yaz-client"], input=script, capture_output=True, text=True, timeout=30, check=False
    )
    assert "Number of hits" in run.stdout and "<dc:title" in run.stdout

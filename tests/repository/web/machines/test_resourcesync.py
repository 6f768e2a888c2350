"""ResourceSync: a copy of all that is open, made and kept in step by the client `resync`."""

import time
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests
from lxml import etree
from resync.capability_list import CapabilityList
from resync.change_list import ChangeList
from resync.client import Client
from resync.source_description import SourceDescription

from oai import horizon, resources

RS = {"s": resources.NS, "rs": resources.RS}


@pytest.fixture
def copy(house, tmp_path, monkeypatch):
    """A resync client that keeps a copy in a folder of its own."""
    monkeypatch.chdir(tmp_path)  # it leaves its notes where it is
    client = Client()
    client.set_mappings([f"{house.url}/", str(tmp_path / "copy")])
    client.noauth = True
    return client


def files() -> set[str]:
    folder = Path("copy")
    return {unquote(str(one.relative_to(folder))) for one in folder.rglob("*") if one.is_file()}


def changed(house):
    found = ChangeList()
    found.read(uri=f"{house.url}/resourcesync/changelist.xml")
    return [(one.uri, one.change) for one in found]


def test_the_way_leads_from_the_well_known_address_to_the_lists(house):
    source = SourceDescription()
    source.read(uri=f"{house.url}/.well-known/resourcesync")
    (capabilities,) = [one.uri for one in source]
    found = CapabilityList()
    found.read(uri=capabilities)
    assert {one.capability for one in found} == {"resourcelist", "changelist"}
    home = requests.get(house.url, timeout=10).text
    assert 'rel="resourcesync" href="/resourcesync/capabilitylist.xml"' in home


def test_a_copy_is_made_of_all_that_is_open_and_kept_in_step(house, copy):
    copy.baseline_or_audit()
    held = files()
    assert f"works/{house.open}.dc.xml" in held and f"works/{house.open}/макала 1.pdf" in held
    assert f"works/{house.embargoed}.dc.xml" in held
    assert not any("secret" in one or "gone" in one for one in held)
    assert not any(f"works/{house.withdrawn}." in one for one in held)

    begun = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    new = house.publish("Жаңы макала", "new.pdf")
    house.settle()
    where = {"change_list_uri": f"{house.url}/resourcesync/changelist.xml", "from_datetime": begun}
    copy.incremental(**where)
    assert files() - held == {f"works/{new}.dc.xml", f"works/{new}/new.pdf"}

    house.withdraw(new)
    house.settle()
    copy.incremental(allow_deletion=True, **where)
    assert files() == held


def test_what_is_withdrawn_is_said_to_be_deleted_with_its_open_files(house):
    found = dict(changed(house))
    assert found[f"{house.url}/works/{house.withdrawn}.dc.xml"] == "deleted"
    assert found[f"{house.url}/works/{house.withdrawn}/gone.pdf"] == "deleted"
    assert found[f"{house.url}/works/{house.open}.dc.xml"] == "created"
    assert not any("secret" in one for one in found)


def test_a_closed_file_of_a_withdrawn_work_stays_unnamed(house):
    number = house.publish("Жабык", "hidden.pdf", access="closed")
    house.withdraw(number)
    house.settle()
    found = dict(changed(house))
    assert found[f"{house.url}/works/{number}.dc.xml"] == "deleted"
    assert not any("hidden" in one for one in found)


def test_lists_say_where_they_stand_and_in_what_order(house):
    answer = requests.get(f"{house.url}/resourcesync/changelist.xml", timeout=10)
    listed = etree.fromstring(answer.content)
    assert listed.xpath("rs:ln[@rel='up']", namespaces=RS)
    (said,) = listed.xpath("rs:md", namespaces=RS)
    assert said.get("from") and not said.get("until")  # the day is not over
    moments = listed.xpath("//rs:md/@datetime", namespaces=RS)
    assert moments == sorted(moments) and len(moments) > 20


def test_an_unchanged_list_is_not_sent_again(house):
    for path in ("resourcelist", "resources-0", "capabilitylist"):
        url = f"{house.url}/resourcesync/{path}.xml"
        answer = requests.get(url, timeout=10)
        again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
        assert again.status_code == 304, path


def test_parts_that_nobody_was_told_of_are_not_there(house):
    now = int(time.time())
    for path in ("resources-99", "resources-9999999999999", "changes-0-5", f"changes-{now - 9}-5"):
        answer = requests.get(f"{house.url}/resourcesync/{path}.xml", timeout=10)
        assert answer.status_code == 404, path


def test_a_crowded_list_is_cut_between_seconds(house, monkeypatch):
    asof = horizon.look(house.archive.engine).asof
    with house.archive.reading() as session:
        (whole,) = resources.spans(session, asof)
        monkeypatch.setattr(resources, "CROWD", 1)
        parts = resources.spans(session, asof)
        base = {"base_url": house.url}
        together = resources.changes(session, whole, asof, **base)
        apart = [one for part in parts for one in resources.changes(session, part, asof, **base)]
    assert len(parts) > 1 and apart == together
    assert parts[0].begin == whole.begin and parts[-1].end == whole.end
    index = requests.get(f"{house.url}/resourcesync/changelist.xml", timeout=10).content
    addresses = etree.fromstring(index).xpath("s:sitemap/s:loc/text()", namespaces=RS)
    assert len(addresses) == len(parts)
    assert all(requests.get(one, timeout=10).status_code == 200 for one in addresses)

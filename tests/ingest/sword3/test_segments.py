"""Large files come in segments: in any order, after a lost one, once more, or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from depositing import METADATA, digest, zipped

from ingest import unfinished
from ingest.sword3.documents import SIMPLE_ZIP
from repository.clock import now
from repository.models.uploads import Upload

DATA = bytes(range(256)) * 4
DRAFT = {"In_Progress": "true"}


def begin(ask, data=DATA, **change):
    said = {"size": len(data), "digest": digest(data), "segment_count": -(-len(data) // 300)}
    said = {**said, "segment_size": 300, **change}
    options = "; ".join(f"{name}={value}" for name, value in said.items())
    return ask("POST", "/staging", Content_Disposition=f"segment-init; {options}")


def send(ask, address, number, data=None, method="POST", **headers):
    piece = DATA[300 * (number - 1) : 300 * number] if data is None else data
    said = {"Content_Disposition": f"segment; segment_number={number}"}
    said["Content_Type"] = "application/octet-stream"
    return ask(method, address, piece, **{**said, **headers})


def deposit(ask, address, **more):
    entry = {"@id": address, "contentType": "application/octet-stream"}
    entry |= {"contentDisposition": "attachment; filename=large.bin", "dereference": True, **more}
    body = json.dumps({"byReferenceFiles": [entry]}).encode()
    said = {"Content_Disposition": "attachment; by-reference=true"}
    return ask("POST", "", body, **said, **DRAFT, Content_Type="application/json")


def named(answer):
    return answer.status_code, answer.json()["@type"]


@pytest.fixture
def address(ask):
    answer = begin(ask)
    assert answer.status_code == 201
    return answer.headers["Location"]


def test_a_lost_segment_is_seen_and_sent_again(ask, house, address):
    for number in (4, 1, 2):
        assert send(ask, address, number).status_code == 204
    assert named(send(ask, address, 3, Digest=digest(b""))) == (412, "DigestMismatch")
    found = ask("GET", address).json()
    assert (found["received"], found["expecting"]) == ([1, 2, 4], [3])
    assert (found["assembledSize"], found["segmentSize"]) == (1024, 300)
    before = house.left()
    answer = deposit(ask, address)
    assert named(answer) == (400, "BadRequest") and ": 3." in answer.json()["error"]
    assert house.left() == before
    assert send(ask, address, 4).status_code == 204  # its answer was lost, so it comes once more
    assert send(ask, address, 3, method="PUT").status_code == 204
    assert named(send(ask, address, 3)) == (405, "MethodNotAllowed")
    made = deposit(ask, address)
    assert made.status_code == 201
    found, names, _ = house.work(made.headers["Location"])
    assert names == ["large.bin"] and found.files[0].size == len(DATA)
    assert named(ask("GET", address)) == (404, "NotFound")
    assert not list(house.archive.settings.uploads.iterdir())


def test_segments_come_side_by_side_and_take_the_place_of_a_file(ask, house, address):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: send(ask, address, number), (3, 1, 4, 2)))
    assert [one.status_code for one in answers] == [204] * 4
    made = ask.file("POST", "", b"Old", name="old.txt", **DRAFT).json()
    file = made["links"][1]
    entry = {"@id": address, "contentType": "application/octet-stream"}
    entry["contentDisposition"] = "attachment; filename=new.bin"
    body = json.dumps({"byReferenceFiles": [entry]}).encode()
    said = {"Content_Disposition": "attachment; by-reference=true"}
    said |= {"Content_Type": "application/json", "If_Match": file["eTag"]}
    assert ask("PUT", file["@id"], body, **said).status_code == 204
    assert house.work(made["@id"])[1] == ["new.bin"]
    assert ask("GET", file["@id"]).content == DATA


def test_a_package_comes_in_segments_too(ask, house):
    data = zipped(**{"a.txt": "A", "b.txt": "B"})
    where = begin(ask, data, segment_size=len(data), segment_count=1).headers["Location"]
    assert send(ask, where, 1, data).status_code == 204
    made = deposit(ask, where, packaging=SIMPLE_ZIP)
    assert house.work(made.headers["Location"])[1] == ["a.txt", "b.txt"]


def test_segments_that_do_not_come_to_the_file_are_refused(ask, house):
    where = begin(ask, digest=digest(b"another")).headers["Location"]
    for number in (1, 2, 3, 4):
        send(ask, where, number)
    before = house.left()
    assert named(deposit(ask, where)) == (412, "DigestMismatch")
    assert house.left() == before
    assert ask("DELETE", where).status_code == 204
    assert not list(house.archive.settings.uploads.iterdir())


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"size": 2**20 + 1, "segment_count": 3496}, 400, "MaxAssembledSizeExceeded"),
        ({"segment_size": 2**30}, 413, "MaxUploadSizeExceeded"),
        ({"segment_size": 1, "segment_count": 10_001}, 400, "SegmentLimitExceeded"),
        ({"segment_count": 3}, 400, "BadRequest"),
        ({"size": "many"}, 400, "BadRequest"),
        ({"size": 0}, 400, "BadRequest"),
        ({"digest": "SHA-256=?"}, 400, "ValidationFailed"),
    ],
)
def test_an_upload_that_cannot_be_is_not_begun(ask, change, status, name):
    assert named(begin(ask, **change)) == (status, name)


def test_a_segment_of_another_size_or_number_is_refused(ask, house, address):
    assert named(send(ask, address, 1, b"short")) == (400, "InvalidSegmentSize")
    assert named(send(ask, address, 1, b"0" * 301)) == (400, "InvalidSegmentSize")
    assert named(send(ask, address, 4, b"0" * 300)) == (400, "InvalidSegmentSize")
    assert named(send(ask, address, 5, b"0" * 300)) == (400, "SegmentLimitExceeded")
    assert named(send(ask, address, 0, b"0" * 300)) == (400, "BadRequest")
    assert send(ask, address, 1).status_code == 204
    assert named(send(ask, address, 1, b"0" * 300)) == (400, "UnexpectedSegment")
    assert named(ask("POST", address, DATA[:300])) == (400, "BadRequest")
    assert named(ask("POST", "/staging")) == (400, "BadRequest")
    assert [one.suffix for one in house.archive.settings.uploads.iterdir()] == [".1"]
    ask("DELETE", address)


def test_an_upload_is_its_senders_own(ask, house, address):
    other = house.program(email="other@example.org")
    assert named(other("GET", address)) == (404, "NotFound")
    assert named(send(other, address, 1)) == (404, "NotFound")
    assert named(other("DELETE", address)) == (404, "NotFound")
    assert named(deposit(other, address)) == (404, "NotFound")
    assert ask("DELETE", address).status_code == 204


def test_an_upload_that_waited_too_long_is_swept_away(ask, house, address):
    send(ask, address, 1)
    name = address.rpartition("/")[2]
    with house.archive.writing() as session:
        session.get_one(Upload, name).expires = now() - timedelta(seconds=1)
    assert named(ask("GET", address)) == (405, "SegmentedUploadTimedOut")
    unfinished.sweep(house.archive)
    assert named(ask("GET", address)) == (404, "NotFound")
    (house.archive.settings.uploads / f"{name}.1").unlink(missing_ok=True)


def test_the_metadata_and_the_file_come_together(ask, house, address):
    for number in (1, 2, 3, 4):
        send(ask, address, number)
    entry = {"@id": address, "contentType": "application/octet-stream"}
    entry["contentDisposition"] = "attachment; filename=large.bin"
    body = json.dumps({"metadata": METADATA, "by-reference": {"byReferenceFiles": [entry]}})
    said = {"Content_Disposition": "attachment; metadata=true; by-reference=true"}
    made = ask("POST", "", body.encode(), **said, Content_Type="application/json")
    assert made.status_code == 201 and made.json()["state"][0]["@id"].endswith("inWorkflow")

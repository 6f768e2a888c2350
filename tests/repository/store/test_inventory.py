"""Only inventories as we write them are believed."""

import json

import pytest

from repository.store import inventory

A, B = "a" * 128, "b" * 128
VERSION = {
    "created": "2026-05-31T12:00:00Z",
    "message": "published",
    "state": {A: ["metadata/work.json"]},
    "user": {"name": "Айгүл"},
}
GOOD = {
    "digestAlgorithm": "sha512",
    "head": "v1",
    "id": "urn:uuid:1",
    "manifest": {A: ["v1/content/metadata/work.json"]},
    "type": inventory.TYPE,
    "versions": {"v1": VERSION},
}


def manifest(**changes: object) -> dict:
    return {"manifest": changes}


def version(**changes: object) -> dict:
    return {"versions": {"v1": VERSION | changes}}


def test_a_good_one_is_read():
    found = inventory.parse(json.dumps(GOOD).encode())
    assert (found.id, found.head) == ("urn:uuid:1", 1)
    assert found.states == ({"metadata/work.json": A},)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"fixity": {}}, "keys"),
        ({"type": "https://ocfl.io/1.0/spec/#inventory"}, "type"),
        ({"digestAlgorithm": "sha256"}, "SHA-512"),
        ({"id": ""}, "no object"),
        ({"id": 7}, "no object"),
        ({"head": "v2"}, "head"),
        ({"head": "v0", "versions": {}}, "head"),
        ({"versions": []}, "not an object"),
        ({"versions": {"v2": VERSION}, "head": "v2"}, "missing"),
        ({"versions": {"v01": VERSION}}, "missing"),
        ({"versions": {"v1": "first"}}, "not an object"),
        (manifest(**{A: ["v1/content/a"], B: ["v1/content/b"]}), "no version uses"),
        (manifest(**{A[1:]: ["v1/content/a"]}), "not a SHA-512 digest"),
        (manifest(**{A.upper(): ["v1/content/a"]}), "not a SHA-512 digest"),
        (manifest(**{A: []}), "no paths"),
        (manifest(**{A: "v1/content/a"}), "no paths"),
        (manifest(**{A: [1]}), "not safe"),
        (manifest(**{A: ["v1/content/../../../x"]}), "not safe"),
        (manifest(**{A: ["/v1/content/x"]}), "not safe"),
        (manifest(**{A: ["v2/content/x"]}), "outside"),
        (manifest(**{A: ["v1/other/x"]}), "outside"),
        (manifest(**{A: ["v1/content/x", "v1/content/x/y"]}), "beginning of another"),
        (manifest(**{A: ["v1/content/x"], B: ["v1/content/x"]}), "twice"),
        (version(state={B: ["metadata/work.json"]}), "nowhere"),
        (version(state={A: ["../work.json"]}), "not safe"),
        (version(state=[]), "not an object"),
        (version(user=None), "no user"),
        (version(user={}), "who made it"),
        (version(message=None), "who made it"),
        (version(created="yesterday"), "isoformat"),
        (version(created="2026-05-31T12:00:00"), "no time zone"),
    ],
)
def test_others_are_refused_with_a_reason(change, reason):
    with pytest.raises(ValueError, match=reason):
        inventory.parse(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff", b"{", '{"id": 1}'.encode("utf-16"), b"[" * 100_000],
)
def test_what_is_no_inventory_is_refused(data):
    with pytest.raises(ValueError):
        inventory.parse(data)

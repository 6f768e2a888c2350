"""What every store promises, whoever wrote it: run over all entry points of `open_archive.stores`.

A store that needs a service is tried where ARCHIVE_TEST_STORE_<SCHEME> gives a URL for it.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from repository.errors import Conflict, Damaged, Invalid, NotFound
from repository.store import GROUP, Store, open_store

SCHEMES = sorted({found.name for found in entry_points(group=GROUP)})
WORK, FILE = "metadata/work.json", "files/0001.pdf"
ONE, TWO = "urn:uuid:one", "urn:uuid:two"
MOMENT = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture(params=SCHEMES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    known = {"file": f"file://{tmp_path}/store"}
    url = known.get(request.param) or os.environ.get(f"ARCHIVE_TEST_STORE_{request.param.upper()}")
    if not url:
        pytest.skip(f"no store is given to try {request.param} with")
    (tmp_path / "staging").mkdir()
    yield open_store(url, staging=tmp_path / "staging")


def put(store: Store, object_id: str, **files: bytes) -> int:
    with store.stage(object_id) as staged:
        for path, data in files.items():
            staged.write(path, data)
        staged.prepare(message="why", name="who", address=None, created=MOMENT)
        return staged.commit()


def test_our_own_kind_is_registered():
    assert "file" in SCHEMES


def test_versions_go_in_and_come_out(store, tmp_path):
    upload = tmp_path / "staging" / "upload"
    upload.write_bytes(b"%PDF")
    digest = hashlib.sha512(b"%PDF").hexdigest()
    with store.stage(ONE) as staged:
        assert staged.version == 1
        staged.write(WORK, b"first")
        staged.add(FILE, upload, sha512=digest)
        staged.prepare(message="why", name="who", address="mailto:who@example.org", created=MOMENT)
        assert store.head(ONE) == 0
        assert staged.commit() == 1
    with store.stage(ONE) as staged:
        staged.write(WORK, b"second")
        staged.keep(FILE)
        staged.prepare(message="again", name="who", address=None, created=MOMENT)
        assert staged.commit() == 2
    upload.unlink()
    assert store.head(ONE) == 2
    assert (store.read(ONE, WORK), store.read(ONE, WORK, 1)) == (b"second", b"first")
    with store.open(ONE, FILE) as file:
        assert file.read() == b"%PDF"
    assert store.path(ONE, FILE).read_bytes() == b"%PDF"
    assert {path: entry.sha512 for path, entry in store.contents(ONE).items()} == {
        WORK: hashlib.sha512(b"second").hexdigest(),
        FILE: digest,
    }
    assert [(one.number, one.message, one.created) for one in store.versions(ONE)] == [
        (1, "why", MOMENT),
        (2, "again", MOMENT),
    ]


def test_objects_are_listed_and_whole(store):
    put(store, ONE, a=b"1")
    put(store, TWO, a=b"2")
    assert set(store.object_ids()) == {ONE, TWO}
    assert dict(store.verify_all()) == {ONE: [], TWO: []}
    assert store.verify(ONE) == []
    assert store.verify("urn:uuid:none") != []


def test_what_is_not_there_is_not_found(store):
    put(store, ONE, a=b"1")
    assert store.head(TWO) == 0
    for object_id, path, version in ((TWO, "a", None), (ONE, "b", None), (ONE, "a", 2)):
        with pytest.raises(NotFound):
            store.read(object_id, path, version)


def test_nothing_is_seen_before_the_commit_or_without_it(store):
    with store.stage(ONE) as staged:
        staged.write(WORK, b"{}")
        staged.prepare(message="", name="", address=None, created=MOMENT)
    assert store.head(ONE) == 0
    assert list(store.object_ids()) == []


def test_of_two_versions_in_the_making_one_is_kept(store):
    with store.stage(ONE) as staged:
        staged.write(WORK, b"slow")
        staged.prepare(message="", name="", address=None, created=MOMENT)
        put(store, ONE, **{WORK: b"quick"})
        with pytest.raises(Conflict):
            staged.commit()
    assert store.read(ONE, WORK) == b"quick"
    assert store.verify(ONE) == []


def test_bytes_that_do_not_have_their_digest_are_refused(store, tmp_path):
    upload = tmp_path / "staging" / "upload"
    upload.write_bytes(b"%PDF")
    with store.stage(ONE) as staged, pytest.raises(Damaged):
        staged.add(FILE, upload, sha512="0" * 128)


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "../a", "a/./b", "a\0"])
def test_bad_paths_are_refused(store, path):
    with store.stage(ONE) as staged, pytest.raises(Invalid):
        staged.write(path, b"")


def test_an_object_is_settled_by_leaving_its_block_well(store):
    put(store, ONE, a=b"1")
    assert store.unsettled() == []


def test_an_object_whose_database_failed_is_unsettled_until_it_is_settled(store):
    with pytest.raises(ZeroDivisionError), store.stage(ONE) as staged:
        staged.write(WORK, b"{}")
        staged.prepare(message="", name="", address=None, created=MOMENT)
        staged.commit()
        raise ZeroDivisionError
    assert store.recover() == []
    assert store.unsettled() == [ONE]
    assert store.read(ONE, WORK) == b"{}"
    store.settle(ONE)
    assert store.unsettled() == []


def test_a_version_that_the_database_refused_can_be_taken_back(store):
    put(store, ONE, a=b"1")
    for object_id, before in ((ONE, 1), (TWO, 0)):
        with store.stage(object_id) as staged:
            staged.write("a", b"refused")
            staged.prepare(message="", name="", address=None, created=MOMENT)
            staged.commit()
            staged.undo()
        assert store.head(object_id) == before
    assert store.unsettled() == []
    assert dict(store.verify_all()) == {ONE: []}


def test_it_says_how_it_is(store):
    well, says = store.status()
    assert well
    assert says.endswith(".")

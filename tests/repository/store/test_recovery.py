"""Crashes leave states that recovery completes, and it touches nothing that lives."""

import json
import shutil
from pathlib import Path

import pytest

from repository.store.files import FileStore

ONE = "urn:uuid:0b9c1c7a-5f0e-4a31-8c5b-6a1f5f1f7a11"
TWO = "urn:uuid:62d6f7d7-9f1e-4d83-9d39-0d7c5fa6a0b2"
WORK, FILE = "metadata/work.json", "files/0001.pdf"
COMPLETED = f"{ONE}: completed a version that a crash had cut off"


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """The store's part of the staging area."""
    return tmp_path / "staging" / "ocfl"


@pytest.fixture
def home(store, put) -> Path:
    """The folder of an object with two versions."""
    put(ONE, {WORK: b"first", FILE: b"%PDF"})
    put(ONE, {WORK: b"second"}, keep=(FILE,))
    return store.path(ONE, FILE).parents[3]


def put_back(home: Path, *names: str) -> None:
    """Gives the object's folder what it had before its second version."""
    for name in names:
        (home / name).unlink()
        shutil.copyfile(home / "v1" / name, home / name)


def announce(area: Path, object_id: str) -> None:
    """Leaves an intent, as a process does that dies after the renames."""
    (area / "intents" / "0123").write_text(json.dumps(object_id))


@pytest.mark.parametrize(
    "old", [["inventory.json", "inventory.json.sha512"], ["inventory.json.sha512"]]
)
def test_a_half_renamed_version_is_completed(store, home, area, old, second_opinion):
    put_back(home, *old)
    announce(area, ONE)
    assert store.verify(ONE) != []
    assert store.recover() == [COMPLETED]
    assert store.head(ONE) == 2
    assert store.read(ONE, WORK) == b"second"
    assert store.verify(ONE) == []
    assert second_opinion() == (1, [])
    assert store.recover() == []


def test_until_then_readers_see_the_version_before_or_the_new_one_whole(store, home):
    put_back(home, "inventory.json", "inventory.json.sha512")
    assert store.read(ONE, WORK) == b"first"
    shutil.copyfile(home / "v2" / "inventory.json", home / "inventory.json")
    assert store.read(ONE, WORK) == b"second"


def test_only_unsettled_objects_are_looked_at_unless_others_are_named(store, home, area):
    put_back(home, "inventory.json", "inventory.json.sha512")
    assert store.recover() == []
    assert store.recover(store.object_ids()) == [COMPLETED]


def test_an_intent_without_its_version_changes_nothing(store, home, area):
    announce(area, ONE)
    (area / "intents" / "4567").write_text(json.dumps(TWO))
    assert store.recover() == []
    assert store.unsettled() == [ONE, TWO]
    assert (store.head(ONE), store.head(TWO)) == (2, 0)


def test_an_object_is_unsettled_until_it_is_settled(store, home, area):
    announce(area, ONE)
    assert store.unsettled() == [ONE]
    store.settle(TWO)
    assert store.unsettled() == [ONE]
    store.settle(ONE)
    assert store.unsettled() == []


def test_a_block_that_fails_after_the_commit_leaves_the_object_unsettled(store, prepare, left_over):
    with pytest.raises(ZeroDivisionError), store.stage(ONE) as staged:
        staged.write(WORK, b"the database failed")
        prepare(staged)
        staged.commit()
        raise ZeroDivisionError
    assert store.unsettled() == [ONE]
    assert store.read(ONE, WORK) == b"the database failed"
    store.settle(ONE)
    assert left_over() == []


def test_what_a_living_process_does_is_left_alone(store, tmp_path, prepare):
    other = FileStore(store.root, tmp_path / "staging")
    with store.stage(ONE) as staged:
        staged.write(WORK, b"{}")
        assert other.recover() == []
        prepare(staged)
        staged.commit()
        assert other.unsettled() == []
        other.settle(ONE)
        assert other.recover() == []
    assert store.read(ONE, WORK) == b"{}"
    assert store.unsettled() == []


def test_what_dead_processes_left_in_staging_is_removed(store, area, upload):
    source, _ = upload(b"an upload that waits")
    for name in ("dead", "killed-at-birth"):
        (area / "stages" / name / "tree").mkdir(parents=True)
    (area / "stages" / "dead" / "owner").write_text("")
    assert store.recover() == ["removed 2 unfinished versions"]
    assert list((area / "stages").iterdir()) == []
    assert source.exists()
    assert store.recover() == []


def test_an_intent_that_cannot_be_read_is_told_of_and_does_not_stop_the_others(store, home, area):
    put_back(home, "inventory.json", "inventory.json.sha512")
    announce(area, ONE)
    (area / "intents" / "89ab").write_bytes(b"\xff")
    (area / "intents" / "cdef").write_text("7")
    told = store.recover()
    assert told[-1] == COMPLETED
    assert [line.partition(": ")[2] for line in told[:-1]] == [
        "this intent cannot be read; verify the store"
    ] * 2
    assert store.unsettled() == [ONE]


def test_a_version_whose_own_inventory_is_damaged_is_not_taken_up(store, home, area):
    put_back(home, "inventory.json", "inventory.json.sha512")
    (home / "v2" / "inventory.json").chmod(0o644)
    (home / "v2" / "inventory.json").write_text("{}")
    announce(area, ONE)
    assert store.recover() == []
    assert store.read(ONE, WORK) == b"first"
    assert store.verify(ONE) != []

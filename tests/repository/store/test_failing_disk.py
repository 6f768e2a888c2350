"""A disk that is full, or fails, or loses power: what is kept is kept whole or not at all."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ocfl import StorageRoot

from repository.errors import StorageFull
from repository.store import disk
from repository.store.files import FileStore

ONE = "urn:uuid:0b9c1c7a-5f0e-4a31-8c5b-6a1f5f1f7a11"
TWO = "urn:uuid:62d6f7d7-9f1e-4d83-9d39-0d7c5fa6a0b2"
WORK, FILE = "metadata/work.json", "files/0001.pdf"
MEGABYTES = 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small file system needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def objects(store: FileStore) -> dict[str, bytes]:
    """Every file of the store."""
    places = [path for path in store.root.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in places}


def folders(store: FileStore) -> set[Path]:
    """Every folder of the store."""
    return {path for path in store.root.rglob("*") if path.is_dir()}


def test_on_a_full_disk_nothing_is_half_kept_and_it_goes_on_when_there_is_room(small_disk, prepare):
    store = FileStore.create(small_disk / "store", small_disk / "staging")

    def publish(object_id: str, size: int, *keep: str) -> int:
        with store.stage(object_id) as staged:
            staged.write(FILE, os.urandom(size))
            for path in keep:
                staged.keep(path)
            staged.write(WORK, os.urandom(100))
            prepare(staged)
            return staged.commit()

    kept: dict[str, int] = {}
    refused = 0
    ballast = small_disk / "ballast"
    for number in range(40):
        ballast.write_bytes(b"")
        free = os.statvfs(small_disk)
        left = free.f_bavail * free.f_frsize
        # Leave so little room that the disk fills up in the content, the inventories, the intent.
        with ballast.open("wb") as file:
            file.write(bytes(max(0, left - number % 20 * 4096)))
        before = objects(store), folders(store)
        object_id = f"urn:uuid:{number % 8}"
        try:
            kept[object_id] = publish(object_id, 9000)
        except StorageFull as error:
            refused += 1
            assert error.status == 507
            assert (objects(store), folders(store)) == before
        assert list((small_disk / "staging" / "ocfl" / "stages").iterdir()) == []
        assert store.unsettled() == []
        assert store.status()[0] is False
    ballast.unlink()
    assert refused > 10
    assert kept
    assert {name: store.head(name) for name in kept} == kept
    assert [damages for _, damages in store.verify_all() if damages] == []
    assert StorageRoot(root=str(store.root)).validate()
    assert publish("urn:uuid:after", 9000) == 1


def test_a_file_larger_than_allowed_is_refused_as_a_full_disk(store, put, left_over):
    put(ONE, {WORK: b"{}"})
    before = objects(store)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(StorageFull):
            put(ONE, {FILE: bytes(200_000)}, keep=(WORK,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert objects(store) == before
    assert left_over() == []


@pytest.mark.parametrize("object_id", [ONE, TWO])
def test_a_failed_sync_is_fatal_wherever_it_comes(store, put, left_over, monkeypatch, object_id):
    put(ONE, {WORK: b"first"})
    before = objects(store), folders(store)
    real, failing, failures = os.fsync, 0, 0

    def fail(handle: int) -> None:
        nonlocal failing
        failing -= 1
        if failing == 0:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", fail)
    while True:
        failures += 1
        failing = failures
        try:
            version = put(object_id, {WORK: b"next"})
        except OSError as error:
            assert error.errno == errno.EIO
        else:
            break
        assert (objects(store), folders(store)) == before
        assert left_over() == [] or store.unsettled() == [object_id]
        store.settle(object_id)
    assert failures > 10
    assert version == (2 if object_id == ONE else 1)
    assert [damages for _, damages in store.verify_all() if damages] == []


# In a process of its own, because an audit hook stays for good.
FULL_AT_EVERY_STEP = """
import errno, os, sys
from datetime import UTC, datetime
from pathlib import Path
from repository.errors import StorageFull
from repository.store.files import FileStore

root, staging, object_id = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
store, left = FileStore(root, staging), None

def hook(event, arguments):
    global left
    writes = event in ("os.mkdir", "os.link") or (event == "open" and arguments[2] & os.O_CREAT)
    renames = event == "os.rename"
    if left is not None and (writes or renames):
        left -= 1
        if left == 0:
            left = None
            raise OSError(errno.ENOSPC, "No space left on device")

def state():
    return sorted((str(p), p.read_bytes() if p.is_file() else b"") for p in root.rglob("*"))

sys.addaudithook(hook)
before, step = state(), 0
while True:
    step += 1
    left = step
    try:
        with store.stage(object_id) as staged:
            staged.write("metadata/work.json", b"next")
            staged.add("files/0001.pdf", staging / "upload", sha512=sys.argv[4])
            staged.prepare(message="", name="n", address=None, created=datetime.now(UTC))
            staged.commit()
    except StorageFull:
        left = None
        assert state() == before, step
        store.settle(object_id)
        assert not list((staging / "ocfl" / "stages").iterdir()), step
    else:
        break
print(step - 1)
"""


@pytest.mark.parametrize("object_id", [ONE, TWO])
def test_wherever_the_disk_is_full_nothing_is_half_kept(store, put, upload, object_id):
    put(ONE, {WORK: b"first"})
    source, digest = upload(b"%PDF-1.7")
    source.rename(source.with_name("upload"))
    child = subprocess.run(
        [sys.executable, "-c", FULL_AT_EVERY_STEP, store.root, source.parent, object_id, digest],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) > 15
    assert [damages for _, damages in store.verify_all() if damages] == []


def test_nothing_is_renamed_into_the_root_before_it_is_synced(store, put, monkeypatch):
    put(ONE, {WORK: b"first"})
    synced: set[int] = set()
    unsynced: list[str] = []
    waiting: set[int] = set()
    real_sync, real_rename = os.fsync, os.rename

    def sync(handle: int) -> None:
        real_sync(handle)
        synced.add(os.fstat(handle).st_ino)
        waiting.discard(os.fstat(handle).st_ino)

    def rename(source, target, **options) -> None:
        if Path(target).is_relative_to(store.root):
            moved = [Path(source), *Path(source).rglob("*")]
            unsynced.extend(str(path) for path in moved if path.stat().st_ino not in synced)
            waiting.add(Path(target).parent.stat().st_ino)
        real_rename(source, target, **options)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "replace", rename)
    for object_id in (ONE, TWO):
        synced.clear()
        put(object_id, {WORK: b"next", FILE: b"%PDF"})
        assert synced
        assert unsynced == []
        assert waiting == set()
    monkeypatch.setattr(disk, "sync_tree", lambda top: None)
    put(ONE, {WORK: b"without the syncs this test fails"})
    assert unsynced != []

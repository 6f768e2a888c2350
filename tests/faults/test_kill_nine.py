"""`kill -9` of a process that writes to the store, at random and at every single operation."""

import hashlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from ocfl import StorageRoot

from repository.store.files import FileStore

KILLS = 60
WORK, FILE, SECOND = "metadata/work.json", "files/0001.pdf", "files/0002.pdf"
OBJECT, NEW = "urn:uuid:0b9c1c7a-5f0e-4a31-8c5b-6a1f5f1f7a11", "urn:uuid:new"
MOMENT = datetime(2026, 5, 31, 12, tzinfo=UTC)
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod"}


def nothing() -> None:
    """Does nothing."""


def publish(
    store: FileStore, object_id: str, upload: Path, data: bytes, tell: Callable = nothing
) -> int:
    """Commits a version with an uploaded file, a small one, and one from the version before."""
    with store.stage(object_id) as staged:
        staged.write(WORK, data)
        staged.add(FILE, upload, sha512=hashlib.sha512(upload.read_bytes()).hexdigest())
        if staged.version > 1:
            staged.keep(SECOND)
        else:
            staged.write(SECOND, b"kept through all versions")
        staged.prepare(message="", name="n", address="mailto:n@example.org", created=MOMENT)
        staged.commit()
        tell()
    return staged.version


def assert_sound(store: FileStore) -> None:
    """Nothing is damaged, by our own account and by ocfl-py's."""
    assert [damages for _, damages in store.verify_all() if damages] == []
    root = StorageRoot(root=str(store.root))
    assert root.validate()
    assert root.good_objects == root.num_objects == len(list(store.object_ids()))


def publish_for_ever(root: Path, staging: Path, acknowledged: int) -> None:
    """Recovers, then publishes versions of a few objects, a line for each that is done."""
    store = FileStore(root, staging)
    store.recover()
    upload = staging / "upload"
    while True:
        upload.unlink(missing_ok=True)
        upload.write_bytes(data := os.urandom(random.randrange(1, 50_000)))
        object_id = f"urn:uuid:{random.randrange(400)}"
        version = publish(store, object_id, upload, data[:100])
        digest = hashlib.sha512(data).hexdigest()
        os.write(acknowledged, f"{object_id} {version} {digest}\n".encode())


def killed_once(root: Path, staging: Path, patience: float) -> list[tuple[str, int, str]]:
    """Starts a publisher, kills it a while after its first version; what it had acknowledged."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            publish_for_ever(root, staging, into)
        finally:
            os._exit(1)
    os.close(into)
    with os.fdopen(out) as lines:
        first = lines.readline()
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status), "the publisher ended by itself"
        said = map(str.split, [first, *lines])
        return [(name, int(number), digest) for name, number, digest in said]


def test_sixty_kills_lose_nothing_that_was_acknowledged(tmp_path):
    store = FileStore.create(tmp_path / "store", tmp_path / "staging")
    chance = random.Random(9)
    acknowledged: list[tuple[str, int, str]] = []
    for _ in range(KILLS):
        acknowledged += killed_once(store.root, tmp_path / "staging", chance.uniform(0, 0.2))
    store.recover()
    assert len(acknowledged) >= KILLS
    for name, number, digest in acknowledged:
        assert store.contents(name, number)[FILE].sha512 == digest
        assert hashlib.sha512(store.read(name, FILE, number)).hexdigest() == digest
    assert_sound(store)
    assert list((tmp_path / "staging" / "ocfl" / "stages").iterdir()) == []


class Crash(NamedTuple):
    """What a deed left: whether it was `killed`, and whether it had `told` that it was done."""

    store: FileStore
    killed: bool
    told: bool


def die_before(step: int) -> None:
    """Has this process killed before its change of the disk of that number."""
    left = step

    def hook(event: str, arguments: tuple) -> None:
        nonlocal left
        makes = event == "open" and bool(arguments[2] & os.O_CREAT)
        if makes or event in CHANGES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def killed_in(deed: Callable[[], None]) -> bool:
    """Does it in a child; whether that was killed before the end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            deed()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "see the child's own complaint"
    return os.WIFSIGNALED(status)


def crashes(
    template: Path, deed: Callable[[FileStore, Path, Callable, Callable], None]
) -> Iterator[Crash]:
    """Does the deed in copies of the template, killed at each step in turn after it is `armed`."""
    for step in count(1):
        folder = template.with_name("crash")
        shutil.copytree(template, folder)
        store = FileStore(folder / "store", folder / "staging")
        out, into = os.pipe()

        def crash(step=step, store=store, upload=folder / "staging" / "upload", into=into) -> None:
            deed(store, upload, lambda: die_before(step), lambda: os.write(into, b"done"))

        killed = killed_in(crash)
        os.close(into)
        with os.fdopen(out, "rb") as pipe:
            yield Crash(store, killed, bool(pipe.read()))
        shutil.rmtree(folder)
        if not killed:
            return


def recover_under_kills(store: FileStore) -> None:
    """Recovers in children killed at each of their steps, until one comes through."""
    if not store.unsettled():
        store.recover()
        return
    for step in count(1):

        def recover(step=step) -> None:
            die_before(step)
            store.recover()

        if not killed_in(recover):
            return


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A folder with a store and an upload that waits for it."""
    folder = tmp_path / "template"
    FileStore.create(folder / "store", folder / "staging")
    (folder / "staging" / "upload").write_bytes(b"%PDF-1.7")
    return folder


def fill(template: Path, versions: int) -> None:
    """Gives the object of the template some versions."""
    store = FileStore(template / "store", template / "staging")
    for number in range(versions):
        publish(store, OBJECT, template / "staging" / "upload", b"%d" % number)


@pytest.mark.parametrize("before", [0, 2])
def test_killed_at_any_step_a_commit_leaves_the_old_version_or_the_new(template, before):
    fill(template, before)

    def deed(store: FileStore, upload: Path, arm: Callable, tell: Callable) -> None:
        arm()
        publish(store, OBJECT, upload, b"the next", tell)

    outcomes = []
    for store, killed, told in crashes(template, deed):
        unsettled = store.unsettled()
        recover_under_kills(store)
        head = store.head(OBJECT)
        outcomes.append((head - before, told))
        assert killed or told
        assert head > before or not told
        if head > before:
            assert store.read(OBJECT, WORK) == b"the next"
            # A start looks at every version that the database may not know.
            assert told or unsettled == [OBJECT]
        assert_sound(store)
    assert (
        set(outcomes) == {(0, False), (1, False), (1, True)} if before else {(0, False), (1, True)}
    )
    assert len(outcomes) > 25


@pytest.mark.parametrize(("object_id", "before"), [(OBJECT, 1), (NEW, 0)])
def test_killed_at_any_step_of_taking_it_back_a_version_is_whole_or_gone(
    template, object_id, before
):
    fill(template, 1)

    def deed(store: FileStore, upload: Path, arm: Callable, tell: Callable) -> None:
        with store.stage(object_id) as staged:
            staged.write(WORK, b"refused by the database")
            staged.prepare(message="", name="", address=None, created=MOMENT)
            staged.commit()
            arm()
            staged.undo()
            tell()

    heads = set()
    for store, killed, told in crashes(template, deed):
        unsettled = store.unsettled()
        recover_under_kills(store)
        heads.add(head := store.head(object_id))
        assert killed or told
        assert head == before or unsettled == [object_id]
        assert head == before or not told
        assert_sound(store)
    assert heads == {before, before + 1}

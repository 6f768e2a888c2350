"""`kill -9` at random moments of publishing: nothing that was acknowledged is lost."""

import hashlib
import os
import random
import signal
import time

from ocfl import StorageRoot

from repository import archive as opening
from repository import catalogue, publishing, recovery, versions
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.vocabulary import State

KILLS = 60
DOCUMENT = {
    "type": vocabulary.TYPES["article"].uri,
    "titles": [{"text": "Муз жана суу", "language": "ky", "kind": "main"}],
}


def publish_for_ever(settings, acknowledged: int) -> None:
    """What the child does: publish and revise works, a line for each that is done."""
    archive = opening.open_archive(settings)
    recovery.recover(archive)
    while True:
        data = os.urandom(20_000)
        name = f"upload-{os.urandom(6).hex()}"
        (settings.staging / name).write_bytes(data)
        with archive.writing() as session:
            work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
            catalogue.attach(
                session,
                work,
                name="муз.bin",
                size=len(data),
                sha512=hashlib.sha512(data).hexdigest(),
                media_type="application/octet-stream",
                staged=name,
            )
            number = work.id
        version = publishing.publish(archive, number, actor=SYSTEM)
        os.write(acknowledged, f"{number} {version}\n".encode())
        version = publishing.revise(archive, number, actor=SYSTEM, reason="again")
        os.write(acknowledged, f"{number} {version}\n".encode())


def killed_once(settings, patience: float) -> list[tuple[int, int]]:
    """Starts a publisher, kills it a while after its first work; what it had acknowledged."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            publish_for_ever(settings, into)
        finally:
            os._exit(1)
    os.close(into)
    with os.fdopen(out) as lines:
        first = lines.readline()
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = [first, *lines]
        return [(int(number), int(version)) for number, version in map(str.split, lines)]


def test_sixty_kills_lose_nothing_that_was_acknowledged(archive):
    settings = archive.settings
    opening.close(archive)
    chance = random.Random(20)
    acknowledged: dict[int, int] = {}
    for _ in range(KILLS):
        acknowledged |= dict(killed_once(settings, chance.uniform(0, 0.2)))
    again = opening.open_archive(settings)
    try:
        recovery.recover(again)
        assert len(acknowledged) >= KILLS
        with again.reading() as session:
            for number, version in acknowledged.items():
                work = catalogue.get(session, number)
                assert work.state == State.PUBLISHED
                assert work.version >= version
                oid = versions.object_id(work.uuid)
                assert again.store.head(oid) == work.version
                stored = again.store.read(oid, work.current_files[0].stored)
                assert hashlib.sha512(stored).hexdigest() == work.current_files[0].sha512
        assert [damages for _, damages in again.store.verify_all() if damages] == []
    finally:
        opening.close(again)
    root = StorageRoot(root=str(settings.instance / "store"))
    assert root.validate()
    assert root.good_objects == root.num_objects >= len(acknowledged)

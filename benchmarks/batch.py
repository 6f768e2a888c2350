"""What a change of 500 works costs: to plan it, to do it, to take it back; against single edits."""

import tempfile
import time

import click

from repository import (
    accounts,
    amending,
    batches,
    catalogue,
    choosing,
    publishing,
    settings,
    upgrading,
)
from repository import archive as opening
from repository.database import connect
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role

WORKS = 500
DEED = {"where": "places", "find": "Фрунзе", "put": "Бишкек"}


def _document(n: int) -> dict:
    return {
        "type": vocabulary.TYPES["article"].uri,
        "titles": [{"text": f"Көлдөр {n}", "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
        "publishers": [{"name": "Илим", "place": "Фрунзе"}],
        "issued": "1986",
        "languages": ["ky"],
    }


def run(works: int) -> None:
    """Prints seconds, and works a second, beside as many corrections one by one."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load(
            {}, instance=folder, secret_key="k" * 40, base_url="http://localhost"
        )
        engine = connect(chosen.database_url)
        upgrading.upgrade(engine)
        engine.dispose()
        with opening.opened(chosen) as archive:
            _measure(archive, works)


def _measure(archive: opening.Archive, works: int) -> None:
    with archive.writing() as session:
        chief = accounts.create(
            session,
            email="chief@example.org",
            name="Chief",
            password="a long enough password",
            roles=[Role.CATALOGUER],
            confirmed=True,
        )
    for n in range(works):
        with archive.writing() as session:
            number = catalogue.draft(session, _document(n), actor=SYSTEM).id
        publishing.publish(archive, number, actor=SYSTEM)
    begun = time.monotonic()
    for number in range(1, works + 1):
        document = _document(number - 1) | {"edition": "2"}
        publishing.revise(archive, number, actor=SYSTEM, reason="-", document=document)
    single = time.monotonic() - begun
    begun = time.monotonic()
    with archive.writing() as session:
        found = choosing.chosen(session, {"type": "article"})
        changes = batches.amended(found, amending.deed("replace", DEED))
        deed = {"name": "replace", **DEED}
        batch = batches.plan(session, changes, deed=deed, reason="new name", actor=chief)
        number = batch.id
    _say("planned", works, time.monotonic() - begun, single)
    for word, act in (("done", batches.start), ("taken back", batches.undo)):
        begun = time.monotonic()
        with archive.writing() as session:
            act(session, batches.get(session, number), actor=chief)
        while batches.follow(archive):
            pass
        with archive.reading() as session:
            counts = batches.counts(session, batches.get(session, number))
        if counts["done" if word == "done" else "undone"] != works:
            raise SystemExit(f"not all was {word}: {counts}")
        _say(word, works, time.monotonic() - begun, single)


def _say(word: str, works: int, seconds: float, single: float) -> None:
    click.echo(
        f"{works} works {word} in {seconds:.2f} s, {works / seconds:.0f} a second; "
        f"{single / seconds:.2f} of the speed of single corrections"
    )

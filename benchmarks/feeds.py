"""Feeds to be harvested, built once and kept for the next run."""

import hashlib
import itertools
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import insert

from benchmarks import processes, works
from oai import blocks, envelope, formats, generations, horizon, identifiers, rendering
from repository import archive as opening
from repository import changes, settings
from repository.archive import Archive
from repository.clock import now
from repository.models.feed import FeedItem, FeedRecord
from repository.models.works import Work
from repository.records import Record
from schemas.vocabulary import State

PREFIX = "oai_dc"
SECRET = "benchmark " * 4
HOST = "archive.example.org"
BASE = f"http://{HOST}"
BATCH = 500
CONSONANTS = {"ky": "бгджклмнңпрстчш", "ru": "бвгджзклмнпрстхчш", "en": "bcdfghklmnprstvw"}
VOWELS = {"ky": "аеиоуөүыэ", "ru": "аеиоуыюя", "en": "aeiou"}
# 2025-01-01; later batches are a second later each, so that the feed is the same in each run.
FIRST = 1_735_689_600


def made(kept: Path, kind: str, count: int) -> Path:
    """The instance with a feed of `count` records, from an earlier run if it is the same feed."""
    instance = kept / f"{kind}-{count}-{_version()}"
    if not (instance / "complete").exists():
        for old in kept.glob(f"{kind}-{count}-*"):
            shutil.rmtree(old)
        with opened(instance) as archive:
            KINDS[kind](archive, count)
        (instance / "complete").touch()
    return instance


def _version() -> str:
    """Changes with whatever the feeds are made of."""
    sources = [Path(__file__), Path(str(works.__file__))]
    sources += sorted((processes.ROOT / "repository" / "migrations" / "versions").glob("0*.py"))
    said = b"".join(one.read_bytes() for one in sources)
    said += str(formats.known()[PREFIX].VERSION).encode()
    return hashlib.blake2b(said, digest_size=4).hexdigest()


@contextmanager
def opened(instance: Path) -> Iterator[Archive]:
    """A new archive."""
    environment = processes.environment(instance)
    command = [*processes.COMMAND, "init"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, check=True, cwd=processes.ROOT, env=environment, **quiet)
    with reopened(instance) as archive:
        yield archive


@contextmanager
def reopened(instance: Path) -> Iterator[Archive]:
    """An archive that there is, with the names that all feeds have."""
    given = {"instance": str(instance), "secret_key": SECRET, "oai_identifier": HOST}
    with opening.opened(settings.load({}, base_url=BASE, **given)) as archive:
        yield archive


def _described(archive: Archive, count: int) -> None:
    """Described works, rendered and written as the stamper does it, in one format."""
    known = {PREFIX: formats.known()[PREFIX]}
    licence = archive.settings.metadata_licence
    for number, start in enumerate(range(1, count + 1, BATCH)):
        fresh = []
        for one in map(record, range(start, min(start + BATCH, count + 1))):
            bodies = rendering.render(one, known, licence=licence).bodies
            identifier = identifiers.make(HOST, one.number)
            fresh.append((generations.live(one, bodies, None, identifier), None))
        with archive.writing() as session:
            generations.write(session, fresh, FIRST + number)
            horizon.locked(session).last = FIRST + number
    while blocks.pack(archive):
        pass


def record(number: int) -> Record:
    """A made-up work as it goes out."""
    public = datetime.fromtimestamp(FIRST, UTC)
    return Record(
        id=number,
        number=number,
        uuid=f"00000000-0000-4000-8000-{number:012}",
        state=State.PUBLISHED,
        version=1,
        document=_short(number),
        files=(),
        sets=(),
        collections=(),
        published=public,
        changed=public,
        withdrawal=None,
        url=f"{BASE}/works/{number}",
        access_right="metadata-only",
    )


def _short(number: int) -> dict:
    """What makes an oai_dc record of about 1.5 KB, as many of a library's are.

    Its words are as many as a language's: of a handful of words pages would be packed too well.
    """
    document = works.document(number)
    chance = random.Random(number)
    language = document["languages"][0]
    words, weights = _vocabulary(language)
    text = " ".join(chance.choices(words, cum_weights=weights, k=22))
    kept = {name: one for name, one in document.items() if name not in ("keywords", "identifiers")}
    return {
        **kept,
        "titles": [{"text": text[:70], "language": language, "kind": "main"}],
        "abstracts": [{"text": text[70:], "language": language}],
    }


@cache
def _vocabulary(language: str) -> tuple[list[str], list[float]]:
    """Made-up words of a language, and their cumulative weights by Zipf's law."""
    chance = random.Random(language)
    syllables = [chance.choice(CONSONANTS[language]) + one for one in VOWELS[language] * 8]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    return words, list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))


def _small(archive: Archive, count: int) -> None:
    """Many records with next to nothing in them."""
    body = b"<metadata><x/></metadata>"
    with archive.writing() as session:
        for start in range(1, count + 1, BATCH):
            second = FIRST + start // BATCH
            numbers = range(start, min(start + BATCH, count + 1))
            items = [
                {"id": one, "work_id": one, "datestamp": second, "deleted": False}
                for one in numbers
            ]
            header = envelope.header(identifiers.make(HOST, 0), second, [])
            records = [
                {"item_id": one, "prefix": PREFIX, "header": header, "metadata_": body}
                for one in numbers
            ]
            session.execute(insert(FeedItem), items)
            session.execute(insert(FeedRecord), records)
        horizon.locked(session).last = second
    while blocks.pack(archive):
        pass


KINDS = {"described": _described, "small": _small}


def publish(archive: Archive, count: int, *, above: int = 0) -> list[int]:
    """The numbers of new public works, written as the catalogue leaves them, without a store.

    They are larger than `above`.
    """
    found = []
    for start in range(0, count, 1000):
        with archive.writing() as session:
            fresh = [
                Work(
                    id=above + number,
                    document=works.document(number),
                    state=State.PUBLISHED,
                    version=1,
                )
                for number in range(start + 1, min(start + 1000, count) + 1)
            ]
            for work in fresh:
                work.published = now()
            session.add_all(fresh)
            session.flush()
            for work in fresh:
                changes.record(session, work.id, ["oai"])
            found += [work.id for work in fresh]
    return found


def edit(archive: Archive, number: int, title: str) -> None:
    """Gives a work another title, as the catalogue does."""
    with archive.writing() as session:
        work = session.get_one(Work, number)
        titles = [{**work.document["titles"][0], "text": title}]
        work.document = {**work.document, "titles": titles}
        changes.record(session, number, ["oai"])


def copied(instance: Path, to: Path) -> Path:
    """A copy of an instance, which may be changed."""
    return Path(shutil.copytree(instance, to))

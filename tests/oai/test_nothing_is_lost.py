"""Writers, a stamper that is killed, clocks that jump, harvesters of all kinds: nothing is lost.

ARCHIVE_SOAK_SECONDS makes it last longer (`make soak`: ten minutes) or shorter than in CI.
"""

import os
import random
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from lxml import etree
from sqlalchemy import select

from oai import blocks, envelope, feed, generations, horizon, identifiers, rendering, verbs
from oai.formats import oai_dc
from oai.pages import Pages
from repository import changes, collections, records
from repository.clock import now
from repository.errors import Busy
from repository.models.works import File, Work
from schemas.vocabulary import Access, State

SECONDS = float(os.environ.get("ARCHIVE_SOAK_SECONDS", "60"))
NAMES = {"o": "http://www.openarchives.org/OAI/2.0/"}
WRITERS = 8
WORKS = 40
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
STALL = 4.0  # seconds at most between work and commit
BLOCK = 4  # records in a block, where pages have ten
SHELVES = ("letters", "maps", "songs")

# A process of its own, so that it can be killed; its clock jumps an hour back, a day forward.
STAMPER = textwrap.dedent(
    """
    import os, random, time
    from dataclasses import fields
    from oai import blocks, feed
    from repository import database
    from repository.archive import Archive
    from repository.settings import load

    blocks.SIZE = int(os.environ["BLOCK"])
    settings = load(dict(os.environ))
    closed = {field.name: None for field in fields(Archive)}
    engine = database.connect(settings.database_url)
    archive = Archive(**{**closed, "settings": settings, "engine": engine})
    jumps = random.Random(int(os.environ["SEED"]))

    def clock():
        return time.time() + jumps.choice([0, 0, 0, 0, -3600, -5, 5, 86400])

    while True:
        try:
            feed.stamp(archive, clock)
            blocks.pack(archive)
        except database.Busy:
            pass
        time.sleep(0.1)
    """
)


class Harvester(threading.Thread):
    """Keeps a copy by harvesting what is new, again and again. `mark` says from where."""

    def __init__(self, archive, mark, spec=None):
        super().__init__()
        self.archive, self.mark, self.spec = archive, mark, spec
        self.pages = Pages()
        self.copy, self.stamps, self.since = {}, {}, None
        self.problems, self.rounds, self.done = [], 0, threading.Event()

    def run(self):
        while not self.done.is_set():
            self.harvest()
            self.done.wait(0.3)

    def harvest(self):
        begun = envelope.stamp(int(time.time()))
        asked = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]
        asked += [("from", self.since)] if self.since else []
        asked += [("set", self.spec)] if self.spec else []
        first, seen = None, Counter()
        while asked:
            now = horizon.recent(self.archive.engine)
            answer = verbs.answer(self.archive, asked, pages=self.pages, now=now)
            root = etree.fromstring(answer.body)
            first = first or root.findtext("o:responseDate", "", NAMES)
            for record in root.iterfind(".//o:record", NAMES):
                seen[self.keep(record)] += 1
            token = root.findtext(".//o:resumptionToken", None, NAMES)
            asked = [("verb", "ListRecords"), ("resumptionToken", token)] if token else None
        if any(count > 1 for count in seen.values()):
            self.problems.append("duplicates")
        self.rounds += 1
        self.since = self.mark(self, first, begun)

    def keep(self, record):
        header = record.find("o:header", NAMES)
        identifier = header.findtext("o:identifier", "", NAMES)
        stamp = header.findtext("o:datestamp", "", NAMES)
        if stamp < self.stamps.get(identifier, ""):
            self.problems.append(f"{identifier} went back")
        self.stamps[identifier] = stamp
        number = int(identifier.rpartition(":")[2])
        if header.get("status") == "deleted":
            self.copy[number] = None
        else:
            specs = {one.text for one in header.iterfind("o:setSpec", NAMES)}
            self.copy[number] = Seen(specs, record.find("o:metadata", NAMES)[0])
        return identifier


class Seen:
    """What a record says, to be compared: the collections that it is in, and its metadata."""

    def __init__(self, specs, metadata):
        self.shelves = frozenset(specs) & set(SHELVES)
        self.metadata = etree.tostring(metadata, method="c14n", exclusive=True, with_tail=False)

    def __eq__(self, other):
        return vars(self) == vars(other) if isinstance(other, Seen) else False

    __hash__ = None


def told(harvester, told, begun):
    return told


MARKS = {
    "responseDate": (told, None),
    "own clock": (lambda harvester, told, begun: begun, None),
    "largest datestamp": (
        lambda harvester, told, begun: max(harvester.stamps.values(), default=None),
        None,
    ),
    "one set": (told, "letters"),
}


class Writer(threading.Thread):
    """Changes works of its own, and sometimes takes its time between work and commit."""

    def __init__(self, archive, works, until, seed, before_commit=lambda session, work: None):
        super().__init__()
        self.archive, self.works, self.until = archive, list(works), until
        self.random = random.Random(seed)
        self.before_commit = before_commit
        self.commits = Counter()

    def run(self):
        deeds = (revise, revise, revise, withdraw, restore, move, close, lift, remove_files)
        while time.time() < self.until:
            deed = self.random.choice(deeds) if self.random.random() < 0.95 else publish
            # Where another stalls too long a person is asked to try again; nothing was written.
            with suppress(Busy):
                self.commit(deed)
            time.sleep(self.random.uniform(0, 0.02))

    def commit(self, deed):
        with self.archive.writing() as session:
            work = deed(session, self)
            changes.record(session, work.id)
            session.flush()
            self.before_commit(session, work)
            if self.random.random() < 1 / 200:
                time.sleep(self.random.uniform(0, STALL))
            number = work.id
        if deed is publish:
            self.works.append(number)
        self.commits[deed.__name__] += 1

    def pick(self, session):
        return session.get_one(Work, self.random.choice(self.works))


def publish(session, writer):
    work = Work(document=_document(writer), state=State.PUBLISHED, version=1, published=now())
    work.collections = [collections.find(session, writer.random.choice(SHELVES))]
    work.files.append(_file("жаңы.pdf"))
    session.add(work)
    session.flush()
    return work


def revise(session, writer):
    work = writer.pick(session)
    work.document = _document(writer)
    return work


def withdraw(session, writer):
    work = writer.pick(session)
    work.state = State.WITHDRAWN
    return work


def restore(session, writer):
    work = writer.pick(session)
    work.state = State.PUBLISHED
    return work


def move(session, writer):
    work = writer.pick(session)
    chosen = writer.random.sample(SHELVES, writer.random.randint(0, 2))
    work.collections = [collections.find(session, slug) for slug in chosen]
    return work


def close(session, writer):
    work = writer.pick(session)
    if not work.current_files:
        work.files.append(_file(f"{writer.random.random()}.pdf"))
    for file in work.current_files:
        file.embargo_until = now().date() + timedelta(days=30)
    return work


def lift(session, writer):
    work = writer.pick(session)
    for file in work.current_files:
        file.embargo_until = None
    return work


def remove_files(session, writer):
    work = writer.pick(session)
    for file in work.current_files:
        file.removed = 2
    return work


def _document(writer):
    return {
        "type": "http://purl.org/coar/resource_type/c_6501",
        "titles": [{"text": f"Эмгек {writer.random.random()}", "language": "ky", "kind": "main"}],
        "issued": "2024",
    }


def _file(name):
    return File(
        name=name,
        size=9,
        sha512="0" * 128,
        media_type="application/pdf",
        access=Access.OPEN,
        added=1,
        position=1,
    )


@pytest.fixture
def archive(any_archive, monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", BLOCK)
    return any_archive


@pytest.fixture
def chosen(chosen):
    return chosen.__class__(**{**vars(chosen), "oai_page": 10})


class Stamper:
    """The process that stamps; `kill` ends it without a word and starts another."""

    def __init__(self, settings):
        self.environment = {
            **os.environ,
            "ARCHIVE_INSTANCE": str(settings.instance),
            "ARCHIVE_BASE_URL": settings.base_url,
            "ARCHIVE_SECRET_KEY": settings.secret_key,
            "ARCHIVE_DATABASE_URL": settings.database_url,
            "BLOCK": str(BLOCK),
        }
        self.kills = 0
        self.start()

    def start(self):
        environment = {**self.environment, "SEED": str(self.kills)}
        self.process = subprocess.Popen([sys.executable, "-c", STAMPER], env=environment)

    def kill(self):
        self.stop()
        self.kills += 1
        self.start()

    def stop(self):
        assert self.process.poll() is None, "the stamper gave up"
        self.process.kill()
        self.process.wait()


@pytest.fixture
def works(archive, catalogue):
    """Works in three collections, known to harvesters."""
    for slug in SHELVES:
        catalogue.collection(slug)
    numbers = [
        catalogue.publish(f"Эмгек {one}", sets=(SHELVES[one % 3],), pdf=True)
        for one in range(WORKS)
    ]
    feed.settle(archive)
    return numbers


@pytest.fixture
def soak(archive, works):
    """Lets writers and harvesters loose for a while, and says what became of it."""

    def run(seconds, before_commit=lambda session, work: None, stamper=None):
        until = time.time() + seconds
        writers = [
            Writer(archive, works[each::WRITERS], until, each, before_commit)
            for each in range(WRITERS)
        ]
        harvesters = {name: Harvester(archive, *how) for name, how in MARKS.items()}
        for thread in (*writers, *harvesters.values()):
            thread.start()
        while time.time() < until:
            time.sleep(random.uniform(2, 4))
            if stamper:
                stamper.kill()
        for writer in writers:
            writer.join()
        if stamper:
            stamper.stop()
            feed.settle(archive)
        for harvester in harvesters.values():
            harvester.done.set()
            harvester.join()
            harvester.harvest()
        return SimpleNamespace(
            lost={name: _lost(archive, one) for name, one in harvesters.items()},
            problems=[problem for one in harvesters.values() for problem in one.problems],
            commits=sum((writer.commits for writer in writers), Counter()),
            harvests=sum(one.rounds for one in harvesters.values()),
        )

    return run


def _lost(archive, harvester):
    """The works whose last state a harvester does not have."""
    with archive.reading() as session:
        numbers = session.scalars(select(Work.id)).all()
        truth = records.load(session, numbers, base_url=archive.settings.base_url)
    lost = []
    for record in truth:
        gone = record.deleted or (harvester.spec and harvester.spec not in record.collections)
        after = None if gone else Seen(set(record.collections), oai_dc.render(record))
        if harvester.copy.get(record.number) != after:
            lost.append(record.number)
    return lost


def test_nothing_is_lost_whatever_stalls_is_killed_or_jumps(archive, soak, capsys):
    stamper = Stamper(archive.settings)
    found = soak(SECONDS, stamper=stamper)
    with capsys.disabled():
        total, kinds = found.commits.total(), dict(found.commits)
        print(
            f"\n{archive.engine.dialect.name}: {total} commits {kinds}, {found.harvests} harvests, "
            f"{stamper.kills} kills, lost {found.lost}"
        )
    assert not any(found.lost.values()), found.lost
    assert found.problems == []
    assert found.commits.total() > SECONDS
    assert len(found.commits) == 8
    assert stamper.kills >= 2


def test_the_proof_sees_what_is_lost_when_datestamps_are_given_in_the_writing_transaction(
    archive, soak
):
    host = archive.settings.oai_host

    def stamp_at_once(session, work):
        (record,) = records.load(session, [work.id], base_url=archive.settings.base_url)
        before = generations.newest(session, [work.id]).get(work.id)
        identifier = identifiers.make(host, work.id)
        if record.deleted:
            after = generations.tombstone(work.id, record, before, identifier, {"oai_dc": 1})
        else:
            bodies = rendering.render(record, {"oai_dc": oai_dc}, licence=LICENCE).bodies
            after = generations.live(record, bodies, before, identifier)
        row = horizon.locked(session)
        moment = int(time.time())
        row.last = max(row.last, moment)
        generations.write(session, [(after, before)], moment)
        time.sleep(random.choice([0] * 15 + [1.5]))

    found = soak(10, before_commit=stamp_at_once)
    assert any(found.lost.values())

"""Writers, a stamper that is killed, clocks that jump, three kinds of harvesters: nothing is lost.

ARCHIVE_SOAK_SECONDS makes it last longer than the ten seconds of every day.
"""

import os
import random
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter

import pytest
from lxml import etree

from oai import envelope, feed, verbs
from repository import changes
from repository.models.works import Work
from schemas.vocabulary import State

SECONDS = float(os.environ.get("ARCHIVE_SOAK_SECONDS", "10"))
NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
WRITERS = 4
WORKS = 40

# A process of its own, so that it can be killed; its clock jumps an hour back, a day forward.
STAMPER = textwrap.dedent(
    """
    import os, random, time
    from dataclasses import fields
    from oai import feed
    from repository import database
    from repository.archive import Archive
    from repository.settings import load

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
        except database.Busy:
            pass
        time.sleep(0.1)
    """
)


class Harvester(threading.Thread):
    """Keeps a copy by harvesting what is new, again and again. `mark` says from where."""

    def __init__(self, archive, mark):
        super().__init__()
        self.archive, self.mark = archive, mark
        self.copy, self.stamps, self.since = {}, {}, None
        self.problems, self.pages, self.done = [], 0, threading.Event()

    def run(self):
        while not self.done.is_set():
            self.harvest()
            self.done.wait(0.3)

    def harvest(self):
        begun = envelope.stamp(int(time.time()))
        asked = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]
        asked += [("from", self.since)] if self.since else []
        first, seen = None, Counter()
        while asked:
            root = etree.fromstring(verbs.answer(self.archive, asked).body)
            first = first or root.findtext("o:responseDate", "", NAMES)
            self.pages += 1
            for record in root.iterfind(".//o:record", NAMES):
                seen[self.keep(record)] += 1
            token = root.findtext(".//o:resumptionToken", None, NAMES)
            asked = [("verb", "ListRecords"), ("resumptionToken", token)] if token else None
        if any(count > 1 for count in seen.values()):
            self.problems.append("duplicates")
        self.since = self.mark(self, first, begun)

    def keep(self, record):
        identifier = record.findtext("o:header/o:identifier", "", NAMES)
        stamp = record.findtext("o:header/o:datestamp", "", NAMES)
        if stamp < self.stamps.get(identifier, ""):
            self.problems.append(f"{identifier} went back")
        self.stamps[identifier] = stamp
        deleted = record.find("o:header", NAMES).get("status") == "deleted"
        title = None if deleted else record.findtext(".//dc:title", "", NAMES)
        self.copy[int(identifier.rpartition(":")[2])] = title
        return identifier


MARKS = {
    "responseDate": lambda harvester, told, begun: told,
    "own clock": lambda harvester, told, begun: begun,
    "largest datestamp": lambda harvester, told, begun: max(
        harvester.stamps.values(), default=None
    ),
}


class Writer(threading.Thread):
    """Changes works of its own, and sometimes takes its time between work and commit."""

    def __init__(self, archive, works, until, seed):
        super().__init__()
        self.archive, self.works, self.until = archive, works, until
        self.random = random.Random(seed)
        self.commits = 0

    def run(self):
        while time.time() < self.until:
            with self.archive.writing() as session:
                work = session.get_one(Work, self.random.choice(self.works))
                title = f"{work.id} {self.random.random()}"
                titles = [{"text": title, "language": "ky", "kind": "main"}]
                work.document = {**work.document, "titles": titles}
                work.state = self.random.choice([State.PUBLISHED] * 4 + [State.WITHDRAWN])
                changes.record(session, work.id)
                session.flush()
                time.sleep(self.random.choice([0] * 40 + [1.5]))
            self.commits += 1
            time.sleep(self.random.uniform(0, 0.1))


@pytest.fixture
def archive(any_archive):
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


def test_nothing_is_lost_whatever_stalls_is_killed_or_jumps(archive, catalogue):
    numbers = catalogue.many(WORKS)
    feed.settle(archive)
    until = time.time() + SECONDS
    writers = [Writer(archive, numbers[each::WRITERS], until, seed=each) for each in range(WRITERS)]
    harvesters = {name: Harvester(archive, mark) for name, mark in MARKS.items()}
    stamper = Stamper(archive.settings)
    for thread in (*writers, *harvesters.values()):
        thread.start()
    while time.time() < until:
        time.sleep(random.uniform(2, 4))
        stamper.kill()
    for writer in writers:
        writer.join()
    stamper.stop()
    feed.settle(archive)
    for harvester in harvesters.values():
        harvester.done.set()
        harvester.join()
        harvester.harvest()
    with archive.reading() as session:
        truth = {number: _public(session.get_one(Work, number)) for number in numbers}
    lost = {
        name: [number for number in numbers if harvester.copy.get(number) != truth[number]]
        for name, harvester in harvesters.items()
    }
    assert not any(lost.values()), lost
    assert [one.problems for one in harvesters.values()] == [[], [], []]
    assert sum(writer.commits for writer in writers) > SECONDS
    assert stamper.kills >= 2


def _public(work):
    return work.document["titles"][0]["text"] if work.state == State.PUBLISHED else None

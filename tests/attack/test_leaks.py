"""The leak matrix: what each reader may learn of each kind of work, by every outlet there is.

Every work is seeded with canaries: words that stand nowhere else, one in its title, one in the name
of its file, one in the file's text, one in the note of staff. EXPECTED says by hand who may find
which. Then everybody asks every address that the URL map knows, every verb and format for
harvesters, every search; and no canary may turn up that the table does not allow.
"""

import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

import wsgi
from ingest import arrivals, derive
from oai import feed
from repository import (
    accounts,
    api_tokens,
    appointments,
    catalogue,
    collections,
    embargoes,
    hiding,
    letters,
    publishing,
    sessions,
    settings,
)
from repository import archive as opening
from repository.clock import now
from repository.models.accounts import Account, Letter
from repository.models.confirmations import Confirmation, Purpose, Reply
from repository.models.works import Work
from repository.rights import Rights
from repository.versions import parts_of
from repository.viewers import SYSTEM
from repository.web import metadata_forms, signposting
from schemas.programs import Scope
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, Scan

TOMORROW, YESTERDAY = now().date() + timedelta(days=400), date(2020, 1, 1)
CAMPUS = "10.9.8.7"
BAIT = "наживка"  # a word that each title and each text has, so that searches find all of them

# --- who asks -------------------------------------------------------------------------------------
STAFF = ("cataloguer", "administrator")
ACTORS = (
    "anonymous",
    "campus",
    "reader",
    "owner",
    "co-author",
    "other depositor",
    "reviewer of another collection",
    *STAFF,
    "director",
    "acquisitions",
    "program of a reader",
    "program of the owner",
    "program that may only deposit",
)
OWNERS = ("owner", "program of the owner")
EVERYBODY = frozenset(ACTORS)
KEEPERS = frozenset((*STAFF, *OWNERS, "co-author"))
SIGNED_IN = EVERYBODY - {"anonymous", "campus"}

AGREEMENT = {
    "version": "1",
    "language": "en",
    "text": "-",
    "moment": "2026-05-12T06:00:00+00:00",
}

# --- what there is --------------------------------------------------------------------------------
RIGHTS = {
    "open": Rights(),
    "embargoed": Rights(embargo_until=TOMORROW),
    "registered": Rights(Access.REGISTERED),
    "campus": Rights(Access.CAMPUS),
    "staff": Rights(Access.STAFF),
    "closed": Rights(Access.CLOSED),
    "leased": Rights(lease_until=TOMORROW),
    "lease over": Rights(lease_until=YESTERDAY),
    "view-only": Rights(copying=Copying.VIEW_ONLY),
    "view-only campus": Rights(Access.CAMPUS, Copying.VIEW_ONLY),
}
HIDDEN = ("draft", "in review", "returned", "hidden until a day")
STATES = (*HIDDEN, *RIGHTS, "withdrawn", "infected", "replaced", "metadata only")


@dataclass(frozen=True)
class May:
    """Who may find each canary: of the title, of the file's name, of its text, of the note."""

    title: frozenset = EVERYBODY
    name: frozenset = EVERYBODY
    text: frozenset = KEEPERS
    note: frozenset = frozenset(STAFF)
    read: frozenset = field(default=KEEPERS)  # pictures of pages, which hold no letters


ON_CAMPUS = KEEPERS | {"campus"}
EXPECTED = {
    **dict.fromkeys(HIDDEN, May(title=KEEPERS, name=KEEPERS)),
    "open": May(text=EVERYBODY, read=EVERYBODY),
    "leased": May(text=EVERYBODY, read=EVERYBODY),
    "embargoed": May(),
    "registered": May(text=KEEPERS | SIGNED_IN, read=KEEPERS | SIGNED_IN),
    "campus": May(text=ON_CAMPUS, read=ON_CAMPUS),
    "staff": May(),
    "closed": May(),
    "lease over": May(),
    # Lines among search results are reading; the text as a whole is for keepers.
    "view-only": May(text=EVERYBODY, read=EVERYBODY),
    "view-only campus": May(read=ON_CAMPUS),
    # A tombstone says what the work was called.
    "withdrawn": May(name=KEEPERS),
    "infected": May(text=frozenset(STAFF), read=frozenset()),
    # The canaries are those of the first version; the second has another title and file.
    "replaced": May(),
    "metadata only": May(),
}
# Where alone a text comes out, for those named: lines among search results; letters on a page of
# the staff's, where a virus does nothing.
ONLY_AT = {
    "view-only": (EVERYBODY - KEEPERS, {"search.results"}),
    "infected": (EVERYBODY, {"texts.show"}),
}
# Mirrors are told which addresses that everybody had are to be dropped: nothing else names them.
DROPPED = ("name", "withdrawn", frozenset({"resourcesync.change_list", "resourcesync.change_part"}))


class Seeded:
    """A work and its canaries."""

    def __init__(self, state):
        self.state = state
        mark = hashlib.sha256(state.encode()).hexdigest()[:8]
        self.canaries = {kind: f"q{kind}{mark}" for kind in ("title", "name", "text", "note")}
        self.number = self.file = self.version = None
        self.file_name = f"{self.canaries['name']}.txt"

    def document(self, word=None):
        title = f"{BAIT.capitalize()} {word or self.canaries['title']}"
        return {
            "type": "http://purl.org/coar/resource_type/c_6501",
            "titles": [{"text": title, "language": "ru", "kind": "main"}],
            "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
            "abstracts": [{"text": f"{title}.", "language": "ru"}],
            "issued": "2024",
            "languages": ["ru"],
            "keywords": [{"text": "мөңгү", "language": "ky"}],
            "classification": [{"scheme": "udc", "code": "55"}],
            "host": {"kind": "journal", "title": "Жарчы", "issn": ["1694-7711"], "issue": "2"},
            "licence": "in-copyright",
        }


class House:
    """An archive with a work in each state, and everybody who asks."""

    def __init__(self, folder):
        self.settings = settings.load(
            {},
            instance=str(folder),
            secret_key="k" * 40,
            base_url="http://localhost",
            campus_networks="10.0.0.0/8",
            log_level="info",
            unscanned="allow",
        )
        self.app = wsgi.create_app(self.settings)
        self.archive = self.app.extensions["archive"]
        self.people = {
            name: self._person(name, role)
            for name, role in {
                "reader": Role.READER,
                "owner": Role.DEPOSITOR,
                "co-author": Role.DEPOSITOR,
                "other depositor": Role.DEPOSITOR,
                "reviewer of another collection": Role.DEPOSITOR,
                "cataloguer": Role.CATALOGUER,
                "administrator": Role.ADMINISTRATOR,
                "director": Role.DIRECTOR,
                "acquisitions": Role.ACQUISITIONS,
            }.items()
        }
        with self.archive.writing() as session:
            reviewer = session.get_one(Account, self.people["reviewer of another collection"].id)
            other = collections.add(session, "other", names={"en": "Other"})
            appointments.appoint(session, reviewer, other, actor=SYSTEM)
        self.asking = {name: self._asks(name) for name in ACTORS}
        self.works = {state: self._seed(Seeded(state)) for state in STATES}
        self.settle()

    def _person(self, name, role):
        with self.archive.writing() as session:
            return accounts.create(
                session,
                email=f"{name.replace(' ', '.')}@example.org",
                name=name.title(),
                password="a long enough password",
                roles=[role],
                language="en",
                confirmed=True,
            )

    def _asks(self, name):
        """How somebody sends a request: a client, and what each request bears."""
        client, bears = self.app.test_client(), {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
        if name == "campus":
            bears["environ_base"] = {"REMOTE_ADDR": CAMPUS}
        if name in self.people:
            with self.archive.writing() as session:
                account = session.get_one(Account, self.people[name].id)
                client.set_cookie("session-id", sessions.start(session, account))
        if name.startswith("program"):
            who = "owner" if name.endswith("owner") else "reader"
            scope = Scope.DEPOSIT if name.endswith("deposit") else Scope.READ
            with self.archive.writing() as session:
                token = api_tokens.make(
                    session,
                    actor=self.people[who],
                    name=name,
                    scopes=[scope],
                    lasts=timedelta(days=1),
                )
            bears["headers"] = {"Authorization": f"Bearer {token}"}
        return client, bears

    def _seed(self, seed):
        state, archive = seed.state, self.archive
        owner = self.people["owner"]
        with archive.writing() as session:
            work = catalogue.draft(session, seed.document(), actor=owner)
            work.rights_note = seed.canaries["note"]
            seed.number = work.id
            if state != "metadata only":
                given = RIGHTS.get(state, Rights())
                seed.file = self._attach(session, work, seed.file_name, seed, given).id
            if state not in ("draft", *RIGHTS):
                catalogue.submit(session, work, actor=owner, agreement=AGREEMENT)
            if state == "returned":
                catalogue.send_back(session, work, actor=SYSTEM, comment="Please look again.")
                letters.to_depositor(session, work, "returned", settings=self.settings)
            if state == "hidden until a day":
                work.hidden_until = TOMORROW
                hiding.hold(session, work, actor=SYSTEM, settings=self.settings, comment="")
            self._sign(session, work)
        if state in HIDDEN:
            return seed
        step = publishing.publish if state in RIGHTS else publishing.accept
        seed.version = step(archive, seed.number, actor=SYSTEM)
        if state == "withdrawn":
            publishing.withdraw(archive, seed.number, actor=SYSTEM, kind="other", reason="-")
        if state == "infected":
            with archive.writing() as session:
                session.get_one(Work, seed.number).current_files[0].scan = Scan.INFECTED
        if state == "replaced":
            self._replace(seed)
        return seed

    def _sign(self, session, work):
        """The co-author has said by letter to be one."""
        session.add(
            Confirmation(
                work_id=work.id,
                purpose=Purpose.AUTHORSHIP,
                name="Co-Author",
                email="co-author@example.org",
                language="en",
                token=str(work.id),
                reply=Reply.CONFIRMED,
                expires=now(),
            )
        )

    def _attach(self, session, work, name, seed, given):
        data = f"{BAIT} {seed.canaries['text']} туман\n".encode() * 3
        staged = f"staged{work.id}"
        (self.settings.staging / staged).write_bytes(data)
        return catalogue.attach(
            session,
            work,
            name=name,
            size=len(data),
            sha512=hashlib.sha512(data).hexdigest(),
            media_type="text/plain",
            staged=staged,
            **vars(given),
        )

    def _replace(self, seed):
        """A second version, whose file is closed: what the first one had is closed with it."""
        with self.archive.reading() as session:
            parts = parts_of(session.get_one(Work, seed.number))
        closed = [vars(one) | {"access": Access.CLOSED} for one in parts]
        publishing.revise(
            self.archive,
            seed.number,
            actor=SYSTEM,
            reason="another title",
            document=seed.document("second"),
            parts=[type(parts[0])(**one) for one in closed],
        )

    def settle(self):
        followers = (arrivals.follow, feed.settle, derive.follow)
        while sum(follow(self.archive) for follow in followers):
            pass

    def close(self):
        opening.close(self.archive)


@pytest.fixture(scope="module")
def house(tmp_path_factory, template):
    folder = tmp_path_factory.mktemp("house") / "instance"
    folder.mkdir()
    shutil.copy(template, folder / "archive.sqlite")
    made = House(folder)
    yield made
    made.close()


# --- every address --------------------------------------------------------------------------------
GIVEN = {  # what stands for the arguments of the URL map
    "number": lambda seed: [seed.number],
    "name": lambda seed: [seed.file_name],
    "file": lambda seed: [seed.file or 0],
    "page": lambda seed: [1],
    "width": lambda seed: [96, 480],
    "ending": lambda seed: [*metadata_forms.described(), *signposting.LINKSETS, "csv", "xlsx"],
    "version": lambda seed: [1],
    "step": lambda seed: ["about", "files", "rights", "check"],
    "axis": lambda seed: ["author", "year", "type", "subject", "title", "language"],
    "slug": lambda seed: ["nowhere"],
    "key": lambda seed: ["base"],
    "filename": lambda seed: ["archive.css"],
    "token": lambda seed: ["nothing"],
}
ELSEWHERE = {
    "people.show": ["Асанова, Айгүл"],
    "browse.node": ["udc", "55"],
    "periodicals.show": ["1694-7711"],
    "periodicals.issue": ["1694-7711", "2024-0-2"],
}


def readable(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and rule.endpoint != "static"


def addresses(app, seed) -> Iterator[tuple[str, str]]:
    """Endpoint and path of whatever can be asked about a work."""
    for rule in app.url_map.iter_rules():
        if readable(rule) and rule.arguments & {"number", "file"}:
            yield from filled(rule, seed)


def filled(rule: Rule, seed) -> Iterator[tuple[str, str]]:
    names = sorted(rule.arguments)
    choices = [
        ELSEWHERE.get(rule.endpoint) or GIVEN.get(name, lambda _seed: [1])(seed) for name in names
    ]
    for values in itertools.product(*choices):
        path = rule.rule
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"<(?:\w+(?:\([^)]*\))?:)?{name}>", str(value), path)
        yield rule.endpoint, quote(path)


def places(app, seed) -> Iterator[tuple[str, str]]:
    """Endpoint and path of whatever is about no work in particular."""
    for rule in app.url_map.iter_rules():
        if readable(rule) and not rule.arguments & {"number", "file"}:
            yield from filled(rule, seed)
    yield "search.results", f"/search?q={quote(BAIT)}"
    yield "search.results", f"/search?q={quote(BAIT)}&page=2"
    yield "search.results", f"/search?q={quote('туман')}"
    yield "api.found", f"/api/search?q={quote(BAIT)}"
    yield "pages.home", "/?lang=ru"
    for value in ("language?value=ru", f"subject?value={quote('мөңгү')}", "year?value=2024"):
        yield "browse.by", f"/browse/{value}"
    for verb in ("Identify", "ListSets", "ListMetadataFormats"):
        yield "oai.endpoint", f"/oai?verb={verb}"
    for prefix in ("oai_dc", "mets", "didl", "oai_datacite", "marcxml", "rdf", "mods", "qdc"):
        for verb in ("ListRecords", "ListIdentifiers"):
            yield "oai.endpoint", f"/oai?verb={verb}&metadataPrefix={prefix}"


WAYS = ({}, {"Range": "bytes=0-200"})
BYTES = ("works.file", "versions.file", "api.content", "sword3_parts.content")


def leaks(house, actor, endpoint, path, works, expected):
    """What somebody finds at an address that is not for them."""
    client, bears = house.asking[actor]
    found = []
    for way in WAYS if endpoint in BYTES else WAYS[:1]:
        headers = {**bears.get("headers", {}), **way}
        answer = client.get(path, headers=headers, environ_base=bears["environ_base"])
        assert answer.status_code < 500 or answer.status_code == 503, (actor, path)
        head = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers)
        said = unescape(unquote(answer.get_data().decode("utf-8", "replace"))) + head
        asked = unquote(path)
        for seed in works:
            may = expected[seed.state]
            for kind, canary in seed.canaries.items():
                if canary in said and not (canary in asked and kind == "name"):
                    allowed = actor in getattr(may, kind)
                    bound, outlets = ONLY_AT.get(seed.state, ((), ()))
                    if kind == "text" and actor in bound:
                        allowed = allowed and endpoint in outlets
                    told = (kind, seed.state) == DROPPED[:2] and endpoint in DROPPED[2]
                    if not allowed and not told:
                        found.append(f"{actor}: {kind} of “{seed.state}” at {path}")
        if endpoint in ("pictures.page", "pictures.cover") and answer.status_code == 200:
            seed = next(one for one in works if f"/{one.number}/" in path)
            if actor not in expected[seed.state].read:
                found.append(f"{actor}: picture of “{seed.state}” at {path}")
        answer.close()
    return found


def walk(house, actor, expected):
    """All cells of a reader: how many there were, and the leaks."""
    found, seeds = [], list(house.works.values())
    asked = [*places(house.app, seeds[0])]
    for seed in seeds:
        asked += addresses(house.app, seed)
    if actor.startswith("program"):  # elsewhere a token counts for nothing: an anonymous reader
        asked = [one for one in asked if one[1].startswith("/api")]
    for endpoint, path in asked:
        found += leaks(house, actor, endpoint, path, seeds, expected)
    return len(asked), found


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_learns_what_is_not_for_them(house, actor, capfd):
    cells, found = walk(house, actor, EXPECTED)
    assert found == []
    assert cells > (30 if actor.startswith("program") else 400)
    logged = "".join(capfd.readouterr())
    for seed in house.works.values():
        assert seed.canaries["text"] not in logged
        assert seed.canaries["note"] not in logged


def test_letters_tell_of_a_work_to_its_owner_and_to_staff_alone(house):
    with house.archive.reading() as session:
        letters = session.execute(select(Letter.recipient, Letter.context)).all()
    assert letters
    for recipient, context in letters:
        said = json.dumps(context, ensure_ascii=False)
        for seed in house.works.values():
            assert seed.canaries["text"] not in said
            assert seed.canaries["title"] not in said or recipient.startswith(("owner", "cata"))


def test_the_table_is_not_too_strict_either(house):
    """Who may have a text gets it somewhere; else the matrix would prove nothing."""
    for state, may in EXPECTED.items():
        seed = house.works[state]
        if state in ("infected", "withdrawn", "replaced", "metadata only"):
            continue
        for actor in may.text:
            if actor == "program that may only deposit":
                continue
            if state in ONLY_AT and actor in ONLY_AT[state][0]:
                continue
            client, bears = house.asking[actor]
            path = f"/works/{seed.number}/{seed.file_name}"
            if actor.startswith("program"):
                path = f"/api/works/{seed.number}/files/{seed.file}/content"
            with client.get(path, **bears) as answer:
                assert seed.canaries["text"] in answer.get_data(as_text=True), (state, actor)


def test_after_each_change_of_rights_with_warm_caches_nobody_learns_more(house):
    """Works that were open are closed, withdrawn or put off; what stood ready is gone at once."""
    changed = dict(EXPECTED)
    opened = house.works["open"]
    with house.archive.reading() as session:
        parts = parts_of(session.get_one(Work, opened.number))
    for rights, may in (
        (Rights(Access.REGISTERED), EXPECTED["registered"]),
        (Rights(copying=Copying.VIEW_ONLY), EXPECTED["view-only"]),
        (Rights(embargo_until=TOMORROW), EXPECTED["embargoed"]),
        (Rights(Access.CLOSED), EXPECTED["closed"]),
    ):
        publishing.grant(
            house.archive,
            opened.number,
            actor=SYSTEM,
            reason="test",
            parts=[type(one)(**{**vars(one), **vars(rights)}) for one in parts],
        )
        changed["open"] = may
        for _settled in (False, True):  # before the worker has heard of it, and after
            found = []
            for actor in ACTORS:
                for endpoint, path in addresses(house.app, opened):
                    if not actor.startswith("program") or path.startswith("/api"):
                        found += leaks(house, actor, endpoint, path, [opened], changed)
                for path in (f"/search?q={quote(BAIT)}", f"/api/search?q={quote(BAIT)}"):
                    if _settled:
                        endpoint = "search.results"
                        found += leaks(house, actor, endpoint, path, [opened], changed)
            assert found == []
            house.settle()
    embargoes.lift(house.archive)


@pytest.mark.skipif(
    not os.environ.get("ARCHIVE_TEST_LEAKS"), reason="ARCHIVE_TEST_LEAKS is not set"
)
@pytest.mark.parametrize("actor", ACTORS)
def test_once_more_with_everything_warm(house, actor):
    changed = dict(EXPECTED, open=EXPECTED["closed"])
    cells, found = walk(house, actor, changed)
    assert found == []
    print(f"{actor}: {cells} cells, {len(found)} leaks")

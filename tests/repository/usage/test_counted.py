"""Real requests: what of them counts as use, and what does not."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from readers import CHROME, Desk
from sqlalchemy import func, select

from repository import database, publishing
from repository.clock import now
from repository.models.usage import UsageDay, UsageEvent, UsageSalt
from repository.usage import crawlers, daily, figures, recording
from repository.viewers import SYSTEM
from schemas.roles import Role


def test_a_look_at_the_page_and_a_file_read(desk):
    assert desk.ask().status_code == 200
    assert desk.counted == (1, 1, 0, 0)
    assert desk.ask("/a.pdf").status_code == 200
    assert desk.counted == (2, 1, 1, 1)


def test_a_double_click_is_one_and_a_second_look_after_a_while_two(desk):
    desk.ask(), desk.ask()
    assert desk.counted == (1, 1, 0, 0)
    desk.wait(31)
    desk.ask()
    assert desk.counted[0] == 2


def test_another_browser_and_another_address_are_other_readers(desk):
    desk.ask(), desk.ask(agent=CHROME), desk.ask(address="8.8.8.8")
    assert desk.counted == (3, 3, 0, 0)


def test_the_same_session_is_unique_once_and_after_an_hour_again(desk):
    desk.ask()
    desk.wait(7200)
    desk.ask()
    assert desk.counted == (2, 2, 0, 0)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "CCBot/2.0 (https://commoncrawl.org/faq/)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider)",
        "Mozilla/5.0 (compatible; PerplexityBot/1.0)",
        "Mozilla/5.0 (compatible; Amazonbot/0.1)",
        "meta-externalagent/1.1",
        "python-requests/2.32",
        "curl/8.5.0",
        "",
    ],
)
def test_robots_do_not_count(desk, agent):
    desk.ask(agent=agent), desk.ask("/a.pdf", agent=agent)
    assert desk.counted == (0, 0, 0, 0)


def test_readers_browsers_are_no_robots():
    for agent in (
        CHROME,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-A155F) AppleWebKit/537.36 "
        "(KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 YaBrowser/25.8 Safari/537.36",
        "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; ru) Presto/2.12.423 Version/12.16",
    ):
        assert not crawlers.is_crawler(agent), agent


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.ADMINISTRATOR, Role.DIRECTOR])
def test_staff_do_not_count(desk, enter, person, role):
    client = enter(person(role)).client
    desk.ask(client=client), desk.ask("/a.pdf", client=client)
    assert desk.counted == (0, 0, 0, 0)


def test_the_owner_does_not_count_and_another_depositor_does(app, archive, publish, enter, person):
    from_owner = person(Role.DEPOSITOR, email="owner@example.org")
    desk = Desk(app, archive, publish(owner=from_owner))
    desk.ask(client=enter(from_owner).client)
    assert desk.counted == (0, 0, 0, 0)
    other = enter(person(Role.DEPOSITOR, email="other@example.org")).client
    desk.ask(client=other), desk.ask(client=other, agent=CHROME, address="8.8.8.8")
    assert desk.counted == (1, 1, 0, 0)  # one person in two browsers


def test_a_file_in_ranges_counts_once(desk):
    assert desk.ask("/a.pdf", headers={"Range": "bytes=0-99"}).status_code == 206
    desk.wait(60)
    for begin in (100, 200, 300):
        answer = desk.ask("/a.pdf", headers={"Range": f"bytes={begin}-{begin + 99}"})
        assert answer.status_code == 206
        desk.wait(60)
    assert desk.counted == (1, 1, 1, 1)


def test_asking_for_the_heading_alone_does_not_count(desk):
    assert desk.ask(method="HEAD").status_code == 200
    assert desk.ask("/a.pdf", method="HEAD").status_code == 200
    assert desk.counted == (0, 0, 0, 0)


def test_what_the_reader_has_already_does_not_count(desk):
    tag = desk.ask("/a.pdf").headers["ETag"]
    desk.wait(60)
    assert desk.ask("/a.pdf", headers={"If-None-Match": tag}).status_code == 304
    page = desk.ask().headers["ETag"]
    desk.wait(60)
    assert desk.ask(headers={"If-None-Match": page}).status_code == 304
    assert desk.counted == (2, 1, 1, 1)


def test_what_a_browser_fetches_in_advance_does_not_count(desk):
    desk.ask(headers={"Sec-Purpose": "prefetch;prerender"})
    assert desk.counted == (0, 0, 0, 0)


@pytest.mark.parametrize("path", [".json", ".bib", ".linkset", "/thumbnail", "/versions", "/usage"])
def test_what_machines_ask_for_does_not_count(desk, path):
    desk.ask(path)
    desk.ask(headers={"Accept": "application/json"})
    assert desk.counted == (0, 0, 0, 0)


def test_feeds_sitemaps_the_harvest_and_programs_do_not_count(desk, client):
    for path in (
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/sitemap.xml",
        "/feeds/new.atom",
        f"/api/works/{desk.number}",
    ):
        client.get(path, headers={"User-Agent": CHROME})
    assert desk.counted == (0, 0, 0, 0)


def test_drafts_and_tombstones_do_not_count(desk, archive):
    publishing.withdraw(
        archive, desk.number, actor=SYSTEM, kind="other", reason="-", asked_by="author"
    )
    assert desk.ask().status_code == 410
    assert desk.counted == (0, 0, 0, 0)


def test_countries_are_known_and_addresses_are_not_kept(desk, archive):
    desk.ask(), desk.ask(address="8.8.8.8"), desk.ask(address="127.0.0.1")
    assert desk.counted[0] == 3
    with archive.reading() as session:
        assert dict(figures.countries(session)).keys() == {"KG", "US"}
        for row in session.scalars(select(UsageEvent)):
            kept = " ".join(map(str, vars(row).values()))
            assert "212.112" not in kept and "Firefox" not in kept


def test_events_and_the_salt_are_forgotten(desk, archive):
    desk.ask()
    assert desk.counted[0] == 1
    desk.wait(4 * 3600)
    with archive.writing() as session:
        session.add(UsageSalt(day=now().date() - timedelta(days=2), salt="old"))
    daily.follow(archive)
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(UsageEvent)) == 0
        assert session.scalar(select(func.count()).select_from(UsageSalt)) == 1
        assert session.scalar(select(func.count()).select_from(UsageDay)) == 1


def test_the_worker_waits_until_the_second_click_has_come(desk, archive):
    desk.ask()
    archive_of_server = desk.app.extensions["archive"]
    assert archive_of_server.usage.flush() == 1
    assert daily.follow(archive) == 0
    desk.wait(61)
    assert daily.follow(archive) == 1


def test_lines_wait_while_the_database_cannot_be_written_and_leave_when_it_closes(archive, publish):
    number = publish()
    elsewhere = replace(archive.settings, database_url="sqlite:////nowhere/at/all.sqlite")
    line = recording.Line(now(), "8.8.8.8", CHROME, None, number, "view", 0, True)
    other = database.connect(elsewhere.database_url)
    recorder = recording.Recorder(elsewhere, other)
    recorder.add(line)
    assert recorder.flush() == 0
    recorder._engine = archive.engine  # the disk is back
    recorder.add(line)
    recorder.close()
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(UsageEvent)) == 2


SERVER = """
import sys, wsgi
from repository import archive as opening, settings
app = wsgi.create_app(settings.load({}, instance=sys.argv[1], secret_key="k" * 40,
                                    base_url="http://localhost"))
answer = app.test_client().get(sys.argv[2], headers={"User-Agent": sys.argv[3]},
                               environ_base={"REMOTE_ADDR": "212.112.96.1"})
assert answer.status_code == 200, answer.status_code
"""


def test_two_servers_know_that_it_is_the_same_reader(desk, archive):
    """Each notes on its own; what one noted last is written when it ends."""
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", SERVER, str(archive.settings.instance),
             f"/works/{desk.number}", CHROME],
            check=True, capture_output=True, env={**os.environ, "ARCHIVE_LOG_LEVEL": "error"},
        )  # fmt: skip
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(UsageEvent)) == 2
        assert session.scalar(select(func.count(func.distinct(UsageEvent.visitor)))) == 1
    # Two starts may lie more than half a minute apart on a busy machine; the hour seldom ends.
    assert desk.counted[1] == 1

"""The harvest log as staff read it, after real harvests by Sickle over HTTP."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sickle import Sickle
from sqlalchemy import select
from werkzeug.serving import make_server

import wsgi
from oai import harvesters, visitors
from oai.sums import merged
from repository.clock import now
from repository.models.harvesters import Harvester, HarvesterList
from schemas.roles import Role

BASE = "BASE (https://www.base-search.net)"
CORE = "OAIHarvester/2.0 - core.ac.uk"


@pytest.fixture
def chosen(chosen):
    return replace(chosen, oai_page=5)


@pytest.fixture
def sickle(app):
    """Makes harvesters that come over real HTTP under a name."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def make(agent):
        address = f"http://127.0.0.1:{server.server_port}/oai"
        return Sickle(address, headers={"User-Agent": agent})

    yield make
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def log(app, archive):
    """What the log says of everybody, by name."""

    def read():
        assert app.extensions["guestbook"].write()
        with archive.reading() as session:
            found = visitors.everybody(session, now().date() - timedelta(days=30))
            return {one.name: one for one in found}

    return read


@pytest.fixture
def works(catalogue, settled):
    catalogue.collection("folklore")
    for number in range(22):
        catalogue.publish(f"Эмгек {number}", sets=("folklore",) * (number % 2))
    settled()


def take(sickle, count=None, **asked):
    """Takes so many records of a list; all by default."""
    found = sickle.ListRecords(metadataPrefix="oai_dc", **asked)
    return len([one for one, _ in zip(found, range(count or 1000), strict=False)])


def test_who_took_all_and_who_stopped(sickle, log, works):
    assert take(sickle(BASE)) == 22
    take(sickle(CORE), 10)
    found = log()
    base, core = found["BASE"], found["CORE"]
    assert (base.outcome, base.taken, base.size, base.missing) == ("whole", 22, 22, 0)
    assert base.changed == 0
    assert base.totals.records == 22
    # Two pages or, as Sickle looks ahead, three.
    assert (core.outcome, core.size, core.missing) == ("running", 22, 22 - core.taken)
    assert core.taken in (10, 15)
    assert core.changed is None


def test_what_has_changed_since(sickle, log, works, catalogue, settled):
    take(sickle(BASE))
    catalogue.revise(1, "Жаңы аталыш")
    catalogue.withdraw(2)
    settled()
    assert log()["BASE"].changed == 2
    take(sickle(BASE), **{"from": "2020-01-01"})
    assert log()["BASE"].changed == 0


def test_sets_one_after_another_are_one_visit(sickle, log, works):
    base = sickle(BASE)
    take(base, set="folklore")
    list(base.ListIdentifiers(metadataPrefix="oai_dc"))
    assert (log()["BASE"].outcome, log()["BASE"].size) == ("whole", 11 + 22)


def test_a_harvest_begun_anew_makes_up_for_the_one_that_was_cut(sickle, log, works, archive):
    take(sickle(BASE), 5)
    log()
    with archive.writing() as session:
        row = session.scalars(select(HarvesterList)).one()
        row.began = row.last = now() - timedelta(hours=1)
        row.key, row.asof = "earlier", row.asof - 3600
    assert log()["BASE"].outcome == "cut"
    take(sickle(BASE))
    assert log()["BASE"].outcome == "whole"


def test_when_nothing_is_new_that_is_said(sickle, log, works):
    with pytest.raises(Exception, match="No records match"):
        take(sickle(BASE), **{"from": "2999-01-01"})
    assert log()["BASE"].outcome == "nothing"


def test_who_only_looks_round_takes_no_list(sickle, log, works):
    sickle(BASE).Identify()
    assert log()["BASE"].outcome == "none"


@pytest.mark.parametrize(
    ("missing", "outcome"), [(0, "whole"), (2, "part"), (20, "part"), (21, "cut"), (200, "cut")]
)
def test_how_a_harvest_that_ended_long_ago_went(missing, outcome):
    row = HarvesterList(last=now() - timedelta(days=3), size=200, ended=not missing)
    row.ranges = [[0, 200 - missing]] if missing < 200 else []
    assert visitors.harvest(row).outcome == outcome


def test_a_hole_in_the_middle_is_missing_though_the_end_was_seen():
    row = HarvesterList(last=now() - timedelta(days=3), size=30, ended=True)
    row.ranges = merged([[20, 30]], [[0, 10]])
    found = visitors.harvest(row)
    assert (found.taken, found.missing) == (20, 10)


def test_ranges_that_touch_become_one():
    assert merged([[0, 5], [10, 15]], [[5, 10]]) == [[0, 15]]
    assert merged([[0, 5]], [[3, 4], [7, 7]]) == [[0, 5]]
    assert merged([], [[5, 9], [0, 2]]) == [[0, 2], [5, 9]]


def page(enter, person, address, *roles):
    return " ".join(enter(person(*roles)).get(address).text_content().split())


def test_staff_read_who_was_here(sickle, log, works, enter, person, archive):
    take(sickle(BASE))
    take(sickle("curious<b>/1"))
    log()
    with archive.writing() as session:
        base = session.scalars(select(Harvester).where(Harvester.name == "BASE")).one()
        base.last -= timedelta(days=3)
        row = session.scalars(
            select(HarvesterList).where(HarvesterList.harvester_id == base.id)
        ).one()
        row.last, row.ranges, row.ended = base.last, [[0, 20]], False
    said = page(enter, person, "/staff/harvests?lang=en", Role.DIRECTOR)
    assert "BASE was last here 3 days ago and took all but 2 of 22." in said
    assert "curious<b> was last here" in said
    detail = page(enter, person, f"/staff/harvests/{base.id}?days=365&lang=en", Role.CATALOGUER)
    assert "20 of 22" in detail
    assert "127.0.0.0/24" in detail
    assert "127.0.0.1" not in detail


def test_the_log_is_for_those_who_look_after_records(app, enter, person):
    for role, status in (
        (Role.ADMINISTRATOR, 200),
        (Role.DEPOSITOR, 403),
        (Role.ACQUISITIONS, 403),
    ):
        assert enter(person(role)).client.get("/staff/harvests").status_code == status
    assert app.test_client().get("/staff/harvests").status_code == 302


def test_nobody_was_here_yet(enter, person):
    said = page(enter, person, "/staff/harvests?lang=en", Role.DIRECTOR)
    assert "Nobody has harvested yet" in said


def test_staff_give_a_harvester_the_name_they_know(client, log, enter, person, archive):
    client.get("/oai?verb=Nonsense", headers={"User-Agent": "python-requests/2.32"})
    number = log()["python-requests"].row.id
    browser = enter(person(Role.CATALOGUER))
    detail = browser.get(f"/staff/harvests/{number}?lang=en")
    assert "badVerb" in detail.text_content()
    answer = browser.send(detail, "/name", typed={"label": "  Улуттук  китепкана "})
    assert answer.status_code == 303
    assert "Улуттук китепкана was last here" in browser.get("/staff/harvests").text_content()
    assert log().keys() == {"Улуттук китепкана"}


def test_a_harvester_that_is_not_there_is_not_found(enter, person):
    client = enter(person(Role.DIRECTOR)).client
    assert client.get("/staff/harvests/99").status_code == 404


def test_days_and_weeks_add_up(sickle, log, works, archive):
    take(sickle(BASE))
    log()
    today = now().date()
    with archive.reading() as session:
        daily = visitors.days(session, today - timedelta(days=29), today)
        weekly = visitors.days(session, today - timedelta(days=364), today)
        other = visitors.days(session, today - timedelta(days=29), today, 99)
    assert (len(daily), len(weekly)) == (30, 53)
    assert daily[-1].totals == weekly[-1].totals
    assert daily[-1].totals.records == 22
    assert not sum(one.totals.requests for one in other)


def test_the_command_says_the_same(sickle, log, works, chosen, client, archive):
    take(sickle(BASE), set="folklore")
    client.get("/oai?verb=Nonsense", headers={"User-Agent": BASE})
    log()
    arguments = ["--instance", str(chosen.instance), "oai", "log", "--lists"]
    environment = {"ARCHIVE_SECRET_KEY": chosen.secret_key}
    done = CliRunner().invoke(wsgi.cli, arguments, env=environment)
    assert done.exit_code == 0, done.output
    assert "BASE was last here" in done.output
    assert "ListRecords oai_dc set folklore: 11 of 11" in done.output
    assert "error badVerb: 1" in done.output


@pytest.mark.parametrize(
    ("agent", "address", "name"),
    [
        (BASE, "192.0.2.1", "BASE"),
        ("Java/17", "129.70.9.9", "BASE"),
        (CORE, "", "CORE"),
        ("OAIHarvester/2.0", "", "OAIHarvester"),
        ("Mozilla/5.0 (compatible; OAI; +http://www.openaire.eu)", "", "OpenAIRE"),
        ("WorldCat Digital Collection Gateway from OCLC.org", "", "WorldCat"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", "Google"),
        ("Mozilla/5.0 (compatible; FooBot/2.1; +http://foo.example.org)", "", "FooBot"),
        ("Mozilla/5.0 SomeSpider", "", "Mozilla"),
        ("Net::OAI::Harvester", "", "Net::OAI::Harvester"),
        ("metha/0.2.20", "", "metha"),
        ("", "", ""),
        ("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "", ""),
    ],
)
def test_harvesters_are_known_by_what_they_say(agent, address, name):
    assert harvesters.recognise(agent, address).name == name


def test_programs_of_one_name_are_told_apart_by_their_networks():
    one, other = (harvesters.recognise("metha/0.2", f"203.0.{n}.7").key for n in (1, 2))
    assert one != other
    known = {harvesters.recognise(BASE, f"203.0.{n}.7").key for n in (1, 2)}
    assert len(known) == 1


def test_moments_of_the_log_are_in_utc(client, log):
    client.get("/oai?verb=Identify", headers={"User-Agent": BASE})
    assert abs(log()["BASE"].row.last - datetime.now(UTC)) < timedelta(seconds=30)

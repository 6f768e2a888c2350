"""Every bad habit of real repositories: what can be borne is, and counted; nothing is lost."""

import re
import threading
import time

import pytest

from ingest.harvest import running, sources
from ingest.harvest.faults import SENTENCES, Fault
from ingest.harvest.running import Pace
from repository import clock

ALL = sorted(f"Эмгек {number}" for number in range(1, 11))


def test_a_well_behaved_repository_is_taken_whole_and_without_a_fault(torture, union):
    union.add(torture.url)
    source = union.run()
    assert union.titles() == ALL
    assert (source.error, source.faults, source.running) == (None, {}, False)
    assert source.counts == {"new": 10}
    assert len(torture.lists()) == 4


# Habit -> the faults that are counted. In each case all ten records come.
BORNE = {
    "text_html": {Fault.CONTENT_TYPE},
    "bom": set(),
    "gzip": set(),
    "utf16": set(),
    "junk": {Fault.AROUND},
    "no_identify": {Fault.IDENTIFY},
    "no_formats": {Fault.FORMATS},
    "no_moment": {Fault.CLOCK},
    "odd_moment": {Fault.CLOCK},
    "future": set(),
    "odd_dates": {Fault.DATES},
    "no_last_token": set(),
    "odd_token": set(),
    "token_space": {Fault.TOKEN},
    "empty_last_page": {Fault.EMPTY},
    "wrong_size": {Fault.SIZE},
    "twice": {Fault.TWICE},
    "cut_once": {Fault.RETRIED},
    "off_once": {Fault.RETRIED},
    "html_once": {Fault.RETRIED},
    "busy_503": {Fault.BUSY, Fault.RETRIED},
    "busy_429": {Fault.BUSY, Fault.RETRIED},
    "expired_once": {Fault.EXPIRED},
}


@pytest.mark.parametrize("habit", BORNE)
def test_a_habit_that_can_be_borne_costs_no_record_and_is_counted(torture, union, habit):
    torture.faults = {habit}
    union.add(torture.url)
    source = union.run()
    assert union.titles() == ALL
    assert (source.error, source.running) == (None, False)
    assert set(source.faults) == BORNE[habit]


def test_many_habits_at_once_are_borne_too(torture, union):
    torture.faults = {"text_html", "junk", "no_moment", "odd_dates", "token_space", "twice"}
    torture.faults |= {"expired_once", "off_once", "busy_503", "wrong_size", "empty_last_page"}
    union.add(torture.url)
    assert union.run().error is None
    assert union.titles() == ALL


def test_every_fault_has_a_sentence():
    assert set(SENTENCES) == set(Fault)


# Text in the place of a title -> the title that is kept, and the fault that is counted.
STRANGE = {
    "a control character": ("Эм\x0bгек", "Эмгек", Fault.CHARACTERS),
    "a control character by number": ("Эм&#x1f;гек", "Эмгек", Fault.CHARACTERS),
    "half a surrogate by number": ("Эм&#xD800;гек", "Эмгек", Fault.CHARACTERS),
    "a noncharacter": ("Эм\ufffeгек", "Эмгек", Fault.CHARACTERS),
    "an entity of HTML": ("Эмгек&nbsp;&laquo;1&raquo;", "Эмгек «1»", Fault.ENTITIES),
    "an unknown entity": ("Эмгек &foo; 1", "Эмгек &foo; 1", Fault.ENTITIES),
    "a bare ampersand": ("Тоо & таш", "Тоо & таш", Fault.ENTITIES),
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_characters_cost_themselves_and_nothing_else(torture, union, what):
    raw, kept, fault = STRANGE[what]
    torture.change = lambda given, text: text.replace("Эмгек 5<", f"{raw}<")
    union.add(torture.url)
    source = union.run()
    assert source.error is None
    assert kept in union.titles()
    assert len(union.titles()) == 10
    assert set(source.faults) == {fault}


def test_letters_in_another_encoding_than_was_said_cost_themselves(torture, union):
    torture.faults = {"latin_bytes"}
    union.add(torture.url)
    source = union.run()
    assert union.titles() == sorted(f"{title} caf\ufffd" for title in ALL)
    assert {Fault.ENCODING, Fault.CHARACTERS} == set(source.faults)


def test_windows_letters_are_read_where_they_are_declared(torture, union):
    torture.faults = {"cp1251"}
    torture.items = torture.items[:3]
    torture.change = lambda given, text: text.replace("UTF-8", "windows-1251").replace("ү", "у")
    union.add(torture.url)
    assert union.run().faults == {}
    assert union.titles() == ALL[:1] + ALL[2:4]


@pytest.mark.parametrize(
    "broken",
    [
        "<dc:title>Эмгек 5",
        "<dc:title>Эмгек 5</title></dc:title>",
        "<dc:title a=b>Эмгек 5</dc:title>",
        "<xx:title>Эмгек 5</xx:title>",
        "<dc:title>Эмгек < 5</dc:title>",
        "<?xml version='1.0'?><dc:title>Эмгек 5</dc:title>",
    ],
)
def test_a_record_of_broken_xml_costs_itself_alone(torture, union, broken):
    torture.change = lambda given, text: text.replace("<dc:title>Эмгек 5</dc:title>", broken)
    union.add(torture.url)
    source = union.run()
    assert source.error is None
    assert union.titles() == [title for title in ALL if title != "Эмгек 5"]
    assert source.faults[Fault.LOST] == [1, "oai:torture.example.org:5"]


def test_a_record_of_broken_marc_among_others_costs_itself_alone(torture, union):
    """Where records of the protocol hold records of the same name."""
    slim = "http://www.loc.gov/MARC21/slim"
    for item in torture.items:
        item.body = (
            f'<record xmlns="{slim}"><leader>00000nam a22000002u 4500</leader>'
            f'<datafield tag="245" ind1=" " ind2=" "><subfield code="a">{item.title}</subfield>'
            "</datafield></record>"
        )
    torture.items[4].body += "<"
    torture.formats = ["oai_dc", "marcxml"]
    union.add(torture.url)
    source = union.run()
    assert union.titles() == [title for title in ALL if title != "Эмгек 5"]
    assert source.faults[Fault.LOST][0] == 1


@pytest.mark.parametrize("habit", ["no_identifiers", "no_metadata"])
def test_a_record_without_what_makes_it_one_is_left_out_and_counted(torture, union, habit):
    torture.faults = {habit}
    union.add(torture.url)
    source = union.run()
    assert union.titles() == [title for title in ALL if title != "Эмгек 2"]
    fault = {"no_identifiers": Fault.UNIDENTIFIED, "no_metadata": Fault.UNDESCRIBED}[habit]
    assert source.faults[fault][0] == 1


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE OAI-PMH [<!ENTITY a "b">]>',
        '<!DOCTYPE OAI-PMH SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused(torture, union, document):
    torture.change = lambda given, text: text.replace("<OAI-PMH", document + "<OAI-PMH", 1)
    union.add(torture.url)
    source = union.run()
    assert "DOCTYPE" in source.error["sentence"]
    assert union.titles() == []
    assert len(torture.asked) == 1  # it would be no better another time


@pytest.mark.parametrize("habit", ["circle", "same_token", "endless_empty"])
def test_a_list_that_goes_in_a_circle_is_left_and_said_to_be_one(torture, union, habit):
    torture.faults = {habit}
    union.add(torture.url)
    source = union.run()
    assert "circle" in source.error["sentence"]
    assert not source.running
    assert source.since == ""  # so that the next harvest begins from the beginning
    assert len(torture.lists()) < 120
    if habit != "same_token":
        assert union.titles() == ALL


def test_a_token_that_always_expires_is_not_tried_for_ever(torture, union):
    torture.faults = {"always_expired"}
    union.add(torture.url)
    source = union.run()
    assert "expire" in source.error["sentence"]
    assert source.faults[Fault.EXPIRED][0] == 4
    assert len(torture.lists()) == 8


def test_errors_with_another_status_than_200_are_understood(torture, union):
    torture.faults, torture.items = {"error_400"}, []
    union.add(torture.url)
    source = union.run()
    assert source.error is None
    assert set(source.faults) == {Fault.STATUS}


def test_a_refusal_is_said_in_the_repositorys_own_words(torture, union):
    torture.change = lambda given, text: re.sub(
        r"<ListRecords>.*</ListRecords>",
        '<error code="cannotDisseminateFormat">not that one</error>',
        text,
    )
    union.add(torture.url)
    source = union.run()
    assert source.error["parameters"]["error"] == "cannotDisseminateFormat: not that one"


@pytest.mark.parametrize("said", ["1", "date"])
def test_we_stay_away_as_long_as_we_are_asked_to(torture, union, said):
    from_now = time.time() + 1.2
    torture.wait = (
        said
        if said == "1"
        else time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(from_now + 1))
    )
    torture.faults = {"busy_503"}
    union.add(torture.url)
    begun = time.monotonic()
    assert union.run().error is None
    assert 0.9 < time.monotonic() - begun < 5
    assert union.titles() == ALL


def test_an_absurd_wait_is_cut_to_an_hour(torture, union, archive):
    torture.wait, torture.faults = "99999999999", {"busy_503"}
    source = union.add(torture.url)
    running.step(archive, source.id, Pace(0.01))
    with archive.reading() as session:
        wait = sources.get(session, "torture").due - clock.now()
    assert 3500 < wait.total_seconds() <= 3600


def test_we_say_who_we_are_and_pause_between_requests(torture, union):
    union.add(torture.url, pause="0.1")
    begun = time.monotonic()
    union.run()
    assert time.monotonic() - begun > 0.5  # six requests
    (agent,) = torture.agents
    assert agent.startswith("OpenArchive/")
    assert agent.endswith("(+http://localhost)")


def test_a_harvest_that_was_cut_off_goes_on_where_it_was(torture, union):
    torture.faults = {"off_in_the_middle"}
    union.add(torture.url)
    source = union.run()
    assert source.error["parameters"] == {"status": "500"}
    assert len(union.titles()) == 3
    before = len(torture.asked)
    torture.faults = set()
    assert union.run().error is None
    assert union.titles() == ALL
    assert all("resumptionToken" in one for one in torture.asked[before:])


def test_a_harvest_that_was_cut_off_and_whose_token_has_expired_begins_again(torture, union):
    torture.faults = {"off_in_the_middle"}
    union.add(torture.url)
    union.run()
    torture.faults = {"expired_once"}
    source = union.run()
    assert source.error is None
    assert union.titles() == ALL
    assert source.counts == {"new": 10, "same": 3}


def test_a_server_that_is_gone_is_said_to_be(torture, union):
    union.add("http://127.0.0.1:1/oai")
    source = union.run()
    assert "did not answer" in source.error["sentence"]
    assert source.faults[Fault.RETRIED][0] == 3


def test_a_repository_in_a_network_that_is_not_ours_to_ask_is_refused(torture, union, archive):
    union.add("http://10.0.0.1/oai")
    source = union.run()
    assert "not in the public internet" in source.error["sentence"]


def test_two_that_harvest_the_same_source_take_turns(torture, union, archive):
    source = union.add(torture.url)
    threads = [threading.Thread(target=_through, args=(archive, source.id)) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert union.titles() == ALL
    tokens = [one.get("resumptionToken") for one in torture.lists()]
    rounds = tokens.count(None)  # who comes when another has just ended begins anew
    assert all(tokens.count(one) <= rounds for one in tokens)


def _through(archive, source_id):
    running.through(archive, source_id, lambda source: None, Pace(0.01))

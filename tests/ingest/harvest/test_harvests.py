"""From harvest to harvest: what is new, what has changed, what is gone, what was out of reach."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from ingest.harvest import following, keeping, running, sources
from ingest.harvest.faults import Fault
from oai import feed
from repository import clock, elsewhere
from repository.models.harvest import ForeignRecord, Source
from schemas.search import Query


def whole_again(archive):
    """Makes the last harvest of everything a long time ago."""
    with archive.writing() as session:
        session.execute(update(Source).values(made_whole=clock.now() - timedelta(days=99)))


def numbers(archive, **asked):
    return [hit.number for hit in archive.index.find(Query(**asked), limit=50).results]


def test_the_second_harvest_asks_for_what_has_changed_since_the_first_began(torture, union):
    union.add(torture.url)
    before = clock.now()
    union.run()
    torture.touch(4, title="Башка эмгек")
    torture.touch(7, deleted=True)
    torture.fill(1)
    torture.touch(11)
    source = union.run()
    asked = torture.lists()[-1]["from"]
    since = datetime.fromisoformat(asked.replace("Z", "+00:00"))
    assert timedelta(days=2, seconds=-5) < before - since < timedelta(days=2, seconds=5)
    assert source.counts == {"new": 1, "changed": 1, "deleted": 1}
    assert "Башка эмгек" in union.titles()
    assert len(union.titles()) == 10


def test_what_did_not_change_is_written_to_neither_table_nor_index(torture, union, archive):
    union.add(torture.url)
    union.run()
    with archive.reading() as session:
        before = session.scalar(select(func.max(ForeignRecord.changed)))
    source = union.run(whole=True)
    assert source.counts == {"same": 10}
    with archive.reading() as session:
        assert session.scalar(select(func.max(ForeignRecord.changed))) == before
    assert elsewhere.follow(archive) == 0


def test_a_repository_that_only_knows_days_is_asked_for_days(torture, union):
    torture.granularity = "YYYY-MM-DD"
    union.add(torture.url)
    union.run()
    union.run()
    assert len(torture.lists()[-1]["from"]) == 10


def test_a_date_that_is_not_understood_is_made_simpler_or_left_out(torture, union):
    union.add(torture.url)
    union.run()
    torture.faults = {"only_days"}
    assert set(union.run().faults) == {Fault.FROM}
    assert len(torture.lists()[-1]["from"]) == 10
    torture.faults = {"no_from"}
    source = union.run()
    assert source.faults[Fault.FROM][0] == 2
    assert source.error is None
    assert source.counts == {"same": 10}


def test_what_is_deleted_disappears_from_the_search_and_can_come_back(torture, union, archive):
    union.add(torture.url)
    union.run()
    assert len(numbers(archive, where=("torture",))) == 10
    torture.touch(7, deleted=True)
    union.run()
    assert len(numbers(archive, where=("torture",))) == 9
    torture.touch(7, deleted=False)
    assert union.run().counts["new"] == 1
    assert len(numbers(archive, where=("torture",))) == 10


def test_a_record_that_we_meet_deleted_is_not_shown(torture, union, archive):
    torture.touch(1, deleted=True)
    union.add(torture.url)
    assert union.run().counts == {"new": 9, "same": 1}
    assert len(numbers(archive)) == 9


def test_what_a_forgetful_repository_no_longer_has_is_found_out_now_and_then(
    torture, union, archive
):
    torture.deleting = "no"
    union.add(torture.url)
    union.run()
    del torture.items[3]
    union.run()
    assert len(union.titles()) == 10  # it does not say what is gone
    whole_again(archive)
    source = union.run()
    assert "from" not in torture.lists()[-3]
    assert source.counts == {"same": 9, "deleted": 1}
    assert "Эмгек 4" not in union.titles()
    assert len(numbers(archive)) == 9


def test_a_repository_on_a_bad_day_does_not_empty_the_catalogue(torture, union, archive):
    torture.deleting = "no"
    union.add(torture.url)
    union.run()
    del torture.items[2:]
    whole_again(archive)
    source = union.run()
    assert source.faults[Fault.KEPT][0] == 8
    assert len(union.titles()) == 10


def test_a_doubtful_harvest_takes_nothing_out(torture, union, archive):
    torture.deleting = "transient"
    union.add(torture.url)
    union.run()
    torture.change = lambda given, text: text.replace("<dc:title>Эмгек 5</dc:title>", "<dc:title>")
    whole_again(archive)
    source = union.run()
    assert source.faults[Fault.LOST][0] == source.faults[Fault.KEPT][0] == 1
    assert len(union.titles()) == 10


def test_another_set_or_address_makes_the_next_harvest_one_of_everything(torture, union, archive):
    union.add(torture.url)
    union.run()
    with archive.writing() as session:
        source = sources.get(session, "torture")
        given = {"name": "T", "base_url": torture.url, "spec": "theses", "pause": "0"}
        sources.change(session, source, given)
    union.run()
    first = torture.lists()[-4]
    assert first["set"] == "theses"
    assert "from" not in first


def test_a_change_in_the_middle_of_a_harvest_throws_away_what_is_on_its_way(
    torture, union, archive
):
    source = union.add(torture.url)

    def meddle(given, text):
        if given.get("resumptionToken", "").startswith("3"):
            with archive.writing() as session:
                found = sources.get(session, "torture")
                given = {"name": "T", "base_url": torture.url, "spec": "x", "pause": "0"}
                sources.change(session, found, given)
        return text

    torture.change = meddle
    running.step(archive, source.id)
    running.step(archive, source.id)
    with archive.reading() as session:
        found = sources.get(session, "torture")
        assert (found.token, found.running, keeping.size(session, found)) == ("", False, 3)


def test_a_source_that_is_taken_out_takes_its_works_along_and_nobody_elses(torture, union, archive):
    union.add(torture.url)
    union.add(torture.url, slug="other")
    union.run()
    union.run("other")
    assert len(numbers(archive)) == 20
    with archive.writing() as session:
        sources.remove(session, sources.get(session, "torture"))
    while elsewhere.follow(archive) + following.follow(archive):
        pass
    with archive.reading() as session:
        assert [one.slug for one in sources.everything(session)] == ["other"]
        assert session.scalar(select(func.count()).select_from(ForeignRecord)) == 10
    assert len(numbers(archive)) == 10


def test_the_worker_harvests_what_is_due_and_leaves_alone_what_is_not(torture, union, archive):
    union.add(torture.url)
    assert following.follow(archive) == 0  # nobody has asked for it yet
    with archive.writing() as session:
        sources.harvest(sources.get(session, "torture"))
    while following.follow(archive):
        pass
    assert len(union.titles()) == 10
    asked = len(torture.asked)
    assert following.follow(archive) == 0
    assert len(torture.asked) == asked
    with archive.writing() as session:
        source = sources.get(session, "torture")
        assert timedelta(hours=23) < source.due - clock.now() < timedelta(hours=25)
        source.due = clock.now()
        source.active = False
    assert following.follow(archive) == 0


def test_a_source_without_a_schedule_is_not_harvested_again_by_itself(torture, union):
    union.add(torture.url, every="0")
    assert union.run().due is None


def test_a_worker_that_died_in_the_middle_of_a_step_holds_nobody_up_for_long(
    torture, union, archive
):
    source = union.add(torture.url)
    with archive.writing() as session:
        held = session.get_one(Source, source.id)
        sources.harvest(held)
        held.held = clock.now() + timedelta(minutes=5)
    assert not running.step(archive, source.id)
    assert following.follow(archive) == 0
    with archive.writing() as session:
        session.get_one(Source, source.id).held = clock.now() - timedelta(seconds=1)
    assert following.follow(archive) == 1


def test_rebuilding_the_index_brings_foreign_works_back(torture, union, archive):
    union.add(torture.url)
    union.run()
    archive.index.clear()
    with archive.writing() as session:
        session.execute(update(ForeignRecord).values(waiting=True))
    while elsewhere.follow(archive):
        pass
    assert len(numbers(archive)) == 10


def test_a_change_while_the_index_is_written_is_not_lost(torture, union, archive, monkeypatch):
    union.add(torture.url)
    union.run()
    torture.touch(4, title="Биринчи")
    with archive.writing() as session:
        sources.harvest(sources.get(session, "torture"))
    while following.follow(archive):
        pass
    put = archive.index.put

    def meanwhile(documents):
        put(documents)
        with archive.writing() as session:
            record = session.scalar(
                select(ForeignRecord).where(ForeignRecord.identifier.like("%:4"))
            )
            record.document = {**record.document, "titles": [{"text": "Экинчи", "kind": "main"}]}
            record.changed, record.waiting = clock.now(), True

    monkeypatch.setattr(archive.index, "put", meanwhile)
    elsewhere.follow(archive)
    monkeypatch.undo()
    while elsewhere.follow(archive):
        pass
    assert len(numbers(archive, q="Экинчи")) == 1


def test_the_whole_life_of_a_source_on_each_database(any_archive, torture, united):
    theirs = united(any_archive)
    torture.faults = {"expired_once", "busy_503", "twice", "junk"}
    theirs.add(torture.url)
    assert theirs.run().error is None
    assert len(theirs.titles()) == 10
    torture.touch(3, deleted=True)
    with any_archive.writing() as session:
        given = {"name": "T", "base_url": torture.url, "pause": "0", "shared": True}
        sources.change(session, sources.get(session, "torture"), given)
    theirs.run()
    assert len(theirs.titles()) == 9
    with any_archive.writing() as session:
        sources.remove(session, sources.get(session, "torture"))
    while elsewhere.follow(any_archive) + following.follow(any_archive):
        pass
    with any_archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(Source)) == 1  # the feed must know
    feed.settle(any_archive)
    assert following.follow(any_archive) == 1
    with any_archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(ForeignRecord)) == 0

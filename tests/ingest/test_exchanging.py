"""Two libraries give each other what has changed, on a stick; nothing comes twice or is lost."""

import json

import pytest
from sqlalchemy import select

from ingest import batch, updating
from ingest.importers import jsonl as reader
from ingest.jobs import Job
from ingest.reports import Outcome
from repository import archive as opening
from repository import catalogue, exchanging, publishing, settings
from repository.errors import Invalid, NotFound
from repository.exports import jsonl
from repository.models.imports import Holding
from repository.models.works import Origin, Work
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES


@pytest.fixture
def branch(archive, tmp_path, template):
    """A second archive."""
    folder = tmp_path / "branch"
    folder.mkdir()
    (folder / "archive.sqlite").write_bytes(template.read_bytes())
    chosen = settings.load(
        {}, instance=str(folder), secret_key="k" * 40, base_url="http://branch.example.org"
    )
    with opening.opened(chosen) as made:
        yield made


def publish(archive, title, **more):
    document = {
        "type": TYPES["article"].uri,
        "titles": [{"text": title, "kind": "main"}],
        "issued": "2020",
        **more,
    }
    with archive.writing() as session:
        number = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def revise(archive, number, **changes):
    document = {**work(archive, number).document, **changes}
    publishing.revise(archive, number, actor=SYSTEM, reason="-", document=document)


def work(archive, number):
    with archive.reading() as session:
        return catalogue.get(session, number)


def titles(archive):
    with archive.reading() as session:
        return sorted(one.title for one in session.scalars(select(Work)))


@pytest.fixture
def carry(tmp_path):
    """Carries what has changed from one archive to another; the report."""
    sticks = iter(range(99))

    def over(giver, taker):
        folder = tmp_path / f"stick {next(sticks)}"
        exchanging.out(giver, folder, partner=exchanging.name(taker))
        job = Job(source=exchanging.SOURCE + exchanging.sender(folder))
        return batch.run(taker, reader.read(folder), job)

    return over


def test_new_works_go_over_once_and_only_what_has_changed_after_that(archive, branch, carry):
    publish(archive, "Тоо")
    assert carry(archive, branch).outcomes == {Outcome.ADDED: 1}
    assert carry(archive, branch).outcomes == {}
    publish(archive, "Көл")
    assert carry(archive, branch).outcomes == {Outcome.ADDED: 1}
    assert carry(branch, archive).outcomes == {Outcome.KNOWN: 2}
    assert titles(archive) == titles(branch) == ["Көл", "Тоо"]


def test_changes_on_both_sides_are_merged_and_the_same_element_is_a_conflict(
    archive, branch, carry
):
    number = publish(archive, "Тоо")
    carry(archive, branch)
    revise(branch, 1, keywords=[{"text": "мөңгү"}])
    revise(archive, number, edition="2-басылышы")
    assert carry(branch, archive).outcomes == {Outcome.UPDATED: 1}
    merged = work(archive, number).document
    assert merged["keywords"] == [{"text": "мөңгү"}] and merged["edition"] == "2-басылышы"
    carry(archive, branch)
    assert work(branch, 1).document == merged
    # The branch goes on, and what it said before is not taken for a change of ours.
    revise(branch, 1, keywords=[{"text": "суу"}])
    revise(archive, number, issued="2021")
    report = carry(archive, branch)
    assert report.remarks == [] and work(branch, 1).document["keywords"] == [{"text": "суу"}]
    revise(archive, number, titles=[{"text": "Тоолор", "kind": "main"}])
    revise(branch, 1, titles=[{"text": "Чоң тоо", "kind": "main"}])
    report = carry(branch, archive)
    assert "titles" in report.remarks[0].says
    document = work(archive, number).document
    assert document["titles"][0]["text"] == "Тоолор" and document["keywords"][0]["text"] == "суу"


def test_where_a_work_came_from_goes_along(archive, branch, carry):
    publish(archive, "Тоо")
    with archive.writing() as session:
        found = session.scalars(select(Work)).one()
        elements = updating.elements(found.document)
        kept = {"format": "irbis", "record": "{}", "elements": elements}
        session.add(Origin(work_id=found.id, source="irbis:x", key="К-1", digest="d", **kept))
        session.add(Holding(work_id=found.id, source="irbis:x", inventory="7"))
    carry(archive, branch)
    with branch.reading() as session:
        origin = session.scalars(select(Origin).where(Origin.source == "irbis:x")).one()
        assert (origin.key, origin.format, origin.elements) == ("К-1", "irbis", elements)
        assert session.scalars(select(Holding)).one().inventory == "7"


def test_a_folder_of_something_else_is_refused_by_name(tmp_path):
    with pytest.raises(NotFound, match=r"exchange\.json"):
        exchanging.sender(tmp_path)
    for wrong in ("", "[]", '{"from": 7}'):
        (tmp_path / "exchange.json").write_text(wrong)
        with pytest.raises(Invalid, match="cannot be read"):
            exchanging.sender(tmp_path)


def test_leaving_altogether_gives_an_equal_archive(archive, branch, tmp_path):
    """Everything out, into an empty archive, and out again: the same lines."""
    for title in ("Тоо", "Көл", "Суу"):
        publish(archive, title, keywords=[{"text": title.lower()}])
    publishing.withdraw(archive, 2, actor=SYSTEM, kind="error", reason="Ката.")
    first, second = tmp_path / "first", tmp_path / "second"
    jsonl.write(archive, first, states=jsonl.EVERYTHING)
    batch.run(branch, reader.read(first), Job(source="jsonl:first"))
    jsonl.write(branch, second, states=jsonl.EVERYTHING)

    def canonical(folder):
        lines = map(json.loads, (folder / "works.jsonl").read_text("utf-8").splitlines())
        own = {"changed", "version", "origins"}
        return [{name: one[name] for name in one.keys() - own} for one in lines]

    assert canonical(first) == canonical(second) and len(canonical(first)) == 3

"""The files that records point to come along with their works, if somebody asks for them."""

from dataclasses import replace

import pytest
from answering import serving
from sqlalchemy import select

from ingest import bringing, runs
from ingest.importers import irbis
from repository import archive as opening
from repository.models.fetches import Fetch
from repository.models.imports import ImportState
from repository.models.works import Work


def record(title, *links):
    lines = [f"#200: ^A{title}", "#920: PAZK", "#900: ^Ta^B05", f"#903: {title}"]
    return "\n".join([*lines, *(f"#951: {one}" for one in links), "*****", ""])


@pytest.fixture
def answers():
    with serving() as found:
        found.set("/a.txt", "text/plain", "Тоо жөнүндө текст.")
        yield found


@pytest.fixture
def here(archive):
    """An archive that may ask its own machine."""
    with opening.opened(replace(archive.settings, fetch_networks=("127.0.0.0/8",))) as made:
        yield made


def bring(archive, folder, text, **asked):
    source = folder / "records.txt"
    source.write_text(text, encoding="utf-8")
    asked = {"format": "irbis", "source": "irbis:records.txt", **asked}
    with archive.writing() as session:
        number = runs.begin(session, name=source.name, actor=runs.SYSTEM, **asked).id
    report = runs.perform(archive, number, source)
    runs.finish(archive, number, ImportState.DONE)
    while bringing.follow(archive):
        pass
    assert not report.failed
    return [str(one.says) for one in runs.remarks(archive.settings, number)]


def files(archive):
    with archive.reading() as session:
        works = session.scalars(select(Work).order_by(Work.id)).all()
        return {work.title: (work.state, [one.name for one in work.files]) for work in works}


def test_files_come_from_addresses_and_from_the_servers_folder(here, answers, tmp_path):
    lying = here.settings.inbox / "texts/2019"
    lying.mkdir(parents=True)
    (lying / "b.txt").write_text("Суу жөнүндө текст.", encoding="utf-8")
    text = record("Тоо", f"^I{answers.base}/a.txt") + record("Суу", r"^A\\server\texts\2019\b.txt")
    remarks = bring(here, tmp_path, text + record("Көл"), fetch=True, publish=True)
    assert files(here) == {
        "Тоо": ("draft", ["a.txt"]),
        "Суу": ("draft", ["b.txt"]),
        "Көл": ("published", []),
    }
    assert not [one for one in remarks if "not fetched" in one]


def test_nothing_is_fetched_unless_it_is_asked_for(here, answers, tmp_path):
    bring(here, tmp_path, record("Тоо", f"^I{answers.base}/a.txt"), publish=True)
    assert files(here) == {"Тоо": ("published", [])} and not answers.asked


def test_what_cannot_be_fetched_is_named_and_the_work_comes(here, answers, tmp_path):
    links = (f"^I{answers.base}/none.txt", "^Aabsent.pdf", r"^A..\..\archive.toml")
    remarks = bring(here, tmp_path, record("Тоо", *links), fetch=True)
    assert (
        len([one for one in remarks if "is not fetched" in one and "not in the folder" in one]) == 2
    )
    assert files(here) == {"Тоо": ("draft", [])}
    with here.reading() as session:
        (left,) = session.scalars(select(Fetch)).all()
        assert left.state == "failed" and left.problem, "It can be tried again on its page."


def test_addresses_inside_our_network_are_not_asked(archive, answers, tmp_path):
    text = record("Тоо", f"^I{answers.base}/a.txt")
    bring(archive, tmp_path, text, fetch=True)
    assert not answers.asked and files(archive) == {"Тоо": ("draft", [])}


def test_the_reader_says_which_files_a_record_points_to(tmp_path):
    source = tmp_path / "records.txt"
    source.write_text(record("Тоо", "^Ihttps://example.org/a.pdf", "^Ab.pdf^TТекст"), "utf-8")
    (row,) = irbis.read(source)
    assert [(one.address, one.name) for one in row.links] == [
        ("https://example.org/a.pdf", ""),
        ("", "b.pdf"),
    ]

"""Counts are remembered while nothing has changed, and for a while where counting takes long."""

from repository import catalogue, publishing, tallies
from repository.viewers import SYSTEM

FIT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Тоо", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


def publish(archive):
    with archive.writing() as session:
        number = catalogue.draft(session, FIT, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)


def ask(archive, made, name="works"):
    def count():
        made.append(name)
        return len(made)

    with archive.reading() as session:
        return tallies.of(session, name, count)


def test_a_count_is_made_once_for_each_state_of_the_archive(any_archive):
    made = []
    assert [ask(any_archive, made) for _ in range(3)] == [1, 1, 1]
    publish(any_archive)
    assert [ask(any_archive, made) for _ in range(3)] == [2, 2, 2]
    assert ask(any_archive, made, "authors") == 3


def test_a_count_that_takes_long_is_put_off(any_archive, monkeypatch):
    made = []
    monkeypatch.setattr(tallies, "LONG", -1.0)
    monkeypatch.setattr(tallies, "SHARE", 1e9)
    assert ask(any_archive, made) == 1
    publish(any_archive)
    assert ask(any_archive, made) == 1
    monkeypatch.setattr(tallies, "SHARE", 0)
    assert ask(any_archive, made) == 2

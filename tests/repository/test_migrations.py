"""Migrations and tables agree, on each database, with data in place."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from repository import catalogue, upgrading
from repository.models.works import Event, Work
from repository.viewers import SYSTEM


def test_migrations_make_exactly_the_tables_of_the_models(any_archive):
    command.check(upgrading.config(any_archive.engine))


def test_migrations_are_numbered_from_one_without_gaps():
    script = ScriptDirectory("repository/migrations")
    revisions = sorted(one.revision for one in script.walk_revisions())
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_each_migration_goes_down_and_up_again_with_works_in_place(any_archive):
    engine = any_archive.engine
    with any_archive.writing() as session:
        work = catalogue.draft(session, {"titles": [{"text": "Тоо"}]}, actor=SYSTEM)
        number = work.id
    revisions = [
        one.revision
        for one in ScriptDirectory.from_config(upgrading.config(engine)).walk_revisions()
    ]
    for revision in revisions[:-1]:
        upgrading.downgrade(engine, f"{revision}-1")
        upgrading.upgrade(engine)
        with any_archive.reading() as session:
            assert session.scalar(select(Work.title).where(Work.id == number)) == "Тоо"
            assert session.scalars(select(Event.kind)).all() == ["created"]
    upgrading.downgrade(engine, "base")
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrading.upgrade(engine)
    with any_archive.writing() as session:
        assert session.execute(text("SELECT count(*) FROM works")).scalar() == 0

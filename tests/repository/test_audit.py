"""The audit log: what is written, that nobody changes it unseen, and that people are forgotten."""

import re
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import wsgi
from repository import accounts, audit, audit_check, audit_list, catalogue, publishing, throttle
from repository.audit_list import Wanted
from repository.models.accounts import Account
from repository.models.trust import Entry, Head, Person
from repository.rights import Rights
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access

DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Тоо", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


def write(archive, count=1, kind="work.noted", actor=SYSTEM, **more):
    for number in range(count):
        with archive.writing() as session:
            audit.write(session, kind, actor=actor, about=("work", number), **more)


def rows(archive, kind=""):
    with archive.reading() as session:
        return list(audit_list.every(session, Wanted(kind=kind)))[::-1]


def faults(archive, known=()):
    with archive.reading() as session:
        return list(audit_check.faults(session, known))


def names(archive):
    return [one.kind for one in faults(archive)]


@contextmanager
def unguarded(archive):
    """A connection from which the triggers are gone, whose work is thrown away."""
    with archive.engine.connect() as connection:
        if archive.engine.dialect.name == "sqlite":
            for name in audit_check.TRIGGERS["sqlite"]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in ("audit", "audit_people"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
        connection.rollback()


def judged(connection, known=()):
    """What is wrong, apart from the triggers that the test took away."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        return [one for one in audit_check.faults(session, known) if one.kind != "unguarded"]


def test_what_happens_to_a_work_is_in_the_log_with_who_and_why(archive, person):
    chief = person(Role.ADMINISTRATOR)
    with archive.writing() as session:
        number = catalogue.draft(session, DOCUMENT, actor=chief).id
    publishing.publish(archive, number, actor=chief)
    publishing.withdraw(archive, number, actor=chief, kind="other", reason="Тууралап койду")
    found = [one for one in rows(archive) if one.object_kind == "work"]
    assert [one.kind for one in found] == ["work.created", "work.published", "work.withdrawn"]
    assert {one.name for one in found} == {chief.name}
    assert found[-1].reason == "Тууралап койду" and found[-1].object_id == str(number)
    assert not faults(archive)


def test_a_row_says_from_which_network_and_seat_it_comes(archive, monkeypatch):
    monkeypatch.setattr(audit, "_place", ContextVar("place", default=""))
    audit.here("10.1.2.0/24")
    write(archive, actor=replace(SYSTEM, seat="Hall 5"))
    assert rows(archive)[-1].origin == "10.1.2.0/24, Hall 5"


def test_the_log_counts_without_gaps_whatever_was_rolled_back(archive):
    write(archive, 2)
    with pytest.raises(RuntimeError), archive.writing() as session:
        audit.write(session, "work.lost", actor=SYSTEM)
        raise RuntimeError
    with archive.writing() as session:
        audit.write(session, "work.kept", actor=SYSTEM)
        try:
            with session.begin_nested():
                audit.write(session, "work.lost", actor=SYSTEM)
                with session.begin_nested():
                    audit.write(session, "work.lost too", actor=SYSTEM)
                raise RuntimeError
        except RuntimeError:
            pass
        with session.begin_nested():
            audit.write(session, "work.kept too", actor=SYSTEM)
    assert [one.number for one in rows(archive)] == [1, 2, 3, 4]
    assert [one.kind for one in rows(archive)][2:] == ["work.kept", "work.kept too"]
    assert not faults(archive)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'x' WHERE id = 2",
        "UPDATE audit SET reason = reason",
        "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT id + 5, moment, actor_id, actor, kind, object_kind, object_id,"
        " origin, reason, details, previous, hash FROM audit WHERE id = 3",
        "UPDATE audit_people SET name = 'x'",
        "TRUNCATE audit",
    ],
)
def test_the_database_refuses_to_change_the_log(any_archive, statement):
    sqlite = any_archive.engine.dialect.name == "sqlite"
    if sqlite == statement.startswith("TRUNCATE") or (not sqlite and "INSERT" in statement):
        pytest.skip("a statement of the other database")
    write(any_archive, 3)
    with any_archive.writing() as session:
        session.add(Person(digest="d", account_id=1, name="n", email="e", salt="s"))
    with any_archive.engine.connect() as connection:
        with pytest.raises(DatabaseError, match="only added to"):
            connection.exec_driver_sql(statement)
        connection.rollback()


def test_a_log_without_its_guards_is_not_whole(archive):
    write(archive, 2)
    with archive.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_kept")
    assert names(archive) == ["unguarded"]


@pytest.fixture
def chain(archive, person):
    """A log of twelve rows by a person and by the program."""
    viewer = person(Role.CATALOGUER)
    write(archive, 5, reason="Себеби")
    write(archive, 6, actor=viewer, details={"before": ["open", None]})
    return archive


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_change_of_one_field_is_found(chain, data):
    number = data.draw(st.integers(1, 12))
    column = data.draw(st.sampled_from((*audit.COLUMNS, "hash")))
    value = data.draw(
        st.one_of(st.none(), st.integers(-(2**31), 2**31), st.text(max_size=20), st.binary())
        if column != "id"
        else st.integers(-100, 100)
    )
    with unguarded(chain) as connection:
        old = connection.execute(
            text(f"SELECT {column} FROM audit WHERE id = :id"), {"id": number}
        ).scalar_one()
        try:
            connection.execute(
                text(f"UPDATE audit SET {column} = :value WHERE id = :id"),
                {"id": number, "value": value},
            )
        except (DatabaseError, UnicodeEncodeError):  # the row stays as it was
            return
        new = connection.execute(
            text(f"SELECT {column} FROM audit WHERE id = :id"),
            {"id": value if column == "id" else number},
        ).scalar_one()
        found = judged(connection)
        assert bool(found) == (new != old or type(new) is not type(old)), (column, old, new)


@pytest.mark.parametrize("number", [1, 2, 7, 12])
def test_a_row_that_was_taken_out_is_named(chain, number):
    with unguarded(chain) as connection:
        connection.execute(text("DELETE FROM audit WHERE id = :id"), {"id": number})
        first = judged(connection)[0]
    assert first.row == number
    assert first.kind == ("missing" if number < 12 else "truncated")


def test_rows_that_change_places_are_found(chain):
    with unguarded(chain) as connection:
        for old, new in ((4, 99), (7, 4), (99, 7)):
            connection.execute(text("UPDATE audit SET id = :n WHERE id = :o"), {"o": old, "n": new})
        found = judged(connection)
    assert (found[0].row, found[0].kind) == (4, "reordered") and "was row 7" in found[0].says


def test_a_row_that_was_put_in_is_found(chain):
    copy = (
        "INSERT INTO audit SELECT {}, moment, actor_id, actor, kind, object_kind, object_id,"
        " origin, reason, details, previous, hash FROM audit WHERE id = 5"
    )
    for number, kind in ((0, "inserted"), (13, "reordered")):
        with unguarded(chain) as connection:
            connection.exec_driver_sql(copy.format(number))
            assert judged(connection)[0].kind == kind
            assert judged(connection)[0].row == number


def rewrite(connection, begin):
    """What somebody does who knows how: changes a row and makes all hashes after it anew."""
    previous = connection.execute(
        text("SELECT previous FROM audit WHERE id = :id"), {"id": begin}
    ).scalar_one()
    for row in (
        connection.execute(select(Entry.__table__).where(Entry.id >= begin)).mappings().all()
    ):
        made = {**row, "previous": previous}
        made["reason"] = "!" if row["id"] == begin else row["reason"]
        made["hash"] = previous = audit.seal(made)
        connection.execute(
            text("UPDATE audit SET reason=:reason, previous=:previous, hash=:hash WHERE id=:id"),
            {name: made[name] for name in ("reason", "previous", "hash", "id")},
        )
    connection.execute(text("UPDATE audit_head SET hash = :hash"), {"hash": previous})


def test_a_log_that_was_written_anew_is_found_by_an_anchor_alone(chain):
    with chain.reading() as session:
        known = [audit_check.anchor(session)]
    write(chain, 3)
    with unguarded(chain) as connection:
        rewrite(connection, 6)
        assert not judged(connection)
        (fault,) = judged(connection, known)
        assert fault.kind == "rewritten" and fault.row == 12
    with unguarded(chain) as connection:
        rewrite(connection, 13)
        assert not judged(connection, known), "what came after the anchor is not held by it"


def test_an_end_that_was_cut_off_is_found_by_an_anchor(chain):
    with chain.reading() as session:
        known = [audit_check.anchor(session)]
    with unguarded(chain) as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE id > 9")
        assert [one.kind for one in judged(connection)] == ["truncated"]
        connection.exec_driver_sql(
            "UPDATE audit_head SET last = 9, hash = (SELECT hash FROM audit WHERE id = 9)"
        )
        assert not judged(connection)
        (fault,) = judged(connection, known)
        assert fault.kind == "truncated" and fault.row == 10
        connection.exec_driver_sql("DELETE FROM audit_head")
        assert "head" in [one.kind for one in judged(connection)]


def test_a_name_that_was_changed_or_taken_away_is_found(chain):
    with unguarded(chain) as connection:
        connection.exec_driver_sql("UPDATE audit_people SET name = 'Somebody else'")
        assert [one.kind for one in judged(connection)] == ["name"]
        connection.exec_driver_sql("DELETE FROM audit_people")
        assert [one.kind for one in judged(connection)] == ["name"]


def test_a_person_can_be_forgotten_and_the_chain_stays_whole(chain):
    (account,) = {one.actor_id for one in rows(chain)} - {None}
    with chain.writing() as session:
        assert audit.forget(session, [account], actor=SYSTEM, reason="asked") == 1
    assert not faults(chain)
    mine = [one for one in rows(chain) if one.actor_id == account]
    assert len(mine) == 6 and not any(one.name or one.email for one in mine)
    with chain.reading() as session:
        everything = "".join(str(one) for one in session.execute(select(Entry.__table__)))
    assert "cataloguer@example.org" not in everything
    assert rows(chain)[-1].kind == "account.forgotten"


def test_accounts_roles_and_passwords_are_in_the_log(archive, person):
    chief, other = person(Role.ADMINISTRATOR), person(Role.READER)
    with archive.writing() as session:
        account = session.get_one(Account, other.id)
        accounts.grant(session, account, Role.CATALOGUER, actor=chief)
        accounts.revoke(session, account, Role.CATALOGUER, actor=chief)
        accounts.change(session, account, name="Айгүл", language="ky")
        hashed = accounts.check_new_password(account, "another long password")
        accounts.change_password(session, account, hashed=hashed)
        accounts.disable(session, account, actor=chief)
        accounts.enable(session, account, actor=chief)
    found = rows(archive)[2:]
    assert [one.kind for one in found] == [
        "account.granted",
        "account.revoked",
        "account.changed",
        "account.password",
        "account.closed",
        "account.opened",
    ]
    assert found[0].details == {"role": "cataloguer"} and found[0].name == chief.name
    assert found[3].actor_id == other.id
    with archive.reading() as session:
        assert hashed not in "".join(str(one) for one in session.execute(select(Entry.__table__)))


def test_guessing_passwords_leaves_one_row_and_not_one_for_each(archive, person):
    person(Role.READER)
    for _ in range(12):
        try:
            with archive.writing() as session:
                throttle.take(session, "sign-in", email="reader@example.org", address="10.1.2.3")
        except throttle.TooSoon:
            pass
    found = rows(archive, "sign-in")
    assert [one.kind for one in found] == ["sign-in.slowed"]
    assert found[0].object_kind == "account" and found[0].details == {"by": "address"}


def test_who_may_open_files_is_in_the_log(archive, paper):
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        file = catalogue.attach(
            session, work, name="a.pdf", size=1, sha512="0", media_type="text/plain", staged="x"
        )
        for _ in range(2):
            catalogue.grant(session, work, file, Rights(Access.STAFF), actor=SYSTEM)
    (row,) = rows(archive, "work.rights")
    assert row.details == {
        "file": "a.pdf",
        "before": {"access": "open"},
        "after": {"access": "staff"},
    }
    with archive.writing() as session:
        catalogue.discard(session, catalogue.get(session, work.id))
    assert rows(archive)[-1].kind == "work.deleted"


def test_many_writers_make_one_chain(any_archive):
    """Each touches the log first and then the same accounts in another order: no deadlock."""
    with any_archive.writing() as session:
        made = [
            accounts.add(session, email=f"p{number}@example.org", name="P", hashed="x").id
            for number in range(4)
        ]
    failed = []

    def work(turn):
        for step in range(10):
            try:
                with any_archive.writing() as session:
                    audit.write(session, "work.noted", actor=SYSTEM, about=("work", turn))
                    first = session.get_one(Account, made[(turn + step) % 4])
                    first.name = f"{turn}-{step}"
                    session.flush()
                    time.sleep(0.001)
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert len(rows(any_archive, "work.noted")) == 60
    with any_archive.reading() as session:
        assert not list(audit_check.faults(session))
        assert session.get_one(Head, 1).last == audit_check.count(session)


def run(archive, *words):
    return CliRunner().invoke(wsgi.cli, ["--instance", str(archive.settings.instance), *words])


@pytest.fixture
def settled(chain, monkeypatch):
    monkeypatch.setenv("ARCHIVE_SECRET_KEY", "k" * 40)
    return chain


def test_verify_says_what_is_wrong_by_its_exit_code(settled, tmp_path):
    done = run(settled, "audit", "verify")
    assert (done.exit_code, done.stdout) == (
        0,
        "The log is whole: 12 rows, 0 heads that were noted.\n",
    )
    bad = tmp_path / "heads"
    bad.write_text("what\n")
    assert run(settled, "audit", "verify", "--anchors", str(bad)).exit_code == 2
    assert run(settled, "audit", "verify", "--anchors", str(tmp_path / "no")).exit_code == 2
    with settled.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_unchanged")
        connection.exec_driver_sql("UPDATE audit SET kind = 'x' WHERE id = 5")
    done = run(settled, "audit", "verify")
    assert done.exit_code == 1 and done.stdout.startswith("Row 5 was changed.")


def test_the_head_is_noted_once_a_day_and_found_by_verify(settled, tmp_path):
    assert audit_check.daily(settled) == 1 and audit_check.daily(settled) == 0
    path = audit_check.heads(settled)
    assert path.stat().st_mode & 0o777 == 0o600
    mine = tmp_path / "heads"
    printed = run(settled, "audit", "anchor", "--file", str(mine)).stdout
    assert re.fullmatch(r"12 [0-9a-f]{64} \S+\n", printed) and mine.read_text() == printed
    with settled.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_kept")
        connection.exec_driver_sql("DELETE FROM audit WHERE id > 10")
        connection.exec_driver_sql(
            "UPDATE audit_head SET last = 10, hash = (SELECT hash FROM audit WHERE id = 10)"
        )
    done = run(settled, "audit", "verify", "--anchors", str(mine))
    assert done.exit_code == 1 and "Rows 11 to 12" in done.stdout


def test_the_log_is_shown_filtered_and_for_spreadsheets(settled):
    everything = run(settled, "audit", "show").stdout.splitlines()
    assert len(everything) == 12 and everything[0].startswith("12\t")
    assert len(run(settled, "audit", "show", "--work", "3").stdout.splitlines()) == 2
    assert (
        len(run(settled, "audit", "show", "--actor", "CATALOGUER@example.org").stdout.splitlines())
        == 6
    )
    assert len(run(settled, "audit", "show", "--kind", "account").stdout.splitlines()) == 1
    assert run(settled, "audit", "show", "--since", "2999-01-01").stdout == ""
    assert run(settled, "audit", "show", "--since", "soon").exit_code == 2
    assert len(run(settled, "audit", "show", "--limit", "2").stdout.splitlines()) == 2
    write(settled, reason="=1+1")
    assert "'=1+1" in run(settled, "audit", "show", "--csv").stdout
    assert run(settled, "audit", "forget", "1", "--reason", "asked").exit_code == 0
    assert "cataloguer@" not in run(settled, "audit", "show").stdout
    assert run(settled, "audit", "verify").exit_code == 0
    with settled.reading() as session:
        assert session.scalars(select(Entry).order_by(Entry.id.desc())).first().origin == (
            "open-archive audit"
        )

"""What happens to a file on arrival, with a real clamd, and with none that can be trusted."""

import io
import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import select

from ingest import arrivals, files, virus
from repository import catalogue, examined, indexing, publishing
from repository.access import Action, decide
from repository.archive import Archive
from repository.clock import now
from repository.errors import Busy, Invalid, NotAllowed
from repository.models.accounts import Letter
from repository.models.arrivals import FileStep
from repository.models.works import Change, Event, File, Work
from repository.viewers import SYSTEM, Viewer
from schemas.roles import Role
from schemas.vocabulary import Scan, State

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FIT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Тоолордун мөңгүлөрү", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def scanned(archive, scanner):
    """An archive whose uploads a real clamd looks at."""
    return with_scanner(archive, scanner.unix)


def with_scanner(archive, address, **more):
    fields = {name: getattr(archive, name) for name in archive.__dataclass_fields__}
    settings = replace(archive.settings, virus_scanner=address, **more)
    return Archive(**{**fields, "settings": settings})


def bring(archive, data, name="эмгек.txt", owner=None, state=State.SUBMITTED):
    """A work with one upload; its number."""
    settings = archive.settings
    arrival = files.receive(
        io.BytesIO(data), name, staging=settings.staging, limit=settings.upload_limit
    )
    with archive.writing() as session:
        work = catalogue.draft(session, FIT, actor=owner or SYSTEM)
        files.attach(session, work, arrival, settings=settings)
        work.state, work.submitted = state, now()
        return work.id


def only_file(archive, number):
    with archive.reading() as session:
        (file,) = session.get_one(Work, number).files
        return file


def steps_of(archive, number):
    with archive.reading() as session:
        (file,) = session.get_one(Work, number).files
        return examined.steps(session, [file])[file.id]


def hasten(archive):
    """Lets what is to be tried again be tried now."""
    with archive.writing() as session:
        for step in session.scalars(select(FileStep)):
            step.due = now()


def test_a_clean_upload_is_published_once_it_was_scanned(scanned):
    number = bring(scanned, b"Tasalanat suu")
    assert only_file(scanned, number).scan == Scan.WAITING
    with pytest.raises(NotAllowed, match="has not been checked for viruses yet"):
        publishing.accept(scanned, number, actor=SYSTEM)
    assert arrivals.follow(scanned) == 1
    assert only_file(scanned, number).scan == Scan.CLEAN
    publishing.accept(scanned, number, actor=SYSTEM)
    assert arrivals.follow(scanned) == 3
    steps = steps_of(scanned, number)
    assert steps["virus"].tool.startswith("ClamAV")
    assert {name: (one.state, one.outcome) for name, one in steps.items()} == {
        "virus": ("done", "clean"),
        "format": ("done", "x-fmt/111"),
        "text": ("done", "good"),
        "pictures": ("done", "none"),
    }
    assert arrivals.follow(scanned) == 0


def test_no_other_tool_touches_what_is_infected(scanned):
    number = bring(scanned, EICAR)
    assert [arrivals.follow(scanned) for _ in range(3)] == [1, 0, 0]
    assert {name: one.state for name, one in steps_of(scanned, number).items()} == {
        "virus": "done",
        "format": "waiting",
        "text": "waiting",
        "pictures": "waiting",
    }


def test_an_infected_upload_is_locked_away_and_people_are_told(scanned, person):
    author = person(Role.DEPOSITOR, email="aigul@example.org", language="ky")
    number = bring(scanned, EICAR, owner=author)
    staged = only_file(scanned, number).staged
    arrivals.follow(scanned)
    file = only_file(scanned, number)
    assert file.scan == Scan.INFECTED
    assert not (scanned.settings.staging / staged).exists()
    assert (scanned.settings.staging / "quarantine" / staged).read_bytes() == EICAR
    with pytest.raises(NotAllowed, match="is infected"):
        publishing.accept(scanned, number, actor=SYSTEM)
    with scanned.reading() as session:
        letters = {one.recipient: one for one in session.scalars(select(Letter))}
        kinds = set(session.scalars(select(Event.kind)))
    assert set(letters) == {"aigul@example.org", scanned.settings.admin_email}
    assert "OpenArchive.Eicar" in letters["aigul@example.org"].context["comment"]
    assert "file infected" in kinds


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_let_at_an_infected_file(scanned, role):
    number = bring(scanned, EICAR)
    arrivals.follow(scanned)
    with scanned.reading() as session:
        work = session.get_one(Work, number)
        viewer = Viewer(id=work.owner_id or 5, roles=frozenset({role}), on_campus=True)
        assert not decide(viewer, Action.READ, work, work.files[0])


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.sock", "tcp://127.0.0.1:9"])
def test_while_the_daemon_is_down_files_wait_and_nothing_unscanned_is_published(
    archive, scanner, address
):
    silent = with_scanner(archive, address)
    number = bring(silent, b"Suu")
    for _ in range(3):
        hasten(silent)
        assert arrivals.follow(silent) == 1
    assert only_file(silent, number).scan == Scan.WAITING
    step = steps_of(silent, number)["virus"]
    assert (step.state, step.tries) == ("waiting", 3)
    assert "clamd at" in step.error
    with pytest.raises(NotAllowed):
        publishing.accept(silent, number, actor=SYSTEM)
    back = with_scanner(archive, scanner.tcp)
    hasten(back)
    arrivals.follow(back)
    publishing.accept(back, number, actor=SYSTEM)


FOLLOWING = """
import os
from dataclasses import replace
from ingest import arrivals
from repository import archive, settings

with archive.opened(settings.load(dict(os.environ))) as found:
    arrivals.follow(found)
"""


def test_a_step_whose_process_was_killed_is_taken_up_again(archive, scanner):
    number = bring(with_scanner(archive, scanner.unix), b"Suu")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        known = {
            "ARCHIVE_INSTANCE": str(archive.settings.instance),
            "ARCHIVE_SECRET_KEY": archive.settings.secret_key,
            "ARCHIVE_VIRUS_SCANNER": f"tcp://127.0.0.1:{mute.getsockname()[1]}",
        }
        child = subprocess.Popen([sys.executable, "-c", FOLLOWING], env={**os.environ, **known})
        link, _ = mute.accept()
        child.kill()
        child.wait()
        link.close()
    scanned = with_scanner(archive, scanner.unix)
    assert arrivals.follow(scanned) == 0  # for all we know somebody is still at it
    hasten(scanned)
    arrivals.follow(scanned)
    assert only_file(scanned, number).scan == Scan.CLEAN


def test_without_a_scanner_files_pass_with_a_mark_unless_the_policy_holds_them(archive):
    number = bring(archive, b"Suu")
    assert only_file(archive, number).scan == Scan.UNSCANNED
    with pytest.raises(NotAllowed):
        publishing.accept(with_scanner(archive, "none", unscanned="hold"), number, actor=SYSTEM)
    publishing.accept(archive, number, actor=SYSTEM)


def test_what_is_too_large_for_the_scanner_is_held_or_passes_with_a_mark(scanned, scanner):
    number = bring(scanned, b"\0" * (scanner.limit + 2**20), name="тоо.bin")
    arrivals.follow(scanned)
    assert only_file(scanned, number).scan == Scan.UNSCANNED
    with pytest.raises(NotAllowed):
        publishing.accept(scanned, number, actor=SYSTEM)
    publishing.accept(with_scanner(scanned, scanner.unix, unscanned="allow"), number, actor=SYSTEM)


def test_an_import_takes_nothing_in_that_is_infected_or_cannot_be_checked(scanned, tmp_path):
    bad = tmp_path / "эмгек.txt"
    bad.write_bytes(EICAR)
    with pytest.raises(Invalid, match=r"OpenArchive\.Eicar"):
        virus.insist(scanned.settings, bad, bad.name)
    silent = with_scanner(scanned, "unix:/nowhere")
    with pytest.raises(Busy, match="could not be checked"):
        virus.insist(silent.settings, bad, bad.name)
    assert virus.insist(replace(silent.settings, unscanned="allow"), bad, bad.name).outcome == (
        Scan.UNSCANNED
    )


def test_new_signatures_find_what_the_old_ones_did_not(scanned):
    number = bring(scanned, EICAR)
    with scanned.writing() as session:  # as signatures of yesterday left it
        file = session.scalars(select(File)).one()
        file.scan = Scan.CLEAN
        step = session.get_one(FileStep, (file.id, virus.STEP))
        step.state, step.tool, step.finished = "done", "ClamAV of yesterday", now()
    publishing.accept(scanned, number, actor=SYSTEM)
    with scanned.writing() as session:
        session.query(Change).delete()
    assert virus.refresh(scanned) == 1
    arrivals.follow(scanned)
    assert virus.refresh(scanned) == 0
    file = only_file(scanned, number)
    assert (file.scan, file.staged) == (Scan.INFECTED, None)
    with scanned.reading() as session:
        assert session.scalars(select(Change.work_id)).first() == number
        document = indexing.document(scanned, session.get_one(Work, number))
        work = session.get_one(Work, number)
        assert not decide(SYSTEM, Action.READ, work, work.files[0])
        assert document.number == number
    assert document.pages == ()


def test_a_draft_that_is_deleted_while_it_is_scanned_harms_nobody(scanned):
    number = bring(scanned, b"Suu", state=State.DRAFT)
    with scanned.writing() as session:
        catalogue.discard(session, catalogue.get(session, number))
    assert arrivals.follow(scanned) == 0

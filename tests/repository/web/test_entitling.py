"""The rights of a published work: changed by staff in a form, kept in the store, told to all."""

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import select

from repository import catalogue, publishing, recovery, versions
from repository.exports import jsonl
from repository.models.trust import Entry
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas.roles import Role

DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Мөңгүлөр", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "in-copyright",
}


@pytest.fixture
def number(archive):
    """A published work with one file."""
    data = b"text"
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        (archive.settings.staging / "staged").write_bytes(data)
        catalogue.attach(
            session,
            work,
            name="a.txt",
            size=len(data),
            sha512=hashlib.sha512(data).hexdigest(),
            media_type="text/plain",
            staged="staged",
        )
        number = work.id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


@pytest.fixture
def staff(person, enter):
    """A cataloguer's browser."""
    return enter(person(Role.CATALOGUER))


def kept(archive, number):
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert len(work.files) and len(work.versions)
        return work


def typed(file, **more):
    at = f"files.{file.id}."
    return {
        f"{at}access": "campus",
        f"{at}copying": "view-only",
        f"{at}embargo_until": "01.02.2990",
        f"{at}embargo_reason": "publisher",
        f"{at}lease_until": "2991-02-01",
        "copyright_basis": "agreement",
        "rights_note": "Letter of the publisher, No. 12",
        "reason": "The publisher wrote to us.",
        **more,
    }


def test_rights_are_changed_stored_and_told(archive, number, staff, client, tmp_path, settle):
    settle()
    page = staff.get(f"/staff/works/{number}/rights")
    (file,) = kept(archive, number).files
    answer = staff.send(page, "rights", typed=typed(file))
    assert answer.headers["Location"].endswith(f"/works/{number}")
    work = kept(archive, number)
    (file,) = work.files
    assert (file.access, file.copying, file.embargo_reason) == ("campus", "view-only", "publisher")
    assert (file.embargo_until, file.lease_until) == (date(2990, 2, 1), date(2991, 2, 1))
    assert (work.copyright_basis, work.version) == ("agreement", 2)
    assert work.versions[-1].reason == "The publisher wrote to us."
    assert work.document == work.versions[0].document
    with archive.reading() as session:
        assert catalogue.events(session, work)[-1].kind == "rights changed"
        rows = session.scalars(select(Entry).where(Entry.kind == "work.rights")).all()
        given = [json.loads(one.details) for one in rows]
    assert {one["file"] for one in given} == {"", "a.txt"}
    # Everything of it is in the store and in exports, and the note is on no page.
    stored = json.loads(archive.store.read(versions.object_id(work.uuid), versions.RIGHTS))
    assert stored["note"].startswith("Letter of the publisher")
    assert stored["files"][0]["lease_until"] == "2991-02-01"
    jsonl.write(archive, tmp_path / "out")
    line = json.loads((tmp_path / "out" / "works.jsonl").read_text("utf-8"))
    assert (line["copyright_basis"], line["files"][0]["copying"]) == ("agreement", "view-only")
    settle()
    for path in (f"/works/{number}", f"/works/{number}.json", f"/works/{number}.dc.xml"):
        assert "Letter of" not in client.get(path).get_data(as_text=True)
    address = f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{number}"
    assert "embargoedAccess" in client.get(address).get_data(as_text=True)


WRONG = {
    "no reason": ({"reason": " "}, "Please fill this in."),
    "no reason of the embargo": ({"embargo_reason": ""}, "Choose why it stays closed until then."),
    "past": ({"embargo_until": "1999-01-01"}, "This day has passed already."),
    "past lease": ({"lease_until": "1999-01-01"}, "This day has passed already."),
    "no day": ({"lease_until": "soon"}, "soon"),
    "crossed": ({"lease_until": "2989-01-01"}, "It would end before the file has opened."),
    "long": ({"rights_note": "x" * 5001}, "This is too long."),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_answers_are_refused_and_nothing_changes(archive, number, staff, case):
    changes, said = WRONG[case]
    page = staff.get(f"/staff/works/{number}/rights")
    (file,) = kept(archive, number).files
    named = {
        name if name in ("reason", "rights_note") else f"files.{file.id}.{name}": value
        for name, value in changes.items()
    }
    answer = staff.send(page, "rights", typed=typed(file, **named))
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    work = kept(archive, number)
    assert (work.version, work.files[0].access, work.copyright_basis) == (1, "open", "unknown")


def test_of_two_editors_one_wins(archive, number, staff):
    page = staff.get(f"/staff/works/{number}/rights")
    (file,) = kept(archive, number).files
    assert staff.send(page, "rights", typed=typed(file)).status_code == 303
    answer = staff.send(page, "rights", typed={f"files.{file.id}.access": "closed", "reason": "x"})
    assert answer.status_code == 409
    assert kept(archive, number).files[0].access == "campus"


def test_sending_the_form_unchanged_makes_no_version(archive, number, staff):
    page = staff.get(f"/staff/works/{number}/rights")
    assert staff.send(page, "rights", typed={"reason": "x"}).status_code == 303
    assert kept(archive, number).version == 1


@pytest.mark.parametrize("role", [Role.DEPOSITOR, Role.DIRECTOR, Role.ACQUISITIONS])
def test_only_cataloguers_change_rights(number, person, enter, role):
    assert enter(person(role)).client.get(f"/staff/works/{number}/rights").status_code == 403


def test_a_depositor_cannot_answer_what_only_staff_are_asked(archive, person, enter, app):
    author = enter(person(Role.DEPOSITOR))
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=author.viewer)
        catalogue.attach(session, work, name="a", size=1, sha512="a", media_type="a/b", staged="a")
        number = work.id
    (file,) = kept_draft(archive, number).files
    page = author.get(f"/deposit/{number}/rights")
    text = page.text_content()
    assert "Note on the rights" not in text and "For library staff" not in text
    answers = typed(file, **{f"files.{file.id}.access": "staff"})
    author.send(page, "step", typed=answers)
    work = kept_draft(archive, number)
    assert (work.files[0].access, work.files[0].copying) == ("open", "allowed")
    assert work.files[0].embargo_reason == "publisher"
    assert (work.copyright_basis, work.rights_note) == ("unknown", "")
    assert work.files[0].lease_until is None


def kept_draft(archive, number):
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert len(work.files)
        return work


def test_a_version_that_a_crash_cut_off_comes_back_with_its_rights(archive, number):
    with archive.reading() as session:
        work = session.get_one(Work, number)
        oid = versions.object_id(work.uuid)
        parts = [
            versions.Part(**{**vars(one), "copying": "view-only", "lease_until": date(2990, 1, 1)})
            for one in versions.parts_of(work)
        ]
    publishing.grant(archive, number, actor=SYSTEM, reason="x", parts=parts, copyright_basis="law")
    granted = versions.read_rights(archive, oid)
    described = json.loads(archive.store.read(oid, versions.WORK))
    future = versions.future_of(described, granted)
    assert (future.parts[0].copying, future.copyright_basis) == ("view-only", "law")
    assert future.parts[0].lease_until == date(2990, 1, 1)
    shut = versions.future_of(described, versions.Granted({}))
    assert (shut.parts[0].access, shut.parts[0].copying) == ("closed", "view-only")
    assert recovery.recover(archive) == []

"""Uploads in pieces through the application: who may, what is refused, what is kept."""

import base64
import hashlib
import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ingest import partials, unfinished
from repository import catalogue
from repository.clock import now
from repository.models.arrivals import FileStep
from repository.models.uploads import Upload
from schemas.roles import Role
from schemas.vocabulary import State

TEXT = "Ысык-Көл тоонун койнунда. ".encode() * 40
SPEAKS = {"Tus-Resumable": "1.0.0"}


class Sender:
    """A client of tus in a signed-in person's browser."""

    def __init__(self, browser, number):
        self.client = browser.client
        self.token = browser.token()
        self.address = f"/deposit/{number}/uploads"

    def ask(self, method, address="", data=b"", **headers):
        given = {**SPEAKS, "X-CSRFToken": self.token, "Accept": "application/json"}
        given |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        kind = {"content_type": "application/offset+octet-stream"} if method == "PATCH" else {}
        address = address or self.address
        return self.client.open(address, method=method, data=data, headers=given, **kind)

    def begin(self, size, name="көл.txt", **headers):
        said = f"filename {base64.b64encode(name.encode()).decode()}"
        return self.ask("POST", Upload_Length=size, Upload_Metadata=said, **headers)

    def made(self, size=len(TEXT), **named):
        answer = self.begin(size, **named)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def patch(self, address, data, offset, **headers):
        return self.ask("PATCH", address, data, Upload_Offset=offset, **headers)

    def offset(self, address):
        answer = self.ask("HEAD", address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"])


@pytest.fixture
def author(person):
    return person(Role.DEPOSITOR)


@pytest.fixture
def number(archive, author):
    """A draft's number."""
    with archive.writing() as session:
        return catalogue.draft(session, {}, actor=author).id


@pytest.fixture
def sender(enter, author, number):
    return Sender(enter(author), number)


@pytest.fixture
def files(archive, number):
    """The names and digests of the draft's files."""

    def read():
        with archive.reading() as session:
            work = catalogue.get(session, number)
            return [(file.name, file.sha512) for file in work.current_files]

    return read


@pytest.fixture
def lying(archive):
    """What lies in the folder of uploads."""
    return lambda: sorted(one.suffix for one in archive.settings.uploads.iterdir())


def sha1(data):
    return "sha1 " + base64.b64encode(hashlib.sha1(data).digest()).decode()


WHOLE = [("көл.txt", hashlib.sha512(TEXT).hexdigest())]


def test_a_file_comes_in_pieces_and_goes_the_way_of_every_file(archive, sender, files, lying):
    address = sender.made()
    assert sender.patch(address, TEXT[:100], 0).headers["Upload-Offset"] == "100"
    assert sender.offset(address) == 100 and files() == []
    answer = sender.patch(address, TEXT[100:], 100)
    assert answer.status_code == 204 and answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert files() == WHOLE and lying() == []
    assert len(list(archive.settings.staging.glob("?" * 32))) == 1
    with archive.reading() as session:
        assert session.scalars(select(FileStep.step)).all()


def test_what_the_server_can_do_is_said(sender):
    said = sender.ask("OPTIONS").headers
    assert said["Tus-Version"] == "1.0.0" and said["Tus-Max-Size"] == str(2**30)
    assert said["Tus-Extension"] == "creation,checksum,termination,expiration"
    assert said["Tus-Checksum-Algorithm"] == "sha1,sha256,sha512"


def test_a_sender_who_missed_the_last_answer_hears_that_all_is_here(sender, files):
    address = sender.made()
    sender.patch(address, TEXT, 0)
    assert sender.offset(address) == len(TEXT)
    assert sender.patch(address, b"", len(TEXT)).status_code == 204
    assert files() == WHOLE
    assert sender.ask("DELETE", address).status_code == 409


def test_an_upload_that_was_cut_off_before_it_became_a_file_becomes_one(archive, sender, files):
    address = sender.made()
    path = unfinished.path(archive.settings, address.rpartition("/")[2])
    path.write_bytes(TEXT)
    path.chmod(0o440)
    assert sender.offset(address) == len(TEXT)
    assert files() == WHOLE and not path.exists()


def test_bytes_that_are_not_those_that_were_sent_are_not_kept(sender, lying, files):
    address = sender.made()
    assert sender.patch(address, TEXT[:50], 0, Upload_Checksum=sha1(TEXT[:50])).status_code == 204
    wrong = sender.patch(address, TEXT[50:], 50, Upload_Checksum=sha1(b"other"))
    assert wrong.status_code == 460 and sender.offset(address) == 50
    assert ".piece" not in lying()
    unknown = sender.patch(address, TEXT[50:], 50, Upload_Checksum="crc32 AAAA")
    assert unknown.status_code == 400
    right = sender.patch(address, TEXT[50:], 50, Upload_Checksum=sha1(TEXT[50:]))
    assert right.status_code == 204 and files() == WHOLE


@pytest.mark.parametrize(
    ("offset", "data", "headers", "status"),
    [
        (1, TEXT[:5], {}, 409),
        (0, TEXT + b"x", {}, 413),
        ("x", TEXT, {}, 400),
        (0, TEXT, {"Tus_Resumable": "0.2.2"}, 412),
        (0, TEXT, {"Content_Type": "text/plain"}, 204),
    ],
)
def test_what_is_refused_leaves_the_upload_as_it_was(sender, offset, data, headers, status):
    address = sender.made()
    answer = sender.patch(address, data, offset, **headers)
    assert answer.status_code == status
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"
    if status != 204:
        assert sender.offset(address) == 0


def test_a_body_of_another_kind_is_refused(sender):
    address = sender.made()
    given = {**SPEAKS, "X-CSRFToken": sender.token, "Upload-Offset": "0"}
    assert sender.client.patch(address, data=b"x", headers=given).status_code == 415


def test_a_file_that_is_too_large_or_empty_is_refused_before_it_comes(sender, lying):
    assert sender.begin(2**30 + 1).status_code == 413
    assert sender.begin(0).status_code == 422
    assert sender.begin(2**30, Tus_Resumable="2").status_code == 412
    assert lying() == []


def test_a_file_that_is_refused_when_it_is_whole_is_gone_with_its_reason(sender, files, lying):
    page = b"<!doctype html><html><body>Sign in</body></html>"
    address = sender.made(len(page), name="paper.pdf")
    answer = sender.patch(address, page, 0)
    assert answer.status_code == 422 and "HTML" in answer.json["error"]
    assert sender.ask("HEAD", address).status_code == 404
    assert files() == [] and lying() == []


def test_an_upload_can_be_ended(sender, lying):
    address = sender.made()
    sender.patch(address, TEXT[:10], 0)
    assert sender.ask("DELETE", address).status_code == 204
    assert lying() == []
    assert sender.ask("HEAD", address).status_code == 404
    assert sender.patch(address, TEXT[10:], 10).status_code == 404


def test_a_client_without_these_methods_asks_by_post(sender, files):
    address = sender.made()
    answer = sender.ask(
        "POST", address, TEXT, X_HTTP_Method_Override="PATCH", Upload_Offset=0,
        Content_Type="application/offset+octet-stream",
    )  # fmt: skip
    assert answer.status_code == 204 and files() == WHOLE
    assert sender.ask("POST", address).status_code == 400


def test_two_do_not_bring_one_upload_at_once(archive, sender):
    address = sender.made()
    path = unfinished.path(archive.settings, address.rpartition("/")[2])
    with partials.taken(path):
        answer = sender.patch(address, TEXT, 0)
        assert answer.status_code == 423 and answer.headers["Retry-After"] == "5"
        assert sender.offset(address) == 0
    assert sender.patch(address, TEXT, 0).status_code == 204


def test_a_line_that_is_dead_without_knowing_it_gives_way(archive, sender, files):
    address = sender.made()
    path = unfinished.path(archive.settings, address.rpartition("/")[2])
    with partials.taken(path) as dead:
        dead.put(TEXT[:10], 0)
        long_ago = now().timestamp() - partials.SILENCE - 1
        os.utime(path.with_suffix(".lock"), (long_ago, long_ago))
        assert sender.patch(address, TEXT[10:20], 10).status_code == 204
        with pytest.raises(Exception, match="Another request"):
            dead.put(b"late", 10)
    assert sender.patch(address, TEXT[20:], 20).status_code == 204
    assert files() == WHOLE


def test_only_who_may_edit_the_draft_may_touch_its_uploads(sender, enter, person, number):
    address = sender.made()
    other = enter(person(Role.DEPOSITOR, email="other@example.org"))
    stranger = Sender(other, number)
    assert stranger.begin(10).status_code == 404
    for method in ("HEAD", "PATCH", "DELETE"):
        answer = stranger.ask(method, address, b"", Upload_Offset=0)
        assert answer.status_code == 404, method
    cataloguer = Sender(enter(person(Role.CATALOGUER)), number)
    assert cataloguer.offset(address) == 0


def test_an_upload_is_found_under_its_own_work_only(archive, author, sender):
    address = sender.made()
    with archive.writing() as session:
        second = catalogue.draft(session, {}, actor=author).id
    assert sender.ask("HEAD", f"/deposit/{second}/uploads/{address[-32:]}").status_code == 404


def test_without_the_token_of_the_form_nothing_is_taken(sender):
    address = sender.made()
    sender.token = ""
    assert sender.begin(10).status_code == 400
    assert sender.patch(address, TEXT, 0).status_code == 400
    assert sender.ask("DELETE", address).status_code == 400
    assert sender.offset(address) == 0


def test_a_draft_that_was_sent_takes_no_more_files(archive, sender, number, files):
    address = sender.made()
    with archive.writing() as session:
        catalogue.get(session, number).state = State.SUBMITTED
    assert sender.patch(address, TEXT, 0).status_code in (403, 409)
    assert sender.begin(10).status_code in (403, 409)
    with archive.writing() as session:
        catalogue.get(session, number).state = State.DRAFT
    assert sender.patch(address, TEXT, 0).status_code == 204
    assert files() == WHOLE


def test_uploads_of_one_person_have_an_end(sender, monkeypatch):
    monkeypatch.setattr(unfinished, "MOST", 2)
    sender.made(), sender.made()
    assert sender.begin(10).status_code == 409


def test_the_page_lists_what_waits_for_the_rest(sender, number):
    address = sender.made()
    sender.patch(address, TEXT[:520], 0)
    page = sender.client.get(f"/deposit/{number}/files").get_data(as_text=True)
    assert f'data-address="{address}"' in page and "көл.txt" in page
    sender.patch(address, TEXT[520:], 520)
    page = sender.client.get(f"/deposit/{number}/files").get_data(as_text=True)
    assert "data-address" not in page


def test_what_nobody_goes_on_with_is_swept_and_nothing_else(archive, sender, lying):
    old, young = sender.made(), sender.made()
    stray = archive.settings.uploads / "stray.part"
    stray.write_bytes(b"of no upload")
    with archive.writing() as session:
        name = old.rpartition("/")[2]
        ended = now() - timedelta(minutes=1)
        session.execute(update(Upload).where(Upload.id == name).values(expires=ended))
    assert sender.ask("HEAD", old).status_code == 410
    two_hours_ago = now().timestamp() - 7200
    for path in archive.settings.uploads.iterdir():
        os.utime(path, (two_hours_ago, two_hours_ago))
    unfinished.sweep(archive)
    assert lying() == [".part"]
    assert sender.offset(young) == 0
    assert sender.ask("HEAD", old).status_code == 404


def test_an_upload_that_goes_on_lives_on(archive, sender):
    address = sender.made()
    name = address.rpartition("/")[2]
    with archive.writing() as session:
        soon = now() + timedelta(hours=2)
        session.execute(update(Upload).where(Upload.id == name).values(expires=soon))
    sender.patch(address, TEXT[:10], 0)
    with archive.reading() as session:
        left = session.get_one(Upload, name).expires - now()
    assert left > timedelta(days=6, hours=23)


def test_an_upload_whose_partial_file_was_lost_says_so(archive, sender):
    address = sender.made()
    unfinished.path(archive.settings, address.rpartition("/")[2]).unlink()
    assert sender.ask("HEAD", address).status_code == 410
    assert sender.patch(address, TEXT, 0).status_code == 410

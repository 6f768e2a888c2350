"""Files are brought for a draft: from an address, from the server's folder, by a command."""

import http.server
import os
import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import wsgi
from ingest import bringing, fetches
from repository import archive as opening
from repository import catalogue
from repository.addresses import Refused
from repository.errors import NotAllowed, NotFound
from repository.models.fetches import Fetch, FetchState
from repository.models.works import Event, Work
from schemas.roles import Role

BODY = b"Lines of a text that is brought.\n" * 4000


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, kind, body, extra = self.server.answers[self.path]
        self.send_response(status)
        for name, value in {"Content-Type": kind, **extra}.items():
            self.send_header(name, value)
        if status == 200 and "Content-Length" not in extra:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        pass


@pytest.fixture
def elsewhere():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers = {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def here(archive, elsewhere):
    """An archive that may ask its own machine, its folder, and what the other server is called."""
    folder = archive.settings.instance / "inbox"
    folder.mkdir()
    chosen = replace(archive.settings, fetch_networks=("127.0.0.0/8",))
    with opening.opened(chosen) as made:
        yield made, folder, f"http://127.0.0.1:{elsewhere.server_port}"


@pytest.fixture
def owner(person):
    return person(Role.DEPOSITOR)


@pytest.fixture
def chief(person):
    return person(Role.CATALOGUER)


def draft(archive, owner):
    with archive.writing() as session:
        return catalogue.draft(session, {}, actor=owner).id


def brought(archive, number, source, actor):
    with archive.writing() as session:
        fetches.ask(session, catalogue.get(session, number), source, actor=actor)
    while bringing.follow(archive):
        pass
    with archive.reading() as session:
        work = session.get_one(Work, number)
        left = session.scalars(select(Fetch)).all()
        return [(one.name, one.size) for one in work.current_files], [
            (one.state, one.problem["sentence"]) for one in left
        ]


def test_a_file_comes_from_an_address(here, elsewhere, owner):
    archive, _folder, url = here
    elsewhere.answers["/a/text.txt?x=1"] = (200, "text/plain", BODY, {})
    number = draft(archive, owner)
    assert brought(archive, number, f"{url}/a/text.txt?x=1", owner) == (
        [("text.txt", len(BODY))],
        [],
    )
    with archive.reading() as session:
        events = session.scalars(select(Event).where(Event.work_id == number)).all()
    assert events[-1].kind == "file brought" and url in events[-1].comment


@pytest.mark.parametrize(
    ("path", "kind", "headers", "name"),
    [
        (
            "/get",
            "text/plain",
            {"Content-Disposition": "attachment; filename*=UTF-8''%D1%8B%D1%80.txt"},
            "ыр.txt",
        ),
        ("/%D0%BA%D2%AF%D2%AF.txt", "text/plain", {}, "күү.txt"),
        (
            "/get",
            "text/plain",
            {"Content-Disposition": 'attachment; filename="../../etc/x.txt"'},
            "x.txt",
        ),
    ],
)
def test_it_has_the_name_that_the_server_gives(here, elsewhere, owner, path, kind, headers, name):
    archive, _folder, url = here
    elsewhere.answers[path] = (200, kind, BODY, headers)
    files, problems = brought(archive, draft(archive, owner), f"{url}{path}", owner)
    assert (files, problems) == ([(name, len(BODY))], [])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, "text/plain", b"", {}), "error"),
        ((200, "text/html", b"<p>", {}), "web page"),
        ((200, "text/plain", b"", {}), "empty"),
        ((302, "text/plain", b"", {"Location": "http://169.254.169.254/"}), "not asked"),
        ((200, "text/plain", b"short", {"Content-Length": "9000"}), "did not answer"),
    ],
)
def test_what_goes_wrong_is_said_and_nothing_is_kept(here, elsewhere, owner, answer, said):
    archive, _folder, url = here
    elsewhere.answers["/a"] = answer
    files, ((state, sentence),) = brought(archive, draft(archive, owner), f"{url}/a", owner)
    assert files == [] and state == FetchState.FAILED
    assert said in sentence
    assert os.listdir(archive.settings.staging) == ["ocfl"]  # where the store prepares versions


def test_a_file_that_is_too_large_is_not_kept(here, elsewhere, owner):
    archive, _folder, url = here
    elsewhere.answers["/a"] = (200, "text/plain", BODY, {})
    with opening.opened(replace(archive.settings, upload_limit=1000)) as small:
        files, problems = brought(small, draft(small, owner), f"{url}/a", owner)
    assert files == [] and len(problems) == 1


def test_after_a_failure_it_is_tried_again_or_done_without(here, elsewhere, owner):
    archive, _folder, url = here
    elsewhere.answers["/a.txt"] = (503, "text/plain", b"", {})
    number = draft(archive, owner)
    brought(archive, number, f"{url}/a.txt", owner)
    elsewhere.answers["/a.txt"] = (200, "text/plain", BODY, {})
    with archive.writing() as session:
        work = catalogue.get(session, number)
        fetches.again(session, work, fetches.of(session, number)[0].id)
    while bringing.follow(archive):
        pass
    with archive.reading() as session:
        assert len(session.get_one(Work, number).files) == 1
        assert fetches.of(session, number) == []


def test_addresses_of_our_own_network_are_refused(archive, owner):
    number = draft(archive, owner)
    files, ((state, _sentence),) = brought(archive, number, "http://127.0.0.1/a", owner)
    assert (files, state) == ([], FetchState.FAILED)
    for source in ("file:///etc/passwd", "http://user@example.org/"):
        with archive.writing() as session, pytest.raises(Refused):
            fetches.ask(session, catalogue.get(session, number), source, actor=owner)


def test_staff_take_files_from_the_folder_and_others_do_not(here, owner, chief):
    archive, folder, _url = here
    (folder / "CD 1").mkdir()
    (folder / "CD 1" / "ыр.txt").write_bytes(BODY)
    (folder / ".hidden").write_bytes(b"x")
    (folder / "out").symlink_to("/etc/passwd")
    assert fetches.listed(folder) == [("CD 1/ыр.txt", len(BODY))]
    number = draft(archive, chief)
    assert brought(archive, number, "inbox:CD 1/ыр.txt", chief)[0] == [("ыр.txt", len(BODY))]
    assert (folder / "CD 1" / "ыр.txt").exists()
    other = draft(archive, owner)
    with archive.writing() as session, pytest.raises(NotAllowed):
        fetches.ask(session, catalogue.get(session, other), "inbox:CD 1/ыр.txt", actor=owner)


@pytest.mark.parametrize("source", ["inbox:../archive.conf", "inbox:/etc/passwd", "inbox:out"])
def test_nothing_outside_the_folder_is_taken(here, source):
    _archive, folder, _url = here
    (folder / "out").symlink_to("/etc/passwd")
    with pytest.raises(NotFound):
        fetches.place(folder, source)


def test_pages_ask_show_and_forget(archive, enter, owner, chief):
    inbox = archive.settings.instance / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_bytes(BODY)
    number = draft(archive, chief)
    browser = enter(chief)
    page = browser.get(f"/deposit/{number}/files")
    assert page.xpath(f"//a[@href='/deposit/{number}/bring']")
    page = browser.get(f"/deposit/{number}/bring")
    assert browser.send(page, "/bring", typed={"address": "ftp://example.org/a"}).status_code == 422
    form = page.xpath("//form[.//input[@name='files']]")[0]
    token = form.xpath(".//input[@name='csrf_token']/@value")[0]
    answer = browser.client.post(form.action, data={"files": "a.txt", "csrf_token": token})
    assert answer.status_code == 303
    page = browser.get(f"/deposit/{number}/bring")
    assert page.xpath("//progress") and page.xpath("//meta[@http-equiv='refresh']")
    browser.send(page, "/bring/1", ("forget", "1"))
    assert not browser.get(f"/deposit/{number}/bring").xpath("//progress")
    assert enter(owner).client.get(f"/deposit/{number}/bring").status_code in (403, 404)


def test_the_command_adds_files_to_a_draft_or_none(archive, chief, tmp_path):
    number = draft(archive, chief)
    good, bad = tmp_path / "a.txt", tmp_path / "b.pdf"
    good.write_bytes(BODY)
    bad.write_bytes(b"no PDF at all")
    chosen = archive.settings
    runner = CliRunner(env={"ARCHIVE_SECRET_KEY": "k" * 40, "ARCHIVE_BASE_URL": "http://localhost"})
    instance = str(chosen.instance)
    (chosen.instance / "archive.conf").touch()
    result = runner.invoke(wsgi.cli, ["--instance", instance, "attach", str(number), str(bad)])
    assert result.exit_code == 1 and "PDF" in result.output
    result = runner.invoke(wsgi.cli, ["--instance", instance, "attach", str(number), str(good)])
    assert result.exit_code == 0, result.output
    with archive.reading() as session:
        assert [one.name for one in session.get_one(Work, number).files] == ["a.txt"]

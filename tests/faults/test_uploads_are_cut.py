"""Uploads in pieces to a real server: `kill -9`, broken lines, a full disk, and a real client."""

import base64
import hashlib
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from repository import accounts, catalogue, sessions, settings
from repository import archive as opening
from repository.models.accounts import Account
from repository.models.works import Work
from schemas.roles import Role

SIZE = 20 * 2**20
PIECE = 2**20


class Server:
    """A server process that can be killed and started again, and a depositor's draft in it."""

    def __init__(self, folder, template):
        (folder / "archive.sqlite").write_bytes(template.read_bytes())
        with closing(socket.socket()) as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        given = {"instance": str(folder), "secret_key": "k" * 40, "base_url": self.base}
        self.settings = settings.load({}, **given)
        self.environment = os.environ | {
            f"ARCHIVE_{name.upper()}": value for name, value in given.items()
        }
        self.process = None
        with opening.opened(self.settings) as archive, archive.writing() as session:
            author = accounts.create(
                session, email="a@example.org", name="A", password="a long enough password",
                roles=[Role.DEPOSITOR], language="en", confirmed=True,
            )  # fmt: skip
            account = session.get_one(Account, author.id)
            self.cookie = sessions.start(session, account, agent="test", address="127.0.0.1")
            self.number = catalogue.draft(session, {}, actor=author).id
        self.address = f"{self.base}/deposit/{self.number}/uploads"

    def start(self, largest=None):
        """Starts it; with `largest` no file may become longer than that, as on a full disk."""

        def limit():
            if largest:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

        command = [sys.executable, "-m", "wsgi", "serve", "--port", str(self.port), "--no-worker"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(
            command, env=self.environment, preexec_fn=limit, start_new_session=True, **quiet
        )
        for _ in range(300):
            try:
                requests.get(f"{self.base}/health", timeout=10)
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        pytest.fail("the server did not start")

    def kill(self):
        """Ends it and all its children as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def headers(self):
        """What a browser in which the depositor has signed in sends with each request."""
        with requests.Session() as browser:
            browser.cookies.set("session-id", self.cookie)
            page = browser.get(f"{self.base}/account", timeout=30)
            token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
            cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
        return {"Cookie": cookies, "X-CSRFToken": token, "Tus-Resumable": "1.0.0"}

    def files(self):
        """Size and digest of the draft's files."""
        with opening.opened(self.settings) as archive, archive.reading() as session:
            work = session.get_one(Work, self.number)
            return [(file.name, file.size, file.sha512) for file in work.current_files]


@pytest.fixture
def server(tmp_path, template):
    """A server that has not been started."""
    made = Server(tmp_path, template)
    yield made
    if made.process and made.process.poll() is None:
        made.process.terminate()
        made.process.wait(30)


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A file of 20 MB that is no format of anybody's."""
    path = tmp_path_factory.mktemp("big") / "lake.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


def said(path: Path):
    """What the archive should say of the file."""
    return [(path.name, SIZE, hashlib.sha512(path.read_bytes()).hexdigest())]


def begin(server, headers, path):
    name = base64.b64encode(path.name.encode()).decode()
    given = {**headers, "Upload-Length": str(SIZE), "Upload-Metadata": f"filename {name}"}
    answer = requests.post(server.address, headers=given, timeout=30)
    assert answer.status_code == 201, answer.text
    return server.base + answer.headers["Location"]


def half_a_patch(server, headers, address, data, length, **more):
    """Sends the head of a PATCH and part of its body; the line, still open."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    given = {
        **headers, "Host": "127.0.0.1", "Content-Length": str(length), "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream", **more,
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    line.sendall(
        f"PATCH {address.removeprefix(server.base)} HTTP/1.1\r\n{head}\r\n".encode() + data
    )
    return line


def offset(headers, address):
    answer = requests.head(address, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["Upload-Offset"])


def until(check, seconds=15):
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def test_an_upload_goes_on_after_kill_nine_in_its_middle(server, big):
    server.start()
    headers = server.headers()
    address = begin(server, headers, big)
    data = big.read_bytes()
    with closing(half_a_patch(server, headers, address, data[: SIZE // 2], SIZE)):
        until(lambda: offset(headers, address) > SIZE // 4)
        server.kill()
    server.start()
    here = offset(headers, address)
    assert SIZE // 4 < here <= SIZE // 2
    given = {
        **headers, "Upload-Offset": str(here), "Content-Type": "application/offset+octet-stream"
    }  # fmt: skip
    answer = requests.patch(address, data=data[here:], headers=given, timeout=60)
    assert answer.status_code == 204
    assert server.files() == said(big)


def test_a_checked_piece_that_kill_nine_cut_leaves_nothing(server, big):
    server.start()
    headers = server.headers()
    address = begin(server, headers, big)
    data = big.read_bytes()
    sum_ = base64.b64encode(hashlib.sha256(data).digest()).decode()
    more = {"Upload-Checksum": f"sha256 {sum_}"}
    piece = server.settings.uploads / f"{address[-32:]}.piece"
    with closing(half_a_patch(server, headers, address, data[:PIECE], SIZE, **more)):
        until(lambda: piece.exists() and piece.stat().st_size > PIECE // 2)
        server.kill()
    server.start()
    assert offset(headers, address) == 0
    given = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = requests.patch(address, data=data, headers=given | more, timeout=60)
    assert answer.status_code == 204
    assert server.files() == said(big) and not piece.exists()


def test_what_came_before_the_line_broke_is_kept_and_the_upload_is_free_again(server, big):
    server.start()
    headers = server.headers()
    address = begin(server, headers, big)
    data = big.read_bytes()
    with closing(half_a_patch(server, headers, address, data[: 3 * PIECE], SIZE)):
        until(lambda: offset(headers, address) == 3 * PIECE)
        given = {
            **headers, "Upload-Offset": str(3 * PIECE),
            "Content-Type": "application/offset+octet-stream",
        }  # fmt: skip
        taken = requests.patch(address, data=b"x", headers=given, timeout=30)
        assert taken.status_code == 423 and "Retry-After" in taken.headers
    answers = []

    def goes_on():
        answers.append(requests.patch(address, data=data[3 * PIECE :], headers=given, timeout=60))
        return answers[-1].status_code == 204

    until(goes_on)
    assert server.files() == said(big)


def test_a_full_disk_is_said_and_the_upload_goes_on_when_there_is_room(server, big):
    server.start(largest=5 * PIECE)
    headers = server.headers()
    address = begin(server, headers, big)
    given = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    data = big.read_bytes()
    answer = requests.patch(address, data=data[: 6 * PIECE], headers=given, timeout=60)
    assert answer.status_code == 507
    here = offset(headers, address)
    assert here == 5 * PIECE
    server.kill()
    server.start()
    given["Upload-Offset"] = str(here)
    assert requests.patch(address, data=data[here:], headers=given, timeout=60).status_code == 204
    assert server.files() == said(big)


def test_a_client_of_others_uploads_breaks_off_and_goes_on(server, big):
    server.start()
    client = TusClient(server.address, headers=server.headers())
    with big.open("rb") as stream:
        named = {
            "file_stream": stream, "metadata": {"filename": big.name}, "chunk_size": PIECE,
            "upload_checksum": True,
        }  # fmt: skip
        first = client.uploader(**named)
        first.upload(stop_at=7 * PIECE)
        server.kill()
        with pytest.raises(TusUploadFailed):
            first.upload_chunk()
        server.start()
        second = client.uploader(url=first.url, **named)
        assert second.offset == 7 * PIECE
        second.upload()
    assert server.files() == said(big)

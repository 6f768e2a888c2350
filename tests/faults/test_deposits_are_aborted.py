"""Programs on a bad line: requests that break off anywhere and are repeated make one work each."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
import requests
from sqlalchemy import func, select

from repository import accounts, api_tokens, settings
from repository import archive as opening
from repository.models.works import Work
from schemas.programs import Scope
from schemas.roles import Role

DEPOSITS = 200


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def server(tmp_path, template):
    """A server process; its port, a token, and what opens its archive."""
    (tmp_path / "archive.sqlite").write_bytes(template.read_bytes())
    port = free_port()
    given = {
        "instance": str(tmp_path),
        "secret_key": "k" * 40,
        "base_url": f"http://127.0.0.1:{port}",
    }
    chosen = settings.load({}, **given)
    with opening.opened(chosen) as archive, archive.writing() as session:
        owner = accounts.create(
            session,
            email="program@example.org",
            name="Program",
            password="a long enough password",
            roles=[Role.DEPOSITOR],
            language="en",
            confirmed=True,
        )
        token = api_tokens.make(
            session, actor=owner, name="test", scopes=list(Scope), lasts=timedelta(days=1)
        )
    environment = os.environ | {f"ARCHIVE_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", "wsgi", "serve", "--port", str(port), "--no-worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as process:
        try:
            for _ in range(300):
                try:
                    requests.get(f"http://127.0.0.1:{port}/api", timeout=10).raise_for_status()
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield port, token, chosen
        finally:
            process.terminate()
            process.wait(30)


def request(token, number):
    """One deposit as it goes over the line."""
    title = {"text": f"Эмгек {number}", "language": "ky", "kind": "main"}
    body = json.dumps({"document": {"titles": [title]}}).encode()
    head = (
        "POST /api/works HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: deposit-{number:06}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(port, data, upto=None, wait=0.0):
    """The answer's first line; with `upto` the line breaks after so many bytes."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as line:
        line.sendall(data[:upto])
        if upto is not None:
            time.sleep(wait)
            return b""
        answer = b""
        while block := line.recv(65536):
            answer += block
        return answer.partition(b"\r\n")[0]


def test_two_hundred_deposits_that_are_aborted_and_repeated_are_there_once_each(server):
    port, token, chosen = server
    chance = random.Random(7)
    for number in range(DEPOSITS):
        data = request(token, number)
        for _ in range(chance.randint(0, 3)):  # broken off anywhere, or before the answer was read
            upto = chance.choice([chance.randrange(1, len(data)), len(data)])
            send(port, data, upto, wait=chance.choice([0, 0, 0.005]))
        for _ in range(chance.randint(1, 2)):  # and then repeated, once too often perhaps
            assert b" 201 " in send(port, data)
    with opening.opened(chosen) as archive, archive.reading() as session:
        assert session.scalar(select(func.count(Work.id))) == DEPOSITS
        assert session.scalar(select(func.count(Work.title.distinct()))) == DEPOSITS

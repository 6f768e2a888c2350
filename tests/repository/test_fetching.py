"""Fetching from addresses that others chose: what is asked, what never is, and what it may cost."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pytest

from repository import fetching
from repository.addresses import Refused, Unreachable
from repository.fetching import Limits

HERE = Limits("OpenArchive/test (+http://localhost)", ("127.0.0.0/8", "::1/128"), seconds=5.0)
ABROAD = Limits("OpenArchive/test", seconds=2.0, silence=1.0)


class Canary:
    """A server that remembers every request, and answers with the bytes it is told."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        self.answers: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self.connections = 0
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with closing(connection):
                self.connections += 1
                asked = connection.recv(65536)
                if not asked:
                    continue
                self.requests.append(asked)
                path = asked.split(b" ")[1].decode()
                answer = self.answers.get(path, answered(b"here"))
                with suppress(OSError):
                    answer(connection) if callable(answer) else connection.sendall(answer)

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


def answered(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


# Ways to write an address of our own machine or network.
INWARD = (
    "127.0.0.1",
    "127.1",
    "127.0.0.2",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.０.０.１",
)


@pytest.mark.parametrize("host", INWARD)
def test_our_own_machines_are_never_asked_however_they_are_written(canary, host):
    for scheme, port in (("http", canary.port), ("http", 80), ("https", 443)):
        with pytest.raises((Refused, Unreachable)):
            fetching.get(f"{scheme}://{host}:{port}/", ABROAD)
    assert canary.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_x",
        "ftp://example.org/",
        "dict://127.0.0.1:11211/stat",
        "ldap://127.0.0.1/",
        "jar:http://127.0.0.1!/",
        "data:text/xml,<a/>",
        "//127.0.0.1/",
        "http:///etc/passwd",
        "http://",
        "",
        "oai",
        "http://user@127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://example.org@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://127.0.0.1/ HTTP/1.1\r\nHost: other",
        "http://127.0.0.1\r\n.example.org/",
        "http://[::1/",
        "http://\x00/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises((Refused, Unreachable)):
        fetching.get(url, HERE)


def test_a_public_address_is_asked_on_the_webs_ports_only():
    with pytest.raises(Refused, match="Port 22"):
        fetching.get("http://93.184.215.14:22/", ABROAD)


def test_a_redirect_to_our_own_network_is_refused(canary):
    for place in ("http://169.254.169.254/latest/", "file:///etc/passwd", "http://10.0.0.1/"):
        canary.answers["/start"] = answered(b"", "302 Found", Location=place)
        with pytest.raises(Refused):
            fetching.get(canary.url + "/start", HERE)


def test_a_name_is_resolved_once_and_what_was_judged_is_what_is_asked(canary, monkeypatch):
    """A name that stands for a public address first and for ours later gets nothing."""
    looked: list[str] = []
    real = socket.getaddrinfo

    def turning(host, *rest, **more):
        if host != "turning.example.org":
            return real(host, *rest, **more)
        looked.append(host)
        address = "192.0.2.1" if len(looked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, canary.port))]

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    limits = replace(ABROAD, allowed=("192.0.2.0/24",), silence=0.3)
    with pytest.raises(Unreachable):
        fetching.get(f"http://turning.example.org:{canary.port}/", limits)
    assert looked == ["turning.example.org"]
    assert canary.connections == 0


def test_one_inward_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("8.8.8.8", "10.1.1.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: both)
    with pytest.raises(Refused):
        fetching.get("http://mixed.example.org/", ABROAD)


def test_redirects_are_followed_three_times_and_no_further(canary):
    for number in range(1, 4):
        canary.answers[f"/{number}"] = answered(b"", "302 Found", Location=f"/{number + 1}")
    found = fetching.get(canary.url + "/1", HERE)
    assert (found.body, found.url) == (b"here", canary.url + "/4")
    canary.answers["/4"] = answered(b"", "301 Moved", Location="/1")
    with pytest.raises(Unreachable, match="without an end"):
        fetching.get(canary.url + "/1", HERE)


def test_we_say_who_we_are_and_send_nothing_else_of_ours(canary, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    fetching.get(canary.url + "/oai?verb=Identify", HERE)
    lines = canary.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /oai?verb=Identify HTTP/1.1"
    names = {line.partition(":")[0].lower() for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept-encoding"}
    assert "User-Agent: OpenArchive/test (+http://localhost)" in lines


def test_letters_beyond_ascii_in_an_address_are_encoded(canary):
    fetching.get(canary.url + "/чыгарма", HERE)
    assert canary.requests[0].startswith(b"GET /%D1%87%D1%8B")


def test_packed_answers_are_unpacked(canary):
    canary.answers["/"] = answered(gzip.compress(b"text"), Content_Encoding="gzip")
    assert fetching.get(canary.url, HERE).body == b"text"


def test_a_bomb_goes_off_at_the_limit_and_not_in_memory(canary):
    canary.answers["/"] = answered(gzip.compress(bytes(2**27)), Content_Encoding="gzip")
    with pytest.raises(Unreachable, match="larger than 1 MB"):
        fetching.get(canary.url, replace(HERE, size=2**20))


def test_an_endless_answer_ends_at_the_limit(canary):
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    canary.answers["/"] = endless
    with pytest.raises(Unreachable, match="larger than 1 MB"):
        fetching.get(canary.url, replace(HERE, size=2**20))


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_an_answer_that_drips_is_cut_off_in_time(canary, start):
    def dripping(connection):
        connection.sendall(start)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    canary.answers["/"] = dripping
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        fetching.get(canary.url, replace(HERE, seconds=0.5))
    assert time.monotonic() - begun < 3


def test_silence_is_not_waited_for(canary):
    canary.answers["/"] = lambda connection: time.sleep(1.0)
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        fetching.get(canary.url, replace(HERE, silence=0.3))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        answered(b"short").replace(b"Content-Length: 5", b"Content-Length: 500"),
        answered(b"no gzip", Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
    ],
)
def test_what_is_no_answer_is_said_to_be_none(canary, answer):
    canary.answers["/"] = answer
    with pytest.raises(Unreachable):
        fetching.get(canary.url, HERE)


def test_nobody_at_home_is_said_in_a_sentence():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1.+did not answer"):
        fetching.get(f"http://127.0.0.1:{port}/", HERE)

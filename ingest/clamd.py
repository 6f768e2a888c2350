"""A client of clamd, the daemon of ClamAV: is there a virus in these bytes?

Commands are `z…\\0`, answers end with NUL (clamd(8)). INSTREAM takes blocks, each after its length
as four bytes, the last one empty; so the daemon needs no right to read our folders.
"""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

from ingest.findings import NotNow

BLOCK = 2**18
PATIENCE = 120.0  # seconds without a word from the daemon
_VERDICT = re.compile(r"stream: (?:OK|(?P<virus>.+) FOUND)")
_LONGEST = 4096  # bytes of an answer


class NoVerdict(NotNow):
    """The daemon cannot be reached, or has said nothing that can be trusted. Ask again later."""


class TooMuch(NoVerdict):
    """The daemon does not take files of this size."""


def scan(address: str, stream: BinaryIO, *, patience: float = PATIENCE) -> str | None:
    """The name of the virus in a stream of bytes; None when the daemon calls it clean."""
    with _asking(address, patience) as link:
        try:
            link.sendall(b"zINSTREAM\0")
            while block := stream.read(BLOCK):
                link.sendall(struct.pack(">I", len(block)) + block)
            link.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, and says why
        answer = _answer(link)
    if "size limit exceeded" in answer:
        raise TooMuch(answer)
    verdict = _VERDICT.fullmatch(answer)
    if not verdict:
        raise NoVerdict(f"clamd answered “{answer[:200]}”")
    return verdict["virus"]


def version(address: str, *, patience: float = PATIENCE) -> str:
    """The daemon and its signatures: "ClamAV 1.4.3/27500/Mon Nov  3 09:00:00 2025"."""
    with _asking(address, patience) as link:
        link.sendall(b"zVERSION\0")
        answer = _answer(link)
    if not answer.startswith("ClamAV"):
        raise NoVerdict(f"clamd answered “{answer[:200]}”")
    return answer


@contextmanager
def _asking(address: str, patience: float) -> Iterator[socket.socket]:
    try:
        with _connect(address, patience) as link:
            yield link
    except OSError as error:
        raise NoVerdict(f"clamd at {address}: {error or type(error).__name__}") from error


def _connect(address: str, patience: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port or 3310), patience)
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(patience)
        link.connect(parts.path)
    except OSError:
        link.close()
        raise
    return link


def _answer(link: socket.socket) -> str:
    """What it says until NUL; an answer that is cut off is none."""
    heard = b""
    while not heard.endswith(b"\0"):
        if len(heard) > _LONGEST:
            raise NoVerdict("clamd answered without end")
        more = link.recv(_LONGEST)
        if not more:
            raise NoVerdict("clamd broke off in mid-answer" if heard else "clamd said nothing")
        heard += more
    return heard[:-1].decode("utf-8", "replace").strip()

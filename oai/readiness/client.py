"""One request over HTTP, with limits of time and size, for asking a repository."""

import gzip
import http.client
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from repository import __version__

AGENT = f"OpenArchive-check/{__version__}"
TIMEOUT = 30.0  # seconds
LIMIT = 64 * 2**20
# A server that is busy is asked again this often, and waited for no longer than this.
TRIES = 3
LONGEST_WAIT = 60.0


class Unreachable(Exception):
    """No answer came."""


class Ask(NamedTuple):
    """A request; with `data` it is a POST of a form. `most` bytes of the answer are read."""

    url: str
    data: bytes | None = None
    headers: Mapping[str, str] = {}
    most: int = LIMIT


class Reply(NamedTuple):
    """An answer, whatever its status. `url` is where redirects led; header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


Transport = Callable[[Ask], Reply]


def _opener() -> urllib.request.OpenerDirector:
    # Only http and https: the usual opener would also read local files.
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        made.add_handler(handler)
    return made


def web(ask: Ask, *, pause: Callable[[float], None] = time.sleep) -> Reply:
    """The answer to a request; a server that is busy (503) is asked again when it says."""
    for tries in range(TRIES):
        reply = _once(ask)
        wait = reply.headers.get("retry-after", "")
        if reply.status != 503 or not wait.isdigit() or tries == TRIES - 1:
            break
        pause(min(float(wait), LONGEST_WAIT))
    return reply


def _once(ask: Ask) -> Reply:
    headers = {"User-Agent": AGENT, **ask.headers}
    try:
        request = urllib.request.Request(ask.url, ask.data, headers)  # noqa: S310
        with _opener().open(request, timeout=TIMEOUT) as answer:
            return _reply(answer, ask.most)
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error, ask.most)
    # urllib lets through what sockets, TLS and broken HTTP raise, and ValueError for bad addresses.
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(str(getattr(error, "reason", error)) or type(error).__name__) from error


def _reply(answer: http.client.HTTPResponse | urllib.error.HTTPError, most: int) -> Reply:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.read(most)
    if headers.get("content-encoding", "").lower() == "gzip":
        body = _unzipped(body)
    return Reply(answer.url or "", answer.status or 0, headers, body)


def _unzipped(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return body

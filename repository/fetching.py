"""The one way in which we fetch from addresses that other people chose.

Each address is judged (`addresses`), and the connection is made to the very one that was judged,
under whatever name. Redirects are judged like first addresses. What is sent back is bounded in
bytes, packed and unpacked, and in seconds; nothing of ours goes along, neither cookies nor
credentials, and no proxy is asked that the environment may name.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from repository import __version__
from repository.addresses import Place, Unreachable, check, resolved
from repository.settings import Settings

REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 2**16


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost, and whom else than the public internet it may ask."""

    agent: str
    allowed: tuple[str, ...] = ()  # networks of the institution's own
    silence: float = 60.0  # seconds between two signs of life
    seconds: float = 300.0  # for all of it, redirects too
    size: int = 64 * 2**20  # bytes, after unpacking
    redirects: int = 3


class Fetched(NamedTuple):
    """An answer, whatever its status. `url` is where redirects led; header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Coming(NamedTuple):
    """An answer as it comes in: the same, but with the body in pieces, to be read once."""

    url: str
    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


def limits(settings: Settings) -> Limits:
    """The limits of this archive, which says who it is."""
    agent = f"OpenArchive/{__version__} (+{settings.base_url})"
    return Limits(agent=agent, allowed=settings.fetch_networks)


def get(url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Fetched:
    """What is at an address. Raises Refused, or Unreachable with the reason."""
    with opened(url, limits, headers) as answer:
        body = b"".join(answer.chunks)
        return Fetched(answer.url, answer.status, answer.headers, body)


@contextmanager
def opened(url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Iterator[Coming]:
    """What is at an address, as it comes in. Raises as `get`, also while its pieces are read."""
    until = time.monotonic() + limits.seconds
    for _hop in range(limits.redirects + 1):
        with _once(url, limits, headers or {}, until) as answer:
            place = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not place:
                yield answer
                return
        url = urljoin(url, place)
    raise Unreachable(_("%(url)s leads from one address to the next without an end."), url=url)


@contextmanager
def _once(url: str, limits: Limits, headers: Mapping[str, str], until: float) -> Iterator[Coming]:
    place = check(url)
    addresses = resolved(place, limits.allowed)
    with ExitStack() as stack:
        with _explained(place, limits, until):
            answer = stack.enter_context(_asked(place, addresses, limits, headers, until))
        found = {name.lower(): value for name, value in answer.headers.items()}
        yield Coming(url, answer.status, found, _chunks(answer, place, limits, until))


@contextmanager
def _explained(place: Place, limits: Limits, until: float) -> Iterator[None]:
    """What sockets, TLS and broken HTTP raise, as a sentence."""
    try:
        yield
    # The last two come from what `_cut` has ended.
    except (OSError, HTTPException, HTTPError, ValueError, AttributeError) as error:
        if time.monotonic() >= until:
            raise _too_slow(limits) from error
        raise Unreachable(
            _("“%(host)s” did not answer: %(reason)s"), host=place.host, reason=_reason(error)
        ) from error


def _reason(error: Exception) -> str:
    """What the system says is wrong, out of all that was wrapped around it."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    said = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return str(said)[:300]


@contextmanager
def _asked(
    place: Place, addresses: list[str], limits: Limits, headers: Mapping[str, str], until: float
) -> Iterator[BaseHTTPResponse]:
    """The answer of the first address that can be reached, cut off when its time is over."""
    connection = _connected(place, addresses, limits, until)
    timer = threading.Timer(max(0.0, until - time.monotonic()), _cut, (connection.sock,))
    timer.daemon = True
    timer.start()
    try:
        connection.request(
            "GET",
            place.target,
            headers={
                "Host": _named(place),
                "User-Agent": limits.agent,
                "Accept-Encoding": "gzip",
                **headers,
            },
            preload_content=False,
        )
        answer = connection.getresponse()
        try:
            yield answer
        finally:
            answer.close()
    finally:
        timer.cancel()
        connection.close()


def _connected(place: Place, addresses: list[str], limits: Limits, until: float) -> HTTPConnection:
    for count, address in enumerate(addresses, 1):
        left = min(limits.silence, max(0.1, until - time.monotonic()))
        connection = _connection(place, address, left)
        try:
            connection.connect()
            return connection
        except (OSError, HTTPError):
            connection.close()
            if count == len(addresses):
                raise
    raise OSError("the name stands for no address")


def _connection(place: Place, address: str, seconds: float) -> HTTPConnection:
    if not place.secure:
        return HTTPConnection(address, place.port, timeout=seconds)
    # The certificate must be that of the name, though the number is what we connect to.
    return HTTPSConnection(
        address,
        place.port,
        timeout=seconds,
        ssl_context=ssl.create_default_context(),
        server_hostname=place.host,
        assert_hostname=place.host,
    )


def _named(place: Place) -> str:
    host = f"[{place.host}]" if ":" in place.host else place.host
    usual = 443 if place.secure else 80
    return host if place.port == usual else f"{host}:{place.port}"


def _cut(held: socket.socket | None) -> None:
    """Ends a connection that somebody keeps alive with a byte now and then."""
    with suppress(OSError):
        if held is not None:
            held.shutdown(socket.SHUT_RDWR)


def _chunks(
    answer: BaseHTTPResponse, place: Place, limits: Limits, until: float
) -> Iterator[bytes]:
    size, coming = 0, answer.stream(CHUNK, decode_content=True)
    while True:
        with _explained(place, limits, until):
            chunk = next(coming, None)
        if time.monotonic() >= until:
            raise _too_slow(limits)
        if chunk is None:
            return
        size += len(chunk)
        if size > limits.size:
            raise Unreachable(_("The answer is larger than %(limit)s MB."), limit=limits.size >> 20)
        yield chunk


def _too_slow(limits: Limits) -> Unreachable:
    return Unreachable(
        _("The answer took longer than %(limit)s seconds."), limit=int(limits.seconds)
    )

"""The one way in which we fetch from addresses that other people chose.

An address may be written so that our server asks its own network for the writer: a database's
port, a cloud's keys. So only http and https on the web's ports are asked, the name is resolved
once, every address that it stands for must be in the public internet, and the connection is made
to the very address that was judged. Redirects are judged like first addresses. What is sent back
is bounded in bytes, packed and unpacked, and in seconds; nothing of ours goes along, neither
cookies nor credentials, and no proxy is asked that the environment may name.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from repository import __version__, networks
from repository.errors import ArchiveError
from repository.settings import Settings

PORTS = frozenset({80, 443, 8080, 8443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 2**16
# Networks that `ipaddress` calls public and we do not: those of IPv6 that carry addresses of IPv4,
# by which the judgement could be avoided, and where clouds answer their own machines.
INWARD = (
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16",
    "2001::/32",
    "192.0.0.0/24",
    "168.63.129.16/32",
)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Refused(ArchiveError):
    """An address that we do not ask."""

    status = 422


class Unreachable(ArchiveError):
    """No answer came, or none that can be taken."""

    status = 502


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


def limits(settings: Settings) -> Limits:
    """The limits of this archive, which says who it is."""
    agent = f"OpenArchive/{__version__} (+{settings.base_url})"
    return Limits(agent=agent, allowed=settings.fetch_networks)


def get(url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Fetched:
    """What is at an address. Raises Refused, or Unreachable with the reason."""
    until = time.monotonic() + limits.seconds
    for _hop in range(limits.redirects + 1):
        answer = _once(url, limits, headers or {}, until)
        place = answer.headers.get("location", "")
        if answer.status not in REDIRECTS or not place:
            return answer
        url = urljoin(url, place)
    raise Unreachable(_("%(url)s leads from one address to the next without an end."), url=url)


class Place(NamedTuple):
    """Where an address leads: a host by name and port, and what to ask there."""

    secure: bool
    host: str
    port: int
    target: str


def check(url: str) -> Place:
    """The parts of an address that may be asked, as far as it can be told without asking."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(_("“%(url)s” is not a web address."), url=url[:200]) from error
    if parts.scheme not in ("http", "https") or not host:
        raise Refused(_("“%(url)s” is not a web address."), url=url[:200])
    if parts.username is not None or parts.password is not None:
        raise Refused(_("Addresses with a name or a password in them are not asked."))
    if any(letter <= " " or letter == "\x7f" for letter in url):
        raise Refused(_("“%(url)s” is not a web address."), url=repr(url[:200]))
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, _ascii(host), port or (443 if secure else 80), _quoted(target))


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise Refused(_("“%(url)s” is not a web address."), url=host[:200]) from error


def _quoted(target: str) -> str:
    return "".join(
        one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace"))
        for one in target
    )


def _addresses(place: Place, limits: Limits) -> list[str]:
    """What the host's name stands for; Refused when any of it is not for us to ask."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no host “%(host)s”."), host=place.host) from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if networks.within(address, limits.allowed):
            continue
        if not _public(address):
            raise Refused(
                _("“%(host)s” is not in the public internet, so it is not asked."), host=place.host
            )
        if place.port not in PORTS:
            raise Refused(_("Port %(port)s is not one of the web's."), port=place.port)
    return addresses


def _public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    bare = getattr(address, "ipv4_mapped", None) or address
    odd = bare.is_multicast or bare.is_reserved or networks.within(str(bare), INWARD)
    return bare.is_global and not odd


def _once(url: str, limits: Limits, headers: Mapping[str, str], until: float) -> Fetched:
    place = check(url)
    addresses = _addresses(place, limits)
    try:
        with _asked(place, addresses, limits, headers, until) as answer:
            body = _read(answer, limits, until)
            found = {name.lower(): value for name, value in answer.headers.items()}
            return Fetched(url, answer.status, found, body)
    # What sockets, TLS and broken HTTP raise; the last two come from what `_cut` has ended.
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


def _read(answer: BaseHTTPResponse, limits: Limits, until: float) -> bytes:
    body = bytearray()
    for chunk in answer.stream(CHUNK, decode_content=True):
        body += chunk
        if len(body) > limits.size:
            raise Unreachable(_("The answer is larger than %(limit)s MB."), limit=limits.size >> 20)
        if time.monotonic() >= until:
            raise _too_slow(limits)
    if time.monotonic() >= until:
        raise _too_slow(limits)
    return bytes(body)


def _too_slow(limits: Limits) -> Unreachable:
    return Unreachable(
        _("The answer took longer than %(limit)s seconds."), limit=int(limits.seconds)
    )

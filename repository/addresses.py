"""Which addresses that other people chose may be asked, and where they lead.

An address may be written so that our server asks its own network for the writer: a database's
port, a cloud's keys. So only http and https on the web's ports are asked, the name is resolved
once, and every address that it stands for must be in the public internet.
"""

import ipaddress
import socket
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from repository import networks
from repository.errors import ArchiveError

PORTS = frozenset({80, 443, 8080, 8443})
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


def resolved(place: Place, allowed: Sequence[str]) -> list[str]:
    """What the host's name stands for; Refused when any of it is not for us to ask."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no host “%(host)s”."), host=place.host) from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if networks.within(address, allowed):
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

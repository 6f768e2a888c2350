"""Networks: where a request comes from, and how much of that is kept."""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

KEPT = {4: 24, 6: 64}  # bits that tell a network and no single person


def shorten(address: str, kept: Mapping[int, int] = KEPT) -> str:
    """The network of an address, by default /24 or /64; empty when it is none."""
    found = _address(address)
    if found is None:
        return ""
    return str(ipaddress.ip_network((found, kept[found.version]), strict=False))


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks."""
    found = _address(address) if networks else None
    return found is not None and any(found in _network(one) for one in networks)


def normal(text: str) -> str:
    """A network in its usual spelling; raises ValueError."""
    return str(ipaddress.ip_network(text, strict=False))


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A server that listens on both kinds writes 10.0.0.1 as ::ffff:10.0.0.1.
    return getattr(found, "ipv4_mapped", None) or found


@cache
def _network(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)

"""Checksums that senders promise in a Digest header (RFC 3230), and bytes held against them."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from io import RawIOBase
from typing import IO

from repository.errors import ArchiveError, Invalid


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


OTHER = _("Other bytes have arrived than the checksum says. Send them again.")
# The names in the header, with those of hashlib; the strongest first.
ALGORITHMS = {"SHA-512": "sha512", "SHA-256": "sha256", "SHA": "sha1", "MD5": "md5"}
_NAMES = {name.replace("-", ""): made for name, made in ALGORITHMS.items()}
_NAMES["SHA1"] = "sha1"
_BYTES = re.compile(r"b'(.*)'")  # as sword3client 0.1 writes what it has encoded itself

Sums = Mapping[str, bytes]


class Mismatch(ArchiveError):
    """Other bytes have come than were promised."""

    status = 412


def read(header: str) -> dict[str, bytes]:
    """The sums by the names that hashlib has for them; those of other algorithms are left out.

    A sum is Base64, as the RFC wants it, or hexadecimal, as the examples of SWORD have it. Raises
    Invalid for one that is neither.
    """
    found: dict[str, bytes] = {}
    for part in filter(None, map(str.strip, header.split(","))):
        name, _, value = part.partition("=")
        algorithm = _NAMES.get(name.strip().upper().replace("-", ""))
        if algorithm:
            found[algorithm] = _decoded(algorithm, value.strip())
    return found


def _decoded(algorithm: str, value: str) -> bytes:
    wrapped = _BYTES.fullmatch(value)
    plain = wrapped[1] if wrapped else value
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    try:
        made = bytes.fromhex(plain) if len(plain) == 2 * size else base64.b64decode(plain)
    except (binascii.Error, ValueError) as error:
        raise _malformed() from error
    if len(made) != size:
        raise _malformed()
    return made


def _malformed() -> Invalid:
    return Invalid("The checksum in Digest is neither Base64 nor hexadecimal.")


class Summed(RawIOBase):
    """A stream that is summed up while it is read."""

    def __init__(self, stream: IO[bytes], sums: Sums) -> None:
        self.stream, self.sums = stream, sums
        self.made = {name: hashlib.new(name, usedforsecurity=False) for name in sums}

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        block = self.stream.read(size)
        for one in self.made.values():
            one.update(block)
        return block

    def check(self) -> None:
        """Raises Mismatch unless all that was read comes to what was promised."""
        if any(self.made[name].digest() != value for name, value in self.sums.items()):
            raise Mismatch(OTHER)

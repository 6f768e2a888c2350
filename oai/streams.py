"""gzip streams put together from parts, so that no part is compressed twice.

A part that ends with a flush can stand anywhere in a stream; the checksum of the whole follows from
those of the parts.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from oai import checksums

LEVEL = 6
# RFC 1952: the head of a gzip member without name and time.
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# RFC 1951: an empty last block.
END = b"\x03\x00"


class Part(NamedTuple):
    """Bytes compressed as a part of a stream, with the length and the CRC that they had.

    `power` is what joining them to others needs (`checksums.power`).
    """

    deflated: bytes
    length: int
    crc: int
    power: int

    @property
    def plain(self) -> bytes:
        """The bytes. To be told how many there will be makes zlib twice as fast."""
        return zlib.decompress(self.deflated + END, -zlib.MAX_WBITS, self.length or 1)


def part(plain: bytes, level: int = LEVEL) -> Part:
    """Bytes as a part."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    return Part(deflated, len(plain), zlib.crc32(plain), checksums.power(len(plain)))


def stored(plain: bytes) -> bytes:
    """A few bytes (less than 64 KB) as they are, in a block of a stream: RFC 1951, 3.2.4."""
    return b"".join((b"\x00", struct.pack("<HH", len(plain), len(plain) ^ 0xFFFF), plain))


def joined(parts: Iterable[Part]) -> Part:
    """Parts in a row as one."""
    found = list(parts)
    crc, power = 0, checksums.power(0)
    for one in found:
        crc = checksums.joined(crc, one.crc, one.power)
        power = checksums.times(power, one.power)
    deflated = b"".join([one.deflated for one in found])
    return Part(deflated, sum(one.length for one in found), crc, power)


def ending(crc: int, length: int) -> bytes:
    """What comes last in a gzip member of these parts."""
    return END + struct.pack("<II", crc, length & 0xFFFFFFFF)

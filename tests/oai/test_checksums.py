"""CRCs of joined parts."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from oai import checksums


@given(first=st.binary(), second=st.binary(max_size=3000))
def test_the_checksum_of_two_parts_follows_from_theirs(first, second):
    joined = checksums.joined(zlib.crc32(first), zlib.crc32(second), checksums.power(len(second)))
    assert joined == zlib.crc32(first + second)


def test_parts_may_be_large():
    second = bytes(range(256)) * 4000
    power = checksums.power(len(second))
    assert checksums.joined(7, zlib.crc32(second), power) == zlib.crc32(second, 7)

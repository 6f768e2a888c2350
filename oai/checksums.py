"""The CRC-32 of joined parts from those of the parts, so that no part is read again.

zlib has this as crc32_combine(); Python does not offer it. A CRC is a polynomial over GF(2), its
lowest power in the highest bit, modulo the one below; n bytes that follow multiply it by x to the
power of 8n, which is what `power` gives.
"""

from functools import lru_cache
from itertools import accumulate, repeat

_POLYNOMIAL = 0xEDB88320  # RFC 1952, section 8
_ONE = 1 << 31
_MASK = (1 << 32) - 1


def joined(first: int, second: int, power: int) -> int:
    """The CRC of two parts in a row; `power` is that of the second part's length."""
    return times(first, power) ^ second


def times(one: int, other: int) -> int:
    """The product of two polynomials; of the powers of two lengths, that of their sum."""
    product = 0
    while one:
        if one & _ONE:
            product ^= other
        one = one << 1 & _MASK
        other = other >> 1 ^ _POLYNOMIAL if other & 1 else other >> 1
    return product


@lru_cache(maxsize=4096)
def power(length: int) -> int:
    """What `length` bytes that follow multiply a CRC by."""
    made, bit = _ONE, 0
    while length:
        if length & 1:
            made = times(made, _BYTES[bit])
        length >>= 1
        bit += 1
    return made


# The powers of 1, 2, 4... bytes.
_BYTES = list(accumulate(repeat(_ONE >> 8, 40), lambda before, _: times(before, before)))

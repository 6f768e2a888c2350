"""The CRC-32 of joined parts from those of the parts, so that no part is read again.

zlib has this as crc32_combine(); Python does not offer it. A CRC is a polynomial over GF(2), its
lowest power in the highest bit, modulo the one below; n bytes that follow multiply it by x to the
power of 8n. As that is linear, a number for each bit of the CRC says what becomes of it.
"""

from itertools import accumulate, repeat

_POLYNOMIAL = 0xEDB88320  # RFC 1952, section 8
_BIT = 1 << 31

Shift = tuple[int, ...]


def joined(first: int, second: int, shift: Shift) -> int:
    """The CRC of two parts in a row; `shift` is that of the second part's length."""
    total = second
    while first:
        lowest = first & -first
        total ^= shift[lowest.bit_length() - 1]
        first ^= lowest
    return total


def shift(length: int) -> Shift:
    """What `length` bytes that follow do to the CRC of what stands before them."""
    made, bit = _BIT, 0
    while length:
        if length & 1:
            made = joined(made, 0, _BYTES[bit])
        length >>= 1
        bit += 1
    return _multiples(made)


def _multiples(one: int) -> Shift:
    """`one` times x, from the 31st time to none."""
    return tuple(accumulate(repeat(one, 32), lambda before, _: _times_x(before)))[::-1]


def _times_x(one: int) -> int:
    return one >> 1 ^ _POLYNOMIAL if one & 1 else one >> 1


def _squared(shift: Shift, _: object) -> Shift:
    return _multiples(joined(shift[-1], 0, shift))


# The shifts of 1, 2, 4... bytes.
_BYTES = list(accumulate(repeat(_multiples(_BIT >> 8), 40), _squared))

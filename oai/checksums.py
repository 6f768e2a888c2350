"""The CRC-32 of joined parts from those of the parts, so that no part is read again.

zlib has this as crc32_combine(); Python does not offer it. To append n zero bytes to data is a
linear map of its CRC over GF(2): a matrix of 32 numbers, one for each bit of the CRC.
"""

from functools import lru_cache

_POLYNOMIAL = 0xEDB88320  # RFC 1952, section 8

Matrix = tuple[int, ...]

_IDENTITY: Matrix = tuple(1 << bit for bit in range(32))


def joined(first: int, second: int, shift: Matrix) -> int:
    """The CRC of two parts in a row; `shift` is that of the second part's length."""
    return _apply(shift, first) ^ second


def shift(length: int) -> Matrix:
    """What `length` bytes that follow do to the CRC of what stands before them."""
    made, power = _IDENTITY, 0
    while length:
        if length & 1:
            made = _product(_power(power), made)
        length >>= 1
        power += 1
    return made


@lru_cache(maxsize=64)
def _power(exponent: int) -> Matrix:
    """The shift by 2 to the power of `exponent` bytes."""
    if exponent:
        half = _power(exponent - 1)
        return _product(half, half)
    bit: Matrix = (_POLYNOMIAL, *_IDENTITY[:-1])
    for _ in range(3):  # 2, 4, 8 bits
        bit = _product(bit, bit)
    return bit


def _product(one: Matrix, other: Matrix) -> Matrix:
    return tuple(_apply(one, column) for column in other)


def _apply(matrix: Matrix, vector: int) -> int:
    total, bit = 0, 0
    while vector:
        if vector & 1:
            total ^= matrix[bit]
        vector >>= 1
        bit += 1
    return total

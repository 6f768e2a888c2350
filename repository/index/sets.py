"""Sets of document numbers as the bits of one integer: & | ~ and counting run at C speed."""

from collections.abc import Iterable, Iterator
from itertools import compress

_ZERO, _ONE = ord("0"), ord("1")
_TO_FLAGS = bytes.maketrans(b"01", b"\0\1")


def full(size: int) -> int:
    """All numbers below `size`."""
    return (1 << size) - 1


def of(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, all below `size`."""
    digits = bytearray([_ZERO]) * (size + 1)
    for number in numbers:
        digits[~number] = _ONE
    return int(digits, 2)


def flags(members: int, size: int) -> bytes:
    """A byte for each number below `size`: 1 for members, 0 for others."""
    digits = bin(members)[:1:-1].encode()
    return digits.ljust(size, b"0")[:size].translate(_TO_FLAGS)


def numbers(members: int) -> Iterator[int]:
    """The members, in rising order."""
    size = members.bit_length()
    return compress(range(size), flags(members, size))

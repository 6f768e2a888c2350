"""In which of the encodings that libraries have used a file is written."""

from itertools import pairwise
from typing import Final

KNOWN: Final = ("utf-8", "cp1251", "cp866", "koi8-r")
SAMPLE = 2**18  # bytes that are enough to tell
_MARK = b"\xef\xbb\xbf"
# The letters that Russian and Kyrgyz texts are mostly made of, small ones above all.
_COMMON = "оеаинтсрвлкмдпуяыьгзбчй"


def of(sample: bytes) -> str:
    """The encoding of a text; UTF-8 where it is that, else the one that reads best."""
    if sample.startswith(_MARK) or _is_utf8(sample[:SAMPLE]):
        return "utf-8"
    return max(KNOWN[1:], key=lambda one: _reads(sample[:SAMPLE], one))


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may end within a letter.
        return error.start > len(sample) - 4 and bool(error.start)
    return True


def _reads(sample: bytes, encoding: str) -> int:
    """How much of the sample looks like text: common letters for it, box drawings against it."""
    text = sample.decode(encoding, "replace")
    common = sum(text.count(letter) for letter in _COMMON)
    odd = sum(one in "\ufffd" or "\u2500" <= one <= "\u25ff" for one in text)
    # Capitals inside a word are what small letters become in the wrong table.
    inside = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return common - 4 * odd - 2 * inside


def bare(data: bytes) -> bytes:
    """The bytes without a mark of UTF-8 before them."""
    return data.removeprefix(_MARK)

"""Plain text, whatever its encoding, and how texts without pages are cut into such."""

import re
from collections import Counter
from collections.abc import Iterator

PAGE = 4000  # characters; a text without pages is cut, so that a hit is near its snippet
# The encodings in which Russian and Kyrgyz texts of the last forty years are kept.
OLD = ("cp1251", "koi8-r", "cp866")
_FREQUENT = frozenset("оеаинтсрвлк")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def cut(text: str) -> Iterator[str]:
    """The text in pages that end where a line does; an empty text is one empty page."""
    page: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        if size > PAGE:
            yield "".join(page)
            page, size = [], 0
        page.append(line)
        size += len(line)
    yield "".join(page)


def decode(data: bytes) -> str:
    """The text of the bytes, in the encoding that its letters make likely."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two at the end is no reason to think of another encoding.
        if error.start > len(data) - 4 and error.start > 0:
            return data[: error.start].decode("utf-8")
    return data.decode(max(OLD, key=lambda name: _likeness(data, name)), errors="replace")


def _likeness(data: bytes, encoding: str) -> int:
    """How often the letters stand there that are frequent in Russian and in Kyrgyz."""
    sample = data[:20_000].decode(encoding, errors="replace")
    counts = Counter(re.findall("[а-я]", sample))
    return sum(counts[letter] for letter in _FREQUENT)

"""Names that every file system takes: FAT and exFAT, Windows, those that do not tell А from а."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 150  # characters: Windows takes paths of 259
LONGEST_BYTES = 240  # file systems take 255
NAMELESS = "file"
_UNFIT = re.compile(r'[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.I)


def safe(name: str) -> str:
    """The name with nothing in it that some system refuses or takes for something else."""
    kept = _UNFIT.sub("_", unicodedata.normalize("NFC", name)).strip(" ").rstrip(" .")
    if _DEVICE.fullmatch(kept):
        kept = f"_{kept}"
    return _cut(kept, "") or NAMELESS


def each(names: Iterable[str]) -> list[str]:
    """Safe names for files that lie in one folder, no two of them the same to any system."""
    taken: set[str] = set()
    found = []
    for name in names:
        one, number = safe(name), 1
        while _folded(one) in taken:
            number += 1
            one = _cut(safe(name), f" ({number})")
        taken.add(_folded(one))
        found.append(one)
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold().upper()).casefold()


def _cut(name: str, mark: str) -> str:
    """The name with a mark before its ending, no longer than may be."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > 16:
        stem, dot, ending = name, "", ""
    tail = mark + dot + ending
    room = LONGEST_BYTES - len(tail.encode())
    short = stem[: LONGEST - len(tail)].encode()[:room].decode("utf-8", errors="ignore")
    return short.rstrip(" .") + tail


def page(word: str) -> str:
    """What the page of a word is called, without `.html`; never `index`."""
    return f"_{word}" if word == "index" else safe(word)

"""Names that owners give their files, made safe to store, to send and to show."""

import re

from schemas import text as border

LONGEST = 200  # characters
LONGEST_BYTES = 240  # file systems allow 255
NAMELESS = "file"
# Controls, marks that turn the direction of reading, and letters that nobody can see.
_UNSAFE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb]"
)
_SEPARATORS = re.compile(r"[\\/]")
_SIGNS = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def visible(name: str) -> str:
    """The name with a question mark for each sign in it that nobody can see, or that turns it."""
    return _UNSAFE.sub("?", name)


def safe(name: str) -> str:
    """The last part of `name` without what is dangerous in it; "file" where nothing is left."""
    last = _SEPARATORS.split(name.rstrip("/\\"))[-1]
    seen = _SIGNS.sub("_", _UNSAFE.sub(" ", border.clean(last)))
    kept = border.line(seen).strip(" .-~")
    if _DEVICES.fullmatch(kept):
        kept = f"_{kept}"
    return _short(kept) or NAMELESS


def _short(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        stem, dot, ending = name, "", ""
    tail = dot + ending
    cut = stem[: LONGEST - len(tail)].encode()[: LONGEST_BYTES - len(tail.encode())]
    return cut.decode("utf-8", errors="ignore").rstrip(" .") + tail

"""Names that owners give their files, made safe to store, to send and to show."""

import re
from pathlib import PurePosixPath

from schemas import text as border

LONGEST = 200  # bytes of UTF-8: file systems allow 255, and a digest or a suffix may be added
NAMELESS = "file"
# Controls, marks that turn the direction of reading, and what separates folders somewhere.
_UNSAFE = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SEPARATORS = re.compile(r"[\\/]")
_SIGNS = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def safe(name: str) -> str:
    """The last part of `name` without what is dangerous in it; "file" where nothing is left."""
    last = _SEPARATORS.split(border.clean(name))[-1]
    kept = border.line(_SIGNS.sub("_", _UNSAFE.sub("", last))).strip(" .-") or NAMELESS
    path = PurePosixPath(kept)
    if _DEVICES.fullmatch(path.stem.split(".")[0]):
        path = path.with_name(f"_{path.name}")
    return _short(path.stem, path.suffix)


def _short(stem: str, suffix: str) -> str:
    room = LONGEST - len(suffix.encode())
    if room < 1:
        return _cut(stem + suffix, LONGEST)
    return _cut(stem, room) + suffix


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode("utf-8", errors="ignore")

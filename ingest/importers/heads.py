"""What a source begins with: enough to tell its format."""

import re
from pathlib import Path

SAMPLE = 2**16  # bytes
# What tells a folder of bags, or of items of DSpace: the files in it are parts of these.
PACKED = ("bagit.txt", "dublin_core.xml")
_TAGS = re.compile(rb"(\d{3})\d{9}")


def of(source: Path, *endings: str) -> bytes:
    """The beginning of a file, or of the first file of a folder that ends so; empty without one."""
    if source.is_dir():
        if any(next(source.rglob(one), None) for one in PACKED):
            return b""
        found = sorted(one for one in source.rglob("*") if one.suffix.lower() in endings)
        if not found:
            return b""
        source = found[0]
    try:
        with source.open("rb") as file:
            return file.read(SAMPLE)
    except OSError:
        return b""


def tags(head: bytes) -> set[bytes]:
    """The tags in the directory of the first record of ISO 2709; none where it is no such file."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if len(start) < 24 or not start[:5].isdigit() or not start[12:17].isdigit():
        return set()
    directory = start[24 : int(start[12:17]) - 1]
    return {found[1] for found in _TAGS.finditer(directory)}


def speaks(source: Path, *namespaces: bytes) -> bool:
    """Whether it is XML of one of these namespaces, and no answer of OAI-PMH around it."""
    head = of(source, ".xml")
    if b"<" not in head[:200] or b'openarchives.org/OAI/2.0/"' in head:
        return False
    return any(one in head for one in namespaces)

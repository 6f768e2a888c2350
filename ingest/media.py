"""What kind of file it is, told by its bytes; the name is only asked whether it agrees."""

import re
from pathlib import Path, PurePath
from typing import NamedTuple

HEAD = 64 * 2**10
TAIL = 2**20
UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
ZIP = "application/zip"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

# Offset, bytes, media type. The first that fits wins.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (4, b"jP  \r\n\x87\n", "image/jp2"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (28, b"OpusHead", "audio/ogg"),
    (28, b"\x01vorbis", "audio/ogg"),
    (0, b"OggS", "application/ogg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!PS", "application/postscript"),
)
_OFFICE = (
    (b"word/", _OOXML + "wordprocessingml.document"),
    (b"xl/", _OOXML + "spreadsheetml.sheet"),
    (b"ppt/", _OOXML + "presentationml.presentation"),
)
_OLE = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_ROOTS = {
    b"html": "application/xhtml+xml",
    b"svg": "image/svg+xml",
    b"FictionBook": "application/x-fictionbook+xml",
}

# What a name promises. Names that promise nothing ("data", "notes.xyz") agree with everything.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    ".pdf": ("application/pdf",),
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".gif": ("image/gif",),
    ".tif": ("image/tiff",),
    ".tiff": ("image/tiff",),
    ".webp": ("image/webp",),
    ".jp2": ("image/jp2",),
    ".djvu": ("image/vnd.djvu",),
    ".djv": ("image/vnd.djvu",),
    ".svg": ("image/svg+xml",),
    ".mp3": ("audio/mpeg",),
    ".wav": ("audio/wav",),
    ".flac": ("audio/flac",),
    ".ogg": ("audio/ogg", "application/ogg"),
    ".m4a": ("audio/mp4", "video/mp4"),
    ".mp4": ("video/mp4",),
    ".mov": ("video/quicktime",),
    ".webm": ("video/webm",),
    ".mkv": ("video/webm",),
    ".avi": ("video/x-msvideo",),
    ".zip": (ZIP,),
    ".gz": ("application/gzip",),
    ".7z": ("application/x-7z-compressed",),
    ".rar": ("application/vnd.rar",),
    ".docx": (_OOXML + "wordprocessingml.document",),
    ".xlsx": (_OOXML + "spreadsheetml.sheet",),
    ".pptx": (_OOXML + "presentationml.presentation",),
    ".odt": (_ODF + "text",),
    ".ods": (_ODF + "spreadsheet",),
    ".odp": (_ODF + "presentation",),
    ".epub": ("application/epub+zip",),
    ".doc": ("application/msword", "application/rtf"),
    ".xls": ("application/vnd.ms-excel",),
    ".ppt": ("application/vnd.ms-powerpoint",),
    ".rtf": ("application/rtf",),
    ".ps": ("application/postscript",),
    ".htm": ("text/html", "application/xhtml+xml"),
    ".html": ("text/html", "application/xhtml+xml"),
    ".xml": ("application/xml", "application/xhtml+xml", *_ROOTS.values()),
    ".fb2": ("application/x-fictionbook+xml",),
    ".txt": (PLAIN,),
    ".csv": (PLAIN,),
    ".md": (PLAIN,),
    ".json": (PLAIN,),
    ".tex": (PLAIN,),
}
# Plain text, of which only the name can tell more.
_REFINED = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".json": "application/json",
    ".tex": "text/x-tex",
}

# Atomic groups, because a hostile prologue could otherwise be read in very many ways.
_COMMENT = rb"<!--(?>(?:(?!-->).){0,4096})-->"
_HTML = re.compile(
    rb"\s*+(?>" + _COMMENT + rb"\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|script|meta|iframe|h1|div|table|a|p)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_XML_ROOT = re.compile(
    rb"\s*+(?>(?:<\?(?>(?:(?!\?>).){0,4096})\?>|" + _COMMENT + rb"|<!DOCTYPE[^\[>]{0,1024}>)\s*+)*+"
    rb"<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
_MP3 = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xeb]")
_OTHER_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Kind(NamedTuple):
    """A media type, and whether the name promised another."""

    media_type: str
    mismatch: bool


def identify(path: Path, name: str) -> Kind:
    """What the file is by its bytes. `name` is what its owner calls it, or ""."""
    head, tail = _ends(path)
    found = _by_bytes(head, tail)
    extension = PurePath(name).suffix.lower()
    promised = EXTENSIONS.get(extension, ())
    mismatch = bool(promised) and found not in promised
    if found == PLAIN:
        found = _REFINED.get(extension, found)
    return Kind(found, mismatch)


def _ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, path.stat().st_size - TAIL))
        return head, file.read()


def _by_bytes(head: bytes, tail: bytes) -> str:
    for offset, signature, media_type in SIGNATURES:
        if head.startswith(signature, offset):
            return _packed(head, tail) if media_type == ZIP else media_type
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(head + tail)
    marked = _markup(head)
    if marked:
        return marked
    # Readers accept a PDF that begins a little late, after a mail header or stray bytes.
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if _MP3.match(head):
        return "audio/mpeg"
    return PLAIN if head and _is_text(head) else UNKNOWN


def _packed(head: bytes, tail: bytes) -> str:
    """A ZIP by what is inside, without opening it: names stand in the directory at its end."""
    if head.startswith(b"mimetype", 30):
        declared = re.match(rb"application/[\w.+-]{1,80}", head[38:])
        if declared and declared[0].startswith((_ODF.encode(), b"application/epub+zip")):
            return declared[0].partition(b"PK")[0].decode()
    directory = re.findall(rb"PK\x01\x02.{42}(?=([ -~]{1,80}))", tail, re.DOTALL)
    if any(name.startswith(b"[Content_Types].xml") for name in directory):
        for folder, media_type in _OFFICE:
            if any(name.startswith(folder) for name in directory):
                return media_type
    return ZIP


def _old_office(data: bytes) -> str:
    for stream, media_type in _OLE:
        if stream.encode("utf-16-le") in data:
            return media_type
    return "application/x-ole-storage"


def _markup(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start[2:].replace(b"\0", b"")
    if _HTML.match(start):
        return "text/html"
    if start.lstrip().startswith(b"<?xml"):
        root = _XML_ROOT.match(start)
        return _ROOTS.get(root[1], "application/xml") if root else "application/xml"
    return "image/svg+xml" if re.match(rb"\s*<svg[\s>]", start) else ""


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not _OTHER_CONTROLS.search(head)

"""Making XML of what repositories send for XML, without guessing at what it says.

What is well-formed is taken as it is. Else, from the harmless to the drastic: text around the
document is cut off, characters that XML forbids are left out, HTML's entities become their
letters and bare ampersands ampersands, and in the end the page is read record by record, so that
one bad record costs only itself. A DOCTYPE is refused, and a document that ends too early is no
answer: the rest is missing, perhaps with the way to the next page.
"""

import codecs
import re
from html.entities import html5
from itertools import pairwise

from lxml import etree

from ingest.harvest.faults import Fault, Faults
from ingest.harvest.trouble import Trouble
from repository import xml
from repository.errors import ArchiveError
from repository.fetching import Fetched
from schemas import text as border

_START = re.compile(r"<\?xml\b|<!DOCTYPE|<(?:[\w.-]+:)?OAI-PMH\b", re.I)
_ROOT = re.compile(r"<((?:[\w.-]+:)?)OAI-PMH\b[^>]*>")
_DECLARED = re.compile(r"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)(?:(\w{2,32});)?")
_LIST = re.compile(r"<((?:[\w.-]+:)?)ListRecords\b[^>]*>")
_RECORD = re.compile(r"<((?:[\w.-]+:)?)record\b[^<>]*>\s*<\1header\b")
_IDENTIFIER = re.compile(r"<(?:[\w.-]+:)?identifier\s*>([^<]{1,300})<")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


_NOT_OAI = _("The answer is not OAI-PMH.")
_CUT = _("The answer was cut off.")
_BROKEN = _("The XML of the answer is broken.")
_HTML = _("The answer is a web page.")
_DOCTYPE = _("The answer has a DOCTYPE, which is not accepted.")


def root(answer: Fetched, faults: Faults) -> etree._Element:
    """The root element of an answer, <OAI-PMH>. Raises Trouble."""
    whole = _whole(_decoded(answer, faults), faults)
    clean = _cleaned(whole, faults)
    try:
        return _parsed(clean)
    except ArchiveError:
        mended = _AMPERSAND.sub(_entity, clean)
    if mended != clean:
        faults.add(Fault.ENTITIES, answer.url)
        try:
            return _parsed(mended)
        except ArchiveError:
            pass  # more is broken: `_pieced` goes on
    faults.add(Fault.PIECES, answer.url)
    return _pieced(mended, faults)


def _parsed(text: str) -> etree._Element:
    return xml.parse(text.encode())


def _decoded(answer: Fetched, faults: Faults) -> str:
    body = answer.body
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    head = body[:1000].decode("latin-1")
    declared = _DECLARED.search(head) or _CHARSET.search(answer.headers.get("content-type", ""))
    for encoding in dict.fromkeys((declared[1] if declared else "utf-8", "utf-8")):
        try:
            text = body.decode(encoding)
        except (LookupError, UnicodeError):
            faults.add(Fault.ENCODING, f"{encoding}: {answer.url}")
            continue
        return text
    return body.decode("utf-8", "replace")


def _whole(text: str, faults: Faults) -> str:
    """The document without what is around it, and without its declaration."""
    start = _START.search(text)
    if start is None:
        raise Trouble(_NOT_OAI)
    if start[0].upper() == "<!DOCTYPE" or "<!DOCTYPE" in _prologue(text, start.start()).upper():
        raise Trouble(_HTML) if _is_html(text) else Trouble(_DOCTYPE, again=False)
    opened = _ROOT.search(text, start.start())
    if opened is None:
        raise Trouble(_NOT_OAI)
    closing = f"</{opened[1]}OAI-PMH"
    end = text.rfind(closing)
    close = text.find(">", end)
    if end < 0 or close < 0:
        raise Trouble(_CUT)
    before = _DECLARATION.sub("", text[: opened.start()])
    around = re.sub(r"<\?.*?\?>|<!--.*?-->", "", before + text[close + 1 :], flags=re.S)
    if around.strip("\ufeff \t\r\n"):
        faults.add(Fault.AROUND, around.strip()[:80])
    return text[opened.start() : close + 1]


def _prologue(text: str, start: int) -> str:
    opened = _ROOT.search(text, start)
    return text[start : opened.start() if opened else start + 1000]


def _is_html(text: str) -> bool:
    return re.search(r"<html\b", text[:5000], re.I) is not None


def _cleaned(text: str, faults: Faults) -> str:
    """The text with the characters only that XML allows, also where they are numbers."""
    strange = 0

    def number(found: re.Match[str]) -> str:
        nonlocal strange
        code = int(found[1], 16) if found[1] else int(found[2])
        if code <= 0x10FFFF and not border.has_forbidden(chr(code)):
            return found[0]
        strange += 1
        return ""

    cleaned = _REFERENCE.sub(number, text)
    if border.has_forbidden(cleaned):
        kept = "".join(one for one in cleaned if not border.has_forbidden(one))
        strange += len(cleaned) - len(kept)
        cleaned = kept
    faults.add(Fault.CHARACTERS, "", strange + cleaned.count("\ufffd"))
    return cleaned


def _entity(found: re.Match[str]) -> str:
    letter = html5.get(f"{found[1]};") if found[1] else None
    if letter:
        return letter
    return f"&amp;{found[1]};" if found[1] else "&amp;"


def _pieced(text: str, faults: Faults) -> etree._Element:
    """The page put together from those of its records that can be read."""
    opened, listed = _ROOT.search(text), _LIST.search(text)
    starts = list(_RECORD.finditer(text)) if listed else []
    if opened is None or listed is None or not starts:
        raise Trouble(_BROKEN)
    head = text[: starts[0].start()]
    ends = f"</{listed[1]}ListRecords></{opened[1]}OAI-PMH>"
    places = [*(one.start() for one in starts), len(text)]
    pieces = [text[at:end] for at, end in pairwise(places)]
    closing = f"</{starts[-1][1]}record>"
    last, found, tail = pieces[-1].rpartition(closing)
    if not found:
        raise Trouble(_CUT)
    pieces[-1] = last + closing
    try:
        page = _parsed(head + tail)
    except ArchiveError as error:
        raise Trouble(_BROKEN) from error
    target = next(one for one in page.iter() if _local(one) == "ListRecords")
    for place, piece in enumerate(pieces):
        record = _piece(head, piece, ends)
        if record is None:
            named = _IDENTIFIER.search(piece)
            faults.add(Fault.LOST, named[1].strip() if named else "")
        else:
            target.insert(place, record)
    return page


def _piece(head: str, piece: str, ends: str) -> etree._Element | None:
    try:
        page = _parsed(head + piece + ends)
    except ArchiveError:
        return None
    return next((one for one in page.iter() if _local(one) == "record"), None)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""

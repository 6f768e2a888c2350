"""XML for people's eyes: one line for each element, indented, its parts told apart by classes.

Nothing is coloured here and no script is needed; `reading.css` does the rest. All that came from
the XML is escaped.
"""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from markupsafe import Markup, escape

DEEPEST = 9
# What a serialiser writes inside angle brackets; it escapes those of texts and values.
_PIECE = re.compile(r"<!--.*?-->|<\?.*?\?>|<[^>]+>|[^<]+", re.DOTALL)
_TAG = re.compile(r"(</?)([^\s/>]+)(.*?)(/?>)", re.DOTALL)
_VALUE = re.compile(r"""(\s+[^\s=]+=)("[^"]*"|'[^']*')""")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;)]")


def shown(element: etree._Element) -> Markup:
    """The element and all in it."""
    copy = deepcopy(element)
    copy.tail = None
    etree.cleanup_namespaces(copy)
    etree.indent(copy)
    lines = etree.tostring(copy, encoding="unicode").split("\n")
    return Markup("").join(_line(line) for line in lines)


def _line(line: str) -> Markup:
    plain = line.lstrip(" ")
    depth = min((len(line) - len(plain)) // 2, DEEPEST)
    return Markup('<span class="d{}">{}</span>').format(depth, Markup("").join(_pieces(plain)))


def _pieces(line: str) -> Iterator[Markup]:
    for piece in _PIECE.findall(line):
        tag = _TAG.fullmatch(piece)
        if tag is None:
            yield _linked(_plain(piece))
            continue
        opening, name, values, closing = tag.groups()
        yield Markup("<i>{}</i><b>{}</b>").format(opening, name)
        for attribute, value in _VALUE.findall(values):
            yield Markup("<i>{}</i><em>{}</em>").format(attribute, _linked(_plain(value)))
        yield Markup("<i>{}</i>").format(closing)


def _plain(text: str) -> str:
    """The text as it was before the serialiser escaped it."""
    for escaped, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(escaped, meant)
    return text


def _linked(text: str) -> Markup:
    """The text, with web addresses as links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0]
        parts += [
            escape(text[end : found.start()]),
            Markup('<a href="{0}" rel="nofollow">{0}</a>').format(address),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])

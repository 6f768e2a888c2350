"""All books of rules, by their keys."""

from oai.readiness import (
    base,
    core,
    oai,
    oai_lists,
    oai_refusals,
    openaire3,
    openaire4,
    rioxx,
)

_PROTOCOL = oai.BOOK.joined(oai_refusals.PART, oai_lists.PART)
_ALL = (_PROTOCOL, base.BOOK, core.BOOK, openaire3.BOOK, openaire4.BOOK, rioxx.BOOK)
BOOKS = {book.key: book for book in _ALL}

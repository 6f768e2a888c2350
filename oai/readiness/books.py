"""All books of rules, by their keys."""

from oai.readiness import base, core, oai, openaire3, openaire4, rioxx

BOOKS = {one.BOOK.key: one.BOOK for one in (oai, base, core, openaire3, openaire4, rioxx)}

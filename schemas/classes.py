"""Library classifications as trees: the first two levels of UDC, BBK and GRNTI, with names.

The tables beside this module hold, between tabs: the code (and other codes of the same class, after
spaces), the code of the class above, and the name in Kyrgyz, Russian and English. BBK is known
under letters (scientific libraries) and under digits (all others); both lead to one class.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

SCHEMES = ("udc", "bbk", "grnti")
_LANGUAGES = ("ky", "ru", "en")
# UDC joins classes by "+" and ":"; what stands before numbers of time, place or language is kept.
_JOINED = re.compile(r"[+:;,\s]+")
_DIGITS = re.compile(r"\[?\s*(\d[\d.]*)")
_CODE = re.compile(r"\s*([А-ЯA-Z]?\s?\d[\d.]*|[А-Я])")
# Latin letters that are typed for the Cyrillic ones they look like.
_LOOKALIKES = str.maketrans("ABEKMHOPCTX", "АВЕКМНОРСТХ")


class Class(NamedTuple):
    """A class: its code, that of the class above ("" on top), all its codes, its names."""

    code: str
    above: str
    codes: tuple[str, ...]
    names: dict[str, str]

    def name(self, language: str) -> str:
        """Its name in a language of the pages."""
        return self.names.get(language) or self.names["en"]


@cache
def tree(scheme: str) -> dict[str, Class]:
    """The classes of a scheme by code, in its order."""
    table = files("schemas").joinpath("trees", f"{scheme}.tsv").read_text("utf-8")
    return {one.code: one for one in map(_read, table.splitlines())}


def _read(line: str) -> Class:
    codes, above, *names = line.split("\t")
    known = tuple(codes.split(" "))
    return Class(known[0], above, known, dict(zip(_LANGUAGES, names, strict=True)))


def below(scheme: str, code: str = "") -> list[Class]:
    """The classes right below one, or those on top."""
    return [one for one in tree(scheme).values() if one.above == code]


def lineage(scheme: str, code: str) -> list[Class]:
    """A class with those above it, from the top down; nothing when there is none of that code."""
    found = tree(scheme).get(code)
    return [*lineage(scheme, found.above), found] if found else []


def classes(scheme: str, code: str) -> list[str]:
    """The lowest classes in which a work with this code is: several where it joins subjects."""
    if scheme not in SCHEMES:
        return []
    parts = _JOINED.split(code) if scheme == "udc" else [code]
    return list(dict.fromkeys(filter(None, (_lowest(scheme, one) for one in parts))))


def nodes(scheme: str, code: str) -> set[str]:
    """The classes in which a work with this code is, and all above these."""
    return {one.code for found in classes(scheme, code) for one in lineage(scheme, found)}


def _lowest(scheme: str, code: str) -> str:
    plain = _plain(scheme, code)
    return next((_begins(scheme)[plain[:n]] for n in range(len(plain), 0, -1)
                 if plain[:n] in _begins(scheme)), "")  # fmt: skip


def _plain(scheme: str, code: str) -> str:
    """A code as it is compared: its main number without points, or its letter."""
    pattern = _CODE if scheme == "bbk" else _DIGITS
    found = pattern.match(code.upper().translate(_LOOKALIKES) if scheme == "bbk" else code)
    return re.sub(r"[.\s]", "", found[1]) if found else ""


@cache
def _begins(scheme: str) -> dict[str, str]:
    """What a code of each class begins with."""
    return {
        each.replace(".", ""): one.code
        for one in tree(scheme).values()
        for each in one.codes
        if "-" not in each
    }

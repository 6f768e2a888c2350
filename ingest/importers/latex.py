"""Text with TeX's commands, as BibTeX has it, and what stands in its braces."""

import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

from repository.exports import bibtex

# A command with what it acts on, a formula, a sign that TeX sets in its own way, a brace.
_PARTS = re.compile(
    r"\\[A-Za-z]{1,40}\*?(?:\s{0,20}\{(?:[^{}]|\{[^{}]{0,200}\}){0,500}\}|\s{1,20}\\?[A-Za-z]\b|\s{1,20})?"
    r"|\\[`'^\"~=.](?:\s{0,9}\{\\?[A-Za-z]{0,2}\s?(?:\{\})?\}|\s{0,9}\\[A-Za-z]{1,2}|\s{0,9}[A-Za-z])"
    r"|\\.|\$[^$]{0,500}\$|---?|``|''|[~{}]"
)
_LETTERED = re.compile(r"\\[uvHtcdbkrGUf]\b")  # accents whose names are letters: \v c
_SIGNS = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "{": "", "}": ""}
# What the library does not know, and what our own export writes, read again.
_UNKNOWN = {
    "TeX": "\\TeX", "LaTeX": "\\LaTeX", "<": "\\textless", ">": "\\textgreater",
    "|": "\\textbar", "'": "\\textquotesingle", '"': "\\textquotedbl",
}  # fmt: skip
_OWN = {
    code.removesuffix("{}"): sign
    for table in (bibtex.WRITTEN, bibtex.ALONE, _UNKNOWN)
    for sign, code in table.items()
}
_READER = LatexNodes2Text(math_mode="text", keep_comments=True)
_PLAIN = re.compile(r"\{?\\(?:([_%&#$~{}])|textasciitilde(?:\{\}|\b)|textunderscore(?:\{\}|\b))\}?")
_TILDE = re.compile(r"\{?\$\\sim\$\}?|\{?\\~\{\}\}?")
_LINK = re.compile(r"\\(?:url|path)\s*\{([^{}]*)\}")


def plain(text: str) -> str:
    """The text as people read it: commands are letters, formulas nearly so, braces are gone."""
    return _PARTS.sub(lambda found: _read(found[0]), text)


def _read(part: str) -> str:
    if part in _SIGNS:
        return _SIGNS[part]
    bare = part.rstrip().removesuffix("{}")
    if bare in _OWN:
        return _OWN[bare] + (" " if part != part.rstrip() and part[1:2].isalpha() else "")
    link = _LINK.fullmatch(part)
    if link:
        return link[1]
    # After a word that takes nothing a letter is the beginning of the next word.
    alone = re.fullmatch(r"(\\[A-Za-z]+\*?)\s+(\\?[A-Za-z])", part)
    if alone and not _LETTERED.match(part):
        return _spoken(alone[1]) + alone[2]
    return _spoken(part)


@lru_cache(maxsize=4096)
def _spoken(part: str) -> str:
    try:
        said = _READER.latex_to_text(part)
    except RecursionError:  # of nests that nobody has written by hand
        return ""
    return re.sub(r"[{}]", "", said)


def verbatim(text: str) -> str:
    """An address or a number: only what TeX would not have let through is undone."""
    text = _LINK.sub(r"\1", _TILDE.sub("~", text))
    return re.sub(r"[{}]", "", _PLAIN.sub(lambda found: found[1] or _named(found[0]), text)).strip()


def _named(command: str) -> str:
    return "~" if "tilde" in command else "_"


def parts(text: str, separator: re.Pattern[str]) -> list[str]:
    """The text taken apart where the separator stands outside of all braces."""
    found, depth, begun, at = [], 0, 0, 0
    step = re.compile(r"[{}]|" + separator.pattern, separator.flags)
    while match := step.search(text, at):
        at = max(match.end(), at + 1)
        if match[0] in ("{", "}"):
            depth = max(depth + (1 if match[0] == "{" else -1), 0)
        elif not depth:
            found.append(text[begun : match.start()])
            begun = match.end()
    return [*found, text[begun:]]


def is_braced(text: str) -> bool:
    """Whether one pair of braces holds all of it."""
    stripped = text.strip()
    if not stripped.startswith("{") or not stripped.endswith("}"):
        return False
    depth = 0
    for at, one in enumerate(stripped):
        depth += (one == "{") - (one == "}")
        if not depth:
            return at == len(stripped) - 1
    return False

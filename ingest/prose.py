"""Text that came out of a PDF, made fit to read, search and keep.

PDFs hold ligatures, soft hyphens, words cut at the ends of lines and stray control characters.
Everything here is linear in the length of its text, because the text may be hostile.
"""

import re
from collections.abc import Container, Iterable

from schemas import text as border

# pdfium says U+FFFE (older versions U+0002) where a hyphen at the end of a line joins two halves.
HYPHEN = "\u00ad"
_BREAKS = re.compile("[\u0002\ufffe]")
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# C1 controls, marks that steer the direction or the width of nothing, and private letters, which
# only the font of the PDF can draw.
_INVISIBLE = re.compile(
    "[\u007f-\u0084\u0086-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff\ufffd]"
)
# From the beginning of a word, and never back: text may be one word of a million letters.
_CUT = re.compile(r"(?<!\w)(\w++)(?:\u00ad|-(?=\r?\n))\s*+(\w++)")
_WORD = re.compile(r"\w+(?:-\w+)*")


def tidy(text: str) -> str:
    """`text` in NFC, with ligatures taken apart and nothing invisible but spaces and line ends.

    A hyphen at which a word was cut stays as U+00AD, for `mend` to decide on.
    """
    text = _BREAKS.sub(HYPHEN, text)
    if _LIGATURE.search(text):
        text = text.translate(_LIGATURES)
    return border.clean(_INVISIBLE.sub("", text).replace("\u0085", "\n").replace("\f", "\n"))


def line(text: str) -> str:
    """`text` tidied, on one line and without soft hyphens."""
    return border.line(tidy(text).replace(HYPHEN, ""))


def words(texts: Iterable[str]) -> set[str]:
    """The words of the texts in lower case, compounds both whole and in parts."""
    found: set[str] = set()
    for text in texts:
        whole = _CUT.sub(" ", text) if is_cut(text) else text
        found.update(_WORD.findall(whole.casefold()))
    return found.union(*(one.split("-") for one in found if "-" in one))


def is_cut(text: str) -> bool:
    """Whether a word may be cut there; most pages have none, and looking is quick."""
    return HYPHEN in text or "-\n" in text or "-\r" in text


def mend(text: str, known: Container[str] = frozenset()) -> str:
    """`text` with the words joined that were cut at the ends of lines.

    `known` are words of the same document. They tell "un-der", which is one word, from
    "high-level", which keeps its hyphen.
    """
    if not is_cut(text):
        return text
    text = _CUT.sub(lambda cut: _joined(cut[1], cut[2], known), text)
    return text.replace(HYPHEN, "")


def _joined(left: str, right: str, known: Container[str]) -> str:
    whole, compound = (left + right).casefold(), f"{left}-{right}".casefold()
    keeps = (
        right[0].isupper() != left[-1].isupper()
        or right[0].isdigit()
        or left[-1].isdigit()
        or compound in known
        or (whole not in known and left.casefold() in known and right.casefold() in known)
    )
    return f"{left}-{right}" if keeps else left + right


def join(lines: Iterable[str], known: Container[str] = frozenset()) -> str:
    """The lines of one paragraph as one line, with the words joined that were cut."""
    return border.line(mend("\n".join(tidy(one).strip() for one in lines), known))

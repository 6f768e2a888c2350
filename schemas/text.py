"""Text as it is stored: NFC, and only characters that XML 1.0 can carry."""

import re
import unicodedata

# XML 1.0, section 2.2, production [2] Char, and the lone surrogates that Python strings may hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\ufeff]+")


def clean(text: str) -> str:
    """`text` in NFC with forbidden characters removed and line ends made "\\n"."""
    text = _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def compose(text: str) -> str:
    """`text` in NFC, otherwise untouched: what is typed on two keyboards becomes the same."""
    return unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """`text` cleaned and on one line, with single spaces."""
    return _SPACES.sub(" ", " ".join(clean(text).split())).strip()


def paragraphs(text: str) -> str:
    """`text` cleaned, each line trimmed, with at most one empty line between paragraphs."""
    lines = [_SPACES.sub(" ", one).strip() for one in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def has_forbidden(text: str) -> bool:
    """Whether cleaning would remove characters."""
    return _FORBIDDEN.search(text) is not None


def clean_all(value: object) -> tuple[object, bool]:
    """A JSON value with every string cleaned, and whether anything had to be removed."""
    if isinstance(value, str):
        return clean(value), has_forbidden(value)
    if isinstance(value, list):
        pairs = [clean_all(one) for one in value]
        return [one for one, _ in pairs], any(removed for _, removed in pairs)
    if isinstance(value, dict):
        items = {clean(str(key)): clean_all(one) for key, one in value.items()}
        return (
            {key: one for key, (one, _) in items.items()},
            any(removed for _, removed in items.values()),
        )
    return value, False

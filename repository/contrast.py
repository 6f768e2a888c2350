"""Whether colours can be read: the contrast of WCAG 2.2, between an accent and our own grounds."""

from typing import NamedTuple

ENOUGH = 4.5
# The grounds of static/archive.css on which an accent stands, and what may stand on it.
GROUNDS = {
    "light": ("#fbfaf6", "#ffffff", "#e4efee"),
    "dark": ("#11181a", "#182124", "#1c3338"),
}
ON_ACCENT = {"light": "#ffffff", "dark": "#11181a"}


class Pair(NamedTuple):
    """Two colours, one written on the other."""

    ink: str
    ground: str
    ratio: float


def faint(accent: str, theme: str) -> list[Pair]:
    """The pairs of an accent in a theme ("light", "dark") that cannot be read well."""
    pairs = [(accent, ground) for ground in GROUNDS[theme]]
    pairs.append((ON_ACCENT[theme], accent))
    measured = [Pair(ink, ground, ratio(ink, ground)) for ink, ground in pairs]
    return [one for one in measured if one.ratio < ENOUGH]


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

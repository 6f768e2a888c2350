"""A paper: A4, our own font in it, headings, facts, tables, lines for signatures, page numbers."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

from flask_babel import gettext
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT = "DejaVu"
FOLDER = Path(str(resources.files("repository"))) / "fonts"
MARGIN = 12.0
LINE = 1.35  # line height over letter height
POINT = 25.4 / 72
PAD = 0.9

# Subsetting tells every step of its work.
logging.getLogger("fontTools").setLevel(logging.ERROR)
logging.getLogger("fpdf").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, where its text stands."""

    title: str
    share: float
    align: str = "L"


class Sheet(FPDF):
    """The paper itself. `foot` stands on each page, before the page's number."""

    def __init__(self, *, title: str, language: str, foot: str, wide: bool = False) -> None:
        super().__init__(orientation="landscape" if wide else "portrait", format="A4")
        self.foot = foot
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.add_font(FONT, "", FOLDER / "DejaVuSansCondensed.ttf")
        self.add_font(FONT, "B", FOLDER / "DejaVuSansCondensed-Bold.ttf")
        self.set_title(title)
        self.set_lang(language)
        self.set_creator("Open Archive")
        self.alias_nb_pages("{all}")
        self._widths = cache(self._width)
        self.add_page()
        self.face(9)

    def face(self, size: float, *, bold: bool = False) -> None:
        """Chooses the size of the letters that follow."""
        self.set_font(FONT, "B" if bold else "", size)

    def footer(self) -> None:
        """The number of the page, and what paper this is."""
        self.set_y(-MARGIN)
        self.face(7)
        self.set_text_color(90)
        place = gettext("Page %(number)s of %(count)s", number=self.page_no(), count="{all}")
        self.cell(self.epw * 0.75, 4, self._cut(self.foot, self.epw * 0.74))
        self.cell(self.epw * 0.25, 4, place, align="R")
        self.set_text_color(0)

    def _cut(self, text: str, width: float) -> str:
        lines = self.wrap(text, width)
        return lines[0] + (" …" if len(lines) > 1 else "")

    def head(self, library: str, title: str, *below: str) -> None:
        """The library's name, the title of the paper, and lines under it."""
        self.face(10)
        self._centred(library)
        self.ln(3)
        self.face(14, bold=True)
        self._centred(title)
        self.face(9.5)
        for one in filter(None, below):
            self._centred(one)
        self.ln(4)

    def _centred(self, text: str) -> None:
        self.multi_cell(
            0, self.font_size * LINE, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def part(self, title: str) -> None:
        """The heading of a part."""
        if self.get_y() + 25 > self.page_break_trigger:
            self.add_page()
        self.ln(3)
        self.face(10.5, bold=True)
        self.say(title)
        self.ln(1)
        self.face(9)

    def say(self, text: str, *, align: str = "L") -> None:
        """A paragraph."""
        self.multi_cell(
            0, self.font_size * LINE, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def facts(self, pairs: Iterable[tuple[str, str]], *, width: float = 0.0) -> None:
        """Labels with what is said of them; what is empty is left out."""
        room = width or self.epw
        left = room * 0.32
        for label, value in pairs:
            if not value:
                continue
            self.face(9)
            lines = self.wrap(value, room - left)
            heads = self.wrap(label, left - 2)
            tall = max(len(lines), len(heads)) * self.font_size * LINE + 0.8
            if self.get_y() + tall > self.page_break_trigger:
                self.add_page()
            top = self.get_y()
            self.set_text_color(80)
            self._lines(heads, self.l_margin, top, left)
            self.set_text_color(0)
            self._lines(lines, self.l_margin + left, top, room - left)
            self.set_y(top + tall)

    def ruled(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        *,
        size: float = 7.5,
        last_bold: bool = False,
    ) -> None:
        """A ruled table whose heading stands on each page again."""
        shares = sum(one.share for one in columns)
        widths = [self.epw * one.share / shares for one in columns]
        aligns = [one.align for one in columns]
        titles = [one.title for one in columns]
        every = list(rows)
        heading = self._heading(titles, widths, size)
        for index, row in enumerate(every):
            bold = last_bold and index == len(every) - 1
            self.face(size, bold=bold)
            cells = self._cells(row, widths)
            if self.get_y() + self._tall(cells) > self.page_break_trigger:
                self.add_page()
                self.face(size, bold=True)
                self._row(heading, widths, ["C"] * len(columns))
                self.face(size, bold=bold)
            self._row(cells, widths, aligns)
        self.ln(1)

    def _heading(
        self, titles: Sequence[str], widths: Sequence[float], size: float
    ) -> list[list[str]]:
        """Prints the heading, with room for a row below it; its cells."""
        self.face(size, bold=True)
        cells = self._cells(titles, widths)
        if self.get_y() + self._tall(cells) + 8 > self.page_break_trigger:
            self.add_page()
        self._row(cells, widths, ["C"] * len(widths))
        return cells

    def _cells(self, row: Sequence[str], widths: Sequence[float]) -> list[list[str]]:
        return [self.wrap(text, width - 2 * PAD) for text, width in zip(row, widths, strict=True)]

    def _tall(self, cells: Sequence[Sequence[str]]) -> float:
        return max(map(len, cells)) * self.font_size * LINE + 2 * PAD

    def _row(
        self, cells: Sequence[Sequence[str]], widths: Sequence[float], aligns: Sequence[str]
    ) -> None:
        tall, x, y = self._tall(cells), self.l_margin, self.get_y()
        for lines, width, align in zip(cells, widths, aligns, strict=True):
            self.rect(x, y, width, tall)
            self._lines(lines, x + PAD, y + PAD, width - 2 * PAD, align)
            x += width
        self.set_xy(self.l_margin, y + tall)

    def _lines(
        self, lines: Sequence[str], x: float, y: float, width: float, align: str = "L"
    ) -> None:
        step = self.font_size * LINE
        for index, one in enumerate(lines):
            if not one:
                continue
            free = width - self._long(one)
            shift = free if align == "R" else free / 2 if align == "C" else 0.0
            self.text(x + max(shift, 0.0), y + index * step + self.font_size * 1.02, one)

    def wrap(self, text: str, width: float) -> list[str]:
        """The text in lines of a width; a word that is longer is broken."""
        found: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                if line and self._long(f"{line} {word}") <= width:
                    line = f"{line} {word}"
                    continue
                if line:
                    found.append(line)
                *broken, line = self._broken(word, width)
                found += broken
            found.append(line)
        return found or [""]

    def _broken(self, word: str, width: float) -> list[str]:
        parts = [""]
        for letter in word:
            if parts[-1] and self._long(parts[-1] + letter) > width:
                parts.append("")
            parts[-1] += letter
        return parts

    def _long(self, text: str) -> float:
        return sum(self._widths(one, self.font_style) for one in text) * self.font_size_pt

    def _width(self, letter: str, style: str) -> float:
        """The width of a letter at one point."""
        return self.get_string_width(letter) / self.font_size_pt

    def signatures(self, *who: tuple[str, str]) -> None:
        """Lines to sign on: what for, and the name where it is known."""
        if self.get_y() + 14 * len(who) + 8 > self.page_break_trigger:
            self.add_page()
        self.ln(6)
        self.face(9)
        for role, name in who:
            top = self.get_y()
            wide = self.epw if self.epw < 200 else 200.0
            self._lines(self.wrap(role, wide * 0.28), self.l_margin, top, wide * 0.28)
            for place, share, below in ((0.30, 0.25, gettext("signature")), (0.58, 0.42, name)):
                x, room = self.l_margin + wide * place, wide * share
                self.line(x, top + 4.5, x + room, top + 4.5)
                self.face(7)
                under = below or gettext("name")
                self._lines([self._cut(under, room)], x, top + 5, room, "C")
                self.face(9)
            self.set_y(top + 13)

    def picture(self, modules: Sequence[Sequence[int]], *, x: float, y: float, side: float) -> None:
        """A code of squares."""
        step = side / len(modules)
        self.set_fill_color(0)
        for down, row in enumerate(modules):
            for right, dark in enumerate(row):
                if dark:
                    self.rect(x + right * step, y + down * step, step * 1.02, step * 1.02, "F")

    def done(self) -> bytes:
        """The PDF."""
        into = BytesIO()
        self.output(into)
        return into.getvalue()

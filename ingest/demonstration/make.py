"""Makes the files of the demonstration works: `python -m ingest.demonstration.make`.

Needs reportlab (the test extra) and DejaVu fonts (Debian's fonts-dejavu-core), whose letters cover
Kyrgyz. The same texts give the same bytes, so that only what has changed is committed.
"""

import csv
import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from reportlab import rl_config
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

from ingest.demonstration import FOLDER
from schemas import work as profile

FACE = Path(
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
)  # one face keeps each file below 40 KB
INK, RED = (38, 34, 30), (168, 50, 38)


def style(name: str, size: float, **more: Any) -> ParagraphStyle:
    """A style of the demonstration's pages."""
    return ParagraphStyle(name, fontName="Serif", fontSize=size, leading=size * 1.4, **more)


RUNNING = style("running", 8, textColor="#666666", spaceAfter=14)
TITLE = style("title", 17, spaceAfter=8)
NAMES = style("names", 10.5, spaceAfter=2)
SMALL = style("small", 8.5, textColor="#444444", spaceAfter=6)
ABSTRACT = style("abstract", 9, leftIndent=8 * mm, rightIndent=8 * mm, spaceAfter=5)
HEADING = style(
    "heading", 12.5, textColor="#8a2a1e", spaceBefore=10, spaceAfter=5, keepWithNext=True
)
BODY = style("body", 10, alignment=TA_JUSTIFY, spaceAfter=5)
SLIDE = style("slide", 17, spaceAfter=12, leftIndent=8 * mm, bulletIndent=0)
SLIDE_TITLE = style("slide title", 28, textColor="#8a2a1e", spaceAfter=24)

ABSTRACTS = {"ky": "Аннотация", "ru": "Аннотация", "en": "Abstract"}
KEYWORDS = {"ky": "Ачкыч сөздөр", "ru": "Ключевые слова", "en": "Keywords"}


def main() -> None:
    """Makes every file that works.jsonl names."""
    rl_config.invariant = 1  # no dates and random identifiers inside
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont("Serif", FACE))
    for line in (FOLDER / "works.jsonl").read_text("utf-8").splitlines():
        described = json.loads(line)
        for file in described.get("files", ()):
            path = FOLDER / file["path"]
            path.parent.mkdir(exist_ok=True)
            MAKERS[path.suffix](path, described["document"])


def make_pdf(path: Path, document: dict[str, Any]) -> None:
    """A paper with its title, names, abstract and text, or the slides of a lecture."""
    text = (FOLDER / "texts" / f"{path.stem}.txt").read_text("utf-8")
    slides = profile.work_type(document).key == "lecture"
    template = SimpleDocTemplate(
        str(path),
        pagesize=landscape(A4) if slides else A4,
        leftMargin=26 * mm,
        rightMargin=26 * mm,
        topMargin=24 * mm,
        bottomMargin=22 * mm,
        title=profile.main_title(document)["text"],
        author="; ".join(map(profile.agent_reading, document["creators"])),
        subject=document["abstracts"][0]["text"].split("\n")[0],
        keywords=[one["text"] for one in document["keywords"]],
        lang=document["languages"][0],
        creator="Open Archive",
        pageCompression=1,
    )
    front = list(_front(document))
    flow = [*front, *(_slides(text) if slides else _body(text))]
    template.build(flow, onLaterPages=_number, onFirstPage=_number)


def _number(canvas: Canvas, template: SimpleDocTemplate) -> None:
    canvas.setFont("Serif", 8)
    canvas.drawCentredString(template.pagesize[0] / 2, 12 * mm, str(template.page))


def _front(document: dict[str, Any]) -> Iterator[Flowable]:
    language = document["languages"][0]
    host, thesis = document.get("host", {}), document.get("thesis", {})
    parts = [host.get("title") or thesis.get("grantor"), host.get("volume"), host.get("pages")]
    running = ", ".join(filter(None, [*parts, document["issued"][:4]]))
    yield Paragraph(running, RUNNING)
    yield Paragraph(profile.main_title(document)["text"], TITLE)
    for title in (one for one in document["titles"] if one["kind"] == "subtitle"):
        yield Paragraph(title["text"], NAMES)
    yield Spacer(0, 3 * mm)
    yield Paragraph(", ".join(map(profile.agent_reading, document["creators"])), NAMES)
    places = [each["name"] for one in document["creators"] for each in one.get("affiliations", ())]
    yield Paragraph("; ".join(dict.fromkeys(places)), SMALL)
    for one in document.get("identifiers", ()):
        if one["scheme"] == "doi":
            yield Paragraph(f"https://doi.org/{one['value']}", SMALL)
    for one in document["abstracts"]:
        label = ABSTRACTS[one["language"]]
        yield Paragraph(f"{label}. " + one["text"].replace("\n\n", "<br/>"), ABSTRACT)
    words = [one["text"] for one in document["keywords"] if one["language"] == language]
    yield Paragraph(f"{KEYWORDS[language]}: " + ", ".join(words), ABSTRACT)


def _body(text: str) -> Iterator[Flowable]:
    for block in text.split("\n\n"):
        heading = block.startswith("## ")
        yield Paragraph(block.removeprefix("## ").strip(), HEADING if heading else BODY)


def _slides(text: str) -> Iterator[Flowable]:
    for block in text.split("\n\n"):
        if block.startswith("## "):
            yield PageBreak()
            yield Paragraph(block.removeprefix("## ").strip(), SLIDE_TITLE)
        else:
            for line in block.strip().splitlines():
                yield Paragraph(line, SLIDE, bulletText="—")


def make_table(path: Path, document: dict[str, Any]) -> None:
    """372 months whose numbers have the shape of real ones and nothing else."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["month", "precipitation_mm", "temperature_c", "snow_percent", "flow_m3_s"])
        for count in range(31 * 12):
            rows.writerow(_month(count))


def _month(count: int) -> list[str]:
    year, month = divmod(count, 12)
    season = math.cos(2 * math.pi * (month - 6) / 12)  # 1 in July, -1 in January
    noise = math.sin(count * 12.9898) * 0.5
    flow = 60 + 120 * max(season, 0) ** 2 - (0.6 * year if month in (6, 7) else 0) + 9 * noise
    return [
        f"{1990 + year}-{month + 1:02}",
        f"{max(2, 24 + 14 * math.cos(2 * math.pi * (month - 4) / 12) + 12 * noise):.1f}",
        f"{-1.5 + 13.5 * season + 0.03 * year + 1.6 * noise:.1f}",
        f"{min(100, max(0, 52 - 48 * season + 8 * noise)):.0f}",
        f"{flow:.1f}",
    ]


STOPS = {  # where the stops of the map lie, and the month in which the road from there is taken
    "Ош": (60, 300, "апрель"),
    "Өзгөн": (180, 345, "май"),
    "Арпа": (330, 390, "июнь"),
    "Куртка": (460, 430, "июль"),
    "Ат-Башы": (590, 475, "август"),
    "Чатыр-Көл": (700, 530, "сентябрь"),
    "Кашкар": (830, 580, ""),
}


def make_map(path: Path, document: dict[str, Any]) -> None:
    """A schematic map of seven stops and the roads between them."""
    image = Image.new("RGB", (960, 640), (250, 246, 238))
    draw = ImageDraw.Draw(image)
    small, large = (ImageFont.truetype(FACE, size) for size in (20, 26))
    for ridge in range(9):  # mountains, as a child draws them
        left = 60 + ridge * 96
        draw.line([(left, 250), (left + 48, 180 + 9 * (ridge % 3)), (left + 96, 250)], INK, 2)
    places = list(STOPS.items())
    for (_, (x1, y1, month)), (_, (x2, y2, _)) in pairwise(places):
        draw.line([(x1, y1), (x2, y2)], RED, 3)
        draw.text(((x1 + x2) / 2 - 70, (y1 + y2) / 2 + 14), month, RED, small)
    for name, (x, y, _) in places:
        draw.ellipse([x - 6, y - 6, x + 6, y + 6], INK)
        draw.text((x - 12, y - 42), name, INK, large)
    draw.text((40, 30), profile.main_title(document)["text"], INK, large)
    image.quantize(16).save(path, optimize=True)


MAKERS = {".pdf": make_pdf, ".csv": make_table, ".png": make_map}

if __name__ == "__main__":
    main()

"""Pages a second of what happens to a file on arrival, against the bare tools in the same run."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest import language, ocr_run, quality, text

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LINES = (
    "Өнөр үлгүлөрү жана мөңгү суулары тоолордо изилденген, натыйжалары төмөндө берилди.",
    "Съёмка горных рек и ледников показала, что сток зависит от запасов снега весной.",
    "The rivers and the glaciers of the mountains were measured for more than thirty years.",
)
A_PAGE = 45  # lines
PAGES, SCANS = 400, 3
BARE = """
import sys, pypdfium2
document = pypdfium2.PdfDocument(sys.argv[1])
for page in document:
    print(page.get_textpage().get_text_range())
"""


def run(folder: Path) -> dict[str, dict[str, float] | float]:
    """Pages a second and ratios, for the text of PDFs and for scans."""
    folder.mkdir(parents=True, exist_ok=True)
    book = _book(folder / "book.pdf")
    figures: dict[str, dict[str, float] | float] = {}
    ours, bare = _best(lambda: _text(book), lambda: _bare_text(book))
    _note(figures, "text", PAGES / ours, PAGES / bare)
    if shutil.which("tesseract") and not ocr_run.missing():
        scan = _scan(folder / "scan.pdf")
        ours, bare = _time(lambda: _ocr(scan, folder)), _time(lambda: _bare_ocr(scan, folder))
        _note(figures, "OCR", SCANS / ours, SCANS / bare)
    return figures


def _note(
    figures: dict[str, dict[str, float] | float], name: str, ours: float, bare: float
) -> None:
    figures[name] = {"pages/s": ours, "pages/s by the bare tool": bare}
    figures[f"{name}, ratio"] = ours / bare


def _time(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _best(
    ours: Callable[[], object], bare: Callable[[], object], runs: int = 7
) -> tuple[float, float]:
    """The shortest times of both; they take turns, so that other work here hurts both."""
    times = [(_time(ours), _time(bare)) for _ in range(runs)]
    return min(one for one, _ in times), min(one for _, one in times)


def _text(path: Path) -> None:
    """Our step: read in a limited process, mended, judged, its language guessed."""
    found = text.read(path, text.PDF)
    assert found.verdict.word == quality.GOOD and len(found.pages) == PAGES
    assert language.of_pages(found.pages)


def _bare_text(path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", BARE, str(path)], check=True, stdout=subprocess.DEVNULL, timeout=300
    )


def _ocr(path: Path, folder: Path) -> None:
    """Our step, without what the database takes."""
    place = folder / "ours"
    place.mkdir()
    task = ocr_run.Task(path, "skip", range(1, SCANS + 1), 1)
    report = ocr_run.run(task, place, lambda done: True)
    assert report.pages == SCANS, report
    assert len(text.text_of(place / "result.pdf", text.PDF)) == SCANS


def _bare_ocr(path: Path, folder: Path) -> None:
    options = "-l kir+rus+eng --jobs 1 --output-type pdf --skip-text --rotate-pages -O 0 --quiet"
    subprocess.run(
        [sys.executable, "-m", "ocrmypdf", *options.split(), str(path), str(folder / "bare.pdf")],
        check=True,
        env={"PATH": "/usr/bin:/bin", "OMP_THREAD_LIMIT": "1"},
        timeout=600,
    )


def _book(path: Path) -> Path:
    pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    canvas = Canvas(str(path))
    for number in range(PAGES):
        canvas.setFont("DejaVu", 9)
        for at in range(A_PAGE):
            canvas.drawString(50, 800 - 16 * at, f"{number}.{at} {LINES[at % len(LINES)]}")
        canvas.showPage()
    canvas.save()
    return path


def _scan(path: Path) -> Path:
    """Pages as a scanner makes them at 200 dots an inch."""
    font = ImageFont.truetype(FONT, 26)
    pages = []
    for _ in range(SCANS):
        page = Image.new("L", (1654, 2339), 250)
        for at in range(30):
            ImageDraw.Draw(page).text((150, 150 + 65 * at), LINES[at % 3], font=font, fill=20)
        pages.append(page)
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
    return path

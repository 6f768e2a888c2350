"""PDFs of our own making, whole ones and damaged ones; and a virus scanner of our own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest import clamd

# Where Debian and others keep fonts that have the Kyrgyz letters.
FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
    ("/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"),
    (
        "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
        "LiberationSerif-Bold.ttf",
    ),
)
MARGIN = 72.0


class Say(NamedTuple):
    """A line to draw; `notes` is what is raised behind its words, "|" between the words' notes."""

    text: str
    size: float = 11
    bold: bool = False
    x: float | str = MARGIN
    gap: float = 1.25
    notes: str = ""


Pages = Sequence[Sequence[Say]]
Draw = Callable[..., Path]


@pytest.fixture(scope="session")
def cyrillic() -> tuple[str, str]:
    """A regular and a bold font with Cyrillic letters; the test is skipped where there is none."""
    for regular, bold in FONTS:
        if Path(regular).exists():
            pdfmetrics.registerFont(TTFont("Regular", regular))
            pdfmetrics.registerFont(TTFont("Bold", str(Path(regular).with_name(bold))))
            return "Regular", "Bold"
    pytest.skip("no font with Cyrillic letters is installed")


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draws pages of `Say` lines into a PDF; `info` is its document information."""

    def make(
        *pages: Sequence[Say],
        info: dict[str, str] | None = None,
        fonts: tuple[str, str] = ("Times-Roman", "Times-Bold"),
        name: str = "paper.pdf",
        **options: object,
    ) -> Path:
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=A4, invariant=0, **options)
        for key, value in (info or {}).items():
            getattr(canvas, f"set{key}")(value)
        for page in pages:
            _page(canvas, page, fonts)
            canvas.showPage()
        canvas.save()
        return path

    return make


def _page(canvas: Canvas, page: Sequence[Say], fonts: tuple[str, str]) -> None:
    height = A4[1] - MARGIN
    for say in page:
        height -= say.gap * say.size
        font = fonts[say.bold]
        width = pdfmetrics.stringWidth(say.text, font, say.size)
        x = (A4[0] - width) / 2 if say.x == "centre" else float(say.x)
        _line(canvas, say, font, x, height)


def _line(canvas: Canvas, say: Say, font: str, x: float, y: float) -> None:
    line = canvas.beginText(x, y)
    notes = say.notes.split("|") if say.notes else []
    parts = say.text.split("^")
    for at, part in enumerate(parts):
        line.setFont(font, say.size)
        line.setRise(0)
        line.textOut(part)
        if at < len(notes):
            line.setFont(font, 0.65 * say.size)
            line.setRise(0.35 * say.size)
            line.textOut(notes[at])
    canvas.drawText(line)


def wrapped(text: str, *, width: int = 90, **style: object) -> list[Say]:
    """A paragraph as lines of at most `width` letters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [Say(one, **style) for one in [*lines, line]]  # type: ignore[arg-type]


@pytest.fixture
def say() -> type[Say]:
    """The kind of line that `draw` draws."""
    return Say


@pytest.fixture
def paragraph() -> Callable[..., list[Say]]:
    """Makes lines of a paragraph."""
    return wrapped


@pytest.fixture
def compose(tmp_path: Path) -> Callable[..., Path]:
    """Writes a PDF from the bodies of its objects, right or wrong; the first is its catalogue."""

    def make(*bodies: bytes, name: str = "composed.pdf") -> Path:
        out, places = b"%PDF-1.7\n", []
        for number, body in enumerate(bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(bodies) + 1
        path = tmp_path / name
        path.write_bytes(
            out
            + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
            + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
        )
        return path

    return make


class Scanner(NamedTuple):
    """A running clamd that knows EICAR; `limit` is the largest stream that it takes."""

    unix: str
    tcp: str
    limit: int


@pytest.fixture(scope="session")
def scanner(tmp_path_factory):
    """A clamd of our own. Its socket lies under a short path, for those must be short."""
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed")
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    (folder / "db").mkdir()
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    (folder / "db" / "own.ndb").write_text(f"OpenArchive.Eicar:0:*:{eicar.hex()}\n")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    limit = 8 * 2**20
    (folder / "clamd.conf").write_text(
        f"LocalSocket {folder}/clamd.sock\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"DatabaseDirectory {folder}/db\nTemporaryDirectory {folder}\n"
        f"StreamMaxLength {limit}\nForeground yes\nMaxThreads 4\nSelfCheck 0\n"
    )
    process = subprocess.Popen(
        [program, f"--config-file={folder / 'clamd.conf'}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    made = Scanner(f"unix:{folder}/clamd.sock", f"tcp://127.0.0.1:{port}", limit)
    until = time.monotonic() + 20
    while True:
        try:
            clamd.version(made.tcp)
            break
        except clamd.NoVerdict:
            assert process.poll() is None and time.monotonic() < until, "clamd does not start"
            time.sleep(0.05)
    yield made
    process.terminate()
    process.wait()
    shutil.rmtree(folder)

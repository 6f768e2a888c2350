"""The process that writes a reader's name across the picture of a page, with nothing to lose.

`python -m ingest.mark_child FILE SECONDS` reads a line of JSON (the lines to write) and a WebP
picture from the file, and writes the marked picture to standard output. `ingest.marking` starts it.
"""

import io
import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import repository
from ingest import limited

FONT = Path(repository.__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"
LARGEST = 1400 * 4200
ANGLE = 30
# Dark letters on a light edge: one of the two is seen on any ground.
INK, EDGE = (40, 40, 40, 62), (255, 255, 255, 62)
QUALITY = 72


def marked(data: bytes, lines: list[str]) -> bytes:
    """The picture with the lines across it, again and again, slanting upwards."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        if image.width * image.height > LARGEST:
            raise ValueError("too large")
        page = image.convert("RGB")
    stamp = _stamp(page.width, lines)
    across, down = stamp.width, stamp.height
    for row, top in enumerate(range(-down // 3, page.height, down)):
        for left in range(-across // 2 * (row % 2), page.width, across):
            page.paste(stamp, (left, top), stamp)
    kept = io.BytesIO()
    page.save(kept, "WEBP", quality=QUALITY, method=2)
    return kept.getvalue()


def _stamp(width: int, lines: list[str]) -> Image.Image:
    """What stands across the page once, with room around it."""
    font = ImageFont.truetype(str(FONT), max(12, width // 36))
    text = "\n".join(lines)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (0, 0), text, font=font
    )
    room = max(12, width // 36)
    layer = Image.new("RGBA", (int(right - left) + 2 * room, int(bottom - top) + 2 * room))
    pen = ImageDraw.Draw(layer)
    pen.multiline_text((room - left + 1, room - top + 1), text, font=font, fill=EDGE)
    pen.multiline_text((room - left, room - top), text, font=font, fill=INK)
    return layer.rotate(ANGLE, Image.Resampling.BICUBIC, expand=True)


def main(path: str, seconds: str) -> None:
    """Marks one picture; it goes to standard output."""
    limited.limit(int(seconds))
    line, _, data = Path(path).read_bytes().partition(b"\n")
    sys.stdout.buffer.write(marked(data, json.loads(line)))


if __name__ == "__main__":
    main(*sys.argv[1:])

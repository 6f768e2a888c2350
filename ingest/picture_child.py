"""The process that draws, with little memory, little time, and nothing to lose.

`python -m ingest.picture_child TASK FILE MEDIA_TYPE PAGE SECONDS WIDTH...` draws one page (of a
PDF, or of an image with several) as WebP in each width (`draw`), or says where its words stand
(`words`), or how wide and high all pages are (`shapes`). It writes one line of JSON, then the
pictures one after the other; the line has their lengths, or an `error`.
`ingest.pictures` starts it.
"""

import ctypes
import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import Image, ImageOps, __version__
from pypdfium2 import raw

from ingest import limited

OUTPUT = 32 * 2**20
FILES = 32
# What the pixels of an image may take before it is made small: four bytes each, as Pillow does.
CANVAS = 300 * 2**20
TALL = 3  # a picture is at most so many times as high as it is wide
CHARS = 50_000
MOST_PAGES = 20_000
ORIENTATION = 0x0112  # the tag of Exif that says how an image is turned
PLACES = 1_000_000  # a page is so many units wide and high when places of words are asked for
PDF = "application/pdf"
# Each kind is opened by its own decoder only, whatever the file pretends.
DECODERS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
PILLOW = f"Pillow {__version__}"
PDFIUM = f"PDFium {pypdfium2.PDFIUM_INFO}"

Word = tuple[str, float, float, float, float]


class Refused(Exception):
    """It cannot be drawn; one word says why."""


def draw(path: str, media_type: str, page: int, widths: list[int]) -> tuple[dict, list[bytes]]:
    """The page in each width (the widest first), and what is known of the file."""
    if media_type == PDF:
        picture, said = _of_pdf(path, page, widths[0])
    else:
        picture, said = _of_image(path, DECODERS[media_type], page, widths[0])
    parts = [_packed(picture)]
    for width in widths[1:]:
        picture.thumbnail((width, width * TALL), Image.Resampling.LANCZOS)
        parts.append(_packed(picture))
    return said, parts


def _packed(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    # A page of results has twenty small ones.
    how = {"quality": 40, "method": 6} if picture.width < 200 else {"quality": 70, "method": 3}
    picture.save(kept, "WEBP", **how)
    return kept.getvalue()


def _of_pdf(path: str, page: int, width: int) -> tuple[Image.Image, dict[str, Any]]:
    document, found = _page(path, page)
    broad, high = found.get_size()
    if not (broad > 0 and high > 0):
        raise Refused("broken")
    scale = min(width / broad, width * TALL / high)
    picture = found.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return picture, {"pages": len(document), "tool": PDFIUM}


def _page(path: str, page: int) -> tuple[pypdfium2.PdfDocument, pypdfium2.PdfPage]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Refused("locked" if locked else "broken") from error
    if page > len(document):
        raise Refused("absent")
    return document, document[page - 1]


def _of_image(path: str, kind: str, page: int, width: int) -> tuple[Image.Image, dict[str, Any]]:
    # What Pillow only warns of is refused as well.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = 2**29
    with Image.open(path, formats=(kind,)) as image:
        try:
            image.seek(page - 1)
        except EOFError as error:
            raise Refused("absent") from error
        high = width * TALL
        image.draft("RGB", (width, high))  # a JPEG is decoded small from the beginning
        if image.width * image.height * 4 > CANVAS:
            raise Refused("large")
        picture = _on_paper(image)
    picture.thumbnail((width, high), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(picture), {"tool": PILLOW}


def _on_paper(image: Image.Image) -> Image.Image:
    """In red, green and blue, with white where it was transparent."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def shapes(path: str, media_type: str) -> list[tuple[float, float]]:
    """How wide and high each page is; of a file with too many, the first ones."""
    if media_type == PDF:
        document, _ = _page(path, 1)
        pages = range(min(len(document), MOST_PAGES))
        found = [document.get_page_size(at) for at in pages]
        return [(round(broad, 1), round(high, 1)) for broad, high in found]
    with Image.open(path, formats=(DECODERS[media_type],)) as image:
        return list(_frames(image))


def _frames(image: Image.Image) -> Iterator[tuple[float, float]]:
    for at in range(min(getattr(image, "n_frames", 1), MOST_PAGES)):
        image.seek(at)
        broad, high = image.size
        turned = image.getexif().get(ORIENTATION, 1) > 4
        yield (high, broad) if turned else (broad, high)


def words(path: str, page: int) -> list[Word]:
    """The words of a PDF's page and where they stand: left, top, right and bottom, as parts of the
    picture's width and height."""
    _, found = _page(path, page)
    text = found.get_textpage()
    return list(_words(found, text))


def _words(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Iterator[Word]:
    letters: list[str] = []
    corners: list[tuple[float, float]] = []
    for index in range(min(text.count_chars(), CHARS)):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = chr(code) if 0x20 < code < 0xD800 or 0xDFFF < code < 0x110000 else " "
        if letter.isspace():
            yield from _word(letters, corners)
            letters, corners = [], []
        else:
            letters.append(letter)
            corners += _corners(page, text, index)
    yield from _word(letters, corners)


def _corners(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, index: int
) -> list[tuple[float, float]]:
    box, x, y = raw.FS_RECTF(), ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFText_GetLooseCharBox(text, index, box):
        return []
    found = []
    # PDFium knows how the page is turned and cut.
    for across, up in ((box.left, box.top), (box.right, box.bottom)):
        if raw.FPDF_PageToDevice(page, 0, 0, PLACES, PLACES, 0, across, up, x, y):
            found.append((x.value / PLACES, y.value / PLACES))
    return found


def _word(letters: list[str], corners: list[tuple[float, float]]) -> Iterator[Word]:
    if letters and corners:
        across = [min(max(one[0], 0.0), 1.0) for one in corners]
        down = [min(max(one[1], 0.0), 1.0) for one in corners]
        box = (round(one, 5) for one in (min(across), min(down), max(across), max(down)))
        left, top, right, bottom = box
        yield "".join(letters), left, top, right, bottom


def answer(task: str, path: str, media_type: str, page: int, widths: list[int]) -> list[bytes]:
    """The line and the pictures."""
    try:
        if task == "words":
            said: dict[str, Any] = {"words": words(path, page)}
            parts: list[bytes] = []
        elif task == "shapes":
            said, parts = {"shapes": shapes(path, media_type)}, []
        else:
            said, parts = draw(path, media_type, page, widths)
    except Refused as error:
        said, parts = {"error": str(error)}, []
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        said, parts = {"error": "large"}, []
    except Exception as error:  # whatever else goes wrong here is damage in the file
        said, parts = {"error": "broken", "says": f"{type(error).__name__}: {error}"[:300]}, []
    said["lengths"] = [len(part) for part in parts]
    return [json.dumps(said).encode() + b"\n", *parts]


def main(task: str, path: str, media_type: str, page: str, seconds: str, *widths: str) -> None:
    """Does one task; what it makes goes to standard output."""
    limited.limit(int(seconds), output=OUTPUT)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    for part in answer(task, path, media_type, int(page), [int(one) for one in widths]):
        sys.stdout.buffer.write(part)


if __name__ == "__main__":
    main(*sys.argv[1:])

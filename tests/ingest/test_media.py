"""Kinds of files, told by their bytes."""

import io
import wave
import zipfile

import pytest
from PIL import Image

from ingest import media

OOXML = "application/vnd.openxmlformats-officedocument."


@pytest.fixture
def identify(tmp_path):
    """The kind of a file with these bytes and this name."""

    def ask(data, name=""):
        path = tmp_path / "arrived"
        path.write_bytes(data)
        return media.identify(path, name)

    return ask


def packed(*names, mimetype=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, b"content of the part")
    return out.getvalue()


@pytest.mark.parametrize(
    ("format_", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("TIFF", "image/tiff"),
        ("WEBP", "image/webp"),
    ],
)
def test_pictures_are_recognised(identify, format_, media_type):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, format_)
    assert identify(out.getvalue()) == (media_type, False)


def test_sound_and_video_are_recognised(identify):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
    assert identify(out.getvalue()).media_type == "audio/wav"
    assert identify(b"ID3\x04" + bytes(40)).media_type == "audio/mpeg"
    assert identify(b"\xff\xfb\x90\x44" + bytes(40)).media_type == "audio/mpeg"
    assert identify(b"OggS" + bytes(24) + b"\x01vorbis").media_type == "audio/ogg"
    assert identify(b"\0\0\0\x18ftypisom" + bytes(40)).media_type == "video/mp4"
    assert identify(b"\x1aE\xdf\xa3" + bytes(40)).media_type == "video/webm"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (packed("[Content_Types].xml", "word/document.xml"), OOXML + "wordprocessingml.document"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), OOXML + "spreadsheetml.sheet"),
        (
            packed("[Content_Types].xml", "ppt/presentation.xml"),
            OOXML + "presentationml.presentation",
        ),
        (
            packed("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
        (packed("META-INF/c.xml", mimetype="application/epub+zip"), "application/epub+zip"),
        (packed("data.csv", "word/notes.txt"), "application/zip"),
        (packed("x", mimetype="text/html"), "application/zip"),
    ],
)
def test_what_is_packed_is_told_by_what_is_inside(identify, data, media_type):
    assert identify(data).media_type == media_type


def test_documents_of_the_library_are_recognised(identify):
    assert identify(b"AT&TFORM\0\0").media_type == "image/vnd.djvu"
    assert identify(b"{\\rtf1\\ansi}").media_type == "application/rtf"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
    assert identify(old, "статья.doc") == ("application/msword", False)


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("<!DOCTYPE html><title>x</title>", "text/html"),
        ("\ufeff\r\n <!-- a --><!-- b --><HTML>", "text/html"),
        ('<?xml version="1.0"?><!-- c --><html xmlns="x"/>', "application/xhtml+xml"),
        ('<?xml version="1.0"?>\n<svg:svg xmlns:svg="x"/>', "image/svg+xml"),
        ("<svg onload='x'>", "image/svg+xml"),
        ('<?xml version="1.0"?><FictionBook/>', "application/x-fictionbook+xml"),
        ('<?xml version="1.0"?><doi_batch/>', "application/xml"),
        ("Кыргызстандын дарыялары", "text/plain"),
        ("a < b and <b> c", "text/plain"),
    ],
)
def test_markup_is_told_from_text(identify, text, media_type):
    assert identify(text.encode()).media_type == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.csv", "text/csv"), ("README.md", "text/markdown"), ("a.txt", "text/plain")],
)
def test_only_the_name_tells_plain_texts_apart(identify, name, media_type):
    assert identify(b"one,two\n", name) == (media_type, False)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html>Sign in</html>", "paper.PDF"),
        (b"%PDF-1.7\n", "notes.txt"),
        (b"<html><script>", "picture.png"),
        (bytes(range(256)), "paper.pdf"),
        (b"<!DOCTYPE html>", "notes.txt"),
    ],
)
def test_a_name_that_promises_another_kind_is_noticed(identify, data, name):
    assert identify(data, name).mismatch


def test_a_name_that_promises_nothing_agrees_with_everything(identify):
    assert identify(bytes(8), "data.bin") == ("application/octet-stream", False)
    assert identify(b"", "nothing") == ("application/octet-stream", False)


def test_a_pdf_may_begin_a_little_late(identify):
    assert identify(b"\r\n\r\nstray\n%PDF-1.4\n").media_type == "application/pdf"


def test_a_pdf_inside_a_web_page_is_a_web_page(identify):
    assert identify(b"<html>%PDF-1.4</html>").media_type == "text/html"


@pytest.mark.parametrize("piece", [b"<!---->", b"<!--", b"<?x?>", b" ", b"<!-- -"])
def test_hostile_prologues_take_no_time(identify, piece):
    assert identify(b"<?xml?>" + piece * 20_000).media_type == "application/xml"

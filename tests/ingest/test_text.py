"""The text of files, whatever they are and however their letters are encoded."""

import pytest

from ingest import pdf
from ingest.documents.plain import PAGE, decode
from ingest.text import text_of

RUSSIAN = "Съёмка горных рек и ледников показала, что сток зависит от запасов снега."
KYRGYZ = "Өнөр үлгүлөрү жана мөңгү суулары"


def test_a_pdf_gives_a_string_for_each_page(draw, say):
    path = draw([say("One")], [say("Two")])
    assert text_of(path, "application/pdf") == ["One", "Two"]


def test_a_pdf_that_cannot_be_read_says_so(tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4 nothing more")
    with pytest.raises(pdf.PdfError):
        text_of(path, "application/pdf")


def test_other_kinds_of_files_have_no_text(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert text_of(path, "image/png") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
def test_plain_text_is_read_in_the_encodings_of_the_region(tmp_path, encoding):
    path = tmp_path / "notes.txt"
    path.write_bytes(RUSSIAN.encode(encoding))
    assert text_of(path, "text/plain") == [RUSSIAN]


def test_kyrgyz_text_is_read(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(KYRGYZ, encoding="utf-8")
    assert text_of(path, "text/plain") == [KYRGYZ]


def test_a_letter_cut_in_two_at_the_end_does_not_change_the_encoding():
    assert decode(KYRGYZ.encode()[:-1]) == KYRGYZ[:-1]


def test_long_plain_text_is_cut_into_pages_at_the_ends_of_lines(tmp_path):
    path = tmp_path / "long.txt"
    lines = [f"This is line {number} of the file.\n" for number in range(1000)]
    path.write_text("".join(lines), encoding="utf-8")
    pages = text_of(path, "text/plain")
    assert len(pages) > 5
    assert all(len(page) < PAGE + 100 for page in pages)
    assert "".join(pages) == "".join(lines)


def test_form_feeds_begin_pages_and_control_characters_are_left_out(tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes(b"first\x07\x0csecond\x1b")
    assert text_of(path, "text/plain") == ["first", "second"]


def test_an_empty_file_has_one_empty_page(tmp_path):
    path = tmp_path / "empty.txt"
    path.touch()
    assert text_of(path, "text/plain") == [""]

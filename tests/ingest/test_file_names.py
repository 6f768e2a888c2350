"""Names of files, made safe."""

import pytest

from ingest.file_names import LONGEST_BYTES, safe


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Макала № 3.pdf", "Макала № 3.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Асан\\диплом.docx", "диплом.docx"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("-rf.txt", "rf.txt"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("con.pdf", "_con.pdf"),
        ('what: "is" this?.pdf', "what_ _is_ this_.pdf"),
        ("й.pdf".encode().decode(), "й.pdf"),
    ],
)
def test_what_is_dangerous_in_a_name_is_taken_out(given, kept):
    assert safe(given) == kept


@pytest.mark.parametrize("name", ["ү" * 300 + ".pdf", "a" * 300, "a." + "ү" * 300])
def test_long_names_are_cut_and_keep_their_ending(name):
    kept = safe(name)
    assert 100 < len(kept.encode()) <= LONGEST_BYTES
    assert kept.endswith(".pdf") == name.endswith(".pdf")


@pytest.mark.parametrize("name", ["a/b", "..\\x", "ү.pdf", "x" * 500, "\u200b.pdf", "nul"])
def test_a_safe_name_is_its_own_safe_name(name):
    assert safe(safe(name)) == safe(name)

"""Names of files that FAT, exFAT, Windows and macOS all take."""

import pytest

from repository.mirror import names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Эмгек №1.pdf", "Эмгек №1.pdf"),
        ("CON", "_CON"),
        ("aux.pdf", "_aux.pdf"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("COM¹.txt", "_COM¹.txt"),
        ("console.pdf", "console.pdf"),
        ("ends with a dot.", "ends with a dot"),
        ("ends . . ", "ends"),
        ('a<b>c:d"e/f\\g|h?i*j\x07.txt', "a_b_c_d_e_f_g_h_i_j_.txt"),
        ("...", "file"),
        (".hidden", ".hidden"),
        ("", "file"),
        ("и\u0306од.pdf", "йод.pdf"),
    ],
)
def test_what_some_system_refuses_is_written_otherwise(given, kept):
    assert names.safe(given) == kept


def test_long_names_keep_their_ending_and_stay_within_bytes():
    for letter in ("a", "ы", "😀"):
        found = names.safe(letter * 400 + ".pdf")
        assert found.endswith(".pdf") and len(found) <= 150 and len(found.encode()) <= 255


def test_two_names_that_a_system_takes_for_one_are_told_apart():
    found = names.each(["a.pdf", "A.PDF", "a.pdf", "ß.txt", "SS.txt", "Ёлка.txt", "ёлка.TXT"])
    assert found == ["a.pdf", "A (2).PDF", "a (3).pdf", "ß.txt", "SS (2).txt", "Ёлка.txt",
                     "ёлка (2).TXT"]  # fmt: skip
    long = names.each(["x" * 300 + ".pdf", "X" * 300 + ".pdf"])
    assert long[1].endswith(" (2).pdf") and len(long[1]) <= 150


def test_no_page_is_called_like_the_first_of_its_folder():
    assert names.page("index") == "_index" and names.page("con") == "_con"

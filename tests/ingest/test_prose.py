"""Text out of PDFs, made fit to read."""

import time

import pytest

from ingest import prose


def test_ligatures_are_taken_apart_and_nothing_invisible_stays():
    assert prose.tidy("ﬁrst \u200bﬂow\ue000\u0085\x07 oﬃce") == "first flow\n office"


def test_letters_are_composed_and_superscripts_kept():
    assert prose.tidy("и\u0306 м²") == "й м²"


def test_lone_surrogates_are_left_out():
    assert prose.line("a\ud800b") == "ab"


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("Cre\ufffeative", set(), "Creative"),
        ("Cre\u00ad\r\native", set(), "Creative"),
        ("кыр-\nгыз", set(), "кыргыз"),
        ("peer-\nreviewed", {"peer-reviewed"}, "peer-reviewed"),
        ("high\ufffelevel", {"high", "level"}, "high-level"),
        ("re\ufffesolution", {"re", "solution", "resolution"}, "resolution"),
        ("Tien-\nShan", set(), "Tien-Shan"),
        ("COVID-\n19", set(), "COVID-19"),
        ("co\u00adoperate", set(), "cooperate"),
        ("a well-known word", set(), "a well-known word"),
    ],
)
def test_words_cut_at_the_end_of_a_line_are_joined(text, known, expected):
    assert prose.mend(prose.tidy(text), known) == expected


def test_lines_of_a_paragraph_become_one():
    assert prose.join(["The rivers are exam-", " ined here ", "again."]) == (
        "The rivers are examined here again."
    )


def test_words_are_known_whole_and_in_parts():
    assert prose.words(["High-level view", "cut-\nting"]) == {"high-level", "high", "level", "view"}


def test_ten_times_the_letters_take_about_ten_times_as_long():
    def seconds(times: int) -> float:
        began = time.process_time()
        text = prose.tidy("a\u00ad" * (30_000 * times) + "b" * (40_000 * times))
        prose.mend(text, prose.words([text]))
        return time.process_time() - began

    # What grows with the square would take a hundred times as long.
    assert seconds(10) < 40 * max(seconds(1), 0.001)

"""Words found in a file: on which pages, in which lines, at which places; never much of it."""

import pytest

from ingest import hits
from ingest.pictures import Word

PAGES = [
    "Тоолордун мөңгүлөрү эрип жатат. " + "Суу агат. " * 40 + "Мөңгү көлү жарылды.",
    "Nothing here.",
    "Glacier-lakes, glacier\nlakes and the GLACIER LAKE.",
]


def found(query, bounds=hits.FREE, pages=PAGES):
    return hits.pages(pages, hits.pattern(query), bounds)


@pytest.mark.parametrize("query", ["мөңгү", "МӨҢГҮ", "монгу", "Мөңгүлөр"])
def test_a_word_is_found_with_any_ending_and_without_kyrgyz_letters(query):
    assert [one.number for one in found(query)] == [1]


def test_words_are_found_in_their_order_across_lines_and_hyphens():
    (page,) = found("glacier lake")
    assert (page.number, page.times) == (3, 3)
    assert page.lines[1] == ("Glacier-lakes, ", "glacier lakes", " and the GLACIER LAKE.")
    assert found("lake ice") == [] and found("lakes and glacier") == []
    assert [one.number for one in found("akes")] == []  # not within a word


def test_a_line_shows_a_few_words_around_and_says_that_there_is_more():
    lines = found("мөңгү")[0].lines
    assert lines[0][0] == "Тоолордун " and lines[0][2].endswith(" …")
    assert lines[1][0].startswith("… ") and lines[1][2] == " көлү жарылды."
    assert lines[1][1] == "Мөңгү"


def test_of_what_is_for_reading_only_few_and_short_lines_are_shown():
    pages = ["secret words around water and more of them here " * 20] * 50
    shown = found("water", hits.GUARDED, pages)
    assert len(shown) == 50 and shown[0].times == 20
    lines = [line for page in shown for line in page.lines]
    assert len(lines) == hits.GUARDED.pages * hits.GUARDED.each
    assert sum(len("".join(line)) for line in lines) < 12 * 90
    long = found("a" * 90, hits.GUARDED, ["a" * 5000])
    assert len("".join(long[0].lines[0])) <= 90


@pytest.mark.parametrize("query", ["", "  ", "«…»", "'\""])
def test_what_has_no_word_finds_nothing(query):
    assert hits.pattern(query) is None


def test_a_query_is_no_pattern_and_costs_little():
    assert found("(lakx|.*") == [] and hits.pattern(".*") is None
    sought = hits.pattern("a " * 500)
    assert sought.pattern.count("a") == hits.MOST_WORDS
    assert hits.pages(["a " * 200_000], sought, hits.FREE)[0].times == 25_000


def test_boxes_are_where_the_words_stand():
    words = [
        Word(text, at / 10, 0.1, at / 10 + 0.08, 0.12)
        for at, text in enumerate(["The", "(glacier", "lakes)", "and", "Glacier", "ice."])
    ]
    both = hits.boxes(words, hits.pattern("glacier lake"))
    assert [round(one.x, 2) for one in both] == [0.1]
    assert both[0].width == pytest.approx(0.18) and both[0].height == pytest.approx(0.02)
    broken = [Word("glacier", 0.8, 0.1, 0.9, 0.12), Word("lakes", 0.1, 0.13, 0.2, 0.15)]
    assert len(hits.boxes(broken, hits.pattern("glacier lakes"))) == 2
    assert [round(one.x, 2) for one in hits.boxes(words, hits.pattern("glacier"))] == [0.1, 0.4]
    assert hits.boxes([], hits.pattern("ice")) == []

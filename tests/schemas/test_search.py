import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import search
from schemas.search import Query


class Several(dict):
    """Arguments as werkzeug gives them."""

    def getlist(self, name):
        return self.get(name, [])


def test_nothing_asked_is_everything_best_first():
    assert search.read({}) == (Query(), {})


def test_all_filters_are_read():
    query, problems = search.read(
        Several(
            q=["  ак\u00a0кеме "],
            type=["article", "map"],
            year=["2019", "2020"],
            year_from=["1999"],
            year_to=["2024"],
            language=["kir", "ru"],
            collection=["history"],
            author=["Айтматов, Чынгыз"],
            subject=["адабият"],
            sort=["newest"],
            page=["3"],
        )
    )
    assert not problems
    assert query == Query(
        q="ак кеме",
        type=("article", "map"),
        year=(2019, 2020),
        year_from=1999,
        year_to=2024,
        language=("ky", "ru"),
        collection=("history",),
        author=("Айтматов, Чынгыз",),
        subject=("адабият",),
        sort="newest",
        page=3,
    )


def test_a_plain_mapping_will_do():
    assert search.read({"q": "манас", "year": ["2019"]})[0] == Query(q="манас", year=(2019,))


def test_selected_values_are_those_of_the_address():
    query, _ = search.read({"year": ["2019", "2020"], "year_from": "2001", "sort": "title"})
    assert query.selected("year") == ("2019", "2020")
    assert query.selected("year_from") == ("2001",)
    assert query.selected("year_to") == ()
    assert [axis for axis in search.FILTERS if query.selected(axis)] == ["year", "year_from"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("type", "poem", "“poem” is not one of the choices."),
        ("year", "20x4", "“20x4” is not a year. Write four digits, like 2019."),
        ("year_from", "-5", "“-5” is not a year. Write four digits, like 2019."),
        ("year_to", "٢٠١٩", "“٢٠١٩” is not a year. Write four digits, like 2019."),
        ("language", "elvish", "“elvish” is not a language code. Write for example ky, ru or en."),
        ("sort", "best", "“best” is not one of the choices."),
        ("page", "0", "There are only pages 1 to 500 of search results. Add a word or a filter."),
        ("page", "501", "There are only pages 1 to 500 of search results. Add a word or a filter."),
        ("page", "1e3", "This must be a whole number."),
        ("page", "9" * 400, "This must be a whole number."),
        ("author", "я" * 201, "This is too long: 201 characters, at most 200 are kept."),
    ],
)
def test_what_is_wrong_is_left_out_and_said(name, value, said):
    query, problems = search.read({"q": "манас", name: value})
    assert problems == {name: [said]}
    assert query == Query(q="манас")


def test_of_several_values_the_good_ones_are_kept():
    query, problems = search.read({"year": ["2019", "soon", "2020"]})
    assert query.year == (2019, 2020)
    assert list(problems) == ["year"]


def test_a_year_that_ends_before_it_begins_is_turned_round():
    query, problems = search.read({"year_from": "2020", "year_to": "2010"})
    assert (query.year_from, query.year_to) == (2010, 2020)
    assert list(problems) == ["year_from"]


def test_a_very_long_text_is_cut_at_a_word_with_a_sentence():
    query, problems = search.read({"q": "манас " * 2000})
    assert len(query.q) <= search.MOST_LETTERS
    assert query.q.endswith("манас")
    assert problems["q"][0].startswith("Only the first 500 characters were looked for")


def test_a_very_long_word_is_cut_too():
    assert search.read({"q": "ы" * 10_000})[0].q == "ы" * search.MOST_LETTERS


def test_too_many_values_are_cut_with_a_sentence():
    query, problems = search.read({"year": [str(year) for year in range(1990, 2020)]})
    assert len(query.year) == search.MOST_VALUES
    assert problems == {"year": ["Too many entries: 30, at most 20 are kept."]}


def test_control_characters_vanish_from_the_words():
    assert search.read({"q": "ак\x00\x1b кеме\ud800"})[0].q == "ак кеме"


def test_empty_arguments_are_none():
    assert search.read({"q": " ", "type": ["", " "], "page": ""}) == (Query(), {})


@given(st.dictionaries(st.sampled_from((*search.FILTERS, "q", "sort", "page")), st.text()))
def test_nothing_that_is_typed_is_an_error(arguments):
    query, problems = search.read(arguments)
    assert 1 <= query.page <= search.LAST_PAGE
    assert query.sort in search.SORTS
    assert all(str(said) for found in problems.values() for said in found)

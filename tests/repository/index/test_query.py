import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.index import query, tree
from repository.index.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Is,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    Years,
    word,
)

MANAS, SEMETEI, KEME = word("манас"), word("семетей"), word("кеме")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("*", EVERYTHING),
        ("манас", MANAS),
        ("Манас кеме", And((MANAS, KEME))),
        ("манас AND кеме & семетей", And((MANAS, KEME, SEMETEI))),
        ("манас OR семетей", Or((MANAS, SEMETEI))),
        ("манас | семетей кеме", Or((MANAS, And((SEMETEI, KEME))))),
        ("(манас OR семетей) кеме", And((Or((MANAS, SEMETEI)), KEME))),
        ("манас -кеме", And((MANAS, Not(KEME)))),
        ("NOT кеме", Not(KEME)),
        ("NOT (кеме манас)", Not(And((KEME, MANAS)))),
        ("-кеме", Not(KEME)),
        ('"ак кеме"', Phrase(("ак", "кеме"))),
        ("«Ак Кеме»", Phrase(("ак", "кеме"))),
        ("„ак кеме“", Phrase(("ак", "кеме"))),
        ('-"ак кеме" манас', And((Not(Phrase(("ак", "кеме"))), MANAS))),
        ("title:манас", word("манас", "title")),
        ("Название: манас", word("манас", "title")),
        ("аталышы:манас", word("манас", "title")),
        ('title:"ак кеме"', Phrase(("ак", "кеме"), "title")),
        ("title:(манас OR семетей)", Or((word("манас", "title"), word("семетей", "title")))),
        ("author:айтматов", word("айтматов", "creators")),
        ("автор:айтматов", word("айтматов", "creators")),
        ("subject:манас", word("манас", "subjects")),
        ("журнал:манас", word("манас", "source")),
        ("year:2019", Years(2019, 2019)),
        ("жылы:2010..2015", Years(2010, 2015)),
        ("year:2015-2010", Years(2010, 2015)),
        ("year:2010..", Years(2010, 9999)),
        ("year:..2015", Years(0, 2015)),
        ("type:Article", Is("type", "article")),
        ("language:kir", Is("language", "ky")),
        ("collection:jose", Is("collection", "jose")),
        ("манас -type:map", And((MANAS, Not(Is("type", "map"))))),
        ("doi:10.1234/AB(C)", And((Word(("101234abc",), "identifiers"),))),
        ('isbn:"978-5-02-013850-6"', And((Word(("9785020138506",), "identifiers"),))),
        ("isbn:0306406152", And((Word(("0306406152", "9780306406157"), "identifiers"),))),
        ("мана*", Prefix("мана")),
        ("title:мана*", Prefix("мана", ("title",))),
        ("м*", word("м")),
        ("title:*", EVERYTHING),
        ("ата-эне", And((word("ата"), word("эне")))),
        ("Манас — кеме", And((MANAS, KEME))),
        ("Кеме: манас", And((KEME, MANAS))),
        ("история и культура", And((word("история"), word("культура")))),
        ("the library", word("library")),
        ("и", word("и")),
        ("-the", Not(word("the"))),
        ("и -кеме", And((word("и"), Not(KEME)))),
    ],
)
def test_what_is_typed_is_understood(text, found):
    assert query.parse(text) == (found, None)


def test_a_doi_or_isbn_is_recognised_without_its_field():
    for typed, key in [("10.1234/ab.c", "101234abc"), ("978-5-02-013850-6", "9785020138506")]:
        found, notice = query.parse(typed)
        assert notice is None
        assert isinstance(found, Or)
        assert Word((key,), "identifiers") in found.parts


def test_the_typed_spelling_is_remembered_where_it_is_folded():
    assert word("өнөр").typed == "өнөр"
    assert word("өнөр").terms[0] == "онор"
    assert word("онор").typed == ""


@pytest.mark.parametrize(
    "text",
    [
        "манас (кеме",
        "манас кеме)",
        '"манас кеме',
        "манас OR OR кеме",
        "OR манас кеме",
        "манас кеме AND",
        "манас кеме OR",
        "манас () кеме",
        'манас "" кеме',
        "NOT NOT NOT ( манас кеме",
        "манас кеме title:",
        "манас кеме year:",
    ],
)
def test_what_is_malformed_is_looked_for_as_words_with_a_notice(text):
    found, notice = query.parse(text)
    assert notice == query.NOT_UNDERSTOOD
    assert found == And((MANAS, KEME))


@pytest.mark.parametrize("text", ["year:soon", "type:poem", "language:elvish", "year:20-30-40"])
def test_unknown_values_are_looked_for_as_words_with_a_notice(text):
    found, notice = query.parse(text)
    assert notice == query.NOT_UNDERSTOOD
    assert found != NOTHING


@pytest.mark.parametrize("text", ['"', "((((", "—", "!?", "-", ")(", "OR", "title:"])
def test_without_any_word_nothing_is_found_and_the_notice_says_why(text):
    assert query.parse(text) == (NOTHING, query.NO_WORD)


def test_of_very_many_words_the_first_are_looked_for():
    found, notice = query.parse(" ".join(f"сөз{number}" for number in range(200)))
    assert str(notice) == f"Only the first {query.MOST_WORDS} words were looked for."
    assert len(found.parts) == query.MOST_WORDS


def test_deep_brackets_are_no_danger():
    text = "(" * 30 + "манас" + ")" * 30
    assert query.parse(text) == (MANAS, query.NOT_UNDERSTOOD)
    assert query.parse("- " * 10 + "манас")[0] == MANAS


@given(st.text(st.sampled_from('абв ab 12 "()-*:|&. ORNTADytile«»\n\x00'), max_size=60))
def test_no_query_is_an_error(text):
    found, _ = query.parse(text)
    list(tree.sought(found))


def test_only_what_may_be_in_a_document_is_marked():
    found, _ = query.parse('манас -кеме (семетей OR "ак сай") year:2019')
    assert list(tree.sought(found)) == [MANAS, SEMETEI, Phrase(("ак", "сай"))]

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.index import analysis


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ак кеме, 1970-ж.", ["ак", "кеме", "1970", "ж"]),
        ("don't O’Brien o‘zbek oʻzbek", ["dont", "obrien", "ozbek", "ozbek"]),
        ("'quoted' rock'", ["quoted", "rock"]),
        ("ата-эне snake_case", ["ата", "эне", "snake", "case"]),
        ("исто-\nрия educa-\r\n  tion", ["история", "education"]),
        ("1990-\n2000 Иванов-\nПетров", ["1990", "2000", "иванов", "петров"]),
        ("мя\u00adгкий за́мок", ["мягкий", "замок"]),
        ("ЁЛКА Ещё", ["елка", "еще"]),
        ("и\u0306од", ["йод"]),
        ("ﬁnance Straße İstanbul", ["finance", "strasse", "istanbul"]),
        ("", []),
        ("— … !", []),
    ],
)
def test_words_are_letters_and_digits_without_what_nobody_types(text, words):
    assert analysis.words(text) == words


def test_kyrgyz_letters_and_accents_are_folded_beside_the_form():
    assert analysis.exact("өңүт") == ("өңүт", "онут")
    assert analysis.exact("müller") == ("müller", "muller")
    assert analysis.exact("йод") == ("йод",)
    assert analysis.fold("ғылым") == "ғылым"


@pytest.mark.parametrize(
    "kin",
    [
        "книга книги книгой книг книгами",
        "университет университета университетов университетами",
        "Айтматов Айтматова Айтматову Айтматовым Айтматове",
        "остров острова островам",
        "study studies studying studied",
        "library libraries",
    ],
)
def test_grammatical_forms_share_a_stem(kin):
    language = "en" if kin.isascii() else "ru"
    assert len({analysis.stem(one, language) for one in analysis.words(kin)}) == 1


def test_a_stem_names_its_language():
    assert analysis.stem("ата", "ru") == "ат.ru"
    assert analysis.stem("ат", "ky") == "ат.ky"
    assert "ат.ky" not in analysis.forms("ата")


def test_a_word_in_the_other_script_is_taken_for_russian_or_english():
    assert analysis.analyse("Книги жана books", "ky") == ["книК.ky", "жанА.ky", "book.en"]
    assert analysis.analyse("Bücher о книгах", "de") == ["bucher", "о", "книг.ru"]


def test_words_with_kyrgyz_letters_are_never_stemmed_as_russian():
    assert analysis.analyse("мөңгүлөрдөн", "ru") == ["монК.ky"]


@pytest.mark.parametrize("form", ["в", "co2", "8"])
def test_short_words_and_those_with_digits_have_no_endings(form):
    assert analysis.stem(form, "ru") == form


@pytest.mark.parametrize("language", ["ky", "ru", "en", "de", "kk"])
@pytest.mark.parametrize("word", ["өнөрү", "книгами", "libraries", "Çınar", "шаар", "2019", "ё"])
def test_a_typed_word_is_found_in_a_text_of_any_language(language, word):
    (form,) = analysis.words(word)
    assert analysis.stem(form, language) in analysis.forms(form)


@pytest.mark.parametrize(
    ("text", "likely", "language"),
    [
        ("Кыргыз тилинин үндүүлөрү жөнүндө", (), "ky"),
        ("Книга о том, как работает библиотека", (), "ru"),
        ("Книга о слове өнөр и не только", ("ru",), "ru"),
        ("Манас", ("ky",), "ky"),
        ("Манас", ("ky", "ru"), "ru"),
        ("The library of today", ("en",), "en"),
        ("Die Bibliothek", ("de",), "de"),
        ("Қазақ әдебиеті", ("kk",), "kk"),
        ("", (), "ru"),
    ],
)
def test_the_language_of_a_passage_shows_in_its_letters(text, likely, language):
    assert analysis.language_of(text, likely) == language


@pytest.mark.parametrize(
    "written",
    [
        "10.21105/jose.00016",
        "https://doi.org/10.21105/JOSE.00016",
        "doi:10.21105/jose.00016",
        "DOI: 10.21105/jose.00016",
    ],
)
def test_an_identifier_is_the_same_however_it_is_written(written):
    assert analysis.identifier(written) == "1021105jose00016"


@given(st.text())
def test_any_text_has_words_that_can_be_looked_for(text):
    for form in analysis.words(text):
        assert form == analysis.form(form)
        assert 0 < len(form) <= analysis.LONGEST
        assert set(analysis.exact(form)) and analysis.forms(form)
        assert "." not in form


def test_stemming_is_safe_in_threads():
    words = [f"{one}ами" for one in "книг дом стол мир рек гор".split()]
    expected = [f"{analysis.STEMMERS['ru'](one)}.ru" for one in words]
    wrong = []

    def run():
        for _ in range(200):
            analysis.stem.cache_clear()
            if [analysis.stem(one, "ru") for one in words] != expected:
                wrong.append(1)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong

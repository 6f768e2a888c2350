from repository.index import analysis, terms
from repository.index.documents import Document, Page


def weight(word, **parts):
    (found,) = {terms.of(Document(1, **parts)).weights.get(one) for one in analysis.forms(word)} - {
        None
    }
    return found


def test_a_word_says_most_in_the_title_and_least_in_the_text():
    weights = [
        weight("манас", titles=(("Манас", "ky"),)),
        weight("манас", creators=("Манас",)),
        weight("манас", subjects=(("Манас", "ky"),)),
        weight("манас", abstracts=(("Манас", "ky"),)),
        weight("манас", notes="Манас"),
    ]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] >= weight("манас", pages=(Page("a.pdf", 1, "Манас " + "сөз " * 3000),))


def test_a_word_says_less_in_a_long_text_than_in_a_short_one():
    short = weight("манас", abstracts=(("Манас " + "сөз " * 100, "ky"),))
    long = weight("манас", abstracts=(("Манас " + "сөз " * 1000, "ky"),))
    assert short > long


def test_weights_are_kept_in_few_different_values():
    found = terms.of(Document(1, titles=(("Ак кеме", "ky"),), notes="роман " * 7))
    assert all(one * terms.STEP == int(one * terms.STEP) > 0 for one in found.weights.values())


def test_positions_run_on_over_pages_but_not_from_file_to_file_or_part_to_part():
    document = Document(
        1,
        titles=(("бир", "ky"),),
        pages=(Page("a.pdf", 1, "эки үч"), Page("a.pdf", 2, "төрт"), Page("b.pdf", 1, "беш")),
    )
    places = {term: where[0] for term, where in terms.of(document).positions.items()}
    assert places["төрт"] == places["үч"] + 1 == places["эки"] + 2
    assert places["беш"] > places["төрт"] + 50
    assert places["эки"] > places["бир"] + 50


def test_both_spellings_of_a_kyrgyz_word_stand_in_one_place():
    found = terms.of(Document(1, titles=(("өнөр", "ky"),)))
    assert found.positions["өнөр"] == found.positions["онор"]


def test_pages_are_read_in_their_own_languages():
    document = Document(
        1,
        languages=("ky", "ru"),
        pages=(
            Page("a.pdf", 1, "Бул китепте үн жөнүндө айтылат"),
            Page("a.pdf", 2, "В этой книге говорится о звуке"),
        ),
    )
    found = terms.of(document).weights
    assert "книг.ru" in found
    assert "китеП.ky" in found


def test_small_parts_keep_forms_with_places_and_stems_with_weights():
    title = terms.of(Document(1, titles=(("История книг", "ru"),))).small["title"]
    assert title["книг"][1]
    assert title["книг.ru"][1] == []
    assert title["книг.ru"][0] > 1


def test_identifiers_are_kept_whole():
    found = terms.of(Document(1, identifiers=("10.1234/AB-C", "978-5-02-013850-6")))
    assert set(found.identifiers) == {"101234abc", "9785020138506"}


def test_an_empty_document_has_no_terms():
    found = terms.of(Document(1))
    assert (found.weights, found.positions, found.identifiers) == ({}, {}, ())

"""What was meant by who found little: guessed from the words that the index has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.index import analysis, rescue
from repository.index.rescue import Way

TEXT = (
    "китеп китептер китепкана библиотека библиотеке университет университеттин мөңгүлөр мөңгү "
    "көлдөр тарых тарыхы кыргыз кыргызстан тоолор өнөр өзгөрүү жаңы манас школа чингиз айтматов "
    "library libraries history water glacier память жизнь"
)


def known(terms):
    return [COUNTS[field].get(term, 0) for field, term in terms]


COUNTS = {"exact": {}, "words": {}}
for form in analysis.words(TEXT):
    for term in analysis.exact(form):
        COUNTS["exact"][term] = COUNTS["exact"].get(term, 0) + 1
    for term in analysis.forms(form):
        COUNTS["words"][term] = COUNTS["words"].get(term, 0) + 1


def guess(text):
    return next(rescue.guesses(known, text), None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rbntg", "китеп"),
        ("RBNTG", "китеп"),
        (",b,kbjntrf", "библиотека"),
        ("nfhs[", "тарых"),
        ("rskgst", None),
        ("дшикфкн", "library"),
        ("цфеук", "water"),
        ("vjyue", "мөңгү"),
    ],
)
def test_the_other_keyboard(typed, meant):
    found = guess(typed)
    assert (found and found.text) == meant
    assert found is None or found.way is Way.KEYBOARD


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("biblioteka", "библиотека"),
        ("kitep", "китеп"),
        ("kitepkana", "китепкана"),
        ("universitet", "университет"),
        ("kyrgyz", "кыргыз"),
        ("kyrgyzstan", "кыргызстан"),
        ("kyrgyz tarykhy", "кыргыз тарыхы"),
        ("tooloor", None),
        ("monguler", None),
        ("mongulor", "мөңгүлөр"),
        ("mönggü", "мөңгү"),
        ("aitmatov", "айтматов"),
        ("Chingiz Aitmatov", "чингиз айтматов"),
        ("pamyat", "память"),
        ("zhizn", "жизнь"),
        ("shkola", "школа"),
        ("jany", "жаңы"),
    ],
)
def test_latin_letters(typed, meant):
    found = guess(typed)
    assert (found and found.text) == meant
    assert found is None or found.way is Way.LATIN


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("бибилотека", "библиотека"),
        ("бибилитека", None),  # two slips
        ("библотека", "библиотека"),
        ("унверситет", "университет"),
        ("китеепкана", "китепкана"),
        ("өзгөруү", None),  # folded it is known
        ("тарых китпе", "тарых китеп"),
        ("histroy", "history"),
        ("libary", "library"),
        ("title:glacer", "title:glacier"),
        ("глетчер", None),
    ],
)
def test_a_slip(typed, meant):
    found = guess(typed)
    assert (found and found.text) == meant
    assert found is None or found.way is Way.SPELLING


@pytest.mark.parametrize("typed", ["китеп", "library history", "", "!", "китептер китеп", "2019"])
def test_what_is_known_is_left_alone(typed):
    assert guess(typed) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_nothing_breaks(text):
    for found in rescue.guesses(known, text):
        assert analysis.words(found.text)

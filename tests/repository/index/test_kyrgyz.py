"""The analysis of Kyrgyz words: by example, by rule, and against floors that hold it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import kyrgyz as measures
from repository.index import analysis, kyrgyz

OURS = Path(__file__).with_name("kyrgyz_words.txt")
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү"


def _ours() -> list[measures.Word]:
    lines = OURS.read_text(encoding="utf-8").splitlines()
    kin = [analysis.words(one) for one in lines if one and not one.startswith("#")]
    return [measures.Word(form, forms[0], "") for forms in kin for form in forms]


@pytest.mark.parametrize(
    "kin",
    [
        "китеп китептер китептерди китеби китебим китебибиздин китептериндеги",
        "университет университеттин университетибиздин университеттерге",
        "окуу окуган окуп окуйт окубайт окугандарга",
        "мугалим мугалимдерге мугалимибиз",
        "бала балдар балдарга баласы",
        "шаар шаары шаарында шаардагы шаарындагылар шаардык",
        "тарых тарыхы тарыхын тарыхый",
        "жүрөк жүрөгү жүрөгүндө жүрөктөр",
        "көңүл көңлү көңлүмдө көңүлгө",
        "орун орду ордунда орундар",
        "баштоо баштап баштаган башталат баштабайт",
        "жабуу жабылган жабат жаппайт",
        "кой кою коюнун койлор",
        "апрель апрелде",
        "Ош Оштун Ошто Оштогу",
        "үй үйдө үйүбүз үйлөр",
        "экономика экономикалык экономикасынын",
    ],
)
def test_forms_of_one_word_meet_also_without_the_kyrgyz_letters(kin):
    written = analysis.words(kin)
    typed = [analysis.fold(one) for one in written]
    assert len({analysis.stem(one, "ky") for one in (*written, *typed)}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "бала бал",
        "ата ат эт",
        "заман заем",
        "адам адис ад",
        "санат сан",
        "колдоо колдонуу",
        "мугалим мугалжын",
        "китеп китепкана",
        "кыргыз кыргызстан",
        "илим ил",
    ],
)
def test_different_words_stay_apart(words):
    forms = analysis.words(words)
    assert len({analysis.stem(one, "ky") for one in forms}) == len(forms)


@pytest.mark.parametrize(
    ("ending", "written", "refused"),
    [
        ("plural", "китептер", "китеплер"),
        ("plural", "көлдөр", "көлдар"),
        ("from", "баладан", "баладен"),
        ("in", "ташта", "ташда"),
        ("to", "күнгө", "күнгы"),
    ],
)
def test_an_ending_comes_off_only_where_assimilation_and_harmony_put_it(ending, written, refused):
    assert kyrgyz.stem(written) != kyrgyz.stem(refused), ending
    assert len(kyrgyz.stem(refused)) > len(kyrgyz.stem(written)), ending


def test_a_reader_finds_each_form_by_each_other_with_any_keyboard():
    forms = analysis.words("жүрөк жүрөгүндө жүрөктөрү")
    for asked in (*forms, *map(analysis.fold, forms)):
        for written in forms:
            assert analysis.stem(written, "ky") in analysis.forms(asked)


@given(st.text(LETTERS, min_size=1, max_size=analysis.LONGEST))
def test_any_word_has_one_stem_whatever_its_case(word):
    (form,) = analysis.words(word) or ("ъ",)
    found = kyrgyz.stem(form)
    assert found and found == kyrgyz.stem(form)
    assert kyrgyz.stem(analysis.fold(form)) == found
    (capitals,) = analysis.words(word.upper()) or ("ъ",)
    assert analysis.stem(capitals, "ky") == analysis.stem(form, "ky")


@given(st.text(min_size=1))
def test_whatever_is_not_a_word_is_no_trouble(text):
    assert kyrgyz.stem(text)


@given(st.lists(st.sampled_from(sorted(kyrgyz.SPELLINGS)), min_size=1, max_size=12))
def test_a_heap_of_endings_is_read_at_once(endings):
    assert kyrgyz.stem("бала" + "".join(endings))


def test_words_of_study_and_of_libraries_meet_their_kin():
    words = _ours()
    assert len(words) > 2000
    found = measures.measure(words, kyrgyz.stem)
    assert found.recall >= 0.99
    assert found.precision >= 0.95


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "recall", "precision", "margin"),
    [
        ("KTMU, train (tuned on)", 0.82, 0.79, 0.25),
        ("TueCL, test (untouched)", 0.59, 0.86, 0.25),
    ],
)
def test_words_of_the_treebanks_meet_their_kin(name, recall, precision, margin):
    path = measures.TREEBANKS / measures.FILES[name]
    if not path.exists():
        pytest.skip("the shared folder with the treebanks is not beside the checkout")
    words = measures.read(path)
    found = measures.measure(words, kyrgyz.stem)
    assert found.recall >= recall
    assert found.precision >= precision
    others = [
        measures.measure(words, way).f1 for way in measures.WAYS.values() if way != kyrgyz.stem
    ]
    assert found.f1 >= max(others) + margin

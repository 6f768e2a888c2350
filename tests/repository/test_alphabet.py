import pytest

from repository import alphabet

# The Kyrgyz alphabet; ё, ң, ө and ү are letters of their own.
ORDER = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"


def test_letters_stand_in_the_order_of_the_kyrgyz_alphabet():
    assert "".join(sorted(set(ORDER), key=alphabet.key)) == ORDER


def test_words_are_sorted_letter_by_letter():
    words = ["үй", "уя", "өмүр", "оюн", "оён", "ңу", "нюанс", "ёлка", "ель", "ежевика", "жаз"]
    assert sorted(words, key=alphabet.key) == [
        "ежевика", "ель", "ёлка", "жаз", "нюанс", "ңу", "оён", "оюн", "өмүр", "уя", "үй"
    ]  # fmt: skip


def test_case_quotes_and_latin_accents_do_not_count_and_cyrillic_comes_first():
    words = ["«Манас»", "манас", "Zebra", "Émile", "emu", "ишеним"]
    assert sorted(words, key=alphabet.key) == [
        "ишеним", "«Манас»", "манас", "Émile", "emu", "Zebra"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "letter"),
    [("Өмүр", "Ө"), ("«үй»", "Ү"), ("ёлка", "Ё"), ("Émile", "E"), ("1984", "#"), ("", "#")],
)
def test_initials(text, letter):
    assert alphabet.initial(text) == letter


@pytest.mark.parametrize("word", ["өмүр", "үй", "ңу", "ёлка", "китеп", "zebra", "2024"])
def test_a_key_tells_its_letter(word):
    assert alphabet.letter_of(alphabet.key(word)) == alphabet.initial(word)

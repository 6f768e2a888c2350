"""A name sounds the same in whatever letters it is written."""

import pytest

from repository.transliteration import Way, cyrillic, is_cyrillic, latin, sound

SAME = """
Кыдыралиев Kydyraliev Kydyraliyev Kıdıraliyev Kydyralijev KYDYRALIEV
Кыдыралиева Kydyralieva Kydyraliyeva
Жумабаев Jumabaev Zhumabaev Žumabaev Dzhumabaev Djumabaev Zhumabayev
Айтматов Aitmatov Aytmatov Ajtmatov
Чыңгыз Chyngyz Çıngız Chingiz Čyņgyz
Жээнбеков Jeenbekov Zheenbekov Žèènbekov Zhenbekov
Сооронбай Sooronbay Sooronbai Sooronbaj
Өмүралиев Omuraliev Ömüraliev Ômùraliev Омуралиев Omuraliyev
Үсөнбаева Usonbaeva Üsönbaeva Усонбаева Usonbayeva
Жаңыл Janyl Zhanyl Jangyl Жаныл
Тыңчтык Tynchtyk Tyngchtyk Tınçtık
Мырзакматов Myrzakmatov Mirzakmatov
Токтогулов Toktogulov
Бейшеналиева Beishenalieva Beyshenalieva Bejšenalieva Beyshenaliyeva
Сергей Sergei Sergey Sergej
Королёв Королев Korolev Korolyov Korolëv
Пётр Петр Petr Pyotr
Ковальский Kovalsky Kovalskiy Kovalskii Kovalskij
Щербаков Shcherbakov Scherbakov Ŝerbakov
Юсупов Yusupov Iusupov Ûsupov
Яковлев Yakovlev Iakovlev Âkovlev
Есенов Yesenov Esenov
Эсенов Esenov
Григорьев Grigoriev Grigoryev Grigor'ev Grigorʹev
Хасанов Khasanov Hasanov
Наталья Natalia Natalya Natalʹya
Цой Tsoy Tsoi Coj
Иманалы Imanaly Imanali
Айгүл Айгуль Aigul Aygul Aygül
уулу uulu ulu
кызы kyzy kizi qyzy
"""
DIFFERENT = """
Асанов Асанова
Асанов Усенов
Жумабаев Кумабаев
Мария Мара
Осмонов Османов
Бакыт Бакыткүл
"""


@pytest.mark.parametrize("names", SAME.strip().splitlines(), ids=lambda one: one.split()[0])
def test_all_spellings_of_a_name_sound_the_same(names):
    assert len({sound(one) for one in names.split()}) == 1, [sound(one) for one in names.split()]


@pytest.mark.parametrize("names", DIFFERENT.strip().splitlines())
def test_other_names_sound_otherwise(names):
    one, other = names.split()
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("name", "way", "written"),
    [
        ("Кыдыралиев Асан", Way.BGN, "Kydyraliev Asan"),
        ("Жумабаев Чыңгыз", Way.BGN, "Jumabaev Chynggyz"),
        ("Өмүралиев", Way.BGN, "Ömüraliev"),
        ("Жумабаев", Way.ISO9, "Žumabaev"),
        ("Щербакова Юлия", Way.ISO9, "Ŝerbakova Ûliâ"),
        ("Жаңыл", Way.PASSPORT, "Zhanyl"),
        ("Айгүл", Way.PASSPORT, "Aigul"),
        ("Юлия", Way.PASSPORT, "Iuliia"),
        ("Кыдыралиев", Way.RUSSIAN, "Kydyraliyev"),
        ("Есенов", Way.RUSSIAN, "Yesenov"),
        ("ЖУМАБАЕВ Ж.", Way.BGN, "JUMABAEV J."),
        ("Smith", Way.BGN, "Smith"),
    ],
)
def test_a_name_is_written_in_latin_letters(name, way, written):
    assert latin(name, way) == written
    assert sound(latin(name, way)) == sound(name)


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("Aytmatov Chyngyz", "Айтматов Чыңгыз"),
        ("Jumabaev", "Жумабаев"),
        ("Kydyraliev", "Кыдыралиев"),
        ("Shcherbakova Yuliya", "Щербакова Юлия"),
        ("Esenov", "Эсенов"),
        ("Ömüraliev", "Өмүралиев"),
        ("ASANOV", "АСАНОВ"),
        ("Асанов", "Асанов"),
    ],
)
def test_a_name_is_guessed_in_cyrillic_letters(name, guess):
    assert cyrillic(name) == guess
    assert is_cyrillic(guess) and is_cyrillic(name) == (name == "Асанов")

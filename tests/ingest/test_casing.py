"""Titles in capitals, given back their small letters."""

import pytest

from ingest.casing import lowered

PROSE = """АННОТАЦИЯ
В статье описаны реки Кыргызстана. Использованы ГИС и данные о Тянь-Шане.
Показано, что сток рек Кыргызстана зависит от снега, и ГИС это подтверждает."""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("РЕКИ КЫРГЫЗСТАНА", "Реки Кыргызстана"),
        ("СТОК РЕК В КЫРГЫЗСТАНЕ И ГИС", "Сток рек в Кыргызстане и ГИС"),
        ("«СНЕГ И ЛЁД»", "«Снег и лёд»"),
        ("Реки Азии", "Реки Азии"),
        ("ГИС", "ГИС"),
    ],
)
def test_words_are_written_as_the_text_writes_them(title, expected):
    assert lowered(title, PROSE) == expected

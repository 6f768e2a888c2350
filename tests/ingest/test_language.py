"""Which language a text is in."""

import pytest

from ingest.language import guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Кыргызстандын дарыялары мөңгү суулары менен толукталат жана бул маанилүү.", "ky"),
        ("Бул макалада тоо суулары жана алардын сапаты каралат.", "ky"),
        ("Тоо сууларынын сапаты", "ru"),
        ("В статье рассматриваются методы оценки стока рек и их прогноз.", "ru"),
        ("Оценка стока горных рек", "ru"),
        ("Река Нарын в районе села Ак-Өлөң: оценка стока и качества воды для орошения", "ru"),
        ("The paper considers methods for the estimation of the flow of rivers.", "en"),
        ("Die Flüsse des Landes werden von Schnee und Eis gespeist und sind lang.", None),
        ("Қазақстан өзендері қар және мұздық суларымен толығады", None),
        ("12345 67", None),
        ("", None),
    ],
)
def test_languages_are_told_by_their_letters_and_little_words(text, language):
    # A Kyrgyz title without ү, ө or ң has nothing that Russian could not have.
    assert guess(text) == language

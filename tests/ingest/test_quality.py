"""Which text is text, and which wants to be read from the pictures of its pages."""

import pytest

from ingest import quality

KYRGYZ = "Бул эмгекте Кыргызстандын мөңгүлөрүнүн эриши жана өзөндөрдүн агымы изилденген. " * 3
RUSSIAN = "В работе исследованы таяние ледников Киргизии и сток горных рек за тридцать лет. " * 3
ENGLISH = "The melting of the glaciers and the flow of the rivers are studied in this work. " * 3
GERMAN = "Für die Größe der Flüsse und das Schmelzen der Gletscher gibt es viele Gründe. " * 3
FORMULAS = "Let f(x) = a·x² + b, where x ∈ [0, 1], α ≤ β; then ∫ f dx = 3,14 (см. рис. 2). " * 3


@pytest.mark.parametrize("text", [KYRGYZ, RUSSIAN, ENGLISH, GERMAN, FORMULAS, "", "12"])
def test_honest_text_is_good(text):
    assert quality.score(text) > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"(cid:{number})" for number in range(200)),
        "".join(chr(0xE000 + number) for number in range(60)),
        RUSSIAN.encode("cp1251").decode("latin-1"),
        RUSSIAN.encode().decode("latin-1"),
        RUSSIAN.encode().decode("cp1251", errors="replace"),
        "Мaлo ктo знaeт чтo эти cлoвa нaбpaны вперемешку латиницей кириллицей".translate(
            str.maketrans("оеаис", "oeauc")
        ),
        KYRGYZ.translate(str.maketrans("өүң", "¼³½")),
        " ".join(KYRGYZ),
        "bcdfghjklm npqrstvwxz bcdfghjklm " * 9,
    ],
)
def test_rubbish_is_called_so(text):
    assert quality.score(text) < quality.POOR


def judged(*pages):
    return quality.judge(*zip(*pages, strict=True))


def test_a_book_with_text_is_good():
    verdict = judged((ENGLISH, 0.0, 1.0), ("", 0.0, 1.0), ("12", 0.0, 1.0))
    assert (verdict.word, verdict.score, verdict.wants_ocr) == ("good", 1.0, False)


def test_pages_that_are_pictures_are_a_scan():
    verdict = judged(("", 1.0, 1.0), ("7", 0.9, 1.0), ("", 0.0, 1.0))
    assert (verdict.word, verdict.scans, verdict.score) == ("scan", [1, 2], 0.0)


def test_a_scan_with_a_cover_of_text_is_read_in_part():
    verdict = judged((ENGLISH, 0.0, 1.0), ("", 1.0, 1.0))
    assert (verdict.word, verdict.scans) == ("partial", [2])


def test_rubbish_is_told_from_what_has_no_text():
    verdict = judged(("x" * 50, 0.0, 0.2), (ENGLISH, 0.0, 1.0))
    assert (verdict.word, verdict.rubbish) == ("rubbish", [1])
    assert judged(("", 0.1, 1.0)).word == "none"


def test_a_drawing_on_a_page_with_few_words_is_no_scan():
    assert judged(("Figure 1. The river", 0.2, 1.0)).word == "good"

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository.index import query, snippets
from repository.index.snippets import Sought, Text


def passages(q, *texts, language="ru"):
    node, _ = query.parse(q)
    pages = [Text("a.pdf", at, language, text) for at, text in enumerate(texts, 1)]
    return snippets.passages(Sought(node), pages)


def shown(snippet):
    return "".join(f"[{text}]" if marked else text for text, marked in snippet.parts)


@pytest.mark.parametrize(
    ("q", "text", "expected"),
    [
        ("книга", "Читаю книги.", "Читаю [книги]."),
        ("книги", "КНИГА и Книжник", "[КНИГА] и Книжник"),
        ("өнөр", "Онор жана өнөр", "[Онор] жана [өнөр]"),
        ("онор", "Өнөр", "[Өнөр]"),
        ("ёлка", "елка, ёлки", "[елка], [ёлки]"),
        ("muller", "Herr Müller", "Herr [Müller]"),
        ("study", "Two studies of students", "Two [studies] of students"),
        ("жүрөк", "Анын жүрөгүндө", "Анын [жүрөгүндө]"),
        ("конул", "Көңлүмдө жүрөт", "[Көңлүмдө] жүрөт"),
        ("иштеп", "Иштөө, иш", "[Иштөө], иш"),
        ("кино", "кинотеатр некино", None),
        ('"ак кеме"', "Ак үй. Ак  кеме! кеме", "Ак үй. [Ак кеме]! кеме"),
        ('"ак ак кеме"', "ак кеме", None),
        ("title:кит*", "Китеп, кит, акит", "[Китеп], [кит], акит"),
        ("манас OR семетей", "Семетей Манастын уулу", "[Семетей] Манастын уулу"),
        ("история", "Исто-\nрия и история", "История и [история]"),
        ("<b>", "a <b>bold</b>", "a <[b]>bold</[b]>"),
        ("-книга", "книга", None),
        ("doi:10.1234/abc", "10.1234/abc", None),
    ],
)
def test_words_are_marked(q, text, expected):
    found = passages(q, text)
    assert [shown(one) for one in found] == ([expected] if expected else [])


def test_a_long_text_is_cut_at_words_around_the_marks():
    text = "начало " * 100 + "здесь лежит книга о горах " + "конец " * 100
    (snippet,) = passages("книга", text)
    whole = shown(snippet)
    assert whole.startswith("… начало")
    assert "[книга] о горах" in whole
    assert whole.endswith("конец …")
    assert len(whole) < snippets.WIDTH + 80


def test_text_without_spaces_is_cut_too():
    (snippet,) = passages("книга", "ы" * 5000 + " книга," + "ы" * 5000)
    assert len(shown(snippet)) < snippets.WIDTH + 80


def test_passages_with_more_of_the_words_are_preferred():
    texts = ["книга " * 5, "книга о горах", "горы", "книга"]
    found = passages("книга горы", *texts)
    assert 2 in [snippet.page for snippet in found]
    assert len(found) == snippets.MOST


def test_passages_stand_in_the_order_of_the_pages():
    found = passages("книга горы", "горы", "книга и горы", "ничего")
    assert [snippet.page for snippet in found] == [1, 2]


def test_passages_of_one_page_do_not_overlap():
    text = "книга " + "слово " * 20 + "книга " + "слово " * 60 + "книга"
    first, second = passages("книга", text)
    assert shown(first).count("[книга]") + shown(second).count("[книга]") == 3


def test_line_ends_become_spaces():
    (snippet,) = passages("книга", "первая\r\n  книга\n\nвторая")
    assert shown(snippet) == "первая [книга] вторая"


@given(st.text(), st.text())
def test_nothing_is_added_to_a_text_but_dots(text, q):
    for snippet in passages(q or "а", text):
        whole = "".join(part for part, _ in snippet.parts).strip("… ")
        letters = [one for one in whole if one.isalnum()]
        assert len(letters) <= len(text)
        assert any(marked for _, marked in snippet.parts)


def test_a_long_page_is_searched_quickly():
    text = "Слово за словом идут страницы длинной работы о горах и реках. " * 20_000
    node, _ = query.parse("ледник перевал")
    sought = Sought(node)
    started = time.perf_counter()
    assert not snippets.passages(sought, [Text("a.pdf", 1, "ru", text)])
    assert time.perf_counter() - started < 2

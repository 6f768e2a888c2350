"""CQL is read into a tree, and said in the words of our own search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai.sru import cql, mapping
from oai.sru.cql import Clause, Key, Pair
from oai.sru.diagnostics import MESSAGES, Diagnostic
from repository.index import query


def test_a_query_is_a_tree_with_booleans_from_the_left():
    node, keys = cql.parse('dc.title any "ала тоо" and author = асанова or (year >= 2010)')
    assert isinstance(node, Pair) and node.boolean == "or"
    assert node.left == Pair(
        "and", Clause("ала тоо", "dc.title", "any"), Clause("асанова", "author", "=")
    )
    assert node.right == Clause("2010", "year", ">=") and keys == ()


def test_sorting_and_sets_of_contexts_are_read():
    node, keys = cql.parse(
        '> dc="info:srw/cql-context-set/1/dc-v1.1" тоо sortBy dc.date/sort.descending'
    )
    assert node == Clause("тоо") and keys == (Key("dc.date", True),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("тоо", "тоо"),
        ('"ак кеме"', "(ак кеме)"),
        ('dc.title = "ак кеме"', 'title:"ак кеме"'),
        ('dc.title all "ак кеме"', "(title:ак title:кеме)"),
        ('dc.title any "ак кеме"', "(title:ак OR title:кеме)"),
        ("dc.creator = асан*", "author:асан*"),
        ('dc.date within "2010 2015"', "year:2010..2015"),
        ("dc.date < 2010", "year:..2009"),
        ("dc.date = 2010", "year:2010"),
        ("тоо not көл", "(тоо -(көл))"),
        ("тоо or көл", "(тоо OR көл)"),
        ("cql.allRecords = 1", "*"),
        ('dc.language any "ky ru"', "(language:ky OR language:ru)"),
        ("bath.isbn = 978-9967-31-200-5", "isbn:978-9967-31-200-5"),
        ('"a\\"b (c): d"', '("a b" c d)'),
    ],
)
def test_a_tree_is_said_in_our_words(text, said):
    assert mapping.words(cql.parse(text)[0]) == said


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 10),
        ("(a", 10),
        ("a and", 10),
        ('""', 27),
        ("dc.shoe = 3", 16),
        ("dc.title encloses a", 19),
        ("a prox b", 39),
        ("dc.title =/rude a", 20),
        ("a?b", 48),
        ("dc.title > a", 19),
        ("dc.date = soon", 6),
        ("((((((((((((((((((((((((((a))))))))))))))))))))))))))", 48),
        (" and ".join("a" * 99), 48),
        ("a sortBy", 10),
    ],
)
def test_what_is_wrong_is_one_of_the_standards_diagnostics(text, number):
    with pytest.raises(Diagnostic) as found:
        mapping.words(cql.parse(text)[0])
    assert found.value.number == number and MESSAGES[number]


@pytest.mark.parametrize("key", ["dc.creator", "shoe"])
def test_what_we_cannot_sort_by_is_said(key):
    with pytest.raises(Diagnostic) as found:
        mapping.order((Key(key, False),))
    assert found.value.number == 80


@given(st.text(max_size=60) | st.text('aт"()=<>/*?^\\ .andornotprxsB0', max_size=60))
def test_no_query_crashes_and_what_comes_out_is_understood(text):
    try:
        said = mapping.words(cql.parse(text)[0])
    except Diagnostic:
        return
    query.parse(said)

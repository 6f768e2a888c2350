"""What every index must do: the suite runs over all that are installed."""

import random
import signal
import subprocess
import sys
import threading
import time
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from repository.errors import Busy, ConfigurationError
from repository.index import GROUP, Document, Page, analysis, open_index
from schemas.search import Query

NAMES = sorted({point.name for point in entry_points(group=GROUP)}) or ["none is installed"]

WORKS = (
    Document(
        1,
        titles=(("Манас эпосунун тарыхы", "ky"), ("История эпоса «Манас»", "ru")),
        creators=("Чынгыз Өмүров", "Chyngyz Omurov"),
        authors=("Өмүров, Чынгыз",),
        abstracts=(("Эпостун өнөр катары жашашы жөнүндө.", "ky"),),
        subjects=(("манас таануу", "ky"), ("эпос", "ru")),
        identifiers=("10.1234/manas.1", "9785020138506"),
        source="Манас университетинин журналы",
        type="article",
        year=2019,
        languages=("ky", "ru"),
        collections=("faculty", "faculty-history"),
        pages=(
            Page("manas.pdf", 1, "Эпосту изилдөө кеч башталган. Ак кеме көлдү бойлой"),
            Page("manas.pdf", 2, "сүзүп баратты. Мөңгүлөр эрип, суулар ташыды."),
        ),
        sort_title="манас эпосунун тарыхы",
        keywords=("манас таануу", "эпос"),
        access="open",
        published=100,
    ),
    Document(
        2,
        titles=(("Учебник по истории Кыргызстана", "ru"),),
        creators=("Иван Петров",),
        authors=("Петров, Иван",),
        abstracts=(("Книга рассказывает об истории и о съёмках фильма.", "ru"),),
        subjects=(("история", "ru"),),
        type="textbook",
        year=2015,
        languages=("ru",),
        collections=("faculty",),
        pages=(Page("book.pdf", 7, "Всё о книгах. Об эпосе Манас сказано мало; белый пароход."),),
        sort_title="учебник",
        keywords=("история",),
        access="restricted",
        published=200,
    ),
    Document(
        3,
        titles=(("Libraries and their readers", "en"),),
        creators=("John O'Brien",),
        authors=("O'Brien, John",),
        abstracts=(("A study of how readers use a library. Manas is mentioned.", "en"),),
        type="article",
        year=2021,
        languages=("en",),
        collections=("library",),
        sort_title="libraries",
        published=300,
    ),
    Document(4, titles=(("Карта", "ru"),), type="map", languages=("ru",), published=400),
)


@pytest.fixture(params=NAMES)
def url(request, tmp_path):
    """The URL of an index that is not there yet."""
    return f"{request.param}://{tmp_path}/index"


@pytest.fixture
def index(url):
    """An empty index."""
    made = open_index(url)
    yield made
    made.close()


@pytest.fixture
def works(index):
    """An index of four works."""
    index.put(WORKS)
    return index


def numbers(index, q="", **more):
    return [hit.number for hit in index.find(Query(q=q, **more)).results]


def found(index, q, **more):
    return set(numbers(index, q, **more))


def test_a_new_index_is_empty_and_well(index):
    well, says = index.status()
    assert well
    assert "0 works" in says
    hits = index.find(Query())
    assert (hits.total, hits.results, hits.notice) == (0, (), None)
    assert not any(hits.facets.values())


def test_no_words_find_everything_newest_first(works):
    assert numbers(works) == [3, 1, 2, 4]
    assert works.find(Query()).total == 4


def test_all_words_must_be_there(works):
    assert found(works, "манас") == {1, 2}
    assert found(works, "манас кеме") == {1}
    assert found(works, "манас кеме пароход") == set()


def test_a_title_counts_more_than_a_text(works):
    assert numbers(works, "манас") == [1, 2]
    works.put(
        [
            Document(11, titles=(("Тоолор", "ky"),)),
            Document(12, creators=("Тоолор",)),
            Document(13, subjects=(("тоолор", "ky"),)),
            Document(14, abstracts=(("тоолор " + "сөз " * 20, "ky"),)),
            Document(15, pages=(Page("a.pdf", 1, "тоолор " + "сөз " * 200),)),
        ]
    )
    assert numbers(works, "тоолор") == [11, 12, 13, 14, 15]


@pytest.mark.parametrize("q", ["книга", "книги", "книгами", "фильмы", "учебники истории"])
def test_russian_words_are_found_in_all_their_forms(works, q):
    assert 2 in found(works, q)


@pytest.mark.parametrize("q", ["library", "Libraries", "reader", "studies", "using libraries"])
def test_english_words_are_found_in_all_their_forms(works, q):
    assert found(works, q) == {3}


@pytest.mark.parametrize(
    "q", ["өнөр", "онор", "ӨНӨР", "мөңгүлөр", "монгулор", "мөнгулор", "Өмүров", "омуров"]
)
def test_kyrgyz_words_are_found_with_and_without_their_letters(works, q):
    assert found(works, q) == {1}


@pytest.mark.parametrize("q", ["съёмка", "съемках", "всё", "все", "ВСЕ о книгах"])
def test_yo_and_ye_are_one_letter(works, q):
    assert found(works, q) == {2}


@pytest.mark.parametrize("q", ["Chyngyz", "omurov", "Чынгыз Өмүров", "өмүров чынгыз"])
def test_a_name_is_found_in_every_script_and_order(works, q):
    assert found(works, q) == {1}


@pytest.mark.parametrize("q", ["O'Brien", "o’brien", "obrien", "author:O'Brien"])
def test_apostrophes_do_not_matter(works, q):
    assert found(works, q) == {3}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('"ак кеме"', {1}),
        ('"АК КЕМЕ"', {1}),
        ('"кеме ак"', set()),
        ('"ак көлдү"', set()),
        ('"бойлой сүзүп"', {1}),
        ('"бойлой сузуп"', {1}),
        ('"эпосе Манас"', {2}),
        ('"эпоса Манас"', {1}),
        ('"баратты мөңгүлөр"', {1}),
        ('"тарыхы эпостун"', set()),
        ('"книги"', set()),
        ('title:"манас эпосунун"', {1}),
        ('title:"ак кеме"', set()),
        ('манас -"ак кеме"', {2}),
    ],
)
def test_phrases_are_exact_and_run_on_over_pages(works, q, expected):
    assert found(works, q) == expected


def test_a_phrase_typed_with_kyrgyz_letters_finds_no_others(index):
    index.put(
        [Document(1, titles=(("кара күл", "ky"),)), Document(2, titles=(("кара кул", "ru"),))]
    )
    assert found(index, '"кара күл"') == {1}
    assert found(index, '"кара кул"') == {1, 2}
    assert numbers(index, "күл") == [1, 2]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("title:манас", {1}),
        ("author:петров", {2}),
        ("author:петрова", {2}),
        ("author:манас", set()),
        ("subject:эпос", {1}),
        ("source:манас", {1}),
        ("type:article", {1, 3}),
        ("language:ky", {1}),
        ("collection:faculty", {1, 2}),
        ("year:2019", {1}),
        ("year:2015..2019", {1, 2}),
        ("year:2020..", {3}),
        ("year:..2018", {2}),
        ("манас year:..2018", {2}),
        ("doi:10.1234/MANAS.1", {1}),
        ("10.1234/manas.1", {1}),
        ("isbn:978-5-02-013850-6", {1}),
        ("doi:10.1234/other", set()),
        ("title:тарых*", {1}),
        ("libra*", {3}),
        ("мон*", set()),
        ("омур*", {1}),
        ("манас OR library", {1, 2, 3}),
        ("манас -пароход", {1}),
        ("NOT манас", {3, 4}),
        ("(манас OR library) type:article", {1, 3}),
    ],
)
def test_fields_ranges_beginnings_and_operators(works, q, expected):
    assert found(works, q) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": ("article", "map")}, {1, 3, 4}),
        ({"year": (2015, 2021)}, {2, 3}),
        ({"year_from": 2016}, {1, 3}),
        ({"year_to": 2019}, {1, 2}),
        ({"year_from": 2016, "year_to": 2020}, {1}),
        ({"language": ("ru",)}, {1, 2, 4}),
        ({"collection": ("library", "faculty-history")}, {1, 3}),
        ({"author": ("Өмүров, Чынгыз",)}, {1}),
        ({"author": ("Чынгыз Өмүров", "Петров, Иван")}, {1, 2}),
        ({"author": ("Иван Өмүров",)}, set()),
        ({"subject": ("манас таануу",)}, {1}),
        ({"subject": ("таануу манас",)}, set()),
        ({"type": ("article",), "language": ("en",)}, {3}),
        ({"collection": ("nowhere",)}, set()),
        ({"author": ("—",)}, set()),
    ],
)
def test_filters_hold_at_once_and_their_values_are_alternatives(works, filters, expected):
    assert found(works, "", **filters) == expected


def test_facets_count_all_hits(works):
    hits = works.find(Query(q="манас"), limit=1)
    assert hits.total == 2
    assert len(hits.results) == 1
    assert dict(hits.facets) == {
        "where": (("here", 2),),
        "type": (("article", 1), ("textbook", 1)),
        "year": ((2019, 1), (2015, 1)),
        "language": (("ru", 2), ("ky", 1)),
        "collection": (("faculty", 2), ("faculty-history", 1)),
        "access": (("open", 1), ("restricted", 1)),
        "author": (("Петров, Иван", 1), ("Өмүров, Чынгыз", 1)),
        "subject": (("история", 1), ("манас таануу", 1), ("эпос", 1)),
    }


def test_what_is_in_other_libraries_lies_beside_and_can_be_told_apart(works):
    works.put([Document(-1, titles=(("Манас в Алматы", "ru"),), type="article", where="almaty")])
    hits = works.find(Query(q="манас"))
    assert -1 in [hit.number for hit in hits.results]
    assert ("almaty", 1) in hits.facets["where"]
    assert [hit.number for hit in works.find(Query(where=("almaty",))).results] == [-1]
    assert -1 not in [hit.number for hit in works.find(Query(where=("here",))).results]
    works.delete([-1])
    assert works.find(Query(where=("almaty",))).total == 0


def test_a_filtered_axis_still_shows_what_else_could_be_chosen(works):
    facets = works.find(Query(type=("article",))).facets
    assert facets["type"] == (("article", 2), ("map", 1), ("textbook", 1))
    assert facets["year"] == ((2021, 1), (2019, 1))


def test_facets_agree_with_the_filters_they_offer(works):
    for axis, pairs in works.find(Query(q="манас OR library OR карта")).facets.items():
        for value, count in pairs:
            chosen = Query(q="манас OR library OR карта", **{axis: (value,)})
            assert works.find(chosen).total == count


def test_orders(works):
    assert numbers(works, sort="newest") == [3, 1, 2, 4]
    assert numbers(works, sort="oldest") == [2, 1, 3, 4]
    assert numbers(works, sort="title")[1:] == [3, 1, 2]
    assert numbers(works, "манас", sort="oldest") == [2, 1]


def test_pages_of_results_join_without_gap_or_overlap(index):
    index.put(Document(at, titles=((f"сөз {at}", "ky"),), year=2000) for at in range(1, 26))
    pages = [
        [hit.number for hit in index.find(Query(q="сөз", page=page), limit=10).results]
        for page in (1, 2, 3, 4)
    ]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert {number for page in pages for number in page} == set(range(1, 26))


def test_snippets_show_the_words_with_their_file_and_page(works):
    (hit,) = works.find(Query(q="мөңгүлөр")).results
    (snippet,) = hit.snippets
    assert (snippet.file, snippet.page) == ("manas.pdf", 2)
    assert [text for text, marked in snippet.parts if marked] == ["Мөңгүлөр"]
    assert "".join(text for text, _ in snippet.parts) == WORKS[0].pages[1].text


def test_snippets_mark_whole_phrases_other_forms_and_abstracts(works):
    def marked(q):
        return [
            (text, snippet.page)
            for hit in works.find(Query(q=q)).results
            for snippet in hit.snippets
            for text, is_match in snippet.parts
            if is_match
        ]

    assert marked('"ак кеме"') == [("Ак кеме", 1)]
    assert marked("книга") == [("Книга", None), ("книгах", 7)]
    assert marked("онор") == [("өнөр", None)]
    assert marked("read*") == [("readers", None)]
    assert marked("-манас") == []
    assert marked("year:2019") == []


def test_putting_a_work_again_replaces_it(works):
    works.put([Document(2, titles=(("Совсем другое", "ru"),), type="map")])
    assert found(works, "учебник") == set()
    assert found(works, "другое") == {2}
    assert works.find(Query()).total == 4
    assert works.find(Query()).facets["type"] == (("article", 2), ("map", 2))


def test_of_a_work_put_twice_at_once_the_last_counts(index):
    index.put([Document(1, titles=(("бир", "ky"),)), Document(1, titles=(("эки", "ky"),))])
    assert found(index, "бир") == set()
    assert found(index, "эки") == {1}


def test_deleting_removes_from_hits_and_counts(works):
    works.delete([1, 3, 99])
    assert numbers(works) == [2, 4]
    assert found(works, "манас") == {2}
    assert works.find(Query()).facets["type"] == (("map", 1), ("textbook", 1))
    works.delete([])
    works.put([])
    assert works.find(Query()).total == 2


def test_clearing_leaves_an_index_that_can_be_filled_again(works):
    works.clear()
    assert works.find(Query()).total == 0
    works.put(WORKS[:1])
    assert numbers(works) == [1]


def test_optimising_changes_nothing_that_is_found(works):
    works.put([Document(at, titles=(("көп", "ky"),)) for at in range(20, 30)])
    works.delete([20, 2])
    before = works.find(Query(q="көп OR манас", sort="title"))
    works.optimise()
    after = works.find(Query(q="көп OR манас", sort="title"))
    assert (after.total, after.results, after.facets) == (
        before.total,
        before.results,
        before.facets,
    )


def test_hostile_queries_never_raise(works):
    chance = random.Random(20)
    pieces = [
        *"()\"-*:|&.,;<>[]{}'`~^!?#%\\/\n\t\x00«»“”–—…",
        *"AND OR NOT TO манас өнөр ёлка é ﷺ \U0001f4da İ ß ﬁ title: year: doi: type: ..".split(" "),
        *["9" * 30, "year:2019..", "а" * 300, "__", "%00", "'; DROP TABLE works; --", "\ud800"],
        *["{{7*7}}", "<script>", "\u202e", "\u0301", "*" * 5, "((((", '""', "~~~", "x*", "аб*"],
    ]
    for _ in range(500):
        q = "".join(
            chance.choice(pieces) + chance.choice(["", " "]) for _ in range(chance.randint(1, 12))
        )
        hits = works.find(Query(q=q, page=chance.randint(1, 3)))
        assert 0 <= hits.total <= 4
        assert len(hits.results) <= hits.total


def test_hostile_texts_can_be_indexed(index):
    texts = ["", "\x00", "\ud800 сөз", "a" * 100_000, "\u0301" * 500, "- \n" * 999, "<b>&amp;</b>"]
    index.put(
        Document(at, titles=((text, ""),), abstracts=((text, "xx"),), pages=(Page(text, 1, text),))
        for at, text in enumerate(texts)
    )
    assert index.find(Query()).total == len(texts)
    assert found(index, "сөз") == {2}
    (hit,) = index.find(Query(q="amp")).results
    assert ("amp", True) in hit.snippets[0].parts


def test_many_threads_may_search_and_write(works):
    failures = []

    def search():
        for _ in range(40):
            if 1 not in numbers(works, "манас эпосу*"):
                failures.append("lost")

    def write(first):
        for at in range(5):
            works.put([Document(first + at, titles=(("Манас", "ky"),))])

    threads = [threading.Thread(target=search) for _ in range(3)]
    threads += [threading.Thread(target=write, args=(first,)) for first in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert works.find(Query(q="манас")).total == 12


PUT = """
import sys
from repository.index import Document, Page, open_index

url, first, count, commits = sys.argv[1], *map(int, sys.argv[2:])
index = open_index(url)
while commits:
    index.put(
        Document(at, titles=((f"Манас {at}", "ky"),), pages=(Page("a", 1, f"сөз{at % 97} " * 50),))
        for at in range(first, first + count)
    )
    first += count
    commits -= 1
    print("committed", flush=True)
index.close()
"""


def _writer(url, *numbers):
    """Another process that puts so many works, from a first number on, so many times."""
    command = [sys.executable, "-c", PUT, url, *map(str, numbers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_a_reader_sees_what_another_process_has_committed(url, works):
    assert works.find(Query(q="манас")).total == 2
    with _writer(url, 50, 10, 1) as writer:
        assert writer.wait(60) == 0
    assert works.find(Query(q="манас")).total == 12


def test_writers_in_several_processes_take_turns(url, works):
    writers = [_writer(url, first, 5, 3) for first in (100, 200, 300)]
    for writer in writers:
        with writer:
            assert writer.wait(120) == 0
    assert works.find(Query()).total == 4 + 45


def test_a_writer_killed_while_committing_leaves_an_index_that_opens(url, works):
    chance = random.Random(5)
    for _ in range(5):
        with _writer(url, 1000, 20, -1) as writer:
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.15))
            writer.send_signal(signal.SIGKILL)
        again = open_index(url)
        assert again.status()[0]
        total = again.find(Query()).total
        assert total >= 24
        assert (total - 4) % 20 == 0
        again.put(WORKS)
        again.close()
    works.put([Document(5, titles=(("Кийинки", "ky"),))])
    assert numbers(works, "кийинки") == [5]


def test_a_url_that_names_no_index_is_explained():
    for url in ("nothing", "whoosh://", "elsewhere:///srv/index"):
        with pytest.raises(ConfigurationError):
            open_index(url)


def test_opening_twice_keeps_what_is_there(url, works):
    again = open_index(url)
    assert again.find(Query()).total == 4
    again.close()
    assert Path(url.partition("://")[2]).exists()


def test_a_closed_index_can_be_asked_again(works):
    works.close()
    assert works.find(Query()).total == 4


def test_busy_is_an_error_that_readers_may_repeat():
    assert Busy("…").status == 503
    assert Busy("…").retry_after


def test_the_number_of_documents_of_a_term_is_known(works):
    exact = [("exact", form) for form in ("манас", "онор", "өнөр")]
    terms = [*exact, ("words", analysis.stem("library", "en")), ("exact", "нетакого")]
    assert works.frequencies(terms) == [2, 1, 1, 1, 0]
    assert works.frequencies([]) == []


def test_a_search_can_be_among_some_works_only(works):
    assert numbers(works, "манас", among=(2, 3, 99)) == [2]
    assert numbers(works, "манас", among=()) == []
    assert works.find(Query(among=(1, 4))).total == 2
    assert dict(works.find(Query(among=(1, 4))).facets)["type"] == (("article", 1), ("map", 1))

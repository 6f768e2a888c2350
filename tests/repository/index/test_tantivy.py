"""What only the index of Tantivy does: its files, its lock, its damages."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time

import pytest

from repository.errors import Busy, ConfigurationError
from repository.index import Document, Page, open_index
from repository.index.damage import IndexUnavailable
from repository.index.tantivy import TantivyIndex
from repository.index.tantivy_rows import LEVELS, RULES, WORTHS, level
from schemas.search import Query

pytest.importorskip("tantivy")
MANAS = Query(q="манас")


def works(first, last):
    return [
        Document(at, titles=((f"Манас {at}", "ky"),), pages=(Page("a.pdf", 1, "ак кеме " * 50),))
        for at in range(first, last + 1)
    ]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def index(folder):
    """An index of ten works."""
    made = TantivyIndex.connect(str(folder))
    made.put(works(1, 10))
    yield made
    made.close()


def test_where_the_library_is_missing_it_is_said_how_to_install_it(tmp_path):
    script = (
        "import sys\n"
        "sys.modules['tantivy'] = None\n"
        "from repository.index import GROUP, NEEDS, open_index\n"
        "from repository import plugins\n"
        "assert 'tantivy' in plugins.load(GROUP, NEEDS)\n"
        "open_index(f'whoosh://{sys.argv[1]}/one').close()\n"
        "open_index(f'tantivy://{sys.argv[1]}/two')\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "pip install 'open-archive[tantivy]'" in ended.stderr.splitlines()[-1]
    assert ConfigurationError.__name__ in ended.stderr
    assert not (tmp_path / "two").exists()


def test_weights_lie_on_levels_that_rise():
    assert level(0.25) == LEVELS[0]
    assert level(1000) == LEVELS[-1]
    assert level(41) > level(26) > level(20) > level(6) > level(1)
    worths = list(WORTHS.values())
    assert worths == sorted(worths)
    assert 0 < worths[0] < worths[-1] < 1


def test_a_second_writer_is_told_to_wait(index, folder):
    other = TantivyIndex(folder, patience=0.1)
    for held in (index._writing, index._locked):
        with held():
            for attempt in (
                lambda: other.put(works(20, 20)),
                lambda: other.delete([1]),
                other.clear,
            ):
                with pytest.raises(Busy, match="Another process is writing the search index"):
                    attempt()
    other.put(works(20, 20))
    assert other.find(MANAS).total == 11
    other.close()


def test_a_second_writer_waits_its_turn(index):
    holding = threading.Event()

    def hold():
        with index._writing():
            holding.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    index.put(works(20, 20))
    thread.join()
    assert index.find(MANAS).total == 11


def test_searching_goes_on_while_another_writes(index):
    with index._writing():
        assert index.find(MANAS).total == 10
        assert index.status()[0]


def test_a_batch_that_fails_leaves_nothing_and_no_lock(index):
    with pytest.raises(TypeError):
        index.put([*works(50, 52), Document(53, titles=((None, "ky"),))])
    with pytest.raises(ZeroDivisionError), index._locked():
        raise ZeroDivisionError
    with pytest.raises(IndexUnavailable), index._writing() as writer:
        writer.delete_all_documents()
        raise ZeroDivisionError
    assert index.find(MANAS).total == 10
    index.put(works(11, 11))
    assert index.find(MANAS).total == 11


def test_segments_stay_few_over_many_commits(index):
    for at in range(11, 51):
        index.put(works(at, at))
    assert index._shelf.fresh().searcher.num_segments < 12
    assert index.find(MANAS).total == 50


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_opens_its_own_files_and_may_write(index):
    index.find(MANAS)
    child = os.fork()
    if not child:
        index.put(works(11, 11))
        os._exit(0 if index.find(MANAS).total == 11 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert index.find(MANAS).total == 11


def test_an_index_that_vanishes_is_unavailable_until_it_is_rebuilt(index, folder):
    index.find(MANAS)
    shutil.rmtree(folder)
    for attempt in (lambda: index.find(MANAS), lambda: index.put(works(1, 1))):
        with pytest.raises(IndexUnavailable) as caught:
            attempt()
        assert caught.value.status == 503
    well, says = index.status()
    assert not well
    assert "open-archive index rebuild" in says
    index.clear()
    index.put(works(1, 3))
    assert index.find(MANAS).total == 3
    assert index.status()[0]


KINDS = ("meta.json", "*.term", "*.idx", "*.pos", "*.fast", "*.store", "*.fieldnorm")


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("harm", ["truncate", "overwrite", "empty", "remove"])
def test_a_damaged_index_says_so_and_can_be_rebuilt(index, folder, name, harm):
    index.close()
    (path,) = folder.glob(name)
    data = path.read_bytes()
    damaged = {
        "truncate": data[: len(data) // 2],
        "overwrite": random.Random(3).randbytes(len(data)),
        "empty": b"",
    }
    path.unlink()
    if harm != "remove":
        path.write_bytes(damaged[harm])
    with pytest.raises(IndexUnavailable):
        index.find(Query(q='"ак кеме" манас'))
    well, says = index.status()
    assert not well
    assert "open-archive index rebuild" in says
    index.clear()
    index.put(works(1, 4))
    assert index.find(MANAS).total == 4
    assert index.status()[0]


def test_flipped_bytes_are_noticed(index, folder):
    index.put(works(11, 40))
    index.close()
    chance = random.Random(11)
    ours = ("rules.txt", ".managed.json")
    copies = {one: one.read_bytes() for one in folder.iterdir() if one.name not in ours}
    names = sorted((path for path in copies if copies[path]), key=lambda path: path.name)
    for _ in range(40):
        path = chance.choice(names)
        data = bytearray(copies[path])
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.unlink()
        path.write_bytes(data)
        try:
            index.find(Query(q='манас кеме* "ак кеме"', sort="title"))
        except IndexUnavailable:
            assert index.status()[0] is False
        index.close()
        path.unlink()
        path.write_bytes(copies[path])
    assert index.find(MANAS).total == 40


def test_an_index_made_with_other_rules_of_words_asks_to_be_rebuilt(index, folder):
    (folder / "rules.txt").write_text("0, snowball 1")
    well, says = index.status()
    assert not well
    assert "other rules of words" in says
    assert index.find(MANAS).total == 10
    index.clear()
    assert index.status() == (True, "The index answers and holds 0 works in 0 segments.")
    assert (folder / "rules.txt").read_text() == RULES


def test_a_reader_survives_that_another_makes_the_index_anew(index, folder):
    other = TantivyIndex.connect(str(folder))
    assert other.find(MANAS).total == 10
    (folder / "rules.txt").write_text("0, snowball 1")
    index.clear()
    assert other.find(MANAS).total == 0
    index.put(works(1, 3))
    assert other.find(MANAS).total == 3
    other.close()


def test_the_library_is_imported_without_warnings():
    command = [sys.executable, "-W", "error", "-c", "import repository.index.tantivy"]
    assert subprocess.run(command, capture_output=True, check=False).stderr == b""


WORDS = "манас эпос тарых тарыхы китеп книга книги кол көл кул күл library libraries and и 12 ак"


def made_up(chance, number):
    """A work of few different words, so that all kinds of queries find some."""
    words = WORDS.split()

    def text(most):
        return " ".join(chance.choices(words, k=chance.randint(1, most)))

    def spoken():
        return chance.choice(("ky", "ru", "en", ""))

    return Document(
        number,
        titles=((text(4), spoken()),),
        creators=(text(2),),
        authors=tuple({text(2), text(1)}),
        abstracts=((text(12), spoken()),),
        subjects=((text(2), spoken()),),
        keywords=tuple({text(2), text(2)}),
        source=text(2),
        identifiers=(f"10.1234/{number % 50}",),
        type=chance.choice(("article", "map", "")),
        year=chance.choice((None, 1999, 2004, 2020)),
        languages=tuple(chance.sample(("ky", "ru", "en"), chance.randint(0, 2))),
        collections=tuple(chance.sample(("a", "b", "c"), chance.randint(0, 2))),
        pages=(Page("a.pdf", 1, text(8)), Page("a.pdf", 2, text(8)), Page("b.pdf", 1, text(8))),
        sort_title=text(1),
        published=number * 7919 % 1000,
        access=chance.choice(("open", "")),
    )


def asked(chance):
    """A query of any kind, with filters now and then."""
    words = WORDS.split()
    leaf = {
        "word": lambda: chance.choice(words),
        "phrase": lambda: f'"{chance.choice(words)} {chance.choice(words)}"',
        "start": lambda: chance.choice(words)[:2] + "*",
        "field": lambda: f"{chance.choice(('title', 'author', 'subject'))}:{chance.choice(words)}",
        "within": lambda: f'title:"{chance.choice(words)} {chance.choice(words)}"',
        "year": lambda: chance.choice(("year:2004", "year:..2004", "year:2000..")),
        "is": lambda: chance.choice(("type:map", "language:ky", "collection:b")),
        "doi": lambda: f"doi:10.1234/{chance.randint(1, 60)}",
    }

    def part():
        text = leaf[chance.choice(list(leaf))]()
        return chance.choice(("", "", "", "-")) + text

    joined = [part()]
    for _ in range(chance.randint(0, 3)):
        joined += [chance.choice(("", "OR", "AND")), part()]
    more = {
        "year_from": 2000,
        "type": ("map",),
        "author": (chance.choice(words),),
        "subject": (f"{chance.choice(words)} {chance.choice(words)}",),
        "collection": ("a", "b"),
        "year": (1999, 2020),
        "access": ("open",),
        "among": tuple(range(1, 150)),
    }
    chosen = chance.sample(sorted(more), chance.choice((0, 0, 1, 2)))
    q = chance.choice((" ".join(joined), " ".join(joined), f"({' '.join(joined)}) {part()}", ""))
    return Query(
        q=q, sort=chance.choice(("newest", "oldest", "title")), **{one: more[one] for one in chosen}
    )


@pytest.fixture
def engines(tmp_path):
    """An index of each kind."""
    made = [open_index(f"{name}://{tmp_path}/{name}") for name in ("tantivy", "whoosh")]
    yield made
    for one in made:
        one.close()


def test_it_finds_counts_and_shows_what_the_index_of_whoosh_does(engines):
    chance = random.Random(8)
    documents = [made_up(chance, number) for number in range(1, 301)]
    for engine in engines:
        for first in range(0, 300, 100):
            engine.put(documents[first : first + 100])
        engine.delete(range(5, 300, 11))
    for _ in range(200):
        query = asked(chance)
        mine, theirs = (engine.find(query, limit=1000) for engine in engines)
        assert mine.total == theirs.total, query
        assert mine.facets == theirs.facets, query
        assert dict(mine.results) == dict(theirs.results), query
        years = [[documents[hit.number - 1].year for hit in one.results] for one in (mine, theirs)]
        assert years[0] == years[1] or query.sort == "title", query
        if query.sort == "title":
            assert [hit.number for hit in mine.results] == [hit.number for hit in theirs.results]
    terms = [("exact", one) for one in WORDS.split()]
    assert engines[0].frequencies(terms) == engines[1].frequencies(terms)


@pytest.mark.parametrize("spread", [40, 3000])
def test_counts_of_many_authors_are_exact_over_several_segments(tmp_path, spread):
    chance = random.Random(spread)
    engine = TantivyIndex.connect(str(tmp_path / "index"))
    counted = {}
    for first in range(1, 4001, 800):
        some = []
        for number in range(first, first + 800):
            authors = {f"A{int(chance.random() ** 2 * spread):04}" for _ in range(2)}
            for one in authors:
                counted[one] = counted.get(one, 0) + 1
            some.append(Document(number, titles=(("көп", "ky"),), authors=tuple(authors)))
        engine.put(some)
    assert engine._shelf.fresh().searcher.num_segments > 1
    most = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:30]
    assert engine.find(Query(q="көп")).facets["author"] == tuple(most)
    engine.close()

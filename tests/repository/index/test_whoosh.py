"""What only the index of Whoosh does: its files, its lock, its damages."""

import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from repository.errors import Busy
from repository.index import Document, Page, analysis
from repository.index.damage import IndexUnavailable
from repository.index.whoosh import WhooshIndex
from schemas.search import Query

MANAS = Query(q="манас")
# Whoosh leaves files open when what it reads from them is not what it expects.
LEAKY = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


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
    made = WhooshIndex.connect(str(folder))
    made.put(works(1, 10))
    yield made
    made.close()


def segments(folder):
    return {name.split(".")[0] for name in os.listdir(folder) if name.endswith(".trm")}


def test_no_segment_is_compound(index, folder):
    index.put(works(11, 12))
    index.optimise()
    assert not list(folder.glob("*.seg"))
    assert len(segments(folder)) == 1


def test_segments_stay_few_over_many_commits(index, folder):
    for at in range(11, 51):
        index.put(works(at, at))
        assert len(segments(folder)) < 10
    assert index.find(MANAS).total == 50


def test_a_segment_of_which_most_is_deleted_is_written_anew(index, folder):
    before = segments(folder)
    index.delete(range(1, 7))
    assert len(segments(folder)) == 1
    assert segments(folder) != before
    index.delete(range(1, 11))
    assert segments(folder) == set()
    assert index.find(Query()).total == 0


def test_what_a_killed_writer_left_is_cleared_by_the_next(index, folder):
    script = (
        "import os, signal, sys\n"
        "from repository.index import rows, Document\n"
        "from repository.index.whoosh import WhooshIndex\n"
        "with WhooshIndex.connect(sys.argv[1])._writing() as writer:\n"
        "    writer.add_document(**rows.row(Document(99)))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(folder)], check=False)
    assert killed.returncode == -9
    assert len(segments(folder)) == 2
    index.put(works(11, 11))
    assert len(segments(folder)) == 2
    assert not (folder / "works.tmp").exists()
    assert index.find(Query()).total == 11


def test_a_second_writer_is_told_to_wait(index, folder):
    other = WhooshIndex(folder, patience=0.1)
    with index._writing():
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


def test_a_second_writer_waits_its_turn(index, folder):
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
    def broken():
        yield from works(50, 52)
        yield Document(53, titles=((None, "ky"),))

    with pytest.raises(TypeError):
        index.put(broken())
    assert index.find(MANAS).total == 10
    index.put(works(11, 11))
    assert index.find(MANAS).total == 11


def test_only_new_segments_are_opened_after_a_commit(index):
    index.find(MANAS)
    before = [segment for _, segment in index._shelf.fresh().segments]
    index.put(works(11, 12))
    after = [segment for _, segment in index._shelf.fresh().segments]
    assert before[0] in after
    assert len(after) == 2


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_opens_its_own_files(index):
    index.find(MANAS)
    child = os.fork()
    if not child:
        os._exit(0 if index.find(MANAS).total == 10 else 1)
    assert index.find(MANAS).total == 10
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_missing_index_is_made_when_it_is_opened(index, folder):
    index.close()
    shutil.rmtree(folder)
    again = WhooshIndex.connect(str(folder))
    assert again.status() == (True, "The index answers and holds 0 works in 0 segments.")
    again.close()


def test_an_index_that_vanishes_is_unavailable_until_it_is_rebuilt(index, folder):
    index.find(MANAS)
    shutil.rmtree(folder)
    with pytest.raises(IndexUnavailable) as caught:
        index.find(MANAS)
    assert caught.value.status == 503
    assert caught.value.retry_after
    with pytest.raises(IndexUnavailable):
        index.put(works(1, 1))
    well, says = index.status()
    assert not well
    assert "open-archive index rebuild" in says
    index.clear()
    index.put(works(1, 3))
    assert index.find(MANAS).total == 3
    assert index.status()[0]


@LEAKY
@pytest.mark.parametrize("name", ["*.toc", "*.trm", "*.pst", "*.facts.col", "*._stored.col"])
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
    if harm == "remove":
        path.unlink()
    else:
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


@LEAKY
def test_flipped_bytes_never_raise_anything_else(index, folder):
    index.put(works(11, 40))
    index.close()
    chance = random.Random(11)
    copies = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    names = sorted((path for path in copies if path.stat().st_size), key=lambda path: path.suffixes)
    for _ in range(150):
        path = chance.choice(names)
        data = bytearray(copies[path])
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            index.find(Query(q='манас кеме* "ак кеме"', sort="title"))
        except IndexUnavailable:
            assert index.status()[0] is False
        index.close()
        path.write_bytes(copies[path])


def test_an_index_made_with_other_rules_of_words_asks_to_be_rebuilt(index, folder):
    (folder / "rules.txt").write_text("0, snowball 1")
    well, says = index.status()
    assert not well
    assert "other rules of words" in says
    assert index.find(MANAS).total == 10
    index.clear()
    assert index.status()[0]
    assert (folder / "rules.txt").read_text() == analysis.RULES


def test_many_short_words_that_begin_alike_are_no_danger(index):
    names = tuple(f"ак{first}{second}" for first in "абвгдежзик" * 9 for second in "лмнопрстуф" * 4)
    index.put([Document(77, creators=names, titles=(("бок", "ky"),))])
    assert index.find(Query(q="ак*")).total == 1


def test_the_library_is_imported_without_warnings():
    command = [sys.executable, "-W", "error", "-c", "import repository.index.whoosh"]
    assert subprocess.run(command, capture_output=True, check=False).stderr == b""


def test_stamps_of_files_are_ours_alone(folder, index):
    for path in folder.iterdir():
        assert re.match(r"_?works_|rules\.txt", path.name), Path(path).name

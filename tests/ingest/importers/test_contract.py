"""What each importer makes of its sample, whole and spoilt in every way that we know."""

import re
import time
import tracemalloc

import importing
import pytest

from ingest import jobs, runs
from ingest.rows import Gathering
from repository.errors import ArchiveError
from schemas import work as profile

EACH = pytest.mark.parametrize("name", importing.IMPORTERS)
SPARSE = {"crossref": {"subjects"}}  # what a format has no place for
MEANT = {
    "people": ("creators", "contributors"),
    "dates": ("issued",),
    "identifiers": ("identifiers",),
    "subjects": ("keywords", "classification"),
}
REMEDY = re.compile(
    r"\b(?:add|ask|change|check|choose|convert|correct|delete|divide|export|fill|give|leave|make|"
    r"mend|name|open|put|remove|repeat|replace|save|send|shorten|split|use|write)\b",
    re.IGNORECASE,
)
MB = 2**20
BYTES = (b"a", b" ", b"\n", b"\0", b"<", b"[", b'"', b",", b"0", b"@", b"^", b"*", b"\x1d", b"\xff")
LARGEST = 48  # times as much memory as the source has bytes, and a little for the rest
SLOWEST = 120  # seconds: what takes longer has hung

BOMB = b"".join(
    [
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "lolz">',
        *(b'<!ENTITY a%d "%s">' % (at + 1, b"&a%d;" % at * 10) for at in range(12)),
        b"]><r>&a12;</r>",
    ]
)
STOLEN = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>'
DEEP = {
    "arrays": b"[" * 200_000,
    "objects": b'{"a":' * 100_000,
    "elements": b"<a>" * 100_000,
    "braces": b"@article{a, title = " + b"{" * 100_000,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where spoilt sources lie."""
    return tmp_path_factory.mktemp("spoilt") / "source"


@pytest.fixture
def spoilt(folder):
    """Gives each file of a sample in turn to `spoil`, which makes other bytes of its own."""

    def make(name, spoil):
        for at in range(len(importing.files(importing.sample(name)))):
            source = importing.copied(name, folder)
            path = importing.files(source)[at]
            path.write_bytes(spoil(path.read_bytes()))
            yield source

    return make


@EACH
def test_good_rows_pass_the_border(name):
    rows = importing.read(name, importing.sample(name))
    documents = [jobs.check(row) for row in rows if not (row.problem or row.gone)]
    assert len(documents) >= 2, "Two good works at least."
    for meant in set(MEANT) - SPARSE.get(name, set()):
        assert any(document.get(one) for document in documents for one in MEANT[meant]), meant
    texts = " ".join(title["text"] for one in documents for title in one.get("titles", ()))
    for language, letters in (("ky", "[ңөү]"), ("ru", "[а-я]{3}"), ("en", "[a-z]{3}")):
        assert re.search(letters, texts, re.IGNORECASE), f"No title in {language}."


@EACH
def test_its_sample_is_recognised_and_by_nobody_else(name):
    if not hasattr(importing.IMPORTERS[name], "recognises"):
        pytest.skip("It leaves that to whoever brings the file.")
    assert runs.recognised(importing.sample(name)) == [name]


@EACH
def test_keys_are_unique_and_the_same_in_a_second_reading(name):
    source = importing.sample(name)
    keys = [row.key for row in importing.read(name, source) if not row.problem]
    assert len(keys) == len(set(keys))
    assert keys == [row.key for row in importing.read(name, source) if not row.problem]


@EACH
def test_keys_do_not_hang_on_where_the_source_lies(name, folder):
    keys = [row.key for row in importing.read(name, importing.sample(name)) if not row.problem]
    source = importing.copied(name, folder)
    assert keys == [row.key for row in importing.read(name, source) if not row.problem]


@EACH
def test_the_count_is_near_the_number_of_rows(name):
    importer, source = importing.IMPORTERS[name], importing.sample(name)
    rows = len(list(importer.read(source)))
    assert rows / 2 <= importer.count(source) <= rows * 2


@EACH
def test_a_bad_record_is_named_with_its_remedy_and_those_around_it_come(name):
    source = importing.sample(name)
    rows = importing.read(name, source)
    bad = [at for at, row in enumerate(rows) if row.problem]
    good = [at for at, row in enumerate(rows) if not row.problem]
    assert bad, "The sample needs a bad record."
    assert good[0] < bad[0] < good[-1]
    names = {one.name for one in [source, *importing.files(source)]}
    for at in bad:
        assert any(one in rows[at].place for one in names), rows[at].place
        assert rows[at].problem.endswith((".", "…"))
        assert REMEDY.search(rows[at].problem), f"What shall be done? {rows[at].problem}"


@EACH
def test_nothing_is_read_before_it_is_asked_for(name, tmp_path):
    assert iter(importing.IMPORTERS[name].read(tmp_path / "absent")) is not None


@EACH
def test_what_is_not_there_is_said(name, tmp_path):
    with pytest.raises((ArchiveError, OSError)):
        found = list(importing.IMPORTERS[name].read(tmp_path / "absent"))
        # An importer may as well say it in a row.
        if found and all(getattr(row, "problem", "") for row in found):
            raise FileNotFoundError


@EACH
def test_an_empty_file_and_an_empty_folder_bring_no_works(name, spoilt, tmp_path):
    sources = [*spoilt(name, lambda _: b"")] if importing.sample(name).is_file() else [tmp_path]
    for source in sources:
        assert not [row for row in importing.read(name, source) if not row.problem]


@EACH
def test_a_sample_cut_off_anywhere_gives_rows_or_problems(name, folder):
    whole = {row.key for row in importing.read(name, importing.sample(name)) if not row.problem}
    for at, original in enumerate(importing.files(importing.sample(name))):
        data = original.read_bytes()
        source = importing.copied(name, folder)
        path = importing.files(source)[at]
        for end in range(0, len(data), max(1, len(data) // importing.many(40))):
            path.write_bytes(data[:end])
            found = importing.read(name, source)
            assert len(found) <= len(whole) + 20
    assert whole


@EACH
@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r", "utf-16", "utf-8-sig"])
def test_another_encoding_gives_rows_or_problems(name, encoding, spoilt):
    for source in spoilt(name, lambda data: _text(data).encode(encoding, "replace")):
        importing.read(name, source)


def _text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


@EACH
@pytest.mark.parametrize(
    "strange",
    [
        "\0",
        "\u202e\u200f",
        "\ufeff",
        "\x1b[31m",
        "\ufffe",
        "\ud83d\ude00",
        "\x85\u2028",
        "\x1d\x1e",
    ],
    ids=ascii,
)
def test_strange_characters_give_rows_or_problems(name, strange, spoilt):
    mark = strange.encode("utf-8", "surrogatepass")
    for step in (7, 64, 301):
        for source in spoilt(name, lambda data, step=step: _sprinkled(data, mark, step)):
            for row in importing.read(name, source):
                assert "\x1b" not in row.problem + row.place
                assert "\0" not in row.problem + row.place


def _sprinkled(data, mark, step):
    return mark.join(data[at : at + step] for at in range(0, len(data), step))


@EACH
def test_a_byte_that_is_wrong_anywhere_gives_rows_or_problems(name, folder):
    for at, original in enumerate(importing.files(importing.sample(name))):
        data = original.read_bytes()
        source = importing.copied(name, folder)
        path = importing.files(source)[at]
        for place in range(3, len(data), max(1, len(data) // importing.many(30))):
            path.write_bytes(data[:place] + b"\xff" + data[place + 1 :])
            importing.read(name, source)


@EACH
@pytest.mark.parametrize("junk", [BOMB, STOLEN, *DEEP.values()], ids=["bomb", "stolen", *DEEP])
def test_bombs_and_abysses_bring_no_works_and_no_secrets(name, junk, spoilt):
    started = time.monotonic()
    for source in spoilt(name, lambda _: junk):
        for row in importing.rows(name, source):
            assert "lolzlolz" not in repr(row)
            assert "root:x" not in repr(row)
    assert time.monotonic() - started < SLOWEST


@EACH
def test_nests_inside_a_sample_give_rows_or_problems(name, spoilt):
    for start, end in ((b"<a>", b"</a>"), (b"[", b"]"), (b"{", b"}")):
        nest = start * 20_000 + end * 20_000

        def inside(data, nest=nest):
            middle = len(data) // 2
            return data[:middle] + nest + data[middle:]

        for source in spoilt(name, inside):
            importing.read(name, source)


@EACH
def test_five_megabytes_of_one_byte_are_read_in_little_time(name, folder):
    source = importing.copied(name, folder)
    for one in BYTES:
        _fill(source, one, 5 * MB)
        started = time.monotonic()
        assert not any(not row.problem for row in importing.rows(name, source))
        assert time.monotonic() - started < SLOWEST, one


@EACH
def test_half_a_megabyte_of_one_byte_takes_little_memory(name, folder):
    source = importing.copied(name, folder)
    for one in BYTES:
        _fill(source, one, MB // 2)
        assert _peak(name, source) < LARGEST * MB // 2 + 8 * MB, one


@EACH
def test_a_sample_many_times_over_does_not_fill_memory(name, folder):
    """Records on end where the format has no bracket around them; else rows or problems."""
    source = importing.copied(name, folder)
    for path in importing.files(source):
        data = path.read_bytes()
        path.write_bytes(data * (MB // 4 // max(len(data), 1) + 1))
    size = sum(one.stat().st_size for one in importing.files(source))
    assert _peak(name, source) < LARGEST * size + 8 * MB


def _fill(source, one, size):
    paths = importing.files(source)
    for path in paths:
        path.write_bytes(one * (size // len(paths)))


def _peak(name, source):
    """The memory that reading a source has taken, when each row is forgotten at once."""
    tracemalloc.start()
    try:
        for row in importing.rows(name, source):
            assert row.place
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@EACH
def test_collections_come_before_the_works_in_them(name):
    known: set[str] = set()
    for row in importing.IMPORTERS[name].read(importing.sample(name)):
        if isinstance(row, Gathering):
            assert row.parent in (None, *known)
            known.add(row.slug)
        elif known:
            assert set(row.collections) <= known


@EACH
def test_what_is_kept_of_the_source_is_text_that_can_be_stored(name):
    for row in importing.read(name, importing.sample(name)):
        if row.kept:
            assert row.kept.format
            row.kept.text.encode("utf-8")
            assert profile.draft({"notes": [row.kept.text]})[1] is False

"""What goes into the store comes out of it, version by version."""

import errno
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from repository.errors import ConfigurationError, Conflict, Damaged, Invalid, NotFound
from repository.store import open_store
from repository.store.files import FileStore

ONE = "urn:uuid:0b9c1c7a-5f0e-4a31-8c5b-6a1f5f1f7a11"
TWO = "urn:uuid:62d6f7d7-9f1e-4d83-9d39-0d7c5fa6a0b2"
WORK, RIGHTS, FILE = "metadata/work.json", "metadata/rights.json", "files/0001.pdf"


def test_ocfl_py_finds_every_object_valid(store, put, upload, prepare, second_opinion):
    for number in range(20):
        object_id = f"urn:uuid:{number}"
        put(object_id, {WORK: b"{}", RIGHTS: b"[]", FILE: os.urandom(5000)})
        put(object_id, {WORK: b'{"version": 2}'}, keep=(RIGHTS, FILE))
        put(object_id, {}, keep=(WORK, FILE))  # nothing new: no content folder
        source, digest = upload(os.urandom(3000))
        with store.stage(object_id) as staged:
            staged.add("files/0002.epub", source, sha512=digest)
            staged.keep(WORK)
            prepare(staged)
            staged.commit()
    assert second_opinion() == (20, [])
    assert [damages for _, damages in store.verify_all() if damages] == []


def test_each_version_stays_readable(store, put):
    assert store.head(ONE) == 0
    assert put(ONE, {WORK: b"first", FILE: b"%PDF"}) == 1
    assert put(ONE, {WORK: b"second"}, keep=(FILE,)) == 2
    assert store.head(ONE) == 2
    assert store.read(ONE, WORK) == b"second"
    assert store.read(ONE, WORK, 1) == b"first"
    with store.open(ONE, FILE) as file:
        assert file.read() == b"%PDF"
    assert store.path(ONE, FILE, 2) == store.path(ONE, FILE, 1)
    assert {path: entry.size for path, entry in store.contents(ONE).items()} == {WORK: 6, FILE: 4}


def test_versions_say_who_made_them_when_and_why(store, put):
    put(ONE, {WORK: b"{}"})
    with store.stage(ONE) as staged:
        staged.keep(WORK)
        staged.prepare(
            message="Бажы оңдолду",
            name="Бакыт",
            address=None,
            created=datetime(2026, 6, 1, tzinfo=UTC),
        )
        assert staged.commit() == staged.version == 2
    first, second = store.versions(ONE)
    assert (first.number, first.name, first.address) == (1, "Айгүл", "mailto:library@example.org")
    assert (second.message, second.name, second.address) == ("Бажы оңдолду", "Бакыт", None)
    assert second.created == datetime(2026, 6, 1, tzinfo=UTC)


def test_what_a_version_does_not_name_is_not_in_it(store, put):
    put(ONE, {WORK: b"{}", FILE: b"%PDF"})
    put(ONE, {WORK: b"{}"})
    assert set(store.contents(ONE)) == {WORK}
    assert store.read(ONE, FILE, 1) == b"%PDF"
    with pytest.raises(NotFound):
        store.read(ONE, FILE)


def test_the_same_bytes_are_stored_once(store, put, upload, prepare):
    source, digest = upload(b"the same")
    put(ONE, {FILE: b"the same", "files/0002.pdf": b"the same", WORK: b"{}"})
    with store.stage(ONE) as staged:
        staged.add("files/0003.pdf", source, sha512=digest)
        staged.write(WORK, b"{}")
        prepare(staged)
        staged.commit()
    content = [path for path in store.root.rglob("*") if path.parent.name in ("files", "metadata")]
    assert len(content) == 2
    assert store.read(ONE, "files/0002.pdf", 1) == store.read(ONE, "files/0003.pdf") == b"the same"


def test_an_upload_is_linked_not_copied_and_cannot_be_changed_later(store, upload, prepare):
    source, digest = upload(b"%PDF-1.7")
    with store.stage(ONE) as staged:
        staged.add(FILE, source, sha512=digest)
        prepare(staged)
        staged.commit()
    assert store.path(ONE, FILE).stat().st_ino == source.stat().st_ino
    assert source.stat().st_mode & 0o222 == 0
    source.unlink()
    assert store.read(ONE, FILE) == b"%PDF-1.7"
    assert store.path(ONE, FILE).stat().st_nlink == 1


def test_a_file_from_elsewhere_is_copied(store, upload, prepare):
    source, digest = upload(b"%PDF-1.7", folder="somebody")
    with store.stage(ONE) as staged:
        staged.add(FILE, source, sha512=digest)
        prepare(staged)
        staged.commit()
    source.write_bytes(b"changed by its owner")
    assert store.read(ONE, FILE) == b"%PDF-1.7"


def test_an_upload_is_copied_where_the_disk_has_no_links(store, upload, prepare, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EXDEV, "Cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    source, digest = upload(b"%PDF-1.7")
    with store.stage(ONE) as staged:
        staged.add(FILE, source, sha512=digest)
        prepare(staged)
        staged.commit()
    assert store.path(ONE, FILE).stat().st_ino != source.stat().st_ino
    assert store.read(ONE, FILE) == b"%PDF-1.7"


@pytest.mark.parametrize("folder", ["staging", "somebody"])
def test_bytes_that_changed_since_they_arrived_are_refused(
    store, upload, put, prepare, left_over, folder
):
    source, digest = upload(b"%PDF-1.7", folder=folder)
    source.write_bytes(b"%PDF-1.8")
    with pytest.raises(Damaged, match=r"files/0001\.pdf"), store.stage(ONE) as staged:
        staged.add(FILE, source, sha512=digest)
    source.unlink()
    with pytest.raises(Damaged, match=r"files/0001\.pdf are gone"), store.stage(ONE) as staged:
        staged.add(FILE, source, sha512=digest)
    assert store.head(ONE) == 0
    assert left_over() == []


def test_a_file_that_fails_does_not_spoil_the_rest(store, upload, prepare, second_opinion):
    source, digest = upload(b"%PDF-1.7")
    with store.stage(ONE) as staged:
        with pytest.raises(Damaged):
            staged.add(FILE, source, sha512=digest.replace(digest[0], "0"))
        staged.write(WORK, b"{}")
        prepare(staged)
        staged.commit()
    assert set(store.contents(ONE)) == {WORK}
    assert second_opinion() == (1, [])


def test_a_version_that_is_not_committed_leaves_nothing(store, put, prepare, left_over):
    put(ONE, {WORK: b"{}"})
    with store.stage(ONE) as staged:
        staged.write(WORK, b"never")
        prepare(staged)
    with pytest.raises(ZeroDivisionError), store.stage(TWO) as staged:
        staged.write(WORK, b"never")
        prepare(staged)
        raise ZeroDivisionError
    assert (store.head(ONE), store.head(TWO)) == (1, 0)
    assert list(store.object_ids()) == [ONE]
    assert left_over() == []
    assert [damages for _, damages in store.verify_all() if damages] == []


def test_a_version_is_prepared_before_it_is_committed_and_committed_once(store, prepare):
    with store.stage(ONE) as staged:
        with pytest.raises(RuntimeError):
            staged.commit()
        prepare(staged)
        staged.commit()
        with pytest.raises(RuntimeError):
            staged.commit()


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(ValueError, match="time zone"), store.stage(ONE) as staged:
        staged.prepare(
            message="",
            name="",
            address=None,
            created=datetime(2026, 1, 1),  # noqa: DTZ001
        )


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "..",
        "../escape",
        "files/../../escape",
        "files//0001.pdf",
        "files/",
        "./files",
        "files/.",
        "files/nul\0",
        "files/line\nbreak",
        "files\\0001.pdf",
        "files/\x7f",
        "files/\ud800",
        "f" * 256,
        "ы" * 128,
        f"{WORK}/below-a-file",
        "metadata",
    ],
)
def test_bad_paths_are_refused(store, upload, put, prepare, path):
    source, digest = upload(b"%PDF-1.7")
    with store.stage(ONE) as staged:
        staged.write(WORK, b"{}")
        for attempt in (
            lambda: staged.write(path, b""),
            lambda: staged.add(path, source, sha512=digest),
            lambda: staged.keep(path),
        ):
            with pytest.raises(Invalid, match="cannot be kept"):
                attempt()
        prepare(staged)
        staged.commit()
    assert set(store.contents(ONE)) == {WORK}


@pytest.mark.parametrize("path", ["files/жер.pdf", "a", "a b/c d", "f" * 255, ".hidden/..x"])
def test_unusual_but_good_paths_are_kept(store, put, path, second_opinion):
    put(ONE, {path: b"bytes"})
    assert store.read(ONE, path) == b"bytes"
    assert second_opinion() == (1, [])


def test_only_what_the_version_before_has_can_be_carried_over(store, put):
    put(ONE, {WORK: b"{}"})
    put(ONE, {FILE: b"%PDF"})
    with store.stage(ONE) as staged, pytest.raises(NotFound):
        staged.keep(WORK)
    with store.stage(TWO) as staged, pytest.raises(NotFound):
        staged.keep(WORK)


def test_asking_for_what_is_not_there_says_so(store, put):
    put(ONE, {WORK: b"{}"})
    for question in (
        lambda: store.open(TWO, WORK),
        lambda: store.path(ONE, FILE),
        lambda: store.read(ONE, WORK, 2),
        lambda: store.contents(ONE, 0),
        lambda: store.versions(TWO),
    ):
        with pytest.raises(NotFound):
            question()


def test_a_file_whose_bytes_changed_or_are_gone_is_damaged(store, put):
    put(ONE, {WORK: b"{}"})
    place = store.path(ONE, WORK)
    place.chmod(0o644)
    place.write_bytes(b"[]")
    with pytest.raises(Damaged, match=r"metadata/work\.json are not those that were kept"):
        store.read(ONE, WORK)
    place.unlink()
    with pytest.raises(Damaged, match="cannot be read"):
        store.open(ONE, WORK)


@pytest.mark.parametrize("first", [True, False])
def test_of_two_stagers_one_gets_a_conflict(store, put, prepare, left_over, second_opinion, first):
    if not first:
        put(ONE, {WORK: b"before"})
    start, outcomes = threading.Barrier(8), []

    def race(number: int) -> None:
        with store.stage(ONE) as staged:
            staged.write(WORK, f"by {number}".encode())
            prepare(staged)
            start.wait()
            try:
                outcomes.append((number, staged.commit()))
            except Conflict:
                outcomes.append((number, 0))

    racers = [threading.Thread(target=race, args=[number]) for number in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    winners = [number for number, version in outcomes if version]
    assert len(outcomes) == 8
    assert len(winners) == 1
    assert store.head(ONE) == (1 if first else 2)
    assert store.read(ONE, WORK) == f"by {winners[0]}".encode()
    assert second_opinion() == (1, [])
    assert left_over() == []


def test_new_objects_beside_each_other_do_not_disturb(store, put, second_opinion):
    start = threading.Barrier(8)

    def make(number: int) -> None:
        start.wait()
        for count in range(5):
            put(f"urn:uuid:{number}-{count}", {WORK: b"{}"})

    makers = [threading.Thread(target=make, args=[number]) for number in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert second_opinion() == (40, [])


def test_a_version_is_no_conflict_for_another_object(store, put, prepare):
    with store.stage(ONE) as staged:
        staged.write(WORK, b"{}")
        prepare(staged)
        put(TWO, {WORK: b"{}"})
        assert staged.commit() == 1
    assert set(store.object_ids()) == {ONE, TWO}


def test_a_committed_version_can_be_taken_back(store, put, prepare, left_over, second_opinion):
    put(ONE, {WORK: b"first"})
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    for object_id in (ONE, TWO):
        with pytest.raises(ZeroDivisionError), store.stage(object_id) as staged:
            staged.write(WORK, b"refused by the database")
            prepare(staged)
            staged.commit()
            assert store.read(object_id, WORK) == b"refused by the database"
            staged.undo()
            raise ZeroDivisionError
    after = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    assert after == before
    assert second_opinion() == (1, [])
    assert left_over() == []
    assert put(ONE, {WORK: b"second"}) == 2


def test_a_version_that_another_builds_on_is_not_taken_back(store, put, prepare):
    with store.stage(ONE) as staged:
        staged.write(WORK, b"first")
        prepare(staged)
        staged.commit()
        put(ONE, {WORK: b"second"})
        with pytest.raises(Conflict):
            staged.undo()
    assert store.head(ONE) == 2


def test_nobody_builds_on_a_version_that_was_taken_back(store, put, prepare):
    put(ONE, {WORK: b"first"})
    with store.stage(ONE) as staged:
        staged.write(WORK, b"second")
        prepare(staged)
        staged.commit()
        with store.stage(ONE) as later:
            later.write(WORK, b"third")
            prepare(later)
            staged.undo()
            with pytest.raises(Conflict):
                later.commit()
    assert store.read(ONE, WORK) == b"first"


def test_all_objects_are_listed(store, put):
    names = {f"urn:uuid:{number}" for number in range(30)} | {"urn:x:" + "long" * 40}
    for name in names:
        put(name, {WORK: b"{}"})
    assert set(store.object_ids()) == names


def test_the_status_is_a_sentence(store):
    well, says = store.status()
    assert well
    assert says.startswith("The file store is writable; ")
    store.root.rename(store.root.with_name("gone"))
    well, says = store.status()
    assert not well
    assert says.startswith("The file store cannot be used: ")


def test_a_store_opens_by_its_url_and_is_made_at_first_use(tmp_path):
    (tmp_path / "staging").mkdir()
    url = f"file://{tmp_path}/my store/ocfl"
    made = open_store(url, staging=tmp_path / "staging")
    assert made.status()[0]
    assert (tmp_path / "my store" / "ocfl" / "0=ocfl_1.1").read_text() == "ocfl_1.1\n"
    open_store(url, staging=tmp_path / "staging")


def test_a_store_that_has_vanished_is_not_made_anew(tmp_path):
    store = FileStore.connect(str(tmp_path / "store"), _made(tmp_path / "staging"))
    store.root.rename(tmp_path / "unmounted")
    _made(tmp_path / "store")
    with pytest.raises(ConfigurationError, match="Is its disk mounted"):
        FileStore.connect(str(tmp_path / "store"), tmp_path / "staging")


def test_a_store_of_an_unknown_kind_names_the_known_ones(tmp_path):
    with pytest.raises(ConfigurationError, match=r"tape://reel.*known are: .*file"):
        open_store("tape://reel", staging=tmp_path)


def test_the_store_and_the_staging_area_lie_side_by_side(tmp_path):
    for root, staging in (("a", "a/staging"), ("a/store", "a"), ("a", "a")):
        with pytest.raises(ConfigurationError, match="side by side"):
            FileStore.create(tmp_path / root, tmp_path / staging)


def test_a_store_on_another_disk_than_the_uploads_makes_its_versions_beside_itself(
    tmp_path, upload, prepare
):
    shm = Path("/dev/shm")
    if not os.access(shm, os.W_OK) or shm.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk at /dev/shm")
    folder = shm / f"open-archive-test-{os.getpid()}"
    try:
        store = FileStore.create(folder / "store", tmp_path / "staging")
        source, digest = upload(b"%PDF-1.7")
        with store.stage(ONE) as staged:
            staged.add(FILE, source, sha512=digest)
            prepare(staged)
            staged.commit()
        assert store.read(ONE, FILE) == b"%PDF-1.7"
        assert (folder / "store.staging").is_dir()
        store.root.rename(folder / "unmounted")
        with pytest.raises(ConfigurationError, match="Is its disk mounted"):
            FileStore.connect(str(folder / "store"), tmp_path / "staging")
    finally:
        _remove(folder)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()

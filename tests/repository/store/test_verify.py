"""Whatever happens to the bytes below an object is found, and clean objects are not accused."""

import os
import random
import shutil
from pathlib import Path

import pytest

from repository.errors import Damaged
from repository.store import inventory, layout

ONE = "urn:uuid:0b9c1c7a-5f0e-4a31-8c5b-6a1f5f1f7a11"
TWO = "urn:uuid:62d6f7d7-9f1e-4d83-9d39-0d7c5fa6a0b2"
WORK, RIGHTS, FILE = "metadata/work.json", "metadata/rights.json", "files/0001.pdf"
FLIPS = 300


@pytest.fixture
def home(store, put) -> Path:
    """The folder of an object with three versions."""
    put(ONE, {WORK: b'{"version": 1}', RIGHTS: b"[]", FILE: b"%PDF-1.7 " + b"x" * 200})
    put(ONE, {WORK: b'{"version": 2}'}, keep=(RIGHTS, FILE))
    put(ONE, {}, keep=(WORK, FILE))
    return store.path(ONE, FILE).parents[3]


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def at_fault(path: Path, root: Path) -> str:
    """The place that is named; of an inventory and its sidecar nobody can say which is wrong."""
    return str(path.relative_to(root)).removesuffix(".sha512")


def test_clean_objects_are_not_accused(store, put, home):
    for number in range(50):
        put(f"urn:uuid:{number}", {WORK: os.urandom(9)})
    found = list(store.verify_all())
    assert len(found) == 51
    assert [damages for _, damages in found if damages] == []


def test_every_one_of_three_hundred_flipped_bits_is_found(store, home):
    chance = random.Random(1717)
    files = sorted(path for path in home.rglob("*") if path.is_file())
    touched, missed = set(), []
    for _ in range(FLIPS):
        path = chance.choice(files)
        data = bytearray(whole := path.read_bytes())
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        data[at] ^= 1 << bit
        overwrite(path, data)
        damages = store.verify(ONE)
        named = at_fault(path, store.root)
        if not any(damage.place == named for damage in damages):
            missed.append((named, at, bit, damages))
        touched.add(path.name)
        overwrite(path, whole)
    assert missed == []
    assert touched == {path.name for path in files}
    assert store.verify(ONE) == []


def test_every_flipped_bit_of_the_marker_and_the_sidecars_is_found(store, home):
    small = [home / layout.OBJECT_MARKER, home / "inventory.json.sha512"]
    for path in small:
        whole = path.read_bytes()
        for place in range(len(whole) * 8):
            data = bytearray(whole)
            data[place // 8] ^= 1 << place % 8
            overwrite(path, data)
            assert store.verify(ONE), (path.name, place)
        overwrite(path, whole)


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    overwrite(path, path.read_bytes()[:-1])


def empty(path: Path) -> None:
    overwrite(path, b"")


def lengthen(path: Path) -> None:
    overwrite(path, path.read_bytes() + b"\n")


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [remove, cut, empty, lengthen, to_folder])
@pytest.mark.parametrize(
    "name",
    [
        "0=ocfl_object_1.1",
        "inventory.json",
        "inventory.json.sha512",
        "v1/inventory.json",
        "v2/inventory.json.sha512",
        "v3/inventory.json",
        "v1/content/files/0001.pdf",
        "v2/content/metadata/work.json",
    ],
)
def test_every_kind_of_harm_is_found_where_it_is(store, home, name, harm):
    harm(home / name)
    places = {damage.place for damage in store.verify(ONE)}
    assert places & {at_fault(home / name, store.root), str((home / name).relative_to(store.root))}
    assert [found for found, damages in store.verify_all() if damages] == [ONE]


@pytest.mark.parametrize(
    "name",
    [
        "stray",
        "0=ocfl_object_1.0",
        "v1/stray",
        "v1/content/stray",
        "v1/content/files/0002.pdf",
        "v3/content/stray",
        "logs/log",
        "v1/folder/stray",
        "v4/inventory.json",
        "v07/inventory.json",
    ],
)
def test_what_does_not_belong_to_an_object_is_found(store, home, name):
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text("stray")
    problems = {str(damage) for damage in store.verify(ONE)}
    assert len(problems) == 1
    assert "urn%3auuid" in problems.pop()


def test_links_and_empty_folders_are_found(store, home, tmp_path):
    (home / "v1/content/empty").mkdir()
    moved = tmp_path / "moved.pdf"
    (home / "v1/content/files/0001.pdf").rename(moved)
    (home / "v1/content/files/0001.pdf").symlink_to(moved)
    problems = {damage.problem for damage in store.verify(ONE)}
    assert problems == {"an empty folder", "is a link"}


def test_swapped_files_are_found(store, put):
    put(ONE, {WORK: b"one", RIGHTS: b"two"})
    one, two = store.path(ONE, WORK), store.path(ONE, RIGHTS)
    one.rename(one.with_suffix(".swap"))
    two.rename(one)
    one.with_suffix(".swap").rename(two)
    assert {damage.problem for damage in store.verify(ONE)} == {"the content has changed"}


def test_an_old_object_put_in_the_place_of_a_newer_is_found_by_its_version_folders(store, home):
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copyfile(home / "v2" / name, home / f"{name}.old")
        (home / f"{name}.old").replace(home / name)
    assert [str(damage).partition(": ")[2] for damage in store.verify(ONE)] == [
        "newer than the inventory: its commit was cut off"
    ]


def test_another_objects_inventory_is_found_and_not_believed(store, home, put):
    put(TWO, {WORK: b"{}"})
    other = store.path(TWO, WORK).parents[3]
    shutil.rmtree(home)
    shutil.copytree(other, home)
    assert any(TWO in str(damage) for damage in store.verify(ONE))
    with pytest.raises(Damaged, match="another object's"):
        store.head(ONE)


def test_an_object_in_a_wrong_place_is_found(store, home):
    wrong = store.root / "00" / "00" / "elsewhere"
    wrong.parent.mkdir(parents=True)
    home.rename(wrong)
    found = dict(store.verify_all())
    assert "not an object of ours" in str(found["00/00/elsewhere"])
    assert list(store.object_ids()) == []
    assert [damage.problem for damage in store.verify(ONE)] == ["missing"]


def test_what_lies_among_the_objects_is_found(store, home):
    (home.parent / "a-file").write_text("stray")
    (home.parent.parent / "a-file").write_text("stray")
    (store.root / "0" / "empty").mkdir(parents=True)
    (home.parent / "a-link").symlink_to(home)
    (store.root / "extensions" / "stray").write_text("stray")
    (store.root / "notes.txt").write_text("The standard allows notes here.")
    found = {place for place, damages in store.verify_all() if damages}
    up = home.parent.relative_to(store.root)
    assert found == {".", f"{up}/a-file", f"{up.parent}/a-file", "0/empty", f"{up}/a-link"}
    assert list(store.object_ids()) == [ONE]


def test_an_object_with_a_long_name_is_known_by_its_inventory(store, put):
    name = "urn:x:" + "long" * 40
    put(name, {WORK: b"{}"})
    assert list(store.verify_all()) == [(name, [])]
    home = store.path(name, WORK).parents[3]
    for path in (home / "inventory.json", home / "v1" / "inventory.json"):
        empty(path)
    ((place, damages),) = store.verify_all()
    assert place == str(home.relative_to(store.root))
    assert damages


@pytest.mark.parametrize("name", [layout.ROOT_MARKER, layout.LAYOUT, layout.CONFIG])
@pytest.mark.parametrize("harm", [remove, cut, empty])
def test_damaged_declarations_of_the_root_are_found(store, home, name, harm):
    harm(store.root / name)
    if (name, harm) in {(layout.LAYOUT, cut), (layout.CONFIG, cut)}:
        cut(store.root / name)  # the last byte of these is a line break, which matters to nobody
    found = dict(store.verify_all())
    assert [damage.place for damage in found["."]] == [name]
    assert found[ONE] == []


def test_an_object_whose_inventory_is_damaged_is_still_read_from_the_newest_versions(store, home):
    empty(home / "inventory.json")
    assert store.head(ONE) == 3
    assert store.read(ONE, WORK) == b'{"version": 2}'
    assert store.recover([ONE]) == [f"{ONE}: completed a version that a crash had cut off"]
    assert store.verify(ONE) == []


def test_an_inventory_that_still_reads_well_but_has_changed_is_not_believed(store, home):
    for name in ("inventory.json", "v3/inventory.json"):
        assert store.versions(ONE)[0].message == "published"
        overwrite(home / name, (home / name).read_bytes().replace(b"published", b"withdrawn"))
    with pytest.raises(Damaged, match="does not match its sidecar"):
        store.versions(ONE)


def test_older_inventories_are_never_believed_instead(store, home):
    for name in ("inventory.json", "v3/inventory.json"):
        empty(home / name)
    with pytest.raises(Damaged, match="cannot be used"):
        store.read(ONE, RIGHTS)
    assert store.recover([ONE]) == []


def test_a_damaged_root_inventory_does_not_stop_the_next_version(store, home, put):
    cut(home / "inventory.json")
    assert put(ONE, {WORK: b'{"version": 4}'}) == 4
    assert store.verify(ONE) == []


def test_damage_that_cannot_even_be_looked_at_is_damage_and_the_rest_goes_on(store, home, put):
    put(TWO, {WORK: b"{}"})
    nested = b"[" * 100_000
    for folder in (home, home / "v1", home / "v3"):
        overwrite(folder / "inventory.json", nested)
        overwrite(folder / "inventory.json.sha512", inventory.sidecar(nested))
    to_folder(home / "v2" / "inventory.json")
    found = dict(store.verify_all())
    assert found[ONE]
    assert found[TWO] == []


def test_names_that_are_no_text_can_be_reported(store, home):
    (Path(os.fsdecode(os.fsencode(home) + b"/\xff\xfe"))).write_text("stray")
    (damage,) = store.verify(ONE)
    assert damage.place.endswith(r"/\xff\xfe")
    assert str(damage).encode()

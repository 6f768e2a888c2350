"""Where objects lie, and what the root says of it."""

import json

import pytest

from repository.errors import ConfigurationError
from repository.store import layout
from repository.store.files import FileStore
from repository.store.layout import Layout

LONG = "abcdefghij" * 10 + "a"
LONG_DIGEST = "5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220"


# The examples of extension 0003's own text.
@pytest.mark.parametrize(
    ("parameters", "object_id", "place"),
    [
        ((), "object-01", "3c0/ff4/240/object-01"),
        ((), "..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        ((), "..Hor/rib:lè-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id"),
        ((), LONG, f"5cc/73e/648/{LONG[:100]}-{LONG_DIGEST}"),
        (("md5", 5, 2), "object-01", "ff755/34492/object-01"),
        (("md5", 2, 15), "object-01", "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/object-01"),
    ],
)
def test_objects_lie_where_the_extension_says(parameters, object_id, place):
    chosen = Layout(*(parameters or ("sha256", 3, 3)))
    assert "/".join(chosen.parts(object_id)) == place


@pytest.mark.parametrize("object_id", ["urn:uuid:1", "object-01", "иш/№ 1"])
def test_a_folder_says_which_object_it_holds(object_id):
    assert Layout().object_id(Layout().parts(object_id)) == object_id


@pytest.mark.parametrize("name", [f"{LONG[:100]}-{LONG_DIGEST}", "%ff", "Object%2D01"])
def test_a_folder_with_a_cut_or_foreign_name_does_not(name):
    assert Layout().object_id((*Layout().parts(LONG)[:2], name)) is None


def test_a_root_is_made_once_and_stays_as_it_is(tmp_path):
    first = FileStore.create(tmp_path / "store", tmp_path / "staging")
    kept = {path: path.stat().st_ino for path in first.root.rglob("*")}
    FileStore.create(tmp_path / "store", tmp_path / "staging")
    assert {path: path.stat().st_ino for path in first.root.rglob("*")} == kept
    assert sorted(path.name for path in first.root.iterdir()) == [
        "0=ocfl_1.1",
        "README.txt",
        "extensions",
        "ocfl_layout.json",
    ]


def test_a_root_that_was_half_made_is_completed(tmp_path):
    first = FileStore.create(tmp_path / "store", tmp_path / "staging")
    (first.root / layout.ROOT_MARKER).unlink()
    (first.root / layout.LAYOUT).unlink()
    again = FileStore.create(tmp_path / "store", tmp_path / "staging")
    assert list(again.verify_all()) == []


def test_a_root_with_other_tuples_is_used_as_it_declares(tmp_path, second_opinion, store, put):
    config = json.loads((store.root / layout.CONFIG).read_text())
    (store.root / layout.CONFIG).chmod(0o644)
    (store.root / layout.CONFIG).write_text(json.dumps(config | {"tupleSize": 3}))
    again = FileStore(store.root, tmp_path / "staging")
    with again.stage("urn:uuid:1") as staged:
        assert len(again._home("urn:uuid:1").relative_to(again.root).parts[0]) == 3
        staged.write("metadata/work.json", b"{}")
    assert list(again.verify_all()) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digestAlgorithm": "md7"}', None])
def test_a_root_whose_layout_cannot_be_read_is_not_opened(store, tmp_path, text):
    path = store.root / layout.CONFIG
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"config\.json"):
        FileStore(store.root, tmp_path / "staging")

"""Folders and ZIPs as they come from others: what could do harm is refused by its name."""

import stat
import zipfile

import pytest

from ingest.importers import bagit, trees
from repository.errors import Invalid, NotFound


@pytest.fixture
def packed(tmp_path):
    """The tree of a ZIP of these parts, each a name or a ZipInfo with its bytes."""

    def make(*parts):
        path = tmp_path / "source.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, data in parts:
                pack.writestr(name, data)
        return path

    return make


@pytest.mark.parametrize(
    "name",
    [
        "../up.txt",
        "a/../../up.txt",
        "/etc/passwd",
        "C:/up.txt",
        "a\\..\\up.txt",
        "turned\u202etxt.exe",
        "nul\0.txt",
        "hidden\u200b.txt",
    ],
    ids=ascii,
)
def test_a_name_that_does_harm_is_refused_and_the_others_come(packed, name):
    info = zipfile.ZipInfo("x")
    info.filename = name
    with trees.opened(packed((info, "bad"), ("good.txt", "good"))) as tree:
        assert list(tree.sizes) == ["good.txt"]
        (row,) = tree.problems()
    assert "source.zip" in row.place and "\u202e" not in row.place and "\0" not in row.place
    assert row.problem.endswith("rename it.")


def test_a_link_a_bomb_and_a_second_file_of_a_name_are_refused(packed):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        path = packed(
            (link, "/etc/passwd"), ("bomb", b"\0" * 2**25), ("a", "one"), ("a", "two"), ("b", "b")
        )
    with trees.opened(path) as tree:
        assert tree.refused == {"link": trees.LINK, "bomb": trees.BOMB, "a": trees.TWICE}
        assert tree.read("b") == b"b"


def test_links_in_a_folder_are_refused(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    with trees.opened(folder) as tree:
        assert list(tree.sizes) == ["a.txt"] and set(tree.refused) == {"link", "up"}


def test_names_in_the_encoding_of_dos_are_read(packed):
    info = zipfile.ZipInfo("x")
    path = packed((info, "a"))
    data = path.read_bytes().replace(b"x", "Ж".encode("cp866"))
    path.write_bytes(data)
    with trees.opened(path) as tree:
        assert list(tree.sizes) == ["Ж"] and tree.read("Ж") == b"a"


def test_what_is_neither_folder_nor_zip_is_said(tmp_path):
    with pytest.raises(NotFound), trees.opened(tmp_path / "absent"):
        pass
    (tmp_path / "a.zip").write_bytes(b"PK no")
    with pytest.raises(Invalid, match="whole ZIP"), trees.opened(tmp_path / "a.zip"):
        pass


def test_a_bag_that_lacks_a_file_or_has_one_more_names_it(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (tmp_path / "manifest-md5.txt").write_text("0" * 32 + "  data/lost.txt\n")
    (row,) = bagit.read(tmp_path)
    assert "data/lost.txt" in row.problem
    (tmp_path / "manifest-md5.txt").write_text("")
    (tmp_path / "data/more.txt").write_text("more")
    (row,) = bagit.read(tmp_path)
    assert "data/more.txt" in row.problem

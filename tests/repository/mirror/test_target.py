"""The folder of a mirror: nothing half, nothing of others, nothing written twice."""

import hashlib
import json

import pytest

from repository.errors import Conflict, Invalid
from repository.mirror import scratch, target
from repository.mirror.target import ABOUT, MANIFEST, NEW, Target

HERE = "https://archive.example.org"


@pytest.fixture
def run(tmp_path):
    """Writes files into a folder as a whole run does; what it has counted."""
    folder = tmp_path / "mirror"
    folder.mkdir()

    def made(files, settle=True):
        with scratch.opened() as known:
            about = target.former(folder, HERE)
            target.remember(folder, known)
            one = Target(folder, known, about)
            for path, text in {ABOUT: json.dumps({"archive": HERE}), **files}.items():
                one.put(path, text.encode())
            if settle:
                one.settle()
            return one.written, one.unchanged, one.removed

    made.folder = folder
    return made


def listed(folder):
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def test_only_what_has_changed_is_written_and_what_is_gone_is_removed(run):
    assert run({"works/1/a.txt": "one", "works/2/b.txt": "two"}) == (3, 0, 0)
    before = (run.folder / "works/1/a.txt").stat().st_mtime_ns
    assert run({"works/1/a.txt": "one", "works/2/b.txt": "two"}) == (0, 3, 0)
    assert run({"works/1/a.txt": "one", "works/3/c.txt": "three"}) == (1, 2, 1)
    assert listed(run.folder) == {ABOUT, MANIFEST, "works/1/a.txt", "works/3/c.txt"}
    assert not (run.folder / "works/2").exists()
    assert (run.folder / "works/1/a.txt").stat().st_mtime_ns == before


def test_the_manifest_is_what_sha512sum_reads(run):
    run({"works/1/Эмгек.txt": "one"})
    lines = (run.folder / MANIFEST).read_text("utf-8").splitlines()
    assert len(lines) == 2
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha512((run.folder / name).read_bytes()).hexdigest() == digest


def test_a_run_that_was_cut_off_leaves_the_former_mirror(run):
    run({"works/1/a.txt": "one"})
    run({"works/1/a.txt": "other", "works/2/b.txt": "two"}, settle=False)
    assert (run.folder / "works/1/a.txt").read_text() == "one"
    assert not (run.folder / "works/2").exists()
    assert run({"works/1/a.txt": "other"}) == (1, 1, 0)
    assert listed(run.folder) == {ABOUT, MANIFEST, "works/1/a.txt"}


def test_a_run_that_was_cut_off_while_files_were_moved_is_made_good(run):
    run({"works/1/a.txt": "old"})
    sums = [
        f"{hashlib.sha512(b'new').hexdigest()}  {one}" for one in ("works/1/a.txt", "works/9/x")
    ]
    (run.folder / "works/1/a.txt").write_text("new")
    (run.folder / "works/9").mkdir()
    (run.folder / "works/9/x").write_text("new")
    (run.folder / NEW).mkdir()
    (run.folder / NEW / MANIFEST).write_text("\n".join(sums) + "\n")
    assert run({"works/1/a.txt": "old"}) == (1, 1, 1)
    assert (run.folder / "works/1/a.txt").read_text() == "old"
    assert listed(run.folder) == {ABOUT, MANIFEST, "works/1/a.txt"}


def test_without_a_manifest_everything_is_written_anew_and_nothing_stays_behind(run):
    run({"works/1/a.txt": "one", "works/2/b.txt": "two"})
    (run.folder / MANIFEST).unlink()
    assert run({"works/1/a.txt": "one"}) == (2, 0, 1)
    assert "works/2/b.txt" not in listed(run.folder)


def test_what_others_have_put_beside_a_mirror_stays(run):
    run({"works/1/a.txt": "one"})
    (run.folder / "works/1/notes.txt").write_text("mine")
    run({})
    assert (run.folder / "works/1/notes.txt").read_text() == "mine"


def test_a_folder_with_anything_else_in_it_is_refused(run):
    (run.folder / "thesis.docx").write_text("mine")
    with pytest.raises(Conflict, match="is not empty"):
        run({})
    assert listed(run.folder) == {"thesis.docx"}


def test_what_systems_put_on_sticks_does_not_count(run):
    (run.folder / "System Volume Information").mkdir()
    (run.folder / ".Trash-1000").mkdir()
    assert run({"works/1/a.txt": "one"}) == (2, 0, 0)


def test_the_mirror_of_another_archive_is_refused(run):
    (run.folder / ABOUT).write_text(json.dumps({"archive": "https://other.example.org"}))
    with pytest.raises(Conflict, match=r"other\.example\.org"):
        run({})


@pytest.mark.parametrize("path", ["../precious.txt", "/etc/precious.txt", ""])
def test_a_manifest_that_leads_out_of_the_folder_is_refused(run, path):
    run({})
    precious = run.folder.parent / "precious.txt"
    precious.write_text("mine")
    (run.folder / MANIFEST).write_text(f"{'0' * 128}  {path}\n")
    with pytest.raises(Invalid, match="damaged"):
        run({})
    assert precious.exists()


def test_a_link_in_place_of_a_folder_is_not_followed(run, tmp_path):
    run({"works/1/a.txt": "one"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("mine")
    (run.folder / "works/1/a.txt").unlink()
    (run.folder / "works/1").rmdir()
    (run.folder / "works/1").symlink_to(elsewhere)
    run({})
    assert (elsewhere / "a.txt").read_text() == "mine"

"""Formats by their bytes: what PRONOM calls them, and whether the name agrees."""

import hashlib

import pytest

from ingest import pronom
from ingest.findings import NotNow, Subject


def look(archive, path, name=None):
    digest = hashlib.sha512(path.read_bytes()).hexdigest()
    return pronom.look(archive, Subject(1, name or path.name, "", digest, path))


def test_a_pdf_is_told_by_its_bytes(archive, paper):
    found = look(archive, paper)
    assert found.outcome.startswith("fmt/")
    assert found.detail["mime"] == "application/pdf"
    assert "mismatch" not in found.detail
    assert "DROID" in found.tool


def test_a_name_that_does_not_agree_is_marked(archive, tmp_path):
    page = tmp_path / "staged"
    page.write_text("<html><body>Sign in</body></html>")
    found = look(archive, page, "эмгек.pdf")
    assert found.detail["format"] == "Hypertext Markup Language"
    assert found.detail["mismatch"]


def test_what_nobody_knows_is_unknown(archive, tmp_path):
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(range(1, 250)) * 3)
    assert look(archive, noise, "noise").outcome == pronom.UNKNOWN


def test_a_file_that_is_gone_is_asked_about_again(archive, tmp_path):
    with pytest.raises(NotNow):
        pronom.look(archive, Subject(1, "a.pdf", "", "", tmp_path / "nowhere"))

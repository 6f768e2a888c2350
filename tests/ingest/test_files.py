import hashlib
import os
import resource
from datetime import timedelta
from io import BytesIO

import pytest
from reportlab.lib import pdfencrypt

from ingest import files, pdf
from repository import catalogue
from repository.clock import now
from repository.errors import ArchiveError, Invalid, StorageFull, TooLarge
from repository.viewers import SYSTEM

LIMIT = 2**20


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def receive(data, name, staging, limit=LIMIT):
    return files.receive(BytesIO(data), name, staging=staging, limit=limit)


def test_a_file_is_counted_and_hashed_as_it_arrives(staging):
    data = os.urandom(3 * 2**20 + 17)
    arrival = receive(data, "../Нарын.bin", staging, limit=len(data))
    assert arrival.name == "Нарын.bin"
    assert arrival.size == len(data)
    assert arrival.sha512 == hashlib.sha512(data).hexdigest()
    assert (staging / arrival.staged).read_bytes() == data
    assert "Нарын" not in arrival.staged


def test_a_file_is_what_its_bytes_say(staging):
    assert receive(b"\x89PNG\r\n\x1a\n....", "map.txt", staging).media_type == "image/png"
    assert receive("ай,суу\n1,2\n".encode(), "a.csv", staging).media_type == "text/csv"


def test_a_pdf_arrives(staging, draw, say):
    path = draw([say("One page")])
    assert receive(path.read_bytes(), "a.pdf", staging).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.pdf", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a.pdf", "HTML page"),
        (b"just words", "a.pdf", "not a PDF"),
        (b"%PDF-1.7\n" + b"x" * 5000, "a.pdf", "cut off"),
        (b"%PDF-1.7\n" + b"x" * 5000, "a.txt", "cut off"),
    ],
    ids=["empty", "html", "text", "truncated", "truncated under another name"],
)
def test_a_file_that_is_not_right_is_refused_and_leaves_nothing(data, name, reason, staging):
    with pytest.raises(ArchiveError, match=reason) as refused:
        receive(data, name, staging)
    assert refused.value.status == 422
    assert list(staging.iterdir()) == []


def test_a_pdf_with_a_password_is_refused(staging, draw, say):
    path = draw([say("Secret")], encrypt=pdfencrypt.StandardEncryption("word", strength=128))
    with pytest.raises(pdf.Locked, match="password"):
        receive(path.read_bytes(), "a.pdf", staging)
    assert list(staging.iterdir()) == []


def test_a_pdf_that_only_forbids_printing_is_accepted(staging, draw, say):
    lock = pdfencrypt.StandardEncryption("", ownerPassword="word", canPrint=0, strength=128)
    path = draw([say("Open to read")], encrypt=lock)
    assert receive(path.read_bytes(), "a.pdf", staging).media_type == "application/pdf"


def test_a_file_beyond_the_limit_is_refused_with_the_limit(staging):
    with pytest.raises(TooLarge, match=r"“a.bin” is larger than 1 MB") as refused:
        receive(b"x" * (LIMIT + 1), "a.bin", staging)
    assert refused.value.status == 413
    assert list(staging.iterdir()) == []


def test_two_gigabytes_are_refused_at_the_limit_without_being_read(staging, tmp_path):
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(2**31)
    with sparse.open("rb") as stream, pytest.raises(TooLarge):
        files.receive(stream, "big.bin", staging=staging, limit=2 * LIMIT)
    with sparse.open("rb") as stream:
        stream.seek(0)
        with pytest.raises(TooLarge):
            files.receive(stream, "big.bin", staging=staging, limit=2 * LIMIT)
        assert stream.tell() <= 4 * LIMIT
    assert list(staging.iterdir()) == []


@pytest.fixture
def small_disk():
    """A disk on which no file can have more than 64 KB, for the length of the test."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_nothing_is_half_kept(staging, small_disk):
    with pytest.raises(StorageFull) as refused:
        receive(b"x" * 2**18, "a.bin", staging)
    assert refused.value.status == 507
    assert list(staging.iterdir()) == []


class Broken(BytesIO):
    """A connection that breaks off."""

    def read(self, size=-1):
        if self.tell() > 2**20:
            raise ConnectionError("gone")
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(staging):
    with pytest.raises(ConnectionError):
        files.receive(Broken(b"x" * 2**22), "a.bin", staging=staging, limit=2**23)
    assert list(staging.iterdir()) == []


def test_arrivals_become_files_of_a_work_under_names_of_their_own(archive):
    staging = archive.settings.staging
    with archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        for data in (b"one", b"two"):
            files.attach(session, work, receive(data, "a.txt", staging), settings=archive.settings)
        assert [file.name for file in work.files] == ["a.txt", "a (2).txt"]


def test_what_nobody_asked_for_is_swept_after_two_days(archive):
    staging = archive.settings.staging
    arrivals = [receive(data, "a.txt", staging) for data in (b"kept", b"left", b"fresh")]
    with archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        files.attach(session, work, arrivals[0], settings=archive.settings)
    old = (now() - timedelta(days=3)).timestamp()
    for arrival in arrivals[:2]:
        os.utime(staging / arrival.staged, (old, old))
    assert files.sweep(archive) == 1
    assert [(staging / one.staged).exists() for one in arrivals] == [True, False, True]


def test_a_discarded_arrival_is_gone(staging):
    arrival = receive(b"one", "a.txt", staging)
    files.discard(arrival, staging=staging)
    assert list(staging.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "said"),
    [(1, "1 B"), (2048, "2 KB"), (2**20 * 3 // 2, "1.5 MB"), (2**30, "1 GB"), (2**31, "2 GB")],
)
def test_sizes_are_said_as_people_write_them(size, said):
    assert files.readable(size) == said


def test_a_refusal_names_the_file(staging):
    with pytest.raises(Invalid, match=r"“a.txt” is empty"):
        receive(b"", "a.txt", staging)

"""What the headers of tus say."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from ingest import tus
from repository.errors import ArchiveError, Conflict, TooLarge

LIMIT = 1000


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def test_a_creation_says_name_size_and_mark():
    said = f"filename {encoded('Көл.pdf')},mark {encoded('17')}, private"
    wish = tus.wish({"Upload-Length": "12", "Upload-Metadata": said}, limit=LIMIT)
    assert wish == tus.Wish("Көл.pdf", 12, "17")


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({}, tus.Malformed),
        ({"Upload-Length": "-1"}, tus.Malformed),
        ({"Upload-Length": "١٢"}, tus.Malformed),
        ({"Upload-Length": "9" * 19}, tus.Malformed),
        ({"Upload-Length": "1001"}, TooLarge),
        ({"Upload-Defer-Length": "1"}, tus.Malformed),
        ({"Upload-Length": "1", "Upload-Metadata": "filename ***"}, tus.Malformed),
        ({"Upload-Length": "1", "Upload-Metadata": "filename /w=="}, tus.Malformed),
        ({"Upload-Length": "1", "Upload-Metadata": "a YQ==,a YQ=="}, tus.Malformed),
    ],
)
def test_a_creation_that_makes_no_sense_is_refused(headers, error):
    with pytest.raises(error):
        tus.wish(headers, limit=LIMIT)


@pytest.mark.parametrize("algorithm", tus.ALGORITHMS)
def test_a_checksum_holds_for_its_bytes_only(algorithm):
    digest = hashlib.new(algorithm, b"lake").digest()
    found = tus.checksum(f"{algorithm} {base64.b64encode(digest).decode()}")
    assert found and found.holds(hashlib.new(algorithm, b"lake"))
    assert not found.holds(hashlib.new(algorithm, b"sea"))


@pytest.mark.parametrize("text", ["", "md5 YQ==", "sha1", "sha1 ***", "sha256 YQ=="])
def test_a_checksum_that_cannot_be_checked_is_refused(text):
    with pytest.raises(tus.Malformed):
        tus.checksum(text)


def test_no_checksum_is_none():
    assert tus.checksum(None) is None


def test_a_patch_carries_its_own_kind_of_body():
    assert tus.place({"Upload-Offset": "7"}, media_type=tus.BODY) == 7
    with pytest.raises(tus.OtherBody):
        tus.place({"Upload-Offset": "7"}, media_type="text/plain")
    with pytest.raises(tus.Malformed):
        tus.place({}, media_type=tus.BODY)


def test_bytes_leave_no_gap_and_do_not_come_twice():
    tus.fits(5, there=5, size=10, length=5)
    tus.fits(5, there=5, size=10, length=None)
    for offset in (4, 6):
        with pytest.raises(Conflict):
            tus.fits(offset, there=5, size=10, length=1)
    with pytest.raises(TooLarge):
        tus.fits(5, there=5, size=10, length=6)


def test_another_version_is_refused():
    tus.speaks("1.0.0")
    for other in (None, "", "0.2.2"):
        with pytest.raises(tus.OtherVersion):
            tus.speaks(other)


def test_the_headers_say_how_much_is_here_and_until_when():
    said = tus.standing(3, 9, datetime(2026, 5, 31, 12, tzinfo=UTC))
    assert said["Upload-Offset"] == "3" and said["Upload-Length"] == "9"
    assert said["Upload-Expires"] == "Sun, 31 May 2026 12:00:00 GMT"
    assert said["Cache-Control"] == "no-store"


def test_the_statuses_are_those_of_the_protocol():
    statuses = {tus.OtherVersion: 412, tus.OtherBody: 415, tus.Taken: 423, tus.Mismatch: 460}
    for error, status in statuses.items():
        assert issubclass(error, ArchiveError) and error.status == status

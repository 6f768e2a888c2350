"""The client of clamd, against a real daemon and against one that misbehaves."""

import io
import socket
import threading
import zipfile
from contextlib import contextmanager

import pytest

from ingest import clamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize("address", ["unix", "tcp"])
def test_a_clean_stream_is_clean_and_an_infected_one_is_named(scanner, address):
    where = getattr(scanner, address)
    assert clamd.scan(where, io.BytesIO(b"%PDF-1.7 nothing" * 100_000)) is None
    assert clamd.scan(where, io.BytesIO(EICAR)) == "OpenArchive.Eicar.UNOFFICIAL"
    assert clamd.scan(where, io.BytesIO(b"")) is None


def test_a_virus_inside_a_zip_is_found(scanner):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("эмгек.txt", EICAR)
    packed.seek(0)
    assert clamd.scan(scanner.unix, packed) == "OpenArchive.Eicar.UNOFFICIAL"


def test_the_daemon_says_its_version(scanner):
    assert clamd.version(scanner.unix).startswith("ClamAV ")


def test_more_than_the_daemon_takes_is_said(scanner):
    with pytest.raises(clamd.TooMuch, match="size limit"):
        clamd.scan(scanner.unix, io.BytesIO(b"\0" * (scanner.limit + 2**20)))


def test_a_daemon_that_is_not_there_gives_no_verdict(tmp_path):
    with pytest.raises(clamd.NoVerdict, match="clamd at unix:"):
        clamd.scan(f"unix:{tmp_path / 'nobody'}", io.BytesIO(b"x"))


@contextmanager
def daemon(answer, *, listen=True):
    """A daemon that says `answer` and hangs up; None: it never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def serve():
            link, _ = server.accept()
            with link:
                while listen and not link.recv(65536).endswith(b"\0\0\0\0"):
                    pass
                if answer is None:
                    done.wait(10)
                else:
                    link.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        done.set()
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: O",
        b"stream: OK",
        b"OK\0",
        b"stream: \0",
        b"\xff\xfe\0",
        b"stream: scan failed ERROR\0",
        b"x" * 10_000,
    ],
)
def test_an_answer_that_is_cut_off_or_wrong_is_no_verdict(answer):
    with daemon(answer) as address, pytest.raises(clamd.NoVerdict):
        clamd.scan(address, io.BytesIO(b"harmless"))


def test_a_daemon_that_hangs_up_in_mid_stream_gives_no_verdict():
    with daemon(b"", listen=False) as address, pytest.raises(clamd.NoVerdict):
        clamd.scan(address, io.BytesIO(b"\0" * 20_000_000))


def test_a_daemon_that_never_answers_is_not_waited_for_for_ever():
    with daemon(None) as address, pytest.raises(clamd.NoVerdict, match="timed out"):
        clamd.scan(address, io.BytesIO(b"harmless"), patience=0.3)

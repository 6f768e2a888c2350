"""Samples with random damage: whatever comes of it is a row, a problem, or a plain refusal.

A few examples for each importer; `make fuzz` tries many more.
"""

import importing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TOKENS = st.sampled_from(
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        "\u202e".encode(),
        "ө".encode("cp1251", "replace"),
        b"<",
        b"&#0;",
        b"]]>",
        b"<!--",
        b"{",
        b"}",
        b"[",
        b'"',
        b"\\",
        b"\n",
        b"\t",
        b",",
        b";",
        b"-1",
        b"99999999999999999999",
        b"1e999",
        b"NaN",
        b"null",
        b"../../etc/passwd",
        b"\x1d",
        b"\x1e",
        b"\x1f",
        b"^",
        b"*****",
        b"@",
        b"\\u0000",
        b"\\ud800",
    ]
)
PIECES = TOKENS | st.binary(max_size=6) | st.text(max_size=4).map(lambda one: _bytes(one))


def _bytes(text):
    return text.encode("utf-8", "surrogatepass")


@st.composite
def damaged(draw, data):
    """Bytes with pieces overwritten, put in, cut out, moved and repeated."""
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(data)))
        far = min(len(data), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["over", "in", "out", "move", "twice", "bit"])):
            case "over":
                piece = draw(PIECES)
                data = data[:at] + piece + data[at + len(piece) :]
            case "in":
                data = data[:at] + draw(PIECES) + data[at:]
            case "out":
                data = data[:at] + data[far:]
            case "move":
                other = draw(st.integers(0, len(data)))
                data = data[:other] + data[at:far] + data[other:]
            case "twice":
                data = data[:at] + data[at:far] * draw(st.integers(2, 50)) + data[far:]
            case "bit" if at < len(data):
                bit = 1 << draw(st.integers(0, 7))
                data = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where damaged sources lie."""
    return tmp_path_factory.mktemp("damaged") / "source"


@pytest.mark.parametrize("name", importing.IMPORTERS)
@given(data=st.data())
@settings(
    max_examples=importing.many(30),
    deadline=None,
    derandomize=importing.many(1) == 1,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_damage_gives_rows_or_problems(name, folder, data):
    source = importing.copied(name, folder)
    path = data.draw(st.sampled_from(importing.files(source)))
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    importing.read(name, source)

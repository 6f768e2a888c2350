"""Records of works as they go out, made of a description alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from repository.records import Record, RecordFile
from schemas import work as profile
from schemas.vocabulary import TYPES, Access

MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
FILE = RecordFile(
    "a.pdf", 0, 1, "application/pdf", "0" * 128, 1, Access.OPEN, Access.OPEN, None, "x"
)


def _record(kind: str, title: str, *, number: int = 7, printed: bool = False, **more) -> Record:
    titles = [{"text": title, "kind": "main"}, *more.pop("titles", ())]
    document = profile.check({"type": TYPES[kind].uri, "titles": titles, **more})
    return Record(
        id=number,
        number=number,
        uuid="u",
        state="published",
        version=1,
        document=document,
        files=() if printed else (FILE,),
        sets=(),
        collections=(),
        published=MOMENT,
        changed=MOMENT,
        withdrawal=None,
        url=f"https://example.org/works/{number}",
        access_right="open",
    )


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """Makes the record of a work of a kind and with a title; `printed`: without a file."""
    return _record

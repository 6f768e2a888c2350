"""An empty store in the test's own folder, and a short way to put versions into it."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ocfl import StorageRoot

from repository.store import Staged
from repository.store.files import FileStore

MOMENT = datetime(2026, 5, 31, 12, 0, 0, 250, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """An empty store."""
    return FileStore.create(tmp_path / "store", tmp_path / "staging")


@pytest.fixture
def prepare() -> Callable[..., None]:
    """Prepares a version as a librarian's."""

    def as_librarian(staged: Staged, message: str = "published") -> None:
        staged.prepare(
            message=message, name="Айгүл", address="mailto:library@example.org", created=MOMENT
        )

    return as_librarian


@pytest.fixture
def put(store: FileStore, prepare: Callable[..., None]) -> Callable[..., int]:
    """Commits a version of these files, carrying over those that `keep` names; its number."""

    def commit(object_id: str, files: dict[str, bytes], keep: tuple[str, ...] = ()) -> int:
        with store.stage(object_id) as staged:
            for path, data in files.items():
                staged.write(path, data)
            for path in keep:
                staged.keep(path)
            prepare(staged)
            return staged.commit()

    return commit


@pytest.fixture
def upload(tmp_path: Path) -> Callable[..., tuple[Path, str]]:
    """Makes a file of these bytes, in staging unless another folder is named; it and its digest."""

    def make(data: bytes, folder: str = "staging") -> tuple[Path, str]:
        digest = hashlib.sha512(data).hexdigest()
        path = tmp_path / folder / digest[:12]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path, digest

    return make


@pytest.fixture
def second_opinion(store: FileStore) -> Callable[[], tuple[int, list]]:
    """What ocfl-py says of the store: how many objects are valid, and every complaint."""

    def ask() -> tuple[int, list]:
        found = StorageRoot(root=str(store.root))
        valid = found.validate(log_warnings=True)
        complaints = [*found.errors, *filter(None, [found.log.status_str()])]
        return found.good_objects, complaints if valid else ["the root is invalid", *complaints]

    return ask


@pytest.fixture
def left_over(tmp_path: Path) -> Callable[[], list[str]]:
    """What a finished store should not have in its staging area."""
    area = tmp_path / "staging" / "ocfl"

    def look() -> list[str]:
        places = [*(area / "stages").rglob("*"), *(area / "intents").rglob("*")]
        return [str(place.relative_to(area)) for place in places]

    return look

"""Inventories: what an object says of its versions and files."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from repository.errors import Damaged, Invalid
from repository.store import StoredVersion

NAME = "inventory.json"
SIDECAR = "inventory.json.sha512"
TYPE = "https://ocfl.io/1.1/spec/#inventory"
KEYS = {"digestAlgorithm", "head", "id", "manifest", "type", "versions"}
VERSION = re.compile(r"v([1-9]\d*)")
DIGEST = re.compile(r"[0-9a-f]{128}")
CONTENT = re.compile(r"v([1-9]\d*)/content/(.+)", re.DOTALL)
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True)
class Inventory:
    """A parsed inventory. `manifest` maps digests to the places of content below the object's
    folder; `states` has for each version the digest of each logical path."""

    id: str
    manifest: dict[str, tuple[str, ...]]
    versions: tuple[StoredVersion, ...]
    states: tuple[dict[str, str], ...]
    data: bytes

    @property
    def head(self) -> int:
        """The number of the newest version."""
        return len(self.versions)


def sidecar(data: bytes) -> bytes:
    """The content of the file beside an inventory."""
    return f"{hashlib.sha512(data).hexdigest()} {NAME}\n".encode()


def newest(folder: Path) -> int:
    """The highest version that has a folder in an object; 0 without object or version."""
    try:
        matches = [VERSION.fullmatch(child.name) for child in folder.iterdir()]
    except FileNotFoundError:
        return 0
    return max((int(match[1]) for match in matches if match), default=0)


def current(folder: Path) -> Inventory:
    """The inventory of an object's folder that can be trusted.

    While a version is put in place, or when a crash came between, the root's inventory and its
    sidecar may not belong together; the newest version's own then says the same or more. Older
    versions are not asked: they might grant rights that have been taken back since.
    """
    try:
        return load(folder)
    except (OSError, ValueError):
        newer = folder / f"v{newest(folder)}"
    try:
        return load(newer)
    except (OSError, ValueError) as error:
        raise Damaged(
            "The inventory in %(folder)s cannot be used: %(error)s", folder=folder, error=error
        ) from error


def load(folder: Path) -> Inventory:
    """The inventory that lies in a folder, checked against its sidecar; ValueError when wrong."""
    data = (folder / NAME).read_bytes()
    if (folder / SIDECAR).read_bytes() != sidecar(data):
        raise ValueError("the inventory does not match its sidecar")
    return parse(data)


def parse(data: bytes) -> Inventory:
    """The inventory in these bytes; ValueError with a reason unless it is as we write it."""
    raw = _decoded(data)
    _expect(isinstance(raw, dict) and raw.keys() == KEYS, "it has not the keys of an inventory")
    _expect(raw["type"] == TYPE, "its type is not that of OCFL 1.1")
    _expect(raw["digestAlgorithm"] == "sha512", "its digests are not SHA-512")
    _expect(isinstance(raw["id"], str) and raw["id"], "it names no object")
    blocks = _mapping(raw["versions"], "its versions are not an object")
    count = len(blocks)
    _expect(blocks.keys() == {f"v{n}" for n in range(1, count + 1)}, "versions are missing")
    _expect(count > 0 and raw["head"] == f"v{count}", "its head is not the newest version")
    ordered = [_mapping(blocks[f"v{n}"], "a version is not an object") for n in range(1, count + 1)]
    manifest = _paths_by_digest(raw["manifest"])
    _check_places(manifest, count)
    states = tuple(_state(block.get("state"), manifest) for block in ordered)
    used = {digest for state in states for digest in state.values()}
    _expect(used == manifest.keys(), "its manifest names content that no version uses")
    versions = tuple(_version(number, block) for number, block in enumerate(ordered, 1))
    return Inventory(raw["id"], manifest, versions, states, data)


def extend(
    base: Inventory | None,
    *,
    object_id: str,
    state: Mapping[str, str],
    added: Mapping[str, str],
    created: datetime,
    message: str,
    name: str,
    address: str | None,
) -> bytes:
    """The inventory of the next version; `added` has the place of each digest that is new."""
    if created.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be stored.")
    raw = json.loads(base.data) if base else {"manifest": {}, "versions": {}}
    number = len(raw["versions"]) + 1
    user = {"name": name} | ({"address": address} if address else {})
    raw["versions"][f"v{number}"] = {
        "created": created.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "message": message,
        "state": _by_digest(state),
        "user": user,
    }
    raw["manifest"] |= {digest: [place] for digest, place in added.items()}
    raw |= {"digestAlgorithm": "sha512", "head": f"v{number}", "id": object_id, "type": TYPE}
    return json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def check_path(path: str, others: Iterable[str]) -> None:
    """Refuses a logical path that a disk, or a reader of OCFL, could misunderstand."""
    try:
        _expect(_is_safe(path) and not FORBIDDEN.search(path), "")
        _expect(all(len(part.encode()) <= 255 for part in path.split("/")), "")
        _expect(not any(_clash(path, other) for other in others), "")
    except ValueError as error:
        raise Invalid("A file cannot be kept under the path %(path)s.", path=ascii(path)) from error


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data.decode())
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _clash(path: str, other: str) -> bool:
    return path.startswith(f"{other}/") or other.startswith(f"{path}/")


def _is_safe(path: object) -> bool:
    return isinstance(path, str) and all(
        part not in ("", ".", "..") and "\0" not in part for part in path.split("/")
    )


def _by_digest(state: Mapping[str, str]) -> dict[str, list[str]]:
    paths = defaultdict(list)
    for path in sorted(state):
        paths[state[path]].append(path)
    return dict(paths)


def _paths_by_digest(raw: Any) -> dict[str, tuple[str, ...]]:
    found = {}
    for digest, paths in _mapping(raw, "digests are not an object").items():
        _expect(DIGEST.fullmatch(digest), "a digest is not a SHA-512 digest")
        _expect(isinstance(paths, list) and paths, "a digest has no paths")
        _expect(all(map(_is_safe, paths)), "a path is not safe")
        found[digest] = tuple(paths)
    every = {path for paths in found.values() for path in paths}
    _expect(len(every) == sum(map(len, found.values())), "a path occurs twice")
    parents = {path[:at] for path in every for at, c in enumerate(path) if c == "/"}
    _expect(not every & parents, "a path is the beginning of another")
    return found


def _check_places(manifest: dict[str, tuple[str, ...]], count: int) -> None:
    for places in manifest.values():
        for match in map(CONTENT.fullmatch, places):
            _expect(match and int(match[1]) <= count, "content lies outside the versions")


def _state(raw: Any, manifest: dict[str, tuple[str, ...]]) -> dict[str, str]:
    state = {path: digest for digest, paths in _paths_by_digest(raw).items() for path in paths}
    _expect(manifest.keys() >= set(state.values()), "a version names content that is nowhere")
    return state


def _version(number: int, raw: dict[str, Any]) -> StoredVersion:
    user = _mapping(raw.get("user"), "a version has no user")
    message, name, address = raw.get("message"), user.get("name"), user.get("address")
    _expect(isinstance(message, str) and isinstance(name, str), "a version says not who made it")
    created = datetime.fromisoformat(str(raw.get("created")))
    _expect(created.tzinfo, "a version's moment has no time zone")
    return StoredVersion(number, created, str(message), str(name), address)


def _mapping(value: Any, reason: str) -> dict[str, Any]:
    _expect(isinstance(value, dict), reason)
    return value


def _expect(condition: object, reason: str) -> None:
    if not condition:
        raise ValueError(reason)

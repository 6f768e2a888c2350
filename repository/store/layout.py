"""Where things lie in the storage root: OCFL 1.1 with layout 0003 (hashed tuples, then the id)."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from repository.errors import ConfigurationError
from repository.store import Damage, disk

ROOT_MARKER = "0=ocfl_1.1"
OBJECT_MARKER = "0=ocfl_object_1.1"
EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
EXTENSIONS = "extensions"
CONFIG = f"{EXTENSIONS}/{EXTENSION}/config.json"
LAYOUT = "ocfl_layout.json"
README = "README.txt"
LONGEST = 100  # characters of an encoded id that may stand in a folder's name

# Roots are compared with this text: it may not change.
DESCRIPTION = (
    "Objects lie under tuples of the hexadecimal digest of their identifier, in a folder named "
    "after the identifier, percent-encoded."
)


@dataclass(frozen=True)
class Layout:
    """Parameters of layout 0003. Ours keep 100,000 objects in at most 65,536 folders."""

    algorithm: str = "sha256"
    size: int = 2
    count: int = 2

    def parts(self, object_id: str) -> tuple[str, ...]:
        """The folders from the root to an object."""
        digest = hashlib.new(self.algorithm, object_id.encode()).hexdigest()
        tuples = (digest[at : at + self.size] for at in range(0, self.size * self.count, self.size))
        name = "".join(map(_encode, object_id))
        return (*tuples, name if len(name) <= LONGEST else f"{name[:LONGEST]}-{digest}")

    def object_id(self, parts: tuple[str, ...]) -> str | None:
        """The object of a folder, as its name says; None when the name was cut or is not ours."""
        try:
            named = unquote_to_bytes(parts[-1]).decode()
        except UnicodeDecodeError:
            return None
        return named if self.parts(named) == parts else None

    @property
    def config(self) -> dict[str, object]:
        """What the extension's config.json says."""
        return {
            "digestAlgorithm": self.algorithm,
            "extensionName": EXTENSION,
            "numberOfTuples": self.count,
            "tupleSize": self.size,
        }


def _encode(character: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]", character):
        return character
    return "".join(f"%{byte:02x}" for byte in character.encode())


def declare(root: Path, scratch: Path) -> None:
    """Makes a storage root; what is there already stays. The marker comes last and says: done."""
    (root / CONFIG).parent.mkdir(parents=True, exist_ok=True)
    texts = {
        CONFIG: _json(Layout().config),
        LAYOUT: _json({"description": DESCRIPTION, "extension": EXTENSION}),
        README: TEXT,
        ROOT_MARKER: f"{ROOT_MARKER[2:]}\n",
    }
    for name, text in texts.items():
        if not (root / name).exists():
            disk.replace(root / name, text.encode(), scratch)
    disk.sync_tree(root / EXTENSIONS)
    disk.sync(root)
    disk.sync(root.parent)


def read(root: Path) -> Layout:
    """The layout that a storage root declares."""
    try:
        config = json.loads((root / CONFIG).read_bytes())
        found = Layout(config["digestAlgorithm"], config["tupleSize"], config["numberOfTuples"])
        found.parts("")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            "The layout of the file store cannot be read from %(path)s: %(error)s",
            path=root / CONFIG,
            error=error,
        ) from error
    return found


def check(root: Path, layout: Layout) -> list[Damage]:
    """What is wrong with the declarations of a storage root."""
    damages = []
    if _bytes(root / ROOT_MARKER) != f"{ROOT_MARKER[2:]}\n".encode():
        damages.append(Damage(ROOT_MARKER, "the root's marker is missing or has other bytes"))
    expected = {LAYOUT: {"description": DESCRIPTION, "extension": EXTENSION}, CONFIG: layout.config}
    for name, value in expected.items():
        try:
            same = json.loads(_bytes(root / name)) == value
        except (ValueError, RecursionError):
            same = False
        if not same:
            damages.append(Damage(name, "the layout's declaration is missing or says other things"))
    names = {str(path.relative_to(root)) for path in (root / EXTENSIONS).rglob("*")}
    strays = names - {CONFIG, str(Path(CONFIG).parent)}
    return damages + [Damage(name, "does not belong here") for name in sorted(strays)]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _json(value: object) -> str:
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


TEXT = """\
This folder is an OCFL 1.1 storage root: https://ocfl.io/1.1/spec/

It holds the works of an archive with their descriptions, rights and files, and can be read
without the software that wrote it. Do not change or remove anything by hand.

How to find a work
    Each work is one object, in a folder with a file `0=ocfl_object_1.1`. Its identifier is
    `urn:uuid:` and a UUID. The folder's place is computed from the identifier, as described in
    https://ocfl.github.io/extensions/0003-hash-and-id-n-tuple-storage-layout.html
    (parameters in extensions/0003-hash-and-id-n-tuple-storage-layout/config.json); the folder's
    own name is the identifier again, percent-encoded.

How to read a work
    `inventory.json` lists every version of the object. `head` names the newest. A version's
    `state` gives, for each SHA-512 digest, the names of the files with that content; `manifest`
    gives, for each digest, where in this folder the content lies. The same inventory, as it was
    then, lies in each version's folder. `inventory.json.sha512` is the inventory's own digest.

What the files are
    metadata/work.json      the description of the work, all of it
    metadata/rights.json    who may read which file, from when to when, and whether readers may be
                            handed it; a file without an entry is closed, and must stay so wherever
                            the object is taken
    files/0001.pdf ...      the files; work.json says what they were called

How to check that nothing is damaged
    `sha512sum` of each content file equals its digest in the manifest. Any OCFL validator does
    this for all objects, and so does `open-archive verify`.
"""

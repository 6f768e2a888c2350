"""The checksums of a bag (RFC 8493): that its files are those that were put into it."""

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote

from ingest.importers import trees
from ingest.importers.trees import Tree
from repository.errors import Invalid

# The strongest that a bag has is compared. With a hyphen SWORD 3.0 has them in its names.
SUMS = ("sha512", "sha-512", "sha256", "sha-256", "sha1", "md5")
BLOCK = 2**20


class Differs(Invalid):
    """A file of a bag is not the one that was put into it."""


def verified(tree: Tree, top: str, names: list[str], coding: str = "utf-8") -> set[str]:
    """The files of the bag, each as its manifest has it; raises Invalid with the file's name."""
    payload = {name for name in names if name.startswith("data/")}
    kind = next((one for one in SUMS if f"manifest-{one}.txt" in names), "")
    if not kind:
        raise Invalid("The bag has no manifest of SHA-512, SHA-256 or MD5. Make the bag again.")
    sums = _sums(tree, f"{top}manifest-{kind}.txt", coding)
    for name in sorted(payload - sums.keys()):
        raise Invalid(
            "“%(name)s” is not in the manifest. Make the bag again.", name=trees.shown(name)
        )
    for tags in (one for one in SUMS if f"tagmanifest-{one}.txt" in names):
        _compare(tree, top, tags, _sums(tree, f"{top}tagmanifest-{tags}.txt", coding))
        break
    _compare(tree, top, kind, sums)
    return payload


def _sums(tree: Tree, name: str, coding: str) -> dict[str, str]:
    found = {}
    top = name.rpartition("/")[0]
    for at, line in enumerate(decoded(tree.read(name), coding).splitlines(), 1):
        if not line.strip():
            continue
        value, _, path = line.strip().partition(" ")
        path = path.strip().removeprefix("*").removeprefix("./")
        if not path or not re.fullmatch(r"[0-9A-Fa-f]{32,128}", value):
            raise Invalid(
                "%(name)s, line %(at)s is no sum of a file. Make the bag again.",
                name=trees.shown(name),
                at=at,
            )
        plain = re.sub("%(?:0[ADad]|25)", lambda sign: unquote(sign[0]), path)
        there = plain == path or trees.inside(tree, top, path) == ""
        found[plain if there else path] = value.lower()  # many programs write % as it is
    return found


def _compare(tree: Tree, top: str, kind: str, sums: Mapping[str, str]) -> None:
    for name, value in sums.items():
        if trees.inside(tree, top.rstrip("/"), name) == "":
            raise Invalid(
                "“%(name)s” is in the manifest and not in the bag. Send the bag again.",
                name=trees.shown(name),
            )
        digest = hashlib.new(kind.replace("-", ""), usedforsecurity=False)
        with tree.reading(top + name) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
        if digest.hexdigest() != value:
            raise Differs(
                "“%(name)s” is not the file that was put into the bag: its %(kind)s differs. "
                "Send the bag again.",
                name=trees.shown(name),
                kind=kind,
            )


def decoded(data: bytes, coding: str) -> str:
    """The text of a tag file, whatever it says of its encoding."""
    try:
        return data.decode(coding).removeprefix("\ufeff")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace").removeprefix("\ufeff")

"""SWORDBagIt: a bag with its description in metadata/sword.json, in a ZIP."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ingest.files import Arrival
from ingest.importers import bag_sums, bagit
from ingest.importers.trees import Tree
from ingest.sword import packages
from ingest.sword.packages import Refused
from ingest.sword3 import metadata
from repository.archive import Archive
from repository.errors import Invalid

DESCRIPTION = "metadata/sword.json"
SUMS = ("sha-256", "sha256", "sha-512", "sha512")


@contextmanager
def unpacked(archive: Archive, file: BinaryIO) -> Iterator[tuple[dict[str, Any], list[Arrival]]]:
    """The description and the files of a bag. Where the block fails none of them is kept.

    Raises Refused unless every file is the one that was put into the bag.
    """
    with packages.opened(file) as tree, packages.kept(archive) as arrived:
        top = _top(tree)
        payload = _payload(tree, top)
        document = metadata.read(metadata.parse(tree.read(top + DESCRIPTION)))
        packages.take(archive, tree, [top + name for name in payload], arrived)
        yield document, arrived


def _top(tree: Tree) -> str:
    tops = bagit.tops(tree)
    if len(tops) != 1:
        raise Refused("FormatHeaderMismatch", 415, "The package has to be one bag (bagit.txt).")
    return tops[0]


def _payload(tree: Tree, top: str) -> set[str]:
    names = [name.removeprefix(top) for name in tree.below(top)]
    if "fetch.txt" in names:
        raise Refused("ValidationFailed", 400, "A bag here has all its files: no fetch.txt.")
    if DESCRIPTION not in names:
        raise Refused("ValidationFailed", 400, f"The bag has no {DESCRIPTION}.")
    if not any(f"manifest-{one}.txt" in names for one in SUMS):
        raise Refused("ValidationFailed", 400, "The bag has no manifest of SHA-256.")
    try:
        return bag_sums.verified(tree, top, names)
    except bag_sums.Differs as error:
        raise Refused("DigestMismatch", 412, str(error)) from error
    except Invalid as error:
        raise Refused("ValidationFailed", 400, str(error)) from error

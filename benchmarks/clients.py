"""Whether harvesters that people use take every record of a long list, and how long they need.

The npm client stops at a page of a single record; so there should not be one. It also ends before
a pipe has taken all that it says; so what clients say goes into a file.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from oaipmh_scythe import Scythe
from sickle import Sickle

from benchmarks import feeds, processes

IDENTIFIER = re.compile(rb"oai:archive\.example\.org:[0-9]+")


def run(folder: Path, kept: Path, count: int) -> None:
    """Prints how many of `count` records each client has taken."""
    folder.mkdir(parents=True)
    instance = feeds.made(kept, "described", count)
    named = {"ARCHIVE_SECRET_KEY": feeds.SECRET, "ARCHIVE_OAI_IDENTIFIER": feeds.HOST}
    with processes.server(instance, "--no-worker", **named) as (url, _):
        for name, client in CLIENTS.items():
            started = time.perf_counter()
            found = set(client(f"{url}/oai", folder))
            took = time.perf_counter() - started
            said = f"{len(found):,} of {count:,} in {took:.0f} s" if found else "is not installed"
            print(f"  {name:24} {said}", flush=True)
            if found and len(found) != count:
                sys.exit("Records are missing.")


def _sickle(url: str, _: Path) -> Iterator[bytes]:
    for one in Sickle(url).ListRecords(metadataPrefix="oai_dc"):
        yield one.header.identifier.encode()


def _scythe(url: str, _: Path) -> Iterator[bytes]:
    with Scythe(url) as client:
        for one in client.list_records(metadata_prefix="oai_dc"):
            yield str(one.header.identifier).encode()


def _oai_pmh(url: str, folder: Path) -> Iterator[bytes]:
    return _said(folder, "oai_pmh", "--metadataPrefix", "oai_dc", "-X", "ListRecords", url)


def _catmandu(url: str, folder: Path) -> Iterator[bytes]:
    command = ("catmandu", "convert", "OAI", "--url", url, "--listIdentifiers", "0", "to", "JSON")
    return _said(folder, *command, "--line_delimited", "1")


def _npm(url: str, folder: Path) -> Iterator[bytes]:
    wanted = ["npm", "install", "--no-audit", "--no-fund", "--silent", "oai-pmh@2"]
    if not shutil.which("npm") or subprocess.run(wanted, cwd=folder, check=False).returncode:
        return iter(())
    command = str(folder / "node_modules/.bin/oai-pmh")
    return _said(folder, command, "list-records", url, "-p", "oai_dc")


def _said(folder: Path, *command: str) -> Iterator[bytes]:
    """The identifiers in what a command prints."""
    if not shutil.which(command[0]):
        return
    with (folder / "said").open("w+b") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, check=True)
        file.seek(0)
        for line in file:
            yield from IDENTIFIER.findall(line)


CLIENTS: dict[str, Callable[[str, Path], Iterator[bytes]]] = {
    "Sickle": _sickle,
    "oaipmh-scythe": _scythe,
    "oai_pmh (Debian)": _oai_pmh,
    "Catmandu (Debian)": _catmandu,
    "oai-pmh (npm)": _npm,
}

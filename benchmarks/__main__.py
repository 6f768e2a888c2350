"""Runs the benchmarks and prints their figures: `python -m benchmarks [names] [--works N]`."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import (
    batch,
    clients,
    engines,
    first_page,
    importing,
    oai,
    pages,
    pipeline,
    readers,
    search,
    shelves,
)

NAMES = (
    "oai",
    "growth",
    "changes",
    "clients",
    "importing",
    "batch",
    "pages",
    "shelves",
    "search",
    "engines",
    "pipeline",
    "readers",
    "first-page",
)


def show(title: str, figures: dict) -> None:
    """A block of figures."""
    print(f"\n{title}")
    for name, value in figures.items():
        if isinstance(value, dict):
            said = ", ".join(f"{one:.1f} {unit}" for unit, one in value.items())
            print(f"  {name}: {said}")
        else:
            print(f"  {name}: {value:.2f}")


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="name", help=", ".join(NAMES))
    parser.add_argument("--works", type=int, default=20_000, help="works in the archive")
    parser.add_argument("--shelves", type=int, default=100_000, help="works on the shelves")
    parser.add_argument("--records", type=int, default=100_000, help="records in the feed")
    parser.add_argument("--most", type=int, default=1_000_000, help="records in the longest feed")
    parser.add_argument(
        "--keep", type=Path, help="a folder where feeds, once made, wait for the next run"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archive-bench-") as name:
        folder = Path(name)
        kept = chosen.keep or folder / "feeds"
        if "oai" in chosen.names:
            print("\nOAI-PMH, ListRecords, ours / theirs")
            oai.run(folder / "oai", kept, chosen.records)
        if "growth" in chosen.names:
            print("\nOAI-PMH, a very long list")
            oai.grow(folder / "growth", kept, chosen.most)
        if "changes" in chosen.names:
            print("\nOAI-PMH, changes")
            oai.change(folder / "changes", kept, chosen.records)
        if "clients" in chosen.names:
            print("\nOAI-PMH, clients")
            clients.run(folder / "clients", kept, chosen.records)
        if "batch" in chosen.names:
            print("\nA change of many works")
            batch.run(batch.WORKS)
        if "importing" in chosen.names or "pages" in chosen.names:
            figures = importing.run(folder, chosen.works)
            figures["ratio to bare SQLite"] = figures["works/s"] / figures["bare SQLite works/s"]
            show("Import", figures)
        if "pages" in chosen.names:
            measured = pages.run(folder, chosen.works)
            show("Pages", measured)
            plain = measured["nginx, the work page as a file"]["requests/s"]
            for one in ("work page", "search page"):
                print(f"  {one} / nginx: {measured[one]['requests/s'] / plain:.3f}")
        if "shelves" in chosen.names:
            show("Pages of a large archive", shelves.run(folder / "shelves", chosen.shelves))
        if "search" in chosen.names:
            show("Search", search.run(folder / "search", chosen.works // 2))
        if "engines" in chosen.names:
            engines.run(folder / "engines", chosen.works // 4)
        if "pipeline" in chosen.names:
            show("A file on arrival", pipeline.run(folder / "pipeline"))
        if "readers" in chosen.names:
            show("Importers, ours beside the bare parser", readers.run(folder / "readers", 2000))
        if "first-page" in chosen.names:
            show("make run, from clone to first page", first_page.run(folder))


main()

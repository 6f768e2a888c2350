"""Progress and counts of bulk work: a bar and a table on a terminal, plain lines in a pipe."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

EVERY = 1000  # rows between two lines in a pipe


@contextmanager
def shown(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Gives what is to be called after each row; shows on standard error how far it is."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *times, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)


def _lines(label: str) -> Callable[[], None]:
    count = 0

    def done() -> None:
        nonlocal count
        count += 1
        if count % EVERY == 0:
            click.echo(f"{label}: {count}", err=True)

    return done


def counts(rows: Iterable[tuple[str, int]]) -> None:
    """Prints what was counted."""
    if not sys.stdout.isatty():
        for name, number in rows:
            click.echo(f"{name}: {number}")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in rows:
        table.add_row(name, str(number))
    Console().print(table)

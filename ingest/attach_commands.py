"""`open-archive attach`: files of this machine join a draft."""

from pathlib import Path

import click

from ingest import files, offers
from repository import catalogue, progress
from repository.commands import opened
from repository.viewers import SYSTEM


@click.command()
@click.argument("number", type=int)
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.pass_obj
def attach(instance: str, number: int, paths: tuple[Path, ...]) -> None:
    """Add files to the draft NUMBER, from a CD, a USB stick or a scanner's folder.

    They go the way of every file: they are checked for viruses, their format and text are looked
    at, and they wait with the draft until it is sent in. All of them are added, or none.
    """
    with opened(instance) as archive:
        settings = archive.settings
        with archive.reading() as session:
            catalogue.check_step(catalogue.get(session, number), "edit")
        come: list[files.Arrival] = []
        try:
            with progress.shown("Files", len(paths)) as done:
                for path in paths:
                    with path.open("rb") as stream:
                        come.append(
                            files.receive(
                                stream,
                                path.name,
                                staging=settings.staging,
                                limit=settings.upload_limit,
                            )
                        )
                    done()
            pages = [offers.prepare(archive, one).pages for one in come]
            with archive.writing() as session:
                work = catalogue.get(session, number)
                catalogue.check_step(work, "edit")
                for one, count in zip(come, pages, strict=True):
                    files.attach(session, work, one, settings=settings, pages=count)
                names = ", ".join(one.name for one in come)
                catalogue.note(session, work, "file brought", actor=SYSTEM, comment=names)
        except BaseException:
            for one in come:
                files.discard(one, staging=settings.staging)
            raise
    click.echo(f"{len(come)} files were added to draft {number}.")


COMMANDS = (attach,)

"""`open-archive mail`: whether letters go out, and which did not."""

import sys

import click

from repository import mail, mail_queue, mail_trouble
from repository.commands import opened
from repository.errors import ArchiveError
from repository.models.accounts import Post
from repository.viewers import SYSTEM


@click.group(name="mail")
def group() -> None:
    """Send a test letter; list letters, and have one sent again.

    \b
    open-archive mail test aigul@example.org
    open-archive mail list --state failed
    open-archive mail again 17
    """


@group.command()
@click.argument("address")
@click.option("--language", default="", help="Of the letter; the archive's own by default.")
@click.pass_obj
def test(instance: str, address: str, language: str) -> None:
    """Send a letter to ADDRESS now, and say what the mail server answers.

    Exit code 1 when it did not go.
    """
    try:
        with opened(instance) as archive:
            tongue = language or archive.settings.language
            outcome = mail.test(archive.settings, to=address, language=tongue)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    if not outcome.sent:
        click.echo(mail_trouble.SAYS[outcome.trouble], err=True)
        click.echo(outcome.answer, err=True)
        sys.exit(1)
    if archive.settings.mail_url:
        click.echo(f"The mail server has taken the letter: {outcome.answer}")
    else:
        click.echo(f"No mail server is set; the letter was written to {outcome.answer}")


@group.command("list")
@click.option(
    "--state",
    type=click.Choice([str(one) for one in Post]),
    default=str(Post.WAITING),
    show_default=True,
    help="Which letters.",
)
@click.pass_obj
def everything(instance: str, state: str) -> None:
    """List letters: number, moment, recipient, template, tries, what was wrong; a tab between."""
    with opened(instance) as archive, archive.reading() as session:
        before: int | None = None
        while True:
            rows, before = mail_queue.letters(session, state, before=before)
            for one in rows:
                moment = f"{one.created:%Y-%m-%d %H:%M}"
                says = " ".join((one.error or one.answer).split())
                cells = (one.id, moment, one.recipient, one.template, one.tries, says)
                click.echo("\t".join(map(str, cells)))
            if before is None:
                return


@group.command()
@click.argument("number", type=int)
@click.pass_obj
def again(instance: str, number: int) -> None:
    """Have letter NUMBER sent anew, that waits or was given up."""
    try:
        with opened(instance) as archive, archive.writing() as session:
            mail_queue.again(session, number, actor=SYSTEM)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Letter {number} goes out with the next look at the queue.")


COMMANDS = (group,)

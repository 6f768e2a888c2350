"""Puts everything together: `create_app()` for servers, `cli` for the command `open-archive`.

The one module that knows all others; nothing imports it.
"""

import atexit
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import ingest.accession_pages
import ingest.api
import ingest.attach_commands
import ingest.batch_pages
import ingest.book_pages
import ingest.bringing_pages
import ingest.commands
import ingest.confirming_pages
import ingest.exchange_commands
import ingest.export_pages
import ingest.harvest.commands
import ingest.harvest.pages
import ingest.import_pages
import ingest.index_commands
import ingest.irbis.commands
import ingest.lookup_pages
import ingest.next_version
import ingest.paper_pages
import ingest.picture_pages
import ingest.reader
import ingest.receipt_pages
import ingest.register_pages
import ingest.removal_pages
import ingest.sheet_pages
import ingest.source_pages
import ingest.sword.views
import ingest.sword3.part_views
import ingest.sword3.staging_views
import ingest.sword3.views
import ingest.text_pages
import ingest.title_pages
import ingest.tus_pages
import oai.bad_record_pages
import oai.commands
import oai.readiness_pages
import oai.reading_pages
import oai.resource_pages
import oai.sru.views
import oai.views
import oai.visitor_pages
import repository.api.reading
import repository.audit_commands
import repository.collection_commands
import repository.commands
import repository.duplicate_commands
import repository.export_commands
import repository.mail_commands
import repository.usage.commands
import repository.user_commands
from ingest import (
    arrivals,
    bringing,
    deposit,
    derive,
    files,
    ocr,
    pictures,
    runs,
    unfinished,
    virus,
)
from ingest import demonstration as samples
from ingest.harvest import following
from ingest.reports import Outcome
from oai import blocks, feed, visits
from oai.readiness import checks
from repository import (
    alerts,
    audit,
    audit_check,
    batches,
    comparing,
    copies,
    deeds,
    documents,
    elsewhere,
    embargoes,
    errands,
    hiding,
    indexing,
    logs,
    mail,
    mail_queue,
    notices,
    reading_room,
    reminding,
    settings,
    working,
)
from repository import archive as opening
from repository.errors import ArchiveError, ConfigurationError
from repository.usage import daily
from repository.web import (
    account,
    appearance_pages,
    audit_pages,
    author_editing,
    author_pages,
    author_suggestions,
    browsing,
    budgets,
    canonical,
    checklist_pages,
    citations,
    completions,
    copy_pages,
    correcting,
    counted,
    counter,
    current,
    delivering,
    desk,
    dressing,
    duplicate_pages,
    entitling,
    errors,
    feeds,
    gathering,
    guides,
    layout,
    mail_pages,
    notice_pages,
    opensearch,
    page_editing,
    past,
    periodical_pages,
    persons,
    policies,
    public,
    reading_log,
    requests,
    review,
    reviewer_pages,
    robots,
    rules,
    searches,
    searching,
    seating,
    signing,
    sitemaps,
    status,
    taking,
    token_pages,
    transfer_pages,
    usage_pages,
    withdrawing,
    words,
    works,
    written,
)

SWORD_3 = (
    ingest.sword3.views.sword3,
    ingest.sword3.part_views.parts,
    ingest.sword3.staging_views.staging,
)
BLUEPRINTS = (
    public.pages,
    guides.guides,
    browsing.blueprint,
    gathering.blueprint,
    persons.blueprint,
    periodical_pages.blueprint,
    works.works,
    citations.citations,
    past.versions,
    ingest.picture_pages.pictures,
    ingest.reader.blueprint,
    ingest.text_pages.blueprint,
    searching.search,
    completions.completions,
    searches.searches,
    taking.taking,
    account.account,
    token_pages.tokens,
    repository.api.reading.api,
    ingest.api.api,
    ingest.sword.views.sword,
    *SWORD_3,
    ingest.sword3.views.known,
    deposit.deposit,
    ingest.bringing_pages.blueprint,
    ingest.confirming_pages.blueprint,
    ingest.receipt_pages.blueprint,
    ingest.tus_pages.pieces,
    ingest.next_version.next_version,
    review.review,
    checklist_pages.blueprint,
    reviewer_pages.blueprint,
    copy_pages.blueprint,
    correcting.correcting,
    entitling.entitling,
    withdrawing.withdrawing,
    duplicate_pages.duplicates,
    transfer_pages.transferring,
    author_pages.authors,
    author_editing.editing,
    author_suggestions.suggesting,
    ingest.register_pages.blueprint,
    ingest.accession_pages.blueprint,
    ingest.title_pages.blueprint,
    ingest.paper_pages.blueprint,
    ingest.book_pages.blueprint,
    ingest.source_pages.blueprint,
    ingest.removal_pages.blueprint,
    ingest.batch_pages.blueprint,
    ingest.sheet_pages.blueprint,
    ingest.import_pages.blueprint,
    ingest.lookup_pages.blueprint,
    ingest.export_pages.blueprint,
    seating.seating,
    desk.desk,
    audit_pages.auditing,
    mail_pages.letters,
    notice_pages.notices,
    reading_log.blueprint,
    policies.policies,
    written.written,
    rules.rules,
    dressing.dressing,
    page_editing.editing,
    appearance_pages.appearing,
    ingest.harvest.pages.blueprint,
    sitemaps.blueprint,
    robots.blueprint,
    opensearch.blueprint,
    feeds.blueprint,
    usage_pages.blueprint,
    counter.blueprint,
    oai.resource_pages.blueprint,
    oai.views.oai,
    oai.sru.views.sru,
    oai.reading_pages.reading,
    oai.visitor_pages.harvests,
    oai.readiness_pages.readiness,
    oai.bad_record_pages.bad_records,
    status.status,
)


def create_app(given: settings.Settings | None = None) -> Flask:
    """The application over the instance that the settings name (by default the environment's)."""
    chosen = given or settings.load()
    app = Flask(
        "repository",
        template_folder=str(Path(__file__).parent / "templates"),
        static_folder=str(Path(public.__file__).parent.parent / "static"),
    )
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        SECRET_KEY_FALLBACKS=list(chosen.old_secret_keys),
        SESSION_COOKIE_NAME="__Host-page" if chosen.secure else "page",
        SESSION_COOKIE_SECURE=chosen.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        MAX_CONTENT_LENGTH=chosen.upload_limit + 2**20,
        MAX_FORM_MEMORY_SIZE=8 * 2**20,  # the description of a work with thousands of authors
        BABEL_TRANSLATION_DIRECTORIES=str(Path(public.__file__).parent.parent / "translations"),
    )
    logs.setup(chosen.log_level)
    app.extensions["archive"] = opening.open_archive(chosen)
    atexit.register(opening.close, app.extensions["archive"])
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    for module in (
        requests,
        counted,
        delivering,
        canonical,
        signing,
        words,
        layout,
        errors,
        budgets,
    ):
        module.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    signing.csrf.exempt(oai.views.oai)  # harvesters may POST; it changes nothing
    signing.csrf.exempt(oai.sru.views.sru)
    sword = (ingest.sword.views.sword, *SWORD_3)
    for programs in (repository.api.reading.api, ingest.api.api, *sword):
        signing.csrf.exempt(programs)  # they bear a token; no cookie counts there
    declare_jobs(app.extensions["archive"])
    app.teardown_appcontext(current.end)
    app.wsgi_app = oai.views.Door(app)  # type: ignore[method-assign]
    return app


class Commands(click.Group):
    """Says what is wrong in a sentence, without a trace, and exits with 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise click.UsageError(str(error)) from error
        except ArchiveError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="open-archive")
@click.option(
    "--instance",
    envvar="ARCHIVE_INSTANCE",
    default="instance",
    show_default=True,
    help="The folder that holds this archive: its settings, database, files and index.",
)
@click.pass_context
def cli(context: click.Context, instance: str) -> None:
    """Open Archive: keeps scholarly works and gives them to the world.

    Begin with `open-archive init`, then `open-archive serve`. Each command explains itself with
    --help. Exit codes: 0 done, 1 something failed, 2 the command was not understood.
    """
    context.obj = instance
    audit.everywhere(f"open-archive {context.invoked_subcommand}")


@click.command()
@click.option("--demonstration", is_flag=True, help="Fill an empty archive with sample works.")
@click.pass_obj
def init(instance: str, demonstration: bool) -> None:
    """Make a new archive in the instance folder, or complete one that is there.

    Writes archive.conf with a fresh secret key, makes the database, the store and the index, and
    the first administrator (from ARCHIVE_ADMIN_EMAIL and ARCHIVE_ADMIN_PASSWORD; without a
    password one is made and printed once). Safe to run again: nothing is overwritten.
    """
    repository.commands.initialise(instance)
    if demonstration:
        with repository.commands.opened(instance) as found:
            report = samples.load(found)
        for place, says in report.remarks:
            click.echo(f"{place}: {says}", err=True)
        click.echo(f"Demonstration works: {report.outcomes[Outcome.ADDED]} added.")


@click.command()
@click.pass_obj
def worker(instance: str) -> None:
    """Do the background work: datestamps for harvesters, the index, letters, texts of files.

    Run exactly one beside the servers; `open-archive serve` starts it by itself.
    """
    with repository.commands.opened(instance) as found:
        declare_jobs(found)
        files.sweep(found)
        working.run(
            found,
            {
                "oai": partial(feed.stamp, found),
                "oai blocks": working.seldom(partial(blocks.pack, found), every=1),
                "index": partial(derive.follow, found),
                "lost index": working.seldom(partial(indexing.heal, found), every=30),
                "arrivals": partial(arrivals.follow, found),
                "scans": partial(arrivals.follow, found, arrivals.SLOW),
                "unread scans": working.seldom(partial(ocr.mend, found), every=300),
                "lost pictures": working.seldom(partial(pictures.mend, found), every=300),
                "picture cache": working.seldom(partial(pictures.tidy, found), every=300),
                "rescans": working.seldom(partial(virus.refresh, found), every=60),
                "elsewhere": partial(elsewhere.follow, found),
                "harvest": partial(following.follow, found),
                "files to bring": partial(bringing.follow, found),
                "errands": partial(errands.follow, found),
                "mail": partial(mail.deliver, found),
                "harvest log": working.seldom(partial(visits.forget, found), every=3600),
                "old letters": working.seldom(partial(mail_queue.sweep, found), every=3600),
                "old readings": working.seldom(partial(reading_room.sweep, found), every=3600),
                "old deeds": working.seldom(partial(deeds.sweep, found), every=3600),
                "requests for copies": working.seldom(partial(copies.sweep, found), every=3600),
                "reminders": working.seldom(partial(reminding.remind, found), every=3600),
                "kept searches": working.seldom(partial(alerts.tell, found), every=600),
                "old notices": working.seldom(partial(notices.sweep, found), every=3600),
                "lost papers": working.seldom(partial(documents.sweep, found), every=3600),
                "audit heads": working.seldom(partial(audit_check.daily, found), every=600),
                "usage": working.seldom(partial(daily.follow, found), every=30),
                "batches": partial(batches.follow, found),
                "imports": partial(runs.follow, found),
                "old imports": working.seldom(partial(runs.sweep, found), every=3600),
                "old batches": working.seldom(partial(batches.sweep, found), every=3600),
                "duplicates": working.seldom(partial(comparing.compare, found), every=2),
                "unfinished uploads": working.seldom(partial(unfinished.sweep, found), every=600),
                "embargoes": working.seldom(partial(embargoes.lift, found), every=60),
                "hidden works": working.seldom(partial(hiding.end, found), every=60),
            },
        )


def declare_jobs(found: opening.Archive) -> None:
    """Makes the jobs of the queue known, to whoever enqueues or runs them."""
    checks.declare(found)


for command in (
    init,
    worker,
    *repository.commands.COMMANDS,
    *repository.user_commands.COMMANDS,
    *repository.collection_commands.COMMANDS,
    *repository.duplicate_commands.COMMANDS,
    *repository.audit_commands.COMMANDS,
    *repository.mail_commands.COMMANDS,
    *repository.export_commands.COMMANDS,
    *repository.usage.commands.COMMANDS,
    *ingest.commands.COMMANDS,
    *ingest.exchange_commands.COMMANDS,
    *ingest.attach_commands.COMMANDS,
    *ingest.harvest.commands.COMMANDS,
    *ingest.irbis.commands.COMMANDS,
    *ingest.index_commands.COMMANDS,
    *oai.commands.COMMANDS,
):
    cli.add_command(command)


if __name__ == "__main__":
    cli()

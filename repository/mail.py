"""Letters: written into the database with what they are about, sent by the worker."""

import os
import smtplib
import ssl
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import jinja2
import structlog
from babel.support import Translations
from marshmallow import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid
from repository.models.accounts import Letter
from repository.settings import Settings
from schemas.account import check_email

log = structlog.get_logger()

BATCH = 20
PATIENCE = 30  # seconds for the mail server
# A letter that cannot be sent is tried again after one minute, two, four ... for some 20 hours.
MOST_TRIES = 12
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
KEPT = timedelta(days=30)  # a letter that was given up, for whoever asks what became of it
# What stands between us and a letter that was sent; none of it is a fault of the program.
TROUBLE = (OSError, smtplib.SMTPException, jinja2.TemplateError, ValueError)


def write(session: Session, *, to: str, language: str, template: str, **context: Any) -> None:
    """Queues a letter; it is sent once the transaction is committed.

    `template` names templates/mail/<template>.txt, whose first line is the subject; `context` is
    kept as JSON until then.
    """
    try:
        recipient = check_email(to)
    except ValidationError as error:
        raise Invalid("“%(address)s” is not an e-mail address.", address=to[:60]) from error
    session.execute(delete(Letter).where(Letter.created < now() - KEPT))
    session.add(Letter(recipient=recipient, language=language, template=template, context=context))
    session.flush()


def deliver(archive: Archive) -> int:
    """Sends what is due; how many letters were sent."""
    with archive.reading() as session:
        due = select(Letter).where(Letter.due <= now(), Letter.tries < MOST_TRIES)
        letters = session.scalars(due.order_by(Letter.due, Letter.id).limit(BATCH)).all()
    return sum(_send(archive, letter) for letter in letters)


def _send(archive: Archive, letter: Letter) -> bool:
    """Tries one letter; whether it was sent. The mail server is slow, so nothing is locked."""
    if not _claim(archive, letter):
        return False
    error = _try(archive.settings, letter)
    with archive.writing() as session:
        found = session.get(Letter, letter.id)
        if found is not None and error is None:
            session.delete(found)  # with the links in it
        elif found is not None:
            found.error = str(error)[:500]
    return error is None


def _claim(archive: Archive, letter: Letter) -> bool:
    """Puts the letter off, so that no other worker takes it; whether we were the first."""
    pause = min(FIRST_PAUSE * 2 ** (letter.tries + 1), LONGEST_PAUSE)
    mine = (
        update(Letter)
        .where(Letter.id == letter.id, Letter.tries == letter.tries)
        .values(tries=letter.tries + 1, due=now() + pause)
        .returning(Letter.id)
    )
    with archive.writing() as session:
        return session.execute(mine).first() is not None


def _try(settings: Settings, letter: Letter) -> str | None:
    """Sends one letter; what went wrong when it could not be sent."""
    try:
        message = compose(settings, letter)
        if settings.mail_url:
            _post(settings.mail_url, message)
        else:
            _put(settings, letter, message)
    except TROUBLE as error:
        reason = f"{type(error).__name__}: {error}"
        log.error("letter not sent", letter=letter.id, template=letter.template, reason=reason)
        return reason
    return None


def compose(settings: Settings, letter: Letter) -> EmailMessage:
    """The letter in its recipient's language. A template's first line is the subject."""
    words = _environment(letter.language).get_template(f"mail/{letter.template}.txt")
    subject, _, body = words.render(letter.context).strip().partition("\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    sender = settings.mail_from or settings.admin_email
    message["From"] = Address(settings.name, addr_spec=sender)
    message["To"] = letter.recipient
    message["Date"] = format_datetime(letter.created)
    # The same when a letter is sent twice, so that mail programs can tell.
    message["Message-ID"] = f"<letter-{letter.id}-{letter.created:%Y%m%d%H%M%S%f}@{settings.host}>"
    message["Auto-Submitted"] = "auto-generated"
    # Old servers pass on seven bits only; in the folder people want to read what it says.
    encoding = "quoted-printable" if settings.mail_url else "8bit"
    message.set_content(body.strip() + "\n", cte=encoding)
    message["Content-Language"] = letter.language  # after the content, which sweeps such headers
    return message


@cache
def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("templates", ""),
        extensions=["jinja2.ext.i18n"],
        autoescape=False,  # noqa: S701 - letters are plain text
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language), newstyle=True
    )
    return environment


def translations(language: str) -> NullTranslations:
    """The interface's sentences in one language."""
    return Translations.load(str(files("repository") / "translations"), [language])


def _put(settings: Settings, letter: Letter, message: EmailMessage) -> None:
    """Writes the letter into the folder, for its owner's eyes only: links are in it."""
    settings.mail_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.mail_folder / f"{letter.created:%Y%m%d-%H%M%S-%f}-{letter.template}.eml"
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(bytes(message))
    part.replace(path)


def _post(url: str, message: EmailMessage) -> None:
    """Gives the letter to the mail server; a password never travels in the clear."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    safe = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=PATIENCE, context=safe
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=safe)
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username:
            raise smtplib.SMTPNotSupportedError("The mail server offers no STARTTLS.")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


class Waiting(NamedTuple):
    """Letters that could not be sent yet, and those that were given up."""

    waiting: int
    given_up: int


def status(session: Session) -> Waiting:
    """How many letters have failed at least once."""
    tries = session.scalars(select(Letter.tries).where(Letter.error != "")).all()
    given_up = sum(one >= MOST_TRIES for one in tries)
    return Waiting(len(tries) - given_up, given_up)

"""Letters: written into the database with what they are about, sent by the worker."""

import re
import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from gettext import NullTranslations
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

import jinja2
import structlog
from babel.support import Translations
from sqlalchemy import select
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.clock import now
from repository.models.accounts import Letter
from repository.settings import Settings

log = structlog.get_logger()

BATCH = 20
PATIENCE = 30  # seconds for the mail server
MOST_TRIES = 12


def write(session: Session, *, to: str, language: str, template: str, **context: Any) -> None:
    """Queues a letter; it is sent once the transaction is committed."""
    if re.search(r"[\r\n]", to):
        raise ValueError("An address cannot hold a line end.")
    session.add(Letter(recipient=to, language=language, template=template, context=context))


def deliver(archive: Archive) -> int:
    """Sends what is due; how many letters were sent."""
    with archive.reading() as session:
        due = select(Letter).where(Letter.due <= now(), Letter.tries < MOST_TRIES)
        letters = session.scalars(due.order_by(Letter.due).limit(BATCH)).all()
    sent = 0
    for letter in letters:
        error = _try(archive.settings, letter)
        with archive.writing() as session:
            found = session.get(Letter, letter.id)
            if found is None:
                continue
            if error is None:
                session.delete(found)
                sent += 1
            else:
                found.tries += 1
                found.error = error[:500]
                found.due = now() + min(timedelta(seconds=30 * 2**found.tries), timedelta(hours=6))
    return sent


def _try(settings: Settings, letter: Letter) -> str | None:
    """Sends one letter; the error when it could not be sent."""
    message = compose(settings, letter)
    try:
        if settings.mail_url:
            _post(settings.mail_url, message)
        else:
            _put(settings, letter, message)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letter not sent", letter=letter.id, template=letter.template, error=str(error))
        return f"{type(error).__name__}: {error}"
    return None


def compose(settings: Settings, letter: Letter) -> EmailMessage:
    """The letter in its recipient's language. A template's first line is the subject."""
    words = _environment(letter.language).get_template(f"mail/{letter.template}.txt")
    subject, _, body = words.render(**letter.context).strip().partition("\n")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings.mail_from or settings.admin_email
    message["To"] = letter.recipient
    message["Date"] = format_datetime(letter.created)
    message["Message-ID"] = make_msgid(f"letter{letter.id}", settings.host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    message["Content-Language"] = letter.language  # set_content clears what was there before
    return message


def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("templates", ""),
        extensions=["jinja2.ext.i18n"],
        autoescape=False,  # noqa: S701 - letters are plain text
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return environment


def translations(language: str) -> NullTranslations:
    """The interface's sentences in one language."""
    return Translations.load(str(files("repository") / "translations"), [language])


def _put(settings: Settings, letter: Letter, message: EmailMessage) -> None:
    settings.mail_folder.mkdir(parents=True, exist_ok=True)
    name = f"{letter.created:%Y%m%d-%H%M%S}-{letter.id:06}-{letter.template}.eml"
    (settings.mail_folder / name).write_bytes(message.as_bytes())


def _post(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=PATIENCE) as server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)

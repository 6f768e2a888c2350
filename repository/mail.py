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
from jinja2 import meta
from marshmallow import ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository import appearance, mail_trouble
from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid
from repository.models.accounts import Letter, Post
from repository.settings import Settings
from schemas.account import check_email

log = structlog.get_logger()

BATCH = 20
PATIENCE = 30  # seconds for the mail server
# A letter that cannot be sent is tried again after one minute, two, four ... for some 20 hours.
MOST_TRIES = 12
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
SHORT_PATIENCE = 10  # while somebody waits for a test
# What stands between us and a letter that was sent; none of it is a fault of the program.
TROUBLE = (OSError, smtplib.SMTPException, jinja2.TemplateError, ValueError)


def write(session: Session, *, to: str, language: str, template: str, **context: Any) -> None:
    """Queues a letter; it is sent once the transaction is committed.

    `template` names templates/mail/<template>.txt, whose first line is the subject; `context` is
    kept as JSON until then.
    """
    recipient = _address(to)
    session.add(Letter(recipient=recipient, language=language, template=template, context=context))
    session.flush()


def _address(to: str) -> str:
    try:
        return check_email(to)
    except ValidationError as error:
        raise Invalid("“%(address)s” is not an e-mail address.", address=to[:60]) from error


def deliver(archive: Archive) -> int:
    """Sends what is due; how many letters were sent."""
    with archive.reading() as session:
        due = select(Letter).where(Letter.state == Post.WAITING, Letter.due <= now())
        letters = session.scalars(due.order_by(Letter.due, Letter.id).limit(BATCH)).all()
    return sum(_send(archive, letter) for letter in letters)


def _send(archive: Archive, letter: Letter) -> bool:
    """Tries one letter; whether it was sent. The mail server is slow, so nothing is locked."""
    if not _claim(archive, letter):
        return False
    outcome = attempt(archive.settings, letter)
    with archive.writing() as session:
        found = session.get(Letter, letter.id)
        if found is not None:
            _settle(found, outcome)
    return outcome.sent


def _settle(letter: Letter, outcome: "Outcome") -> None:
    letter.trouble, letter.error, letter.answer = "", "", ""
    if outcome.sent:
        letter.state, letter.sent, letter.answer = Post.SENT, now(), outcome.answer
        letter.context = {}  # with the links in it
        return
    letter.trouble, letter.error = outcome.trouble, outcome.answer[:500]
    if outcome.trouble in mail_trouble.FINAL or letter.tries >= MOST_TRIES:
        letter.state = Post.FAILED


def _claim(archive: Archive, letter: Letter) -> bool:
    """Puts the letter off, so that no other worker takes it; whether we were the first."""
    pause = min(FIRST_PAUSE * 2 ** (letter.tries + 1), LONGEST_PAUSE)
    mine = (
        update(Letter)
        .where(Letter.id == letter.id, Letter.tries == letter.tries, Letter.state == Post.WAITING)
        .values(tries=letter.tries + 1, due=now() + pause)
        .returning(Letter.id)
    )
    with archive.writing() as session:
        return session.execute(mine).first() is not None


class Outcome(NamedTuple):
    """What came of a try: whether it went, which trouble it had, what was answered."""

    sent: bool
    trouble: str = ""
    answer: str = ""


def attempt(settings: Settings, letter: Letter, *, patience: float | None = None) -> Outcome:
    """Tries to send one letter."""
    try:
        message = compose(settings, letter)
        if settings.mail_url:
            return Outcome(True, answer=_post(settings.mail_url, message, patience or PATIENCE))
        return Outcome(True, answer=_put(settings, letter, message))
    except TROUBLE as error:
        said = mail_trouble.answer(error)
        log.error("letter not sent", letter=letter.id, template=letter.template, reason=said)
        return Outcome(False, mail_trouble.kind(error), said)


def test(settings: Settings, *, to: str, language: str) -> Outcome:
    """Sends a letter that says that letters arrive, now and past the queue."""
    recipient = _address(to)
    context = {
        "archive_name": appearance.name(settings, language),
        "base_url": settings.base_url,
    }
    letter = Letter(
        id=0,
        recipient=recipient,
        language=language,
        template="test",
        context=context,
        created=now(),
    )
    return attempt(settings, letter, patience=SHORT_PATIENCE)


def compose(settings: Settings, letter: Letter) -> EmailMessage:
    """The letter in its recipient's language. A template's first line is the subject."""
    words = _environment(letter.language).get_template(f"mail/{letter.template}.txt")
    subject, _, body = words.render(letter.context).strip().partition("\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    sender = settings.mail_from or settings.admin_email
    message["From"] = Address(appearance.name(settings, letter.language), addr_spec=sender)
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


def _put(settings: Settings, letter: Letter, message: EmailMessage) -> str:
    """Writes the letter into the folder, for its owner's eyes only: links are in it."""
    settings.mail_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.mail_folder / f"{letter.created:%Y%m%d-%H%M%S-%f}-{letter.template}.eml"
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(bytes(message))
    part.replace(path)
    return f"mail/{path.name}"


class _Listening:
    """Keeps what the mail server says when it has taken a letter: often the number it gave it."""

    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, text = super().data(msg)  # type: ignore[misc]
        self.answer = mail_trouble.said(code, text)
        return code, text


class _Plain(_Listening, smtplib.SMTP):
    pass


class _Encrypted(_Listening, smtplib.SMTP_SSL):
    pass


def _post(url: str, message: EmailMessage, patience: float) -> str:
    """Gives the letter to the mail server; a password never travels in the clear."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    safe = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: _Plain | _Encrypted = _Encrypted(
            host, parts.port or 465, timeout=patience, context=safe
        )
    else:
        server = _Plain(host, parts.port or 587, timeout=patience)
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
        return server.answer


class Waiting(NamedTuple):
    """Letters that could not be sent yet, and those that were given up."""

    waiting: int
    given_up: int


def status(session: Session) -> Waiting:
    """How many letters have failed at least once."""
    states = session.scalars(select(Letter.state).where(Letter.error != "")).all()
    return Waiting(states.count(Post.WAITING), states.count(Post.FAILED))


@cache
def _first_line(template: str, language: str) -> tuple[jinja2.Template, frozenset[str]]:
    environment = _environment(language)
    source = (files("templates") / "mail" / f"{template}.txt").read_text("utf-8")
    line = source.strip().partition("\n")[0]
    return environment.from_string(line), frozenset(
        meta.find_undeclared_variables(environment.parse(line)) - {"_", "gettext", "ngettext"}
    )


def subject(template: str, language: str, words: dict[str, Any]) -> str:
    """A letter's first line in a language."""
    line, names = _first_line(template, language)
    given = {name: words.get(name, "") for name in names}
    return " ".join(line.render(given).split())


def subject_words(template: str, context: dict[str, Any]) -> dict[str, Any]:
    """That part of a letter's context which its first line needs."""
    names = _first_line(template, "en")[1]
    return {name: context[name] for name in sorted(names) if name in context}


def title(letter: Letter, language: str) -> str:
    """What a letter is about, in a language; without what its first line takes from elsewhere."""
    try:
        return subject(letter.template, language, letter.context).rstrip(" :")
    except (OSError, jinja2.TemplateError):
        return letter.template

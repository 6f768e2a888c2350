"""Letters: by a real conversation with a mail server, or into the folder."""

import email
import shutil
import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import policy
from itertools import pairwise
from pathlib import Path

import jinja2
import pytest
from click.testing import CliRunner
from jinja2 import meta
from sqlalchemy import select

import wsgi
from repository import mail, mail_queue, mail_trouble
from repository.clock import now
from repository.errors import Invalid, NotFound
from repository.models.accounts import Letter, Post
from repository.viewers import SYSTEM

TEMPLATES = Path(wsgi.__file__).parent / "templates" / "mail"
CONTEXT = {
    "name": "Айгүл",
    "url": "http://localhost/account/confirm?token=abc",
    "archive_name": "Ачык архив",
    "base_url": "http://localhost",
}


class Conversation(socketserver.StreamRequestHandler):
    """The mail server's side, as RFC 5321 has it, as far as we speak."""

    def handle(self):
        self.tls = False
        self.say(self.server.says.get("HELLO", "220 mail.test ready"))
        while line := self.rfile.readline():  # of the encrypted connection, once there is one
            word = line.decode().strip()
            self.server.heard.append(word)
            verb = word.split()[0].upper()
            says = self.server.says.get(verb)
            if says == "cut":
                return
            if says == "slow":
                self.server.stop.wait(10)
                return
            if says:
                self.say(says)
                continue
            getattr(self, f"on_{verb.lower()}", self.fine)(word)
            if verb == "QUIT":
                return

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def fine(self, word):
        self.say("250 fine")

    def on_ehlo(self, word):
        offers = ["AUTH PLAIN"]
        if self.server.tls and not self.tls:
            offers.append("STARTTLS")
        self.say("\r\n".join(f"250-{one}" for one in ["mail.test", *offers]))
        self.say("250 8BITMIME")

    def on_starttls(self, word):
        self.say("220 go on")
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:
            return  # the other side does not trust us
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.tls = True

    def on_auth(self, word):
        self.say("235 welcome")

    def on_rcpt(self, word):
        self.say(self.server.answer)

    def on_data(self, word):
        self.say("354 speak")
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            text += self.rfile.readline()
        self.server.letters.append((self.tls, text[:-5].replace(b"\r\n..", b"\r\n.")))
        self.say("250 kept")

    def on_quit(self, word):
        self.say("221 bye")
        if self.tls:
            self.connection.close()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False


@contextmanager
def serving(tls=None, answer="250 fine", **says):
    """A mail server; `says` is what it says to a verb instead, or "cut", or "slow"."""
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.tls, server.answer, server.letters, server.heard = tls, answer, [], []
        server.says, server.stop = says, threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            server.shutdown()
            thread.join()


def by(archive, server, login=""):
    url = f"smtp://{login}localhost:{server.server_address[1]}"
    return replace(archive, settings=replace(archive.settings, mail_url=url))


def write(archive, to="aigul@example.org", language="ky", template="account_confirm", **more):
    with archive.writing() as session:
        mail.write(session, to=to, language=language, template=template, **{**CONTEXT, **more})


def letters(archive):
    with archive.reading() as session:
        return session.scalars(select(Letter).order_by(Letter.id)).all()


def waiting(archive):
    return [one for one in letters(archive) if one.state != Post.SENT]


def due_again(archive):
    with archive.writing() as session:
        for letter in session.scalars(select(Letter)):
            letter.due = now() - timedelta(seconds=1)


def in_folder(archive):
    paths = sorted(archive.settings.mail_folder.glob("*.eml"))
    return [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in paths]


def test_without_a_mail_server_letters_are_files_that_people_can_read(archive):
    write(archive)
    assert mail.deliver(archive) == 1
    assert mail.deliver(archive) == 0 and not waiting(archive)
    (path,) = archive.settings.mail_folder.iterdir()
    assert path.suffix == ".eml" and path.stat().st_mode & 0o777 == 0o600
    assert CONTEXT["url"] in path.read_text("utf-8"), "the link is not encoded"
    (letter,) = in_folder(archive)
    assert letter["To"] == "aigul@example.org"
    assert letter["From"].addresses[0].display_name == "Ачык архив"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "ky"
    assert letter["Subject"] and "Айгүл" in letter.get_content()


def test_a_mail_server_gets_the_letter(archive):
    with serving() as server:
        write(archive)
        assert mail.deliver(by(archive, server)) == 1
        ((encrypted, text),) = server.letters
    assert not encrypted and text.isascii()
    letter = email.message_from_bytes(text, policy=policy.default)
    assert CONTEXT["url"] in letter.get_content()
    assert "rcpt TO:<aigul@example.org>" in server.heard
    assert not waiting(archive)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", made, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


def encrypting(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_the_password_travels_encrypted(archive, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with serving(tls=encrypting(certificate)) as server:
        write(archive)
        assert mail.deliver(by(archive, server, login="me:s%40fe@")) == 1
        ((encrypted, _),) = server.letters
    assert encrypted
    said = [word.split()[0] for word in server.heard]
    assert said.index("STARTTLS") < said.index("AUTH")


def test_a_certificate_that_is_not_trusted_is_refused(archive, certificate):
    with serving(tls=encrypting(certificate)) as server:
        write(archive)
        assert mail.deliver(by(archive, server, login="me:secret@")) == 0
    (letter,) = waiting(archive)
    assert "CERTIFICATE" in letter.error.upper()
    assert not any(word.startswith("AUTH") for word in server.heard)


def test_a_password_is_never_sent_in_the_clear(archive):
    with serving() as server:
        write(archive)
        assert mail.deliver(by(archive, server, login="me:secret@")) == 0
    (letter,) = waiting(archive)
    assert "STARTTLS" in letter.error
    assert not any(word.startswith("AUTH") for word in server.heard)


def test_a_letter_that_is_refused_waits_longer_each_time_and_says_why(archive):
    with serving(answer="451 come back later") as server:
        write(archive)
        pauses = []
        for _ in range(4):
            due_again(archive)
            assert mail.deliver(by(archive, server)) == 0
            (letter,) = waiting(archive)
            pauses.append(letter.due - now())
        assert "451" in letter.error and letter.tries == 4
        assert all(first * 1.5 < second for first, second in pairwise(pauses))
        assert mail.deliver(by(archive, server)) == 0 and letter.tries == 4, "not due yet"
        server.answer = "250 fine"
        due_again(archive)
        assert mail.deliver(by(archive, server)) == 1
    assert not waiting(archive)


def test_a_letter_that_never_goes_is_given_up_and_stays_visible(archive):
    write(archive)
    lost = replace(archive, settings=replace(archive.settings, mail_url="smtp://localhost:1"))
    for _ in range(mail.MOST_TRIES + 3):
        due_again(archive)
        mail.deliver(lost)
    with archive.reading() as session:
        found = mail.status(session)
    assert found == (0, 1)
    (letter,) = waiting(archive)
    assert "refused" in letter.error and letter.tries == mail.MOST_TRIES
    with archive.writing() as session:
        session.get_one(Letter, letter.id).created -= mail_queue.KEPT
    write(archive, to="other@example.org")
    assert mail_queue.sweep(archive) == 1
    assert [one.recipient for one in waiting(archive)] == ["other@example.org"]


def test_what_is_public_of_our_health_names_no_address(archive, client):
    write(archive, to="nobody@example.org")
    with serving(answer="550 no such mailbox") as server:
        assert mail.deliver(by(archive, server)) == 0
    answer = client.get("/health")
    assert "1 were given up" in answer.json["parts"]["letters"]["says"]
    assert "nobody@" not in answer.get_data(as_text=True)


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(archive):
    write(archive, template="no_such_template")
    write(archive, to="second@example.org")
    with archive.writing() as session:
        mail.write(session, to="third@example.org", language="ky", template="account_confirm")
    assert mail.deliver(archive) == 1
    assert sorted(letter.template for letter in waiting(archive)) == [
        "account_confirm",
        "no_such_template",
    ]
    assert all(letter.error for letter in waiting(archive))


def test_of_two_workers_one_sends_a_letter(archive):
    write(archive)
    (letter,) = waiting(archive)
    assert mail._claim(archive, letter)
    assert not mail._claim(archive, letter)


@pytest.mark.parametrize(
    "to",
    [
        "a@b.org\nBcc: c@d.org", "a@b.org\r\nSubject: x", "a@b.org, c@d.org", "a@b.org;c@d.org",
        "<a@b.org>", "A <a@b.org>", "a@b.org\u2028Bcc: c@d.org", "",
    ],
)  # fmt: skip
def test_an_address_cannot_carry_a_header(archive, to):
    with archive.writing() as session, pytest.raises(Invalid):
        mail.write(session, to=to, language="ky", template="account_confirm", **CONTEXT)


def test_a_title_cannot_carry_a_header(archive):
    nasty = "A\r\nBcc: victim@example.org\r\n\r\nbody"
    write(archive, template="deposit_accepted", title=nasty, comment="", actor="", name=nasty)
    mail.deliver(archive)
    (letter,) = in_folder(archive)
    assert letter["Bcc"] is None and letter["To"] == "aigul@example.org"
    assert letter["Subject"].startswith("Accepted") or "A" in letter["Subject"]


def test_what_was_sent_is_remembered_without_what_was_in_it(archive):
    with serving() as server:
        write(archive)
        assert mail.deliver(by(archive, server)) == 1
    (letter,) = letters(archive)
    assert letter.state == Post.SENT and letter.sent and letter.answer == "250 kept"
    assert letter.context == {} and "token" not in mail.title(letter, "en")


@pytest.mark.parametrize(
    ("says", "trouble", "state"),
    [
        ({"answer": "550 no such mailbox"}, "recipient", Post.FAILED),
        ({"answer": "450 come back"}, "recipient-later", Post.WAITING),
        ({"MAIL": "550 not you"}, "sender", Post.WAITING),
        ({"MAIL": "451 not now"}, "sender", Post.WAITING),
        ({"DATA": "552 too much"}, "content", Post.FAILED),
        ({"DATA": "451 later"}, "content-later", Post.WAITING),
        ({"DATA": "cut"}, "cut", Post.WAITING),
        ({"EHLO": "cut"}, "cut", Post.WAITING),
        ({"HELLO": "554 go away"}, "greeting", Post.WAITING),
        ({"RCPT": "slow"}, "timeout", Post.WAITING),
    ],
)
def test_each_misbehaviour_of_a_mail_server_has_its_words(
    archive, monkeypatch, says, trouble, state
):
    monkeypatch.setattr(mail, "PATIENCE", 0.2)
    with serving(**says) as server:
        write(archive)
        assert mail.deliver(by(archive, server)) == 0
    (letter,) = letters(archive)
    assert (letter.trouble, letter.state) == (trouble, state)
    assert letter.error and trouble in mail_trouble.SAYS
    for word in says.values():
        assert word in ("cut", "slow") or word in letter.error


def test_a_wrong_password_says_so_and_is_not_shown(archive, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with serving(tls=encrypting(certificate), AUTH="535 5.7.8 wrong") as server:
        changed = by(archive, server, login="me:secret-word@")
        outcome = mail.test(changed.settings, to="a@example.org", language="en")
    assert outcome == (False, "login", "535 5.7.8 wrong")


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("smtp://localhost:1", "refused"),
        ("smtp://no-such-host.invalid:25", "host"),
    ],
)
def test_a_server_that_is_not_there_says_so(archive, url, trouble):
    changed = replace(archive.settings, mail_url=url)
    outcome = mail.test(changed, to="a@example.org", language="en")
    assert (outcome.sent, outcome.trouble) == (False, trouble)


def test_an_encrypted_connection_to_a_plain_port_says_so(archive):
    with serving() as server:
        url = f"smtps://localhost:{server.server_address[1]}"
        outcome = mail.test(replace(archive.settings, mail_url=url), to="a@b.org", language="en")
    assert outcome.trouble == "tls"


def test_a_letter_can_be_sent_again_or_deleted_but_not_once_it_was_sent(archive):
    with serving(answer="550 no such mailbox") as server:
        write(archive)
        write(archive, to="second@example.org")
        assert mail.deliver(by(archive, server)) == 0
        first, second = letters(archive)
        server.answer = "250 fine"
        assert mail.deliver(by(archive, server)) == 0, "given up"
        with archive.writing() as session:
            mail_queue.again(session, first.id, actor=SYSTEM)
            mail_queue.drop(session, second.id, actor=SYSTEM)
        assert mail.deliver(by(archive, server)) == 1
    with archive.writing() as session, pytest.raises(NotFound):
        mail_queue.again(session, first.id, actor=SYSTEM)
    assert [one.state for one in letters(archive)] == [Post.SENT]


def test_the_commands_say_what_became_of_letters(archive, monkeypatch):
    monkeypatch.setenv("ARCHIVE_SECRET_KEY", "k" * 40)

    def run(*words):
        given = ["--instance", str(archive.settings.instance), "mail", *words]
        return CliRunner().invoke(wsgi.cli, given)

    assert "written to mail/" in run("test", "a@example.org").stdout
    assert run("test", "nobody").exit_code == 1
    with serving(answer="550 no such mailbox") as server:
        monkeypatch.setenv("ARCHIVE_MAIL_URL", by(archive, server).settings.mail_url)
        done = run("test", "a@example.org")
        assert done.exit_code == 1 and "550 no such mailbox" in done.stderr
        write(archive)
        mail.deliver(by(archive, server))
    assert "550 no such mailbox" in run("list", "--state", "failed").stdout
    number = letters(archive)[0].id
    assert run("again", str(number)).exit_code == 0
    assert run("again", "999").exit_code == 1


def context_of(template):
    """Something for every name that a letter uses."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    source = (TEMPLATES / f"{template}.txt").read_text("utf-8")
    names = meta.find_undeclared_variables(environment.parse(source)) - {"_", "gettext", "ngettext"}
    return {name: CONTEXT.get(name, f"[{name}]") for name in names}


KINDS = sorted(path.stem for path in TEMPLATES.glob("*.txt"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_letter_can_be_written_in_every_language(archive, kind, language):
    context = context_of(kind)
    with archive.writing() as session:
        mail.write(session, to="a@b.org", language=language, template=kind, **context)
    assert mail.deliver(archive) == 1
    (letter,) = in_folder(archive)
    assert letter["Content-Language"] == language and letter["Subject"]
    text = letter.get_content()
    assert "{" not in text and "%(" not in text and archive.settings.name in text
    subject = mail.subject(kind, language, context)
    assert letter["Subject"] == subject and "%(" not in subject


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_no_sentence_of_a_letter_is_left_in_english(kind, language):
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    source = (TEMPLATES / f"{kind}.txt").read_text("utf-8")
    environment.newstyle_gettext = True
    found = [one for _, _, one in environment.extract_translations(source)]
    sentences = {one if isinstance(one, str) else one[0] for one in found}
    say = mail.translations(language).gettext
    assert sentences and {one for one in sentences if say(one) == one} == set()

"""What keeps a letter from being sent, in plain words, and whether trying again can help."""

import smtplib
import socket
import ssl

import jinja2


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


SAYS = {
    "login": _("The mail server does not accept the user name or the password."),
    "no-login": _("The mail server offers no sign-in, but the settings give a user name."),
    "plain": _("The mail server offers no encryption, so the password was not sent."),
    "certificate": _("The mail server's certificate is not trusted, or is for another name."),
    "tls": _("An encrypted connection to the mail server could not be made. Is it the right port?"),
    "host": _("There is no mail server of that name."),
    "refused": _("Nothing answers at the mail server's address and port."),
    "timeout": _("The mail server did not answer in time."),
    "cut": _("The mail server broke the connection off."),
    "greeting": _("The mail server does not want to talk to us."),
    "recipient": _("The mail server does not take letters for this address."),
    "recipient-later": _("The mail server takes no letters for this address now."),
    "sender": _("The mail server does not take letters from our address."),
    "content": _("The mail server refused the letter itself."),
    "content-later": _("The mail server could not take the letter now."),
    "words": _("The letter could not be written. Its words need the programmers."),
    "network": _("The mail server cannot be reached."),
    "other": _("The letter could not be sent."),
}
# For these, no further try will end in another way.
FINAL = frozenset({"recipient", "content"})


def kind(error: Exception) -> str:
    """Which trouble an error is: a key of SAYS."""
    if isinstance(error, smtplib.SMTPException):
        return _of_conversation(error)
    for family, name in FAMILIES:
        if isinstance(error, family):
            return name
    return "other"


FAMILIES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "tls"),
    (socket.gaierror, "host"),
    (ConnectionRefusedError, "refused"),
    (TimeoutError, "timeout"),
    (ConnectionError, "cut"),
    (OSError, "network"),
    (jinja2.TemplateError, "words"),
)


def _of_conversation(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return "recipient" if codes and min(codes) >= 500 else "recipient-later"
    if isinstance(error.__context__, TimeoutError):
        return "timeout"  # which smtplib tells as a connection that was cut
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "plain" if "STARTTLS" in str(error) else "no-login"
    if isinstance(error, smtplib.SMTPDataError):
        return "content" if error.smtp_code >= 500 else "content-later"
    for family, name in (
        (smtplib.SMTPAuthenticationError, "login"),
        (smtplib.SMTPSenderRefused, "sender"),
        (smtplib.SMTPServerDisconnected, "cut"),
        (smtplib.SMTPResponseException, "greeting"),
    ):
        if isinstance(error, family):
            return name
    return "no-login" if "AUTH" in str(error) else "other"


def answer(error: Exception) -> str:
    """What was said, as the machine says it; never a password."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(said(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def said(code: int, text: bytes | str) -> str:
    """A mail server's answer as a line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:500]

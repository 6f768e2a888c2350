"""Passwords: what is accepted, and how they are kept."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from repository.errors import Invalid

SHORTEST = 10
LONGEST = 1000
# What attackers try first, among passwords that are long enough.
COMMON = frozenset(
    """1234567890 12345678910 123456789012 0123456789 0987654321 1111111111 0000000000 1q2w3e4r5t
    1q2w3e4r5t6y qwertyuiop qwerty12345 qwerty123456 password12 password123 password1234
    passwordpassword iloveyou12 letmein1234 welcome123 admin12345 administrator changeme123
    asdfghjkl1 asdfghjkl; zxcvbnm123 abcdefghij abcd123456 bishkek2020 bishkek2024 kyrgyzstan
    kyrgyzstan1 кыргызстан biblioteka library123 йцукенгшщз йцукен12345 пароль12345 парольпароль
    фывапролдж ячсмитьбюё привет12345 любимая123 сыймык1234""".split()
)
_hasher = PasswordHasher()
# Each hash takes 64 MB and both cores for a moment; more than two at once would stop the server.
_turns = threading.BoundedSemaphore(2)
# Compared with when there is no such account, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


def check(password: str, *, email: str) -> str:
    """The password as it is hashed (NFC); raises Invalid when it is too easy to guess."""
    normal = unicodedata.normalize("NFC", password)
    if len(normal) < SHORTEST:
        raise Invalid(
            "The password is too short: it needs at least %(count)s characters.",
            {"password": []},
            count=SHORTEST,
        )
    if len(normal) > LONGEST:
        raise Invalid("The password is too long.", {"password": []})
    folded = normal.casefold()
    if folded in COMMON or folded == email.casefold() or len(set(folded)) < 4:
        raise Invalid(
            "This password is one of the first that strangers would try. Choose another.",
            {"password": []},
        )
    return normal


def keep(password: str) -> str:
    """The argon2id hash to be stored."""
    with _turns:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long when nothing is stored."""
    normal = unicodedata.normalize("NFC", password)[:LONGEST]
    with _turns:
        try:
            return _hasher.verify(stored or _NOBODY, normal) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)

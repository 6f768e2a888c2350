"""Passwords as they are kept: argon2id hashes, made a few at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from repository.errors import Busy
from schemas import text

# OWASP asks for at least 19 MiB and 2 rounds. More lanes would only keep more cores busy.
HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
# Each hash takes 32 MiB and a core; without a bound a crowd at the door would stop the server.
AT_ONCE = 2
PATIENCE = 10  # seconds that a hash waits for its turn
_turns = threading.BoundedSemaphore(AT_ONCE)


def keep(password: str) -> str:
    """The hash to be stored."""
    with _turn():
        return HASHER.hash(text.compose(password))


# What a password is compared with when there is no account, so that the answer takes as long.
NOBODY = HASHER.hash("nobody has this password")


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long when nothing is stored."""
    with _turn():
        try:
            return HASHER.verify(stored or NOBODY, text.compose(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy("Very many people are signing in. Please try again in a moment.")
    try:
        yield
    finally:
        _turns.release()

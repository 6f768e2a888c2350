"""Seats of the reading rooms: a computer that counts as being in the library while it is open.

Staff open a seat in its browser with the seat's code. It closes by itself when nobody has asked
for a page for a while, and one browser is open at a seat at a time.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import audit, networks
from repository.clock import now
from repository.errors import Forbidden, Invalid, NotFound
from repository.models.terminals import Terminal
from repository.tokens import digest, fresh
from repository.viewers import ANONYMOUS, Viewer
from schemas.text import clean

# Without letters and digits that look alike.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 3, 4
SEEN_EVERY = timedelta(seconds=30)
NAME_LIMIT = 60


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def everything(session: Session) -> Sequence[Terminal]:
    """All seats by name."""
    return session.scalars(select(Terminal).order_by(Terminal.name)).all()


def get(session: Session, number: int) -> Terminal:
    """The seat of that number; raises NotFound."""
    found = session.get(Terminal, number)
    if found is None:
        raise NotFound("There is no such seat.")
    return found


def add(session: Session, *, name: str, network: str, actor: Viewer) -> str:
    """Makes a seat; its code, which nobody can see again."""
    name, network = " ".join(clean(name).split()), network.strip()
    wrong: dict[str, list[str]] = {}
    if not name or len(name) > NAME_LIMIT:
        wrong["name"] = [_("Give it a short name, as it stands on the table.")]
    elif session.scalar(select(Terminal.id).where(Terminal.name == name)):
        wrong["name"] = [_("There is a seat of this name already.")]
    try:
        network = networks.normal(network) if network else ""
    except ValueError:
        wrong["network"] = [_("Write a network such as 10.1.0.0/16, or leave this empty.")]
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    code = _code()
    found = Terminal(name=name, network=network, code=digest(_plain(code)))
    session.add(found)
    session.flush()
    _note(session, "added", found, actor)
    return code


def renew(session: Session, found: Terminal, *, actor: Viewer) -> str:
    """A new code, shown once; the old one opens nothing any more, and the seat closes."""
    code = _code()
    found.code, found.token = digest(_plain(code)), None
    session.flush()
    _note(session, "code", found, actor)
    return code


def switch(session: Session, found: Terminal, *, active: bool, actor: Viewer) -> None:
    """Takes a seat out of use, or puts it back."""
    found.active, found.token = active, None
    session.flush()
    _note(session, "on" if active else "off", found, actor)


def remove(session: Session, found: Terminal, *, actor: Viewer) -> None:
    """Deletes a seat."""
    _note(session, "deleted", found, actor)
    session.delete(found)
    session.flush()


def open_(session: Session, code: str, *, address: str) -> str:
    """Opens the seat of a code in this browser; the token for its cookie."""
    found = session.scalar(select(Terminal).where(Terminal.code == digest(_plain(code))))
    if found is None or not found.active:
        raise Invalid("No seat has this code.", {"code": []})
    if found.network and not networks.within(address, [found.network]):
        raise Forbidden("This computer is not in the network of that seat.")
    token = fresh()
    found.token, found.opened, found.seen = digest(token), now(), now()
    session.flush()
    _note(session, "opened", found, ANONYMOUS)
    return token


def find(session: Session, token: str, *, address: str, idle: timedelta) -> Terminal | None:
    """The seat that is open in the browser of a token; None when it is open no more."""
    found = session.scalar(select(Terminal).where(Terminal.token == digest(token)))
    if found is None or not found.active or found.seen is None or now() >= found.seen + idle:
        return None
    return None if found.network and not networks.within(address, [found.network]) else found


def stale(found: Terminal) -> bool:
    """Whether it is time to note that somebody sits there."""
    return found.seen is None or now() - found.seen > SEEN_EVERY


def touch(session: Session, token: str) -> None:
    """Notes that somebody sits at the seat."""
    found = session.scalar(select(Terminal).where(Terminal.token == digest(token)))
    if found is not None:
        found.seen = now()


def close(session: Session, token: str) -> None:
    """Closes the seat in the browser of a token."""
    found = session.scalar(select(Terminal).where(Terminal.token == digest(token)))
    if found is not None:
        found.token = None


def occupied(found: Terminal, idle: timedelta) -> bool:
    """Whether a browser is open at the seat."""
    return bool(found.token and found.seen and now() < found.seen + idle)


def _code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _plain(code: str) -> str:
    return "".join(one for one in code.upper() if one.isalnum())[:40]


def _note(session: Session, what: str, found: Terminal, actor: Viewer) -> None:
    given = {"name": found.name}
    audit.write(session, f"seat.{what}", actor=actor, about=("seat", found.id), details=given)

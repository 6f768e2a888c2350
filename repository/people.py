"""Records of people who make works: made, changed, found; and which works are theirs.

A record is public as soon as one public work is surely its person's. Its notes and its account are
for the staff alone.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import accounts, alphabet, audit, credits, namesakes
from repository.clock import now
from repository.errors import Conflict, Invalid, NotFound
from repository.models.people import (
    Author,
    AuthorForm,
    AuthorIdentifier,
    AuthorKey,
    AuthorPlace,
)
from repository.viewers import Viewer
from schemas import author as border
from schemas import work as profile

FORMS = 100  # in one record
PARTS = ("family", "given", "patronymic")


def get(session: Session, number: int) -> Author:
    """The record of that number; raises NotFound."""
    found = session.get(Author, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no record of this person.")
    return found


def living(session: Session, number: int) -> Author:
    """The same, or the one that it was merged into."""
    found = get(session, number)
    seen = {found.id}
    while found.merged_into_id is not None and found.merged_into_id not in seen:
        found = get(session, found.merged_into_id)
        seen.add(found.id)
    return found


def described(author: Author) -> dict[str, Any]:
    """All that a record holds, in the shape in which it is written."""
    return {
        "forms": [
            {name: getattr(one, name) for name in (*PARTS, "language") if getattr(one, name)}
            for one in author.forms
        ],
        "orcid": author.orcid or "",
        "identifiers": [{"scheme": one.scheme, "value": one.value} for one in author.identifiers],
        "affiliations": [
            {name: getattr(one, name) for name in ("name", "ror", "since", "until")}
            for one in author.affiliations
        ],
        "notes": author.notes,
    }


def create(
    session: Session, given: Mapping[str, Any], *, actor: Viewer, account: str = ""
) -> Author:
    """A new record; raises Unfit, or Conflict when another has the ORCID."""
    author = Author()
    _write(session, author, border.check(given), _account(session, account))
    session.add(author)
    session.flush()
    settle(session, author)
    log(session, author, "created", actor)
    return author


def edit(
    session: Session,
    author: Author,
    given: Mapping[str, Any],
    *,
    actor: Viewer,
    revision: int | None = None,
    account: str = "",
) -> None:
    """Writes a record anew; raises Conflict when it has been changed since `revision`."""
    check_revision(author, revision)
    checked = border.check(given)
    before = {**profile.prune(described(author)), "account": author.account_id}
    _write(session, author, checked, _account(session, account))
    after = {**checked, "account": author.account_id}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        author.changed = now()
        session.flush()
        settle(session, author)
        log(session, author, "changed", actor, changed=sorted(changed))


def check_revision(author: Author, revision: int | None) -> None:
    """Raises Conflict when somebody has changed the record since `revision` was read."""
    if author.merged_into_id is not None or revision not in (None, author.revision):
        raise Conflict("Somebody else has changed this record in the meantime. Look at it again.")


def _account(session: Session, address: str) -> int | None:
    if not address.strip():
        return None
    found = accounts.find(session, address)
    if found is None:
        raise Invalid("There is no account with this address.", {"account": []})
    return found.id


def _write(
    session: Session, author: Author, checked: Mapping[str, Any], account: int | None
) -> None:
    orcid = checked.get("orcid") or None
    _check_free(session, author, orcid)
    author.orcid, author.notes, author.account_id = orcid, checked.get("notes", ""), account
    author.forms = [form(one) for one in checked["forms"]]
    author.identifiers = [AuthorIdentifier(**one) for one in checked.get("identifiers", ())]
    author.affiliations = [
        AuthorPlace(position=at, **one) for at, one in enumerate(checked.get("affiliations", ()))
    ]


def _check_free(session: Session, author: Author, orcid: str | None) -> None:
    query = select(Author).where(Author.orcid == orcid, Author.id != (author.id or 0))
    other = session.scalar(query) if orcid else None
    if other is not None:
        raise Conflict("The record of %(name)s has this ORCID already.", name=other.name)


def form(given: Mapping[str, Any]) -> AuthorForm:
    """A form of a name, with how it sounds."""
    kept = {name: given.get(name) or "" for name in (*PARTS, "language")}
    return AuthorForm(**kept, sound=namesakes.packed(namesakes.heard(kept)))


def settle(session: Session, author: Author) -> None:
    """Brings what repeats the forms in line with them, and looks for works anew."""
    arrange(session, author)
    credits.offer(session, author.id)


def arrange(session: Session, author: Author) -> None:
    """Brings a record's order, and the keys under which it is found, in line with its forms."""
    for position, one in enumerate(author.forms):
        one.position = position
    author.name = author.forms[0].filed
    author.key = alphabet.key(author.name)
    session.flush()
    names = [namesakes.unpacked(one.sound) for one in author.forms]
    wanted = dict.fromkeys(key for name in names for key in namesakes.keys(name))
    session.execute(delete(AuthorKey).where(AuthorKey.author_id == author.id))
    session.add_all(AuthorKey(author_id=author.id, key=key) for key in wanted)
    session.flush()


def agent_of(one: AuthorForm) -> dict[str, str]:
    return {name: getattr(one, name) for name in PARTS}


def log(
    session: Session, author: Author, what: str, actor: Viewer, reason: str = "", **details: object
) -> None:
    about = ("author", author.id)
    audit.write(session, f"author.{what}", actor=actor, about=about, reason=reason, details=details)

"""Telling a person something: on the site, and by a letter unless they want none of that kind.

Both are written in the transaction of what they tell of. A notice says what the letter's first
line says, in the language in which its reader reads pages at that moment. Letters about an
account (its address, its password) are no notices: they go to people who cannot sign in.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from repository import appearance, mail
from repository.archive import Archive
from repository.clock import now
from repository.errors import NotFound
from repository.models.accounts import Account, AccountRole, AccountState
from repository.models.trust import Mute, Notice
from repository.settings import Settings
from schemas.roles import Role

KEPT = timedelta(days=180)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Kind(NamedTuple):
    """A kind of notice: what it is called where people choose, and for whom it is."""

    label: str
    staff: bool = False


# What people may choose to have on the site only. Other kinds always come by mail too.
KINDS = {
    "deposit_submitted": Kind(_("A work of mine was sent to the library")),
    "deposit_commented": Kind(_("The library writes about a work of mine")),
    "deposit_returned": Kind(_("A work of mine was returned for correction")),
    "deposit_accepted": Kind(_("A work of mine was accepted")),
    "deposit_rejected": Kind(_("A work of mine was not accepted")),
    "deposit_withdrawn": Kind(_("A work of mine was taken down")),
    "confirm_answered": Kind(_("An author whom I asked says yes")),
    "confirm_declined": Kind(_("An author whom I asked says no")),
    "search_found": Kind(_("Something new is found by a search that I keep")),
    "copy_asked": Kind(_("A reader asks for a copy of a file")),
    "review_assigned": Kind(_("A work was given into my hands"), staff=True),
    "review_overdue": Kind(_("Works wait for their review"), staff=True),
    "deposit_answered": Kind(_("A depositor answers me"), staff=True),
}


def tell(
    session: Session,
    account: Account,
    template: str,
    *,
    settings: Settings,
    path: str,
    work_id: int | None = None,
    **context: Any,
) -> None:
    """Tells a person what templates/mail/<template>.txt says; `path` leads to what it is about."""
    given = {
        "name": account.name,
        "url": f"{settings.base_url}{path}",
        "archive_name": appearance.name(settings, account.language),
        **context,
    }
    words = mail.subject_words(template, given)
    session.add(
        Notice(account_id=account.id, kind=template, work_id=work_id, words=words, path=path)
    )
    if template not in muted(session, account.id):
        mail.write(session, to=account.email, language=account.language, template=template, **given)
    session.flush()


def holders(session: Session, *any_of: Role) -> Sequence[Account]:
    """The people who have one of these roles and can sign in."""
    query = (
        select(Account)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.id.in_(select(AccountRole.account_id).where(AccountRole.role.in_(any_of))),
        )
        .order_by(Account.id)
    )
    return session.scalars(query).all()


def unread(session: Session, account_id: int) -> int:
    """How many notices somebody has not read."""
    query = select(func.count()).where(Notice.account_id == account_id, Notice.read.is_(None))
    return session.scalar(query) or 0


def of(
    session: Session, account_id: int, *, before: int | None = None, size: int = 30
) -> tuple[list[Notice], int | None]:
    """Somebody's notices, newest first, and before which number the next page begins."""
    query = select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc())
    if before is not None:
        query = query.where(Notice.id < before)
    rows = session.scalars(query.limit(size + 1)).all()
    return list(rows[:size]), (rows[size - 1].id if len(rows) > size else None)


def says(notice: Notice, language: str) -> str:
    """What a notice says, in a language."""
    return mail.subject(notice.kind, language, notice.words)


def read(session: Session, account_id: int, number: int) -> Notice:
    """Marks one of somebody's notices as read; raises NotFound when it is not theirs."""
    notice = session.get(Notice, number) if 0 < number < 2**31 else None
    if notice is None or notice.account_id != account_id:
        raise NotFound("There is no such notice any more.")
    notice.read = notice.read or now()
    return notice


def read_all(session: Session, account_id: int) -> None:
    """Marks all of somebody's notices as read."""
    session.execute(
        update(Notice)
        .where(Notice.account_id == account_id, Notice.read.is_(None))
        .values(read=now())
    )


def muted(session: Session, account_id: int) -> set[str]:
    """The kinds that somebody wants on the site only."""
    return set(session.scalars(select(Mute.kind).where(Mute.account_id == account_id)))


def mute(session: Session, account_id: int, kinds: Iterable[str]) -> None:
    """Keeps which kinds are to come on the site only."""
    session.execute(delete(Mute).where(Mute.account_id == account_id))
    session.add_all(
        Mute(account_id=account_id, kind=kind) for kind in sorted(set(kinds) & set(KINDS))
    )
    session.flush()


def sweep(archive: Archive) -> int:
    """Forgets notices older than KEPT; how many."""
    with archive.writing() as session:
        old = delete(Notice).where(Notice.moment < now() - KEPT).returning(Notice.id)
        return len(session.scalars(old).all())

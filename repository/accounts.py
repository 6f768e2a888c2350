"""Accounts: who may sign in, and as what."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, object_session

from repository import api_tokens, appointments, audit, links, passwords, sessions
from repository.clock import now
from repository.errors import ConfigurationError, Conflict, Forbidden, NotFound
from repository.links import Purpose
from repository.models.accounts import Account, AccountRole, AccountState
from repository.models.confirmations import Confirmation, Reply
from repository.models.confirmations import Purpose as Asked
from repository.viewers import SYSTEM, Viewer
from schemas import account as border
from schemas import text, vocabulary
from schemas.roles import Role, may_give
from schemas.work import Unfit

log = structlog.get_logger()

# What everybody gets who registers.
FIRST_ROLES = (Role.DEPOSITOR,)
UNCONFIRMED_KEPT = timedelta(days=7)


def find(session: Session, email: str) -> Account | None:
    """The account of an address, however it is written, whatever its state."""
    try:
        address = border.email(email)
    except Unfit:
        return None
    return session.scalar(select(Account).where(Account.email == address))


def get(session: Session, email: str) -> Account:
    """The account of an address; raises NotFound."""
    found = find(session, email)
    if found is None:
        raise NotFound("There is no account for %(email)s.", email=email)
    return found


def everyone(session: Session) -> Sequence[Account]:
    """All accounts, by address."""
    return session.scalars(select(Account).order_by(Account.email)).all()


def viewer(account: Account) -> Viewer:
    """The account as decisions are made for it."""
    session = object_session(account)
    return Viewer(
        id=account.id,
        email=account.email,
        name=account.name,
        roles=frozenset(Role(one.role) for one in account.roles),
        language=account.language,
        within=appointments.within(session, account.id) if session else frozenset(),
        wrote=_wrote(session, account) if session else frozenset(),
    )


def _wrote(session: Session, account: Account) -> frozenset[int]:
    """The works of which the owner of this address has said that they are an author."""
    query = select(Confirmation.work_id).where(
        Confirmation.email == account.email,
        Confirmation.purpose == Asked.AUTHORSHIP,
        Confirmation.reply == Reply.CONFIRMED,
    )
    return frozenset(session.scalars(query))


def create(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    roles: Iterable[Role] = FIRST_ROLES,
    language: str = "ky",
    confirmed: bool = False,
    actor: Viewer = SYSTEM,
) -> Viewer:
    """A new account; raises Conflict when the address has one, Unfit when something is amiss."""
    checked = border.registration({"email": email, "name": name, "password": password})
    account = add(
        session,
        email=checked["email"],
        name=checked["name"],
        hashed=passwords.keep(checked["password"]),
        roles=roles,
        language=language,
        state=AccountState.ACTIVE if confirmed else AccountState.UNCONFIRMED,
        actor=actor,
    )
    return viewer(account)


def add(
    session: Session,
    *,
    email: str,
    name: str,
    hashed: str,
    roles: Iterable[Role] = FIRST_ROLES,
    language: str = "ky",
    state: AccountState = AccountState.UNCONFIRMED,
    actor: Viewer | None = None,
) -> Account:
    """The same from what has been checked and hashed before; `actor` is the owner by default."""
    if find(session, email) is not None:
        raise Conflict("There is an account for %(email)s already.", email=email)
    account = Account(
        email=email,
        name=name,
        password_hash=hashed,
        language=language if language in vocabulary.INTERFACE else "ky",
        state=state,
        roles=[AccountRole(role=role) for role in sorted(set(roles))],
    )
    session.add(account)
    session.flush()
    _log(session, account, "account.created", actor or viewer(account), roles=_roles(account))
    return account


def _roles(account: Account) -> list[str]:
    return sorted(str(one.role) for one in account.roles)


def _log(session: Session, account: Account, kind: str, actor: Viewer, **details: object) -> None:
    audit.write(session, kind, actor=actor, about=("account", account.id), details=details)


def forget_unconfirmed(session: Session) -> None:
    """Deletes accounts whose owners never answered the letter."""
    old = delete(Account).where(
        Account.state == AccountState.UNCONFIRMED, Account.created < now() - UNCONFIRMED_KEPT
    )
    gone = session.scalars(old.returning(Account.id)).all()
    audit.forget(session, gone, actor=SYSTEM, reason="The address was never confirmed.")


def confirm(session: Session, account: Account) -> None:
    """The address is theirs; a closed account stays closed."""
    if account.state == AccountState.UNCONFIRMED:
        account.state = AccountState.ACTIVE
        _log(session, account, "account.confirmed", viewer(account))


def check_new_password(account: Account, password: str) -> str:
    """The hash of a new password, made before any transaction writes; raises Unfit."""
    checked = border.password(password, about=(account.email, account.name))
    return passwords.keep(checked)


def change_password(
    session: Session, account: Account, *, hashed: str, actor: Viewer | None = None
) -> None:
    """Sets another password; ends every session, every token of a program, and every link to set
    yet another one."""
    _log(session, account, "account.password", actor or viewer(account))
    account.password_hash = hashed
    sessions.end_all(session, account.id)
    api_tokens.end_all(session, account)
    links.drop(session, account, *Purpose)
    session.flush()


def change(session: Session, account: Account, *, name: str, language: str) -> None:
    """Sets another name and language."""
    changed = [
        key
        for key, value in (("name", name), ("language", language))
        if getattr(account, key) != value
    ]
    if changed:
        _log(session, account, "account.changed", viewer(account), changed=changed)
    account.name, account.language = name, language
    session.flush()


def grant(session: Session, account: Account, role: Role, *, actor: Viewer) -> bool:
    """Gives a role; False when it was there. The person signs in anew to use it."""
    _check_may_give(actor, role)
    if role in {one.role for one in account.roles}:
        return False
    account.roles.append(AccountRole(role=role))
    _told(session, account, "role granted", role, actor)
    return True


def revoke(session: Session, account: Account, role: Role, *, actor: Viewer) -> bool:
    """Takes a role away, and with it all sessions; False when it was not there."""
    _check_may_give(actor, role)
    if role not in {one.role for one in account.roles}:
        return False
    if role == Role.ADMINISTRATOR:
        _check_another_administrator(session, account)
    account.roles = [one for one in account.roles if one.role != role]
    _told(session, account, "role revoked", role, actor)
    return True


def _told(session: Session, account: Account, what: str, role: str, actor: Viewer) -> None:
    # Rights change with a new session only, so that no old cookie carries the new rights.
    sessions.end_all(session, account.id)
    session.flush()
    _log(session, account, LOGGED[what], actor, **({"role": str(role)} if role else {}))
    log.info(what, account=account.id, role=str(role), by=actor.id)


LOGGED = {
    "role granted": "account.granted",
    "role revoked": "account.revoked",
    "account disabled": "account.closed",
    "account enabled": "account.opened",
}


def _check_may_give(actor: Viewer, role: Role) -> None:
    if not may_give(actor.roles, role):
        raise Forbidden("Your account may not give or take this role.")


def _check_another_administrator(session: Session, account: Account) -> None:
    if administrators(session) == [account.id]:
        raise Conflict("This is the only administrator. Make another one first.")


def administrators(session: Session) -> list[int]:
    """The ids of the administrators who can sign in."""
    query = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.state == AccountState.ACTIVE)
    )
    return list(session.scalars(query))


def disable(session: Session, account: Account, *, actor: Viewer) -> None:
    """Closes an account and ends its sessions; what its owner deposited stays."""
    _check_may_close(actor)
    _check_another_administrator(session, account)
    account.state = AccountState.DISABLED
    links.drop(session, account, *Purpose)
    _told(session, account, "account disabled", "", actor)


def enable(session: Session, account: Account, *, actor: Viewer) -> None:
    """Opens a closed or unconfirmed account."""
    _check_may_close(actor)
    account.state = AccountState.ACTIVE
    _told(session, account, "account enabled", "", actor)


def _check_may_close(actor: Viewer) -> None:
    if not actor.may(Role.ADMINISTRATOR):
        raise Forbidden("Only an administrator opens and closes accounts.")


def invent_password() -> str:
    """A password that nobody guesses, and that can be read out."""
    return "-".join(secrets.token_hex(2) for _ in range(5))


def first_administrator(session: Session, *, email: str, password: str | None = None) -> str | None:
    """Makes an administrator when there is none; the password when it had to be made up."""
    if administrators(session):
        return None
    chosen = password or invent_password()
    _drop_stranger(session, email)
    try:
        create(
            session,
            email=email,
            name="Administrator",
            password=chosen,
            roles=(Role.ADMINISTRATOR,),
            confirmed=True,
        )
    except Unfit as error:
        raise ConfigurationError(f"The first administrator cannot be made: {error}") from error
    return None if password else chosen


def _drop_stranger(session: Session, email: str) -> None:
    """Somebody may have typed this address into the form, without ever confirming it."""
    found = find(session, text.line(email))
    if found is not None and found.state == AccountState.UNCONFIRMED:
        audit.forget(session, [found.id], actor=SYSTEM, reason="The address was never confirmed.")
        session.delete(found)
        session.flush()

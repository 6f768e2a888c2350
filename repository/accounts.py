"""Accounts: who may sign in, and as what."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import passwords
from repository.clock import now
from repository.errors import Conflict, Forbidden, Invalid, NotFound
from repository.models.accounts import Account, AccountRole, Link, SignIn
from repository.tokens import digest, fresh
from repository.viewers import Viewer
from schemas import text, vocabulary
from schemas.roles import Role

CONFIRM, RESET = "confirm", "reset"
LIFETIMES = {CONFIRM: timedelta(hours=48), RESET: timedelta(hours=1)}


def normal_email(address: str) -> str:
    """The address as accounts know it, case-folded; raises Invalid."""
    try:
        found = validate_email(text.line(address), check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid("This is not an e-mail address.", {"email": []}) from error
    return found.normalized.casefold()


def find(session: Session, email: str) -> Account | None:
    """The account of an address, whatever its state."""
    folded = text.line(email).casefold()
    return session.scalar(select(Account).where(Account.email == folded))


def get(session: Session, email: str) -> Account:
    """The account of an address; raises NotFound."""
    found = find(session, email)
    if found is None:
        raise NotFound("There is no account for %(email)s.", email=email)
    return found


def everyone(session: Session) -> Sequence[Account]:
    """All accounts, by address."""
    return session.scalars(select(Account).order_by(Account.email)).all()


def create(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    roles: Iterable[Role] = (Role.READER, Role.DEPOSITOR),
    language: str = "ky",
    confirmed: bool = False,
) -> Viewer:
    """A new account; raises Conflict when the address has one, Invalid when something is amiss."""
    address = normal_email(email)
    if find(session, address) is not None:
        raise Conflict("There is an account for %(email)s already.", email=address)
    said = text.line(name)[:200]
    if not said:
        raise Invalid("Please write your name.", {"name": []})
    account = Account(
        email=address,
        name=said,
        password_hash=passwords.keep(passwords.check(password, email=address)),
        language=language if language in vocabulary.INTERFACE else "ky",
        state="active" if confirmed else "unconfirmed",
        roles=[AccountRole(role=role) for role in sorted(set(roles))],
    )
    session.add(account)
    session.flush()
    return viewer(account)


def viewer(account: Account) -> Viewer:
    """The account as decisions are made for it."""
    return Viewer(
        id=account.id,
        email=account.email,
        name=account.name,
        roles=frozenset(Role(one.role) for one in account.roles),
        language=account.language,
    )


def check_password(account: Account | None, password: str) -> bool:
    """Whether the account may sign in with this password; takes as long without an account."""
    fits = passwords.fits(account.password_hash if account else None, password)
    return fits and account is not None and account.state == "active"


def change_password(session: Session, account: Account, password: str) -> None:
    """Sets another password and ends every session and every link of the account."""
    account.password_hash = passwords.keep(passwords.check(password, email=account.email))
    sign_out_everywhere(session, account)
    session.execute(delete(Link).where(Link.account_id == account.id))


def sign_out_everywhere(session: Session, account: Account) -> None:
    """Ends all sessions of the account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def grant(session: Session, account: Account, role: Role, *, actor: Viewer) -> None:
    """Gives a role. Only an administrator gives roles."""
    _check_may_grant(actor)
    if role not in {one.role for one in account.roles}:
        account.roles.append(AccountRole(role=role))
        sign_out_everywhere(session, account)
    session.flush()


def revoke(session: Session, account: Account, role: Role, *, actor: Viewer) -> None:
    """Takes a role away; the last administrator stays one."""
    _check_may_grant(actor)
    if role == Role.ADMINISTRATOR and _administrators(session) == [account.id]:
        raise Conflict("This is the last administrator. Make another one first.")
    account.roles = [one for one in account.roles if one.role != role]
    sign_out_everywhere(session, account)
    session.flush()


def _check_may_grant(actor: Viewer) -> None:
    if not actor.may(Role.ADMINISTRATOR):
        raise Forbidden("Only an administrator gives and takes roles.")


def _administrators(session: Session) -> list[int]:
    query = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.state == "active")
    )
    return list(session.scalars(query))


def disable(session: Session, account: Account, *, actor: Viewer) -> None:
    """Closes an account; what its owner deposited stays."""
    _check_may_grant(actor)
    if _administrators(session) == [account.id]:
        raise Conflict("This is the last administrator. Make another one first.")
    account.state = "disabled"
    sign_out_everywhere(session, account)


def enable(session: Session, account: Account, *, actor: Viewer) -> None:
    """Opens a closed or unconfirmed account."""
    _check_may_grant(actor)
    account.state = "active"


def link(session: Session, account: Account, purpose: str) -> str:
    """The token of a new link, good for one use; earlier ones of that purpose end."""
    session.execute(delete(Link).where(Link.account_id == account.id, Link.purpose == purpose))
    token = fresh()
    session.add(
        Link(
            token=digest(token),
            purpose=purpose,
            account_id=account.id,
            expires=now() + LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def linked(session: Session, token: str, purpose: str) -> Account:
    """The account that a link was sent to, without using it up; raises NotFound."""
    found = session.get(Link, digest(token))
    if found is None or found.purpose != purpose or found.expires < now():
        raise NotFound("This link has been used or has expired. Ask for a new one.")
    account = session.get(Account, found.account_id)
    if account is None or account.state == "disabled":
        raise NotFound("This link has been used or has expired. Ask for a new one.")
    return account


def use(session: Session, token: str, purpose: str) -> Account:
    """The account that a link was sent to; the link is used up."""
    account = linked(session, token, purpose)
    session.execute(delete(Link).where(Link.token == digest(token)))
    if account.state == "unconfirmed":
        account.state = "active"  # whoever has the letter owns the address
    return account


def first_administrator(session: Session, *, email: str, password: str | None = None) -> str | None:
    """Makes an administrator when there is none; the password when it had to be made up."""
    if _administrators(session):
        return None
    chosen = password or secrets.token_urlsafe(12)
    create(
        session,
        email=email,
        name="Administrator",
        password=chosen,
        roles=(Role.ADMINISTRATOR,),
        confirmed=True,
    )
    return None if password else chosen

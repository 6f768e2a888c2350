"""People are asked by letter about a work: whether they are its authors, or agree to its deposit.

Whoever has the letter can answer with one press of a button, without an account. With a deposit
that the library's staff has prepared for somebody, the answer is the agreement: it sends the work
in, and makes it theirs if they have an account.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import agreement
from ingest.agreement import Agreement
from repository import (
    accounts,
    appearance,
    catalogue,
    clearance,
    letters,
    mail,
    notices,
    tokens,
    transfers,
)
from repository.clock import now
from repository.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from repository.models.accounts import Account
from repository.models.confirmations import Confirmation, Purpose, Reply
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import Viewer
from schemas import work as profile
from schemas.account import email as checked
from schemas.text import line, paragraphs
from schemas.vocabulary import State

LASTS = timedelta(days=30)
AGAIN = timedelta(hours=20)  # before the same person gets another letter about the same work
MOST = 100
PREPARED = (State.DRAFT, State.RETURNED)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def of(session: Session, number: int) -> Sequence[Confirmation]:
    """Who was asked about a work, and what they said."""
    query = select(Confirmation).where(Confirmation.work_id == number).order_by(Confirmation.id)
    return session.scalars(query).all()


def people(work: Work) -> list[str]:
    """The authors who can be asked, as they are called."""
    creators = work.document.get("creators", [])
    return [profile.agent_reading(one) for one in creators if one.get("kind") != "organisation"]


def ask(
    session: Session,
    work: Work,
    *,
    name: str,
    email: str,
    purpose: Purpose,
    language: str,
    settings: Settings,
    actor: Viewer,
) -> Confirmation:
    """Writes to somebody; raises Invalid by field, NotAllowed when it is not the time for it."""
    address, called = _address(email), line(name)[:200]
    if not called:
        raise Invalid("Choose whom to ask.", {"name": []})
    if purpose is Purpose.DEPOSIT:
        _check_prepared(work)
    elif work.state == State.WITHDRAWN:
        raise NotAllowed("This work has been withdrawn.")
    known = of(session, work.id)
    if len(known) >= MOST:
        raise NotAllowed("Too many people were asked about this work.")
    for one in known:
        same = (one.email, one.purpose) == (address, purpose)
        if same and one.reply == Reply.CONFIRMED:
            raise Invalid("%(name)s has confirmed it already.", {"email": []}, name=one.name)
        if same and one.reply == Reply.ASKED and one.asked > now() - AGAIN:
            raise Invalid("This address got a letter less than a day ago.", {"email": []})
    token = tokens.fresh()
    made = Confirmation(
        work_id=work.id,
        purpose=purpose,
        name=called,
        email=address,
        language=language,
        token=tokens.digest(token),
        asked_by=actor.id,
        expires=now() + LASTS,
    )
    session.add(made)
    session.flush()
    mail.write(
        session,
        to=address,
        language=language,
        template=f"confirm_{purpose}",
        name=called,
        title=work.title,
        actor=actor.name,
        url=f"{settings.base_url}/confirm/{token}",
        days=LASTS.days,
        archive_name=appearance.name(settings, language),
    )
    catalogue.note(session, work, f"asked {purpose}", actor=actor, comment=called)
    return made


def _address(text: str) -> str:
    try:
        return checked(text)
    except ValueError as error:
        raise Invalid("“%(value)s” is not an e-mail address.", {"email": []}, value=text) from error


def _check_prepared(work: Work) -> None:
    if work.state not in PREPARED:
        raise NotAllowed("It has been sent to the library already.")
    found = profile.errors(work.document)
    if found:
        raise Invalid("Some answers are still missing or not right.", {"work": []})
    clearance.refuse_infected(work.current_files)


def find(session: Session, token: str) -> Confirmation:
    """The question of a letter; raises NotFound, or Gone once it is too old."""
    query = select(Confirmation).where(Confirmation.token == tokens.digest(token))
    found = session.scalar(query)
    if found is None:
        raise NotFound("This link is not known here. Perhaps it was cut off in the letter.")
    if found.expires < now() and found.reply == Reply.ASKED:
        raise Gone("This link is too old. Ask whoever wrote to you for another letter.")
    return found


def answer(
    session: Session,
    found: Confirmation,
    *,
    agrees: bool,
    comment: str,
    signed: Agreement | None,
    settings: Settings,
) -> None:
    """Keeps an answer, once. An agreement sends the work in: `signed` is the text that was read."""
    if found.reply != Reply.ASKED:
        raise Conflict("You have answered already.")
    work = catalogue.get(session, found.work_id)
    who = Viewer(name=found.name, email=found.email, language=found.language)
    found.reply = Reply.CONFIRMED if agrees else Reply.DECLINED
    found.comment, found.answered = paragraphs(comment)[:4000], now()
    kind = f"{found.purpose} {found.reply}"
    if agrees and found.purpose == Purpose.DEPOSIT:
        _send_in(session, work, found, signed, who, settings)
    catalogue.note(session, work, kind, actor=who, comment=found.comment)
    asker = session.get(Account, found.asked_by) if found.asked_by else None
    if asker is not None:
        notices.tell(
            session,
            asker,
            "confirm_answered" if agrees else "confirm_declined",
            settings=settings,
            path=f"/deposit/{work.id}/authors",
            work_id=work.id,
            title=work.title,
            actor=found.name,
            comment=found.comment,
        )


def _send_in(
    session: Session,
    work: Work,
    found: Confirmation,
    signed: Agreement | None,
    who: Viewer,
    settings: Settings,
) -> None:
    _check_prepared(work)
    kept = agreement.signed(signed) | {"by": found.name} if signed else None
    owner = accounts.find(session, found.email)
    if owner is not None and owner.id != work.owner_id:
        try:
            transfers.check_owner(owner)
            work.owner_id = owner.id
            catalogue.note(session, work, "handed over", actor=who)
        except Invalid:
            pass  # an account that cannot deposit: the library keeps the work for its author
    catalogue.submit(session, work, actor=who, agreement=kept)
    letters.to_depositor(session, work, "submitted", settings=settings)

"""Copies of files that are not open: asked for by anybody, given by the author or the library.

Whoever asks proves the address first, so that nobody is written to for another. The author (or
the library's staff, where the author has no account) answers with one press of a button; what is
given is a link that ends after some days and some downloads. Each copy is an event of the work.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from repository import access, appearance, appointments, catalogue, mail, notices, tokens
from repository.access import Action
from repository.archive import Archive
from repository.clock import now
from repository.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.copies import CopyRequest, Request
from repository.models.works import File, Work
from repository.settings import Settings
from repository.viewers import SYSTEM, Viewer
from schemas.account import email as checked
from schemas.messages import REQUIRED, Message
from schemas.roles import Role
from schemas.text import line, paragraphs
from schemas.vocabulary import Scan, State

PROVED = timedelta(days=2)  # so long an address can be proved
KEPT = timedelta(days=365)  # then a request is forgotten
UNHEARD = timedelta(days=7)  # then an author's request goes to the staff
TIMES = 5  # downloads of one copy
OPEN_AT_ONCE = 3  # requests of one address that wait for an answer


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def file_of(session: Session, viewer: Viewer, number: int, file_id: int) -> File:
    """The file that may be asked for; raises NotFound, or NotAllowed where asking is needless."""
    work = catalogue.get(session, number)
    if not access.decide(viewer, Action.SEE, work) or work.state != State.PUBLISHED:
        raise NotFound("There is no work %(number)s.", number=number)
    file = next((one for one in work.current_files if one.id == file_id), None)
    if file is None or file.scan == Scan.INFECTED:
        raise NotFound("This work has no file of that name.")
    decision = access.decide(viewer, Action.COPY, work, file)
    if decision:
        raise NotAllowed("You may have this file without asking: it is on the page of the work.")
    if not decision.ask:
        raise NotAllowed("Sign in: readers who have signed in may have this file.")
    return file


def ask(
    session: Session,
    file: File,
    *,
    name: str,
    email: str,
    purpose: str,
    language: str,
    viewer: Viewer,
    settings: Settings,
) -> CopyRequest:
    """Keeps a request; who has signed in with that address is known, others get a letter first."""
    typed = {"name": line(name)[:200], "purpose": paragraphs(purpose)[:4000]}
    wrong = {key: [Message(REQUIRED)] for key, value in typed.items() if not value}
    try:
        address = checked(email)
    except ValueError:
        wrong["email"] = [Message(_("“%(value)s” is not an e-mail address."), value=email[:60])]
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    _check_few(session, address, file)
    owner = session.get(Account, file.work.owner_id) if file.work.owner_id else None
    author = owner is not None and owner.state == AccountState.ACTIVE
    made = CopyRequest(
        work_id=file.work_id,
        file_id=file.id,
        holder_id=owner.id if author and owner is not None else None,
        email=address,
        language=language,
        **typed,
    )
    session.add(made)
    session.flush()
    if viewer.signed_in and viewer.email.lower() == address:
        _pass_on(session, made, settings)
    else:
        proof = tokens.fresh()
        made.proof = tokens.digest(proof)
        _write(session, made, "copy_confirm", settings, f"/copies/confirm/{proof}")
    return made


def _check_few(session: Session, address: str, file: File) -> None:
    mine = select(CopyRequest).where(
        CopyRequest.email == address, CopyRequest.state.in_((Request.ASKED, Request.UNCONFIRMED))
    )
    waiting = session.scalars(mine).all()
    if any(one.file_id == file.id and one.state == Request.ASKED for one in waiting):
        raise Invalid("You have asked for this file already. Wait for the answer.", {"email": []})
    if len(waiting) >= OPEN_AT_ONCE:
        raise Invalid("Wait for the answers to what you have asked for.", {"email": []})


def confirm(session: Session, token: str, *, settings: Settings) -> CopyRequest:
    """The address is proved: the request goes on. A second press of the button does nothing."""
    found = by_proof(session, token)
    if found.state == Request.UNCONFIRMED:
        _pass_on(session, found, settings)
    return found


def by_proof(session: Session, token: str) -> CopyRequest:
    """The request whose address this link proves; raises NotFound or Gone."""
    found = _by(session, CopyRequest.proof, token)
    if found.state == Request.UNCONFIRMED and found.asked < now() - PROVED:
        raise Gone("This link is too old. Ask for the copy once more.")
    return found


def by_reply(session: Session, token: str) -> CopyRequest:
    """The request that this link answers; raises NotFound."""
    return _by(session, CopyRequest.reply, token)


def _by(session: Session, column: object, token: str) -> CopyRequest:
    found = session.scalar(select(CopyRequest).where(column == tokens.digest(token)))  # type: ignore[arg-type]
    if found is None:
        raise NotFound("This link is not known here. Perhaps it was cut off in the letter.")
    return found


def _pass_on(session: Session, found: CopyRequest, settings: Settings) -> None:
    """Tells the author, or the staff."""
    found.state, reply = Request.ASKED, tokens.fresh()
    found.reply = tokens.digest(reply)
    holder = session.get(Account, found.holder_id) if found.holder_id else None
    work, file = session.get_one(Work, found.work_id), session.get_one(File, found.file_id)
    people = [holder] if holder is not None else appointments.staff(session, work)
    for person in people:
        notices.tell(
            session,
            person,
            "copy_asked",
            settings=settings,
            path=f"/copies/answer/{reply}",
            work_id=work.id,
            title=work.title,
            file=file.name,
            actor=found.name,
            email=found.email,
            comment=found.purpose,
        )
    session.flush()


def _write(
    session: Session,
    found: CopyRequest,
    template: str,
    settings: Settings,
    path: str,
    **more: object,
) -> None:
    work, file = session.get_one(Work, found.work_id), session.get_one(File, found.file_id)
    mail.write(
        session,
        to=found.email,
        language=found.language,
        template=template,
        name=found.name,
        title=work.title,
        file=file.name,
        url=f"{settings.base_url}{path}",
        archive_name=appearance.name(settings, found.language),
        **more,
    )


def may_answer(viewer: Viewer, found: CopyRequest) -> bool:
    """Whether somebody who has signed in may answer: the author who is asked, and the staff."""
    return viewer.may(Role.CATALOGUER) or (viewer.id is not None and viewer.id == found.holder_id)


def answer(
    session: Session,
    found: CopyRequest,
    *,
    gives: bool,
    words: str,
    actor: Viewer,
    settings: Settings,
) -> None:
    """Gives the copy or does not; raises Conflict when that was answered already."""
    if found.state != Request.ASKED:
        raise Conflict("This was answered already.")
    found.state = Request.SENT if gives else Request.DECLINED
    found.words, found.answered = paragraphs(words)[:4000], now()
    found.answered_by = actor.name
    work = session.get_one(Work, found.work_id)
    if gives:
        ticket = tokens.fresh()
        found.ticket = tokens.digest(ticket)
        found.expires, found.left = now() + timedelta(days=settings.copy_days), TIMES
        _write(
            session,
            found,
            "copy_sent",
            settings,
            f"/copies/{ticket}",
            comment=found.words,
            days=settings.copy_days,
        )
    else:
        _write(session, found, "copy_declined", settings, f"/works/{work.id}", comment=found.words)
    kind = "copy given" if gives else "copy refused"
    catalogue.note(session, work, kind, actor=actor)
    session.flush()


def revoke(session: Session, found: CopyRequest, *, actor: Viewer) -> None:
    """Ends a copy that was given."""
    if found.state == Request.SENT:
        found.left = 0
        work = session.get_one(Work, found.work_id)
        catalogue.note(session, work, "copy ended", actor=actor)


def held(session: Session, token: str) -> tuple[CopyRequest, File]:
    """The copy of a link, while it may be taken; raises NotFound, or Gone with the reason."""
    found = _by(session, CopyRequest.ticket, token)
    work, file = session.get_one(Work, found.work_id), session.get_one(File, found.file_id)
    if found.expires is None or found.expires < now() or found.left < 1:
        raise Gone("This copy can no longer be taken. Ask for it once more if you need it.")
    if work.state != State.PUBLISHED or file.removed is not None or file.scan == Scan.INFECTED:
        raise Gone("This file is no longer handed out.")
    return found, file


def taken(session: Session, found: CopyRequest) -> None:
    """Counts a download; raises Gone when another one was the last."""
    mine = (
        update(CopyRequest)
        .where(CopyRequest.id == found.id, CopyRequest.left > 0)
        .values(left=CopyRequest.left - 1)
        .returning(CopyRequest.left)
    )
    if session.execute(mine).first() is None:
        raise Gone("This copy can no longer be taken. Ask for it once more if you need it.")
    catalogue.note(session, session.get_one(Work, found.work_id), "copy taken", actor=SYSTEM)


def of_holder(session: Session, account_id: int) -> Sequence[CopyRequest]:
    """What an author is or was asked for, the newest first."""
    query = select(CopyRequest).where(
        CopyRequest.holder_id == account_id, CopyRequest.state != Request.UNCONFIRMED
    )
    return session.scalars(query.order_by(CopyRequest.id.desc()).limit(200)).all()


def listed(session: Session, state: str, *, before: int | None = None) -> Sequence[CopyRequest]:
    """Requests of a state for the staff, the newest first: one more than fifty where there are."""
    query = select(CopyRequest).where(CopyRequest.state == state)
    if before:
        query = query.where(CopyRequest.id < before)
    return session.scalars(query.order_by(CopyRequest.id.desc()).limit(51)).all()


def counts(session: Session) -> dict[str, int]:
    """How many requests stand where."""
    query = select(CopyRequest.state, func.count()).group_by(CopyRequest.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416


def sweep(archive: Archive) -> int:
    """Hands on to the staff what an author has not heard, forgets what is old; how many."""
    with archive.writing() as session:
        late = session.scalars(
            select(CopyRequest).where(
                CopyRequest.state == Request.ASKED,
                CopyRequest.holder_id.is_not(None),
                CopyRequest.asked < now() - UNHEARD,
            )
        ).all()
        for found in late:
            found.holder_id = None
            _pass_on(session, found, archive.settings)
        gone = delete(CopyRequest).where(
            (CopyRequest.asked < now() - KEPT)
            | ((CopyRequest.state == Request.UNCONFIRMED) & (CopyRequest.asked < now() - PROVED))
        )
        return len(late) + session.execute(gone).rowcount  # type: ignore[attr-defined]

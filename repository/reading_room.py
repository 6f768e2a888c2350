"""The reading room of files that are for reading only: who reads, how much, what is noted of it.

A page is shown to the browser that opened it, by a ticket that lasts some minutes; each reader sees
so many pages an hour; and of each page it is kept for a time who saw it.
"""

import hashlib
import hmac
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.clock import now
from repository.errors import ArchiveError, Forbidden
from repository.models.accounts import Account
from repository.models.readings import PageReading
from repository.models.works import File

HOUR = timedelta(hours=1)
TICKET = 600  # seconds that the address of a page's picture is good for
SEARCHES = 40  # an hour; each shows some lines of the text
# A whole campus may come from one network; strangers who change their browsers do so as well.
CROWD = 10
SEARCH = 0  # the page of a search


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Reader(NamedTuple):
    """Somebody who reads: tickets are bound to the `browser`, pages counted by the `key`."""

    browser: str
    key: str
    account_id: int | None = None
    seat: str = ""
    network: str = ""

    @property
    def known(self) -> bool:
        """Whether it is an account or a seat, and not just some browser."""
        return self.account_id is not None or bool(self.seat)


class EnoughForNow(ArchiveError):
    """The reader has had all pages of this hour; `retry_after` says when the next may come."""

    status = 429
    retry_after: int

    def __init__(self, seconds: int, sentence: str, **parameters: object) -> None:
        super().__init__(sentence, **parameters)
        self.retry_after = seconds


def seal(secret: str, *parts: object) -> str:
    """What nobody can make who does not know the secret, for just these parts."""
    said = "\x1f".join(map(str, parts)).encode()
    return hmac.new(f"reading room {secret}".encode(), said, hashlib.sha256).hexdigest()[:40]


def ticket(secret: str, reader: Reader, file: File, page: int) -> str:
    """What opens the picture of a page to this browser for some minutes."""
    until = int(time.time()) + TICKET
    return f"{until}.{seal(secret, 'ticket', reader.browser, file.id, page, until)}"


def admit(secret: str, reader: Reader, file: File, page: int, given: str) -> None:
    """Goes on where the ticket is this browser's, for this page, and still good; else Forbidden."""
    until, _dot, mark = given.partition(".")
    right = seal(secret, "ticket", reader.browser, file.id, page, until)
    if not hmac.compare_digest(mark.encode(), right.encode()) or int(until) < time.time():
        raise Forbidden(
            _(
                "This picture belongs to the page that was open before. Open the page in the "
                "reading room again; your browser must accept cookies there."
            )
        )


def welcome(session: Session, reader: Reader, file: File, page: int, *, most: int) -> None:
    """Goes on where the reader may see this page now; else EnoughForNow."""
    if page != SEARCH and _seen(session, reader, file, page):
        return
    limit = SEARCHES if page == SEARCH else most
    mine = PageReading.reader == reader.key
    _within(session, mine, page == SEARCH, limit)
    if not reader.known and reader.network:
        crowd = (
            (PageReading.network == reader.network)
            & PageReading.account_id.is_(None)
            & (PageReading.seat == "")
        )
        _within(session, crowd, page == SEARCH, limit * CROWD)


def _within(session: Session, whose: ColumnElement[bool], searches: bool, limit: int) -> None:
    kind = PageReading.page == SEARCH if searches else PageReading.page != SEARCH
    query = select(func.count(), func.min(PageReading.moment)).where(
        whose, kind, PageReading.moment > now() - HOUR
    )
    count, first = session.execute(query).one()
    if count < limit:
        return
    seconds = max(1, int((first + HOUR - now()).total_seconds()) + 1)
    minutes = -(-seconds // 60)
    if searches:
        raise EnoughForNow(
            seconds,
            _("You have searched in files very often within an hour. Go on in %(minutes)s min."),
            minutes=minutes,
        )
    raise EnoughForNow(
        seconds,
        _(
            "You have read %(pages)s pages within an hour, as many as one reader may see of works "
            "that are for reading only. You can go on in %(minutes)s min.; if you need more, the "
            "library will help."
        ),
        pages=count,
        minutes=minutes,
    )


def _seen(session: Session, reader: Reader, file: File, page: int) -> bool:
    query = select(PageReading.id).where(
        PageReading.reader == reader.key,
        PageReading.file_id == file.id,
        PageReading.page == page,
        PageReading.moment > now() - HOUR,
    )
    return session.scalar(query.limit(1)) is not None


def note(archive: Archive, reader: Reader, file: File, page: int) -> None:
    """Counts a page that is about to be shown, once an hour; raises EnoughForNow."""
    with archive.reading() as session:
        if page != SEARCH and _seen(session, reader, file, page):
            return
    with archive.writing() as session:
        welcome(session, reader, file, page, most=archive.settings.reading_pages)
        session.add(
            PageReading(
                reader=reader.key,
                account_id=reader.account_id,
                seat=reader.seat,
                network=reader.network,
                work_id=file.work_id,
                file_id=file.id,
                page=page,
            )
        )


class Line(NamedTuple):
    """A row of the log, as staff see it."""

    id: int
    moment: datetime
    work_id: int
    page: int
    file: str
    name: str
    account_id: int | None
    seat: str
    network: str


def listed(
    session: Session, *, work: int | None = None, before: int | None = None, limit: int = 100
) -> Sequence[Line]:
    """Who read what, the latest first; of one work, and older than a row, if that is asked."""
    query = (
        select(PageReading, File.name, Account.name)
        .outerjoin(File, File.id == PageReading.file_id)
        .outerjoin(Account, Account.id == PageReading.account_id)
        .order_by(PageReading.id.desc())
        .limit(limit)
    )
    if work is not None:
        query = query.where(PageReading.work_id == work)
    if before is not None:
        query = query.where(PageReading.id < before)
    return [_line(one, file, name) for one, file, name in session.execute(query)]


def _line(row: PageReading, file: str | None, name: str | None) -> Line:
    return Line(
        row.id,
        row.moment,
        row.work_id,
        row.page,
        file or "",
        name or "",
        row.account_id,
        row.seat,
        row.network,
    )


def sweep(archive: Archive) -> int:
    """Forgets who read what once it is old; how many rows."""
    until = now() - timedelta(days=archive.settings.reading_log_days)
    with archive.writing() as session:
        done = session.execute(delete(PageReading).where(PageReading.moment < until))
    return int(getattr(done, "rowcount", 0))

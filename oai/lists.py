"""ListRecords and ListIdentifiers, page by page."""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence

from lxml import etree
from sqlalchemy.orm import Session

from oai import blocks, envelope, formats, sets, shelf, streams, tokens
from oai.asking import Question
from oai.envelope import oai
from oai.errors import CannotDisseminateFormat, NoRecordsMatch, NoSetHierarchy, ProtocolError
from oai.pages import Answer, Page
from oai.shelf import Found
from oai.tokens import Mark, Query, Resumption

# How long tokens last, as we say it: practically for ever. They are signed, not stored.
YEARS = 10

Join = Callable[[Iterable[Found]], bytes]


def list_records(question: Question) -> Answer:
    """ListRecords (4.5)."""
    return _list(question, envelope.records)


def list_identifiers(question: Question) -> Answer:
    """ListIdentifiers (4.3)."""
    return _list(question, envelope.headers)


def check_prefix(prefix: str) -> None:
    """Raises CannotDisseminateFormat when there is no such format at all."""
    known = formats.known()
    if prefix not in known:
        raise CannotDisseminateFormat(
            "There is no format “%(prefix)s”. Ours are %(known)s.",
            prefix=prefix,
            known=", ".join(known),
        )


def _list(question: Question, join: Join) -> Answer:
    start = _resumed(question) or _begun(question)
    newest, key = question.horizon.last, _key(question, start)
    page = question.pages.find(newest, key) if key else None
    if page is None:
        with question.archive.reading() as session:
            page = _read(session, question, start, join)
    if key:
        question.pages.keep(newest, key, page)
    start = start._replace(size=start.size or page.total)
    token = _token(question, start, page) if page.more else _end(question, start)
    opening, closing = envelope.listing(question.frame, question.arguments.verb, token)
    return Answer(opening, page, closing, listed=start)


def _key(question: Question, start: Resumption) -> Hashable:
    """What a page is kept by; None when it must be read, for it shows the feed as it was."""
    newest, query = question.horizon.last, start.query
    if min(question.horizon.asof, query.asof) < newest:
        return None
    upper = min(newest, newest if query.upper is None else query.upper)
    return (
        query.verb,
        query.prefix,
        query.spec,
        upper,
        start.mark,
        question.archive.settings.oai_page,
        question.packed,
    )


def _read(session: Session, question: Question, start: Resumption, join: Join) -> Page:
    today, most = question.horizon.asof, question.archive.settings.oai_page
    page = blocks.page(
        session, start.query, start.mark, today=today, limit=most, packed=question.packed
    )
    page = page or _of_rows(session, question, start, join)
    if page.more and not start.cursor:  # whoever goes on has been told already
        page.total = shelf.size(session, start.query, today=today)
    return page


def _of_rows(session: Session, question: Question, start: Resumption, join: Join) -> Page:
    today, most = question.horizon.asof, question.archive.settings.oai_page
    rows = shelf.page(session, start.query, start.mark, today=today, limit=most + 1)
    more = len(rows) > most
    rows = rows or _instead(session, question, start)
    last = Mark(*rows[-1][:2])
    if more:
        rows, last = blocks.ended(rows, start.query, most)
    inside = join([row[2:] for row in rows])
    return Page(streams.part(inside) if question.packed else inside, last, len(rows), more)


def _keys(question: Question) -> tuple[str, ...]:
    settings = question.archive.settings
    return (settings.secret_key, *settings.old_secret_keys)


def _resumed(question: Question) -> Resumption | None:
    token = question.arguments.token
    if token is None:
        return None
    return tokens.unseal(_keys(question), token, question.arguments.verb)


def _begun(question: Question) -> Resumption:
    asked = question.arguments
    check_prefix(str(asked.prefix))
    query = Query(
        verb=asked.verb,
        prefix=str(asked.prefix),
        spec=asked.spec,
        lower=asked.lower,
        upper=asked.upper,
        asof=question.horizon.asof,
    )
    return Resumption(query, shelf.beginning(query), cursor=0, size=0)


def _token(question: Question, start: Resumption, page: Page) -> etree._Element:
    after = start._replace(mark=page.last, cursor=start.cursor + page.count)
    return oai(
        "resumptionToken",
        tokens.seal(_keys(question), after),
        expirationDate=f"{time.gmtime(question.horizon.now).tm_year + YEARS}-01-01T00:00:00Z",
        completeListSize=str(start.size),
        cursor=str(start.cursor),
    )


def _end(question: Question, start: Resumption) -> etree._Element | None:
    """OAI-PMH 3.5: the last page has an empty token when those before it had one."""
    if question.arguments.token is None:
        return None
    return oai("resumptionToken", completeListSize=str(start.size), cursor=str(start.cursor))


def _instead(session: Session, question: Question, start: Resumption) -> Sequence[Found]:
    """What is sent where no record is left.

    Behind a token that can only be when all the rest was taken down or superseded long ago. An
    empty list is not legal, and an error would end a harvest that has been complete; so the record
    before is said again.
    """
    found: Sequence[Found] = []
    if question.arguments.token is not None:
        found = shelf.last(session, start.query, start.mark, today=question.horizon.asof)
    if not found:
        raise _nothing(session, start.query.spec)
    return found


def _nothing(session: Session, spec: str | None) -> ProtocolError:
    known = sets.specs(session) if spec is not None else set()
    if spec is None or spec in known:
        return NoRecordsMatch("No records match; none were changed in that time.")
    if not known:
        return NoSetHierarchy("This repository has no sets yet.")
    return NoRecordsMatch("There is no set “%(spec)s”. ListSets lists ours.", spec=spec)

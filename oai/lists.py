"""ListRecords and ListIdentifiers, page by page."""

import time
from collections.abc import Callable, Iterable

from lxml import etree
from sqlalchemy.orm import Session

from oai import envelope, formats, sets, shelf, tokens
from oai.asking import Question
from oai.envelope import Row, oai
from oai.errors import CannotDisseminateFormat, NoRecordsMatch, NoSetHierarchy, ProtocolError
from oai.shelf import Found
from oai.tokens import Query, Resumption

# How long tokens last, as we say it: practically for ever. They are signed, not stored.
YEARS = 10


def list_records(question: Question) -> bytes:
    """ListRecords (4.5)."""
    return _list(question, envelope.records)


def list_identifiers(question: Question) -> bytes:
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


def _list(question: Question, join: Callable[[Iterable[Row]], bytes]) -> bytes:
    settings, today = question.archive.settings, question.horizon.asof
    start = _resumed(question) or _begun(question)
    with question.archive.reading() as session:
        found = shelf.page(
            session, start.query, start.mark, today=today, limit=settings.oai_page + 1
        )
        page = found[: settings.oai_page]
        more = len(found) > len(page)
        if not page:
            page = _instead(session, question, start)
        if more and not start.size:
            size = shelf.size(session, start.query, today=today)
            start = start._replace(size=size)
    token = _token(question, start, page) if more else _end(question, start)
    rows = (one.row for one in page)
    return envelope.listing(question.frame, question.arguments.verb, join(rows), token)


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


def _token(question: Question, start: Resumption, page: list[Found]) -> etree._Element:
    after = start._replace(mark=page[-1].mark, cursor=start.cursor + len(page))
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


def _instead(session: Session, question: Question, start: Resumption) -> list[Found]:
    """What is sent where no record is left.

    Behind a token that can only be when all the rest was taken down or superseded long ago. An
    empty list is not legal, and an error would end a harvest that has been complete; so the record
    before is said again.
    """
    found = []
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

"""The six verbs. `answer` turns the pairs of a request into an answer's bytes."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urljoin

from oai import envelope, formats, horizon, identify, lists, sets, shelf
from oai.asking import Question, item
from oai.envelope import Frame, oai
from oai.errors import (
    BadArgument,
    BadResumptionToken,
    BadVerb,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoMetadataFormats,
    NoSetHierarchy,
    ProtocolError,
)
from oai.horizon import Clock, Horizon
from oai.pages import Answer, Dated, Pages, Ready
from repository.archive import Archive
from schemas import oai as border


def answer(
    archive: Archive,
    pairs: Sequence[tuple[str, str]],
    *,
    stylesheet: str | None = None,
    pages: Pages | None = None,
    clock: Clock = time.time,
    now: Horizon | None = None,
    asked: bytes = b"",
    packed: bool = False,
) -> Answer:
    """The answer to a request. Everything that the protocol calls an error is an answer too.

    `pages` is where pages of lists are kept between requests; answers stand ready there for who
    asks the same again in the same words, `asked`. Who has looked at the horizon gives it as `now`;
    whoever is going to compress the answer (`packed`) gets its records compressed.
    """
    base_url = f"{archive.settings.base_url}/oai"
    now = now or horizon.look(archive.engine, clock)
    pages = pages or Pages()
    frame = Frame(base_url, stylesheet, {}, now.now)
    try:
        arguments = _check(pairs)
        frame = frame._replace(echo=arguments.given)
        question = Question(archive, arguments, now, frame, pages, packed)
        made = VERBS[arguments.verb](question)._replace(tag=_tag(question))
        if asked and _repeats(question, made):
            ready = Ready(made, envelope.stamp(now.now), list(pairs), archive.settings)
            pages.prepare(now.last, (asked, packed), ready)
        return made
    except ProtocolError as error:
        said = envelope.answer(frame, oai("error", str(error), code=error.code))
        return Answer(said, error=error.code)


def again(
    archive: Archive, asked: bytes, pages: Pages, now: Horizon, *, packed: bool
) -> Dated | None:
    """The answer that stands ready for who asks that."""
    ready = pages.ready(now.last, (asked, packed)) if now.asof >= now.last else None
    if ready is None or ready.settings is not archive.settings:
        return None
    return Dated(ready, envelope.stamp(now.now).encode())


def _repeats(question: Question, made: Answer) -> bool:
    """Whether the same request gets the same answer until there is a new datestamp.

    That holds behind a token which takes in all datestamps so far: it fixes the rest.
    """
    now, listed = question.horizon, made.listed
    return (
        question.arguments.token is not None
        and listed is not None
        and min(now.asof, listed.query.asof) >= now.last
    )


def _check(pairs: Sequence[tuple[str, str]]) -> border.Arguments:
    try:
        return border.check(pairs)
    except border.Unfit as error:
        kind = BadVerb if error.code == BadVerb.code else BadArgument
        raise kind("%(reason)s", reason=error) from error


def _tag(question: Question) -> str:
    """The same for answers that differ in their dates alone."""
    now = question.horizon
    if question.arguments.verb not in _FROM_FEED or now.asof < now.last:
        return ""
    said = repr((question.frame.base_url, sorted(question.arguments.given.items()), now.last))
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def list_metadata_formats(question: Question) -> Answer:
    """ListMetadataFormats (4.4)."""
    known = formats.known()
    identifier = question.arguments.identifier
    if identifier is not None:
        known = _formats_of(question, identifier, known)
    listed = (
        oai(
            "metadataFormat",
            oai("metadataPrefix", prefix),
            oai("schema", urljoin(question.frame.base_url, one.SCHEMA)),
            oai("metadataNamespace", one.NAMESPACE),
        )
        for prefix, one in known.items()
    )
    return Answer(envelope.answer(question.frame, oai("ListMetadataFormats", *listed)))


def _formats_of(
    question: Question, identifier: str, known: Mapping[str, formats.Format]
) -> dict[str, formats.Format]:
    work = item(question, identifier)
    with question.archive.reading() as session:
        ever = shelf.formats(session, work, today=question.horizon.asof)
    if not ever:
        raise IdDoesNotExist("There is no item “%(identifier)s” here.", identifier=identifier)
    alive = {prefix: one for prefix, one in known.items() if ever.get(prefix)}
    if not alive:
        raise NoMetadataFormats("This item was withdrawn; no metadata is left of it.")
    return alive


def list_sets(question: Question) -> Answer:
    """ListSets (4.6). The list is never cut, so that no token can be ours."""
    if question.arguments.token is not None:
        raise BadResumptionToken("ListSets gives all sets at once and has no resumptionTokens.")
    with question.archive.reading() as session:
        found = list(sets.elements(session, question.archive.settings.language))
    if not found:
        raise NoSetHierarchy("This repository has no sets yet.")
    return Answer(envelope.answer(question.frame, oai("ListSets", *found)))


def get_record(question: Question) -> Answer:
    """GetRecord (4.1)."""
    prefix, identifier = str(question.arguments.prefix), str(question.arguments.identifier)
    lists.check_prefix(prefix)
    work = item(question, identifier)
    with question.archive.reading() as session:
        found = shelf.record(session, prefix, work, today=question.horizon.asof)
        ever = found or shelf.formats(session, work, today=question.horizon.asof)
    if not ever:
        raise IdDoesNotExist("There is no item “%(identifier)s” here.", identifier=identifier)
    if not found:
        raise CannotDisseminateFormat(
            "This item has no metadata in “%(prefix)s”. ListMetadataFormats with its identifier "
            "lists what it has.",
            prefix=prefix,
        )
    opening, closing = envelope.listing(question.frame, "GetRecord")
    return Answer(opening + envelope.records([found[2:]]) + closing)


_FROM_FEED = ("GetRecord", "ListIdentifiers", "ListRecords")
VERBS: dict[str, Callable[[Question], Answer]] = {
    "Identify": identify.identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": lists.list_identifiers,
    "ListRecords": lists.list_records,
}

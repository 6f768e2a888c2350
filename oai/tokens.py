"""Resumption tokens: signed, so that we keep no state between requests; they do not expire.

A token holds the query, the second as of which the list is shown, and where to go on. The same
token always gives the same page. Only letters, digits, "-" and "_", for harvesters differ in how
they escape the rest.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from oai.errors import BadResumptionToken

VERSION = 1
_SIGNATURE = 16  # bytes


class Mark(NamedTuple):
    """Behind which record a page begins: the order of every list is (datestamp, id)."""

    datestamp: int
    id: int


class Query(NamedTuple):
    """What a harvester asked for. `asof` is the last second that the list takes in."""

    verb: str
    prefix: str
    spec: str | None
    lower: int | None
    upper: int | None
    asof: int


class Resumption(NamedTuple):
    """A query that goes on: behind `mark`, after `cursor` records of `size`."""

    query: Query
    mark: Mark
    cursor: int
    size: int


def seal(keys: Sequence[str], resumption: Resumption) -> str:
    """The token, signed with the first key."""
    fields = [VERSION, *resumption.query, *resumption.mark, resumption.cursor, resumption.size]
    payload = json.dumps(fields, separators=(",", ":")).encode()
    return _text(_sign(keys[0], payload) + payload)


def unseal(keys: Sequence[str], token: str, verb: str) -> Resumption:
    """What a token of ours holds, signed with any of `keys`; raises BadResumptionToken."""
    sealed = _bytes(token)
    signature, payload = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    if not any(hmac.compare_digest(signature, _sign(key, payload)) for key in keys):
        raise BadResumptionToken("This resumptionToken is not ours. Begin the list again.")
    version, *fields = json.loads(payload)
    if version not in _READERS:
        raise BadResumptionToken("This resumptionToken is too new. Begin the list again.")
    found = _READERS[version](fields)
    if found.query.verb != verb:
        raise BadResumptionToken("This resumptionToken belongs to %(verb)s.", verb=found.query.verb)
    return found


def _first(fields: Sequence[Any]) -> Resumption:
    return Resumption(Query(*fields[:6]), Mark(*fields[6:8]), *fields[8:])


# What tokens of each version hold. None is ever taken out: harvests outlast upgrades.
_READERS: dict[int, Callable[[Sequence[Any]], Resumption]] = {1: _first}


def _sign(key: str, payload: bytes) -> bytes:
    own = hashlib.sha256(b"oai resumption token " + key.encode()).digest()
    return hmac.digest(own, payload, "sha256")[:_SIGNATURE]


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _bytes(token: str) -> bytes:
    # Decoding forgives much (other alphabets, stray bits at the end); only what we wrote is ours.
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
    return sealed if _text(sealed) == token else b""

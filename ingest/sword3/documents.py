"""The JSON of SWORD 3.0: service and status documents, segmented uploads, errors."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ingest import digests
from repository.clock import now
from schemas.vocabulary import STATES, State

CONTEXT = "https://swordapp.github.io/swordv3/swordv3.jsonld"
VERSION = "http://purl.org/net/sword/3.0"
TERMS = f"{VERSION}/terms"
BINARY = f"{VERSION}/package/Binary"
SIMPLE_ZIP = f"{VERSION}/package/SimpleZip"
BAG = f"{VERSION}/package/SWORDBagIt"
# The words of SWORD for where a work stands in its life.
STANDS = {
    State.DRAFT: "inProgress",
    State.RETURNED: "inProgress",
    State.SUBMITTED: "inWorkflow",
    State.WAITING: "inWorkflow",
    State.REJECTED: "rejected",
    State.PUBLISHED: "ingested",
    State.WITHDRAWN: "deleted",
}
CHANGES = tuple(
    "appendMetadata appendFiles replaceMetadata replaceFiles "
    "deleteMetadata deleteFiles deleteObject".split()
)


class Shelf(NamedTuple):
    """A collection that takes deposits, and those within it."""

    href: str
    title: str
    within: Sequence["Shelf"] = ()


class Offer(NamedTuple):
    """What is accepted here, and from this viewer."""

    root: str
    staging: str
    idle: int  # seconds that a segmented upload waits
    largest: int  # bytes
    segments: int
    mediation: bool
    treatment: str
    policy: str
    formats: Sequence[str]


class Held(NamedTuple):
    """A file of a deposit."""

    href: str
    media_type: str
    moment: datetime
    by: str
    tag: str
    problem: str = ""
    page: str = ""  # where readers find it


class Awaited(NamedTuple):
    """A file that is to be fetched, or was not."""

    href: str
    source: str
    state: str  # pending, downloading or error
    log: str = ""


def moment(value: datetime) -> str:
    """A moment as SWORD writes it."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def service(shelf: Shelf, offer: Offer) -> dict[str, Any]:
    """The service document: where one can deposit, and what.

    The sizes of single segments are left to our limit for requests: clients that are about know no
    fields for them.
    """
    kilobytes = offer.largest // 1024
    return {
        "@context": CONTEXT,
        **_shelf(shelf, offer.root),
        "version": VERSION,
        "maxUploadSize": kilobytes,
        "maxByReferenceSize": kilobytes,
        "maxAssembledSize": kilobytes,
        "maxSegments": offer.segments,
        "accept": ["*/*"],
        "acceptArchiveFormat": ["application/zip"],
        "acceptPackaging": [BINARY, SIMPLE_ZIP, BAG],
        "acceptMetadata": list(offer.formats),
        "collectionPolicy": {"@id": offer.policy},
        "treatment": {"description": offer.treatment},
        "staging": offer.staging,
        "stagingMaxIdle": offer.idle,
        "byReferenceDeposit": True,
        "onBehalfOf": offer.mediation,
        "digest": list(digests.ALGORITHMS),
        "authentication": ["Basic", "Bearer"],
    }


def _shelf(shelf: Shelf, root: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@id": shelf.href,
        "@type": "ServiceDocument",
        "dc:title": shelf.title,
        "root": root,
        "acceptDeposits": True,
    }
    if shelf.within:
        made["services"] = [_shelf(one, root) for one in shelf.within]
    return made


def status(
    *,
    addresses: Mapping[str, str],  # object, metadata, files, service, page
    tags: Mapping[str, str],  # object, metadata, files
    state: State,
    changed: datetime,
    changes: bool,
    reads: bool,
    held: Sequence[Held],
    awaited: Sequence[Awaited],
) -> dict[str, Any]:
    """The status document: how the deposit stands, and what can be done with it."""
    page = {"@id": addresses["page"], "rel": ["alternate"], "contentType": "text/html"}
    return {
        "@context": CONTEXT,
        "@id": addresses["object"],
        "@type": "Status",
        "eTag": tags["object"],
        "metadata": {"@id": addresses["metadata"], "eTag": tags["metadata"]},
        "fileSet": {"@id": addresses["files"], "eTag": tags["files"]},
        "service": addresses["service"],
        "state": [
            {"@id": f"{VERSION}/state/{STANDS[state]}", "description": STATES[state]},
        ],
        "actions": {
            "getMetadata": True,
            "getFiles": reads,
            **dict.fromkeys(CHANGES, changes),
        },
        "lastAction": {"timestamp": moment(changed)},
        "links": [page, *map(_held, held), *map(_awaited, awaited)],
    }


def _held(one: Held) -> dict[str, Any]:
    made = {
        "@id": one.href,
        "rel": [f"{TERMS}/originalDeposit", f"{TERMS}/fileSetFile"],
        "contentType": one.media_type,
        "packaging": BINARY,
        "depositedOn": moment(one.moment),
        "depositedBy": one.by,
        "status": f"{VERSION}/filestate/{'error' if one.problem else 'ingested'}",
        "eTag": one.tag,
    }
    extra = {"log": one.problem, "dcterms:relation": one.page}
    return {**made, **{name: value for name, value in extra.items() if value}}


def _awaited(one: Awaited) -> dict[str, Any]:
    made = {
        "@id": one.href,
        "rel": [f"{TERMS}/byReferenceDeposit", f"{TERMS}/originalDeposit"],
        "byReference": one.source,
        "status": f"{VERSION}/filestate/{one.state}",
    }
    return {**made, "log": one.log} if one.log else made


def segmented(
    address: str, *, here: Sequence[int], missing: Sequence[int], size: int, segment: int
) -> dict[str, Any]:
    """How far a segmented upload is."""
    return {
        "@context": CONTEXT,
        "@id": address,
        "@type": "Temporary",
        "received": list(here),
        "expecting": list(missing),
        "assembledSize": size,
        "segmentSize": segment,
    }


def error(name: str, sentence: str, log: str = "") -> dict[str, Any]:
    """What went wrong, by the name that SWORD has for it."""
    made = {"@context": CONTEXT, "@type": name, "timestamp": moment(now()), "error": sentence}
    return {**made, "log": log} if log else made

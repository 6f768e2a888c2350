"""/.well-known/resourcesync and /resourcesync: the documents of ResourceSync."""

from flask import Blueprint, Response, abort
from lxml import etree

from oai import horizon, resources
from oai.horizon import Horizon
from oai.resources import DOOR, ROOM, Span
from repository import sitemaps, xml
from repository.web import conditional
from repository.web.current import archive, reading
from repository.web.guard import public

blueprint = Blueprint("resourcesync", __name__)

XML = "application/xml"
CAPABILITIES = f"{ROOM}/capabilitylist.xml"
LISTS = {"resourcelist": f"{ROOM}/resourcelist.xml", "changelist": f"{ROOM}/changelist.xml"}


def _site() -> str:
    return archive().settings.base_url


def _now() -> Horizon:
    """How far lists may go. To be asked before anything is read."""
    return horizon.look(archive().engine)


@blueprint.get(DOOR)
@public
def description() -> Response:
    """Where to begin: the source description."""
    root = resources.document("description", f"{_site()}/about", rel="describedby")
    resources.enter(root, _site() + CAPABILITIES, capability="capabilitylist")
    return conditional.answer(xml.serialise(root), XML)


@blueprint.get(CAPABILITIES)
@public
def capabilities() -> Response:
    """Which lists there are."""
    root = resources.document("capabilitylist", _site() + DOOR)
    for capability, path in LISTS.items():
        resources.enter(root, _site() + path, capability=capability)
    return conditional.answer(xml.serialise(root), XML)


@blueprint.get(LISTS["resourcelist"])
@public
def resource_list() -> Response:
    """The index of the resource list."""
    root = _list("resourcelist", _now(), listed=True)
    for number, _changed in sitemaps.slices(reading(), resources.PART):
        resources.enter(root, f"{_site()}{ROOM}/resources-{number}.xml")
    return conditional.answer(xml.serialise(root), XML)


@blueprint.get(f"{ROOM}/resources-<int:part>.xml")
@public
def resource_part(part: int) -> Response:
    """All that can be fetched of the works of one slice of numbers."""
    root = _list("resourcelist", _now())
    found = []
    if part < 2**31 // resources.PART:
        found = resources.part(reading(), part, base_url=_site())
    if not found:
        abort(404)
    return conditional.answer(resources.fill(root, found), XML)


def _list(capability: str, now: Horizon, *, listed: bool = False) -> etree._Element:
    # As things were when something changed last, so they are now: the list stays the same.
    at = resources.moment_of(min(now.last, now.asof))
    return resources.document(capability, _site() + CAPABILITIES, {"at": at}, listed=listed)


@blueprint.get(LISTS["changelist"])
@public
def change_list() -> Response:
    """What changed of late; an index of such lists where very much has changed.

    Most clients take no index here, so there is none without need.
    """
    asof = _now().asof
    spans = resources.spans(reading(), asof)
    if len(spans) == 1:
        return _changes(spans[0], asof)
    said = {"from": resources.moment_of(resources.since(asof))}
    root = resources.document("changelist", _site() + CAPABILITIES, said, listed=True)
    for span in spans:
        resources.enter(root, f"{_site()}{ROOM}/changes-{span.begin}-{span.end}.xml")
    return conditional.answer(xml.serialise(root), XML)


@blueprint.get(f"{ROOM}/changes-<int:begin>-<int:end>.xml")
@public
def change_part(begin: int, end: int) -> Response:
    """What changed after the second `begin`, up to `end`."""
    asof = _now().asof
    if not resources.since(asof) <= begin < min(end, asof):
        abort(404)
    return _changes(Span(begin, end), asof)


def _changes(span: Span, asof: int) -> Response:
    found = resources.changes(reading(), span, asof, base_url=_site())
    if found is None:
        abort(404)
    said = {"from": resources.moment_of(span.begin)}
    if span.end <= asof:  # else more may come
        said["until"] = resources.moment_of(span.end)
    root = resources.document("changelist", _site() + CAPABILITIES, said)
    return conditional.answer(resources.fill(root, found), XML)

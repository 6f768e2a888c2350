"""What programs may read: works, their files, the search, and the description of all this."""

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

import repository
from repository import access, appearance, catalogue
from repository.access import Action
from repository.api import describing, entrance, problems, shapes
from repository.api.entrance import anybody
from repository.errors import Gone, NotFound, SignInNeeded
from repository.models.collections import Collection
from repository.models.works import File, Work
from repository.web import permits, witness, works
from repository.web.budgets import costly
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import programs
from schemas import search as queries
from schemas.messages import Message
from schemas.vocabulary import State
from schemas.work import Unfit

api = Blueprint("api", __name__, url_prefix=entrance.PATH)
problems.add_to(api)


@api.before_request
def known() -> None:
    """Refuses a token that is none, even where nobody needs one: its owner should hear of it."""
    if entrance.refused():
        raise SignInNeeded("This token is not good, or not any more. Make another one.")


@api.get("")
@public
def index() -> ResponseReturnValue:
    """Where everything is."""
    base = archive().settings.base_url
    return {
        "name": appearance.name(archive().settings),
        "version": repository.__version__,
        "description": f"{base}{url_for('api.description')}",
        "works": f"{base}{url_for('api.listed')}",
        "search": f"{base}{url_for('api.found')}",
    }


@api.get("/openapi.json")
@public
def description() -> ResponseReturnValue:
    """The OpenAPI document."""
    settings = archive().settings
    return jsonify(describing.document(settings, appearance.name(settings)))


@api.get("/works")
@anybody
def listed() -> ResponseReturnValue:
    """Published works in the order of their numbers, page by page."""
    asked = programs.read(programs.Paging, request.args.to_dict())
    query = (
        select(Work)
        .where(Work.state == State.PUBLISHED, Work.id > asked["after"])
        .options(selectinload(Work.files), selectinload(Work.collections))
        .order_by(Work.id)
        .limit(asked["limit"] + 1)
    )
    rows = reading().scalars(query).all()
    total = select(func.count()).where(Work.state == State.PUBLISHED)
    shown = rows[: asked["limit"]]
    more = len(rows) > len(shown)
    following = url_for("api.listed", after=shown[-1].id, limit=asked["limit"]) if more else None
    return _page(shown, reading().scalar(total) or 0, following)


@api.get("/search")
@anybody
@costly
def found() -> ResponseReturnValue:
    """What the search finds, best first; the arguments are those of /search."""
    query, wrong = queries.read(request.args)
    if wrong:
        raise Unfit({path: [Message(one) for one in said] for path, said in wrong.items()})
    hits = archive().index.find(query, limit=20)
    numbers = [one.number for one in hits.results]
    rows = select(Work).where(Work.id.in_(numbers), Work.state == State.PUBLISHED)
    known = {one.id: one for one in reading().scalars(rows.options(selectinload(Work.files)))}
    more = query.page * 20 < hits.total
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), "page": query.page + 1}
    following = url_for("api.found", **arguments) if more else None
    return _page([known[one] for one in numbers if one in known], hits.total, following)


def _page(shown: Any, total: int, following: str | None) -> Response:
    base = archive().settings.base_url
    return jsonify(
        {
            "works": [shapes.of(one) for one in shown],
            "total": total,
            "next": f"{base}{following}" if following else None,
        }
    )


@api.get("/works/<int:number>")
@anybody
def one(number: int) -> ResponseReturnValue:
    """A work; its ETag is the revision that changes are made from."""
    work = catalogue.get(reading(), number)
    if work.state == State.WITHDRAWN and not access.decide(viewer(), Action.SEE, work):
        raise Gone("This work was withdrawn.")
    return shapes.answer(permits.work(reading(), number, Action.SEE))


@api.get("/works/<int:number>/files/<int:file>/content")
@anybody
def content(number: int, file: int) -> ResponseReturnValue:
    """The bytes of a file, whole or in ranges."""
    work = permits.work(reading(), number, Action.SEE)
    if work.state == State.WITHDRAWN:
        raise Gone("This work was withdrawn.")
    found = of_work(work, file)
    works.admit(access.decide(viewer(), Action.COPY, work, found), found)
    witness.staff_opens(work, found)
    return works.send(work, found, everybody=False)


def of_work(work: Work, file: int) -> File:
    """The work's file of that id; raises NotFound."""
    found = next((one for one in work.current_files if one.id == file), None)
    if found is None:
        raise NotFound("This work has no such file.")
    return found


@api.get("/collections")
@anybody
def collections() -> ResponseReturnValue:
    """All collections: slug, parent, names."""
    rows = reading().scalars(select(Collection).order_by(Collection.slug))
    return jsonify(
        [
            {
                "slug": one.slug,
                "parent": one.parent.slug if one.parent else None,
                "names": one.names,
            }
            for one in rows
        ]
    )

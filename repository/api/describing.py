"""The OpenAPI document of /api, made of the marshmallow schemas that check what comes in."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

import repository
from repository.api.problems import MEDIA_TYPE
from repository.settings import Settings
from schemas import programs
from schemas.fields import Choice, Line
from schemas.programs import SCOPES, Scope

JSON = "application/json"
BYTES = "application/octet-stream"
NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
FILE = {"name": "file", "in": "path", "required": True, "schema": {"type": "integer"}}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
    "description": "The same key and the same request are done once, however often they are sent.",
}
MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the work as you have read it.",
}


def _operation(
    summary: str,
    answers: str | None,
    *,
    status: int = 200,
    scope: Scope | None = None,
    body: str | None = None,
    takes: str = JSON,
    parameters: list[Any] | None = None,
    fails: tuple[int, ...] = (),
) -> dict[str, Any]:
    content: dict[str, Any] = {"description": summary}
    if answers:
        media = BYTES if answers == BYTES else JSON
        schema = {"type": "string", "format": "binary"} if answers == BYTES else answers
        content["content"] = {media: {"schema": schema}}
    made: dict[str, Any] = {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            str(status): content,
            **{str(one): {"$ref": "#/components/responses/Problem"} for one in (401, 403, *fails)},
        },
        "security": [{"token": [str(scope)]}] if scope else [{}, {"token": [str(Scope.READ)]}],
    }
    if body:
        schema = {"type": "string", "format": "binary"} if takes == BYTES else body
        made["requestBody"] = {"required": True, "content": {takes: {"schema": schema}}}
    return made


def _query(schema: type[Schema]) -> list[Any]:
    return [{"in": "query", "schema": schema}]


_DEPOSIT: Mapping[str, Any] = {"scope": Scope.DEPOSIT}
OPERATIONS: Mapping[str, Mapping[str, Any]] = {
    "/api/works": {
        "get": _operation(
            "Published works in the order of their numbers.",
            "Works",
            parameters=_query(programs.Paging),
            fails=(422,),
        ),
        "post": _operation(
            "Makes a draft.",
            "Work",
            status=201,
            body="NewWork",
            parameters=[KEY],
            fails=(422,),
            **_DEPOSIT,
        ),
    },
    "/api/search": {
        "get": _operation(
            "What the search finds, best first; the arguments are those of /search.",
            "Works",
            parameters=[{"name": "q", "in": "query", "schema": {"type": "string"}}],
            fails=(422,),
        )
    },
    "/api/collections": {"get": _operation("All collections.", None)},
    "/api/agreement": {
        "get": _operation(
            "What a depositor agrees to.",
            "Agreement",
            parameters=[{"name": "language", "in": "query", "schema": {"type": "string"}}],
        )
    },
    "/api/works/{number}": {
        "parameters": [NUMBER],
        "get": _operation("A work; its ETag is its revision.", "Work", fails=(404, 410)),
        "put": _operation(
            "Changes a draft.",
            "Work",
            body="ChangedWork",
            parameters=[MATCH],
            fails=(404, 409, 412, 422, 428),
            **_DEPOSIT,
        ),
        "delete": _operation(
            "Deletes a draft.",
            None,
            status=204,
            parameters=[MATCH],
            fails=(404, 409, 412, 428),
            **_DEPOSIT,
        ),
    },
    "/api/works/{number}/files": {
        "parameters": [NUMBER],
        "post": _operation(
            "Adds a file to a draft: its bytes are the body.",
            "File",
            status=201,
            body="bytes",
            takes=BYTES,
            parameters=[
                KEY,
                {
                    "name": "name",
                    "in": "query",
                    "required": True,
                    "schema": {"type": "string"},
                    "description": "The name of the file.",
                },
                {
                    "name": "sha512",
                    "in": "query",
                    "schema": {"type": "string"},
                    "description": "In hexadecimal digits; refused when other bytes arrive.",
                },
            ],
            fails=(404, 409, 413, 422, 507),
            **_DEPOSIT,
        ),
    },
    "/api/works/{number}/files/{file}": {
        "parameters": [NUMBER, FILE],
        "patch": _operation(
            "Says who may open a file of a draft.",
            "File",
            body="FileRights",
            parameters=[MATCH],
            fails=(404, 409, 412, 422, 428),
            **_DEPOSIT,
        ),
        "delete": _operation(
            "Takes a file away from a draft.",
            None,
            status=204,
            parameters=[MATCH],
            fails=(404, 409, 412, 428),
            **_DEPOSIT,
        ),
    },
    "/api/works/{number}/files/{file}/content": {
        "parameters": [NUMBER, FILE],
        "get": _operation("The bytes of a file.", BYTES, fails=(404, 410)),
    },
    "/api/works/{number}/submission": {
        "parameters": [NUMBER],
        "post": _operation(
            "Sends a draft to the library.",
            "Work",
            body="Submission",
            parameters=[MATCH],
            fails=(404, 409, 412, 422, 428),
            **_DEPOSIT,
        ),
    },
}
# What is part of another comes before it.
SCHEMAS: Mapping[str, type[Schema]] = {
    "File": programs.FileAnswer,
    "Work": programs.WorkAnswer,
    "Works": programs.WorksAnswer,
    "Agreement": programs.AgreementAnswer,
    "Problem": programs.Problem,
    "NewWork": programs.NewWork,
    "ChangedWork": programs.ChangedWork,
    "FileRights": programs.FileRights,
    "Submission": programs.Submission,
}


@lru_cache(maxsize=4)
def document(settings: Settings, name: str) -> dict[str, Any]:
    """The OpenAPI document."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title=name,
        version=repository.__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": "Scholarly works, read and deposited by programs."},
        servers=[{"url": settings.base_url}],
    )
    plugin.converter.add_attribute_function(_said)  # type: ignore[union-attr]
    for name, schema in SCHEMAS.items():
        spec.components.schema(name, schema=schema)
    spec.components.response(
        "Problem",
        {
            "description": "What was wrong.",
            "content": {MEDIA_TYPE: {"schema": "Problem"}},
        },
    )
    scopes = "; ".join(f"{scope}: {label}" for scope, label in SCOPES.items())
    spec.components.security_scheme(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "description": f"Made on your account's page. {scopes}.",
        },
    )
    for path, operations in OPERATIONS.items():
        given = _copied(operations)
        spec.path(path=path, parameters=given.pop("parameters", []), operations=given)
    return spec.to_dict()


def _copied(value: Any) -> Any:
    """A copy of the table, for apispec writes into what it is given."""
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return next((name for name, one in SCHEMAS.items() if one is kind), kind.__name__)


def _said(self: Any, field: fields.Field, **_: Any) -> dict[str, Any]:
    """What our own fields add: the longest text, the choices of a vocabulary."""
    if isinstance(field, Choice):
        return {"enum": [str(one) for one in field.choices]}
    return {"maxLength": field.limit} if isinstance(field, Line) else {}

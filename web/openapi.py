"""The OpenAPI 3.1 document of /api, from the same endpoints that serve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from web import openapi_terminals
from web.edge import Moment, edge_type
from web.endpoints import Endpoint

REF: Final = "#/components/schemas/{name}"
TEXT: Final = {"type": "string"}
MEANINGS: Final[Mapping[str, str]] = {
    "401": "No token, or one that does not work.",
    "403": "Not allowed.",
    "404": "Unknown, or not to be seen by this reader.",
    "409": "Not as things stand: stale, taken, closed, or a conflict.",
    "412": "Changed since it was read.",
    "413": "Too large.",
    "422": "Not as it must be; `field` names the field.",
    "428": "If-Match is missing.",
    "429": "Tried too often; `Retry-After` says how long to wait.",
    "503": "Nothing was stored; try again.",
}
CHANGING: Final = ("403", "404", "409", "413", "503")
"""How whatever changes something may fail."""


class ProblemDocument(Struct):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: Literal[
        "unknown", "not_allowed", "stale", "taken", "closed", "conflict", "invalid", "too_large", "too_many",
        "unauthenticated", "precondition_failed", "precondition_required", "method_not_allowed", "unavailable",
        "internal",
    ]  # fmt: skip
    field: str | msgspec.UnsetType = msgspec.UNSET
    expected: str | msgspec.UnsetType = msgspec.UNSET
    holder: str | msgspec.UnsetType | None = msgspec.UNSET
    authority: str | msgspec.UnsetType | None = msgspec.UNSET
    since: Moment | msgspec.UnsetType = msgspec.UNSET
    id: str | msgspec.UnsetType = msgspec.UNSET


class PushKey(Struct):
    """The key a browser subscribes with: base64url of 65 bytes."""

    key: str


class CalendarAddress(Struct):
    """A secret address of my duty, for a calendar program. Shown once; whoever knows it reads my duty."""

    url: str


class LiveData(Struct):
    """The data of one event of /api/live: something happened there; read it again."""

    ticket: int | None


def document(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The whole document, as plain data."""
    answering = [one for one in endpoints if one.result is not None]
    results = [edge_type(one.result, "", False) for one in answering]
    bodies = [one.edge for one in endpoints if one.has_body]
    fixed = [ProblemDocument, PushKey, CalendarAddress, LiveData, *openapi_terminals.BODIES]
    fixed += [edge_type(one, "", False) for one in openapi_terminals.ANSWERS]
    shapes, schemas = msgspec.json.schema_components([*results, *bodies, *fixed], ref_template=REF)
    answers = {one.name: shape for one, shape in zip(answering, shapes, strict=False)}
    paths: dict[str, dict[str, Any]] = _fixed_paths() | openapi_terminals.paths()
    for one in endpoints:
        paths.setdefault(f"/api{one.route.path}", {})[one.route.method.lower()] = _operation(one, answers.get(one.name))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Noroshi", "version": version, "description": "An escalation desk."},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: _tidy(schema) for name, schema in sorted(schemas.items())},
            "responses": {f"Problem{status}": _problem(meaning) for status, meaning in MEANINGS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Endpoint, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    name = one.struct.__name__
    operation: dict[str, Any] = {
        "operationId": name[0].lower() + name[1:],
        "summary": (one.struct.__doc__ or name).strip().splitlines()[0],
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_header_parameters(one)],
        "responses": _responses(one, answer),
    }
    if one.has_body:
        required = any(field.required for field in msgspec.structs.fields(one.edge))
        operation["requestBody"] = {"required": required, "content": _json(_ref(one.edge.__name__))}
    return operation


def _path_parameters(one: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0} if number else TEXT}
        for name, number in one.in_path.items()
    ]


def _query_parameters(one: Endpoint) -> list[dict[str, Any]]:
    if one.route.method != "GET":
        return []
    schema = msgspec.json.schema(one.edge)["$defs"][one.edge.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": of}
        for name, of in schema["properties"].items()
    ]


def _header_parameters(one: Endpoint) -> list[dict[str, Any]]:
    if one.takes_key:
        meaning = "The same key with the same body is answered again, not done again (24 h)."
        key = {"type": "string", "minLength": 1, "maxLength": 200}
        return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": meaning, "schema": key}]
    if one.takes_version:
        meaning = "The ETag of the version that is meant."
        return [{"name": "If-Match", "in": "header", "required": True, "description": meaning, "schema": TEXT}]
    return []


def _responses(one: Endpoint, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    if answer is None:
        responses["204"] = {"description": "Done."}
    else:
        responses[str(one.route.status)] = {"description": "As it is now.", "content": _json(answer)}
        if one.is_command:
            responses["204"] = {"description": "Done, and no longer for this reader to see."}
    return responses | {status: {"$ref": f"#/components/responses/Problem{status}"} for status in _problems(one)}


def _problems(one: Endpoint) -> list[str]:
    changing = CHANGING if one.is_command else ()
    version = ["412", "428"] if one.takes_version else []
    fields = ["422"] if one.edge.__struct_fields__ or one.takes_key else []
    return sorted({"401", *(["404"] if one.in_path else []), *changing, *version, *fields})


def _fixed_paths() -> dict[str, dict[str, Any]]:
    """What stands beside the catalogue."""
    unauthorized = {"401": {"$ref": "#/components/responses/Problem401"}}
    last = {"name": "Last-Event-ID", "in": "header", "required": False, "schema": TEXT}
    stream = {"description": "id: an opaque cursor, event: what happened, data: LiveData.", "content": {
        "text/event-stream": {"schema": {"type": "string", "contentMediaType": "text/event-stream"}},
    }}  # fmt: skip
    return {
        "/api/live": {"get": {
            "operationId": "live", "summary": "Hints that something happened.", "parameters": [last],
            "responses": {"200": stream} | unauthorized,
        }},
        "/api/me/calendar": {"post": {
            "operationId": "makeCalendar", "summary": "A new secret calendar address; the one before it is void.",
            "responses": {
                "201": {"description": "The address, shown once.", "content": _json(_ref("CalendarAddress"))},
            } | {status: {"$ref": f"#/components/responses/Problem{status}"} for status in ("401", *CHANGING)},
        }},
        "/api/me/calendar.ics": {"get": {
            "operationId": "calendarFile", "summary": "My duty as an iCalendar file.",
            "responses": {"200": {"description": "RFC 5545.", "content": {"text/calendar": {
                "schema": {"type": "string"},
            }}}} | unauthorized,
        }},
        "/api/push-key": {"get": {
            "operationId": "pushKey", "summary": "The key a browser subscribes with.", "security": [],
            "responses": {"200": {"description": "The key.", "content": _json(_ref("PushKey"))}},
        }},
        "/api/schema/openapi.json": {"get": {
            "operationId": "schema", "summary": "This document.", "security": [],
            "responses": {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {
                "schema": {"type": "object"},
            }}}},
        }},
    }  # fmt: skip


def _problem(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/problem+json": {"schema": _ref("ProblemDocument")}}}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": REF.format(name=name)}


def _tidy(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"description": cleandoc(schema["description"])} if "description" in schema else schema

"""The JSON API: one route for every row of the catalogue that has one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct, ValidationError

from core.engine.desk import Desk, Key
from core.engine.outcome import Refusal
from core.engine.shapes import prepared
from core.engine.wire import outside
from core.escalation.queries.speech import sentence
from web.cursor import CursorError, Cursors
from web.edge import within
from web.endpoints import EXPECTED, Endpoint
from web.problems import Problem, invalid, of_refusal
from web.visit import visit_of

Asked = Request[Any, Any, Any]
JSON: Final = "application/json"
KEY: Final = re.compile(r"[!-~]{1,200}")
ETAG: Final = re.compile(r'"(\d{1,15})"')
DIGITS: Final = re.compile(r"[0-9]{1,15}")
WHERE: Final = re.compile(r" - at `\$\.?([^`]*)`$")
WHICH: Final = re.compile(r"field `([^`]*)`")


def handlers(endpoints: Sequence[Endpoint]) -> list[HTTPRouteHandler]:
    """The routes of these endpoints, below /api."""
    return [_handler(endpoint) for endpoint in endpoints]


def cursors_of(request: Asked) -> Cursors:
    """What seals and opens this app's cursors."""
    cursors: Cursors = request.app.state.cursors
    return cursors


def _handler(endpoint: Endpoint) -> HTTPRouteHandler:
    async def serve(request: Asked) -> Response[bytes]:
        wanted = await _read(endpoint, request)
        shown = await _act(endpoint, request, wanted) if endpoint.is_command else await _ask(request, wanted)
        if isinstance(shown, Refusal):
            raise await _refused(request, shown)
        return _answer(endpoint, request, shown)

    path = "".join(f"/{{{part[1:-1]}:str}}" if part[0] == "{" else f"/{part}" for part in endpoint.segments)
    # The status is the answer's own: Litestar would refuse a handler for 204 that returns a Response.
    return HTTPRouteHandler(path, http_method=endpoint.route.method, status_code=200)(serve)


async def _read(endpoint: Endpoint, request: Asked) -> Struct:
    """The command or query that this request means; a Problem when it means none."""
    given = {name: _from_path(request.path_params[name], number) for name, number in endpoint.in_path.items()}
    if endpoint.takes_version:
        given[EXPECTED] = _version(request)
    try:
        if endpoint.reads_query(raw := await request.body()):
            query = {name: value for name, value in request.query_params.items() if value != ""}
            edge = msgspec.convert(query, prepared(endpoint.edge), strict=False)
        else:
            edge = endpoint.decoder.decode(raw or b"{}")
    except ValidationError as fault:
        raise invalid(_field(str(fault)), str(fault)) from fault
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise invalid(None, "JSON", "web.problem.unreadable") from fault
    return endpoint.struct(**_opened(endpoint, request, within(edge)), **given)


async def _ask(request: Asked, query: Struct) -> Any:
    return await _desk(request).ask(query, visit_of(request).actor)


async def _act(endpoint: Endpoint, request: Asked, command: Struct) -> Any:
    """Run the command, then ask for what it made: the answer is what is true now, under today's rights."""
    desk, actor = _desk(request), visit_of(request).actor
    key, shows = _key(endpoint, request, command), endpoint.route.shows
    if shows is None:
        outcome = await desk.handle(command, actor, key)
        return outcome if isinstance(outcome, Refusal) else None
    outcome, shown = await desk.handle_and_show(command, actor, key, shows)
    if isinstance(outcome, Refusal):
        return outcome
    if shown is None:
        shown = await desk.ask(shows(command, outcome), actor)
    # It is done, and whoever did it may not see it any more: no body, instead of a refusal that did not happen.
    return None if isinstance(shown, Refusal) else shown


def _answer(endpoint: Endpoint, request: Asked, shown: Any) -> Response[bytes]:
    if shown is None:
        return Response(b"", status_code=204, media_type=JSON)
    data = outside(shown)
    if endpoint.cursors and data.get("next"):
        data["next"] = cursors_of(request).seal(data["next"], str(visit_of(request).actor), endpoint.name)
    headers = {"ETag": f'"{shown.version}"'} if endpoint.shows_version else {}
    return Response(msgspec.json.encode(data), status_code=endpoint.route.status, media_type=JSON, headers=headers)


async def _refused(request: Asked, refusal: Refusal) -> Problem:
    visit = visit_of(request)
    return of_refusal(refusal, await sentence(_desk(request), visit.actor, visit.language, refusal))


def _from_path(text: str, number: bool) -> str | int:
    """What is no number becomes 0, which nothing has: the same answer as for any unknown number."""
    if not number:
        return text
    return int(text) if DIGITS.fullmatch(text) else 0


def _version(request: Asked) -> int:
    wanted = request.headers.get("if-match")
    if wanted is None:
        raise Problem(428, "precondition_required", "web.problem.precondition_required")
    match = ETAG.fullmatch(wanted.strip())
    if match is None:
        raise Problem(412, "precondition_failed", "web.problem.precondition_failed")
    return int(match[1])


def _opened(endpoint: Endpoint, request: Asked, given: dict[str, Any]) -> dict[str, Any]:
    for name in endpoint.cursors:
        if given.get(name):
            try:
                given[name] = cursors_of(request).open(given[name], str(visit_of(request).actor), endpoint.name)
            except CursorError as fault:
                raise invalid(name, "a cursor of this list", "web.problem.cursor") from fault
    return given


def _key(endpoint: Endpoint, request: Asked, command: Struct) -> Key | None:
    value = request.headers.get("idempotency-key") if endpoint.takes_key else None
    if value is None:
        return None
    if not KEY.fullmatch(value):
        raise invalid("Idempotency-Key", "1 to 200 visible ASCII characters")
    return Key(value, endpoint.name, hashlib.sha256(msgspec.json.encode(command)).digest())


def _field(fault: str) -> str | None:
    """Where it is wrong, as the contract names fields: `customer.name`."""
    where, which = WHERE.search(fault), WHICH.search(fault)
    return ".".join(match[1] for match in (where, which) if match and match[1]) or None


def _desk(request: Asked) -> Desk:
    desk: Desk = request.app.state.desk
    return desk

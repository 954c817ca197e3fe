"""Before every route: the header set, the two kinds of key kept apart, the log line, the cross-site guard."""

from __future__ import annotations

from collections.abc import Iterable
from hmac import compare_digest
from time import monotonic_ns
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog import get_logger

from web.problems import Problem
from web.settings import LOOPBACK, WebSettings
from web.visit import Connection, visit_of

Zone: TypeAlias = Literal["desk", "api", "open"]
BODY_LIMIT: Final = 64 * 1024
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
UNLOGGED: Final = frozenset({"receipts", "intake", "heartbeat", "report", "calendar"})
"""Paths that are secrets, or say who came: no line at all."""

POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
"""On every answer. A route may add, never loosen."""
ENCODED: Final = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
DROPPED: Final = {"desk": (b"authorization",), "api": (b"cookie",)}

log = get_logger("noroshi.access")


class Doors:
    """Wraps the whole app. Sessions exist only under /desk, tokens only under /api; elsewhere there is neither."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request through the doors."""
        if scope["type"] == ScopeType.WEBSOCKET:
            await self._app(scope, receive, send)
            return
        zone = zone_of(scope["path"])
        scope["headers"] = list(_kept(scope["headers"], zone))
        begun, status = monotonic_ns(), 0

        async def finish(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_completed(message["headers"], zone)]
            await send(message)

        try:
            await self._app(scope, receive, finish)
        finally:
            _note(scope, status, (monotonic_ns() - begun) // 1_000_000)


def zone_of(path: str) -> Zone:
    """Which kind of key this path knows."""
    match first_of(path):
        case "desk":
            return "desk"
        case "api" | "metrics":
            return "api"
    return "open"


def first_of(path: str) -> str:
    """The first part of a path, however many slashes lead to it (the router reads it so, too)."""
    return path.lstrip("/").partition("/")[0]


async def from_our_pages(request: Request[Any, Any, Any]) -> None:
    """Before an unsafe request under /desk: it comes from our own pages, and a script or a form of ours says so.

    Raises a 403 Problem. (A `before_request` hook.)
    """
    if request.method in SAFE:
        return
    if not same_site(request, request.app.state.settings):
        raise Problem(403, "not_allowed", "web.problem.elsewhere")
    if request.headers.get("x-noroshi") != "1" and not await _has_form_token(request):
        raise Problem(403, "not_allowed", "web.problem.form_token")


def same_site(connection: Connection, settings: WebSettings) -> bool:
    """Whether the browser says that a page of ours sent this. Saying nothing is not enough."""
    fetched, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if origin is not None and not _is_own(origin.lower(), connection, settings):
        return False
    return fetched == "same-origin" or (fetched is None and origin is not None)


def _is_own(origin: str, connection: Connection, settings: WebSettings) -> bool:
    if origin == settings.origin:
        return True
    # A trial on this machine is also ours under its other names (localhost, 127.0.0.1, a tunnel's port).
    parts = urlsplit(origin)
    return not settings.secure and parts.hostname in LOOPBACK and parts.netloc == connection.headers.get("host")


async def _has_form_token(request: Request[Any, Any, Any]) -> bool:
    token = visit_of(request).form_token
    given = (await request.form()).get("_token", "")
    return bool(token) and isinstance(given, str) and compare_digest(token.encode(), given.encode())


def _kept(headers: Iterable[tuple[bytes, bytes]], zone: Zone) -> Iterable[tuple[bytes, bytes]]:
    dropped = DROPPED.get(zone, (b"cookie", b"authorization"))
    return (header for header in headers if header[0] not in dropped)


def _completed(headers: Iterable[tuple[bytes, bytes]], zone: Zone) -> Iterable[tuple[bytes, bytes]]:
    given = {name.lower(): value for name, value in headers}
    yield from headers
    yield from ENCODED
    if zone != "open" and b"cache-control" not in given:
        yield b"cache-control", b"no-store"


def _note(scope: HTTPScope, status: int, took: int) -> None:
    """One line a request. The route's pattern, never the path: paths may hold secrets, query strings always may."""
    route = scope.get("path_template") or "-"
    if first_of(scope["path"]) not in UNLOGGED:
        log.info("request", method=scope["method"], route=route, status=status, ms=took)

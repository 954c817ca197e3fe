"""Puts the web face together: doors, pages, API, receipts, health."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import Provide

from core.engine.desk import Desk
from web import api, beside, calendar, live, openapi, signin, static, terminals
from web.auth import bearer, furnished, known, signed_in
from web.cursor import Cursors
from web.doors import BODY_LIMIT, Doors, from_our_pages
from web.endpoints import Endpoint, endpoints
from web.openapi import PushKey
from web.pages import handlers as pages
from web.pages import open_handlers
from web.pages.frame import reader
from web.problems import answer
from web.render import Renderer
from web.settings import WebSettings
from web.static import Shelf

Asked = Request[Any, Any, Any]


def build(desk: Desk, settings: WebSettings) -> Litestar:
    """The whole web face of one desk. Opens nothing: give it to `web.serve.serve` or to any ASGI server."""
    found = endpoints(desk.catalogue)
    shelf = Shelf()
    app = Litestar(
        route_handlers=[*beside.handlers, calendar.feed, _desk_routes(), _api_routes(found)],
        dependencies={"desk": Provide(_desk, sync_to_thread=False)},
        exception_handlers={Exception: answer},
        request_max_body_size=BODY_LIMIT,
        openapi_config=None,
        logging_config=None,
        state=State(
            {
                "desk": desk,
                "settings": settings,
                "shelf": shelf,
                "renderer": Renderer(shelf, desk.clock),
                "cursors": Cursors(settings.key("cursor")),
                "live": live.Live(desk),
                "gate": signin.Gate(),
                "schema": msgspec.json.encode(openapi.document(found, _version())),
            }
        ),
    )
    app.asgi_handler = Doors(app.asgi_handler)
    return app


def _desk_routes() -> Router:
    """Everything under /desk: who comes is asked once, unsafe requests must come from our own pages."""
    own = Router(
        "/",
        route_handlers=[*pages],
        guards=[signed_in, furnished],
        dependencies={"reader": Provide(reader)},
    )
    streams = Router("/", route_handlers=[live.desk_live], guards=[signed_in])
    people = Router(
        "/",
        route_handlers=[own, streams, *open_handlers, *signin.handlers],
        guards=[known],
        before_request=from_our_pages,
    )
    return Router("/desk", route_handlers=[people, *static.handlers])


def _api_routes(found: list[Endpoint]) -> Router:
    """Everything under /api: by token, but for what a program must read before it has one."""
    by_token = Router("/", route_handlers=[*api.handlers(found), *calendar.by_token, live.api_live], guards=[bearer])
    return Router("/api", route_handlers=[by_token, push_key, schema, *terminals.handlers])


@get("/push-key", sync_to_thread=False)
def push_key(request: Asked) -> Response[bytes]:
    """The key a browser subscribes with."""
    key = PushKey(request.app.state.settings.vapid_public_key)
    return Response(msgspec.json.encode(key), media_type=api.JSON)


@get("/schema/openapi.json", sync_to_thread=False)
def schema(request: Asked) -> Response[bytes]:
    """What programs may do here."""
    return Response(request.app.state.schema, media_type=api.JSON)


def _desk(request: Asked) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _version() -> str:
    try:
        return version("noroshi")
    except PackageNotFoundError:  # run from the folder, without an installation
        return "0"

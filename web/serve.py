"""Serves the app in the loop that also runs timers and dispatch, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from litestar import Litestar

from web.head import BoundedHead
from web.live import Live
from web.settings import WebSettings

PATIENCE: Final = 5
"""Seconds that requests under way get to end."""
KEEP_ALIVE: Final = 30
BACKLOG: Final = 512


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: whoever runs the loop decides when it ends."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


async def serve(
    app: Litestar,
    host: str,
    port: int,
    *,
    stop: asyncio.Event,
    ready: Callable[[str, int], None] | None = None,
) -> None:
    """Serve until `stop` is set; then streams end at once and requests under way get a few seconds.

    Port 0 lets the system choose; `ready` hears host and port once requests are taken. OSError: the port is taken.
    """
    with listening(host, port) as listener:
        server = _Server(_config(app))
        running = asyncio.ensure_future(server.serve(sockets=[listener]))
        try:
            await _first(running, server.up)
            if ready is not None and not running.done():
                ready(host, listener.getsockname()[1])
            await _first(running, stop)
        finally:
            live: Live = app.state.live
            live.close()
            server.should_exit = True
            await running


def listening(host: str, port: int) -> socket.socket:
    """A bound socket that says it is TCP: asyncio turns Nagle's delay (40 ms an answer) off only where it knows."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


async def _first(running: asyncio.Future[None], happens: asyncio.Event) -> None:
    """Until it happens, or the server ended by itself."""
    waiting: asyncio.Future[Any] = asyncio.ensure_future(happens.wait())
    both: list[asyncio.Future[Any]] = [running, waiting]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


def _config(app: Litestar) -> uvicorn.Config:
    settings: WebSettings = app.state.settings
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=PATIENCE,
        http=BoundedHead,
        backlog=BACKLOG,
        ws="none",
        lifespan="off",
    )

"""Serving: in the caller's own loop, until told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket

import httpx
import pytest

from tests.web.house import House, served
from web.serve import listening, serve


async def test_it_serves_until_told_and_then_returns(tsubame: House) -> None:
    """Requests are answered while the loop does other things; afterwards the port is free again."""
    async with served(tsubame.app) as address:
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/healthz")).status_code == 200
            assert "server" not in (await client.get("/healthz")).headers
        port = int(address.rpartition(":")[2])
    listening("127.0.0.1", port).close()


async def test_a_taken_port_is_said_at_once(tsubame: House) -> None:
    """OSError, before anything runs."""
    with listening("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            await serve(tsubame.app, "127.0.0.1", taken.getsockname()[1], stop=asyncio.Event())


async def test_signals_stay_with_whoever_runs_the_loop(tsubame: House) -> None:
    """The server installs no handlers of its own."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with served(tsubame.app):
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_a_cancelled_server_ends_its_connections(tsubame: House) -> None:
    """Whoever cancels the task that serves gets a server that has ended."""
    up: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(
        serve(tsubame.app, "127.0.0.1", 0, stop=asyncio.Event(), ready=lambda _, port: up.set_result(port))
    )
    port = await up
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_answers_do_not_wait_for_one_another(host: str) -> None:
    """The socket says it is TCP, without which asyncio leaves Nagle's delay on: 40 ms for every answer."""
    try:
        with listening(host, 0) as listener:
            assert listener.proto == socket.IPPROTO_TCP
    except OSError:
        assert host == "::1"  # a machine without IPv6

"""The address outside: called over https only, never inside, never led on; what it answers is told without itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from push.watchdog import call


@asynccontextmanager
async def listener(status: int, **headers: str) -> AsyncIterator[tuple[str, list[str]]]:
    """An address on this machine that answers so, and the paths it was called by."""
    heard: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(request.path_qs)
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", heard
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_it_is_heard(status: int) -> None:
    """A success is empty; the address is called exactly as it is written."""
    async with listener(status) as (address, heard):
        assert await call(f"{address}/ping/a%20b?c=1", loopback=True) == ""
    assert heard == ["/ping/a%20b?c=1"]


@pytest.mark.parametrize("status", [301, 404, 500])
async def test_another_answer_is_told(status: int) -> None:
    """Neither an error nor a redirect counts as heard, and a redirect is not followed."""
    async with listener(status, location="/elsewhere") as (address, heard):
        assert await call(f"{address}/ping", loopback=True) == f"http_{status}"
    assert heard == ["/ping"]


@pytest.mark.parametrize(
    "address",
    ["http://example.com/x", "ftp://example.com/x", "https://user:secret@example.com/x", "https://", "not one", "https://[::1"],
)  # fmt: skip
async def test_an_address_that_may_not_be_called(address: str) -> None:
    """Plain http, credentials in the address, or no address at all: nothing is sent."""
    assert await call(address) == "address"


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "localhost", "[::1]"])
async def test_nothing_inside_is_called(host: str) -> None:
    """Not over https either, unless the switch for trials lets this machine through."""
    assert await call(f"https://{host}:9/x") == "private_address"


async def test_nobody_there_is_told() -> None:
    """A closed port is the network's fault."""
    async with listener(200) as (address, _):
        pass
    assert await call(f"{address}/x", loopback=True) == "network"

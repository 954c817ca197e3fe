"""Over HTTP: the real server in a process of its own, clients in another."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import msgspec

from bench.client import Load, Run
from bench.desks import RAISER, Bench, desk_on
from bench.rows import Row, against, alone
from core.console.addresses import usable
from core.engine.outcome import Refusal
from core.people.commands import IssueInvite, IssueToken, UseInvite
from core.people.model import CONSOLE, NOBODY
from core.people.secrets import hash_secret, make_secret

HOST = "127.0.0.1"
PAGE = "/desk/queue"
TABS = ("new", "done")
ROUNDS = 3
READY_WITHIN = 20.0


async def create(bench: Bench, requests: int) -> list[Row]:
    """Tickets per second, durable, by four clients."""
    path = bench.copy()
    token = await _token(path)
    async with serving(path) as port:
        load = Load(
            HOST, port, "POST", "/api/tickets", requests, 4, {"Authorization": f"Bearer {token}"},
            '{"subject": "bench {i}", "body": "measured", "severity": "high"}', 201,
        )  # fmt: skip
        run = await _driven(load)
    return [alone("create a ticket over HTTP, 4 clients", requests / run.seconds, "tickets/s", "≥ 1,200/s")]


async def queue_page(small: Bench, large: Bench, requests: int) -> list[Row]:
    """The list as HTML, one client, in turns: many tickets against few."""
    paths = small.copy(), large.copy()
    cookies = [{"Cookie": f"noroshi={await _session(path)}"} for path in paths]
    rows = []
    async with serving(paths[0]) as few, serving(paths[1]) as many:
        for tab in TABS:
            loads = [
                Load(HOST, port, "GET", f"{PAGE}?tab={tab}", requests // ROUNDS, 1, cookie)
                for port, cookie in zip((few, many), cookies, strict=True)
            ]
            figures = [[median((await _driven(load)).latencies) for load in loads] for _ in range(ROUNDS)]
            first, second = (median(figure) for figure in zip(*figures, strict=True))
            name = f"queue page ({tab}), p50, {large.filled:,} tickets against {small.filled:,}"
            rows.append(against(name, second, first, "ms", "≤ 6 ms, ≤ 1.3 ×"))
    return rows


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[int]:
    """`noroshi serve` on this database; its port."""
    port = usable(HOST, 0)
    server = await asyncio.create_subprocess_exec(
        sys.executable, "noroshi.py", "serve", "--db", f"sqlite:///{path}", "--port", str(port),
        env=os.environ | {"NOROSHI_LANG": "en"}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stderr is not None
    try:
        async with asyncio.timeout(READY_WITHIN):
            said = b""
            while f":{port} ".encode() not in (line := await server.stderr.readline()):
                said += line
                if not line:
                    raise RuntimeError(f"the server ended at once: {said.decode()}")
        draining = asyncio.create_task(server.stderr.read())
        yield port
    finally:
        server.terminate()
        await server.wait()
    draining.cancel()


async def _driven(load: Load) -> Run:
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.client", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    answer, _ = await client.communicate(msgspec.json.encode(load))
    if client.returncode:
        raise RuntimeError("the client failed")
    return msgspec.json.decode(answer, type=Run)


async def _token(path: Path) -> str:
    secret = make_secret()
    async with desk_on(path) as (desk, _):
        await desk.handle(IssueToken(str(RAISER), hash_secret(secret), "bench"), CONSOLE)
    return secret


async def _session(path: Path) -> str:
    invite, secret = make_secret(), make_secret()
    async with desk_on(path) as (desk, _):
        await desk.handle(IssueInvite(str(RAISER), hash_secret(invite), 1), CONSOLE)
        opened = await desk.handle(UseInvite(hash_secret(invite), hash_secret(secret), "bench"), NOBODY)
        if isinstance(opened, Refusal):
            raise RuntimeError(opened.code)
    return secret

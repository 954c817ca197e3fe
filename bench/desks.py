"""Desks to measure on: made once, copied for each measurement, so that all start from the same bytes."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from core.console import keyfile, opening
from core.console.clock import SystemClock
from core.console.opening import Opened, created
from core.engine.desk import Desk
from core.engine.ports import Clock, Store
from core.engine.store.sqlite import SqliteStore, open_sqlite
from core.parts import catalogue
from core.people.model import Actor
from core.sample.bulk import Filler
from core.sample.furnish import furnish
from core.tickets.commands import CreateTicket
from push.vapid import VapidKey

RAISER = Actor("person", "sato")
LOCAL = "http://127.0.0.1:8000"


class Desks(Protocol):
    """Where a measurement gets its desk, and the fresh tickets on it."""

    filled: int

    def desk(self, clock: Clock | None = None) -> AbstractAsyncContextManager[tuple[Desk, Store]]:
        """A desk nobody else has touched."""

    def numbers(self) -> range:
        """The fresh tickets."""


class Bench:
    """A folder with one furnished database of so many tickets, and as many fresh ones as a measurement wants."""

    def __init__(self, folder: Path, filled: int, fresh: int) -> None:
        self.filled = filled
        self.fresh = fresh
        self._base = folder / f"base-{filled}.db"
        self._copies = 0

    async def build(self) -> None:
        """Sample desk, `filled` tickets of the past, then `fresh` new ones of the raiser's team, numbered on."""
        keys = keyfile.make(VapidKey.make().raw())
        keyfile.write(self._base.with_name(self._base.name + ".key"), keys)
        async with created(self._base, keys) as at:
            now, store = at.desk.clock.now(), at.desk.store
            await store.write(lambda tx: opening.sign(tx, keys))
            await furnish(store, at.desk.catalogue, keys.chain_key, now)
            await Filler(store, at.desk.catalogue, keys.chain_key).fill(self.filled, now, lambda _: None)
            await at.desk.start()
            await self._add_fresh(at)

    async def _add_fresh(self, at: Opened) -> None:
        made = 0
        while made < self.fresh:
            count = min(500, self.fresh - made)
            created_ = (at.desk.handle(CreateTicket(f"bench {made + n}"), RAISER) for n in range(count))
            await asyncio.gather(*created_)
            made += count

    def copy(self) -> Path:
        """A database of its own, with its key file, nothing left in a WAL."""
        self._copies += 1
        path = self._base.with_name(f"copy-{self.filled}-{self._copies}.db")
        raw = sqlite3.connect(self._base)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.close()
        shutil.copyfile(self._base, path)
        shutil.copy(f"{self._base}.key", f"{path}.key")
        return path

    @asynccontextmanager
    async def desk(self, clock: Clock | None = None) -> AsyncIterator[tuple[Desk, Store]]:
        """A desk on a copy of its own."""
        async with desk_on(self.copy(), clock) as found:
            yield found

    def numbers(self) -> range:
        """The fresh tickets."""
        return range(self.filled + 1, self.filled + 1 + self.fresh)


@asynccontextmanager
async def desk_on(path: Path, clock: Clock | None = None) -> AsyncIterator[tuple[Desk, SqliteStore]]:
    """A desk on a copy, with its store."""
    keys = keyfile.read(Path(f"{path}.key"))
    async with open_sqlite(path) as store:
        desk = Desk(store, catalogue(public_url=LOCAL, loopback=True), clock or SystemClock(), keys.chain_key)
        await desk.start()
        yield desk, store

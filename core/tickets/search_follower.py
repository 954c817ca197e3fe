"""Keeps the search index up to date: follows the journal in small batches, beside the engine.

Each batch stores its place with what it wrote: killed anywhere, it goes on there. Texts are read and taken apart on a
reader's connection; the writer's lock is held only for the rows themselves, and for a quarter of the time at most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from msgspec import Struct

from core.engine.ports import NotStored, Reader, Store, Transaction
from core.tickets.search_index import (
    START,
    Entry,
    State,
    entries_of,
    move,
    newest,
    news_of,
    older,
    put_all,
    state_of,
)

log = structlog.get_logger()
BATCH: Final = 32
"""Tickets in one transaction: a few milliseconds."""
ANEW: Final = 500
"""Where nobody else waits for the writer."""
GATHER: Final = 0.2
"""Seconds in which the texts of a busy moment gather."""
LOOK_EVERY: Final = 2.0
"""Seconds between looks for what other processes wrote."""
REST: Final = 3.0
"""Rests so many times as long as a batch took."""


class Batch(Struct, frozen=True):
    """What is written in one go, and the places before and after it."""

    was: State
    now: State
    entries: dict[int, Entry]
    more: bool


class Indexer:
    """One follower of the journal. Several processes may run one: who comes second writes nothing."""

    def __init__(self, store: Store, *, rest: float = REST, batch: int = BATCH) -> None:
        self._store = store
        self._size = batch
        self._rest = rest
        self._news = asyncio.Event()
        store.on_commit(lambda _: self._news.set())

    async def run(self) -> None:
        """Until cancelled. A passing fault of the store is logged and tried again."""
        while True:
            more = False
            try:
                begun = time.monotonic()
                more = await self.step()
                if more:
                    await asyncio.sleep((time.monotonic() - begun) * self._rest)
            except NotStored as error:
                log.error("search: nothing stored", reason=str(error))
            if not more:
                await self._wait()

    async def step(self, progress: Callable[[int], None] = lambda _: None) -> bool:
        """One batch; whether there is more to do."""
        batch = await self._store.read(lambda tx: _next(tx, self._size))
        if batch.now == batch.was and not batch.entries:
            return False
        await self._store.write(lambda tx: _write(tx, batch))
        progress(len(batch.entries))
        return batch.more

    async def catch_up(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Until nothing is left to do; `progress` hears how many more tickets were looked at."""
        while await self.step(progress):
            pass

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._news.wait()
            await asyncio.sleep(GATHER)
        self._news.clear()


def _next(tx: Reader, size: int) -> Batch:
    was = state_of(tx)
    if was.below == START:
        return Batch(was, newest(tx), {}, more=True)
    if was.below is not None:
        numbers = older(tx, was.below, size)
        now = State(was.place, numbers[-1] if numbers else None)
        return Batch(was, now, entries_of(tx, numbers), more=True)
    news = news_of(tx, was.place, size)
    return Batch(was, State(news.place, None), entries_of(tx, news.tickets), news.more)


def _write(tx: Transaction, batch: Batch) -> None:
    if move(tx, batch.was, batch.now):  # else another process has done it already
        put_all(tx, batch.entries)

"""The engine while it runs: timers, dispatcher and feed, beside whatever else the process does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import Any

from core.console.spoken import Trouble
from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.ports import Channel, NotStored
from core.engine.timers import Timers
from core.tickets.search_follower import Indexer


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a command to its exit code."""
    try:
        return asyncio.run(work)
    except NotStored as error:
        raise Trouble("not_stored", why=error) from None
    except KeyboardInterrupt:
        return 130


@asynccontextmanager
async def running(desk: Desk, channels: Mapping[str, Channel], stop: asyncio.Event) -> AsyncIterator[None]:
    """Until the block ends; what was claimed is finished first. A fault in the engine sets `stop` and is raised."""
    process = f"{os.getpid()}-{token_hex(4)}"
    timers = Timers(desk, process)
    await timers.step()  # whoever sees the block begin may count on a heartbeat, and on nothing being overdue
    async with beside(_engine(desk, timers, Dispatcher(desk, channels, process))) as engine:
        engine.add_done_callback(lambda _: stop.set())
        yield


async def _engine(desk: Desk, timers: Timers, dispatcher: Dispatcher) -> None:
    async with asyncio.TaskGroup() as group:
        for part in (timers, dispatcher, desk.follower, Indexer(desk.store)):
            group.create_task(part.run())


@asynccontextmanager
async def following(desk: Desk) -> AsyncIterator[None]:
    """Only the feed: for a terminal on the database of a desk that runs elsewhere."""
    async with beside(desk.follower.run()):
        yield


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """While the block runs, so does the work; a fault of its own is raised at the end."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def asked_to_stop() -> asyncio.Event:
    """Set at the first SIGTERM or SIGINT; a second one ends the process at once."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(number: signal.Signals) -> None:
        asked.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: there Ctrl+C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop, number)
    return asked

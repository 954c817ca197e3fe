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


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a command to its exit code."""
    try:
        return asyncio.run(work)
    except NotStored as error:
        raise Trouble("not_stored", why=error) from None
    except KeyboardInterrupt:
        return 130


@asynccontextmanager
async def running(desk: Desk, channels: Mapping[str, Channel]) -> AsyncIterator[None]:
    """Until the block ends. What was claimed is finished; a fault in one of them ends the block."""
    process = f"{os.getpid()}-{token_hex(4)}"
    timers, dispatcher = Timers(desk, process), Dispatcher(desk, channels, process)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(part.run()) for part in (timers, dispatcher, desk.follower)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@asynccontextmanager
async def following(desk: Desk) -> AsyncIterator[None]:
    """Only the feed: for a terminal on the database of a desk that runs elsewhere."""
    task = asyncio.create_task(desk.follower.run())
    try:
        yield
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

"""The engine while it runs: timers, dispatcher, feed and search index, beside whatever else the process does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from secrets import token_hex
from types import MappingProxyType
from typing import Any, Final

from core.console.spoken import Trouble
from core.engine.auditor import Auditor, Space
from core.engine.crew import Crew
from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.ports import Channel, NotStored, Unsure
from core.engine.timers import Timers
from core.tickets.search_follower import Indexer

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def unknown() -> None:
    """Nobody knows how much room is left."""


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a command to its exit code."""
    try:
        return asyncio.run(work)
    except Unsure:
        raise Trouble("unsure") from None
    except NotStored as error:
        raise Trouble("not_stored", why=error) from None
    except KeyboardInterrupt:
        return 130


@asynccontextmanager
async def running(
    desk: Desk,
    channels: Mapping[str, Channel],
    stop: asyncio.Event,
    *,
    space: Space = unknown,
    beside_it: Mapping[str, Callable[[Crew], Coroutine[Any, Any, None]]] = NOTHING,
) -> AsyncIterator[None]:
    """Until the block ends; what was claimed is finished first. A task that dies is begun again, see `Crew`.

    `space` tells how much room is left for the database; `beside_it` are further works that must not end.
    """
    process = f"{os.getpid()}-{token_hex(4)}"
    timers, dispatcher = Timers(desk, process), Dispatcher(desk, channels, process)
    await timers.step()  # whoever sees the block begin may count on a heartbeat, and on nothing being overdue
    parts = {
        "timers": timers.run,
        "dispatch": dispatcher.run,
        "feed": desk.follower.run,
        "search": Indexer(desk.store).run,
    }
    crew = Crew(desk, parts)
    crew.add("auditor", Auditor(desk, timers, dispatcher, crew.begin_again, space).run)
    for name, work in beside_it.items():
        crew.add(name, partial(work, crew))
    async with beside(crew.run()) as engine:
        engine.add_done_callback(lambda _: stop.set())
        yield


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

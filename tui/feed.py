"""Live hints, gathered so that a busy desk repaints at most ten times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct

from core.engine.hint import Hint
from tui.model.door import Door, Unreachable

WAITS = (1.0, 2.0, 5.0, 10.0)
"""Seconds before trying again, the last one for ever."""


class News(Struct, frozen=True):
    """What to read again: these tickets, or everything."""

    tickets: frozenset[int] = frozenset()
    everything: bool = False


class Feed:
    """Follows the door and tells `on_news`, one telling at a time."""

    def __init__(self, door: Door, on_news: Callable[[News], Awaitable[None]]) -> None:
        self._door = door
        self._on_news = on_news
        self._tickets: set[int] = set()
        self._everything = False
        self._some = asyncio.Event()
        self.busy = False
        """Whether hints have come that were not told yet."""

    async def run(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._tell())

    def hear(self, hint: Hint) -> None:
        """One hint came. Without a ticket it may concern anything on the screen."""
        if hint.ticket is None:
            self._everything = True
        else:
            self._tickets.add(hint.ticket)
        self.busy = True
        self._some.set()

    async def _follow(self) -> None:
        tries = 0
        while True:
            try:
                async for hint in self._door.feed():
                    tries = 0
                    self.hear(hint)
            except Unreachable:
                pass
            await asyncio.sleep(WAITS[min(tries, len(WAITS) - 1)])
            tries += 1
            self.hear(Hint("", "reload"))

    async def _tell(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(self._door.pace)
            self._some.clear()
            news = News(frozenset(self._tickets), self._everything)
            self._tickets.clear()
            self._everything = False
            await self._on_news(news)
            self.busy = self._some.is_set()

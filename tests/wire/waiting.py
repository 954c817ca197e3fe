"""Things that arrive, and somebody who waits for them."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds until waiting for something that never comes is a failed test."""


class Arrivals(Generic[T]):
    """A growing list that can be awaited."""

    def __init__(self) -> None:
        self.all: list[T] = []
        self._changed = asyncio.Condition()

    async def add(self, item: T) -> None:
        async with self._changed:
            self.all.append(item)
            self._changed.notify_all()

    async def wait(self, count: int = 1) -> list[T]:
        """The first `count`, as soon as they are there."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.all) >= count)
        return self.all[:count]

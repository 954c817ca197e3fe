"""Tasks that must not end: one that dies is told and begun again, one that stands still can be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

import structlog

from core.engine.desk import Desk
from core.engine.ports import SECOND, NotStored

log = structlog.get_logger()
FIRST_PAUSE: Final = 1.0
"""Seconds until a task that died is begun again; each time twice as long."""
LONGEST_PAUSE: Final = 30.0
WELL_AFTER: Final = 60 * SECOND
"""A task that ran so long was well: it begins again with the first pause."""
LOOK_EVERY: Final = 1.0
"""Seconds until it is seen that a task should begin again."""
GRACE: Final = 5.0
"""Seconds that a task standing still gets to end."""
Work: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class Crew:
    """Runs each work for ever. What one of them throws ends neither the others nor the process."""

    def __init__(self, desk: Desk, works: Mapping[str, Work]) -> None:
        self._desk = desk
        self._works = dict(works)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending: set[str] = set()
        self.down: set[str] = set()
        """Who died and has not begun again yet."""

    def add(self, name: str, work: Work) -> None:
        """One more, before it runs."""
        self._works[name] = work

    async def run(self) -> None:
        """Until cancelled; then each has ended in its own way."""
        async with asyncio.TaskGroup() as group:
            for name, work in self._works.items():
                group.create_task(self._keep(name, work))

    def begin_again(self, name: str) -> None:
        """End a work that stands still; it is begun again at once."""
        task = self._tasks.get(name)
        if task is not None and not task.done():
            self._ending.add(name)
            task.cancel()

    async def _keep(self, name: str, work: Work) -> None:
        pause = FIRST_PAUSE
        while True:
            begun = self._desk.clock.steady()
            self.down.discard(name)
            error = await self._ended(name, work)
            if error is None:  # ended on purpose: it stood still
                continue
            pause = FIRST_PAUSE if self._desk.clock.steady() - begun >= WELL_AFTER else pause
            self.down.add(name)
            self._desk.counts.restarts[name] += 1
            log.error("crew: a task died and is begun again", task=name, seconds=pause, exc_info=error)
            with suppress(NotStored):  # the log has it
                await self._desk.store.write(lambda tx: self._desk.alarm(tx, "task_died", "desk", 1, once=name))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _ended(self, name: str, work: Work) -> BaseException | None:
        """Run it once; what it died of, or None when it was ended to begin again."""
        task = self._tasks[name] = asyncio.create_task(work(), name=name)
        try:
            while not task.done():
                ending = name in self._ending
                await asyncio.wait({task}, timeout=GRACE if ending else LOOK_EVERY)
                if ending and not task.done():
                    log.error("crew: a task does not end, another is begun beside it", task=name)
                    break
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        if name in self._ending:
            self._ending.discard(name)
            self._desk.counts.restarts[name] += 1
            return None
        return asyncio.CancelledError() if task.cancelled() else task.exception() or RuntimeError("it ended by itself")

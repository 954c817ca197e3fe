"""The auditor: looks whether what was due is done and what was to leave has left, sets it going again, and says so.

It stands apart from timers and dispatcher, so that neither of them can stand still unnoticed: what is overdue is found
within 25 seconds, done by the auditor itself, and told to who runs the desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeAlias

import structlog

from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.health import Health, look
from core.engine.ports import MINUTE, SECOND, Millis, NotStored, Transaction
from core.engine.timers import Timers

log = structlog.get_logger()
LOOK_EVERY: Final = 5 * SECOND
OVERDUE: Final = 15 * SECOND
"""A deadline, a message or a task so late at two looks in a row stands still: 25 s at most until it is found."""
DISK_EVERY: Final = 1 * MINUTE
GIGABYTE: Final = 1 << 30
MEGABYTE: Final = 1 << 20
Space: TypeAlias = Callable[[], tuple[int, int] | None]
"""() → bytes free and in all where the database lies; None: nobody knows."""
Again: TypeAlias = Callable[[str], None]
"""(task) → it is ended and begun again."""


class Auditor:
    """Looks after timers and dispatcher of this process. `again` begins one of them anew: `timers`, `dispatch`."""

    def __init__(self, desk: Desk, timers: Timers, dispatcher: Dispatcher, again: Again, space: Space) -> None:
        self._desk = desk
        self._timers = timers
        self._dispatcher = dispatcher
        self._again = again
        self._space = space
        self._disk_at: Millis | None = None
        self._seen: set[str] = set()

    async def run(self) -> None:
        """Until cancelled. A passing fault of the store is logged; the next look is soon."""
        while True:
            try:
                await self.step()
            except NotStored as error:
                log.error("auditor: nothing stored", reason=str(error))
                self._seen.clear()  # who cannot store does not stand still
            await asyncio.sleep(LOOK_EVERY / SECOND)

    async def step(self) -> None:
        """Look once, mend what stands still, tell it."""
        health = await self._desk.store.read(lambda tx: look(tx, self._desk.clock.now()))
        if self._timers.paused:  # after a jump of the clock much is overdue, and waits on purpose
            self._seen.clear()
        else:
            await self._deadlines(health)
        await self._outgoing(health)
        await self._look_at_the_disk()

    async def _deadlines(self, health: Health) -> None:
        silent = self._twice("timers", self._timers.silent_for)
        late = self._twice("deadline", health.overdue)
        if not silent and not late:
            return
        while await self._timers.sweep():
            pass
        if silent:
            log.error("auditor: the timers stand still", seconds=silent // SECOND)
            self._again("timers")
        if late:
            await self._healed("deadline", "deadline_overdue", late)

    async def _outgoing(self, health: Health) -> None:
        """What nobody sends, though nothing of its channel is on the way here: there is no reason that it waits."""
        silent = self._twice("dispatch", self._dispatcher.silent_for)
        waits = max((one.unclaimed for one in health.queues if self._dispatcher.idle(one.channel)), default=0)
        late = self._twice("outgoing", waits)
        if late:
            await self._dispatcher.step()
            await self._healed("outgoing", "outgoing_stuck", late)
        if silent:
            log.error("auditor: the dispatcher stands still", seconds=silent // SECOND)
            self._again("dispatch")

    def _twice(self, what: str, age: Millis) -> Millis:
        """The age of what was too old at the look before as well; else 0. Once may be a machine that just woke."""
        if age <= OVERDUE:
            self._seen.discard(what)
        elif what in self._seen:
            return age
        else:
            self._seen.add(what)
        return 0

    async def _healed(self, kind: str, what: str, late: Millis) -> None:
        log.error("auditor: set going again", what=kind, late_seconds=late // SECOND)
        self._desk.counts.healed[kind] += 1
        await self._desk.store.write(lambda tx: self._desk.alarm(tx, what, "desk", 1, late, once=kind))

    async def _look_at_the_disk(self) -> None:
        """Once a minute: a disk that fills up, well before it is full, and faults that were only counted."""
        steady = self._desk.clock.steady()
        if self._disk_at is not None and steady - self._disk_at < DISK_EVERY:
            return
        self._desk.counts.disk = await asyncio.to_thread(self._space)
        await self._desk.store.write(self._tell)
        self._disk_at = steady

    def _tell(self, tx: Transaction) -> None:
        self._desk.tell_counted(tx)
        if (disk := self._desk.counts.disk) is not None and disk[0] < floor_of(disk[1]):
            self._desk.alarm(tx, "disk_low", "desk", 1, max(1, disk[0] // MEGABYTE), once="disk")


def floor_of(total: int) -> int:
    """Bytes that should stay free on a disk of this size: a tenth of it, 2 GiB at most."""
    return min(total // 10, 2 * GIGABYTE)

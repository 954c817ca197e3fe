"""Calls an address outside every minute while all is well, so that silence is heard when this machine cannot speak."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeAlias

import structlog

from core.console.wires import SecretMissing, secret_of
from core.engine.auditor import floor_of
from core.engine.crew import Crew
from core.engine.desk import STOPPED_AFTER, Desk
from core.engine.health import Health, look, schema_fits
from core.engine.ports import MINUTE, SECOND, NotStored, Reader
from core.people.records import people_of

log = structlog.get_logger()
EVERY: Final = 60.0
"""Seconds. Whoever listens should wait for three calls at least."""
OVERDUE: Final = 30 * SECOND
UNSENT: Final = 2 * MINUTE
Call: TypeAlias = Callable[[str], Awaitable[str]]
"""(address) → empty when it was heard, else why not."""


class Watchdog:
    """One reason not to call is enough; it stands in the log when it comes and when it goes."""

    def __init__(self, desk: Desk, call: Call) -> None:
        self._desk = desk
        self._call = call
        self._told = ""

    async def run(self, crew: Crew) -> None:
        """Until cancelled."""
        while True:
            await self.step(crew.down)
            await asyncio.sleep(EVERY)

    async def step(self, down: Collection[str]) -> str:
        """Call, or say why not; empty when the call was heard or nobody wants one."""
        reason = await self._reason(down)
        if reason and reason != self._told:
            log.warning("watchdog: not called", reason=reason)
        elif self._told and not reason:
            log.warning("watchdog: called again", was=self._told)
        self._told = reason
        return reason

    async def _reason(self, down: Collection[str]) -> str:
        try:
            written, health, fits = await self._desk.store.read(self._look)
        except NotStored:
            return "no_database"
        try:
            address = secret_of(written)
        except SecretMissing:
            return "no_address"
        if address is None:
            return ""
        return unwell(health, self._desk.counts.disk, down, fits=fits) or await self._call(address)

    def _look(self, tx: Reader) -> tuple[str | None, Health, bool]:
        return people_of(tx).settings.watchdog, look(tx, self._desk.clock.now()), schema_fits(tx)


def unwell(health: Health, disk: tuple[int, int] | None, down: Collection[str], *, fits: bool = True) -> str:
    """The first reason why not all is well; empty when all is."""
    if not fits:
        return "schema_changed"
    if health.beat is None or health.beat > STOPPED_AFTER:
        return "engine_stopped"
    if health.overdue > OVERDUE:
        return "deadline_overdue"
    if any(one.age > UNSENT for one in health.queues):
        return "outgoing_stuck"
    if disk is not None and disk[0] < floor_of(disk[1]):
        return "disk_low"
    return f"task_down:{min(down)}" if down else ""

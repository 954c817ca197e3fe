"""The dispatcher: sends what is queued, and writes how it fared.

One transaction per round: everything that landed since is reported and everything there is room for is claimed, its
truth read again. Sending happens between transactions, each message on its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from random import random
from typing import Final, TypeVar

import structlog

from core.engine.claims import Claims, Taken
from core.engine.desk import Desk
from core.engine.ports import SECOND, Channel, Failed, Millis, NotStored, Outcome, Retry, Transaction
from core.engine.tidings import Landed, Tidings
from core.engine.turns import Flight, Traffic

log = structlog.get_logger()
R = TypeVar("R")
IN_FLIGHT: Final = 64
"""At most so many messages at once of a channel that is not known here."""
PATIENCE: Final = 20.0
"""Seconds given to a channel that does not keep its own limit of 10; well within the lease."""
SLEEP_AT_MOST: Final = 1 * SECOND


class Dispatcher:
    """Sends what is queued. A wire that hangs, of a channel, a host or a person, holds up nobody else's messages."""

    def __init__(
        self,
        desk: Desk,
        channels: Mapping[str, Channel],
        process: str,
        *,
        patience: float = PATIENCE,
        jitter: Callable[[], float] = random,
    ) -> None:
        self._desk = desk
        self._channels = channels
        self._patience = patience
        self._woken = asyncio.Event()
        self._tidings = Tidings(desk, process, jitter)
        self._claims = Claims(desk, process, self._tidings)
        self._traffic = Traffic()
        self._tasks: set[asyncio.Task[Outcome]] = set()
        self._landed: list[Landed] = []
        self._round_at: Millis = desk.clock.steady()
        desk.on_wake(self._woken.set)

    @property
    def silent_for(self) -> Millis:
        """How long ago the last round ended."""
        return self._desk.clock.steady() - self._round_at

    def idle(self, channel: str) -> bool:
        """Whether nothing of this channel is on its way here."""
        return not self._traffic.flying(channel)

    async def run(self) -> None:
        """Until cancelled; what is in flight is finished first, in the channels' own limit of 10 s."""
        try:
            while True:
                self._woken.clear()
                try:
                    busy = await self.step() > 0
                except NotStored:
                    busy = False
                if not busy:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(SLEEP_AT_MOST / SECOND):
                            await self._woken.wait()
        finally:
            await asyncio.shield(self.land())

    async def step(self) -> int:
        """Report what has landed, claim what is ready and let it fly; how many rows were claimed."""
        try:
            return await self._round()
        finally:
            self._round_at = self._desk.clock.steady()

    async def _round(self) -> int:
        sizes = {name: channel.room for name, channel in self._channels.items()}
        rooms, landed = self._traffic.rooms(sizes, IN_FLIGHT), self._landed
        self._landed = []

        def whole(tx: Transaction) -> Taken:
            self._tidings.write(tx, landed)
            return self._claims.take(tx, rooms)

        storing = asyncio.ensure_future(self._stored(whole, landed))
        try:
            taken = await asyncio.shield(storing)
        except asyncio.CancelledError:  # what was claimed leaves all the same, or nobody would for as long as the lease
            self._take_off(await storing)
            raise
        self._take_off(taken)
        return taken.rows

    async def land(self) -> None:
        """Wait for everything in flight, and report it."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        landed, self._landed = self._landed, []
        if landed:
            with suppress(NotStored):  # then with the next round, or the lease frees the rows
                await self._stored(lambda tx: self._tidings.write(tx, landed), landed)

    async def _stored(self, work: Callable[[Transaction], R], landed: list[Landed]) -> R:
        try:
            return await self._desk.store.write(work)
        except NotStored as error:
            log.error("dispatch: nothing stored", reason=str(error))
            self._landed[:0] = landed
            raise

    def _take_off(self, taken: Taken) -> None:
        self._traffic.had_turns(taken.served)
        for flight in taken.flights:
            self._traffic.begin(flight)
            task = asyncio.create_task(self._send(flight))
            self._tasks.add(task)
            task.add_done_callback(partial(self._down, flight))

    def _down(self, flight: Flight, task: asyncio.Task[Outcome]) -> None:
        self._tasks.discard(task)
        outcome = None if task.cancelled() or task.exception() else task.result()
        self._traffic.end(flight, outcome)
        if outcome is not None:
            self._desk.counts.outcomes[flight.row.channel, type(outcome).__name__.lower()] += 1
            self._landed.append((flight, outcome))
        self._woken.set()

    async def _send(self, flight: Flight) -> Outcome:
        channel = self._channels.get(flight.row.channel)
        if channel is None:
            return Failed("no such channel here")
        try:
            async with asyncio.timeout(self._patience):
                return await channel.send(flight.message)
        except TimeoutError:
            return Retry(reason="no answer")
        except Exception as error:
            log.exception("dispatch: a channel raised", channel=flight.row.channel, error=type(error).__name__)
            return Retry(reason="fault")

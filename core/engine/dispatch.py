"""The dispatcher: claims outgoing rows, re-reads the truth, calls a channel, reports how it went."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import structlog
from msgspec import Struct

from core.engine.catalogue import Outgoing
from core.engine.desk import Desk
from core.engine.journal import SQL
from core.engine.ports import (
    MINUTE,
    SECOND,
    Channel,
    Failed,
    Gone,
    Message,
    Millis,
    NotStored,
    Outcome,
    Retry,
    Sent,
    Transaction,
)

log = structlog.get_logger()
IN_FLIGHT: Final = 64
"""At most so many messages of one channel at once."""
LEASE: Final = 30 * SECOND
PATIENCE: Final = 20.0
"""Seconds given to a channel that does not keep its own limit of 10; well within the lease."""
SLEEP_AT_MOST: Final = 1 * SECOND
BACK_OFF: Final = 2 * SECOND
BACK_OFF_MOST: Final = 1 * MINUTE


class _Claimed(Struct, frozen=True):
    row: Outgoing
    message: Message


class Dispatcher:
    """Sends what is queued. A hanging channel holds up nobody else's messages."""

    def __init__(
        self, desk: Desk, channels: Mapping[str, Channel], process: str, *, patience: float = PATIENCE
    ) -> None:
        self._desk = desk
        self._channels = channels
        self._process = process
        self._patience = patience
        self._woken = asyncio.Event()
        self._flying: dict[asyncio.Task[None], str] = {}
        desk.on_wake(self._woken.set)

    async def run(self) -> None:
        """Until cancelled; what is in flight is finished first, in the channels' own limit of 10 s."""
        try:
            while True:
                try:
                    claimed = await self.step()
                except NotStored as error:
                    log.error("dispatch: nothing stored", reason=str(error))
                    claimed = 0
                if claimed == 0:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(SLEEP_AT_MOST / SECOND):
                            await self._woken.wait()
                    self._woken.clear()
        finally:
            await asyncio.shield(self.land())

    async def step(self) -> int:
        """Claim what is ready, as far as its channel has room, and let it fly; how many rows were claimed."""
        flying = Counter(self._flying.values())
        count, claimed = await self._desk.store.write(lambda tx: self._claim(tx, flying))
        for one in claimed:
            task = asyncio.create_task(self._send(one))
            self._flying[task] = one.row.channel
            task.add_done_callback(self._landed)
        return count

    async def land(self) -> None:
        """Wait for everything in flight."""
        while self._flying:
            await asyncio.wait(self._flying)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._flying[task]
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("dispatch: a report was lost, the lease will free the row", error=type(error).__name__)

    def _claim(self, tx: Transaction, flying: Mapping[str, int]) -> tuple[int, Sequence[_Claimed]]:
        """Lease ready rows and compose them; what is no longer true is dropped here."""
        now = self._desk.clock.now()
        rows = [row for channel in _queued(tx) for row in self._lease(tx, channel, now, IN_FLIGHT - flying[channel])]
        claimed: list[_Claimed] = []
        for row in rows:
            try:
                message = tx.attempt(partial(self._compose, tx, row, now))
            except NotStored:
                raise
            except Exception as error:
                log.exception("dispatch: a notice cannot be composed", kind=row.kind, error=type(error).__name__)
                self._end(tx, row, "failed", "fault")
                self._desk.alarm(tx, "notice_throws", row.stream, row.stream_id, once=row.kind)
                continue
            if message is None:
                self._end(tx, row, "dropped")
            else:
                claimed.append(_Claimed(row, message))
        return len(rows), claimed

    def _lease(self, tx: Transaction, channel: str, now: Millis, room: int) -> Iterator[Outgoing]:
        at = {"channel": channel, "process": self._process, "until": now + LEASE, "now": now, "limit": max(0, room)}
        return (Outgoing(*row) for row in tx.all(SQL["outgoing_claim"], at))

    def _compose(self, tx: Transaction, row: Outgoing, now: Millis) -> Message | None:
        """The notice as it is true now, or None."""
        return None if row.expires_at <= now else self._desk.catalogue.notices[row.kind].compose(tx, row, now)

    async def _send(self, one: _Claimed) -> None:
        channel = self._channels.get(one.row.channel)
        if channel is None:
            outcome: Outcome = Failed("no such channel here")
        else:
            try:
                async with asyncio.timeout(self._patience):
                    outcome = await channel.send(one.message)
            except TimeoutError:
                outcome = Retry(reason="no answer")
            except Exception as error:
                log.exception("dispatch: a channel raised", channel=one.row.channel, error=type(error).__name__)
                outcome = Retry(reason="fault")
        await self._desk.store.write(lambda tx: self._report(tx, one.row, outcome))

    def _report(self, tx: Transaction, row: Outgoing, outcome: Outcome) -> None:
        match outcome:
            case Sent():
                self._end(tx, row, "sent", outcome.detail)
            case Gone(reason):
                self._end(tx, row, "gone", reason)
            case Failed(reason, alarm):
                self._end(tx, row, "failed", reason)
                if alarm:
                    self._desk.alarm(tx, "channel_refused", row.stream, row.stream_id, once=row.channel)
            case Retry(after, reason):
                self._again(tx, row, after, reason)

    def _again(self, tx: Transaction, row: Outgoing, after: Millis | None, reason: str) -> None:
        wait = min(BACK_OFF << min(row.attempts, 8), BACK_OFF_MOST) if after is None else after
        ready_at = self._desk.clock.now() + wait
        if ready_at >= row.expires_at:
            self._end(tx, row, "failed", reason or "expired")
        else:
            at = {"id": row.id, "process": self._process, "ready_at": ready_at, "reason": reason[:200]}
            tx.run(SQL["outgoing_retry"], at)

    def _end(self, tx: Transaction, row: Outgoing, state: str, reason: str = "") -> None:
        now = self._desk.clock.now()
        if tx.run(SQL["outgoing_done"], {"id": row.id, "state": state, "reason": reason[:200], "now": now}):
            self._desk.reported(tx, row, state, reason)


def _queued(tx: Transaction) -> Iterator[str]:
    """Every channel that anything waits for, known here or not; one look-up each."""
    channel = ""
    while (row := tx.one(SQL["outgoing_channel_after"], {"channel": channel})) and row[0] is not None:
        yield (channel := row[0])

"""Timers: sleep until the earliest deadline, claim what is due, turn each row into its command."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog

from core.engine.desk import BEAT_EVERY, Desk
from core.engine.journal import SQL
from core.engine.ports import DAY, MINUTE, SECOND, Millis, NotStored, Transaction

log = structlog.get_logger()
SLEEP_AT_MOST: Final = 1 * SECOND
POISON_PAUSE: Final = 60 * SECOND
HELD_PAUSE: Final[Millis] = 10
"""Milliseconds until what was due, and another process had locked, is looked at again."""
JUMP: Final = 5 * MINUTE
PAUSE_AFTER_JUMP: Final = 30 * SECOND


class Timers:
    """The engine's sense of time. Only `serve` and `demo` run it."""

    def __init__(self, desk: Desk, process: str) -> None:
        self._desk = desk
        self._process = process
        self._woken = asyncio.Event()
        self._beat_at: Millis | None = None
        self._begun_at: Millis = desk.clock.steady()
        self._swept_at: Millis = 0
        self._hands: tuple[Millis, Millis] | None = None
        self._paused_until: Millis = 0
        self.batch = desk.store.sweep
        """So many rows one sweep claims at most."""
        desk.on_wake(self._woken.set)

    async def run(self) -> None:
        """Until cancelled. A passing fault of the store is logged and tried again."""
        try:
            while True:
                try:
                    pause = await self.step()
                except NotStored as error:
                    log.error("timers: nothing stored", reason=str(error))
                    pause = SLEEP_AT_MOST
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause / SECOND):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            await asyncio.shield(self._leave())

    async def step(self) -> Millis:
        """Beat if it is time, do all that is due; how long to sleep then."""
        await self._look_at_the_clock()
        if self.paused:
            await self._beat()
            return SLEEP_AT_MOST
        while True:  # each sweep is one hop: the loop runs meanwhile
            claimed = await self.sweep()
            await self._beat()  # after it: who cannot do what is due has no heartbeat
            if claimed < self.batch:
                break
        row = await self._desk.store.read(lambda tx: tx.one(SQL["deadline_next"]))
        due = row[0] if row else None
        left = SLEEP_AT_MOST if due is None else due - self._desk.clock.now()
        if left <= 0 and not claimed:
            return HELD_PAUSE
        return max(0, min(left, SLEEP_AT_MOST))

    @property
    def paused(self) -> bool:
        """Whether steps wait, because the clock jumped forward just now."""
        return self._desk.clock.steady() < self._paused_until

    @property
    def silent_for(self) -> Millis:
        """How long ago the last heartbeat was stored, or these timers were begun."""
        return self._desk.clock.steady() - (self._begun_at if self._beat_at is None else self._beat_at)

    async def sweep(self) -> int:
        """One transaction of due rows; how many were claimed."""
        try:
            late = await self._desk.store.write(self._all_due)
        except NotStored:
            raise
        except Exception:  # one of them throws: all is undone, and each gets a savepoint of its own
            late = await self._desk.store.write(self._each_due)
        self._desk.counts.late(late)
        return len(late)

    def _due(self, tx: Transaction, now: Millis) -> list[tuple[Any, ...]]:
        return tx.all(SQL["deadline_due"], {"now": now, "limit": self.batch})

    def _all_due(self, tx: Transaction) -> list[Millis]:
        """How late each row was."""
        now = self._desk.clock.now()
        rows = self._due(tx, now)
        self._all(tx, rows, now)
        return [now - row[4] for row in rows]

    def _each_due(self, tx: Transaction) -> list[Millis]:
        now = self._desk.clock.now()
        rows = self._due(tx, now)
        thrown: Counter[str] = Counter()
        for row in rows:
            self._one(tx, row, thrown)
        for kind, count in thrown.items():
            log.error("timers: deadlines throw", kind=kind, count=count)
        return [now - row[4] for row in rows]

    def _all(self, tx: Transaction, rows: Sequence[tuple[Any, ...]], now: Millis) -> None:
        """All rows, with what they look at read ahead in a few statements (where no two are of one stream)."""
        if len({row[:2] for row in rows}) == len(rows):
            for kind, id_, seq, head, at in tx.all(SQL["streams_ahead"], {"now": now, "limit": self.batch}):
                tx.memo["stream", kind, id_] = (seq, bytes(head), at)
            for deadline in {row[2] for row in rows}:
                if (ahead := self._desk.catalogue.deadlines[deadline].ahead) is not None:
                    ahead(tx, now, self.batch)
        for row in rows:
            self._turn(tx, row)
        tx.memo.clear()

    def _turn(self, tx: Transaction, row: tuple[Any, ...]) -> None:
        stream, stream_id, kind, ref, due, _ = row
        at = {"stream": stream, "stream_id": stream_id, "kind": kind, "ref": ref}
        if tx.one(SQL["deadline_stands"], {**at, "due": due}) is None:  # an earlier row, or somebody, has moved it
            return
        catalogue = self._desk.catalogue
        work = self._desk.work(tx, catalogue.system)
        self._desk.run_in(work, catalogue.deadlines[kind].command(ref, due))
        if row[:4] not in work.deadlines:  # most commands set the next one, which writes over this
            tx.run(SQL["deadline_cancel"], at)

    def _one(self, tx: Transaction, row: tuple[Any, ...], thrown: Counter[str]) -> None:
        """One due row under its own savepoint. A row whose decision throws is tried later, and said."""
        stream, stream_id, kind, ref, _, tries = row
        at = {"stream": stream, "stream_id": stream_id, "kind": kind, "ref": ref}
        try:
            tx.attempt(partial(self._turn, tx, row))
        except NotStored:
            raise
        except Exception as error:
            if not thrown[kind]:  # of ten thousand the first of a sweep says where
                log.exception("timers: a deadline throws", stream=stream, id=stream_id, error=type(error).__name__)
            thrown[kind] += 1
            tx.run(SQL["deadline_postpone"], {**at, "due": self._desk.clock.now() + POISON_PAUSE})
            if tries == 0:
                self._desk.alarm(tx, "deadline_throws", stream, stream_id, once=kind)

    async def _beat(self) -> None:
        steady = self._desk.clock.steady()
        if self._beat_at is not None and steady - self._beat_at < BEAT_EVERY:
            return
        at = self._desk.clock.now()
        await self._desk.store.write(lambda tx: self._beat_in(tx, at))
        self._beat_at = steady
        if at - self._swept_at > DAY:
            await self._desk.store.write(lambda tx: tx.run(SQL["idempotency_forget"], {"before": at - DAY}))
            self._swept_at = at

    def _beat_in(self, tx: Transaction, at: Millis) -> None:
        tx.run(SQL["heartbeat"], {"process": self._process, "at": at})
        self._desk.catch_up(tx)  # another process may have recorded by a clock that is ahead of ours

    async def _look_at_the_clock(self) -> None:
        """A wall clock that jumps is journalled and told; after a jump forward steps pause."""
        now, steady = self._desk.clock.now(), self._desk.clock.steady()
        before = self._hands or (await self._last_recorded(now), steady)
        jump = (now - before[0]) - (steady - before[1])
        if abs(jump) >= JUMP:
            log.warning("timers: the clock jumped", seconds=jump // SECOND)
            if jump > 0:
                self._paused_until = steady + PAUSE_AFTER_JUMP
            await self._desk.store.write(lambda tx: self._jumped(tx, jump))
        self._hands = (now, steady)  # only now: what could not be stored is noticed again

    async def _last_recorded(self, now: Millis) -> Millis:
        """Where the clock stood at least when the desk stopped: it may have been set back since."""
        return max(now, await self._desk.store.read(self._desk.catch_up))

    def _jumped(self, tx: Transaction, jump: Millis) -> None:
        """Told; and what was to be tried again soon is not put off by as much as the clock was set back."""
        if jump < 0:
            tx.run(SQL["outgoing_shift"], {"by": jump})
        self._desk.alarm(tx, "clock_jumped", "desk", 1, jump)

    async def _leave(self) -> None:
        self._beat_at, self._begun_at = None, self._desk.clock.steady()  # whoever runs them again beats at once
        with suppress(NotStored):  # then the heartbeat grows old by itself
            await self._desk.store.write(self._goodbye)

    def _goodbye(self, tx: Transaction) -> None:
        tx.run(SQL["heartbeat_gone"], {"process": self._process, "before": self._desk.clock.now() - DAY})

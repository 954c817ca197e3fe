"""How late steps are while many escalations are open and 200 fall due every second."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import msgspec

from bench.desks import Bench, desk_on
from bench.engine import in_turns, raised
from bench.rows import Row, alone
from core.engine.desk import Desk
from core.engine.ports import MINUTE, Reader
from core.engine.store.sql import SqlFile
from core.engine.timers import Timers

CALLERS = 128
DUE_PER_SECOND = 200
FIRST_WAIT = 5 * MINUTE
STEPS = SqlFile("bench", "bench.sql")


class ShiftedClock:
    """Stands still while escalations are made, then runs with the real one from where it is set."""

    def __init__(self) -> None:
        self.at = time.time_ns() // 1_000_000
        self._since: int | None = None

    def now(self) -> int:
        """Milliseconds as the story tells them."""
        return self.at if self._since is None else self.at + time.monotonic_ns() // 1_000_000 - self._since

    def steady(self) -> int:
        """The same hand."""
        return self.now()

    def run_from(self, at: int) -> None:
        """From now on it runs."""
        self.at, self._since = at, time.monotonic_ns() // 1_000_000


class _Step(msgspec.Struct):
    at: int


async def of_steps(bench: Bench, open_: int, seconds: int) -> list[Row]:
    """The first channel waits of `seconds` × 200 escalations end one by one; all others stay open meanwhile."""
    clock = ShiftedClock()
    begun, numbers = clock.at, list(bench.numbers()[:open_])
    due = seconds * DUE_PER_SECOND
    async with desk_on(bench.copy(), clock) as (desk, store):
        for second in range(seconds):
            for tenth in range(10):
                clock.at = begun + second * 1_000 + tenth * 100
                first = second * DUE_PER_SECOND + tenth * DUE_PER_SECOND // 10
                await _raise(desk, numbers[first : first + DUE_PER_SECOND // 10])
        clock.at = begun + MINUTE  # these are due long after the measurement
        await _raise(desk, numbers[due:])
        clock.run_from(begun + FIRST_WAIT - 500)
        timing = asyncio.create_task(Timers(desk, "bench").run())
        await asyncio.sleep(seconds + 1.5)
        timing.cancel()
        with suppress(asyncio.CancelledError):
            await timing
        late = sorted(await store.read(_lateness))
    if len(late) != due:
        raise RuntimeError(f"{len(late)} steps of {due}")
    name = f"lateness of a step, {open_:,} open, {DUE_PER_SECOND} due a second"
    return [alone(f"{name}, {word}", late[int(len(late) * share)], "ms", "p99 ≤ 250 ms") for word, share in SHARES]


SHARES = (("p50", 0.50), ("p99", 0.99))


async def _raise(desk: Desk, numbers: list[int]) -> None:
    async def one(number: int) -> None:
        await raised(desk, number)

    await in_turns(numbers, CALLERS, one)


def _lateness(tx: Reader) -> list[int]:
    """Recorded time of each step less the time it was due."""
    return [at - msgspec.json.decode(data, type=_Step).at for at, data in tx.all(STEPS["steps"])]

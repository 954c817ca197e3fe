"""Ten thousand escalations due in the same second, while somebody goes on accepting."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from statistics import median

from bench.desks import Desks
from bench.engine import checked, duty, in_turns, raised
from bench.rows import Row, alone
from core.engine.desk import Desk
from core.engine.journal import SQL
from core.engine.ports import MINUTE
from core.engine.store.sql import SqlFile
from core.engine.timers import Timers
from core.escalation.commands import AcceptEscalation
from core.people.model import Actor
from core.sample.seed import SeedClock

CALLERS = 128
PRESSED_EVERY = 0.020
FIRST_WAIT = 5 * MINUTE
MUST_PER_SECOND = "≥ 8,000/s"
MUST_MS = "≤ 30 ms"
COUNTS = SqlFile("bench", "bench.sql")


async def all_at_once(bench: Desks, count: int, where: str = "", must: str = MUST_PER_SECOND) -> list[Row]:
    """Every escalation's first channel wait ends at one instant; each must step exactly once."""
    clock = SeedClock(time.time_ns() // 1_000_000)
    async with bench.desk(clock) as (desk, store):
        called = await duty(desk)
        numbers = bench.numbers()[:count]
        escalations: list[int] = []

        async def one(number: int) -> None:
            escalations.append(await raised(desk, number))

        await in_turns(numbers, CALLERS, one)
        clock.at += FIRST_WAIT
        rest = escalations[-count // 100 :]
        waits: list[float] = []
        pressing = asyncio.create_task(_press(desk, rest, called, waits))
        stepped, seconds = await _sweep(desk)
        pressing.cancel()
        with suppress(asyncio.CancelledError):
            await pressing
        twice = await store.read(lambda tx: tx.all(COUNTS["stepped_more_than_once"]))
        left = await store.write(lambda tx: tx.all(SQL["deadline_due"], {"now": clock.at, "limit": 1}))
        if twice or left:
            raise RuntimeError(f"stepped twice: {len(twice)}, still due: {len(left)}")
    return [
        alone(f"{count:,} escalations due at once{where}", stepped / seconds, "steps/s", must),
        alone(f"an accept meanwhile{where}, median", median(waits), "ms", MUST_MS),
        alone(f"an accept meanwhile{where}, longest", max(waits), "ms", MUST_MS),
    ]


async def _sweep(desk: Desk) -> tuple[int, float]:
    timers, stepped = Timers(desk, "bench"), 0
    begun = time.perf_counter()
    while True:
        done = await timers.sweep()
        stepped += done
        if done < timers.batch:
            return stepped, time.perf_counter() - begun
        await asyncio.sleep(0)


async def _press(desk: Desk, escalations: list[int], called: Actor, waits: list[float]) -> None:
    for escalation in escalations:
        begun = time.perf_counter()
        checked(await desk.handle(AcceptEscalation(escalation), called))
        waits.append((time.perf_counter() - begun) * 1_000)
        await asyncio.sleep(PRESSED_EVERY)

"""Durable raise + accept through the desk, against a plain loop doing the same statements, and with a busy loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.desks import RAISER, Bench, Desks, desk_on
from bench.replay import Recorded, RecordingStore, replay
from bench.rows import Row, against
from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.escalation.queries.questions import Preview
from core.people.model import Actor

SLICE = 0.010
ROUNDS = 3
"""Ours and the anchor in turns, so that a busy moment of the machine meets both; the median of each counts."""
POLICY = "complaint"


async def raise_and_accept(bench: Bench, callers: Sequence[int], pairs: int) -> list[Row]:
    """Pairs per second by number of callers; the loop groups as many commands to a commit as there are callers."""
    numbers = bench.numbers()[:pairs]
    statements = await _recorded(bench.copy(), numbers)
    rows = []
    for count in callers:
        some = pairs if count > 1 else pairs // 4  # alone, each pair waits for two commits of its own
        figures = [
            (
                some / replay(bench.copy(), statements[: some * 2], count),
                await pairs_per_second(bench, numbers[:some], count),
            )
            for _ in range(ROUNDS)
        ]
        plain, ours = (median(figure) for figure in zip(*figures, strict=True))
        rows.append(
            against(f"raise + accept, {count} callers, {bench.filled:,} tickets", ours, plain, "pairs/s", "≥ 55 %")
        )
    return rows


async def with_a_busy_loop(bench: Bench, callers: int, pairs: int) -> list[Row]:
    """The same while plain Python keeps the event loop busy for half of the time."""
    numbers = bench.numbers()[:pairs]
    figures = []
    for _ in range(ROUNDS):
        idle = await pairs_per_second(bench, numbers, callers)
        async with _half_busy():
            figures.append((idle, await pairs_per_second(bench, numbers, callers)))
    idle, busy = (median(figure) for figure in zip(*figures, strict=True))
    return [against(f"the same, loop half busy ({callers} callers), against idle", busy, idle, "pairs/s", "≥ 60 %")]


async def duty(desk: Desk) -> Actor:
    """Whom the raised tickets will call."""
    view = await desk.ask(Preview(policy=POLICY), RAISER)
    return Actor("person", view.ladder[0].people[0])


async def raised(desk: Desk, number: int) -> int:
    """The id of a new escalation of this ticket."""
    done = await desk.handle(RaiseEscalation(number, policy=POLICY, level=2), RAISER)
    return int(checked(done).ref)


def checked(outcome: Any) -> Any:
    """What was done; a refusal would make the figures worthless."""
    if isinstance(outcome, Refusal):
        raise RuntimeError(f"{outcome.code} {outcome.detail}")
    return outcome


async def in_turns(numbers: Sequence[int], callers: int, one: Any) -> float:
    """Seconds for `callers` tasks that together do `one(number)` for all numbers."""
    waiting: Iterator[int] = iter(numbers)

    async def caller() -> None:
        for number in waiting:
            await one(number)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return time.perf_counter() - begun


async def pairs_per_second(bench: Desks, numbers: Sequence[int], callers: int) -> float:
    """Raise and accept through the desk's own door, by so many callers at once."""
    async with bench.desk() as (desk, _):
        called = await duty(desk)

        async def pair(number: int) -> None:
            checked(await desk.handle(AcceptEscalation(await raised(desk, number)), called))

        return len(numbers) / await in_turns(numbers, callers, pair)


async def _recorded(path: Path, numbers: Sequence[int]) -> list[Recorded]:
    async with desk_on(path) as (desk, store):
        called = await duty(desk)
        desk.store = recording = RecordingStore(store)
        for number in numbers:
            checked(await desk.handle(AcceptEscalation(await raised(desk, number)), called))
        return recording.commands


@asynccontextmanager
async def _half_busy() -> Any:
    async def spin() -> None:
        while True:
            until = time.perf_counter() + SLICE
            while time.perf_counter() < until:
                pass
            await asyncio.sleep(SLICE)

    task = asyncio.create_task(spin())
    try:
        yield
    finally:
        task.cancel()

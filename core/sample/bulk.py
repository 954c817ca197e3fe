"""Large desks for trials: many tickets, each by the real commands, many commands to a transaction."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from core.engine.catalogue import Catalogue
from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.engine.ports import DAY, Millis, Store, Transaction
from core.people.model import Actor
from core.sample.history import matters
from core.sample.seed import SampleFault, SeedClock
from core.tickets.commands import ClaimTicket, CloseTicket, CreateTicket, PutOnWait

CHUNK: Final = 500
"""Tickets to a transaction."""
LONG_AGO: Final = 200 * DAY
SEED: Final = 14_32
ENDS: Final[Mapping[str, int]] = {"new": 15, "in_progress": 5, "waiting": 5, "done": 75}
"""How many of a hundred tickets stand where."""
OPERATORS: Final = ("sato", "tanaka", "kobayashi", "ito", "nakamura")


class _Plan(Struct, frozen=True):
    by: Actor
    matter: CreateTicket
    ends: str
    at: Millis
    gap: Millis


class Filler:
    """Fills a desk that has the sample's people. The same count gives the same desk."""

    def __init__(self, store: Store, catalogue: Catalogue, key: bytes) -> None:
        self._clock = SeedClock(0)
        self._desk = Desk(store, catalogue, self._clock, key)

    async def fill(self, count: int, now: Millis, progress: Callable[[int], None]) -> None:
        """`count` tickets of the last two hundred days; `progress` hears how many more are in."""
        await self._desk.start()
        plans = _plans(count, now)
        for start in range(0, count, CHUNK):
            chunk = [next(plans) for _ in range(min(CHUNK, count - start))]
            await self._desk.store.write(lambda tx, chunk=chunk: self._write(tx, chunk, now))  # type: ignore[misc]
            progress(len(chunk))

    def _write(self, tx: Transaction, chunk: list[_Plan], now: Millis) -> None:
        for plan in chunk:
            self._clock.at = plan.at
            number = self._run(tx, plan.matter, plan.by)
            for step, command in enumerate(_afterwards(plan, number, now), 1):
                self._clock.at = plan.at + plan.gap * step // 4
                self._run(tx, command, plan.by)

    def _run(self, tx: Transaction, command: Struct, by: Actor) -> int:
        outcome = self._desk.run(tx, command, by)
        if isinstance(outcome, Refusal):
            raise SampleFault(f"{type(command).__name__} by {by}: {outcome.code} {outcome.detail}")
        return int(outcome.ref)


def _plans(count: int, now: Millis) -> Iterator[_Plan]:
    dice = random.Random(SEED)
    stock = _stock()
    gap = LONG_AGO // (count + 1)
    for number in range(count):
        by = OPERATORS[number % len(OPERATORS)]
        matter = dice.choice(stock)
        severity = dice.choices(("low", "normal", "high", "critical"), (30, 50, 17, 3))[0]
        named = msgspec.structs.replace(matter, subject=f"{matter.subject} TS-{20_000 + number}", severity=severity)
        end = "new" if number < len(OPERATORS) else dice.choices(list(ENDS), list(ENDS.values()))[0]
        yield _Plan(Actor("person", by), named, end, now - LONG_AGO + gap * (number + 1), gap)


def _afterwards(plan: _Plan, number: int, now: Millis) -> Iterator[Struct]:
    if plan.ends == "new":
        return
    yield ClaimTicket(number)
    if plan.ends == "waiting":
        yield PutOnWait(number, now + DAY + plan.at % (30 * DAY))
    if plan.ends == "done":
        yield CloseTicket(number)


def _stock() -> list[CreateTicket]:
    """The sample's matters as patterns; the team is left to whoever takes them in."""
    known = CreateTicket.__struct_fields__
    patterns = [{key: value for key, value in row.items() if key in known} for row in matters()]
    return [msgspec.convert({**pattern, "team": None}, CreateTicket) for pattern in patterns]

"""Lets the sample desk live through its week: every step is a command of that person, at that time."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from core.engine.catalogue import Catalogue
from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.journal import SQL
from core.engine.outcome import Refusal
from core.engine.ports import Channel, Millis, Store
from core.engine.timers import Timers
from core.escalation.queries.questions import GetCase
from core.escalation.queries.views import Case
from core.people.model import Actor
from core.sample.history import CALLED, HOLDER, IN_HAND, Step, command, read

OPEN_CALL = frozenset({"queued", "sent", "shown", "opened"})


class SampleFault(Exception):
    """The sample itself is wrong: a step was refused."""


class SeedClock:
    """Time as the story tells it."""

    def __init__(self, at: Millis) -> None:
        self.at = at

    def now(self) -> Millis:
        return self.at

    def steady(self) -> Millis:
        return self.at


class _Matter(Struct):
    creator: str
    ticket: int = 0
    escalation: int = 0


class Seeder:
    """Plays steps on a desk whose clock it owns; between them it lets due deadlines happen."""

    def __init__(self, store: Store, catalogue: Catalogue, key: bytes, channels: Mapping[str, Channel]) -> None:
        self._clock = SeedClock(0)
        self._desk = Desk(store, catalogue, self._clock, key)
        self._timers = Timers(self._desk, "sample")
        self._dispatcher = Dispatcher(self._desk, channels, "sample")
        self._matters: dict[int, _Matter] = {}

    async def play(self, now: Millis, pace: float = 1.0) -> None:
        """The whole week up to `now`. SampleFault when a step is refused."""
        for step in read(now, pace):
            await self.pass_time(step.at)
            await self._do(step, pace)
        await self.pass_time(now)

    async def pass_time(self, until: Millis) -> None:
        """Let everything happen that is due by then."""
        while True:
            row = await self._desk.store.read(lambda tx: tx.one(SQL["deadline_next"]))
            due = row[0] if row else None
            if due is None or due > until:
                break
            self._clock.at = max(self._clock.at, due)
            while await self._timers.sweep() == self._timers.batch:
                pass
            await self._tell()
        self._clock.at = max(self._clock.at, until)

    async def _do(self, step: Step, pace: float) -> None:
        matter = self._matters.setdefault(step.matter, _Matter(step.by))
        by = await self._who(step, matter)
        done = await self._desk.handle(command(step, matter.ticket, matter.escalation, pace), by)
        if isinstance(done, Refusal):
            raise SampleFault(f"{step.does} by {by} of matter {step.matter + 1}: {done.code} {done.detail}")
        if step.does == "create":
            matter.ticket = int(done.ref)
        if step.does == "raise":
            matter.escalation = int(done.ref)
        await self._tell()

    async def _who(self, step: Step, matter: _Matter) -> Actor:
        if step.by not in (CALLED, HOLDER, IN_HAND):
            return Actor("person", step.by)
        case = await self._desk.ask(GetCase(matter.ticket), Actor("person", matter.creator))
        if step.by == IN_HAND:
            return Actor("person", case.escalations[0].held_by)
        return Actor("person", _called(case) if step.by == CALLED else case.ticket.holder)

    async def _tell(self) -> None:
        while await self._dispatcher.step():
            pass
        await self._dispatcher.land()


def _called(case: Case) -> str:
    """Who is being called now, the duty before the backup."""
    calls = [call for escalation in case.escalations for call in escalation.calls if call.state in OPEN_CALL]
    if not calls:
        raise SampleFault(f"nobody is called for ticket {case.ticket.number}")
    return min(calls, key=lambda call: call.seat != "duty").person

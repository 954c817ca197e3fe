"""What one sitting at the terminal knows: names, counts, my calls, the alarms, and how old all of it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from core.engine.outcome import Done, Refusal
from core.escalation.queries.cards import DirectoryView, MeView, MyCallsView, PulseView, TaskPage, TaskView
from core.escalation.queries.questions import Directory, Me, MyCalls, PhoneTasks, Pulse, QueueCounts
from tui.model.door import Door, Unreachable
from tui.model.names import Names

NO_CALLS = MyCallsView((), (), ())


class Session:
    """The door, with what it last said. `offline_since` is the time of the last answer while it does not answer."""

    def __init__(self, door: Door, language: str) -> None:
        self.door = door
        self.door.language = language
        self.names = Names(DirectoryView("Noroshi", "Asia/Tokyo", language, (), (), (), ()), language)
        self.me: MeView | None = None
        self.calls = NO_CALLS
        self.pulse = PulseView("running", None)
        self.counts: dict[str, int] = {}
        self.tasks: tuple[TaskView, ...] = ()
        self.offline_since: int | None = None
        self.busy = 0
        """Questions and commands under way."""
        self._heard = door.now()
        self._rung: frozenset[str] = frozenset()

    @property
    def language(self) -> str:
        """The language of this sitting."""
        return self.names.language

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self.names = Names(self.names.directory, language)
        self.door.language = language

    async def ask(self, query: Struct) -> Any:
        """The answer, a Refusal, or None while the desk does not answer."""
        return await self._through(self.door.ask(query))

    async def handle(self, command: Struct) -> Done | Refusal | Unreachable:
        """Do it; an unreachable desk is a value here, so that what was typed can be kept."""
        self.busy += 1
        try:
            outcome = await self.door.handle(command)
        except Unreachable as fault:
            self._lost()
            return fault
        finally:
            self.busy -= 1
        self._found()
        return outcome

    async def begin(self) -> None:
        """Read what every screen needs. The first time it goes on in the language of who sits here."""
        await asyncio.gather(self._read_names(), self.refresh())

    async def refresh(self) -> None:
        """Read anew who calls me, what stands, how many there are, and whether an engine runs."""
        calls, counts, tasks, pulse = await asyncio.gather(
            self.ask(MyCalls()), self.ask(QueueCounts()), self.ask(PhoneTasks()), self.ask(Pulse())
        )
        self.calls = calls if isinstance(calls, MyCallsView) else self.calls
        self.counts = counts_of(counts) or self.counts
        self.pulse = pulse if isinstance(pulse, PulseView) else self.pulse
        if isinstance(tasks, TaskPage):
            self.tasks = tuple(sorted(tasks.items, key=lambda task: (task.due or task.offered_at, task.id)))

    async def beat(self) -> None:
        """Ask only whether an engine runs."""
        pulse = await self.ask(Pulse())
        self.pulse = pulse if isinstance(pulse, PulseView) else self.pulse

    def new_calls(self) -> bool:
        """Whether somebody calls me, or an alarm stands, that I was not told of before: ring the bell once."""
        now = frozenset(card.call for card in self.calls.calls) | {f"alarm {a.escalation}" for a in self.calls.alarms}
        new, self._rung = now - self._rung, now
        return bool(new)

    def call_for(self, escalation: str | None) -> int | None:
        """The id of my open call for an escalation: it fences my answer."""
        return next((int(card.call) for card in self.calls.calls if card.escalation == escalation), None)

    def offered(self, tasks: Iterable[TaskView] | None = None) -> TaskView | None:
        """The phone task to take next: mine that I took, else the first that is free."""
        waiting = self.tasks if tasks is None else tuple(tasks)
        mine = (task for task in waiting if task.state == "taken" and self.is_me(task.taken_by))
        return next(mine, None) or next((task for task in waiting if task.state == "offered"), None)

    def is_me(self, person: str | None) -> bool:
        """Whether this is who sits here."""
        return self.me is not None and person == self.me.id

    async def _read_names(self) -> None:
        directory, me = await asyncio.gather(self.ask(Directory()), self.ask(Me()))
        if isinstance(directory, DirectoryView):
            self.names = Names(directory, self.language)
        if isinstance(me, MeView):
            if self.me is None:
                self.speak(me.language)
            self.me = me

    async def _through(self, asking: Any) -> Any:
        self.busy += 1
        try:
            answer = await asking
        except Unreachable:
            self._lost()
            return None
        finally:
            self.busy -= 1
        self._found()
        return answer

    def _lost(self) -> None:
        if self.offline_since is None:
            self.offline_since = self._heard

    def _found(self) -> None:
        self.offline_since, self._heard = None, self.door.now()


def counts_of(answer: Any) -> dict[str, int]:
    """Counts by tab; empty while they are not known."""
    if isinstance(answer, Struct) and not isinstance(answer, Refusal):
        return {name: value for name in answer.__struct_fields__ if isinstance(value := getattr(answer, name), int)}
    return dict(answer) if isinstance(answer, dict) else {}

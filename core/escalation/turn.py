"""One turn of the state machine: a decision being made. Pure to the outside: it starts from values and ends as one.

A Turn knows how to open, continue and end calls; `ladder` and `decide` know when.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from core.escalation.agenda import UNTAKEN_AFTER
from core.escalation.events import Called, ChannelTried, PhoneTaskOffered, Why
from core.escalation.model import AT_ONCE, NUMBERS, Call, Ended, Escalation, Seat, Task, TaskState
from core.escalation.seats import Scene, named, rotas
from core.policy.model import Rung, Via
from core.tickets.events import How
from core.tickets.model import Offer

TellKind: TypeAlias = Literal[
    "ended", "still_on_it", "standing", "not_taken", "back", "on_behalf", "responder", "record", "answered", "revised",
    "update_soon", "update_missed", "report_failed",
]  # fmt: skip
RINGING: Final[frozenset[TaskState]] = frozenset({"offered", "taken"})
OFFERED: Final[frozenset[TaskState]] = frozenset({"offered"})


class Send(Struct, frozen=True):
    """A call leaves over one channel."""

    call: int
    person: str
    step: int
    via: Via


class Tell(Struct, frozen=True):
    """Somebody is told: how it ended, "still on it?", a standing alarm; `record` is the mail for the trace."""

    person: str
    kind: TellKind
    moment: str = ""


class Decision(Struct, frozen=True):
    """Plain data: the new state, what happened, what leaves, and whether responsibility moved."""

    escalation: Escalation
    events: tuple[Struct, ...] = ()
    sends: tuple[Send, ...] = ()
    tells: tuple[Tell, ...] = ()
    holder: str | None = None
    """Who holds the ticket from now on."""
    how: How | None = None
    """How responsibility moved; None: nothing moved."""
    offer: Offer | None = None
    """The offer that stands again, where an acceptance was taken back."""
    close: bool = False
    """The ticket is done with it."""


class Turn:
    """The decision under way. `now` is the recorded time, `t` the time of the cause being worked on."""

    def __init__(self, scene: Scene, escalation: Escalation, now: int) -> None:
        self.scene = scene
        self.before = self.esc = escalation
        self.now = self.t = now
        self.events: list[Struct] = []
        self.sends: dict[tuple[int, int], Send] = {}
        self.tells: dict[tuple[str, str], Tell] = {}
        self.holder: str | None = None
        self.how: How | None = None
        self.offer: Offer | None = None
        self.close = False

    def decision(self) -> Decision:
        """What came of it; messages of calls that ended meanwhile never leave."""
        open_ = {call.id: call for call in self.esc.calls if call.ended_at is None}
        sends = tuple(
            send
            for send in self.sends.values()
            if (call := open_.get(send.call)) and (call.step == send.step or call.seat in AT_ONCE)
        )
        return Decision(
            self.esc,
            tuple(self.events),
            sends,
            tuple(self.tells.values()),
            self.holder,
            self.how,
            self.offer,
            self.close,
        )

    def alter(self, **changes: Any) -> None:
        """Change the state."""
        self.esc = replace(self.esc, **changes)

    def say(self, *events: Struct) -> None:
        """Something happened."""
        self.events.extend(events)

    def counts_from(self, wait: int) -> int:
        """A wait begins at its cause; when the engine woke only after its end, now: nothing is used without one."""
        return self.t if self.t + wait > self.now else self.now

    def rung(self, index: int | None = None) -> Rung:
        """A rung of the policy; by default the one being called."""
        return self.esc.policy.rungs[self.esc.rung if index is None else index]

    # — calls —

    def put(self, call: Call) -> Call:
        """Replace a call by its newer self."""
        self.alter(calls=tuple(call if old.id == call.id else old for old in self.esc.calls))
        return call

    def call(self, call_id: int) -> Call | None:
        """A call by id, as it is now."""
        return next((call for call in self.esc.calls if call.id == call_id), None)

    def end(self, calls: Iterable[Call], how: Ended) -> None:
        """End calls; their phone tasks are void."""
        ids = {call.id for call in calls}
        if not ids:
            return
        ended = (
            replace(call, ended_at=self.t, ended=how, watch_due=None) if call.id in ids else call
            for call in self.esc.calls
        )
        self.alter(calls=tuple(ended))
        self.void(ids)

    def end_all(self, how: Ended) -> None:
        """End every open call."""
        self.end([call for call in self.esc.calls if call.ended_at is None], how)

    def open(self, persons: Iterable[str], seat: Seat, accept_by: int | None) -> None:
        """Call these people, each over the first channel that has an address."""
        by_channel: dict[Via | None, list[str]] = {}
        for person in persons:
            call = self.new_call(person, seat)
            self.alter(calls=(*self.esc.calls, call))
            call = self.step(call, 0, "turn", quiet=True)
            via = self.rung(call.rung).channels[call.step].via if call.step >= 0 else None
            by_channel.setdefault(via, []).append(person)
        level = self.rung().level
        for via, people in by_channel.items():
            self.say(Called(self.esc.id, seat, level, tuple(people), via, self.t, accept_by))

    def new_call(self, person: str, seat: Seat) -> Call:
        """A call that is not yet in the state."""
        number = self.esc.id * NUMBERS + len(self.esc.calls) + 1
        return Call(number, person, seat, self.esc.rung, self.esc.round, self.t, step_at=self.t)

    def step(self, call: Call, start: int, why: Why, *, quiet: bool = False) -> Call:
        """Use the first channel from `start` on that has an address; none left: the call stays as it is."""
        steps = self.rung(call.rung).channels
        for index in range(start, len(steps)):
            via = steps[index].via
            if not self.scene.people.addresses(call.person, via):
                call = replace(call, failed=call.failed | 1 << index)
                continue
            since = self.counts_from(steps[index].wait or 0)
            call = self.put(replace(call, step=index, step_at=since, watch_due=None))
            self.void({call.id}, OFFERED)
            if not quiet:
                level = self.rung(call.rung).level
                self.say(ChannelTried(self.esc.id, call.seat, level, (call.person,), via, self.t, why))
            self.use(call, index, via)
            return call
        return self.put(call)

    def use(self, call: Call, index: int, via: Via) -> None:
        """A message leaves, or a phone task is offered to whoever is on shift."""
        if via != "phone":
            self.sends[call.id, index] = Send(call.id, call.person, index, via)
            return
        if any(task.call == call.id and task.state == "taken" for task in self.esc.tasks):
            return  # somebody is ringing them right now
        number = self.esc.id * NUMBERS + len(self.esc.tasks) + 1
        task = Task(number, call.id, call.person, "offered", self.counts_from(UNTAKEN_AFTER))
        self.alter(tasks=(*self.esc.tasks, task))
        self.say(PhoneTaskOffered(self.esc.id, task.id, task.person))

    def void(self, calls: set[int], states: frozenset[TaskState] = RINGING) -> None:
        """Nobody need ring for these calls any more."""
        if any(task.call in calls and task.state in states for task in self.esc.tasks):
            tasks = (
                replace(task, state="void", ended_at=self.t) if task.call in calls and task.state in states else task
                for task in self.esc.tasks
            )
            self.alter(tasks=tuple(tasks))

    # — people —

    def tell(self, persons: Iterable[str | None], kind: TellKind, *, but: str | None = None, moment: str = "") -> None:
        """Tell each once, newest only, never the one who acted."""
        for person in persons:
            if person is not None and person != but:
                self.tells[person, kind] = Tell(person, kind, moment)

    def tell_end(self, moment: str, by: str | None) -> None:
        """Everyone who was called, the raiser and who held it before hear how it ended; a mail keeps the trace."""
        told = {call.person: None for call in self.esc.calls}
        told |= dict.fromkeys(p for p in (self.esc.raised_by, self.esc.held_by, self.scene.ticket.holder) if p)
        self.tell(told, "ended", but=by, moment=moment)
        self.record(moment)

    def record(self, moment: str) -> None:
        """The mail kept besides, never part of the waits: to raiser, called and holder."""
        if self.esc.policy.record:
            persons = {call.person: None for call in self.esc.calls}
            persons |= dict.fromkeys(p for p in (self.esc.raised_by, self.holder or self.scene.ticket.holder) if p)
            self.tell(persons, "record", moment=moment)

    def next_duty_change(self, index: int | None = None) -> int | None:
        """When duty changes next on a rung (the one being called), or somebody whom it names goes on leave."""
        rung = self.rung(index)
        names = rotas(rung)
        change = self.scene.roster.next_change(names, self.t) if names else None
        if not self.scene.people.leaves:
            return change
        leave = self.scene.people.next_leave(named(self.scene, (*rung.call, *rung.backup), self.t), self.t)
        return min((at for at in (change, leave) if at is not None), default=None)

    def on_duty(self, index: int | None = None) -> tuple[str, ...]:
        """Who is on duty on a rung now, reachable or not."""
        return named(self.scene, self.rung(index).call, self.t)

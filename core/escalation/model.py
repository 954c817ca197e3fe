"""Frozen values of an escalation."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.escalation.kinds.model import Answer, Report
from core.policy.model import Kind, Policy
from core.tickets.model import Offer

State: TypeAlias = Literal["calling", "accepted", "answered", "returned", "resolved", "withdrawn", "standing"]
Seat: TypeAlias = Literal["duty", "backup", "side", "alarm", "page"]
AT_ONCE: frozenset[Seat] = frozenset({"alarm", "page"})
"""Called over every channel at once; no chain follows."""
Ended: TypeAlias = Literal[
    "accepted", "refused", "reassigned", "passed", "overtaken", "round", "unreachable", "silent", "closed",
]  # fmt: skip
"""How a call ended: by its own answer, or by what made it pointless."""
TaskState: TypeAlias = Literal["offered", "taken", "accepted", "busy", "no_answer", "void", "contested"]

OPEN: frozenset[State] = frozenset({"calling", "accepted", "standing", "answered"})


NUMBERS = 1 << 16


class Call(Struct, frozen=True):
    """One person being called for one escalation; answers are fenced by it."""

    id: int
    """escalation × 65,536 + its number: unique, and known without asking the database."""
    person: str
    seat: Seat
    rung: int
    round: int
    opened_at: int
    step: int = -1
    """Index of the channel in use; -1 before the first."""
    step_at: int = 0
    """When that channel's turn began; its wait counts from here."""
    failed: int = 0
    """Bit n: channel n is known to have failed."""
    watch_due: int | None = None
    """No shown-receipt by then is evidence (push to a device that sends them)."""
    off_duty: bool = False
    """Went off duty meanwhile: no further channel, may still accept."""
    ended_at: int | None = None
    ended: Ended | None = None


class Task(Struct, frozen=True):
    """A phone task: somebody on shift rings the person who is called."""

    id: int
    """Numbered as calls are."""
    call: int
    person: str
    state: TaskState
    offered_at: int
    taken_by: str | None = None
    ended_at: int | None = None


class Side(Struct, frozen=True):
    """A side call: only its target may answer; the ladder waits."""

    to: str
    by: str
    due: int
    was: Literal["calling", "accepted", "standing"]
    returning: bool = False
    left_accept: int | None = None
    """What was left of the rung's accept-by, ms."""
    left_backup: int | None = None


class Before(Struct, frozen=True, omit_defaults=True):
    """What an acceptance put an end to, so that it can be taken back; kept in the journal with the acceptance.

    Ids and times only. `moved`: responsibility moved with it, from `holder`, and an `offer` was over by it.
    """

    state: State
    rung: int
    calls: tuple[int, ...] = ()
    """The calls that were open."""
    tasks: tuple[int, ...] = ()
    """The phone tasks that were offered or taken."""
    accept_due: int | None = None
    backup_due: int | None = None
    opens_at: int | None = None
    duty_due: int | None = None
    recall_due: int | None = None
    hold_due: int | None = None
    hold_left: int | None = None
    confirm_due: int | None = None
    side: Side | None = None
    held_by: str | None = None
    held_since: int | None = None
    moved: bool = False
    holder: str | None = None
    offer: Offer | None = None


class Escalation(Struct, frozen=True):
    """The state of one escalation. Times in milliseconds; None where it does not apply now."""

    id: int
    ticket: int
    team: str
    kind: Kind
    state: State
    policy: Policy
    because: str
    """`rule:ID`, `policy:ID` (the team's own), `chosen`, or `chosen:ID` (otherwise than that rule said)."""
    raised_at: int
    raised_by: str | None = None
    start: int = 0
    """The rung the walk began at."""
    amnesty: int = 0
    """Refusals of calls up to this id are forgotten: everybody had refused, or a hold has passed since."""
    rung: int = 0
    round: int = 0
    base: int = 0
    """When the rung was called; its waits count from here."""
    accept_due: int | None = None
    backup_due: int | None = None
    opens_at: int | None = None
    """hours = duty and nobody on duty: the rung is called then."""
    duty_due: int | None = None
    """The next change of duty in the current rung."""
    recall_due: int | None = None
    hold_due: int | None = None
    hold_left: int | None = None
    """What was left of the hold when the ticket began to wait."""
    confirm_due: int | None = None
    """"Still on it?" was asked; calling again without an answer by then."""
    side: Side | None = None
    held_by: str | None = None
    """Who accepted in this escalation."""
    held_since: int | None = None
    ended_at: int | None = None
    drill: bool = False
    calls: tuple[Call, ...] = ()
    tasks: tuple[Task, ...] = ()
    answer: Answer | None = None
    """Of a consult, or the remarks on a report: what came back last."""
    report: Report | None = None
    """Of a notify."""

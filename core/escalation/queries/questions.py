"""Questions that screens and programs ask. Times are milliseconds since the epoch, persons, teams and policies ids."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from core.escalation.model import State
from core.people.model import Mode
from core.policy.model import Kind
from core.tickets.model import Severity

Tab: TypeAlias = Literal["new", "mine", "waiting", "escalated", "done"]
Limit = Annotated[int, Meta(ge=1, le=200)]


class Queue(Struct, frozen=True):
    """One page of a tab, newest change first (`escalated`: next step first); without a tab the new ones.

    With `q` what is found, newest ticket first; without a tab wherever it stands. A page may hold fewer rows than asked
    for, or none, and still have a next one: only so much is looked at in one go.
    """

    tab: Tab | None = None
    limit: Limit = 50
    cursor: str | None = None
    team: str | None = None
    q: Annotated[str, Meta(max_length=200)] = ""
    """Words, beginnings of words, "phrases": in subject, text, notes, tags, number, and (with clearance) customer."""
    sort: Literal["changed", "next"] | None = None
    """`next`: what time will do first comes first, then the rest by last change (of new, mine and waiting)."""
    category: Annotated[str, Meta(max_length=100)] | None = None
    severity: Severity | None = None
    tag: Annotated[str, Meta(max_length=100)] | None = None
    holder: Literal["me", "none"] | None = None
    escalated: bool | None = None
    """Whether an escalation is open."""


class Tickets(Queue, frozen=True):
    """As Queue, answered with whole tickets."""


class QueueCounts(Struct, frozen=True):
    """How many stand in each tab (none is kept for done)."""


class GetTicket(Struct, frozen=True):
    """One ticket as the contract has it."""

    ticket: int


class GetCase(Struct, frozen=True):
    """Everything a ticket screen shows, in one consistent read."""

    ticket: int


class GetEscalation(Struct, frozen=True):
    """One escalation as the contract has it."""

    escalation: int


class Escalations(Struct, frozen=True):
    """Escalations in my sight, open ones unless a state is asked for; for_me: my open calls only."""

    state: State | None = None
    for_me: bool = False
    limit: Limit = 50
    cursor: str | None = None


class MyCalls(Struct, frozen=True):
    """The Calls screen: who calls me, what I hold, which alarms stand."""


class PhoneTasks(Struct, frozen=True):
    """Phone tasks that I may take or have taken."""


class GetTask(Struct, frozen=True):
    """One phone task, also when it is over."""

    task: int


class Reachable(Struct, frozen=True):
    """Whom this escalation may be passed to now, nearest first."""

    escalation: int


class Preview(Struct, frozen=True):
    """Who would be called when, if nobody answers. Of a ticket (its rule decides), or of a policy."""

    ticket: int | None = None
    policy: str | None = None
    kind: Kind | None = None
    level: int | None = None
    to: str | None = None
    by: str | None = None
    """Who raises; default: the reader."""
    at: int | None = None
    mode: Mode | None = None


class RuleReview(Struct, frozen=True):
    """How often each rule spoke, was followed, or something else was chosen: this month and those before it."""

    months: Annotated[int, Meta(ge=1, le=24)] = 6


class Directory(Struct, frozen=True):
    """Names: of the desk, levels, teams, persons, policies."""


class Me(Struct, frozen=True):
    """Who I am here, and my duty."""


class Pulse(Struct, frozen=True):
    """Whether an engine runs: its last heartbeat."""


class Journal(Struct, frozen=True):
    """What happened after a place in the journal, in my sight; of one ticket, or of all."""

    after: str | None = None
    ticket: int | None = None
    limit: Limit = 50

"""Answers around a call: the Calls screen, phone tasks, candidates, names, my duty, the engine's pulse.

Times are milliseconds since the epoch; the API shows them as ISO 8601.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from core.escalation.model import Seat, TaskState
from core.people.model import Level, Mode, Place, Team
from core.policy.model import Kind, Text
from core.tickets.model import Severity


class CallCard(Struct, frozen=True):
    """One open call of mine."""

    escalation: str
    call: str
    ticket: int
    subject: str
    severity: Severity
    kind: Kind
    level: int
    seat: Seat
    because: str
    raised_by: str | None
    called_at: int
    accept_by: int | None
    holder: str | None
    drill: bool = False
    returning: bool = False
    """It comes back down to me."""
    instructions: str | None = None
    """What I am asked to do then."""
    says: Text = field(default_factory=dict)
    """`because` as a sentence, by language."""


class HeldCard(Struct, frozen=True):
    """One ticket I hold after an acceptance."""

    ticket: int
    subject: str
    since: int
    escalation: str | None = None
    next_at: int | None = None
    """When I am asked again."""
    asked: bool = False
    offered_to_me: bool = False
    kind: Kind = "takeover"
    """Of a consult or notify: I have it in hand; whoever holds the ticket holds it."""


class AnsweredCard(Struct, frozen=True):
    """What came back to me: an answer to read, or remarks on a report."""

    escalation: str
    ticket: int
    subject: str
    kind: Kind
    person: str
    at: int


class AlarmCard(Struct, frozen=True):
    """A standing alarm that I may see."""

    escalation: str
    ticket: int
    subject: str
    since: int
    recall_at: int | None = None


class MyCallsView(Struct, frozen=True):
    """The Calls screen."""

    calls: tuple[CallCard, ...]
    held: tuple[HeldCard, ...]
    alarms: tuple[AlarmCard, ...]
    answered: tuple[AnsweredCard, ...] = ()
    bundle: tuple[str, ...] = ()
    """Ids of my open calls, where several can be accepted at once."""


class TaskView(Struct, frozen=True):
    """A phone task. `phone` is the number to dial, masked as `090-****-7788` until taken."""

    id: str
    escalation: str
    ticket: int
    person: str
    phone: str
    state: TaskState
    offered_at: int
    level: int
    taken_by: str | None = None
    due: int | None = None
    """When the next means follows by itself."""


class TaskPage(Struct, frozen=True):
    """GET /api/phone-tasks."""

    items: tuple[TaskView, ...]


class Candidate(Struct, frozen=True):
    """Somebody an escalation may be passed to."""

    person: str
    level: int
    on_duty: bool
    place: Place
    duty_until: int | None = None
    channels: tuple[str, ...] = ()


class Candidates(Struct, frozen=True):
    """Nearest first: on duty before off, nearest level first."""

    items: tuple[Candidate, ...]


class PersonName(Struct, frozen=True):
    """What everybody may know of a colleague."""

    id: str
    name: str
    level: int
    teams: tuple[str, ...]
    active: bool = True


class PolicyName(Struct, frozen=True):
    """A policy that can be chosen, with the levels of its rungs."""

    id: str
    name: Text
    version: int
    levels: tuple[int, ...]


class DirectoryView(Struct, frozen=True):
    """Names for ids."""

    name: str
    timezone: str
    language: str
    levels: tuple[Level, ...]
    teams: tuple[Team, ...]
    persons: tuple[PersonName, ...]
    policies: tuple[PolicyName, ...]
    mode: Mode = "normal"


class DutyView(Struct, frozen=True):
    """A duty of mine that runs now."""

    rota: str
    level: int | None
    until: int


class MeView(Struct, frozen=True):
    """Who I am here."""

    id: str
    name: str
    level: int
    teams: tuple[str, ...]
    roles: tuple[str, ...]
    language: str
    place: Place
    duty: tuple[DutyView, ...]
    calls: int
    """Open calls of mine: the badge."""


class PulseView(Struct, frozen=True):
    """engine: `running`, or `stopped` when the last beat is older than 15 s: nobody is called."""

    engine: Literal["running", "stopped"]
    beat_at: int | None

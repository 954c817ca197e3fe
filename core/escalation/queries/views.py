"""Questions and the shapes of their answers.

Times are milliseconds since the epoch; the API shows them as ISO 8601 (fields that end in `at`, `by`, `since`
or `until` and are integers). Person, team and policy are ids; `Directory` gives their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

from core.escalation.model import Seat, State, TaskState
from core.people.model import Level, Mode, Place, Team
from core.policy.model import Kind, Text, Via
from core.tickets.model import Customer, Offer, Severity, Status, WaitFor

Tab: TypeAlias = Literal["new", "mine", "waiting", "escalated", "done"]
Limit = Annotated[int, Meta(ge=1, le=200)]


# — questions —


class Queue(Struct, frozen=True):
    """One page of a tab, newest change first (`escalated`: next step first)."""

    tab: Tab = "new"
    limit: Limit = 50
    cursor: str | None = None
    team: str | None = None


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


# — answers —


class QueueRow(Struct, frozen=True):
    """One line of a list: what burns, what it is, who has it."""

    number: int
    subject: str
    status: Status
    severity: Severity
    team: str
    holder: str | None
    updated_at: int
    level: int | None = None
    """The level being called or holding; None without an open escalation."""
    escalation: str | None = None
    state: State | None = None
    kind: Kind | None = None
    next_at: int | None = None
    next_does: str | None = None
    """`channel`, `backup`, `rung`, `round`, `standing`, `recall`, `hold`, `calling`, `side`, `wake`, `duty`."""
    wait_for: WaitFor | None = None
    wait_team: str | None = None
    restricted: bool = False
    drill: bool = False


class QueuePage(Struct, frozen=True):
    """Rows and the cursor of the next page, None at the end."""

    rows: tuple[QueueRow, ...]
    next: str | None = None


class TicketView(Struct, frozen=True):
    """A ticket as the contract has it. `customer` is None without clearance; `masked` says so."""

    number: int
    subject: str
    body: str
    status: Status
    category: str
    severity: Severity
    source: str
    customer: Customer | None
    tags: tuple[str, ...]
    personal_data: bool
    team: str
    holder: str | None
    escalations: tuple[str, ...]
    created_at: int
    updated_at: int
    version: int
    holder_since: int | None = None
    created_by: str | None = None
    restricted: bool = False
    masked: bool = False
    wait_for: WaitFor | None = None
    wait_team: str | None = None
    wake_at: int | None = None
    offer: Offer | None = None


class TicketPage(Struct, frozen=True):
    """GET /api/tickets: tickets and the cursor of the next page."""

    items: tuple[TicketView, ...]
    next: str | None = None


class PolicyRef(Struct, frozen=True):
    """The policy version an escalation started with; `newest` is the version in force now."""

    id: str
    version: int
    newest: int = 0


class NextStep(Struct, frozen=True):
    """What happens by itself, and when. `does` as in QueueRow.next_does; `people` where known."""

    at: int
    does: str
    people: tuple[str, ...] = ()
    via: Via | None = None
    level: int | None = None


class CallView(Struct, frozen=True):
    """One person being called, and how far the message came.

    state: `queued sent shown opened` while open; how it ended otherwise (`accepted refused …`); `failed` when
    every channel failed.
    """

    id: str
    person: str
    seat: Seat
    level: int
    channel: Via | None
    state: str
    at: int


class LadderStep(Struct, frozen=True):
    """One line of the ladder. state: `done`, `now` or `planned`; note: a words key when nobody is called.

    `seat`: duty, backup, side, alarm. `channel`: the means in use at that time, None where a rung is skipped.
    """

    at: int
    level: int
    seat: Seat
    people: tuple[str, ...]
    channel: Via | None
    state: Literal["done", "now", "planned"] = "planned"
    delivery: str | None = None
    """How far the message came: queued, sent, shown, opened, failed, gone."""
    note: str | None = None
    """`skipped`, `waits_for_duty`, `standing`, `round`, `hold`: what this line says instead of a call."""
    accept_by: int | None = None


class EscalationView(Struct, frozen=True):
    """An escalation as the contract has it."""

    id: str
    ticket: int
    kind: Kind
    state: State
    level: int
    policy: PolicyRef
    because: str
    holder: str | None
    raised_by: str | None
    raised_at: int
    accept_by: int | None
    next: NextStep | None
    call: str | None
    calls: tuple[CallView, ...]
    ladder: tuple[LadderStep, ...]
    drill: bool = False
    held_by: str | None = None
    held_since: int | None = None
    asked: bool = False
    """"Still on it?" waits for the holder's answer."""


class EscalationPage(Struct, frozen=True):
    """GET /api/escalations."""

    items: tuple[EscalationView, ...]
    next: str | None = None


class Entry(Struct, frozen=True):
    """One line of the timeline; rendered by `core.words` with key `timeline.<kind>` and `values`.

    Values that are person ids are under keys `person`, `to`, `by`, `people` (tuple), `holder`.
    """

    at: int
    kind: str
    actor: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


class JournalRow(Struct, frozen=True):
    """One event as it was recorded: ids, codes and times (ms) in `values`."""

    at: int
    kind: str
    actor: str
    ticket: int | None
    values: Mapping[str, Any] = field(default_factory=dict)


class JournalPage(Struct, frozen=True):
    """GET /api/journal, oldest first; `next` is the place to go on from, None at the end."""

    items: tuple[JournalRow, ...]
    next: str | None = None


class May(Struct, frozen=True):
    """One act on this ticket and whether I may do it now; `why` is a words key when not.

    act: claim release comment wait close reopen restrict edit raise accept refuse reassign climb withdraw
    resolve confirm.
    """

    act: str
    allowed: bool
    why: str | None = None


class Case(Struct, frozen=True):
    """A ticket with its escalations (newest first), its timeline (oldest first) and what I may do."""

    ticket: TicketView
    escalations: tuple[EscalationView, ...]
    timeline: tuple[Entry, ...]
    may: tuple[May, ...]
    rule: str | None = None
    """The rule that would match now."""
    says: Text = field(default_factory=dict)
    guidance: Text = field(default_factory=dict)


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


class PreviewView(Struct, frozen=True):
    """The ladder that would run."""

    ladder: tuple[LadderStep, ...]
    policy: PolicyRef
    because: str
    kind: Kind
    level: int
    ends_at: int | None = None
    """When it would stand as an alarm."""


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

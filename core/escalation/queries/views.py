"""Answers about tickets and escalations.

Times are milliseconds since the epoch; the API shows them as ISO 8601 (fields that end in `at`, `by`, `since`
or `until` and are integers). Person, team and policy are ids; `Directory` gives their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

from core.escalation.kinds.views import AnswerView, ReportView
from core.escalation.model import Seat, State
from core.policy.model import Kind, Text, Via
from core.tickets.model import Customer, Offer, Presence, Severity, Status, WaitFor


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
    viewing: tuple[Presence, ...] = ()
    """Who looks at it or replies now."""


class QueuePage(Struct, frozen=True):
    """Rows and the cursor of the next page, None at the end."""

    rows: tuple[QueueRow, ...]
    next: str | None = None
    behind: int = 0
    """So many tickets at least could not be searched yet: the index is being built, or no engine runs."""


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
    behind: int = 0
    """As in QueuePage."""


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


class Mark(Struct, frozen=True):
    """One station of a message. station: `queued tried sent shown opened answered`, or `failed gone dropped`; of a
    phone task `offered taken accepted busy no_answer void contested`. `sent`: accepted by the service."""

    station: str
    at: int | None = None


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
    chain: tuple[Mark, ...] = ()
    """Where the message was when, as far as it came; of several people the one that came furthest."""


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
    responders: tuple[str, ...] = ()
    """Who was asked to help."""
    question: str | None = None
    """What was asked last, or the word that went with the raise."""
    answer: AnswerView | None = None
    remarks: AnswerView | None = None
    """Of a notify that came back."""
    report: ReportView | None = None
    """Of a notify: the newest draft."""
    earlier: tuple[ReportView, ...] = ()
    """Drafts before it, oldest first."""
    promised_at: int | None = None
    """When the customer was told to hear next."""
    says: Text = field(default_factory=dict)
    """`because` as a sentence, by language."""
    guidance: Text = field(default_factory=dict)
    """For the conversation meanwhile: what the rule that spoke says, in the desk's own words."""


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
    of: Kind | None = None
    """The kind of escalation it belongs to, as it was then, where that is no takeover."""


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

    act: claim release comment wait close reopen restrict edit raise consult notify accept refuse reassign climb
    withdraw resolve confirm answer question takeover approve revise update return responders page_all undo contest
    handover refuse_offer.
    """

    act: str
    allowed: bool
    why: str | None = None
    escalation: str | None = None
    """The escalation it is about (an open one, but for undo and contest); None: the ticket itself."""
    until: int | None = None
    """Of undo and contest: how long."""
    ref: str | None = None
    """Of contest: the phone task."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the words of `why` need beside."""


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
    viewing: tuple[Presence, ...] = ()
    """Who looks at it or replies now."""
    live: str | None = None
    """Of the open escalations the one this reader most likely means; its acts come first in `may`."""


class PreviewView(Struct, frozen=True):
    """The ladder that would run."""

    ladder: tuple[LadderStep, ...]
    policy: PolicyRef
    because: str
    kind: Kind
    level: int
    ends_at: int | None = None
    """When it would stand as an alarm."""
    says: Text = field(default_factory=dict)
    """`because` as a sentence, by language."""
    rule: str | None = None
    """The rule that speaks for the ticket, followed or not."""
    guidance: Text = field(default_factory=dict)
    """For the conversation meanwhile, in the desk's own words."""

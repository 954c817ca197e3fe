"""What people, and time, intend with escalations."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from core.escalation.kinds.model import Draft
from core.policy.model import Kind

Reason = Annotated[str, Meta(max_length=2_000)]


class RaiseEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """Call upward. Nothing given: the first matching rule decides, else the team's policy."""

    ticket: int
    kind: Kind | None = None
    policy: str | None = None
    level: int | None = None
    to: str | None = None
    """Call this person first; the ladder goes on when they do not answer."""
    reason: Reason = ""
    report: Draft | None = None
    """Of a notify: what the customer is to read."""


class AcceptEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """Take responsibility. `call` fences the answer to one call."""

    escalation: int
    call: int | None = None


class RefuseEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """Not me: the seat passes when nobody of it is left. No count is kept."""

    escalation: int
    call: int | None = None
    reason: Reason = ""


class ReassignEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """A side call to one person; the ladder waits, a holder stays."""

    escalation: int
    to: str
    call: int | None = None
    reason: Reason = ""


class ClimbEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """The next rung (or the one of `level`) is called now; a holder stays."""

    escalation: int
    level: int | None = None
    reason: Reason = ""


class WithdrawEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """No longer needed."""

    escalation: int
    reason: Reason = ""


class ResolveEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """Settled; the ticket stays with its holder, or is done with `close`."""

    escalation: int
    note: Reason = ""
    close: bool = False


class ConfirmEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """ "Still on it"."""

    escalation: int


class ReturnEscalation(Struct, frozen=True, forbid_unknown_fields=True):
    """Hand it back down, with instructions: to the raiser, or whom it names. Until then the holder stays."""

    escalation: int
    instructions: Reason = ""
    to: str | None = None


class AddResponder(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody may work on the ticket, and is told so; responsibility does not move."""

    escalation: int
    to: str
    reason: Reason = ""


class AcceptAll(Struct, frozen=True, forbid_unknown_fields=True):
    """Accept every open call of mine, or these: one acceptance each, each with its own outcome."""

    calls: Annotated[tuple[int, ...], Meta(max_length=200)] = ()


class PageEveryone(Struct, frozen=True, forbid_unknown_fields=True):
    """Every seat of every rung is called now, phone included. Ask before: it reaches many."""

    escalation: int
    reason: Reason = ""


class Undo(Struct, frozen=True, forbid_unknown_fields=True):
    """Take back my raise or acceptance, within ten seconds: of this escalation, or my newest."""

    escalation: int | None = None


class TakePhoneTask(Struct, frozen=True, forbid_unknown_fields=True):
    """I ring them now."""

    task: int


class ReportPhoneOutcome(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of the call; `accepted` is their acceptance, recorded by me."""

    task: int
    outcome: Literal["accepted", "busy", "no_answer"]


class ContestAcceptance(Struct, frozen=True, forbid_unknown_fields=True):
    """I did not accept what was recorded for me on the phone; within ten minutes."""

    task: int


class DeadlinePassed(Struct, frozen=True):
    """Time's own: something of this escalation is due."""

    escalation: int
    due: int


class DeliveryReported(Struct, frozen=True):
    """The wire's own: how one message fared."""

    call: int
    step: int
    state: Literal["sent", "failed", "gone", "dropped", "shown", "opened"]
    device: str = ""
    """For push: the device, which may be known to report what it shows."""

"""What happened to an escalation. `at` is the time of the cause (ms), where it is not the recorded time itself.

Ids, codes and times only; `note` points at a text that can be erased.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.escalation.model import Before, Seat
from core.policy.model import Kind, Via

Why: TypeAlias = Literal["turn", "no_reply", "failed", "unseen", "untaken", "busy", "no_answer", "no_address"]
"""Why a means of contact is used now."""
Reason: TypeAlias = Literal["away", "inactive", "no_sight", "no_channel", "raised", "holds", "refused"]
"""Why somebody, or a whole seat, is not called."""


class EscalationRaised(Struct, frozen=True):
    """`because` also keeps which rule spoke, and whether it was followed: `rule:ID` or `chosen:ID`."""

    escalation: int
    kind: Kind
    policy: str
    version: int
    level: int
    because: str
    to: str | None = None
    note: int | None = None


class Called(Struct, frozen=True):
    """These people of one seat are being called from now on."""

    escalation: int
    seat: Seat
    level: int
    people: tuple[str, ...]
    via: Via | None
    at: int
    accept_by: int | None = None


class ChannelTried(Struct, frozen=True):
    """The next means of contact for one person."""

    escalation: int
    seat: Seat
    level: int
    people: tuple[str, ...]
    via: Via
    at: int
    why: Why


class MessageFailed(Struct, frozen=True):
    """Evidence that a means did not reach the person."""

    escalation: int
    person: str
    via: Via
    why: Why


class RungSkipped(Struct, frozen=True):
    """Nobody of this rung could be called; who, and why not."""

    escalation: int
    level: int
    at: int
    reasons: tuple[tuple[str, Reason], ...] = ()


class SeatEmpty(Struct, frozen=True):
    """Nobody of this seat could be called; the rung goes on without it."""

    escalation: int
    level: int
    seat: Seat
    at: int
    reasons: tuple[tuple[str, Reason], ...] = ()


class WaitsForDuty(Struct, frozen=True):
    """hours = duty: the rung is called when its first shift begins."""

    escalation: int
    level: int
    at: int
    until: int


class RoundBegan(Struct, frozen=True):
    """Nobody accepted on the whole ladder; it is walked again."""

    escalation: int
    round: int
    at: int


class AlarmStands(Struct, frozen=True):
    """Nobody on the whole ladder answered."""

    escalation: int
    level: int
    at: int


class Recalled(Struct, frozen=True):
    """A standing alarm calls again, on every means at once."""

    escalation: int
    level: int
    people: tuple[str, ...]
    at: int


class DutyChanged(Struct, frozen=True):
    """While calling, these came on duty and are called; those went off and may still accept."""

    escalation: int
    level: int
    people: tuple[str, ...]
    off: tuple[str, ...]
    at: int


class DutyEnded(Struct, frozen=True):
    """While calling, these went off duty: no further channel, and they may still accept."""

    escalation: int
    level: int
    people: tuple[str, ...]
    at: int


class EveryonePaged(Struct, frozen=True):
    """Every seat of every rung is called now, on every means at once."""

    escalation: int
    people: tuple[str, ...]
    at: int
    accept_by: int | None = None
    note: int | None = None


class PersonUnreachable(Struct, frozen=True):
    """A call ended because the person cannot be called any more."""

    escalation: int
    person: str
    why: Reason


class EscalationAccepted(Struct, frozen=True):
    """Responsibility moved (takeover) to this person; `recorder` when it was said by phone."""

    escalation: int
    person: str
    level: int
    call: int | None = None
    stepped_in: bool = False
    recorder: str | None = None
    was: Before | None = None
    """What it ended; None where it cannot be taken back."""


class AcceptanceUndone(Struct, frozen=True):
    """Whoever accepted (or recorded it) took it back at once: calling goes on with its old deadlines."""

    escalation: int
    person: str


class AcceptanceContested(Struct, frozen=True):
    """What was recorded on the phone was not said so: calling goes on with the time that was left."""

    escalation: int
    person: str
    task: int


class ResponderAdded(Struct, frozen=True):
    """Somebody works on the ticket along with its holder; responsibility does not move."""

    escalation: int
    to: str
    note: int | None = None


class EscalationRefused(Struct, frozen=True):
    escalation: int
    call: int
    note: int | None = None


class EscalationReassigned(Struct, frozen=True):
    """A side call."""

    escalation: int
    to: str
    due: int
    note: int | None = None


class ReturnAsked(Struct, frozen=True):
    """The holder asks somebody to take it back down; the instructions are the note."""

    escalation: int
    to: str
    due: int
    note: int | None = None


class EscalationReturned(Struct, frozen=True):
    """It is back down: whoever was asked has taken it, and holds it."""

    escalation: int
    person: str


class SideCallEnded(Struct, frozen=True):
    """The target of a side call did not take it; the ladder (or the holder) goes on."""

    escalation: int
    to: str
    how: Literal["refused", "silent", "unreachable"]


class EscalationClimbed(Struct, frozen=True):
    escalation: int
    level: int
    note: int | None = None


class StillOnItAsked(Struct, frozen=True):
    """The hold has passed; the holder, and who is on duty, are asked."""

    escalation: int
    people: tuple[str, ...]
    answer_by: int


class StillOnItConfirmed(Struct, frozen=True):
    escalation: int


class HoldPassed(Struct, frozen=True):
    """No answer to "still on it?": calling again at that level; the holder stays."""

    escalation: int
    level: int


class EscalationWithdrawn(Struct, frozen=True):
    escalation: int
    note: int | None = None


class EscalationResolved(Struct, frozen=True):
    escalation: int
    note: int | None = None


class PhoneTaskOffered(Struct, frozen=True):
    escalation: int
    task: int
    person: str


class PhoneTaskTaken(Struct, frozen=True):
    escalation: int
    task: int
    person: str


class PhoneOutcomeReported(Struct, frozen=True):
    escalation: int
    task: int
    person: str
    outcome: Literal["accepted", "busy", "no_answer"]


class SteppedLate(Struct, frozen=True):
    """The engine did not run in time; what was due meanwhile was walked silently."""

    escalation: int
    late_by: int

"""What every decision about an escalation may say: it happened before, or why not. Pure."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Code, Refusal
from core.escalation.model import Call, Escalation
from core.escalation.turn import Decision

Verdict = Decision | Refusal
ORDER: Final[tuple[Code, ...]] = ("unknown", "closed", "taken", "stale", "not_allowed", "conflict", "invalid")
"""Where several refusals apply, the first of these is the answer."""


def foremost(*found: object) -> Refusal | None:
    """Of several refusals the one that comes first in the order; None when there is none."""
    refusals = (one for one in found if isinstance(one, Refusal))
    return min(refusals, key=lambda refusal: ORDER.index(refusal.code), default=None)


def unchanged(escalation: Escalation) -> Decision:
    """It had happened before: pressing twice is one act."""
    return Decision(escalation)


def taken(escalation: Escalation) -> Refusal:
    """Somebody else has it: who, and since when."""
    return Refusal("taken", "taken", values={"holder": escalation.held_by, "since": escalation.held_since})


def answered_already(escalation: Escalation) -> Refusal:
    """Somebody has answered: who, and when."""
    answer = escalation.answer
    assert answer is not None, "what is answered has an answer"
    return Refusal("taken", "answered_already", values={"holder": answer.by, "since": answer.at})


def once_accepted(escalation: Escalation) -> bool:
    """Whether anybody has ever accepted it: from then on its end is no longer the raiser's alone."""
    report = escalation.report
    return escalation.held_by is not None or escalation.answer is not None or (report is not None and report.sent > 0)


def closed(escalation: Escalation) -> Refusal:
    return Refusal("closed", "escalation_ended", values={"since": escalation.ended_at, "holder": escalation.held_by})


def stale(escalation: Escalation, call: Call) -> Refusal:
    """This call has ended; what is true now."""
    values = {"since": call.ended_at, "holder": escalation.held_by}
    if call.ended == "passed":
        values["authority"] = authority(escalation)
    return Refusal("stale", f"stale_{call.ended}", values=values)


def authority(escalation: Escalation) -> str | None:
    """Who decides now, under `passes`: who was called last."""
    return next((call.person for call in reversed(escalation.calls) if call.ended_at is None), None)


def fenced(escalation: Escalation, call_id: int | None) -> Call | Refusal | None:
    """The call an answer belongs to: None when no call is named, a Refusal when it is not a call of this one."""
    if call_id is None:
        return None
    call = next((call for call in escalation.calls if call.id == call_id), None)
    return Refusal("unknown", "call") if call is None else call

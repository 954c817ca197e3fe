"""Ending: withdrawn or resolved. Pure."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.verdict import Verdict, closed, once_accepted, unchanged
from core.escalation.events import (
    EscalationResolved,
    EscalationWithdrawn,
)
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Decision, Turn
from core.people.access import may
from core.people.model import Actor, People
from core.tickets.model import Ticket


def withdraw(scene: Scene, esc: Escalation, by: Actor, note: int | None, now: int) -> Verdict:
    """By the raiser until the first acceptance; then by the holder or a supervisor."""
    allowed = _may_withdraw(scene, esc, by)
    if esc.state == "withdrawn" and allowed:
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if not allowed:
        return Refusal("not_allowed", "withdraw")
    turn = Turn(scene, esc, now)
    turn.say(EscalationWithdrawn(esc.id, note))
    return end(turn, "withdrawn", by.person)


def _may_withdraw(scene: Scene, esc: Escalation, by: Actor) -> bool:
    """What the system raised and nobody accepted has no raiser: a supervisor withdraws it."""
    if by.person is None:
        return False
    if not once_accepted(esc) and esc.raised_by is not None:
        return by.person == esc.raised_by
    steps_in = may(scene.people, by, "step_in", replace(scene.ticket.matter, standing=False))
    return steps_in or (once_accepted(esc) and by.person == scene.ticket.holder)


def resolve(scene: Scene, esc: Escalation, by: Actor, note: int | None, close: bool, now: int) -> Verdict:
    """Settled by its holder; the ticket stays with them, or is done with it.

    Also while it calls again after the hold: whoever holds it has accepted it.
    """
    mine = esc.held_by if esc.kind == "takeover" else scene.ticket.holder
    if esc.state == "resolved" and by.person is not None and mine == by.person:
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if by.person is None or by.person != scene.ticket.holder:
        return Refusal("not_allowed", "holder_only", values={"holder": scene.ticket.holder})
    if refused := _unsettled(esc):
        return refused
    turn = Turn(scene, esc, now)
    turn.close = close
    turn.say(EscalationResolved(esc.id, note))
    return end(turn, "resolved", by.person)


def _unsettled(esc: Escalation) -> Refusal | None:
    """A takeover was accepted, a report was sent; a consult ends by its answer."""
    match esc.kind:
        case "takeover":
            return None if esc.held_by is not None else Refusal("conflict", "not_accepted_yet")
        case "notify":
            return None if esc.report is not None and esc.report.sent else Refusal("conflict", "not_sent_yet")
    return Refusal("conflict", "ends_by_answer")


def keeps_open(people: People, ticket: Ticket, by: Actor, open_: Escalation | None) -> Refusal | None:
    """What is escalated is closed by its holder only; what nobody holds is claimed first."""
    if open_ is None or not may(people, by, "work", ticket.matter):
        return None
    if by.person is not None and by.person == ticket.holder:
        return None
    return Refusal("conflict", "escalation_open", values={"id": str(open_.id), "holder": ticket.holder})


def done_with(turn: Turn, note: int | None, by: str | None) -> Decision:
    """The ticket is done: a takeover is resolved, and a report that was sent; what nobody needs now is withdrawn."""
    report = turn.esc.report
    settled = turn.esc.kind == "takeover" or (report is not None and report.sent > 0)
    turn.say(EscalationResolved(turn.esc.id, note) if settled else EscalationWithdrawn(turn.esc.id, note))
    return end(turn, "resolved" if settled else "withdrawn", by)


def end(turn: Turn, state: Literal["withdrawn", "resolved"], by: str | None) -> Decision:
    """Nothing more will happen to it; whoever was called hears so."""
    turn.tell_end(state, by)
    turn.end_all("closed")
    turn.alter(
        state=state, ended_at=turn.now, side=None, accept_due=None, backup_due=None, duty_due=None, opens_at=None,
        recall_due=None, hold_due=None, hold_left=None, confirm_due=None,
    )  # fmt: skip
    return turn.decision()

"""Answering a call: accept, refuse, "still on it". Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.before import remember
from core.escalation.decide.asking import agreed, asks, spared
from core.escalation.decide.verdict import (
    Verdict,
    answered_already,
    authority,
    closed,
    fenced,
    stale,
    taken,
    unchanged,
)
from core.escalation.events import (
    EscalationAccepted,
    EscalationRefused,
    EscalationReturned,
    StillOnItConfirmed,
)
from core.escalation.ladder import seat_left
from core.escalation.model import Call, Escalation
from core.escalation.seats import Scene, current, open_call, paged, passed_from
from core.escalation.side import keep, side_over
from core.escalation.turn import Decision, Turn
from core.people.access import may
from core.people.model import Actor


def accept(scene: Scene, esc: Escalation, by: Actor, call_id: int | None, now: int) -> Verdict:
    """Take responsibility from this instant."""
    call = fenced(esc, call_id)
    if isinstance(call, Refusal) or (call is not None and call.person != by.person):
        return Refusal("unknown", "call")
    holds = esc.held_by == by.person and esc.ended_at is None
    if holds and (esc.state == "accepted" or (call is not None and call.ended == "accepted")):
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if esc.state == "accepted":
        return taken(esc)
    if call is not None and call.ended_at is not None:
        return stale(esc, call)
    if esc.state == "answered":
        return answered_already(esc)
    if holds:
        return confirm(scene, esc, by, now)
    mine = call or open_call(esc, by.person)
    refused = None if mine is not None else may_step_in(scene, esc, by)
    return refused or accepted(Turn(scene, esc, now), by.person or "", mine)


def may_step_in(scene: Scene, esc: Escalation, by: Actor) -> Refusal | None:
    """A supervisor of that level or above in the team, unless authority passed from them, or a side call waits."""
    person = scene.people.persons.get(by.person or "")
    if esc.side is not None:
        return Refusal("not_allowed", "side_call", values={"authority": esc.side.to})
    if (since := passed_from(esc).get(by.person or "")) is not None:
        return Refusal("not_allowed", "passed", values={"authority": authority(esc), "since": since})
    if esc.kind != "takeover" and by.person in (esc.raised_by, esc.report and esc.report.author):
        return Refusal("not_allowed", "own_question")
    level = esc.policy.rungs[esc.start if paged(esc) else esc.rung].level
    steps_in = may(scene.people, by, "step_in", replace(scene.ticket.matter, standing=False))
    if person is None or person.level < level or not steps_in or by.person == scene.ticket.holder:
        return Refusal("not_allowed", "not_called", values={"authority": None})
    return None


def accepted(
    turn: Turn, person: str, call: Call | None, recorder: str | None = None, *, undoable: bool = True
) -> Decision:
    """This person holds it from now on; all called hear it. What it ends is kept where it can be taken back."""
    before = turn.esc
    was = remember(before, turn.scene.ticket, person) if undoable else None
    returning = before.side is not None and before.side.returning
    if call is not None:
        turn.end([call], "accepted")
        if call.seat == "page":
            turn.alter(rung=call.rung)
    if before.kind == "takeover":
        turn.holder, turn.how = person, "accepted"
    turn.tell_end("returned" if returning else "accepted", recorder or person)
    if recorder is not None:
        turn.tells.pop((person, "ended"), None)
        turn.tell([person], "on_behalf")
    keep(turn)
    turn.alter(held_by=person, held_since=turn.now)
    level, answered = turn.rung().level, call.id if call else None
    turn.say(EscalationAccepted(before.id, person, level, answered, call is None, recorder, was))
    if returning:
        turn.alter(state="returned", hold_due=None, hold_left=None, ended_at=turn.now)
        turn.say(EscalationReturned(before.id, person))
    return turn.decision()


def refuse(scene: Scene, esc: Escalation, by: Actor, call_id: int | None, note: int | None, now: int) -> Verdict:
    """Not me. The seat passes when nobody of it is left."""
    call = fenced(esc, call_id)
    if isinstance(call, Refusal) or (call is not None and call.person != by.person):
        return Refusal("unknown", "call")
    mine = call or open_call(esc, by.person) or _newest_call(esc, by.person)
    if mine is not None and mine.ended == "refused" and esc.held_by != by.person:
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if esc.state == "accepted":
        return taken(esc)
    if mine is None:
        return Refusal("not_allowed", "not_called")
    if mine.ended_at is not None:
        return stale(esc, mine)
    turn, in_turn = Turn(scene, esc, now), mine.seat == "page" or mine in current(esc)
    turn.say(EscalationRefused(esc.id, mine.id, note))
    if mine.seat == "side":
        side_over(turn, "refused")
        return turn.decision()
    turn.end([mine], "refused")
    if in_turn:
        seat_left(turn)
    return turn.decision()


def handed(scene: Scene, esc: Escalation, before: str | None, now: int) -> Decision:
    """The ticket changed hands beside the ladder.

    What was accepted goes with it, for a whole hold; whoever claims what they are called for has accepted it.
    """
    if esc.kind != "takeover":
        return spared(scene, esc, now)
    holder = scene.ticket.holder or ""
    turn = Turn(scene, esc, now)
    if (call := open_call(esc, holder)) is not None:
        return accepted(turn, holder, call, undoable=False)
    if esc.held_by is None or esc.held_by != before:
        return unchanged(esc)
    turn.tell({c.person: None for c in esc.calls if c.ended_at is None}, "ended", but=holder, moment="accepted")
    keep(turn)
    turn.alter(held_by=holder, held_since=now)
    return turn.decision()


def _newest_call(esc: Escalation, person: str | None) -> Call | None:
    return next((call for call in reversed(esc.calls) if call.person == person), None)


def confirm(scene: Scene, esc: Escalation, by: Actor, now: int) -> Verdict:
    """ "Still on it": calls end, the hold begins anew. Of an answer: it is one."""
    if esc.state == "resolved" and esc.kind == "consult" and asks(scene, esc, by):
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if esc.state == "answered":
        return agreed(scene, esc, by, now)
    if esc.held_by is None or esc.held_by != by.person:
        return taken(esc) if esc.held_by else Refusal("not_allowed", "holder_only")
    turn = Turn(scene, esc, now)
    turn.tell({c.person: None for c in esc.calls if c.ended_at is None}, "ended", but=by.person, moment="accepted")
    keep(turn)
    turn.say(StillOnItConfirmed(esc.id))
    return turn.decision()

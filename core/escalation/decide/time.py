"""What time, the wires and the lower parts bring. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.decide.verdict import unchanged
from core.escalation.ladder import enter, seat_left
from core.escalation.late import advance
from core.escalation.model import Call, Escalation
from core.escalation.passing import change_duty, end_unreachable
from core.escalation.seats import Scene, rotas, shift_on
from core.escalation.side import evidence, side_over
from core.escalation.turn import Decision, Turn
from core.people.access import may_be_called


def pass_time(scene: Scene, esc: Escalation, now: int) -> Decision:
    """Whatever is due now."""
    turn = Turn(scene, esc, now)
    if esc.ended_at is None:
        advance(turn)
    return turn.decision()


def delivered(scene: Scene, esc: Escalation, call_id: int, step: int, state: str, watched: bool, now: int) -> Decision:
    """How a message fared: a watch begins, ends, or evidence comes up."""
    turn = Turn(scene, esc, now)
    call = turn.call(call_id)
    if call is None or call.ended_at is not None or step < 0:
        return unchanged(esc)
    if state == "sent" and watched and call.step == step and esc.state == "calling":
        turn.put(replace(call, watch_due=now + esc.policy.seen_within))
    elif state in ("shown", "opened") and call.watch_due is not None:
        turn.put(replace(call, watch_due=None))
    elif state in ("failed", "gone") or (state == "dropped" and step == call.step):
        evidence(turn, call, step, "failed")
    return turn.decision()


def suspend(scene: Scene, esc: Escalation, now: int) -> Decision:
    """The ticket waits: so does the hold."""
    turn = Turn(scene, esc, now)
    due = esc.hold_due or esc.confirm_due
    if esc.state == "accepted" and due is not None:
        turn.alter(hold_due=None, confirm_due=None, hold_left=max(0, due - now))
    return turn.decision()


def go_on(scene: Scene, esc: Escalation, now: int) -> Decision:
    """The ticket no longer waits: the hold goes on with what was left."""
    turn = Turn(scene, esc, now)
    if esc.state == "accepted" and esc.hold_left is not None:
        turn.alter(hold_due=now + esc.hold_left, hold_left=None)
    return turn.decision()


def rostered(scene: Scene, esc: Escalation, now: int) -> Decision:
    """The plan of duty was rewritten: who is on duty now is called, and what waited for a shift looks again."""
    turn = Turn(scene, esc, now)
    if esc.state != "calling" or esc.side is not None:
        return unchanged(esc)
    if esc.opens_at is None:
        change_duty(turn)
    else:
        _look_for_shift(turn)
    return turn.decision() if turn.esc != esc else unchanged(esc)


def look_at_roster(turn: Turn) -> None:
    """As `rostered`, for what goes on as it was: the roster may have been written anew meanwhile."""
    esc = turn.esc
    if esc.state != "calling" or esc.side is not None:
        return
    if esc.opens_at is not None:
        _look_for_shift(turn)
    elif esc.duty_due != turn.next_duty_change():
        change_duty(turn)


def _look_for_shift(turn: Turn) -> None:
    rung, roster = turn.rung(), turn.scene.roster
    if shift_on(turn.scene, rung, turn.now) or roster.next_start(rotas(rung), turn.now) != turn.esc.opens_at:
        enter(turn, turn.esc.rung)


def lost(scene: Scene, esc: Escalation, now: int) -> Decision:
    """Calls of people who cannot be called any more (left, away, no sight) end, as a refusal without a refuser."""
    turn = Turn(scene, esc, now)
    drop_lost(turn)
    return turn.decision()


def drop_lost(turn: Turn) -> None:
    """As `lost`, within a turn that does more."""
    esc = turn.esc
    gone = [call for call in esc.calls if call.ended_at is None and _is_gone(turn.scene, call, turn.now)]
    end_unreachable(turn, gone)
    if gone and esc.side is not None and any(call.seat == "side" for call in gone):
        side_over(turn, "unreachable")
    elif gone:
        seat_left(turn)


def _is_gone(scene: Scene, call: Call, at: int) -> bool:
    person = scene.people.persons.get(call.person)
    if person is None or not scene.people.present(call.person, at):
        return True
    return not may_be_called(person, scene.ticket.matter)

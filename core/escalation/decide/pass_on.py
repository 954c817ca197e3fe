"""Passing on: to one person aside, or up the ladder. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.verdict import Verdict, closed, fenced, stale, taken, unchanged
from core.escalation.events import (
    EscalationClimbed,
    EscalationReassigned,
    ReturnAsked,
)
from core.escalation.ladder import enter
from core.escalation.model import Escalation, Side
from core.escalation.seats import DESK_CHANNELS, Scene, open_call, unreachable
from core.escalation.turn import Turn
from core.people.access import may
from core.people.model import Actor
from core.policy.model import Rung


def reassign(
    scene: Scene, esc: Escalation, by: Actor, to: str, call_id: int | None, note: int | None, now: int
) -> Verdict:
    """A side call to one person; the ladder waits, a holder stays."""
    call = fenced(esc, call_id)
    if isinstance(call, Refusal) or (call is not None and call.person != by.person):
        return Refusal("unknown", "call")
    if esc.side is not None and esc.side.to == to and esc.side.by == by.person:
        return unchanged(esc)
    if call is not None and call.ended_at is not None and esc.ended_at is None and esc.held_by != by.person:
        return taken(esc) if esc.state == "accepted" else stale(esc, call)
    if refused := may_reassign(scene, esc, by):
        return refused
    if refused := _not_to(esc, to) or target_refused(scene, esc.policy.rungs[esc.rung], to, now):
        return refused
    turn = Turn(scene, esc, now)
    side_call(turn, to, by, note)
    return turn.decision()


def side_call(turn: Turn, to: str, by: Actor, note: int | None, *, returning: bool = False) -> None:
    """All open calls end; only the target may answer until accept-by. `returning`: downward, with instructions."""
    esc = turn.esc
    called = {call.person: None for call in esc.calls if call.ended_at is None and call.person != to}
    turn.end_all("reassigned")
    was = esc.side.was if esc.side is not None else esc.state
    assert was in ("calling", "accepted", "standing")
    left_accept, left_backup = _left(esc.accept_due, turn.now), _left(esc.backup_due, turn.now)
    if esc.side is not None:
        left_accept, left_backup = esc.side.left_accept, esc.side.left_backup
    due = turn.now + turn.rung().accept_within
    turn.alter(
        state="calling", accept_due=None, backup_due=None, duty_due=None, opens_at=None, recall_due=None, hold_due=None,
        confirm_due=None, side=Side(to, by.person or str(by), due, was, returning, left_accept, left_backup),
    )  # fmt: skip
    asked = ReturnAsked if returning else EscalationReassigned
    turn.say(asked(esc.id, to, due, note))
    turn.open([to], "side", due)
    turn.tell(called, "ended", but=by.person, moment="reassigned")


def may_reassign(scene: Scene, esc: Escalation, by: Actor) -> Refusal | None:
    """Whether this actor may pass it on to anybody at all."""
    if esc.ended_at is not None:
        return closed(esc)
    if _passes_on(scene, esc, by):
        return Refusal("conflict", "answered_now") if esc.state == "answered" else None
    return Refusal("not_allowed", "reassign") if esc.state != "accepted" else taken(esc)


def _passes_on(scene: Scene, esc: Escalation, by: Actor) -> bool:
    """Calling now, the holder or who has it in hand, a supervisor of the team; an admin while the alarm stands."""
    if by.person is not None and by.person in (scene.ticket.holder, esc.held_by):
        return True
    if open_call(esc, by.person) is not None:
        return True
    matter = replace(scene.ticket.matter, standing=esc.state == "standing")
    return may(scene.people, by, "step_in", matter)


def _not_to(esc: Escalation, to: str) -> Refusal | None:
    """Nobody answers their own question, or approves their own report; and who has it in hand has it."""
    if to == esc.held_by:
        return Refusal("conflict", "holds_already", values={"holder": to})
    own = esc.kind != "takeover" and to in (esc.raised_by, esc.report.author if esc.report is not None else None)
    return Refusal("conflict", "own_question", "to") if own else None


def target_refused(scene: Scene, rung: Rung, to: str, at: int) -> Refusal | None:
    """Why this person may not be asked aside from this rung: holds it already, is unknown, cannot be reached."""
    if to == scene.ticket.holder:
        return Refusal("conflict", "holds_already", values={"holder": to})
    if to not in scene.people.persons:
        return Refusal("invalid", "no_such_person", "to", {"id": to})
    channels = tuple(step.via for step in rung.channels) or DESK_CHANNELS
    reason = unreachable(scene, to, channels, at)
    return Refusal("not_allowed", f"target_{reason}", "to", {"person": to}) if reason else None


def climb(scene: Scene, esc: Escalation, by: Actor, level: int | None, note: int | None, now: int) -> Verdict:
    """The next rung (or the chosen one) is called now; a holder stays until somebody accepts."""
    if esc.ended_at is not None:
        return closed(esc)
    if not _pushes_up(scene, esc, by):
        return Refusal("not_allowed", "climb") if esc.state != "accepted" else taken(esc)
    if esc.state == "answered":
        return Refusal("conflict", "answered_now")
    rungs = esc.policy.rungs
    index = esc.rung + 1 if level is None else next((i for i, r in enumerate(rungs) if r.level == level), -1)
    if index == esc.rung and esc.state == "calling" and esc.side is None:
        return unchanged(esc)
    if level is not None and (index < 0 or (index <= esc.rung and esc.state != "standing")):
        return Refusal("invalid", "no_such_rung", "level", {"level": level})
    if index >= len(rungs):
        return Refusal("conflict", "no_higher_rung")
    turn = Turn(scene, esc, now)
    turn.say(EscalationClimbed(esc.id, rungs[index].level, note))
    if esc.side is not None:
        turn.end_all("overtaken")
    turn.alter(side=None)
    enter(turn, index)
    return turn.decision()


def _pushes_up(scene: Scene, esc: Escalation, by: Actor) -> bool:
    if by.person is None:
        return False
    return by.person in (esc.raised_by, scene.ticket.holder, esc.held_by) or open_call(esc, by.person) is not None


def _left(due: int | None, now: int) -> int | None:
    return None if due is None else max(0, due - now)

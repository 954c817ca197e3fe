"""Back down (de-escalation): the holder asks somebody below to take it, with instructions. Pure."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.escalation.decide.pass_on import side_call, target_refused
from core.escalation.decide.verdict import Verdict, closed, foremost, taken, unchanged
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Turn
from core.people.model import Actor


def return_(
    scene: Scene, esc: Escalation, by: Actor, to: str | None, instructions: str, note: int | None, now: int
) -> Verdict:
    """A side call to the lower person; acceptance makes them holder and ends it, until then the holder stays."""
    target = to or esc.raised_by
    if esc.side is not None and esc.side.returning and (esc.side.to, esc.side.by) == (target, by.person):
        return unchanged(esc)
    if refused := may_return(scene, esc, by):
        return refused
    refused = foremost(_target_refused(scene, esc, by, target, now), _empty(instructions))
    if refused is not None:
        return refused
    assert target is not None, "no refusal is left"
    turn = Turn(scene, esc, now)
    side_call(turn, target, by, note, returning=True)
    return turn.decision()


def may_return(scene: Scene, esc: Escalation, by: Actor) -> Refusal | None:
    """Whether this actor may hand it back to anybody at all."""
    if esc.ended_at is not None:
        return closed(esc)
    if by.person is None or by.person != scene.ticket.holder:
        held = esc.state == "accepted" and esc.kind == "takeover"
        return taken(esc) if held else Refusal("not_allowed", "holder_only", values={"holder": scene.ticket.holder})
    if esc.kind != "takeover":
        return Refusal("conflict", "takeover_only")
    if esc.state != "accepted":
        return Refusal("conflict", "not_accepted_yet" if esc.held_by is None else "calls_now")
    return None


def _target_refused(scene: Scene, esc: Escalation, by: Actor, to: str | None, now: int) -> Refusal | None:
    """Downward only: whoever stands above the holder is asked by reassigning, or by climbing."""
    if to is None:
        return Refusal("invalid", "return_to", "to")
    if refused := target_refused(scene, esc.policy.rungs[esc.rung], to, now):
        return refused
    if scene.people.persons[to].level > scene.people.persons[by.person or ""].level:
        return Refusal("invalid", "not_below", "to")
    return None


def _empty(instructions: str) -> Refusal | None:
    return None if instructions.strip() else Refusal("invalid", "empty", "instructions")

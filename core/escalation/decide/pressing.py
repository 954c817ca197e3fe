"""A takeover is pressed: what was promised to the customer has not come. Pure."""

from __future__ import annotations

from core.escalation.decide.verdict import unchanged
from core.escalation.events import EscalationClimbed
from core.escalation.ladder import enter, last_call, recall
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Decision, Turn


def press(scene: Scene, esc: Escalation, now: int) -> Decision:
    """The next rung is called now, at the top that rung again; a holder stays, an alarm calls at once."""
    turn = Turn(scene, esc, now)
    top = len(esc.policy.rungs) - 1
    if esc.ended_at is not None or (esc.state == "calling" and esc.held_by is None and esc.rung == top):
        return unchanged(esc)
    if esc.state == "standing":
        recall(turn)
        return turn.decision()
    index = min(esc.rung + 1, top)
    if esc.side is not None:
        turn.end_all("overtaken")
    turn.say(EscalationClimbed(esc.id, esc.policy.rungs[index].level))
    turn.alter(side=None)
    if esc.state == "accepted":
        turn.alter(round=0, start=index, amnesty=last_call(esc))
    enter(turn, index)
    return turn.decision()

"""Add responder: somebody works on it too. Pure."""

from __future__ import annotations

from collections.abc import Container

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.verdict import Verdict, closed, unchanged
from core.escalation.events import ResponderAdded
from core.escalation.model import Escalation
from core.escalation.seats import DESK_CHANNELS, Scene, unreachable
from core.escalation.turn import Turn
from core.people.access import may
from core.people.model import Actor


def add(
    scene: Scene, esc: Escalation, by: Actor, to: str, known: Container[str], note: int | None, now: int
) -> Verdict:
    """Is told, and may work on the ticket as long as it is open. `known`: who was added before."""
    if refused := may_add(scene, esc, by):
        return refused
    if to in known:
        return unchanged(esc)
    if refused := _not_to(scene, to, now):
        return refused
    turn = Turn(scene, esc, now)
    turn.say(ResponderAdded(esc.id, to, note))
    turn.tell([to], "responder", but=by.person)
    return turn.decision()


def may_add(scene: Scene, esc: Escalation, by: Actor) -> Refusal | None:
    """The holder, or a supervisor of the team, while it is open."""
    if esc.ended_at is not None:
        return closed(esc)
    if by.person is not None and by.person == scene.ticket.holder:
        return None
    steps_in = may(scene.people, by, "step_in", replace(scene.ticket.matter, standing=False))
    return None if steps_in else Refusal("not_allowed", "holder_or_supervisor")


def _not_to(scene: Scene, to: str, now: int) -> Refusal | None:
    """Who holds it works on it already; who has no device can still be at a screen."""
    if to == scene.ticket.holder:
        return Refusal("conflict", "holds_already", values={"holder": to})
    if to not in scene.people.persons:
        return Refusal("invalid", "no_such_person", "to", {"id": to})
    reason = unreachable(scene, to, DESK_CHANNELS, now)
    if reason in (None, "no_channel"):
        return None
    return Refusal("not_allowed", f"target_{reason}", "to", {"person": to})

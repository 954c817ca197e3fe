"""Contesting an acceptance that somebody else recorded on the phone. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.phone import NO_TASK, put_task
from core.escalation.decide.undo import Acted, hand_back, take_back
from core.escalation.decide.verdict import Verdict, closed, taken, unchanged
from core.escalation.events import AcceptanceContested, EscalationAccepted
from core.escalation.model import Before, Escalation, Task
from core.escalation.seats import Scene
from core.escalation.turn import Turn
from core.people.model import Actor

CONTEST_FOR: Final = 600_000
"""Whoever it was recorded for may say so for ten minutes."""


def contest(scene: Scene, esc: Escalation, by: Actor, task_id: int, recorded: Acted | None, now: int) -> Verdict:
    """Back to calling, with the time that was left when it was recorded; responsibility is where it was."""
    task = next((task for task in esc.tasks if task.id == task_id), None)
    if task is None:
        return NO_TASK
    if task.state == "contested" and task.person == by.person:
        return unchanged(esc)
    if esc.ended_at is not None and esc.state != "returned":
        return closed(esc)
    if task.state == "accepted" and now - (task.ended_at or 0) > CONTEST_FOR:
        return Refusal("closed", "contest_over")
    if esc.held_by not in (None, task.person):
        return taken(esc)
    if task.person != by.person:
        return Refusal("not_allowed", "contest")
    deed = recorded.deed if recorded is not None else None
    if task.state != "accepted" or recorded is None or not isinstance(deed, EscalationAccepted):
        return Refusal("conflict", "contest_nothing")
    if (was := _as_recorded(scene, esc, deed, recorded.at)) is None:
        return Refusal("conflict", "undo_overtaken")
    return _contested(Turn(scene, esc, now), task, deed, was, now - recorded.at)


def _as_recorded(scene: Scene, esc: Escalation, deed: EscalationAccepted, at: int) -> Before | None:
    """What was before, while nobody has passed it on since."""
    same = (esc.held_by, esc.held_since) == (deed.person, at) and esc.side is None and scene.ticket.status != "done"
    if deed.was is None or not same or (deed.was.moved and scene.ticket.holder != deed.person):
        return None
    return deed.was


def _contested(turn: Turn, task: Task, deed: EscalationAccepted, was: Before, later: int) -> Verdict:
    put_task(turn, replace(task, state="contested"))
    turn.say(AcceptanceContested(turn.esc.id, task.person, task.id))
    if turn.esc.state in ("accepted", "returned"):
        take_back(turn, was, "contested", task.person, later)
    else:  # the hold has passed already: it is calling as it is, for nobody's sake
        turn.alter(held_by=was.held_by, held_since=was.held_since)
        hand_back(turn, was, "contested", task.person)
    turn.tell([deed.recorder], "ended", moment="contested")
    return turn.decision()

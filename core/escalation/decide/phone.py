"""Phone tasks: somebody on shift rings the person who is called. Pure."""

from __future__ import annotations

from typing import Final, Literal

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.answer import accepted
from core.escalation.decide.verdict import Verdict, unchanged
from core.escalation.events import (
    PhoneOutcomeReported,
    PhoneTaskTaken,
)
from core.escalation.model import Call, Escalation, Task
from core.escalation.seats import Scene
from core.escalation.side import evidence
from core.escalation.turn import Turn
from core.people.model import Actor

NO_TASK: Final = Refusal("unknown", "task")


def take(scene: Scene, esc: Escalation, by: Actor, task_id: int, on_shift: bool, now: int) -> Verdict:
    """I ring them now: anyone on shift in the team, but not the person to be called."""
    task = next((task for task in esc.tasks if task.id == task_id), None)
    if task is None:
        return NO_TASK
    if task.state == "taken" and task.taken_by == by.person:
        return unchanged(esc)
    if task.state == "taken":
        return Refusal("taken", "task_taken", values={"holder": task.taken_by})
    if task.state != "offered":
        return Refusal("closed", "task_over")
    if by.person is None or by.person == task.person or not on_shift:
        return Refusal("not_allowed", "task_take")
    turn = Turn(scene, esc, now)
    put_task(turn, replace(task, state="taken", taken_by=by.person))
    turn.say(PhoneTaskTaken(esc.id, task.id, task.person))
    return turn.decision()


def report_outcome(
    scene: Scene, esc: Escalation, by: Actor, task_id: int, outcome: Literal["accepted", "busy", "no_answer"], now: int
) -> Verdict:
    """What came of ringing: an acceptance recorded for them, or evidence that the phone did not reach them."""
    task = next((task for task in esc.tasks if task.id == task_id), None)
    if task is None:
        return NO_TASK
    if task.state == outcome and task.taken_by == by.person:
        return unchanged(esc)
    if task.state != "taken":
        return Refusal("closed", "task_over") if task.state != "offered" else Refusal("conflict", "task_not_taken")
    if task.taken_by != by.person:
        return Refusal("taken", "task_taken", values={"holder": task.taken_by})
    turn = Turn(scene, esc, now)
    call = turn.call(task.call)
    assert call is not None, "a task that is taken has an open call"
    put_task(turn, replace(task, state=outcome, ended_at=now))
    turn.say(PhoneOutcomeReported(esc.id, task.id, task.person, outcome))
    if outcome == "accepted":
        return accepted(turn, task.person, call, recorder=by.person)
    evidence(turn, call, _rung_by(turn, call), outcome)
    return turn.decision()


def _rung_by(turn: Turn, call: Call) -> int:
    """The phone's place in the chain, which may have gone on while somebody rang."""
    steps = turn.rung(call.rung).channels[: call.step + 1]
    return max(index for index, step in enumerate(steps) if step.via == "phone")


def put_task(turn: Turn, task: Task) -> None:
    """Replace a task by its newer self."""
    turn.alter(tasks=tuple(task if old.id == task.id else old for old in turn.esc.tasks))

"""What time does: every deadline of the agenda, done at its own time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from core.escalation.agenda import Due, earliest
from core.escalation.events import DutyChanged, HoldPassed, SteppedLate, StillOnItAsked
from core.escalation.ladder import LATE, backup_called, call_backup, climb, enter, last_call, recall, turn_ends
from core.escalation.seats import current, rotas, seat
from core.escalation.side import evidence, side_over
from core.escalation.turn import Turn


def advance(turn: Turn) -> None:
    """Do everything that is due up to `turn.now`, each at its own time, in order."""
    first = earliest(turn.esc)
    late_by = turn.now - first.at if first is not None else 0
    while (due := earliest(turn.esc)) is not None and due.at <= turn.now:
        turn.t = due.at
        PASS[due.what](turn, due)
    turn.t = turn.now
    if late_by > LATE:
        turn.say(SteppedLate(turn.esc.id, late_by))
        _leave_a_wait(turn)


def _channel(turn: Turn, due: Due) -> None:
    call = turn.call(due.call)
    if call is not None:
        before = call.step
        after = turn.step(call, before + 1, "no_reply")
        if after.step == before:  # nothing behind it has an address: do not come back to it
            turn.put(replace(after, off_duty=True))


def _watch(turn: Turn, due: Due) -> None:
    call = turn.call(due.call)
    if call is not None:
        evidence(turn, call, call.step, "unseen")


def _untaken(turn: Turn, due: Due) -> None:
    call = turn.call(due.call)
    if call is not None:
        task = next(t for t in turn.esc.tasks if t.call == call.id and t.state == "offered")
        voided = replace(task, state="void", ended_at=turn.t)
        turn.alter(tasks=tuple(voided if t.id == task.id else t for t in turn.esc.tasks))
        evidence(turn, call, call.step, "untaken")


def _duty(turn: Turn, _: Due) -> None:
    """Who comes on duty gets a full chain; who went off gets no further channel but may still accept."""
    rung = turn.rung()
    turn.alter(duty_due=turn.next_duty_change())
    if turn.esc.policy.authority == "passes" and backup_called(turn):
        return
    calling = current(turn.esc)
    called = {call.person for call in calling}
    on = tuple(p for p in seat(turn.scene, turn.esc, rung, rung.call, turn.t).persons if p not in called)
    still = set(turn.on_duty())
    off = [call for call in calling if call.seat == "duty" and call.person not in still and not call.off_duty]
    for call in off:
        turn.put(replace(call, off_duty=True))
    if not on and not off:
        return
    turn.say(DutyChanged(turn.esc.id, rung.level, on, tuple(call.person for call in off), turn.t))
    if on:
        wait = rung.channels[0].wait or 0
        turn.alter(accept_due=max(turn.esc.accept_due or 0, turn.t + wait))
        turn.open(on, "duty", turn_ends(turn.esc))


def _backup(turn: Turn, _: Due) -> None:
    call_backup(turn)


def _hold(turn: Turn, _: Due) -> None:
    """The holder, and whoever is on duty now, are asked: still on it?"""
    rung = turn.rung()
    if turn.esc.policy.hours == "duty" and rotas(rung) and not turn.on_duty():
        later = turn.scene.roster.next_start(rotas(rung), turn.t)
        turn.alter(hold_due=None if later is None else later)
        return
    asked = tuple(dict.fromkeys(p for p in (turn.esc.held_by, *turn.on_duty()) if p))
    turn.alter(hold_due=None, confirm_due=turn.t + rung.accept_within)
    turn.say(StillOnItAsked(turn.esc.id, asked, turn.t + rung.accept_within))
    turn.tell(asked, "still_on_it")


def _confirm(turn: Turn, _: Due) -> None:
    """No answer: calling again at that rung; the holder stays, and can confirm."""
    turn.alter(confirm_due=None, round=0, start=turn.esc.rung, amnesty=last_call(turn.esc))
    turn.say(HoldPassed(turn.esc.id, turn.rung().level))
    enter(turn, turn.esc.rung)


def _leave_a_wait(turn: Turn) -> None:
    """The rung whose turn it is now gets its calls and at least one channel wait."""
    if turn.esc.state != "calling" or turn.esc.accept_due is None:
        return
    wait = turn.rung().channels[0].wait or turn.rung().accept_within
    if turn.esc.accept_due < turn.now + wait:
        turn.alter(accept_due=turn.now + wait)
    fresh = {send.call for send in turn.sends.values()}
    for call in current(turn.esc):
        if call.id in fresh:
            turn.put(replace(call, step_at=turn.now))


PASS: Final[Mapping[str, Callable[[Turn, Due], None]]] = {
    "watch": _watch,
    "untaken": _untaken,
    "channel": _channel,
    "duty": _duty,
    "opens": lambda turn, _: enter(turn, turn.esc.rung),
    "backup": _backup,
    "side": lambda turn, _: side_over(turn, "silent"),
    "rung": lambda turn, _: climb(turn, turn.esc.rung),
    "recall": lambda turn, _: recall(turn),
    "hold": _hold,
    "confirm": _confirm,
}

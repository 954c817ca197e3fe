"""What time does: every deadline of the agenda, done at its own time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from core.escalation import settling
from core.escalation.agenda import Due, earliest
from core.escalation.events import DutyChanged, DutyEnded, HoldPassed, PersonUnreachable, StillOnItAsked
from core.escalation.ladder import (
    backup_called,
    call_at_once,
    call_backup,
    climb,
    enter,
    last_call,
    recall,
    seat_left,
    turn_ends,
)
from core.escalation.model import Call, Seat
from core.escalation.seats import DESK_CHANNELS, current, everybody, named, paged, rotas, seat, shift_on, unreachable
from core.escalation.side import evidence, side_over
from core.escalation.turn import Turn
from core.policy.model import Target


def walk(turn: Turn, first: Due | None = None) -> None:
    """Do everything that is due up to `turn.now`, each at its own time, in order; `first` where it is known."""
    due = first or earliest(turn.esc)
    while due is not None and due.at <= turn.now:
        turn.t = due.at
        PASS[due.what](turn, due)
        due = earliest(turn.esc)
    turn.t = turn.now


def _channel(turn: Turn, due: Due) -> None:
    call = turn.call(due.call)
    if call is not None:
        turn.step(call, call.step + 1, "no_reply")


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


def change_duty(turn: Turn) -> None:
    """Who comes on duty gets a full chain; who went off gets no further channel but may still accept.

    Who went on leave cannot be called any more.
    """
    turn.alter(duty_due=turn.next_duty_change())
    calling = (*current(turn.esc), *(call for call in paged(turn.esc) if call.ended_at is None))
    if gone := [call for call in calling if turn.scene.people.away(call.person, turn.t)]:
        where = turn.esc.state, turn.esc.rung, turn.esc.round
        end_unreachable(turn, gone)
        seat_left(turn)
        if where != (turn.esc.state, turn.esc.rung, turn.esc.round):
            return  # whoever is called now was looked up just now
    if everyone := paged(turn.esc):
        _page_too(turn, {call.person for call in everyone})
        return
    backup = backup_called(turn)
    if not (backup and turn.esc.policy.authority == "passes"):
        _change_seat(turn, "duty", turn.rung().call)
    if backup:
        _change_seat(turn, "backup", turn.rung().backup)


def _page_too(turn: Turn, known: set[str]) -> None:
    """While everyone is paged, so is who comes on duty at the top."""
    rung = turn.rung()
    on = tuple(p for p in everybody(turn.scene, turn.esc, rung, turn.t) if p not in known)
    if not on:
        return
    _leave_a_wait(turn, rung.channels[0].wait or 0)
    turn.say(DutyChanged(turn.esc.id, rung.level, on, (), turn.t))
    for person in on:
        call_at_once(turn, person, "page", turn.esc.rung)


def end_unreachable(turn: Turn, gone: Iterable[Call]) -> None:
    """These people cannot be called any more: their calls end, as a refusal without a refuser."""
    turn.end(gone := tuple(gone), "unreachable")
    for call in gone:
        reason = unreachable(turn.scene, call.person, (), turn.t) or "no_channel"
        turn.say(PersonUnreachable(turn.esc.id, call.person, reason))


def _change_seat(turn: Turn, name: Seat, targets: tuple[Target, ...]) -> None:
    rung, calling = turn.rung(), current(turn.esc)
    called = {call.person for call in calling}
    on = tuple(p for p in seat(turn.scene, turn.esc, rung, targets, turn.t).persons if p not in called)
    still = named(turn.scene, targets, turn.t)
    moved = [call for call in calling if call.seat == name and call.off_duty != (call.person not in still)]
    for call in moved:
        turn.put(replace(call, off_duty=not call.off_duty))
    off = tuple(call.person for call in moved if not call.off_duty)
    if on:
        _leave_a_wait(turn, rung.channels[0].wait or 0)
        turn.say(DutyChanged(turn.esc.id, rung.level, on, off, turn.t))
        turn.open(on, name, turn_ends(turn.esc) if name == "duty" else turn.esc.accept_due)
    elif off:
        turn.say(DutyEnded(turn.esc.id, rung.level, off, turn.t))


def _leave_a_wait(turn: Turn, wait: int) -> None:
    """Deadlines move only as far as leaves one channel wait to who is called now."""
    accept_due, backup_due = turn.esc.accept_due, turn.esc.backup_due
    if backup_due is not None and turn.esc.policy.authority == "passes":
        turn.alter(backup_due=max(backup_due, turn.t + wait))
    if accept_due is not None:
        turn.alter(accept_due=max(accept_due, turn.t + wait))


def _backup(turn: Turn, _: Due) -> None:
    call_backup(turn)


def _hold(turn: Turn, _: Due) -> None:
    """The holder, and whoever is on duty now, are asked: still on it?"""
    rung = turn.rung()
    later = turn.scene.roster.next_start(rotas(rung), turn.t)
    if turn.esc.policy.hours == "duty" and later is not None and not shift_on(turn.scene, rung, turn.t):
        turn.alter(hold_due=later)
        return
    on_duty = turn.on_duty() if turn.esc.kind == "takeover" else ()  # of a consult only who answers it
    seen = (p for p in on_duty if unreachable(turn.scene, p, DESK_CHANNELS, turn.t) is None)
    asked = tuple(dict.fromkeys(p for p in (turn.esc.held_by, *seen) if p))
    answer_by = turn.counts_from(rung.accept_within) + rung.accept_within
    turn.alter(hold_due=None, confirm_due=answer_by)
    turn.say(StillOnItAsked(turn.esc.id, asked, answer_by))
    turn.tell(asked, "still_on_it")


def _confirm(turn: Turn, _: Due) -> None:
    """No answer: calling again at that rung; the holder stays, and can confirm."""
    turn.alter(confirm_due=None, round=0, start=turn.esc.rung, amnesty=last_call(turn.esc))
    turn.say(HoldPassed(turn.esc.id, turn.rung().level))
    enter(turn, turn.esc.rung)


def _recall(turn: Turn, due: Due) -> None:
    """However many were slept through, the alarm calls once; the next recall keeps to the clock of the first."""
    every = turn.esc.policy.recall
    turn.t = due.at + (turn.now - due.at) // every * every
    recall(turn)


PASS: Final[Mapping[str, Callable[[Turn, Due], None]]] = {
    "watch": _watch,
    "untaken": _untaken,
    "channel": _channel,
    "duty": lambda turn, _: change_duty(turn),
    "opens": lambda turn, _: enter(turn, turn.esc.rung),
    "backup": _backup,
    "side": lambda turn, _: side_over(turn, "silent"),
    "rung": lambda turn, _: climb(turn, turn.esc.rung),
    "recall": _recall,
    "hold": _hold,
    "confirm": _confirm,
    "settle": settling.settle,
    "remind": settling.remind,
    "update_soon": settling.update_soon,
    "update": settling.update_missed,
}

"""Side calls, and what ends them: only the target may answer, the ladder (or the holder) waits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from core.escalation.events import MessageFailed, SideCallEnded, Why
from core.escalation.ladder import backup_called, call_at_once, call_backup, climb, enter, recall
from core.escalation.model import Call, Seat
from core.escalation.seats import current, paged, refusers, unfit
from core.escalation.turn import Turn


def evidence(turn: Turn, call: Call, step: int, why: Why) -> None:
    """A means is known to have failed: the next one now; when all have failed, the next seat or rung now."""
    bit = 1 << step
    if call.ended_at is not None or call.failed & bit:
        return
    via = turn.rung(call.rung).channels[step].via
    call = turn.put(replace(call, failed=call.failed | bit, watch_due=None))
    turn.say(MessageFailed(turn.esc.id, call.person, via, why))
    if turn.esc.state != "calling":
        return
    side, everyone = turn.esc.side is not None, paged(turn.esc)
    if call.seat == "page" and all(c.ended_at is not None or all_failed(turn, c) for c in everyone):
        climb(turn, turn.esc.rung)
    if call.id not in {c.id for c in (side_calls(turn) if side else current(turn.esc))}:
        return
    if call.step == step and not call.off_duty:
        call = turn.step(call, step + 1, why)
    if not all_failed(turn, call):
        return
    if side:
        side_over(turn, "unreachable")
    elif all(all_failed(turn, other) for other in current(turn.esc)) and (backup_called(turn) or not call_backup(turn)):
        climb(turn, turn.esc.rung)


def side_over(turn: Turn, how: Literal["refused", "silent", "unreachable"]) -> None:
    """The target of a side call did not take it: the holder keeps it, or the ladder goes on where it was."""
    side = turn.esc.side
    assert side is not None
    turn.end(side_calls(turn), how)
    turn.alter(side=None)
    turn.say(SideCallEnded(turn.esc.id, side.to, how))
    if turn.esc.held_by is not None:
        keep(turn)
        turn.tell([turn.esc.held_by], "not_taken")
    elif side.was == "standing":
        recall(turn)
    elif side.left_accept is None:  # the ladder had not begun, or waits for a shift
        enter(turn, turn.esc.rung)
    else:
        _resume(turn, side.by, side.left_accept, side.left_backup)


def keep(turn: Turn) -> None:
    """Whoever held it holds it on: calls end, the hold begins anew (but of a report that left: its next one is due)."""
    turn.end_all("overtaken")
    report = turn.esc.report
    hold = None if report is not None and report.rests else turn.esc.policy.hold
    waits = turn.scene.ticket.status == "waiting"
    turn.alter(
        state="accepted", side=None, accept_due=None, backup_due=None, duty_due=None, opens_at=None, recall_due=None,
        confirm_due=None, hold_left=hold if waits else None,
        hold_due=None if waits or hold is None else turn.t + hold,
    )  # fmt: skip


def _resume(turn: Turn, by: str, left_accept: int, left_backup: int | None) -> None:
    """Whoever had a call, but the one who reassigned, is called anew; deadlines go on with what was left."""
    if everyone := paged(turn.esc):
        _page_again(turn, everyone, by, left_accept)
        return
    turn.alter(
        accept_due=turn.t + left_accept,
        backup_due=None if left_backup is None else turn.t + left_backup,
        duty_due=turn.next_duty_change(),
    )
    had = [call for call in _interrupted(turn) if call.person != by]
    seats: tuple[Seat, ...] = ("duty", "backup")
    for seat in seats:
        turn.open(dict.fromkeys(call.person for call in had if call.seat == seat), seat, turn.esc.accept_due)
    if not had and (backup_called(turn) or not call_backup(turn)):
        climb(turn, turn.esc.rung)


def _page_again(turn: Turn, everyone: Iterable[Call], by: str, left_accept: int) -> None:
    turn.alter(accept_due=turn.t + left_accept, duty_due=turn.next_duty_change())
    newest = {call.person: call for call in everyone}
    for call in newest.values():
        channels = tuple(step.via for step in turn.rung(call.rung).channels)
        fit = unfit(turn.scene, turn.esc, call.person, channels, turn.t) is None
        if call.ended == "reassigned" and call.person not in (by, *refusers(turn.esc)) and fit:
            call_at_once(turn, call.person, "page", call.rung)
    if all(call.ended_at is not None for call in paged(turn.esc)):
        climb(turn, turn.esc.rung)


def _interrupted(turn: Turn) -> list[Call]:
    """The calls of this rung that the side call ended, of people who can still be called."""
    esc, channels = turn.esc, tuple(step.via for step in turn.rung().channels)
    newest = {
        call.person: call
        for call in esc.calls
        if call.seat in ("duty", "backup") and call.rung == esc.rung and call.opened_at >= esc.base
    }
    return [
        call
        for call in newest.values()
        if call.ended == "reassigned" and unfit(turn.scene, esc, call.person, channels, turn.t) is None
    ]


def side_calls(turn: Turn) -> list[Call]:
    return [call for call in turn.esc.calls if call.seat == "side" and call.ended_at is None]


def all_failed(turn: Turn, call: Call) -> bool:
    """Whether every channel of this call has failed or has no address."""
    return all(
        call.failed >> index & 1 or not turn.scene.people.addresses(call.person, step.via)
        for index, step in enumerate(turn.rung(call.rung).channels)
    )

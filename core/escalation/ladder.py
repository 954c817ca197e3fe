"""The ladder: how a call climbs while nobody answers. The engine, the preview and the checker all walk it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from core.escalation.agenda import Due, earliest
from core.escalation.events import (
    AlarmStands,
    DutyChanged,
    HoldPassed,
    MessageFailed,
    Recalled,
    RoundBegan,
    RungSkipped,
    SeatEmpty,
    SideCallEnded,
    SteppedLate,
    StillOnItAsked,
    WaitsForDuty,
    Why,
)
from core.escalation.model import Call, Escalation
from core.escalation.seats import current, everybody, rotas, seat, supervisors, unfit
from core.escalation.turn import Turn

LATE: Final = 5_000
"""Up to this late every step is still done as written; beyond, what passed meanwhile is walked silently."""


def advance(turn: Turn) -> None:
    """Do everything that is due up to `turn.now`, each at its own time, in order."""
    first = earliest(turn.esc)
    late_by = turn.now - first.at if first is not None else 0
    while (due := earliest(turn.esc)) is not None and due.at <= turn.now:
        turn.t = due.at
        if late_by > LATE and _would_stand(turn, due):
            _last_chance(turn)
            break
        PASS[due.what](turn, due)
    turn.t = turn.now
    if late_by > LATE:
        turn.say(SteppedLate(turn.esc.id, late_by))
        _leave_a_wait(turn)


def enter(turn: Turn, index: int) -> None:
    """Call this rung at `turn.t`, or the next one above that has anybody."""
    rung = turn.rung(index)
    duty = seat(turn.scene, turn.esc, rung, rung.call, turn.t)
    backup = seat(turn.scene, turn.esc, rung, rung.backup, turn.t)
    if not duty.persons and not backup.persons:
        if not _wait_for_duty(turn, index):
            reasons = (*duty.left_out, *backup.left_out)
            turn.say(RungSkipped(turn.esc.id, rung.level, turn.t, reasons))
            climb(turn, index)
        return
    if turn.esc.policy.authority == "passes":
        turn.end_all("passed")
    turn.set(
        state="calling", rung=index, base=turn.t, accept_due=turn.t + rung.accept_within, backup_due=None,
        opens_at=None, recall_due=None, hold_due=None, confirm_due=None,
    )  # fmt: skip
    turn.set(duty_due=turn.next_duty_change())
    if not duty.persons:
        turn.say(SeatEmpty(turn.esc.id, rung.level, "duty", turn.t, duty.left_out))
        turn.open(backup.persons, "backup", turn.esc.accept_due)
        return
    if rung.backup and rung.backup_after is not None:
        turn.set(backup_due=turn.t + rung.backup_after)
    turn.open(duty.persons, "duty", turn_ends(turn.esc))


def turn_ends(escalation: Escalation) -> int | None:
    """The accept-by shown to the duty: under `passes` their turn ends when the backup's begins."""
    if escalation.policy.authority == "passes" and escalation.backup_due is not None:
        return escalation.backup_due
    return escalation.accept_due


def climb(turn: Turn, after: int) -> None:
    """The rung above; after the last one the ladder again, `repeat` times; then the alarm stands."""
    if after + 1 < len(turn.esc.policy.rungs):
        enter(turn, after + 1)
        return
    called = any(call.round == turn.esc.round for call in turn.esc.calls)
    if called and turn.esc.round < turn.esc.policy.repeat:
        turn.end_all("round")
        turn.set(round=turn.esc.round + 1)
        turn.say(RoundBegan(turn.esc.id, turn.esc.round, turn.t))
        _forgive_if_all_refused(turn)
        enter(turn, turn.esc.start)
        return
    stand(turn)


def stand(turn: Turn) -> None:
    """Nobody on the whole ladder answered: an alarm that keeps calling at a capped rate."""
    turn.set(
        state="standing", accept_due=None, backup_due=None, duty_due=None, opens_at=None, side=None, hold_due=None,
        confirm_due=None, recall_due=turn.t + turn.esc.policy.recall,
    )  # fmt: skip
    turn.say(AlarmStands(turn.esc.id, turn.rung().level, turn.t))
    admins = (p.id for p in turn.scene.people.persons.values() if p.active and "admin" in p.roles)
    turn.tell(admins, "standing")
    top = _top(turn)
    just_called = top is not None and any(c.ended_at is None and c.rung == top for c in turn.esc.calls)
    if not just_called:
        alarm(turn, top)


def recall(turn: Turn) -> None:
    """The ladder is resolved anew; the top rung that has anybody is called on all channels."""
    turn.set(state="standing", recall_due=turn.t + turn.esc.policy.recall)
    alarm(turn, _top(turn))


def alarm(turn: Turn, top: int | None) -> None:
    """Call on every channel at once; an open call is renewed, so no notice on a device goes stale."""
    persons = supervisors(turn.scene, turn.esc) if top is None else _anybody(turn, top)
    turn.set(rung=turn.esc.rung if top is None else top)
    for person in persons:
        call = next((c for c in turn.esc.calls if c.person == person and c.ended_at is None), None)
        if call is None:
            call = turn._new_call(person, "alarm")
            turn.set(calls=(*turn.esc.calls, call))
        call = turn.put(replace(call, seat="alarm", step_at=turn.t, watch_due=None))
        for index, step in enumerate(turn.rung(call.rung).channels):
            if turn.scene.people.addresses(person, step.via):
                turn.use(turn.put(replace(turn.call(call.id) or call, step=index)), index, step.via)
    turn.say(Recalled(turn.esc.id, turn.rung().level, persons, turn.t))


def call_backup(turn: Turn) -> bool:
    """The backup is called (too); whether there was anybody."""
    turn.set(backup_due=None)
    rung = turn.rung()
    already = {call.person for call in current(turn.esc)}
    found = seat(turn.scene, turn.esc, rung, rung.backup, turn.t)
    persons = tuple(person for person in found.persons if person not in already)
    if not persons:
        if rung.backup:
            turn.say(SeatEmpty(turn.esc.id, rung.level, "backup", turn.t, found.left_out))
        return False
    if turn.esc.policy.authority == "passes":
        turn.end([call for call in current(turn.esc) if call.seat == "duty"], "passed")
    turn.open(persons, "backup", turn.esc.accept_due)
    return True


def seat_left(turn: Turn) -> None:
    """Somebody's call ended without an answer for us: a seat nobody is left in passes, an empty rung is over."""
    if turn.esc.state != "calling" or turn.esc.side is not None:
        return
    left = current(turn.esc)
    if any(call.seat == "duty" for call in left):
        return
    if not _backup_called(turn):
        if not call_backup(turn):
            climb(turn, turn.esc.rung)
    elif not left:
        climb(turn, turn.esc.rung)


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
    side = turn.esc.side is not None
    if call.id not in {c.id for c in (_side_calls(turn) if side else current(turn.esc))}:
        return
    if call.step == step and not call.off_duty:
        call = turn.step(call, step + 1, why)
    if not _all_failed(turn, call):
        return
    if side:
        side_over(turn, "unreachable")
    elif all(_all_failed(turn, other) for other in current(turn.esc)):
        if _backup_called(turn) or not call_backup(turn):
            climb(turn, turn.esc.rung)


def side_over(turn: Turn, how: str) -> None:
    """The target of a side call did not take it: the holder keeps it, or the ladder goes on where it was."""
    side = turn.esc.side
    assert side is not None
    ended = {"refused": "refused", "silent": "silent", "unreachable": "unreachable"}[how]
    turn.end(_side_calls(turn), ended)  # type: ignore[arg-type]
    turn.set(side=None)
    turn.say(SideCallEnded(turn.esc.id, side.to, how))  # type: ignore[arg-type]
    if turn.esc.held_by is not None:
        keep(turn)
        turn.tell([turn.esc.held_by], "not_taken")
    elif side.was == "standing":
        recall(turn)
    else:
        _resume(turn, side.by, side.left_accept, side.left_backup)


def keep(turn: Turn) -> None:
    """Whoever held it holds it on: calls end, the hold begins anew."""
    turn.end_all("overtaken")
    hold = turn.esc.policy.hold
    turn.set(
        state="accepted", side=None, accept_due=None, backup_due=None, duty_due=None, opens_at=None, recall_due=None,
        confirm_due=None, hold_left=None, hold_due=None if hold is None else turn.t + hold,
    )  # fmt: skip


def _resume(turn: Turn, by: str, left_accept: int | None, left_backup: int | None) -> None:
    """Whoever had a call, but the one who reassigned, is called anew; deadlines go on with what was left."""
    rung = turn.rung()
    turn.set(
        accept_due=turn.t + (rung.accept_within if left_accept is None else left_accept),
        backup_due=None if left_backup is None else turn.t + left_backup,
        duty_due=turn.next_duty_change(),
    )
    channels = tuple(step.via for step in rung.channels)
    had = [
        call
        for call in turn.esc.calls
        if call.ended == "reassigned" and call.seat in ("duty", "backup") and call.rung == turn.esc.rung
        and call.opened_at >= turn.esc.base and call.person != by
        and unfit(turn.scene, turn.esc, call.person, channels) is None
    ]  # fmt: skip
    for name in ("duty", "backup"):
        persons = tuple(dict.fromkeys(call.person for call in had if call.seat == name))
        if persons:
            turn.open(persons, name, turn.esc.accept_due)  # type: ignore[arg-type]
    if not had and not call_backup(turn):
        climb(turn, turn.esc.rung)


# — what passes when, by what is due —


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
        turn.set(tasks=tuple(voided if t.id == task.id else t for t in turn.esc.tasks))
        evidence(turn, call, call.step, "untaken")


def _duty(turn: Turn, _: Due) -> None:
    """Who comes on duty gets a full chain; who went off gets no further channel but may still accept."""
    rung = turn.rung()
    turn.set(duty_due=turn.next_duty_change())
    if turn.esc.policy.authority == "passes" and _backup_called(turn):
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
        turn.set(accept_due=max(turn.esc.accept_due or 0, turn.t + wait))
        turn.open(on, "duty", turn_ends(turn.esc))


def _hold(turn: Turn, _: Due) -> None:
    """The holder, and whoever is on duty now, are asked: still on it?"""
    rung = turn.rung()
    if turn.esc.policy.hours == "duty" and rotas(rung) and not turn.on_duty():
        later = turn.scene.roster.next_start(rotas(rung), turn.t)
        turn.set(hold_due=None if later is None else later)
        return
    asked = tuple(dict.fromkeys(p for p in (turn.esc.held_by, *turn.on_duty()) if p))
    turn.set(hold_due=None, confirm_due=turn.t + rung.accept_within)
    turn.say(StillOnItAsked(turn.esc.id, asked, turn.t + rung.accept_within))
    turn.tell(asked, "still_on_it")


def _confirm(turn: Turn, _: Due) -> None:
    """No answer: calling again at that rung; the holder stays, and can confirm."""
    turn.set(confirm_due=None, round=0, start=turn.esc.rung, amnesty=_last(turn.esc))
    turn.say(HoldPassed(turn.esc.id, turn.rung().level))
    enter(turn, turn.esc.rung)


PASS: Final[Mapping[str, Callable[[Turn, Due], None]]] = {
    "watch": _watch,
    "untaken": _untaken,
    "channel": _channel,
    "duty": _duty,
    "opens": lambda turn, _: enter(turn, turn.esc.rung),
    "backup": lambda turn, _: None if call_backup(turn) else None,
    "side": lambda turn, _: side_over(turn, "silent"),
    "rung": lambda turn, _: climb(turn, turn.esc.rung),
    "recall": lambda turn, _: recall(turn),
    "hold": _hold,
    "confirm": _confirm,
}


# — late —


def _would_stand(turn: Turn, due: Due) -> bool:
    last = turn.esc.rung == len(turn.esc.policy.rungs) - 1 and turn.esc.round >= turn.esc.policy.repeat
    return due.what == "rung" and last and turn.now - due.at > LATE


def _last_chance(turn: Turn) -> None:
    """After downtime nobody falls into an alarm unasked: the last reachable rung gets one full accept-by first."""
    turn.t = turn.now
    top = _top(turn)
    if top is None or top < turn.esc.start:
        stand(turn)
    else:
        turn.end_all("round")
        enter(turn, top)


def _leave_a_wait(turn: Turn) -> None:
    """The rung whose turn it is now gets its calls and at least one channel wait."""
    if turn.esc.state != "calling" or turn.esc.accept_due is None:
        return
    wait = turn.rung().channels[0].wait or turn.rung().accept_within
    if turn.esc.accept_due < turn.now + wait:
        turn.set(accept_due=turn.now + wait)
    fresh = {send.call for send in turn.sends.values()}
    for call in current(turn.esc):
        if call.id in fresh:
            turn.put(replace(call, step_at=turn.now))


# — small questions —


def _wait_for_duty(turn: Turn, index: int) -> bool:
    rung = turn.rung(index)
    opens = turn.scene.roster.next_start(rotas(rung), turn.t) if turn.esc.policy.hours == "duty" else None
    if opens is None:
        return False
    turn.set(
        state="calling", rung=index, base=turn.t, opens_at=opens, accept_due=None, backup_due=None, duty_due=None,
        recall_due=None, hold_due=None, confirm_due=None,
    )  # fmt: skip
    turn.say(WaitsForDuty(turn.esc.id, rung.level, turn.t, opens))
    return True


def _top(turn: Turn) -> int | None:
    """The top rung that has anybody; people who refused only when there is nobody else."""
    for forgive in (False, True):
        for index in reversed(range(len(turn.esc.policy.rungs))):
            if everybody(turn.scene, turn.esc, turn.rung(index), turn.t, forgive=forgive):
                return index
    return None


def _anybody(turn: Turn, index: int) -> tuple[str, ...]:
    rung = turn.rung(index)
    willing = everybody(turn.scene, turn.esc, rung, turn.t)
    return willing or everybody(turn.scene, turn.esc, rung, turn.t, forgive=True)


def _forgive_if_all_refused(turn: Turn) -> None:
    rungs = turn.esc.policy.rungs[turn.esc.start :]
    if not any(everybody(turn.scene, turn.esc, rung, turn.t) for rung in rungs):
        turn.set(amnesty=_last(turn.esc))


def _last(escalation: Escalation) -> int:
    return escalation.calls[-1].id if escalation.calls else 0


def _backup_called(turn: Turn) -> bool:
    esc = turn.esc
    return any(
        call.seat == "backup" and call.rung == esc.rung and call.round == esc.round and call.opened_at >= esc.base
        for call in esc.calls
    )


def _side_calls(turn: Turn) -> list[Call]:
    return [call for call in turn.esc.calls if call.seat == "side" and call.ended_at is None]


def _all_failed(turn: Turn, call: Call) -> bool:
    """Whether every channel of this call has failed or has no address."""
    return all(
        call.failed >> index & 1 or not turn.scene.people.addresses(call.person, step.via)
        for index, step in enumerate(turn.rung(call.rung).channels)
    )


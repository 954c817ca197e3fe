"""The ladder: how a call climbs from seat to seat and rung to rung. Engine, preview and checker all walk it here."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from core.escalation.events import AlarmStands, Recalled, RoundBegan, RungSkipped, SeatEmpty, WaitsForDuty
from core.escalation.model import Call, Escalation, Seat
from core.escalation.seats import DESK_CHANNELS, current, everybody, paged, rotas, seat, shift_on, supervisors
from core.escalation.turn import OFFERED, Turn
from core.policy.model import Rung, Via

LATE: Final = 5_000
"""Up to this late every step is done as written; beyond, what passed meanwhile is walked silently."""


def enter(turn: Turn, index: int, since: int | None = None) -> None:
    """Call this rung at `turn.t`, or the next one above that has anybody.

    `since`: when its turn began, where the engine woke later; its deadlines count from there, and leave a wait.
    """
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
    backup_due, accept_due = _deadlines(turn, rung, since, bool(duty.persons))
    turn.alter(
        state="calling", rung=index, base=turn.t if since is None else since, accept_due=accept_due,
        backup_due=backup_due, opens_at=None, recall_due=None, hold_due=None, confirm_due=None,
        duty_due=turn.next_duty_change(index),
    )  # fmt: skip
    if not duty.persons:
        turn.say(SeatEmpty(turn.esc.id, rung.level, "duty", turn.t, duty.left_out))
        turn.open(backup.persons, "backup", turn.esc.accept_due)
        return
    turn.open(duty.persons, "duty", turn_ends(turn.esc))


def one_wait(rung: Rung) -> int:
    """One channel wait: what a rung that is called late is left with at least."""
    return min(rung.channels[0].wait or rung.accept_within, rung.accept_within)


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
        turn.alter(round=turn.esc.round + 1)
        turn.say(RoundBegan(turn.esc.id, turn.esc.round, turn.t))
        _forgive_if_all_refused(turn)
        enter(turn, turn.esc.start)
    elif _slept(turn) and (top := _top(turn)) is not None:
        _last_chance(turn, top)
    else:
        stand(turn)


def stand(turn: Turn) -> None:
    """Nobody on the whole ladder answered: an alarm that keeps calling at a capped rate."""
    turn.alter(
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
    turn.alter(state="standing", recall_due=turn.t + turn.esc.policy.recall)
    alarm(turn, _top(turn))


def alarm(turn: Turn, top: int | None) -> None:
    """Call on every channel at once; an open call is renewed, so no notice on a device goes stale."""
    persons = supervisors(turn.scene, turn.esc, turn.t) if top is None else _anybody(turn, top)
    turn.alter(rung=turn.esc.rung if top is None else top)
    for person in persons:
        call_at_once(turn, person, "alarm", turn.esc.rung, beyond=top is None)
    turn.say(Recalled(turn.esc.id, turn.rung().level, persons, turn.t))


def call_at_once(turn: Turn, person: str, name: Seat, rung: int, *, beyond: bool = False) -> None:
    """One person, over every channel of this rung; a call of theirs that is open is renewed."""
    call = next((c for c in turn.esc.calls if c.person == person and c.ended_at is None), None)
    if call is None:
        call = replace(turn.new_call(person, name), rung=rung)
        turn.alter(calls=(*turn.esc.calls, call))
    call = turn.put(replace(call, seat=name, step_at=turn.t, watch_due=None))
    turn.void({call.id}, OFFERED)
    ring(turn, call, beyond=beyond)


def ring(turn: Turn, call: Call, *, beyond: bool = False) -> None:
    """Every channel of the call's rung at once; `beyond` the ladder those of the desk too."""
    for index, via in _ways(turn.rung(call.rung), beyond):
        if turn.scene.people.addresses(call.person, via):
            turn.use(turn.put(replace(turn.call(call.id) or call, step=index)), index, via)


def _ways(rung: Rung, beyond: bool) -> list[tuple[int, Via]]:
    """Every channel of the rung by its place; below zero those of the desk, for who is called beyond the ladder."""
    ways = [(index, step.via) for index, step in enumerate(rung.channels)]
    known = {via for _, via in ways}
    desk = enumerate(DESK_CHANNELS, -len(DESK_CHANNELS)) if beyond else ()
    return [*((index, via) for index, via in desk if via not in known), *ways]


def call_backup(turn: Turn) -> bool:
    """The backup is called (too); whether there was anybody."""
    turn.alter(backup_due=None)
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
    if everyone := paged(turn.esc):
        if all(call.ended_at is not None for call in everyone):
            climb(turn, turn.esc.rung)
        return
    if any(call.seat == "duty" for call in left):
        return
    if not backup_called(turn):
        if not call_backup(turn):
            climb(turn, turn.esc.rung)
    elif not left:
        climb(turn, turn.esc.rung)


def _deadlines(turn: Turn, rung: Rung, since: int | None, duty: bool) -> tuple[int | None, int]:
    """When the backup is called, and when the next rung is."""
    began, wait = (turn.t, 0) if since is None else (since, one_wait(rung))
    accept_due = max(began + rung.accept_within, turn.t + wait)
    if not duty or not rung.backup or rung.backup_after is None:
        return None, accept_due
    if turn.esc.policy.authority != "passes":
        return max(began + rung.backup_after, turn.t), accept_due
    backup_due = max(began + rung.backup_after, turn.t + wait)
    return backup_due, max(accept_due, backup_due + wait)


def _slept(turn: Turn) -> bool:
    """Whether the engine slept through this rung, or so long that its people could not have answered in time."""
    late_by = turn.now - turn.t
    return late_by > LATE and (turn.esc.base != turn.before.base or late_by > one_wait(turn.rung()))


def _last_chance(turn: Turn, top: int) -> None:
    """After downtime nobody falls into an alarm unasked: the last reachable rung gets one full accept-by first."""
    turn.t = turn.now
    turn.end_all("round")
    enter(turn, top)


def _wait_for_duty(turn: Turn, index: int) -> bool:
    """Under `hours = "duty"` a rung that nobody is on shift for waits; one whose people cannot be called does not."""
    rung = turn.rung(index)
    if turn.esc.policy.hours != "duty" or shift_on(turn.scene, rung, turn.t):
        return False
    opens = turn.scene.roster.next_start(rotas(rung), turn.t)
    if opens is None:
        return False
    turn.alter(
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
        turn.alter(amnesty=last_call(turn.esc))


def last_call(escalation: Escalation) -> int:
    return escalation.calls[-1].id if escalation.calls else 0


def backup_called(turn: Turn) -> bool:
    esc = turn.esc
    return any(
        call.seat == "backup" and call.rung == esc.rung and call.round == esc.round and call.opened_at >= esc.base
        for call in esc.calls
    )

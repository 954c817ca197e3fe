"""Page everyone: every seat of every rung at once. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.verdict import Verdict, closed, taken, unchanged
from core.escalation.events import EveryonePaged
from core.escalation.ladder import call_at_once
from core.escalation.model import Escalation
from core.escalation.seats import Scene, paged, seat
from core.escalation.turn import Turn
from core.people.access import may
from core.people.model import Actor


def page_all(scene: Scene, esc: Escalation, by: Actor, note: int | None, now: int) -> Verdict:
    """Everyone is called now, on every channel; a holder stays until somebody accepts.

    The turn lasts as long as the longest of the rungs; then the ladder is walked again, or the alarm stands. An alarm
    that stands already goes on standing, with its recalls counted from here.
    """
    if esc.ended_at is not None:
        return closed(esc)
    if not _may_page(scene, esc, by):
        return Refusal("not_allowed", "page") if esc.state != "accepted" else taken(esc)
    if esc.state == "answered":
        return Refusal("conflict", "answered_now")
    if _paged_already(esc, now):
        return unchanged(esc)
    people = _everyone(scene, esc, by, now)
    if not people:
        return Refusal("conflict", "nobody_to_page")
    turn = Turn(scene, esc, now)
    _turn_of_all(turn)
    turn.say(EveryonePaged(esc.id, tuple(people), now, turn.esc.accept_due, note))
    for person, rung in people.items():
        call_at_once(turn, person, "page", rung)
    return turn.decision()


def _may_page(scene: Scene, esc: Escalation, by: Actor) -> bool:
    """The raiser, the holder, a supervisor of the team."""
    if by.person is not None and by.person in (esc.raised_by, scene.ticket.holder):
        return True
    return may(scene.people, by, "step_in", replace(scene.ticket.matter, standing=False))


def _paged_already(esc: Escalation, now: int) -> bool:
    """Once a turn of the ladder; of a standing alarm as often as it recalls."""
    if esc.state == "standing":
        newest = max((call.step_at for call in esc.calls if call.seat == "page" and call.ended_at is None), default=0)
        return newest + esc.policy.recall > now
    return esc.state == "calling" and esc.side is None and any(call.ended_at is None for call in paged(esc))


def _everyone(scene: Scene, esc: Escalation, by: Actor, now: int) -> dict[str, int]:
    """Who sits on the ladder and can be called, with their lowest rung; who refused is asked again."""
    found: dict[str, int] = {}
    for index, rung in enumerate(esc.policy.rungs):
        for person in seat(scene, esc, rung, (*rung.call, *rung.backup), now, forgive=True).persons:
            if person != by.person:
                found.setdefault(person, index)
    return found


def _turn_of_all(turn: Turn) -> None:
    esc = turn.esc
    if esc.side is not None:
        turn.end_all("overtaken")
        turn.alter(side=None)
    if esc.state == "standing":
        turn.alter(recall_due=turn.t + esc.policy.recall)
        return
    longest = max(rung.accept_within for rung in esc.policy.rungs)
    turn.alter(
        state="calling", rung=len(esc.policy.rungs) - 1, base=turn.t, accept_due=turn.t + longest, backup_due=None,
        opens_at=None, recall_due=None, hold_due=None, confirm_due=None,
    )  # fmt: skip
    turn.alter(duty_due=turn.next_duty_change())

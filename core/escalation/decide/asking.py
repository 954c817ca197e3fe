"""What consults and reports share: who asks, the same person first, nothing running meanwhile. Pure."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.escalation.decide.finish import end
from core.escalation.decide.pass_on import side_call, target_refused
from core.escalation.decide.verdict import Verdict, unchanged
from core.escalation.events import EscalationResolved, PersonUnreachable
from core.escalation.ladder import enter, last_call, seat_left
from core.escalation.model import Escalation
from core.escalation.seats import Scene, open_call
from core.escalation.side import side_over
from core.escalation.turn import Decision, Turn
from core.people.model import Actor


def asker(scene: Scene, esc: Escalation) -> str | None:
    """Whom an answer is for: the raiser, or the ticket's holder where the desk raised it or the raiser left."""
    raiser = scene.people.persons.get(esc.raised_by or "")
    return esc.raised_by if raiser is not None and raiser.active else scene.ticket.holder


def asks(scene: Scene, esc: Escalation, by: Actor) -> bool:
    """Whether an answer is for this actor."""
    return by.person is not None and by.person in (esc.raised_by, asker(scene, esc))


def hush(turn: Turn) -> None:
    """Every call ends, nobody has it and nothing of the ladder is due; whoever is still called hears so elsewhere."""
    turn.end_all("overtaken")
    turn.alter(
        side=None, accept_due=None, backup_due=None, duty_due=None, opens_at=None, recall_due=None, hold_due=None,
        hold_left=None, confirm_due=None, held_by=None, held_since=None,
    )  # fmt: skip


def call_anew(turn: Turn, first: str | None, by: Actor) -> None:
    """Calling again: that person first, alone; when they cannot be called, or do not take it, the rung."""
    hush(turn)
    turn.alter(state="calling", round=0, start=turn.esc.rung, amnesty=last_call(turn.esc))
    if first is not None and target_refused(turn.scene, turn.rung(), first, turn.now) is None:
        side_call(turn, first, by, None)
    else:
        enter(turn, turn.esc.rung)


def still_called(turn: Turn) -> dict[str, None]:
    """Who has an open call, in order."""
    return {call.person: None for call in turn.esc.calls if call.ended_at is None}


def spared(scene: Scene, esc: Escalation, now: int) -> Decision:
    """Whoever holds the ticket now is asked about it no more: their call ends, as if they could not be reached."""
    turn = Turn(scene, esc, now)
    call = open_call(esc, scene.ticket.holder)
    if call is None:
        return unchanged(esc)
    turn.end([call], "unreachable")
    turn.say(PersonUnreachable(esc.id, call.person, "holds"))
    if call.seat == "side":
        side_over(turn, "unreachable")
    else:
        seat_left(turn)
    return turn.decision()


def agreed(scene: Scene, esc: Escalation, by: Actor, now: int) -> Verdict:
    """The answer is one: the consult is resolved. Remarks are answered with a draft instead."""
    if not asks(scene, esc, by):
        return Refusal("not_allowed", "asker_only")
    if esc.kind != "consult":
        return Refusal("conflict", "remarks_wait")
    turn = Turn(scene, esc, now)
    turn.say(EscalationResolved(esc.id))
    return end(turn, "resolved", by.person)

"""Taking back what one did a moment ago: a raise is withdrawn, after an acceptance the ladder goes on. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.before import restore
from core.escalation.decide.finish import withdraw
from core.escalation.decide.time import drop_lost, look_at_roster
from core.escalation.decide.verdict import Verdict, closed, taken, unchanged
from core.escalation.events import AcceptanceUndone, EscalationAccepted, EscalationRaised, EscalationWithdrawn
from core.escalation.ladder import ring
from core.escalation.model import AT_ONCE, Before, Call, Escalation
from core.escalation.passing import walk
from core.escalation.seats import Scene
from core.escalation.turn import Send, Turn
from core.people.model import Actor
from core.tickets.decide import give_back

UNDO_FOR: Final = 10_000
"""How long after it an act can be undone. Nothing is held back for it."""
Deed: TypeAlias = EscalationRaised | EscalationAccepted | AcceptanceUndone | EscalationWithdrawn
"""What can be undone, or was done to undo it."""


class Acted(Struct, frozen=True):
    """The newest deed of an escalation, as the journal has it."""

    at: int
    actor: str
    deed: Deed


def undo(scene: Scene, esc: Escalation, by: Actor, acted: Acted, now: int) -> Verdict:
    """By the one who acted, within ten seconds, and only while nobody has done anything with it since."""
    deed, mine, late = acted.deed, acted.actor == str(by), now - acted.at > UNDO_FOR
    if mine and not late and isinstance(deed, AcceptanceUndone | EscalationWithdrawn):
        return unchanged(esc)
    if esc.ended_at is not None and not (esc.state == "returned" and isinstance(deed, EscalationAccepted)):
        return closed(esc)
    if late:
        return Refusal("closed", "undo_over")
    if not mine:
        return taken(esc) if isinstance(deed, EscalationAccepted) else Refusal("not_allowed", "undo")
    if isinstance(deed, EscalationRaised):
        return withdraw(scene, esc, by, None, now)
    if not isinstance(deed, EscalationAccepted) or (was := untouched(scene, esc, deed, acted.at)) is None:
        return Refusal("conflict", "undo_overtaken")
    turn = Turn(scene, esc, now)
    turn.say(AcceptanceUndone(esc.id, deed.person))
    take_back(turn, was, "undone", by.person)
    _ringing_again(turn, deed)
    return turn.decision()


def untouched(scene: Scene, esc: Escalation, deed: EscalationAccepted, at: int) -> Before | None:
    """What was before this acceptance, if it is as the acceptance left it."""
    ticket, was = scene.ticket, deed.was
    same = (esc.held_by, esc.held_since) == (deed.person, at) and esc.side is None and ticket.status != "done"
    approved = esc.report is not None and esc.report.stage != "draft"
    if was is None or not same or approved or esc.state not in ("accepted", "returned"):
        return None
    moved = (ticket.holder, ticket.holder_since, ticket.offer) != (deed.person, at, None)
    return None if was.moved and moved else was


def take_back(turn: Turn, was: Before, how: Literal["undone", "contested"], by: str | None, later: int = 0) -> None:
    """Responsibility is where it was and calling goes on; whoever was told otherwise hears so."""
    restore(turn, was, later)
    hand_back(turn, was, how, by)
    drop_lost(turn)
    walk(turn)
    look_at_roster(turn)
    for call in turn.esc.calls:
        if call.id in was.calls and call.ended_at is None and call.person != by:
            _send_again(turn, call)


def hand_back(turn: Turn, was: Before, how: Literal["undone", "contested"], by: str | None) -> None:
    """In the hands it was in before; who was told otherwise, and is not being called, hears so."""
    if was.moved:
        turn.holder, turn.how, turn.offer = was.holder, how, was.offer
        turn.scene = replace(turn.scene, ticket=give_back(turn.scene.ticket, was.holder, was.offer, turn.now))
        turn.tell([was.holder], "back", but=by)
    told = {call.person: call.ended_at is None for call in turn.esc.calls}  # the newest call of each
    raiser = turn.esc.raised_by
    hears = [person for person, calling in told.items() if not calling]
    if raiser is not None and raiser not in told:
        hears.append(raiser)
    turn.tell((person for person in hears if person != was.holder), "ended", but=by, moment=how)
    turn.record(how)


def _send_again(turn: Turn, call: Call) -> None:
    """Their device says "accepted" by now: the call takes its place again."""
    if call.seat in AT_ONCE:
        ring(turn, call, beyond=call.step < 0)
        return
    via = turn.rung(call.rung).channels[call.step].via if call.step >= 0 else None
    if via is not None and via != "phone" and not call.off_duty:
        turn.sends.setdefault((call.id, call.step), Send(call.id, call.person, call.step, via))


def _ringing_again(turn: Turn, deed: EscalationAccepted) -> None:
    """An outcome recorded by mistake: whoever recorded it is on the phone again, and says what came of it."""
    tasks = (
        replace(task, state="taken", ended_at=None)
        if task.call == deed.call and task.state == "accepted" and deed.recorder is not None
        else task
        for task in turn.esc.tasks
    )
    turn.alter(tasks=tuple(tasks))

"""Consults: an answer, another question, or after all a takeover. The ticket's holder stays. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.engine.ports import DAY
from core.escalation.decide.answer import accepted
from core.escalation.decide.asking import asker, asks, call_anew, hush, still_called
from core.escalation.decide.verdict import Verdict, answered_already, closed, unchanged
from core.escalation.kinds.events import AskedAgain, BecameTakeover, ConsultAnswered
from core.escalation.kinds.model import Answer
from core.escalation.ladder import enter, last_call
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Decision, Turn
from core.people.model import Actor
from core.policy.model import Kind

AT_MOST: Final = 5
"""Open consults of one ticket."""
CONFIRM_WITHIN: Final = DAY
"""An answer that nobody asks about again is taken as one after this time."""
NO_CONSULT: Final = Refusal("conflict", "not_a_consult")
EMPTY: Final = Refusal("invalid", "empty", "text")


def raised_already(open_: Iterable[Escalation], kind: Kind) -> Refusal | None:
    """Of a ticket's open escalations: one takeover and one report at a time, and so many consults."""
    others = [other for other in open_ if other.kind == kind]
    if kind == "consult":
        return Refusal("conflict", "consults_full", values={"n": AT_MOST}) if len(others) >= AT_MOST else None
    if not others:
        return None
    return Refusal("conflict", "already_raised", values={"id": str(others[0].id), "since": others[0].raised_at})


def answer(
    scene: Scene, esc: Escalation, by: Actor, text: str, known: str | None, note: int | None, now: int
) -> Verdict:
    """By anybody who was called, whether they had accepted or not. `known`: the text of the answer on record."""
    over = esc.ended_at is not None or esc.state == "answered"
    if over and esc.kind == "consult" and esc.answer and esc.answer.by == by.person and text == known:
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if esc.kind == "consult" and esc.state == "answered":
        return answered_already(esc)
    if by.person is None or by.person not in {esc.held_by, *(call.person for call in esc.calls)}:
        return Refusal("not_allowed", "not_called")
    if esc.kind != "consult":
        return NO_CONSULT
    if not text.strip():
        return EMPTY
    turn = Turn(scene, esc, now)
    turn.tell(still_called(turn), "ended", but=by.person, moment="answered")
    turn.end([call for call in esc.calls if call.ended_at is None and call.person == by.person], "accepted")
    hush(turn)
    turn.alter(state="answered", answer=Answer(by.person, now, note, now + CONFIRM_WITHIN))
    turn.say(ConsultAnswered(esc.id, note))
    turn.tell([asker(scene, esc)], "answered", but=by.person)
    return turn.decision()


def ask_again(
    scene: Scene, esc: Escalation, by: Actor, text: str, known: str | None, note: int | None, now: int
) -> Verdict:
    """Calling again, the same person first. `known`: the text of the question on record."""
    asked = esc.answer is not None and esc.answer.question is not None
    if asked and asks(scene, esc, by) and esc.state != "answered" and text == known:
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if not asks(scene, esc, by):
        return Refusal("not_allowed", "asker_only")
    if esc.state != "answered" or esc.answer is None:
        return Refusal("conflict", "not_answered_yet")
    if not text.strip():
        return EMPTY
    turn = Turn(scene, esc, now)
    turn.say(AskedAgain(esc.id, note))
    turn.alter(answer=replace(esc.answer, question=note))
    call_anew(turn, esc.answer.by, by)
    return turn.decision()


def take_over(scene: Scene, esc: Escalation, by: Actor, other: Escalation | None, now: int) -> Verdict:
    """The answering person holds the ticket from now on; asked for by the raiser, the ladder is called as a takeover.

    `other`: the takeover that is open on this ticket already.
    """
    me = by.person
    if esc.kind == "takeover" and esc.ended_at is None and me is not None and me in (esc.raised_by, esc.held_by):
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    answering = me is not None and me == _answering(esc)
    if not (answering or asks(scene, esc, by)):
        return Refusal("not_allowed", "asker_or_answerer")
    if esc.kind != "consult":
        return NO_CONSULT
    if other is not None:
        return raised_already((other,), "takeover") or NO_CONSULT
    if answering and me == scene.ticket.holder:
        return Refusal("conflict", "holds_already", values={"holder": me})
    turn = Turn(scene, esc, now)
    turn.say(BecameTakeover(esc.id))
    if answering and me is not None:
        turn.alter(kind="takeover", answer=None)
        return accepted(turn, me, None, undoable=False)
    return _called(turn, by)


def _answering(esc: Escalation) -> str | None:
    """Who has the question in hand, or has answered it."""
    return esc.answer.by if esc.state == "answered" and esc.answer is not None else esc.held_by


def _called(turn: Turn, by: Actor) -> Decision:
    """The ladder anew, from where it began; whoever was asked and is not called now hears that it went on."""
    asked = (*still_called(turn), _answering(turn.esc))
    hush(turn)
    turn.alter(kind="takeover", answer=None, round=0, amnesty=last_call(turn.esc))
    enter(turn, turn.esc.start)
    turn.tell((person for person in asked if person not in still_called(turn)), "ended", but=by.person, moment="turned")
    return turn.decision()

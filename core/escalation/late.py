"""After downtime: the ladder is walked silently to the rung whose turn it is now, and that rung is called. Pure."""

from __future__ import annotations

from typing import Final

from core.escalation.agenda import earliest
from core.escalation.events import HoldPassed, RoundBegan, SideCallEnded, SteppedLate
from core.escalation.ladder import LATE, enter, last_call, one_wait, stand
from core.escalation.passing import walk
from core.escalation.turn import Turn

TURNS: Final = (HoldPassed, RoundBegan, SideCallEnded)
"""What is true of a time nobody was called in."""


def advance(turn: Turn) -> None:
    """Do what is due; where the engine woke too late for that, what would be going on now had it run."""
    first = earliest(turn.esc)
    if first is None or turn.now - first.at <= LATE:
        walk(turn, first)
        return
    turn.say(SteppedLate(turn.esc.id, turn.now - first.at))
    ahead = Turn(turn.scene, turn.esc, turn.now)
    walk(ahead)
    if ahead.esc.base == turn.esc.base:
        _leave_a_wait(turn)
    else:
        _catch_up(turn, ahead)
    walk(turn)
    _leave_a_wait(turn)


def _catch_up(turn: Turn, ahead: Turn) -> None:
    """Nobody is called for a turn that is over; whoever's turn it is now gets their call, and time to answer it."""
    there = ahead.esc
    ended = {call.id: call.ended for call in there.calls}
    for call in turn.esc.calls:
        if call.ended_at is None and (how := ended[call.id]) is not None:
            turn.end([call], how)
    amnesty = last_call(turn.esc) if there.amnesty != turn.esc.amnesty else there.amnesty
    turn.alter(side=None, start=there.start, round=there.round, amnesty=amnesty)
    turn.say(*(event for event in ahead.events if isinstance(event, TURNS)))
    if there.state == "standing":
        stand(turn)
    else:
        enter(turn, there.rung, there.base)


def _leave_a_wait(turn: Turn) -> None:
    """The rung that was being called is left one channel wait at least."""
    due = turn.esc.accept_due
    if turn.esc.state == "calling" and due is not None and due > turn.now:
        turn.alter(accept_due=max(due, turn.now + one_wait(turn.rung())))

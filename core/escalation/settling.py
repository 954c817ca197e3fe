"""What time does to consults and reports: an answer is taken as one, remarks are recalled, updates fall due. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.agenda import Due
from core.escalation.decide.finish import end
from core.escalation.decide.report import authors, remind_every
from core.escalation.events import EscalationResolved
from core.escalation.kinds.events import NextUpdateMissed, NextUpdateNear
from core.escalation.kinds.model import Report
from core.escalation.turn import Turn


def settle(turn: Turn, _: Due) -> None:
    """Nobody asked again for a whole day: the answer was one."""
    turn.say(EscalationResolved(turn.esc.id))
    end(turn, "resolved", None)


def remind(turn: Turn, due: Due) -> None:
    """Remarks wait for whoever drafts; however often that was slept through, they are told once."""
    answer = turn.esc.answer
    assert answer is not None, "only remarks are recalled"
    turn.alter(answer=replace(answer, due=_next(due, turn.now, remind_every(turn.esc))))
    turn.tell(authors(turn.scene, turn.esc), "revised")


def update_soon(turn: Turn, _: Due) -> None:
    """The holder has ten minutes to draft the next update."""
    report = _promising(turn)
    turn.alter(report=replace(report, soon_due=None))
    turn.say(NextUpdateNear(turn.esc.id, report.promised or 0))
    turn.tell([turn.scene.ticket.holder or report.author], "update_soon")


def update_missed(turn: Turn, due: Due) -> None:
    """What the customer was promised has not left. A takeover is called for it, and again as long as nothing leaves."""
    report = _promising(turn)
    following = _next(due, turn.now, remind_every(turn.esc))
    turn.alter(report=replace(report, soon_due=None, update_due=following))
    turn.say(NextUpdateMissed(turn.esc.id, report.promised or 0))
    turn.tell([turn.scene.ticket.holder or report.author], "update_missed")


def _promising(turn: Turn) -> Report:
    assert turn.esc.report is not None, "only a report promises"
    return turn.esc.report


def _next(due: Due, now: int, every: int) -> int:
    """The next time after now, on the clock of the first."""
    return due.at + max(1, (now - due.at) // every + 1) * every

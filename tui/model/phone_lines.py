"""The list of phone tasks."""

from __future__ import annotations

from core.escalation.queries.cards import TaskView
from tui.model import countdown
from tui.model.lines import Line, Span, Tone, fitted
from tui.model.names import Names
from tui.model.session import Session
from tui.model.text import clean, fit, fit_right

DUE = 10
WHO = 16
LEVEL = 4
TICKET = 8
PHONE = 18


def header(names: Names, cells: int) -> Line:
    """The line above the list."""
    columns = (
        fit_right(names.say("tui.column.due"), 2 + DUE) + "  ",
        fit(names.say("tui.column.whom"), WHO) + " ",
        fit(names.say("tui.column.level"), LEVEL),
        fit(names.say("tui.column.ticket"), TICKET) + " ",
        fit(names.say("tui.column.phone"), PHONE) + " ",
        names.say("tui.column.taken"),
    )
    return fitted((Span("".join(columns), "band"),), cells, "band")


def line(task: TaskView, session: Session, cells: int) -> Line:
    """One phone task: until when, whom to ring, about what, who does it."""
    names = session.names
    left = None if task.due is None else task.due - session.door.now()
    urgent = task.state == "offered" and left is not None and countdown.burns(left)
    time = "" if left is None else countdown.left(left, names.language)
    rest = (
        "  " + fit(names.person(task.person), WHO) + " ",
        fit(f"L{task.level}", LEVEL),
        fit(f"#{task.ticket}", TICKET) + " ",
        fit(clean(task.phone), PHONE) + " ",
        _taken(task, session),
    )
    head = Span(f" {'!' if urgent else ' '}{fit_right(time, DUE)}", "ember" if urgent else "text")
    tone: Tone = "held" if session.is_me(task.taken_by) else "quiet" if task.taken_by else "text"
    return fitted((head, Span("".join(rest), tone)), cells)


def _taken(task: TaskView, session: Session) -> str:
    if task.state == "offered":
        return session.names.say("tui.phone.free")
    if session.is_me(task.taken_by):
        return session.names.say("tui.phone.mine")
    return session.names.say("tui.phone.taken", person=session.names.person(task.taken_by))

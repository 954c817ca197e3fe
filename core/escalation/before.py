"""What an acceptance ends, kept so that it can be taken back; and taking it back. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.model import Before, Escalation, Side
from core.escalation.turn import RINGING, Turn
from core.tickets.model import Ticket

DUES = ("accept_due", "backup_due", "recall_due", "hold_due", "confirm_due")
"""Deadlines that count; when duty changes, or a shift begins, is what the roster says."""


def remember(esc: Escalation, ticket: Ticket, accepter: str) -> Before:
    """The state as it is just before this person accepts."""
    moved = esc.kind == "takeover" and ticket.holder != accepter
    return Before(
        esc.state, esc.rung,
        tuple(call.id for call in esc.calls if call.ended_at is None),
        tuple(task.id for task in esc.tasks if task.state in RINGING),
        esc.accept_due, esc.backup_due, esc.opens_at, esc.duty_due, esc.recall_due, esc.hold_due, esc.hold_left,
        esc.confirm_due, esc.side, esc.held_by, esc.held_since,
        moved, ticket.holder if moved else None, ticket.offer if moved else None,
    )  # fmt: skip


def restore(turn: Turn, was: Before, later: int = 0) -> None:
    """The state as it was: its calls go on, its phone tasks are open, its deadlines stand (`later`: so much later)."""
    dues = {name: _moved(getattr(was, name), later) for name in DUES}
    turn.alter(
        state=was.state, rung=was.rung, hold_left=was.hold_left, held_by=was.held_by, held_since=was.held_since,
        side=None if was.side is None else _side(was.side, later), ended_at=None, opens_at=was.opens_at,
        duty_due=was.duty_due, **dues,
    )  # fmt: skip
    for call in turn.esc.calls:
        if call.id in was.calls:
            turn.put(replace(call, ended_at=None, ended=None, step_at=call.step_at + later))
    tasks = (
        replace(
            task, state="taken" if task.taken_by else "offered", ended_at=None, offered_at=task.offered_at + later
        )
        if task.id in was.tasks
        else task
        for task in turn.esc.tasks
    )  # fmt: skip
    turn.alter(tasks=tuple(tasks))


def _side(side: Side, later: int) -> Side:
    return replace(side, due=side.due + later)


def _moved(due: int | None, later: int) -> int | None:
    return None if due is None else due + later

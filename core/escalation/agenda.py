"""What is due next: every deadline of an escalation follows from its state. Pure.

The store keeps one deadline per escalation, the earliest of these; `preview`, the screens' "next" and the engine's
sweep all read the same agenda.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from core.escalation.model import Call, Escalation
from core.escalation.seats import current

UNTAKEN_AFTER: Final = 120_000
"""A phone task that nobody took in two minutes is evidence."""
What: TypeAlias = Literal[
    "watch", "untaken", "channel", "duty", "opens", "backup", "side", "rung", "recall", "hold", "confirm", "settle",
    "remind", "update_soon", "update",
]  # fmt: skip
ORDER: Final[dict[str, int]] = {what: place for place, what in enumerate(get_args(What))}
EVIDENCE: Final = frozenset({"watch", "untaken", "update_soon"})
"""What no screen foretells: a missing receipt, and what is told to one person in passing."""


class Due(NamedTuple):
    """One thing that time will do. At the same time, the smaller step comes first."""

    at: int
    order: int
    what: What
    call: int = 0


def agenda(escalation: Escalation) -> list[Due]:
    """Everything due, earliest first. Empty only when it has ended, or is held under `hold = none`."""
    return sorted(_dues(escalation))


def earliest(escalation: Escalation) -> Due | None:
    """The next thing due."""
    return min(_dues(escalation), default=None)


def both(escalation: Escalation) -> tuple[Due | None, Due | None]:
    """The next thing due, and the next thing a screen names."""
    dues = _dues(escalation)
    if not dues:
        return None, None
    first = min(dues)
    return first, first if first.what not in EVIDENCE else _announced(dues)


def announced(escalation: Escalation) -> Due | None:
    """The next thing a screen names: evidence (a missing receipt) is not foretold."""
    return _announced(_dues(escalation))


def _announced(dues: list[Due]) -> Due | None:
    return min((due for due in dues if due.what not in EVIDENCE), default=None)


_latest: tuple[Escalation | None, list[Due]] = (None, [])


def _dues(escalation: Escalation) -> list[Due]:
    """Each step asks several times in a row for the same state: the latest answer is kept (one whole assignment, so
    that threads see the one before or this one).
    """
    global _latest
    known, dues = _latest
    if known is not escalation:
        dues = _worked_out(escalation)
        _latest = escalation, dues
    return dues


def _worked_out(escalation: Escalation) -> list[Due]:
    """Plain loops: this is the inner part of every step of every escalation."""
    if escalation.ended_at is not None:
        return []
    dues: list[Due] = []
    if escalation.state == "calling":
        for call in chained(escalation):
            _add_call(dues, escalation, call)
        if escalation.side is not None:
            _add(dues, "side", escalation.side.due)
        else:
            _add(dues, "duty", escalation.duty_due)
            _add(dues, "opens", escalation.opens_at)
            _add(dues, "backup", escalation.backup_due)
            _add(dues, "rung", escalation.accept_due)
    _add(dues, "recall", escalation.recall_due)
    _add(dues, "hold", escalation.hold_due)
    _add(dues, "confirm", escalation.confirm_due)
    if escalation.kind != "takeover":
        _add_kind(dues, escalation)
    return dues


def _add_kind(dues: list[Due], escalation: Escalation) -> None:
    """A consult waits for its answer to be taken as one, a report for its author, and for the next one."""
    answer, report = escalation.answer, escalation.report
    if answer is not None and escalation.state == "answered":
        _add(dues, "settle" if escalation.kind == "consult" else "remind", answer.due)
    if report is not None:
        _add(dues, "update_soon", report.soon_due)
        _add(dues, "update", report.update_due)


def _add(dues: list[Due], what: What, at: int | None, call: int = 0) -> None:
    if at is not None:
        dues.append(Due(at, ORDER[what], what, call))


def chained(escalation: Escalation) -> tuple[Call, ...]:
    """The calls whose chain of channels goes on: those of the rung being called, or of the side call."""
    if escalation.side is None:
        return current(escalation)
    return tuple(call for call in escalation.calls if call.ended_at is None and call.seat == "side")


def _add_call(dues: list[Due], escalation: Escalation, call: Call) -> None:
    steps = escalation.policy.rungs[call.rung].channels
    _add(dues, "watch", call.watch_due, call.id)
    for task in escalation.tasks:
        if task.call == call.id and task.state == "offered":
            _add(dues, "untaken", task.offered_at + UNTAKEN_AFTER, call.id)
    if call.step < 0 or call.off_duty or (wait := steps[call.step].wait) is None:
        return
    if any(not call.failed >> index & 1 for index in range(call.step + 1, len(steps))):
        _add(dues, "channel", call.step_at + wait, call.id)

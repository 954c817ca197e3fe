"""The chain of each message, station by station: queued, sent, accepted by the service, shown, opened, answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from core.engine.ports import Reader
from core.escalation.model import Call, Task
from core.escalation.queries.views import Mark
from core.escalation.records import SQL

STATIONS: Final = ("queued", "tried", "sent", "shown", "opened")
"""Their times stand in the row of a message, in this order; `sent` is when its service accepted it."""
FURTHEST: Final = (
    "void", "dropped", "failed", "gone", "no_answer", "busy", "queued", "offered", "sent", "taken", "shown", "opened",
    "accepted", "contested",
)  # fmt: skip
LOST: Final = frozenset({"failed", "gone", "dropped"})
ANSWERS: Final = frozenset({"accepted", "refused"})


class Trail(NamedTuple):
    """How far the message of one call over one channel came, and when it was where."""

    state: str
    marks: tuple[Mark, ...] = ()


Messages = dict[tuple[int, int], Trail]
"""(call, step) → its trail."""


def messages_of(tx: Reader, ticket: int) -> Messages:
    """The trail of each (call, step): the furthest of its addresses, each station when the first of them was there."""
    rows: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for about, step, *row in tx.all(SQL["messages"], {"ticket": ticket}):
        rows.setdefault((about, step), []).append(tuple(row))
    return {key: _merged(of_addresses) for key, of_addresses in rows.items()}


def _merged(rows: list[tuple[Any, ...]]) -> Trail:
    state = max((row[0] for row in rows), key=FURTHEST.index)
    marks = [
        Mark(station, min(times))
        for place, station in enumerate(STATIONS, 1)
        if (times := [row[place] for row in rows if row[place] is not None])
    ]
    return Trail(state, (*marks, Mark(state)) if state in LOST else tuple(marks))


def trail(call: Call, steps: Iterable[int], messages: Messages, tasks: Iterable[Task]) -> Trail | None:
    """The trail of a call over the channel that stands at these steps of its rung, or over the phone."""
    for index in steps:
        if (call.id, index) in messages:
            return _answered(messages[call.id, index], call, index)
    rung = [task for task in tasks if task.call == call.id]
    return _rung(rung[-1]) if rung else None


def _answered(found: Trail, call: Call, step: int) -> Trail:
    """An answer counts for the message that was the newest when it came."""
    if call.ended not in ANSWERS or call.step != step:
        return found
    return Trail(found.state, (*found.marks, Mark("answered", call.ended_at)))


def _rung(task: Task) -> Trail:
    marks = [Mark("offered", task.offered_at)]
    if task.state != "offered":
        marks.append(Mark(task.state, task.ended_at))
    return Trail(task.state, tuple(marks))

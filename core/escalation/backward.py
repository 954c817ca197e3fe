"""What this reader can take back now, and until when: their own last act, what was recorded for them on the phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.engine.outcome import Refusal
from core.escalation.decide.contest import CONTEST_FOR, contest
from core.escalation.decide.undo import UNDO_FOR, Acted, undo
from core.escalation.model import Escalation
from core.escalation.queries.views import May
from core.escalation.seats import Scene
from core.escalation.undoing import newest_in
from core.people.model import Actor

Rows = Sequence[tuple[Any, ...]]


def takes_back(scene: Scene, by: Actor, escalations: Iterable[Escalation], rows: Rows, now: int) -> Iterator[May]:
    """One line for undo, one for contest; a line that is allowed names the escalation and how long."""
    found = [(esc, newest_in(_newest_first(rows), esc.id)) for esc in escalations]
    yield next((may for esc, acted in found if (may := _undo(scene, by, esc, acted, now))), OVER)
    contests = (may for esc, acted in found for may in _contests(scene, by, esc, acted, now))
    yield next(contests, NOTHING)


OVER = May("undo", False, "refusal.undo_over")
NOTHING = May("contest", False, "refusal.contest_nothing")


def _newest_first(rows: Rows) -> Iterator[tuple[int, str, str, str]]:
    return ((row[4], row[5], row[6], row[7]) for row in reversed(rows))


def _undo(scene: Scene, by: Actor, esc: Escalation, acted: Acted | None, now: int) -> May | None:
    if acted is None:
        return None
    verdict = undo(scene, esc, by, acted, now)
    if isinstance(verdict, Refusal) or not verdict.events:
        return None
    return May("undo", True, None, str(esc.id), acted.at + UNDO_FOR)


def _contests(scene: Scene, by: Actor, esc: Escalation, acted: Acted | None, now: int) -> Iterator[May]:
    for task in esc.tasks:
        if task.state == "accepted" and task.person == by.person:
            verdict = contest(scene, esc, by, task.id, acted, now)
            if not isinstance(verdict, Refusal):
                yield May("contest", True, None, str(esc.id), (task.ended_at or 0) + CONTEST_FOR, str(task.id))

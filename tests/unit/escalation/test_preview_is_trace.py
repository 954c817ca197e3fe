"""Rule 12: what is shown before the raise is what happens, if nobody answers and every message is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from core.escalation.agenda import earliest
from core.escalation.decide import phone, time
from core.escalation.foretell import foretell
from core.escalation.ladder import LATE
from core.escalation.model import Escalation
from core.escalation.queries.trace import steps
from core.escalation.seats import Scene
from core.escalation.turn import Decision
from core.people.model import Actor
from tests.unit.escalation.worlds import World, worlds

STEPS_AT_MOST = 300
RINGER = Actor("person", "somebody")


def trace(scene: Scene, escalation: Escalation, lateness: Sequence[int]) -> tuple[list[Struct], Escalation]:
    """What the engine records until the alarm stands, waking a little late each time; somebody takes every task."""
    events: list[Struct] = []
    for late_by in _cycle(lateness):
        escalation = ring(scene, escalation)
        due = earliest(escalation)
        assert due is not None, "nobody falls in a hole"
        if escalation.state == "standing" or len(events) > STEPS_AT_MOST:
            break
        decision = time.pass_time(scene, escalation, due.at + late_by)
        events += decision.events
        escalation = decision.escalation
    return events, escalation


def ring(scene: Scene, escalation: Escalation) -> Escalation:
    """Somebody on shift takes each offered task, so that none of them is evidence."""
    for task in escalation.tasks:
        if task.state == "offered":
            taken = phone.take(scene, escalation, RINGER, task.id, True, task.offered_at)
            assert isinstance(taken, Decision)
            escalation = taken.escalation
    return escalation


def _cycle(lateness: Sequence[int]) -> Iterator[int]:
    while True:
        yield from lateness


@settings(max_examples=300, deadline=None)
@given(worlds(), st.lists(st.integers(0, LATE), min_size=1, max_size=5))
def test_the_preview_is_the_trace(world: World, lateness: list[int]) -> None:
    """Line by line and to the millisecond, for any policy, roster and moment, however the engine dawdles."""
    foretold, ends = foretell(world.scene, world.escalation)
    happened, ended = trace(world.scene, world.escalation, lateness)
    before, after = steps(foretold), steps(happened)
    length = len(before) if ends.state == "standing" else min(len(before), len(after))
    assert after[:length] == before[:length]
    assert (ended.state == "standing") >= (ends.state == "standing")

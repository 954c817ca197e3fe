"""Rule 3 for any policy: an engine that slept goes on where the ladder would be, and leaves everybody their time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.ports import DAY, MINUTE, SECOND
from core.escalation.agenda import earliest
from core.escalation.decide import time
from core.escalation.events import Called, SteppedLate
from core.escalation.ladder import LATE, one_wait
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from tests.unit.escalation.worlds import World, worlds

naps = st.lists(
    st.one_of(st.integers(LATE + 1, 10 * SECOND), st.integers(1, 180).map(lambda n: n * MINUTE), st.just(DAY)),
    min_size=1, max_size=6,
)  # fmt: skip


def punctual(scene: Scene, escalation: Escalation, until: int) -> Escalation:
    """The same escalation under an engine that never sleeps."""
    while (due := earliest(escalation)) is not None and due.at <= until:
        escalation = time.pass_time(scene, escalation, due.at).escalation
    return escalation


@settings(max_examples=200, deadline=None)
@given(worlds(), naps)
def test_nobody_is_called_for_a_turn_that_is_over(world: World, naps: list[int]) -> None:
    """After each sleep only people of the rung that is called now got a call, and something is due later than now."""
    scene, escalation = world
    now = escalation.raised_at
    for nap in naps:
        now += nap
        before = escalation
        decision = time.pass_time(scene, before, now)
        escalation = decision.escalation
        due = earliest(escalation)
        assert due is not None, "nobody falls in a hole"
        assert due.at > now
        new = escalation.calls[len(before.calls) :]
        assert {call.rung for call in new} <= {escalation.rung}
        assert len({call.person for call in new}) == len(new)
        assert [call.id for call in escalation.calls] == [
            escalation.id * 65_536 + n + 1 for n in range(len(escalation.calls))
        ]
        ended = {call.id for call in escalation.calls if call.ended_at is not None}
        assert not any(task.call in ended and task.state in ("offered", "taken") for task in escalation.tasks)


@settings(max_examples=200, deadline=None)
@given(worlds(), naps)
def test_whoever_is_called_late_has_one_wait_at_least(world: World, naps: list[int]) -> None:
    """The rung that was called after a sleep does not end before one channel wait has passed, and the line is there."""
    scene, escalation = world
    now = escalation.raised_at
    for nap in naps:
        now += nap
        first = earliest(escalation)
        late = first is not None and now - first.at > LATE
        decision = time.pass_time(scene, escalation, now)
        escalation = decision.escalation
        assert late == any(isinstance(event, SteppedLate) for event in decision.events)
        called = any(isinstance(event, Called) for event in decision.events)
        if late and called and escalation.state == "calling" and escalation.accept_due is not None:
            assert escalation.accept_due >= now + one_wait(escalation.policy.rungs[escalation.rung])


@settings(max_examples=200, deadline=None)
@given(worlds(("push", "mail"), plans=False), st.integers(1, 600))
def test_after_a_sleep_the_ladder_is_where_it_would_have_been(world: World, nap: int) -> None:
    """Rung and round are those of an engine that never slept, until the alarm would stand."""
    scene, escalation = world
    now = escalation.raised_at + nap * MINUTE
    should = punctual(scene, escalation, now)
    is_ = time.pass_time(scene, escalation, now).escalation
    if should.state == "calling":
        assert (is_.state, is_.rung, is_.round, is_.base) == ("calling", should.rung, should.round, should.base)
        assert {call.person for call in is_.calls if call.ended_at is None and call.rung == is_.rung}
    else:
        assert is_.state in ("calling", "standing")

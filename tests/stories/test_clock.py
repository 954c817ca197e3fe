"""A wall clock that jumps: told, survived, and never a time in the records that runs backwards."""

from __future__ import annotations

import pytest

from core.engine.journal import SQL
from core.engine.ports import HOUR, MINUTE, SECOND, Retry
from core.escalation.commands import AcceptEscalation
from tests.stories.floor import Floor


class Hands:
    """Moves the wall clock without the steady one, or both."""

    def __init__(self, stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clock = stage.clock
        self._offset = 0
        monkeypatch.setattr(stage.clock, "steady", lambda: stage.clock.time - self._offset)

    def pass_(self, ms: int) -> None:
        self._clock.time += ms

    def jump(self, ms: int) -> None:
        self._clock.time += ms
        self._offset += ms


@pytest.fixture
async def hands(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands(stage, monkeypatch)
    await stage.timers.step()
    return hands


async def send(stage: Floor) -> None:
    while await stage.dispatcher.step():
        await stage.dispatcher.land()


async def times(stage: Floor) -> list[int]:
    rows = await stage.store.read(lambda tx: tx.all(SQL["journal_of_stream"], {"stream": "ticket", "stream_id": 1}))
    return [row[4] for row in rows]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 5 * MINUTE, -5 * MINUTE])
async def test_a_jump_is_told_to_admins_once(stage: Floor, hands: Hands, jump: int) -> None:
    """Either way: the desk's journal has it, and who runs the desk reads it."""
    hands.jump(jump)
    for _ in range(3):
        await stage.timers.step()
        hands.pass_(SECOND)
    await send(stage)
    assert [person for _, person in stage.mail.told("fault")] == ["boss"]
    rows = await stage.store.read(lambda tx: tx.all(SQL["journal_of_stream"], {"stream": "desk", "stream_id": 1}))
    assert [row[6] for row in rows].count("engine_fault") == 1


@pytest.mark.parametrize("jump", [4 * MINUTE, -4 * MINUTE])
async def test_a_small_correction_is_no_jump(stage: Floor, hands: Hands, jump: int) -> None:
    """Below five minutes nobody is told."""
    hands.jump(jump)
    await stage.timers.step()
    await send(stage)
    assert stage.mail.told("fault") == []


async def test_after_a_jump_forward_steps_pause_half_a_minute(stage: Floor, hands: Hands) -> None:
    """Whoever set the clock wrong has 30 s to set it right before the ladder moves."""
    await stage.raised()
    hands.jump(40 * MINUTE)
    await stage.timers.step()
    await send(stage)
    assert stage.push.calls() == [("14:32", "suzuki")]
    hands.pass_(29 * SECOND)
    await stage.timers.step()
    await send(stage)
    assert stage.push.calls() == [("14:32", "suzuki")]
    hands.pass_(SECOND)
    await stage.timers.step()
    await send(stage)
    assert [person for _, person in stage.push.calls()] == ["suzuki", "hayashi"]


async def test_set_right_within_the_pause_nothing_has_happened(stage: Floor, hands: Hands) -> None:
    """The clock was wrong for ten seconds: the ladder goes on as planned."""
    _, id_ = await stage.raised()
    hands.jump(40 * MINUTE)
    await stage.timers.step()
    hands.pass_(10 * SECOND)
    hands.jump(-40 * MINUTE)
    hands.pass_(25 * SECOND)
    await stage.timers.step()
    assert await stage.calling(id_) == ["suzuki"]
    assert (await stage.escalation(id_)).level == 2


async def test_recorded_time_never_runs_backwards(stage: Floor, hands: Hands) -> None:
    """An hour back: what is recorded then has the last recorded time, and the chain verifies."""
    _, id_ = await stage.raised()
    hands.pass_(3 * MINUTE)
    await stage.settle()
    hands.jump(-HOUR)
    await stage.timers.step()
    await stage.does("suzuki", AcceptEscalation(id_))
    recorded = await times(stage)
    assert recorded == sorted(recorded)
    assert (await stage.desk.verify()).broken == ()


async def test_calls_leave_at_once_after_a_jump_back(stage: Floor, hands: Hands) -> None:
    """What is raised while the wall clock is behind the records is not kept for an hour."""
    await stage.raised()
    hands.jump(-HOUR)
    await stage.timers.step()
    stage.push.sent.clear()
    await stage.raised()
    await send(stage)
    assert [person for _, person in stage.push.calls()] == ["suzuki"]


async def test_what_is_tried_again_is_not_put_off_by_a_jump_back(stage: Floor, hands: Hands) -> None:
    """A push to be tried again in two seconds is tried again then, not an hour later."""
    stage.push.answers["suzuki"] = Retry(2 * SECOND, "503")
    await stage.raised()
    stage.push.answers.clear()
    hands.jump(-HOUR)
    hands.pass_(2 * SECOND)
    await stage.timers.step()
    await send(stage)
    assert [person for _, person in stage.push.calls()] == ["suzuki"]

"""Climbing: the next rung, or the chosen one, is called now, and a holder stays until somebody accepts."""

from __future__ import annotations

import pytest

from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    RaiseEscalation,
    ReassignEscalation,
    ResolveEscalation,
)
from tests.stories.floor import Floor, at


@pytest.mark.parametrize("person", ["sato", "suzuki"])
async def test_the_next_rung_is_called_now(stage: Floor, person: str) -> None:
    """By the raiser or whoever is called; the ladder goes on from there, and earlier calls still accept."""
    number, id_ = await stage.raised()
    first = await stage.call(id_, "suzuki")
    await stage.until("14:35")
    await stage.does(person, ClimbEscalation(id_))
    await stage.until("15:06")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:35", "hayashi"), ("15:05", "kobayashi")]
    await stage.does("suzuki", AcceptEscalation(id_, first))
    assert (await stage.holders(number))[-1] == ("suzuki", "15:06")


async def test_the_chosen_level_is_called_now(stage: Floor) -> None:
    """A level that is named is called without those between."""
    _, id_ = await stage.raised()
    await stage.does("sato", ClimbEscalation(id_, level=4))
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "kobayashi")]


async def test_the_same_level_twice_is_one_climb(stage: Floor) -> None:
    """The level that is being called already is what was wished for."""
    number, id_ = await stage.raised()
    await stage.does("sato", ClimbEscalation(id_, level=3))
    journal = (await stage.case(number)).timeline
    assert (await stage.does("suzuki", ClimbEscalation(id_, level=3))).again
    assert (await stage.case(number)).timeline == journal


async def test_a_holder_stays_until_somebody_accepts(stage: Floor) -> None:
    """Climbing from an acceptance moves nothing; the acceptance above does, and the holder is told."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:00")
    await stage.does("suzuki", ClimbEscalation(id_, reason="課長の判断が必要です"))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.level) == ("calling", "suzuki", 3)
    assert await stage.calling(id_) == ["hayashi"]
    await stage.until("15:10")
    await stage.does("hayashi", AcceptEscalation(id_))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32"), ("hayashi", "15:10")]
    assert ("15:10", "suzuki") in stage.push.told("ended")


async def test_a_holder_who_climbed_is_not_called(stage: Floor) -> None:
    """When the whole ladder is silent the alarm stands, and the holder is still the holder."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ClimbEscalation(id_))
    await stage.until("17:40")
    assert (await stage.escalation(id_)).state == "standing"
    assert (await stage.holders(number))[-1] == ("suzuki", "14:32")
    assert [person for _, person in stage.push.calls()].count("suzuki") == 1


async def test_the_raiser_climbs_after_an_acceptance(stage: Floor) -> None:
    """Who raised it may still say that it must go higher; the holder stays."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("sato", ClimbEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]
    assert (await stage.holders(number))[-1][0] == "suzuki"


async def test_a_rung_with_nobody_is_skipped(stage: Floor) -> None:
    """Climbing to a rung where nobody can be called goes on to the next, with a line."""
    number = await stage.ticket()
    id_ = int((await stage.does("hayashi", RaiseEscalation(number, level=2))).ref)
    await stage.does("hayashi", ClimbEscalation(id_))
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "kobayashi")]
    assert "rung_skipped" in [line.kind for line in (await stage.case(number)).timeline]


async def test_climbing_ends_a_side_call(stage: Floor) -> None:
    """The ladder is called again, and the target of the side call is not any more."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.does("sato", ClimbEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]
    refusal = await stage.refused("takahashi", AcceptEscalation(id_, await stage.call(id_, "takahashi")))
    assert refusal.code == "stale"


async def test_under_passes_climbing_ends_the_calls_below(stage: Floor) -> None:
    """Authority goes up with the call."""
    _, id_ = await stage.raised(policy="outage")
    await stage.does("sato", ClimbEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]
    refusal = await stage.refused("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    assert (refusal.code, refusal.values["authority"]) == ("stale", "hayashi")


async def test_an_alarm_is_called_from_a_level_again(stage: Floor) -> None:
    """While the alarm stands the raiser may send the call through a level of the ladder once more."""
    _, id_ = await stage.raised()
    await stage.until("17:40")
    refusal = await stage.refused("sato", ClimbEscalation(id_))
    assert (refusal.code, refusal.detail) == ("conflict", "no_higher_rung")
    await stage.does("sato", ClimbEscalation(id_, level=3))
    view = await stage.escalation(id_)
    assert (view.state, view.level) == ("calling", 3)
    assert stage.push.calls()[-1] == ("17:40", "hayashi")


async def test_above_the_top_there_is_nothing(stage: Floor) -> None:
    """On the last rung there is no higher one to climb to."""
    _, id_ = await stage.raised(level=4)
    refusal = await stage.refused("sato", ClimbEscalation(id_))
    assert (refusal.code, refusal.detail) == ("conflict", "no_higher_rung")


@pytest.mark.parametrize("level", [2, 9])
async def test_a_level_that_is_not_above_is_invalid(stage: Floor, level: int) -> None:
    """A rung below, and one the policy does not have."""
    _, id_ = await stage.raised(level=3)
    assert (await stage.refused("sato", ClimbEscalation(id_, level=level))).code == "invalid"


@pytest.mark.parametrize("person", ["ito", "takahashi", "kansa", "boss"])
async def test_who_may_not_climb(stage: Floor, person: str) -> None:
    """Only the raiser, who is called, and the holder; others read who has it once it is taken."""
    _, id_ = await stage.raised()
    assert (await stage.refused(person, ClimbEscalation(id_))).code == "not_allowed"
    await stage.until("14:40")
    await stage.does("suzuki", AcceptEscalation(id_))
    refusal = await stage.refused(person, ClimbEscalation(id_))
    assert (refusal.code, refusal.values) == ("taken", {"holder": "suzuki", "since": at("14:40")})


async def test_what_is_over_does_not_climb(stage: Floor) -> None:
    """After the end the answer says since when it is over."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:50")
    await stage.does("suzuki", ResolveEscalation(id_))
    refusal = await stage.refused("sato", ClimbEscalation(id_))
    assert (refusal.code, refusal.values) == ("closed", {"since": at("14:50"), "holder": "suzuki"})

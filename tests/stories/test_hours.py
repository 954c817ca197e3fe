"""Hours that are not as they should be: three of them down with many calls open, one too many, one twice, one none."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.engine.ports import HOUR, MINUTE, SECOND
from core.engine.store.sql import Statement
from core.engine.wire import millis
from core.escalation.commands import AcceptEscalation
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at, clock_of
from tests.stories.test_clock import Hands, hands, send

__all__ = ["hands"]
MANY = 60
RECORDED = Statement("recorded", "SELECT at FROM journal WHERE stream = 'ticket' ORDER BY id")
LEFT = Statement("left", "SELECT id FROM outgoing WHERE sent_at IS NOT NULL")
ENDED = "21:32"


async def open_calls(stage: Floor, count: int) -> list[int]:
    """So many escalations, none of them answered."""
    return [(await stage.raised())[1] for _ in range(count)]


async def states(stage: Floor, ids: list[int]) -> Counter[tuple[str, int, str]]:
    views = [await stage.escalation(id_, "kobayashi") for id_ in ids]
    return Counter((view.state, view.level, clock_of(view.accept_by or 0)) for view in views)


async def test_three_hours_down_with_many_calls_open(stage: Floor) -> None:
    """Each is walked to its last rung and calls it for one whole turn; nobody is called by the rungs slept through."""
    ids = await open_calls(stage, MANY)
    before = Counter(person for _, person in stage.push.calls())
    stage.clock.time = at("17:40")
    await stage.settle()
    assert await states(stage, ids) == {("calling", 4, "18:10"): MANY}
    called = Counter(person for _, person in stage.push.calls()) - before
    assert called.keys() <= {"kobayashi"}
    assert [await stage.calling(id_) for id_ in ids] == [["kobayashi"]] * MANY
    await stage.until("18:10")
    assert {state for state, *_ in await states(stage, ids)} == {"standing"}


async def test_what_was_accepted_before_is_left_in_peace(stage: Floor) -> None:
    """Three hours down: whoever held something holds it, and is asked once whether they are still on it."""
    ids = await open_calls(stage, 3)
    for id_ in ids:
        await stage.does("suzuki", AcceptEscalation(id_))
    stage.clock.time = at("17:40")
    await stage.settle()
    assert [(await stage.escalation(id_)).held_by for id_ in ids] == ["suzuki"] * 3
    assert await stage.calling(ids[0]) == []


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_an_hour_wrong_and_back_again_calls_nobody_twice(stage: Floor, hands: Hands, jump: int) -> None:
    """The clock is an hour off and set right again: the ladder goes on in order, and no message leaves twice."""
    _, id_ = await stage.raised()
    hands.jump(jump)
    await stage.timers.step()
    hands.pass_(20 * SECOND)
    await stage.timers.step()
    await send(stage)
    hands.jump(-jump)
    await stage.timers.step()
    await send(stage)
    while stage.clock.now() < at(ENDED):
        hands.pass_(MINUTE)
        await stage.timers.step()
        await send(stage)
    assert (await stage.escalation(id_)).state == "standing"
    order = [person for _, person in stage.push.calls()]
    assert order[:5] == ["suzuki", "takahashi", "hayashi", "kobayashi", "suzuki"]
    sent = [message.id for wire in (stage.push, stage.mail) for _, message in wire.sent]
    assert len(set(sent)) == len(sent)
    assert {row[0] for row in await stage.store.read(lambda tx: tx.all(LEFT))} == set(sent)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_an_hour_wrong_for_good_still_reaches_everybody(stage: Floor, hands: Hands, jump: int) -> None:
    """Nobody sets it right: what was raised before and after comes to its end, and recorded time never runs back."""
    ids = [(await stage.raised())[1]]
    hands.jump(jump)
    await stage.timers.step()
    ids.append((await stage.raised())[1])
    end = stage.clock.now() + 9 * HOUR
    while stage.clock.now() < end:
        hands.pass_(MINUTE)
        await stage.timers.step()
        await send(stage)
    assert [(await stage.escalation(id_)).state for id_ in ids] == ["standing", "standing"]
    recorded = [row[0] for row in await stage.store.read(lambda tx: tx.all(RECORDED))]
    assert recorded == sorted(recorded)


async def test_a_wrong_hour_is_told_each_time_it_changes(stage: Floor, hands: Hands) -> None:
    """There and back: two lines in the desk's journal, and admins know."""
    for jump in (HOUR, -HOUR):
        hands.jump(jump)
        await stage.timers.step()
        hands.pass_(SECOND)
    await send(stage)
    assert {person for _, person in stage.mail.told("fault")} == {"boss"}


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", "2027-03-28T01:50"),
        ("Europe/Berlin", "2027-10-31T02:50"),
        ("America/New_York", "2027-03-14T01:50"),
        ("America/New_York", "2027-11-07T01:50"),
        ("Australia/Lord_Howe", "2027-04-04T01:50"),
        ("Africa/Casablanca", "2027-02-07T02:50"),
    ],
)
async def test_waits_are_as_long_as_ever_when_the_clocks_change(stage: Floor, zone: str, night: str) -> None:
    """An hour twice, an hour none, half an hour: the backup is called after five minutes, a rung ends after ten."""
    rungs = rung(2, "person:suzuki", backup="person:takahashi") + rung(3, "person:hayashi")
    await stage.apply(with_policy("night", rungs).replace("Asia/Tokyo", zone))
    stage.clock.time = millis(datetime.fromisoformat(night).replace(tzinfo=ZoneInfo(zone)))
    begun = stage.clock.time
    number, _ = await stage.raised(policy="night")
    await stage.pass_to(begun + 15 * MINUTE)
    called = [entry for entry in (await stage.case(number, "suzuki")).timeline if entry.kind == "called"]
    assert [((entry.at - begun) // MINUTE, entry.values["people"]) for entry in called] == [
        (0, ["suzuki"]), (5, ["takahashi"]), (10, ["hayashi"]),
    ]  # fmt: skip


async def test_a_call_raised_while_the_clock_is_behind_waits_no_longer_than_ever(stage: Floor, hands: Hands) -> None:
    """The records are an hour ahead of the clock: a call raised now still goes to the backup after ten minutes."""
    await stage.raised()
    hands.jump(-HOUR)
    await stage.timers.step()
    begun = stage.clock.now()
    _, id_ = await stage.raised()
    for _ in range(11):
        hands.pass_(MINUTE)
        await stage.timers.step()
        await send(stage)
    assert stage.clock.now() - begun == 11 * MINUTE
    assert set(await stage.calling(id_)) == {"suzuki", "takahashi"}


async def test_an_acceptance_while_the_clock_is_behind_leaves_no_hole(stage: Floor, hands: Hands) -> None:
    """The ledger of holders goes by recorded time: it touches and never overlaps, whatever the clock says."""
    number, id_ = await stage.raised()
    hands.pass_(MINUTE)
    hands.jump(-HOUR)
    await stage.timers.step()
    await stage.does("suzuki", AcceptEscalation(id_))
    (_, first), (holder, second) = await stage.holders(number)
    assert (holder, first <= second) == ("suzuki", True)
    assert (await stage.escalation(id_)).state == "accepted"

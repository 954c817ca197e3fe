"""The next update to the customer: near, in time, missed."""

from __future__ import annotations

from core.escalation.commands import (
    AcceptEscalation,
    RaiseEscalation,
)
from core.escalation.kinds.commands import ApproveReport, AskAgain
from tests.stories.floor import Floor, at, clock_of
from tests.stories.kinds import approved, draft, letters, takeovers


async def test_the_next_update_goes_the_same_way(stage: Floor) -> None:
    """Drafted by raiser or holder, the approver is called first; the second mail is the second report."""
    number, id_ = await approved(stage)
    await stage.does("sato", AskAgain(id_, report=draft("16:30", what="復旧作業を進めております。")))
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("calling", ["suzuki"])
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    first, second = letters(stage)
    assert second.subject == f"[#{number}] 状況のご報告（第2報）"
    assert first.tag == second.tag, "one thread"
    assert first.id != second.id, "and a Message-ID of its own"
    assert "復旧作業を進めております。" in second.text
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.state, view.next.at) == ("accepted", at("16:30"))


async def test_the_holder_is_told_ten_minutes_before(stage: Floor) -> None:
    """A quiet word, once, while there is time to draft."""
    _, _ = await approved(stage)
    await stage.until("15:29")
    assert stage.push.told("update_soon") == [("15:20", "sato")]


async def test_a_missed_update_calls_a_takeover(stage: Floor) -> None:
    """To the level that approves, by the desk itself; the holder is told, and the report stays open."""
    number, id_ = await approved(stage)
    await stage.until("15:30")
    assert await takeovers(stage, number) == [("calling", "report", 2)]
    assert stage.push.told("update_missed") == [("15:30", "sato")]
    case = await stage.case(number)
    assert [one.kind for one in case.escalations if one.state in ("calling", "accepted")] == ["takeover", "notify"]
    assert case.escalations[0].raised_by is None
    assert (await stage.escalation(id_)).state == "accepted"
    assert ("15:30", "suzuki") in stage.push.calls()


async def test_a_missed_update_presses_an_open_takeover(stage: Floor) -> None:
    """Its holder is told and its next rung is called; there is no second takeover."""
    number, _ = await approved(stage)
    takeover = int((await stage.does("sato", RaiseEscalation(number))).ref)
    await stage.does("suzuki", AcceptEscalation(takeover))
    await stage.until("15:30")
    assert await stage.calling(takeover) == ["hayashi"]
    assert len(await takeovers(stage, number)) == 1
    assert ("15:30", "suzuki") in stage.push.told("update_missed")
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:40")]


async def test_a_missed_update_is_pressed_again(stage: Floor) -> None:
    """As long as nothing leaves, every two hours; the next approved report ends that."""
    number, id_ = await approved(stage)
    await stage.until("17:29")
    assert len(stage.push.told("update_missed")) == 1
    await stage.until("17:31")
    assert len(stage.push.told("update_missed")) == 2
    await stage.does("sato", AskAgain(id_, report=draft("23:00")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    await stage.until("22:00")
    assert len(stage.push.told("update_missed")) == 2
    assert len(await takeovers(stage, number)) == 1


async def test_an_update_in_time_escalates_nothing(stage: Floor) -> None:
    """Approved before it was due: the new promise counts."""
    number, id_ = await approved(stage)
    await stage.until("15:25")
    await stage.does("sato", AskAgain(id_, report=draft("16:30")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    await stage.until("16:15")
    assert await takeovers(stage, number) == []


async def test_after_a_long_sleep_a_missed_update_is_told_once(stage: Floor) -> None:
    """Nine hours without an engine: one takeover, one word to the holder, and the next look is in the future."""
    number, id_ = await approved(stage)
    stage.clock.time = at("23:59")
    await stage.settle()
    assert len(await takeovers(stage, number)) == 1
    assert len(stage.push.told("update_missed")) == 1
    view = await stage.escalation(id_)
    assert view.next is not None
    assert view.next.at > stage.clock.time, clock_of(view.next.at)

"""The engine did not run for a while: the ladder is walked silently to the rung whose turn it is now."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, ConfirmEscalation, RaiseEscalation, ReassignEscalation
from core.escalation.queries.views import Entry
from core.people.model import Actor
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at, clock_of

NIGHT = "2026-11-21"
LATE = """
[[policy]]
id = "pass"
name = { en = "Passes" }
authority = "passes"
repeat = 0

[[policy.rung]]
level = 2
call = ["person:suzuki"]
backup = ["person:takahashi"]
channels = [{ via = "push", wait = "2m" }, { via = "mail" }]
backup_after = "5m"
accept_within = "10m"

[[policy.rung]]
level = 3
call = ["person:hayashi"]
backup = ["person:kobayashi"]
channels = [{ via = "push", wait = "2m" }, { via = "mail" }]
backup_after = "5m"
accept_within = "20m"
"""


async def wake(stage: Floor, time: str, day: str = "2026-11-20", plus: int = 0) -> None:
    """The engine slept, and wakes now."""
    stage.clock.time = at(time, day) + plus
    await stage.settle()


async def late_lines(stage: Floor, number: int) -> list[Entry]:
    return [entry for entry in (await stage.case(number)).timeline if entry.kind == "stepped_late"]


async def test_seven_seconds_add_nothing(stage: Floor) -> None:
    """A step done 7 s late leaves the next ones where they were, and the timeline says how late it was."""
    number, _ = await stage.raised()
    await wake(stage, "14:37", plus=7_000)
    await stage.until("15:05")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi"), ("15:02", "hayashi")]
    assert stage.mail.calls() == [("14:37", "suzuki"), ("14:47", "takahashi")]
    assert [entry.values["late_by"] for entry in await late_lines(stage, number)] == [7_000]


async def test_a_lateness_nobody_notices_is_not_told(stage: Floor) -> None:
    """Two seconds late is on time: no line, and nothing moves."""
    number, id_ = await stage.raised()
    await wake(stage, "14:37", plus=2_000)
    assert await late_lines(stage, number) == []
    next_ = (await stage.escalation(id_)).next
    assert next_ is not None
    assert next_.at == at("14:42")


async def test_twenty_minutes_within_one_rung(stage: Floor) -> None:
    """The rung goes on: the next means now, the backup now, each with its own wait; the rung ends when planned."""
    number, _ = await stage.raised()
    await wake(stage, "14:52")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:52", "takahashi")]
    assert stage.mail.calls() == [("14:52", "suzuki")]
    await stage.until("15:02")
    assert stage.mail.calls() == [("14:52", "suzuki"), ("14:57", "takahashi")]
    assert stage.push.calls()[-1] == ("15:02", "hayashi")
    assert [entry.values["late_by"] for entry in await late_lines(stage, number)] == [15 * 60_000]


async def test_a_message_that_never_left_leaves_late(stage: Floor) -> None:
    """The engine ended between the raise and the sending: the duty is called by that means too when it is back."""
    number = await stage.ticket()
    await stage.desk.handle(RaiseEscalation(number), Actor("person", "sato"))
    await wake(stage, "14:39")
    assert stage.push.calls() == [("14:39", "suzuki")]
    assert stage.mail.calls() == [("14:39", "suzuki")]


async def test_a_rung_that_is_nearly_over_is_left_one_wait(stage: Floor) -> None:
    """Who is called late has one channel wait at least before the next rung is called."""
    await stage.raised()
    await wake(stage, "15:01")
    await stage.until("15:10")
    assert stage.push.calls() == [("14:32", "suzuki"), ("15:01", "takahashi"), ("15:06", "hayashi")]


async def test_an_hour_walks_silently_to_the_rung_whose_turn_it_is(stage: Floor) -> None:
    """Nobody of the rungs that were slept through is called; deadlines count from when they should have begun."""
    number, _ = await stage.raised()
    await stage.until("14:33")
    await wake(stage, "15:42")
    assert stage.push.calls() == [("14:32", "suzuki"), ("15:42", "kobayashi")]
    assert stage.mail.calls() == []
    await stage.until("16:02")
    assert stage.mail.calls() == [("15:47", "kobayashi")]
    assert stage.push.calls()[2:] == [("16:02", "suzuki")]
    timeline = [entry.kind for entry in (await stage.case(number)).timeline]
    assert timeline.count("stepped_late") == 1
    called = [entry for entry in (await stage.case(number)).timeline if entry.kind == "called"]
    assert [entry.values["people"] for entry in called] == [["suzuki"], ["kobayashi"], ["suzuki"]]


async def test_under_joint_the_first_notice_still_accepts(stage: Floor) -> None:
    """The call that left before the engine stopped is as good as any."""
    _, id_ = await stage.raised()
    await wake(stage, "15:42")
    await stage.does("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    assert (await stage.escalation(id_)).held_by == "suzuki"


async def test_three_hours_call_the_last_rung_for_one_full_turn(stage: Floor) -> None:
    """It would be standing: the last reachable rung is called for a full accept-by first, then the alarm stands."""
    _, id_ = await stage.raised()
    await wake(stage, "17:40")
    assert stage.push.calls() == [("14:32", "suzuki"), ("17:40", "kobayashi")]
    view = await stage.escalation(id_, "kobayashi")
    assert (view.state, view.level, clock_of(view.accept_by or 0)) == ("calling", 4, "18:10")
    await stage.until("18:10")
    assert (await stage.escalation(id_)).state == "standing"


async def test_a_day_later_nobody_falls_into_an_alarm_unasked(stage: Floor) -> None:
    """The same after a day, and the roster of that day is asked."""
    _, id_ = await stage.raised()
    await wake(stage, "14:32", NIGHT)
    assert stage.push.calls()[1:] == [("14:32", "kobayashi")]
    await stage.until("15:02", NIGHT)
    assert (await stage.escalation(id_)).state == "standing"


async def test_a_hiccup_at_the_very_end_postpones_no_alarm(stage: Floor) -> None:
    """The last rung had its whole turn: seven seconds late the alarm stands."""
    _, id_ = await stage.raised()
    await stage.until("17:31")
    await wake(stage, "17:32", plus=7_000)
    assert (await stage.escalation(id_)).state == "standing"


async def test_recalls_slept_through_are_one(stage: Floor) -> None:
    """A standing alarm calls once when the engine is back, and goes on by the same clock."""
    _, id_ = await stage.raised()
    await stage.until("17:40")
    count = len(stage.push.calls())
    await wake(stage, "18:50")
    assert stage.push.calls()[count:] == [("18:50", "kobayashi")]
    await stage.until("19:05")
    assert stage.push.calls()[count:] == [("18:50", "kobayashi"), ("19:02", "kobayashi")]
    assert (await stage.escalation(id_)).state == "standing"


async def test_still_on_it_is_asked_before_silence_counts(stage: Floor) -> None:
    """A hold that passed while the engine slept is asked about now; the answer has its whole time."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await wake(stage, "19:00")
    view = await stage.escalation(id_)
    assert (view.state, view.asked) == ("accepted", True)
    await stage.does("suzuki", ConfirmEscalation(id_))
    assert (await stage.escalation(id_)).state == "accepted"


async def test_a_side_call_slept_through_hands_back_to_the_ladder(stage: Floor) -> None:
    """Its time is over, and the line says so; the ladder has walked on meanwhile."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await wake(stage, "15:45")
    kinds = [entry.kind for entry in (await stage.case(number)).timeline]
    assert kinds.index("stepped_late") < kinds.index("side_call_ended")
    view = await stage.escalation(id_)
    assert (view.state, view.level) == ("calling", 3)
    assert stage.push.calls()[-1] == ("15:45", "hayashi")


async def test_under_passes_the_rung_called_late_gives_its_duty_one_wait(stage: Floor) -> None:
    """Authority passes by the clock, yet never from somebody who was not called."""
    await stage.apply(DESK + LATE)
    _, id_ = await stage.raised(policy="pass")
    await wake(stage, "14:50")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:50", "hayashi")]
    await stage.until("14:52")
    assert stage.push.calls()[2:] == [("14:52", "kobayashi")]
    assert await stage.calling(id_) == ["kobayashi"]

"""Leave: who is away is called by nobody; and days worked from home."""

from __future__ import annotations

import pytest

from core.engine.outcome import Refusal
from core.escalation.commands import ReassignEscalation
from core.escalation.queries.questions import Me, Preview, Reachable
from core.people.commands import EndLeave, RemoveHomeDay, SetHomeDay, TakeLeave
from core.people.queries import Leaves, MyHomeDays
from core.roster.commands import AddOverride
from core.roster.queries import OnDuty, RosterPlan
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at

PAIR = with_policy("pair", rung(2, "person:suzuki", backup="person:takahashi", after="20m", within="40m"))
SHIFTS = with_policy("shifts", rung(2, "rota:l2", within="60m") + rung(3, "person:hayashi"))
NEXT_DAY = "2026-11-21"


async def places(stage: Floor, time: str, day: str = "2026-11-20") -> list[tuple[str, str]]:
    return [(line.person, line.place) for line in (await stage.ask("sato", OnDuty(at(time, day)))).items]


async def test_who_is_away_is_not_called(stage: Floor) -> None:
    """Suzuki is on leave: the seat is empty with its reason, and the backup is called at once."""
    await stage.does("suzuki", TakeLeave(until=at("18:00", "2026-11-27")))
    number, id_ = await stage.raised()
    assert await stage.calling(id_) == ["takahashi"]
    left_out = [line.values for line in (await stage.case(number)).timeline if line.kind == "left_out"]
    assert left_out == [{"level": 2, "person": "suzuki", "why": "away"}]


async def test_going_on_leave_while_called_ends_the_call(stage: Floor) -> None:
    """Their call ends as a refusal without a refuser: the backup is called now."""
    await stage.apply(PAIR)
    _, id_ = await stage.raised(policy="pair")
    await stage.until("14:35")
    await stage.does("suzuki", TakeLeave())
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:35", "takahashi")]
    assert await stage.calling(id_) == ["takahashi"]


async def test_a_planned_leave_is_in_the_ladder_that_runs(stage: Floor) -> None:
    """Leave from 14:40, known beforehand: foretold and done at 14:40, to the minute, by the clock alone."""
    await stage.apply(PAIR)
    await stage.does("suzuki", TakeLeave(since=at("14:40")))
    preview = await stage.ask("sato", Preview(policy="pair"))
    assert (at("14:40"), ("takahashi",)) in [(step.at, step.people) for step in preview.ladder]
    _, id_ = await stage.raised(policy="pair")
    await stage.until("14:41")
    assert ("14:40", "takahashi") in stage.push.calls()
    assert await stage.calling(id_) == ["takahashi"]


async def test_a_leave_that_is_planned_while_it_calls_is_kept_in_mind(stage: Floor) -> None:
    """Made after the raise, for 14:40: the running ladder knows it as if it had been known before."""
    await stage.apply(PAIR)
    _, id_ = await stage.raised(policy="pair")
    await stage.does("suzuki", TakeLeave(since=at("14:40")))
    planned = [(step.at, step.people) for step in (await stage.escalation(id_)).ladder if step.state == "planned"]
    assert (at("14:40"), ("takahashi",)) in planned
    await stage.until("14:41")
    assert ("14:40", "takahashi") in stage.push.calls()


async def test_on_leave_nobody_is_on_duty_in_their_place(stage: Floor) -> None:
    """The rota has a gap that says who is away, and who comes back is on duty again and told so."""
    await stage.does("suzuki", TakeLeave(since=at("15:00"), until=at("16:00")))
    view = await stage.ask("sato", RosterPlan(at("14:32"), at("18:00")))
    gaps = [(gap.since, gap.until, gap.because, gap.away) for gap in view.rotas[0].gaps]
    assert gaps == [(at("15:00"), at("16:00"), "leave", ("suzuki",))]
    await stage.until("16:01")
    assert stage.push.told("duty") == [("15:00", "suzuki"), ("16:00", "suzuki")]


async def test_who_comes_back_from_leave_while_it_calls_is_called(stage: Floor) -> None:
    """The rung's rota had a gap; suzuki is back at 14:45, on duty, and gets a full chain."""
    await stage.apply(SHIFTS)
    leave = await stage.does("suzuki", TakeLeave(since=at("14:40"), until=at("16:00")))
    _, id_ = await stage.raised(policy="shifts")
    await stage.does("hayashi", AddOverride("l2", at("17:00"), add="takahashi"))
    await stage.until("14:45")
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("suzuki", EndLeave(int(leave.ref)))
    assert await stage.calling(id_) == ["takahashi", "suzuki"]
    assert stage.push.calls()[-1] == ("14:45", "suzuki")


async def test_a_colleague_on_leave_can_be_replaced(stage: Floor) -> None:
    """The gap that a leave makes is filled by an override in the place of who is away."""
    await stage.does("suzuki", TakeLeave(until=at("18:00")))
    await stage.does("hayashi", AddOverride("l2", at("18:00"), add="takahashi", remove="suzuki"))
    assert await places(stage, "15:00") == [("takahashi", "site")]


async def test_nobody_is_put_on_duty_or_asked_while_away(stage: Floor) -> None:
    """An override of somebody on leave, and a call passed on to them, are refused; they are among no candidates."""
    _, id_ = await stage.raised()
    await stage.does("takahashi", TakeLeave(until=at("18:00")))
    refused = await stage.refused("hayashi", AddOverride("l2", at("18:00"), add="takahashi", remove="suzuki"))
    assert (refused.code, refused.detail) == ("not_allowed", "target_away")
    refused = await stage.refused("suzuki", ReassignEscalation(id_, "takahashi"))
    assert refused.detail == "target_away"
    found = await stage.ask("suzuki", Reachable(id_))
    assert "takahashi" not in {candidate.person for candidate in found.items}


async def test_a_side_call_ends_when_its_target_goes_on_leave(stage: Floor) -> None:
    """Hayashi was asked aside and leaves at 14:40: the ladder goes on where it was."""
    await stage.does("hayashi", TakeLeave(since=at("14:40")))
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.until("14:41")
    assert "hayashi" not in await stage.calling(id_)
    assert await stage.calling(id_) == ["takahashi"]


async def test_leave_is_ordered_by_oneself_ones_supervisor_or_an_admin(stage: Floor) -> None:
    """Whoever did not order it themself is told; to others the leave does not exist."""
    leave = await stage.does("suzuki", TakeLeave("sato", at("15:00"), at("18:00")))
    assert stage.push.told("leave") == [("14:32", "sato")]
    assert (await stage.refused("ito", EndLeave(int(leave.ref)))).code == "unknown"
    assert (await stage.refused("ito", TakeLeave("sato"))).code == "not_allowed"
    assert (await stage.refused("suzuki", TakeLeave("mori"))).code == "not_allowed"
    await stage.does("boss", TakeLeave("mori"))
    assert isinstance(await stage.ask("ito", Leaves("sato")), Refusal)
    mine = (await stage.ask("sato", Leaves())).items
    assert [(one.id, one.since, one.until) for one in mine] == [(str(leave.ref), at("15:00"), at("18:00"))]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (TakeLeave("nobody-known"), "unknown"),
        (TakeLeave(until=at("14:00")), "invalid"),
        (TakeLeave(since=at("16:00"), until=at("15:00")), "invalid"),
        (TakeLeave(since=at("16:00", "2028-01-01")), "invalid"),
        (EndLeave(99), "unknown"),
        (SetHomeDay("2026-11-19"), "invalid"),
        (SetHomeDay("tomorrow"), "invalid"),
        (RemoveHomeDay("2026-11-20"), "unknown"),
    ],
)
async def test_slips_are_named(stage: Floor, command: object, code: str) -> None:
    """A time that is over, a day that is none, a leave that is not there: each is refused, and nothing changes."""
    assert (await stage.refused("sato", command)).code == code  # type: ignore[arg-type]


async def test_the_same_leave_twice_is_one(stage: Floor) -> None:
    """Pressed twice, one leave; ended twice, ended once; called off before it began, it never was."""
    first = await stage.does("sato", TakeLeave(since=at("15:00"), until=at("16:00")))
    again = await stage.does("sato", TakeLeave(since=at("15:00"), until=at("16:00")))
    assert (again.ref, again.again) == (first.ref, True)
    await stage.does("sato", EndLeave(int(first.ref)))
    assert (await stage.ask("sato", Leaves())).items == ()
    await stage.does("sato", TakeLeave(until=at("15:00")))
    await stage.until("15:30")
    assert (await stage.ask("sato", Leaves())).items == ()


async def test_a_leave_that_was_slept_through_begins_nothing(stage: Floor) -> None:
    """The engine woke when it was over: nobody is told anything, and no call ends."""
    await stage.does("suzuki", TakeLeave(since=at("15:00"), until=at("15:30")))
    stage.clock.time = at("15:40")
    await stage.settle()
    _, id_ = await stage.raised()
    assert await stage.calling(id_) == ["suzuki"]


async def test_home_today(stage: Floor) -> None:
    """Suzuki's shift at the site is worked from home today, and at the site again tomorrow; it can be taken back."""
    await stage.does("suzuki", SetHomeDay())
    assert await places(stage, "15:00") == [("suzuki", "home")]
    assert await places(stage, "15:00", NEXT_DAY) == [("suzuki", "site")]
    assert (await stage.ask("suzuki", Me())).place == "home"
    await stage.does("sato", SetHomeDay())
    assert (await stage.ask("sato", Me())).place == "home"
    assert (await stage.does("suzuki", SetHomeDay("2026-11-20"))).again
    await stage.does("suzuki", RemoveHomeDay("2026-11-20"))
    assert await places(stage, "15:00") == [("suzuki", "site")]
    assert (await stage.ask("sato", MyHomeDays())).days == ("2026-11-20",)


async def test_leaving_the_desk_ends_leave_and_home_days(stage: Floor) -> None:
    """Somebody who comes back to the file later is not away because of an old plan."""
    await stage.does("suzuki", TakeLeave())
    begin = DESK.index('[[person]]\nid = "suzuki"')
    gone = DESK[:begin] + DESK[DESK.index("[[person]]", begin + 1) :].replace('"suzuki"', '"hayashi"')
    await stage.apply(gone)
    await stage.apply(DESK)
    await stage.give_phones("suzuki")
    _, id_ = await stage.raised()
    assert await stage.calling(id_) == ["suzuki"]

"""The roster is changed by people while the desk runs: overrides, plans, shifts taken; the ladder follows at once."""

from __future__ import annotations

import asyncio

import pytest

from core.deskfile.queries import CheckDesk
from core.engine.outcome import Done, Refusal
from core.escalation.queries.questions import Preview
from core.people.commands import EndLeave, TakeLeave
from core.people.model import CONSOLE, Actor
from core.roster.commands import AddOverride, CancelOverride, CancelPlan, MakePlan, TakeShift
from core.roster.model import PlannedShift
from core.roster.queries import OnDuty, RosterPlan
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at

CHANGING = with_policy("changing", rung(2, "rota:l2", within="60m") + rung(3, "person:hayashi"))


async def duty(stage: Floor, time: str, day: str = "2026-11-20") -> list[tuple[str, str]]:
    page = await stage.ask("sato", OnDuty(at(time, day)))
    return [(line.person, line.source) for line in page.items if line.rota == "l2"]


async def test_one_person_for_another_for_a_span(stage: Floor) -> None:
    """Hayashi, whose team stands above, puts takahashi in suzuki's place from 15:00 to 16:00: then, and only then."""
    await stage.does("hayashi", AddOverride("l2", at("16:00"), at("15:00"), add="takahashi", remove="suzuki"))
    assert await duty(stage, "14:59") == [("suzuki", "shift")]
    assert await duty(stage, "15:00") == [("takahashi", "override")]
    assert await duty(stage, "16:00") == [("suzuki", "shift")]


async def test_somebody_besides_and_somebody_less(stage: Floor) -> None:
    """Added besides, sato's colleague stands behind suzuki; taken off, suzuki leaves a gap that says so."""
    await stage.does("suzuki", AddOverride("l2", at("16:00"), at("15:00"), add="takahashi"))
    await stage.does("suzuki", AddOverride("l2", at("17:30"), at("17:00"), remove="suzuki"))
    assert await duty(stage, "15:00") == [("suzuki", "shift"), ("takahashi", "override")]
    assert await duty(stage, "17:00") == []
    view = await stage.ask("sato", RosterPlan(at("14:00"), at("20:00")))
    assert [(gap.since, gap.until, gap.because) for gap in view.rotas[0].gaps] == [
        (at("17:00"), at("17:30"), "override")
    ]


async def test_the_same_twice_at_once_is_a_conflict(stage: Floor) -> None:
    """Of two identical overrides the first holds, and the second learns which one is there."""
    wanted = AddOverride("l2", at("16:00"), at("15:00"), add="takahashi", remove="suzuki")
    first = await stage.does("suzuki", wanted)
    refused = await stage.refused("hayashi", wanted)
    assert (refused.code, refused.detail, refused.values["id"]) == ("conflict", "override_exists", str(first.ref))
    besides = AddOverride("l2", at("16:00"), at("15:00"), add="hayashi")
    await stage.does("hayashi", besides)
    assert (await stage.refused("hayashi", besides)).detail == "override_exists"
    other = AddOverride("l2", at("15:30"), at("15:10"), add="hayashi", remove="suzuki")
    assert (await stage.refused("hayashi", other)).code == "conflict"


async def test_of_two_at_the_same_instant_one_wins(stage: Floor) -> None:
    """Two supervisors press at once, in one commit: one override stands, the other learns of it."""
    wanted = AddOverride("l2", at("16:00"), at("15:00"), add="takahashi", remove="suzuki")
    both = await asyncio.gather(*(stage.desk.handle(wanted, Actor("person", who)) for who in ("hayashi", "suzuki")))
    assert sorted(type(outcome).__name__ for outcome in both) == ["Done", "Refusal"]
    assert [outcome.code for outcome in both if isinstance(outcome, Refusal)] == ["conflict"]
    assert await duty(stage, "15:00") == [("takahashi", "override")]


@pytest.mark.parametrize(
    ("command", "code", "detail"),
    [
        (AddOverride("nowhere", at("16:00"), add="takahashi"), "unknown", "rota"),
        (AddOverride("l2", at("16:00")), "invalid", "override_empty"),
        (AddOverride("l2", at("16:00"), add="suzuki", remove="suzuki"), "invalid", "override_empty"),
        (AddOverride("l2", at("16:00"), add="nobody-known"), "not_allowed", "roster"),
        (AddOverride("l2", at("14:00"), add="takahashi"), "invalid", "until_future"),
        (AddOverride("l2", at("16:00", "2028-01-01"), add="takahashi"), "invalid", "until_future"),
        (AddOverride("l2", at("16:00"), remove="takahashi"), "conflict", "not_on_duty"),
        (AddOverride("l2", at("16:00"), add="suzuki"), "conflict", "already_on_duty"),
        (AddOverride("l2", at("16:00"), add="mori"), "not_allowed", "roster"),
        (CancelOverride(99), "unknown", "override"),
        (CancelPlan(99), "unknown", "plan"),
        (MakePlan("l2", "x", at("16:00"), at("15:00")), "invalid", "until_future"),
        (MakePlan("l2", " ", at("16:00"), at("17:00")), "invalid", "empty"),
        (TakeShift("nowhere"), "unknown", "rota"),
        (TakeShift("l2"), "conflict", "already_on_duty"),
    ],
)
async def test_what_cannot_be_is_refused(stage: Floor, command: object, code: str, detail: str) -> None:
    """Each slip has its own answer, and nothing is changed by it."""
    refused = await stage.refused("suzuki", command)  # type: ignore[arg-type]
    assert (refused.code, refused.detail) == (code, detail)
    assert await duty(stage, "15:00") == [("suzuki", "shift")]


async def test_who_may_change_the_roster(stage: Floor) -> None:
    """Operators not, other teams' supervisors not, the team's supervisor, an admin and the console do."""
    wanted = AddOverride("l2", at("16:00"), at("15:00"), add="takahashi")
    for person in ("sato", "mori", "kansa"):
        assert (await stage.refused(person, wanted)).code == "not_allowed"
    await stage.does("boss", wanted)
    outcome = await stage.desk.handle(AddOverride("l2", at("16:00"), at("15:00"), add="hayashi"), CONSOLE)
    assert isinstance(outcome, Done)
    assert (
        await stage.refused("suzuki", AddOverride("l2", at("17:00"), at("16:00"), add="mori"))
    ).code == "not_allowed"
    assert (
        await stage.refused("boss", AddOverride("l2", at("17:00"), at("16:00"), add="boss"))
    ).detail == "takes_no_duty"


async def test_who_is_put_on_duty_while_it_calls_is_called_at_once(stage: Floor) -> None:
    """The override begins now: takahashi gets a full chain, suzuki no further channel, and may still accept."""
    await stage.apply(CHANGING)
    _, id_ = await stage.raised(policy="changing")
    await stage.until("14:33")
    await stage.does("hayashi", AddOverride("l2", at("17:00"), add="takahashi", remove="suzuki"))
    await stage.until("14:40")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:33", "takahashi")]
    assert stage.mail.calls() == [("14:35", "takahashi")]
    assert await stage.calling(id_) == ["suzuki", "takahashi"]


async def test_a_change_that_begins_later_is_kept_in_mind_by_what_already_calls(stage: Floor) -> None:
    """The next change of duty was 18:00; an override of 14:40 made meanwhile is called at 14:40, as foretold."""
    await stage.apply(CHANGING)
    _, id_ = await stage.raised(policy="changing")
    await stage.does("hayashi", AddOverride("l2", at("15:10"), at("14:40"), add="takahashi", remove="suzuki"))
    planned = [(step.at, step.people) for step in (await stage.escalation(id_)).ladder if step.state == "planned"]
    assert (at("14:40"), ("takahashi",)) in planned
    await stage.until("14:41")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:40", "takahashi")]


async def test_the_preview_knows_the_change(stage: Floor) -> None:
    """What the sheet shows before the raise is with the override."""
    await stage.apply(CHANGING)
    await stage.does("hayashi", AddOverride("l2", at("17:00"), add="takahashi", remove="suzuki"))
    preview = await stage.ask("sato", Preview(policy="changing"))
    assert preview.ladder[0].people == ("takahashi",)


async def test_called_off_before_it_begins_it_never_was(stage: Floor) -> None:
    """Cancelled before, the rota is as planned; cancelled twice is once; over, it stays as it was."""
    done = await stage.does("suzuki", AddOverride("l2", at("16:00"), at("15:00"), remove="suzuki"))
    assert (await stage.refused("sato", CancelOverride(int(done.ref)))).code == "not_allowed"
    await stage.does("suzuki", CancelOverride(int(done.ref)))
    assert await duty(stage, "15:00") == [("suzuki", "shift")]
    assert (await stage.does("suzuki", CancelOverride(int(done.ref)))).again
    later = await stage.does("suzuki", AddOverride("l2", at("16:00"), at("15:00"), remove="suzuki"))
    await stage.until("16:01")
    assert (await stage.refused("suzuki", CancelOverride(int(later.ref)))).code == "closed"


async def test_called_off_while_it_runs_it_ends_now(stage: Floor) -> None:
    """What was, was: from now on the rota is as planned, and who is on duty again is told."""
    done = await stage.does("hayashi", AddOverride("l2", at("17:00"), add="takahashi", remove="suzuki"))
    await stage.until("15:00")
    await stage.does("hayashi", CancelOverride(int(done.ref)))
    assert await duty(stage, "14:59") == [("takahashi", "override")]
    assert await duty(stage, "15:00") == [("suzuki", "shift")]
    assert sorted(stage.push.told("duty")[-2:]) == [("15:00", "suzuki"), ("15:00", "takahashi")]


async def test_those_concerned_are_told_once(stage: Floor) -> None:
    """Of a change for later both hear when it is made; nobody who is not concerned, and not who did it."""
    await stage.does("hayashi", AddOverride("l2", at("16:00"), at("15:00"), add="takahashi", remove="suzuki"))
    assert sorted(stage.push.told("roster")) == [("14:32", "suzuki"), ("14:32", "takahashi")]
    await stage.until("15:00")
    assert sorted(stage.push.told("duty")) == [("15:00", "suzuki"), ("15:00", "takahashi")]
    await stage.does("suzuki", AddOverride("l2", at("17:30"), at("17:00"), remove="suzuki"))
    assert len(stage.push.told("roster")) == 2
    assert {message.urgency for _, message in stage.push.sent} == {"low"}


async def test_take_this_shift_now(stage: Floor) -> None:
    """A colleague is ill: takahashi, who stands on the rota at times, takes suzuki's duty until it ends."""
    done = await stage.does("takahashi", TakeShift("l2"))
    assert await duty(stage, "14:32") == [("takahashi", "override")]
    assert await duty(stage, "18:00") == [("takahashi", "shift")]
    assert stage.push.told("duty") == [("14:32", "suzuki")]
    assert (await stage.refused("sato", TakeShift("l2"))).code == "not_allowed"
    await stage.until("15:00")
    await stage.does("takahashi", CancelOverride(int(done.ref)))
    assert await duty(stage, "15:00") == [("suzuki", "shift")]


async def test_a_shift_that_nobody_has_can_be_taken_too(stage: Floor) -> None:
    """In a gap whoever stands on the rota comes on duty until the next one begins."""
    await stage.does("suzuki", AddOverride("l2", at("18:00"), remove="suzuki"))
    await stage.does("takahashi", TakeShift("l2"))
    assert await duty(stage, "14:32") == [("takahashi", "override")]
    assert await duty(stage, "18:00") == [("takahashi", "shift")]


async def test_a_temporary_plan_stands_in_for_the_rota(stage: Floor) -> None:
    """In its span the rota has exactly its shifts; what is changed after it, holds over it."""
    shifts = (PlannedShift("takahashi", at("15:00"), at("16:00"), "home"),)
    plan = await stage.does("suzuki", MakePlan("l2", "棚卸し", at("15:00"), at("17:00"), shifts))
    assert await duty(stage, "14:59") == [("suzuki", "shift")]
    assert await duty(stage, "15:00") == [("takahashi", "plan")]
    assert await duty(stage, "16:00") == []
    assert await duty(stage, "17:00") == [("suzuki", "shift")]
    await stage.does("suzuki", AddOverride("l2", at("16:30"), at("16:00"), add="suzuki"))
    assert await duty(stage, "16:00") == [("suzuki", "override")]
    twice = await stage.refused("suzuki", MakePlan("l2", "別", at("16:00"), at("18:00")))
    assert (twice.code, twice.detail) == ("conflict", "plan_exists")
    await stage.does("suzuki", CancelPlan(int(plan.ref)))
    assert await duty(stage, "15:00") == [("suzuki", "shift")]


async def test_a_rota_that_goes_takes_its_changes_along(stage: Floor) -> None:
    """A file without the rota is applied cleanly; when the rota comes back, nothing of before holds."""
    await stage.does("hayashi", AddOverride("l2", at("17:00"), at("15:00"), add="takahashi", remove="suzuki"))
    without = DESK[: DESK.index("[[rota]]")] + DESK[DESK.index("[[policy]]") :].replace("rota:l2", "person:suzuki")
    assert isinstance(await stage.apply(without), Done)
    assert await duty(stage, "15:30") == []
    assert isinstance(await stage.apply(DESK), Done)
    assert await duty(stage, "15:30") == [("suzuki", "shift")]
    await stage.until("15:31")
    assert await duty(stage, "15:31") == [("suzuki", "shift")]


async def test_applying_the_same_file_keeps_what_people_changed(stage: Floor) -> None:
    """Overrides are data of the desk, not of its file."""
    await stage.does("hayashi", AddOverride("l2", at("17:00"), at("15:00"), add="takahashi", remove="suzuki"))
    longer = DESK.replace('from = "18:00", to = "09:00"', 'from = "18:00", to = "08:00"')
    assert isinstance(await stage.apply(longer), Done)
    assert await duty(stage, "15:30") == [("takahashi", "override")]


async def test_whoever_leaves_the_desk_is_on_no_rota(stage: Floor) -> None:
    """An override of somebody who is no longer in the file is called off: suzuki is on duty again, and called."""
    await stage.apply(CHANGING)
    await stage.does("hayashi", AddOverride("l2", at("17:00"), add="hayashi", remove="suzuki"))
    _, id_ = await stage.raised(policy="changing")
    begin = CHANGING.index('[[person]]\nid = "hayashi"')
    gone = CHANGING[:begin] + CHANGING[CHANGING.index("[[person]]", begin + 1) :].replace("person:hayashi", "level:3")
    outcome = await stage.apply(gone)
    assert not isinstance(outcome, Refusal), outcome
    assert await duty(stage, "14:32") == [("suzuki", "shift")]
    assert await stage.calling(id_) == ["suzuki"]


async def test_the_checker_knows_what_people_changed(stage: Floor) -> None:
    """A gap that an override makes, and one that a leave makes, are found with their times, and gone when they are."""

    async def gaps() -> list[tuple[str, int]]:
        found = await stage.desk.ask(CheckDesk(), CONSOLE)
        return [
            (finding.where, finding.values["first_at"])
            for finding in found.items
            if finding.key == "finding.gap" and "changing" in finding.where
        ]

    await stage.apply(CHANGING)
    assert await gaps() == []
    override = await stage.does("suzuki", AddOverride("l2", at("17:30"), at("17:00"), remove="suzuki"))
    leave = await stage.does("hayashi", TakeLeave(since=at("16:00"), until=at("19:00")))
    assert await gaps() == [("policy:changing rung 1", at("17:00")), ("policy:changing rung 2", at("16:00"))]
    await stage.does("suzuki", CancelOverride(int(override.ref)))
    await stage.does("hayashi", EndLeave(int(leave.ref)))
    assert await gaps() == []

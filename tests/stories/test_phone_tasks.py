"""Phone tasks: somebody on shift rings the person who is called, and says what came of it."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.cards import TaskView
from core.escalation.queries.questions import GetTask, PhoneTasks
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at

PHONE_FIRST = with_policy(
    "ring",
    rung(2, "person:suzuki", backup="person:takahashi", via='{ via = "phone", wait = "3m" }, { via = "mail" }'),
)
PHONE_ONLY = with_policy("ring", rung(2, "person:suzuki", backup="person:takahashi", via='{ via = "phone" }'))


async def offered(stage: Floor, reader: str = "sato") -> list[int]:
    """Ids of the phone tasks that this person may take or has taken."""
    return [int(task.id) for task in (await stage.ask(reader, PhoneTasks())).items]


async def task_of(stage: Floor, task: int) -> TaskView:
    view = await stage.ask("sato", GetTask(task))
    assert isinstance(view, TaskView), view
    return view


async def rung_for(stage: Floor) -> tuple[int, int, int]:
    """A call that has come to the phone, at 14:43: (ticket, escalation, task)."""
    number, id_ = await stage.raised()
    await stage.until("14:43")
    (task,) = await offered(stage)
    return number, id_, task


async def test_whoever_is_on_shift_is_offered_the_task(stage: Floor) -> None:
    """The floor and whoever is on duty; not who is off, who reads only, another team, or the one to be rung."""
    await rung_for(stage)
    seen = {person: len(await offered(stage, person)) for person in ("sato", "ito", "takahashi", "suzuki", "mori")}
    assert seen == {"sato": 1, "ito": 1, "takahashi": 0, "suzuki": 0, "mori": 0}


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("suzuki", "not_allowed"),
        ("takahashi", "not_allowed"),
        ("kansa", "not_allowed"),
        ("boss", "not_allowed"),
        ("mori", "unknown"),
    ],
)
async def test_who_may_not_ring(stage: Floor, person: str, code: str) -> None:
    """Nobody rings themselves, and nobody who is not on shift in the team."""
    _, _, task = await rung_for(stage)
    assert (await stage.refused(person, TakePhoneTask(task))).code == code


async def test_one_person_rings(stage: Floor) -> None:
    """Once taken it is theirs: a second press is the same act, somebody else reads who is on the phone."""
    _, _, task = await rung_for(stage)
    await stage.does("sato", TakePhoneTask(task))
    assert (await stage.does("sato", TakePhoneTask(task))).again
    refusal = await stage.refused("ito", TakePhoneTask(task))
    assert (refusal.code, refusal.values["holder"]) == ("taken", "sato")
    assert (await task_of(stage, task)).taken_by == "sato"


async def test_a_taken_task_is_no_evidence(stage: Floor) -> None:
    """While somebody rings, nothing else is tried because of the phone."""
    _, id_, task = await rung_for(stage)
    await stage.does("sato", TakePhoneTask(task))
    await stage.until("14:50")
    assert (await task_of(stage, task)).state == "taken"
    assert await stage.calling(id_) == ["suzuki", "takahashi"]


async def test_said_on_the_phone_is_an_acceptance(stage: Floor) -> None:
    """Who was rung holds it from that instant, the timeline says who recorded it, and they are told elsewhere."""
    number, id_, task = await rung_for(stage)
    await stage.does("sato", TakePhoneTask(task))
    await stage.until("14:44")
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:44")]
    line = next(line for line in (await stage.case(number)).timeline if line.kind == "escalation_accepted")
    assert (line.actor, line.values["person"], line.values["recorder"]) == ("sato", "suzuki", "sato")
    assert stage.push.told("ended") == [("14:44", "takahashi")]
    assert stage.push.told("on_behalf") == [("14:44", "suzuki")]
    assert (await stage.escalation(id_)).state == "accepted"
    assert (await stage.does("sato", ReportPhoneOutcome(task, "accepted"))).again


@pytest.mark.parametrize("outcome", ["busy", "no_answer"])
async def test_in_vain_the_next_means_is_used_now(stage: Floor, outcome: str) -> None:
    """Busy, or no answer: evidence that the phone did not reach them."""
    await stage.apply(PHONE_FIRST)
    _, id_ = await stage.raised(policy="ring")
    (task,) = await offered(stage)
    await stage.does("ito", TakePhoneTask(task))
    await stage.until("14:33")
    await stage.does("ito", ReportPhoneOutcome(task, outcome))  # type: ignore[arg-type]
    assert stage.mail.calls() == [("14:33", "suzuki")]
    assert await stage.calling(id_) == ["suzuki"]


async def test_in_vain_on_the_last_means_the_backup_is_called_now(stage: Floor) -> None:
    """No means of the duty is left: the next seat, and a phone task for it."""
    await stage.apply(PHONE_ONLY)
    await stage.raised(policy="ring")
    (task,) = await offered(stage)
    await stage.does("ito", TakePhoneTask(task))
    await stage.does("ito", ReportPhoneOutcome(task, "busy"))
    (second,) = await offered(stage)
    assert (await task_of(stage, second)).person == "takahashi"


async def test_only_who_took_it_reports(stage: Floor) -> None:
    """Take it first; what somebody else took is theirs to report."""
    _, _, task = await rung_for(stage)
    early = await stage.refused("sato", ReportPhoneOutcome(task, "accepted"))
    assert (early.code, early.detail) == ("conflict", "task_not_taken")
    await stage.does("sato", TakePhoneTask(task))
    other = await stage.refused("ito", ReportPhoneOutcome(task, "accepted"))
    assert (other.code, other.values["holder"]) == ("taken", "sato")


async def test_a_task_ends_with_its_call(stage: Floor) -> None:
    """Somebody accepted meanwhile: nobody need ring, and what is said on the phone then moves nothing."""
    number, id_, task = await rung_for(stage)
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("takahashi", AcceptEscalation(id_))
    assert (await task_of(stage, task)).state == "void"
    assert (await stage.refused("sato", ReportPhoneOutcome(task, "accepted"))).code == "closed"
    assert (await stage.refused("ito", TakePhoneTask(task))).code == "closed"
    assert (await stage.holders(number))[-1] == ("takahashi", "14:43")


async def test_an_unknown_task(stage: Floor) -> None:
    """A number that means no task, of an escalation or of none."""
    _, _, task = await rung_for(stage)
    for wrong in (0, -1, task + 1, task * 7, 1 << 62):
        assert (await stage.refused("sato", TakePhoneTask(wrong))).code == "unknown"
        assert (await stage.refused("sato", ReportPhoneOutcome(wrong, "busy"))).code == "unknown"


async def test_the_hold_counts_from_the_recorded_acceptance(stage: Floor) -> None:
    """Two hours after what was said on the phone the holder is asked, as after any acceptance."""
    _, id_, task = await rung_for(stage)
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("hold", at("16:43"))

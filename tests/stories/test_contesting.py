"""Contesting: an acceptance that was recorded on the phone, and was not said so."""

from __future__ import annotations

from core.escalation.commands import (
    AcceptEscalation,
    ContestAcceptance,
    ReassignEscalation,
    ReportPhoneOutcome,
    ResolveEscalation,
    TakePhoneTask,
)
from core.escalation.queries.questions import GetTask, PhoneTasks
from core.tickets.commands import ReleaseTicket
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at


async def recorded(stage: Floor) -> tuple[int, int, int]:
    """佐藤 rang 鈴木 and recorded at 14:44 that they accepted: (ticket, escalation, task)."""
    number, id_ = await stage.raised()
    await stage.until("14:43")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    await stage.does("sato", TakePhoneTask(task))
    await stage.until("14:44")
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    return number, id_, task


async def test_they_are_told_on_the_other_channels(stage: Floor) -> None:
    """Push and mail both say what was recorded, and until when it can be contested."""
    await recorded(stage)
    assert stage.push.told("on_behalf") == stage.mail.told("on_behalf") == [("14:44", "suzuki")]
    assert "14:54" in stage.mail.sent[-1][1].text
    assert ("14:44", "suzuki") not in stage.push.told("ended")


async def test_contested_it_calls_on(stage: Floor) -> None:
    """Responsibility goes back, the same people are called, and the ladder has the time that was left then."""
    number, id_, task = await recorded(stage)
    await stage.until("14:50")
    await stage.does("suzuki", ContestAcceptance(task))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.held_by) == ("calling", "sato", None)
    assert view.accept_by == at("15:08")  # 18 minutes were left at 14:44
    assert sorted(await stage.calling(id_)) == ["suzuki", "takahashi"]
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:44"), ("sato", "14:50")]
    assert (await stage.ask("sato", GetTask(task))).state == "contested"


async def test_everybody_hears_it(stage: Floor) -> None:
    """The backup is called again, the holder hears it is theirs, and who contested is not told by the desk."""
    await recorded(stage)
    stage.push.sent.clear()
    await stage.until("14:50")
    await stage.does("suzuki", ContestAcceptance(1 << 16 | 1))
    assert stage.push.calls() == [("14:50", "takahashi")]
    assert stage.push.told("back") == [("14:50", "sato")]
    assert "suzuki" not in [message.recipient for _, message in stage.push.sent]


async def test_twice_is_once(stage: Floor) -> None:
    """A second press moves nothing."""
    number, _, task = await recorded(stage)
    await stage.does("suzuki", ContestAcceptance(task))
    before = await stage.holders(number)
    assert (await stage.does("suzuki", ContestAcceptance(task))).again
    assert await stage.holders(number) == before


async def test_for_ten_minutes(stage: Floor) -> None:
    """After that it stands."""
    _, _, task = await recorded(stage)
    await stage.pass_to(at("14:54") + 1)
    refusal = await stage.refused("suzuki", ContestAcceptance(task))
    assert (refusal.code, refusal.detail) == ("closed", "contest_over")


async def test_only_who_it_was_recorded_for(stage: Floor) -> None:
    """Neither who recorded it, nor a supervisor, nor who cannot see the ticket."""
    _, _, task = await recorded(stage)
    for person in ("sato", "takahashi", "hayashi"):
        refusal = await stage.refused(person, ContestAcceptance(task))
        assert (refusal.code, refusal.detail) == ("not_allowed", "contest")
    assert (await stage.refused("mori", ContestAcceptance(task))).code == "unknown"
    for wrong in (0, -1, task + 1, 1 << 62):
        assert (await stage.refused("suzuki", ContestAcceptance(wrong))).code == "unknown"


async def test_what_they_passed_on_stays(stage: Floor) -> None:
    """Whoever has asked somebody else, given it away or settled it has taken it."""
    _, id_, task = await recorded(stage)
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    assert (await stage.refused("suzuki", ContestAcceptance(task))).detail == "undo_overtaken"
    await stage.does("hayashi", AcceptEscalation(id_))
    refusal = await stage.refused("suzuki", ContestAcceptance(task))
    assert (refusal.code, refusal.values["holder"]) == ("taken", "hayashi")
    await stage.does("hayashi", ResolveEscalation(id_))
    assert (await stage.refused("suzuki", ContestAcceptance(task))).code == "closed"


async def test_nothing_was_recorded(stage: Floor) -> None:
    """A task that nobody reported an acceptance of has nothing to contest."""
    await stage.raised()
    await stage.until("14:43")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    assert (await stage.refused("suzuki", ContestAcceptance(task))).detail == "contest_nothing"
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "busy"))
    assert (await stage.refused("suzuki", ContestAcceptance(task))).detail == "contest_nothing"


async def test_after_a_short_hold_it_calls_as_it_is(stage: Floor) -> None:
    """The hold has passed already: calling goes on as it is, and responsibility goes back."""
    ring = rung(2, "person:suzuki", backup="person:takahashi", within="2m", via='{ via = "phone", wait = "3m" }')
    await stage.apply(with_policy("ring", ring, 'hold = "1m"'))
    number, id_ = await stage.raised(policy="ring")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    await stage.until("14:36")
    calling = await stage.calling(id_)
    await stage.does("suzuki", ContestAcceptance(task))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, await stage.calling(id_)) == ("calling", "sato", calling)
    assert (await stage.holders(number))[-1] == ("sato", "14:36")


async def test_an_offer_they_made_is_over(stage: Floor) -> None:
    """What they offered meanwhile was never theirs to give."""
    number, _, task = await recorded(stage)
    await stage.does("suzuki", ReleaseTicket(number, "ito"))
    await stage.does("suzuki", ContestAcceptance(task))
    assert (await stage.case(number)).ticket.offer is None


async def test_duty_changed_meanwhile(stage: Floor) -> None:
    """Who has come on duty while it was held is called as if it had never been."""
    await stage.until("17:45")
    _, id_ = await stage.raised()
    await stage.until("17:56")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    await stage.does("sato", TakePhoneTask(task))
    await stage.until("17:58")
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    await stage.until("18:03")
    await stage.does("suzuki", ContestAcceptance(task))
    view = await stage.escalation(id_)
    assert sorted(await stage.calling(id_)) == ["suzuki", "takahashi"]
    assert view.accept_by is not None
    assert view.accept_by >= at("18:15")


async def test_others_are_rung_for_as_long_as_was_left(stage: Floor) -> None:
    """A phone task that waited beside the recorded one waits on with the time it had: nothing of it was late."""
    both = rung(2, "person:suzuki, person:takahashi", within="30m", via='{ via = "phone", wait = "20m" }')
    await stage.apply(with_policy("ring", both))
    number, _ = await stage.raised(policy="ring")
    await stage.until("14:33")
    task = next(int(one.id) for one in (await stage.ask("sato", PhoneTasks())).items if one.person == "suzuki")
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    await stage.until("14:40")
    await stage.does("suzuki", ContestAcceptance(task))
    await stage.until("14:42")
    assert "stepped_late" not in [line.kind for line in (await stage.case(number)).timeline]

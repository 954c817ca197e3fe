"""What a ticket screen says about going back: undo with its time, contest with its task, and the acts beside."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.questions import PhoneTasks
from core.escalation.queries.views import May
from tests.stories.floor import Floor, at


async def may(stage: Floor, number: int, person: str, act: str) -> May:
    """The line of this act."""
    return next(line for line in (await stage.case(number, person)).may if line.act == act)


async def test_undo_is_offered_for_ten_seconds(stage: Floor) -> None:
    """To whoever acted, with the time it ends; to nobody else."""
    number, id_ = await stage.raised()
    line = await may(stage, number, "sato", "undo")
    assert (line.allowed, line.escalation, line.until) == (True, str(id_), at("14:32") + 10_000)
    assert not (await may(stage, number, "ito", "undo")).allowed
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await may(stage, number, "suzuki", "undo")).allowed
    assert not (await may(stage, number, "sato", "undo")).allowed
    await stage.until("14:33")
    assert not (await may(stage, number, "suzuki", "undo")).allowed


async def test_contest_is_offered_to_whom_it_was_recorded_for(stage: Floor) -> None:
    """With the task that it is about, for ten minutes."""
    number, _ = await stage.raised()
    await stage.until("14:43")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    line = await may(stage, number, "suzuki", "contest")
    assert (line.allowed, line.ref, line.until) == (True, str(task), at("14:53"))
    assert not (await may(stage, number, "sato", "contest")).allowed
    await stage.until("14:54")
    assert not (await may(stage, number, "suzuki", "contest")).allowed


async def test_the_acts_beside(stage: Floor) -> None:
    """The holder hands back, adds and pages; the raiser may page while it calls."""
    number, id_ = await stage.raised()
    assert (await may(stage, number, "sato", "page_all")).allowed
    assert not (await may(stage, number, "ito", "page_all")).allowed
    await stage.does("suzuki", AcceptEscalation(id_))
    for act in ("return", "responders", "page_all"):
        assert (await may(stage, number, "suzuki", act)).allowed
    assert (await may(stage, number, "ito", "return")).why == "refusal.taken"

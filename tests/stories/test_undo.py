"""Undo: whoever acted takes it back within ten seconds, as if nothing had been done."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.engine.outcome import Done
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ReportPhoneOutcome,
    ResolveEscalation,
    TakePhoneTask,
    Undo,
)
from core.escalation.queries.questions import PhoneTasks
from core.people.model import Actor
from core.tickets.commands import ClaimTicket, ReleaseTicket
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at, floor

SYSTEM = Actor("system")


async def seconds(stage: Floor, count: int) -> None:
    """So many seconds pass."""
    await stage.pass_to(stage.clock.time + count * 1_000)


async def accepted(stage: Floor, time: str = "14:40") -> tuple[int, int]:
    """A call that 鈴木 accepted: (ticket, escalation)."""
    number, id_ = await stage.raised()
    await stage.until(time)
    await stage.does("suzuki", AcceptEscalation(id_))
    return number, id_


async def test_an_acceptance_taken_back(stage: Floor) -> None:
    """Responsibility is where it was, the same calls go on, and the ladder keeps its old deadlines."""
    number, id_ = await accepted(stage)
    await seconds(stage, 8)
    await stage.does("suzuki", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by, view.holder, view.accept_by) == ("calling", None, "sato", at("15:02"))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:40"), ("sato", "14:40")]
    await stage.until("15:03")
    assert stage.push.calls()[-2:] == [("14:42", "takahashi"), ("15:02", "hayashi")]


async def test_no_id_means_my_newest(stage: Floor) -> None:
    """Without saying which, the newest of what I did is taken back."""
    _, first = await stage.raised()
    _, second = await stage.raised("ito")
    await stage.does("suzuki", AcceptEscalation(first))
    await stage.does("suzuki", AcceptEscalation(second))
    assert (await stage.does("suzuki", Undo())).ref == str(second)
    assert (await stage.escalation(first)).state == "accepted"


async def test_nothing_to_take_back(stage: Floor) -> None:
    """Who did nothing, or did it too long ago, reads so."""
    _, id_ = await accepted(stage)
    for person, command in (("ito", Undo()), ("hayashi", Undo())):
        assert (await stage.refused(person, command)).detail == "undo_over"
    await seconds(stage, 11)
    for command in (Undo(), Undo(id_)):
        refusal = await stage.refused("suzuki", command)
        assert (refusal.code, refusal.detail) == ("closed", "undo_over")
    assert (await stage.refused("suzuki", Undo(99))).code == "unknown"
    assert (await stage.refused("mori", Undo(id_))).code == "unknown"


async def test_at_ten_seconds_it_still_counts(stage: Floor) -> None:
    """Ten seconds are ten seconds."""
    _, id_ = await accepted(stage)
    await seconds(stage, 10)
    await stage.does("suzuki", Undo(id_))


async def test_twice_is_once(stage: Floor) -> None:
    """A second press is the same act, and moves nothing."""
    number, id_ = await accepted(stage)
    await stage.does("suzuki", Undo(id_))
    before = await stage.holders(number)
    assert (await stage.does("suzuki", Undo(id_))).again
    assert await stage.holders(number) == before


async def test_only_who_accepted(stage: Floor) -> None:
    """Nobody takes back what somebody else accepted: they read who has it."""
    _, id_ = await accepted(stage)
    for person in ("sato", "hayashi", "takahashi"):
        refusal = await stage.refused(person, Undo(id_))
        assert (refusal.code, refusal.values["holder"]) == ("taken", "suzuki")


async def test_a_raise_taken_back_is_withdrawn(stage: Floor) -> None:
    """Whoever was called hears so; the raiser goes on holding it."""
    number, id_ = await stage.raised()
    await seconds(stage, 5)
    await stage.does("sato", Undo(id_))
    assert (await stage.escalation(id_)).state == "withdrawn"
    assert stage.push.told("ended") == [("14:32", "suzuki")]
    assert await stage.holders(number) == [("sato", "14:32")]
    assert (await stage.does("sato", Undo(id_))).again


async def test_only_the_raiser_takes_a_raise_back(stage: Floor) -> None:
    """Nobody else undoes it, a supervisor neither."""
    _, id_ = await stage.raised()
    for person in ("ito", "suzuki", "hayashi"):
        refusal = await stage.refused(person, Undo(id_))
        assert (refusal.code, refusal.detail) == ("not_allowed", "undo")


async def test_a_raise_that_was_accepted_stays(stage: Floor) -> None:
    """Somebody took it meanwhile: the raiser reads who."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    refusal = await stage.refused("sato", Undo(id_))
    assert (refusal.code, refusal.values["holder"]) == ("taken", "suzuki")


@pytest.mark.parametrize("act", ["reassign", "release", "climb"])
async def test_what_has_gone_on_stays(stage: Floor, act: str) -> None:
    """Whoever did something with it since cannot act as if nothing had been."""
    number, id_ = await accepted(stage)
    command = {
        "reassign": ReassignEscalation(id_, "takahashi"),
        "release": ReleaseTicket(number, "ito"),
        "climb": ClimbEscalation(id_),
    }[act]
    await stage.does("suzuki", command)
    refusal = await stage.refused("suzuki", Undo(id_))
    assert (refusal.code, refusal.detail) == ("conflict", "undo_overtaken")


async def test_what_has_ended_stays(stage: Floor) -> None:
    """Resolved or withdrawn within ten seconds: over is over."""
    _, id_ = await accepted(stage)
    await stage.does("suzuki", ResolveEscalation(id_))
    assert (await stage.refused("suzuki", Undo(id_))).code == "closed"


async def test_everybody_hears_what_is_true_again(stage: Floor) -> None:
    """Who is called is called again in place of the end; the holder hears it is theirs; others that it is open."""
    _, id_ = await stage.raised()
    await stage.until("15:03")
    await stage.does("hayashi", RefuseEscalation(id_))
    await stage.until("15:04")
    stage.push.sent.clear()
    await stage.does("suzuki", AcceptEscalation(id_))
    assert sorted(person for _, person in stage.push.told("ended")) == ["hayashi", "kobayashi", "sato", "takahashi"]
    stage.push.sent.clear()
    await seconds(stage, 5)
    await stage.does("suzuki", Undo(id_))
    assert stage.push.told("back") == [("15:04", "sato")]
    assert stage.push.told("ended") == [("15:04", "hayashi")]
    assert stage.push.calls() == [("15:04", "kobayashi")]
    assert "suzuki" not in [message.recipient for _, message in stage.push.sent]


async def test_what_came_due_meanwhile_is_done(stage: Floor) -> None:
    """A step whose time came while it was accepted follows at once, at its own time."""
    _, id_ = await stage.raised()
    await stage.pass_to(at("14:42") - 3_000)
    await stage.does("suzuki", AcceptEscalation(id_))
    await seconds(stage, 7)
    await stage.does("suzuki", Undo(id_))
    backup = next(c for c in (await stage.escalation(id_)).calls if c.person == "takahashi")
    assert backup.at == at("14:42")
    assert not any(line.kind == "stepped_late" for line in (await stage.case(1)).timeline)


async def test_a_standing_alarm_stands_again(stage: Floor) -> None:
    """The alarm keeps the clock of its recalls."""
    _, id_ = await stage.raised(policy="outage")
    await stage.until("15:00")
    recall = (await stage.escalation(id_)).next
    await stage.does("hayashi", AcceptEscalation(id_))
    await stage.does("hayashi", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.next and view.next.at) == ("standing", recall and recall.at)


async def test_a_side_call_waits_again(stage: Floor) -> None:
    """The target of a side call accepts and takes it back: it is asked again, until the old time."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.until("14:40")
    await stage.does("takahashi", AcceptEscalation(id_))
    await seconds(stage, 3)
    await stage.does("takahashi", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.accept_by, await stage.calling(id_)) == ("calling", at("15:02"), ["takahashi"])
    await stage.does("takahashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]


async def test_held_before_it_is_held_again(stage: Floor) -> None:
    """After a hold has passed somebody else accepts and takes it back: the one before holds it, and is asked on."""
    number, id_ = await accepted(stage)
    await stage.until("17:11")
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.does("takahashi", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by, view.holder) == ("calling", "suzuki", "suzuki")
    assert [holder for holder, _ in await stage.holders(number)] == ["sato", "suzuki", "takahashi", "suzuki"]


async def test_an_offer_stands_again(stage: Floor) -> None:
    """The holder had offered it to somebody: the offer that the acceptance ended can be taken again."""
    number, id_ = await stage.raised()
    await stage.does("sato", ReleaseTicket(number, "ito"))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", Undo(id_))
    await stage.does("ito", ClaimTicket(number))
    assert (await stage.holders(number))[-1] == ("ito", "14:32")


async def test_held_by_nobody_before_it_is_so_again(stage: Floor) -> None:
    """What the desk itself raised, and nobody held, is held by nobody again, and calls on."""
    number = await stage.ticket()
    await stage.desk.handle(RaiseEscalation(number, policy="complaint", level=2), SYSTEM)
    await stage.settle()
    await stage.does("suzuki", AcceptEscalation(1))
    await stage.does("suzuki", Undo(1))
    ticket = (await stage.case(number)).ticket
    assert (ticket.holder, ticket.status) == (None, "new")
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(1))
    assert await stage.holders(number) == [("suzuki", "14:32"), ("takahashi", "14:45")]


async def test_said_on_the_phone_by_mistake(stage: Floor) -> None:
    """Whoever recorded an acceptance takes it back: they are on the phone again and say what came of it."""
    _, id_ = await stage.raised()
    await stage.until("14:43")
    task = int((await stage.ask("sato", PhoneTasks())).items[0].id)
    await stage.does("sato", TakePhoneTask(task))
    await stage.does("sato", ReportPhoneOutcome(task, "accepted"))
    await stage.does("sato", Undo(id_))
    await stage.does("sato", ReportPhoneOutcome(task, "busy"))
    assert (await stage.escalation(id_)).state == "calling"


async def test_who_left_meanwhile_is_not_called_again(stage: Floor) -> None:
    """Somebody went out of the company while it was accepted: their call does not go on."""
    _, id_ = await stage.raised()
    await stage.until("14:43")
    await stage.does("suzuki", AcceptEscalation(id_))
    start = DESK.index('[[person]]\nid = "takahashi"')
    without = DESK[:start] + DESK[DESK.index('[[person]]\nid = "hayashi"') :]
    text = without.replace('backup = ["person:takahashi"]\n', "").replace('backup_after = "10m"\n', "")
    text = text.replace('backup_after = "5m"\n', "").replace('people = ["takahashi"]', 'people = ["suzuki"]')
    assert isinstance(await stage.apply(text), Done)
    await stage.does("suzuki", Undo(id_))
    assert await stage.calling(id_) == ["suzuki"]


async def test_across_a_restart(tmp_path: Path) -> None:
    """What was before an acceptance is in the journal: another process takes it back as well."""
    async with floor(tmp_path, DESK) as stage:
        await stage.give_phones("sato", "suzuki")
        _, id_ = await stage.raised()
        await stage.does("suzuki", AcceptEscalation(id_))
    async with floor(tmp_path, DESK) as stage:
        await stage.does("suzuki", Undo(id_))
        assert (await stage.escalation(id_)).next is not None
        assert await stage.calling(id_) == ["suzuki"]


async def test_raised_anew_after_it(stage: Floor) -> None:
    """A raise that was taken back leaves the way free for another."""
    number, id_ = await stage.raised()
    await stage.does("sato", Undo(id_))
    done = await stage.does("sato", RaiseEscalation(number, level=3))
    assert (await stage.escalation(int(done.ref))).level == 3

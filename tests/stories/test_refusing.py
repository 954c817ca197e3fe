"""Refusing: the seat passes when nobody of it is left, and no count is kept."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation, ClimbEscalation, RefuseEscalation, WithdrawEscalation
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at

PAIR = with_policy("pair", rung(2, "person:suzuki, person:takahashi", backup="person:hayashi"))
SHIFT = """
[[rota]]
id = "late"
shifts = [{ days = "mon-sun", from = "17:00", to = "20:00", people = ["hayashi"] }]
"""
WAITING = with_policy("waiting", rung(2, "person:takahashi") + rung(3, "rota:late") + SHIFT, 'hours = "duty"')


async def test_the_duty_refuses_and_the_backup_is_called_now(stage: Floor) -> None:
    """Nobody waits for `backup_after` when the duty has said no."""
    _, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("suzuki", RefuseEscalation(id_, await stage.call(id_, "suzuki"), "接客中です"))
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:35", "takahashi")]
    await stage.until("15:02")
    assert stage.push.calls()[2:] == [("15:02", "hayashi")]


async def test_both_seats_refuse_and_the_next_rung_is_called_now(stage: Floor) -> None:
    """Both seats out: the rung is over, whatever time it had left."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.until("14:36")
    await stage.does("takahashi", RefuseEscalation(id_))
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "takahashi"), ("14:36", "hayashi")]


async def test_the_backup_refuses_while_the_duty_is_called(stage: Floor) -> None:
    """That person's call ends and nothing else moves; the duty still has their time."""
    _, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("takahashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["suzuki"]
    await stage.until("15:01")
    assert ("14:45", "hayashi") not in stage.push.calls()
    await stage.does("suzuki", RefuseEscalation(id_))
    assert stage.push.calls()[-1] == ("15:01", "hayashi")


async def test_a_seat_of_two_passes_when_both_have_refused(stage: Floor) -> None:
    """One of two says no: the other is still called, and only then the backup."""
    await stage.apply(PAIR)
    _, id_ = await stage.raised(policy="pair", level=2)
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("takahashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]


async def test_a_refusal_from_a_rung_below_moves_nothing(stage: Floor) -> None:
    """Under `joint` an earlier rung's person may still say no; the rung that is called goes on as it was."""
    _, id_ = await stage.raised()
    await stage.until("15:10")
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi", "hayashi"]
    assert stage.push.calls()[-1] == ("15:02", "hayashi")


async def test_a_refusal_from_below_does_not_end_the_wait_for_a_shift(stage: Floor) -> None:
    """A rung that waits for its first shift waits on, and says until when."""
    await stage.apply(WAITING)
    _, id_ = await stage.raised(policy="waiting")
    await stage.until("14:50")
    await stage.does("takahashi", RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.level) == ("calling", 3)
    assert view.next is not None
    assert view.next.at == at("17:00")


async def test_a_refusal_of_the_alarm_is_recorded_and_nothing_moves(stage: Floor) -> None:
    """In a standing alarm the call of that person ends, the alarm stands and calls again at its time."""
    number, id_ = await stage.raised()
    await stage.until("17:35")
    before = await stage.escalation(id_)
    await stage.does("kobayashi", RefuseEscalation(id_))
    after = await stage.escalation(id_)
    assert (after.state, after.next) == ("standing", before.next)
    assert (await stage.case(number)).timeline[-1].kind == "escalation_refused"


async def test_who_refused_may_still_step_in(stage: Floor) -> None:
    """A supervisor who said no and then finds the time takes it."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.until("14:40")
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("suzuki", "14:40")
    assert (await stage.refused("suzuki", RefuseEscalation(id_))).code == "taken"


@pytest.mark.parametrize("named", [True, False])
async def test_refusing_twice_is_one_refusal(stage: Floor, named: bool) -> None:
    """The second no is answered as the first one, with or without the call's id, also after it was accepted."""
    number, id_ = await stage.raised()
    command = RefuseEscalation(id_, await stage.call(id_, "suzuki") if named else None, "接客中です")
    await stage.does("suzuki", command)
    journal = (await stage.case(number)).timeline
    assert (await stage.does("suzuki", command)).again
    assert (await stage.case(number)).timeline == journal
    await stage.does("takahashi", AcceptEscalation(id_))
    assert (await stage.does("suzuki", command)).again


@pytest.mark.parametrize("named", [True, False])
async def test_a_call_that_passed_is_not_refused(stage: Floor, named: bool) -> None:
    """Under `passes` the answer says that it is the backup's now, and since when."""
    _, id_ = await stage.raised(policy="outage")
    call = await stage.call(id_, "suzuki") if named else None
    await stage.until("14:38")
    refusal = await stage.refused("suzuki", RefuseEscalation(id_, call))
    assert (refusal.code, refusal.values["authority"], refusal.values["since"]) == ("stale", "takahashi", at("14:37"))


async def test_what_is_taken_is_not_refused(stage: Floor) -> None:
    """After an acceptance a no is answered with the holder."""
    _, id_ = await stage.raised()
    first = await stage.call(id_, "suzuki")
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_))
    refusal = await stage.refused("suzuki", RefuseEscalation(id_, first))
    assert (refusal.code, refusal.values) == ("taken", {"holder": "takahashi", "since": at("14:45")})


async def test_what_is_over_is_not_refused(stage: Floor) -> None:
    """After the end a no is answered with the time of the end."""
    _, id_ = await stage.raised()
    await stage.until("14:40")
    await stage.does("sato", WithdrawEscalation(id_))
    refusal = await stage.refused("suzuki", RefuseEscalation(id_))
    assert (refusal.code, refusal.values["since"]) == ("closed", at("14:40"))


@pytest.mark.parametrize("person", ["sato", "ito", "takahashi", "hayashi", "boss", "kansa"])
async def test_only_who_is_called_refuses(stage: Floor, person: str) -> None:
    """A no of somebody who was not asked means nothing."""
    _, id_ = await stage.raised()
    assert (await stage.refused(person, RefuseEscalation(id_))).code == "not_allowed"


async def test_the_words_of_a_refusal_stay_inside(stage: Floor) -> None:
    """The reason stands in the timeline and in no notice; a refused refusal leaves none."""
    number, id_ = await stage.raised()
    await stage.does("sato", ClimbEscalation(id_))
    await stage.does("suzuki", RefuseEscalation(id_, reason="会議中です"))
    await stage.refused("ito", RefuseEscalation(id_, reason="関係ありません"))
    texts = [line.text for line in (await stage.case(number)).timeline if line.text]
    assert texts == ["会議中です"]
    assert not any("会議中" in f"{message}" for _, message in (*stage.push.sent, *stage.mail.sent))

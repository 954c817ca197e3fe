"""Reassigning: a side call to one person, while the ladder or the holder waits."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation, ReassignEscalation, RefuseEscalation, WithdrawEscalation
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at

TWO_RUNGS = with_policy("two", rung(2, "person:suzuki") + rung(3, "person:hayashi"))
WITHOUT_ITO = DESK[: DESK.index('[[person]]\nid = "ito"')] + DESK[DESK.index('[[person]]\nid = "mori"') :]


async def test_only_the_target_is_called(stage: Floor) -> None:
    """All open calls end and those people are told; the target has the rung's whole accept-by."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi", reason="担当が違います"))
    view = await stage.escalation(id_, "hayashi")
    assert (view.state, view.holder, view.accept_by) == ("calling", "sato", at("15:15"))
    assert await stage.calling(id_) == ["hayashi"]
    assert stage.push.told("ended") == [("14:45", "takahashi")]
    await stage.until("15:14")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi"), ("14:45", "hayashi")]
    assert [line.text for line in (await stage.case(number)).timeline if line.text] == ["担当が違います"]


@pytest.mark.parametrize("person", ["suzuki", "takahashi", "kobayashi"])
async def test_only_the_target_may_answer(stage: Floor, person: str) -> None:
    """While a side call waits nobody steps in; the answer names who is asked."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    refusal = await stage.refused(person, AcceptEscalation(id_))
    assert (refusal.code, refusal.values["authority"]) == ("not_allowed", "hayashi")


async def test_the_target_accepts_and_holds(stage: Floor) -> None:
    """From the target's acceptance on they are the holder."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.until("14:40")
    await stage.does("hayashi", AcceptEscalation(id_, await stage.call(id_, "hayashi")))
    assert await stage.holders(number) == [("sato", "14:32"), ("hayashi", "14:40")]


async def test_refused_the_ladder_goes_on_with_the_time_that_was_left(stage: Floor) -> None:
    """Whoever had a call is called anew, the backup and the next rung come as much later as the side call took."""
    _, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("kobayashi", ReassignEscalation(id_, "hayashi"))
    await stage.until("14:40")
    await stage.does("hayashi", RefuseEscalation(id_))
    await stage.until("15:07")
    assert stage.push.calls()[2:] == [("14:40", "suzuki"), ("14:47", "takahashi"), ("15:07", "kobayashi")]


async def test_silence_of_the_target_counts_as_a_refusal(stage: Floor) -> None:
    """At the target's accept-by whoever had a call, but the one who reassigned, is called anew."""
    _, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("suzuki", ReassignEscalation(id_, "kobayashi"))
    await stage.until("15:32")
    assert stage.push.calls()[2:] == [("14:45", "kobayashi"), ("15:15", "takahashi"), ("15:32", "hayashi")]


async def test_with_nobody_to_call_anew_the_backup_is_called(stage: Floor) -> None:
    """The one who reassigned is not called again: the backup is, at once."""
    _, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("suzuki", ReassignEscalation(id_, "kobayashi"))
    await stage.until("14:38")
    await stage.does("kobayashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]
    assert stage.push.calls()[-1] == ("14:38", "takahashi")


async def test_with_no_backup_either_the_next_rung_is_called(stage: Floor) -> None:
    """Nobody of the rung is left: the next one is called at once."""
    await stage.apply(TWO_RUNGS)
    _, id_ = await stage.raised(policy="two")
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    await stage.until("14:38")
    await stage.does("takahashi", RefuseEscalation(id_))
    assert stage.push.calls()[-1] == ("14:38", "hayashi")


async def test_who_refused_before_is_not_called_anew(stage: Floor) -> None:
    """The duty refused, the backup passed it on in vain: the next rung, and neither of the two again."""
    _, id_ = await stage.raised()
    await stage.does("kobayashi", ReassignEscalation(id_, "hayashi"))
    await stage.does("hayashi", RefuseEscalation(id_))
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.does("takahashi", ReassignEscalation(id_, "hayashi"))
    await stage.until("14:40")
    await stage.does("hayashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["kobayashi"]


async def test_the_target_passes_it_on_further(stage: Floor) -> None:
    """A side call may be passed on; the ladder still goes on with the time it had left at the first."""
    _, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.until("14:40")
    await stage.does("hayashi", ReassignEscalation(id_, "kobayashi"))
    assert await stage.calling(id_) == ["kobayashi"]
    await stage.until("14:45")
    await stage.does("kobayashi", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["suzuki"]
    assert (await stage.escalation(id_)).accept_by == at("15:12")


@pytest.mark.parametrize(("refused", "since"), [(True, "15:10"), (False, "15:30")])
async def test_a_holder_keeps_what_the_target_does_not_take(stage: Floor, refused: bool, since: str) -> None:
    """Held: refusal or silence of the target, and it is accepted as before, with a hold anew; the holder is told."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    await stage.until("15:00")
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi", await stage.call(id_, "suzuki")))
    assert (await stage.escalation(id_)).holder == "suzuki"
    await stage.until("15:10")
    if refused:
        await stage.does("hayashi", RefuseEscalation(id_))
    await stage.until("15:40")
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.state, view.holder, view.next.does) == ("accepted", "suzuki", "hold")
    assert view.next.at == at(since) + 7_200_000
    assert stage.push.told("not_taken") == [(since, "suzuki")]
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]


async def test_an_alarm_is_reassigned_by_an_admin(stage: Floor) -> None:
    """Who takes no calls may pass on what stands; when the target is silent the alarm calls again at once."""
    _, id_ = await stage.raised()
    assert (await stage.refused("boss", ReassignEscalation(id_, "suzuki"))).code == "not_allowed"
    await stage.until("17:35")
    await stage.does("boss", ReassignEscalation(id_, "suzuki"))
    assert await stage.calling(id_) == ["suzuki"]
    await stage.until("18:05")
    assert (await stage.escalation(id_)).state == "standing"
    assert stage.push.calls()[-1] == ("18:05", "kobayashi")


@pytest.mark.parametrize("person", ["sato", "suzuki", "takahashi", "hayashi"])
async def test_who_may_reassign(stage: Floor, person: str) -> None:
    """Who is called, the holder, a supervisor of the team or above it."""
    _, id_ = await stage.raised()
    await stage.does(person, ReassignEscalation(id_, "kobayashi"))
    assert await stage.calling(id_) == ["kobayashi"]


@pytest.mark.parametrize(("person", "code"), [("ito", "not_allowed"), ("kansa", "not_allowed"), ("mori", "unknown")])
async def test_who_may_not_reassign(stage: Floor, person: str, code: str) -> None:
    """Nobody passes on what is not theirs; once it is taken they read by whom."""
    _, id_ = await stage.raised()
    assert (await stage.refused(person, ReassignEscalation(id_, "kobayashi"))).code == code
    await stage.does("suzuki", AcceptEscalation(id_))
    after = "unknown" if code == "unknown" else "taken"
    assert (await stage.refused(person, ReassignEscalation(id_, "kobayashi"))).code == after


@pytest.mark.parametrize(
    ("to", "code", "detail"),
    [
        ("sato", "conflict", "holds_already"),
        ("nobody", "invalid", "no_such_person"),
        ("mori", "not_allowed", "target_no_channel"),
        ("kansa", "not_allowed", "target_no_sight"),
        ("ito", "not_allowed", "target_inactive"),
    ],
)
async def test_whom_it_cannot_be_passed_to(stage: Floor, to: str, code: str, detail: str) -> None:
    """The holder has it already; who is gone, who may not see it and who cannot be reached is not called."""
    _, id_ = await stage.raised()
    await stage.apply(WITHOUT_ITO)
    refusal = await stage.refused("suzuki", ReassignEscalation(id_, to))
    assert (refusal.code, refusal.detail) == (code, detail)
    assert await stage.calling(id_) == ["suzuki"]


async def test_reassigning_twice_is_one_side_call(stage: Floor) -> None:
    """The same person to the same target again: answered as the first time."""
    _, id_ = await stage.raised()
    command = ReassignEscalation(id_, "hayashi", await stage.call(id_, "suzuki"))
    await stage.does("suzuki", command)
    assert (await stage.does("suzuki", command)).again
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "hayashi")]


async def test_an_ended_call_passes_nothing_on(stage: Floor) -> None:
    """Passed to the backup: stale. Accepted by somebody: taken. Over: closed."""
    _, id_ = await stage.raised(policy="outage")
    command = ReassignEscalation(id_, "hayashi", await stage.call(id_, "suzuki"))
    await stage.until("14:38")
    assert (await stage.refused("suzuki", command)).code == "stale"
    await stage.does("takahashi", AcceptEscalation(id_))
    assert (await stage.refused("suzuki", command)).values["holder"] == "takahashi"
    await stage.does("takahashi", WithdrawEscalation(id_))
    assert (await stage.refused("suzuki", command)).code == "closed"

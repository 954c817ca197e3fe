"""Ending: withdrawn by whoever asked, resolved by whoever holds, "still on it" in between."""

from __future__ import annotations

import pytest

from core.engine.outcome import Done
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ResolveEscalation,
    WithdrawEscalation,
)
from core.people.model import SYSTEM
from tests.stories.floor import Floor, at


async def test_the_raiser_withdraws_before_an_acceptance(stage: Floor) -> None:
    """It ends, all calls end, the called are told silently and the one who withdrew is not."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("sato", WithdrawEscalation(id_, "お客様と話がつきました"))
    view = await stage.escalation(id_)
    assert (view.state, view.next, await stage.calling(id_)) == ("withdrawn", None, [])
    assert sorted(stage.push.told("ended")) == [("14:45", "suzuki"), ("14:45", "takahashi")]
    await stage.until("18:00")
    assert len(stage.push.calls()) == 2
    assert await stage.holders(number) == [("sato", "14:32")]


@pytest.mark.parametrize("person", ["ito", "suzuki", "takahashi", "hayashi", "boss", "kansa"])
async def test_nobody_else_withdraws_before_an_acceptance(stage: Floor, person: str) -> None:
    """Who is called says no, or passes it on; only the raiser takes the question back."""
    _, id_ = await stage.raised()
    assert (await stage.refused(person, WithdrawEscalation(id_))).code == "not_allowed"


@pytest.mark.parametrize("person", ["suzuki", "takahashi", "kobayashi"])
async def test_the_holder_or_a_supervisor_withdraws_after_it(stage: Floor, person: str) -> None:
    """From the first acceptance on it is theirs to end, and the raiser's no more."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("sato", WithdrawEscalation(id_))).code == "not_allowed"
    await stage.until("14:50")
    await stage.does(person, WithdrawEscalation(id_))
    assert (await stage.escalation(id_)).state == "withdrawn"
    assert (await stage.holders(number))[-1] == ("suzuki", "14:32")
    assert ("14:50", "sato") in stage.push.told("ended")


async def test_after_the_hold_the_raiser_does_not_withdraw(stage: Floor) -> None:
    """Calling again after an acceptance is not "before the first acceptance"."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    assert (await stage.refused("sato", WithdrawEscalation(id_))).code == "not_allowed"


async def test_what_the_system_raised_a_supervisor_withdraws(stage: Floor) -> None:
    """Without a raiser the supervisors of the team may end it, the floor may not."""
    number = await stage.ticket()
    done = await stage.desk.handle(RaiseEscalation(number), SYSTEM)
    assert isinstance(done, Done)
    id_ = int(done.ref)
    assert (await stage.refused("sato", WithdrawEscalation(id_))).code == "not_allowed"
    await stage.does("takahashi", WithdrawEscalation(id_))
    assert (await stage.escalation(id_)).state == "withdrawn"


async def test_withdrawing_twice_is_one_end(stage: Floor) -> None:
    """Before and after an acceptance the second press is answered as the first; to others it is closed."""
    number, id_ = await stage.raised()
    await stage.does("sato", WithdrawEscalation(id_))
    assert (await stage.does("sato", WithdrawEscalation(id_))).again
    assert (await stage.refused("ito", WithdrawEscalation(id_))).code == "closed"
    id_ = int((await stage.does("sato", RaiseEscalation(number))).ref)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", WithdrawEscalation(id_))
    assert (await stage.does("suzuki", WithdrawEscalation(id_))).again
    assert (await stage.refused("sato", WithdrawEscalation(id_))).code == "closed"


async def test_the_holder_resolves_and_keeps_the_ticket(stage: Floor) -> None:
    """The escalation ends; who holds the ticket still does."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:00")
    await stage.does("suzuki", ResolveEscalation(id_, "返金でご了承いただきました"))
    case = await stage.case(number)
    assert (case.escalations[0].state, case.ticket.status, case.ticket.holder) == ("resolved", "in_progress", "suzuki")
    assert [line.text for line in case.timeline if line.text] == ["返金でご了承いただきました"]
    assert (await stage.does("suzuki", ResolveEscalation(id_))).again


async def test_the_holder_resolves_and_the_ticket_is_done(stage: Floor) -> None:
    """With `close` the ledger row ends with it, and whoever was called still hears so."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:00")
    await stage.does("suzuki", ResolveEscalation(id_, close=True))
    case = await stage.case(number)
    assert (case.escalations[0].state, case.ticket.status, case.ticket.holder) == ("resolved", "done", None)
    assert ("15:00", "sato") in stage.push.told("ended")


async def test_only_the_holder_resolves(stage: Floor) -> None:
    """Nobody settles what somebody else holds, and nothing is settled that nobody accepted."""
    _, id_ = await stage.raised()
    assert (await stage.refused("suzuki", ResolveEscalation(id_))).code == "not_allowed"
    early = await stage.refused("sato", ResolveEscalation(id_))
    assert (early.code, early.detail) == ("conflict", "not_accepted_yet")
    await stage.does("suzuki", AcceptEscalation(id_))
    late = await stage.refused("sato", ResolveEscalation(id_))
    assert (late.code, late.values) == ("not_allowed", {"holder": "suzuki"})


async def test_the_holder_resolves_while_it_calls_again(stage: Floor) -> None:
    """The hold passed while they were at it: what is settled is settled, and the calls end."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("suzuki", ResolveEscalation(id_))
    assert (await stage.escalation(id_)).state == "resolved"
    assert ("17:05", "takahashi") in stage.push.told("ended")


async def test_still_on_it_begins_the_hold_anew(stage: Floor) -> None:
    """Asked or not, the holder's word gives them the whole hold again."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("16:40")
    assert (await stage.escalation(id_)).asked
    assert ("16:32", "suzuki") in stage.push.told("still_on_it")
    await stage.does("suzuki", ConfirmEscalation(id_))
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.asked, view.next.does, view.next.at) == (False, "hold", at("18:40"))


async def test_still_on_it_ends_the_calls_after_the_hold(stage: Floor) -> None:
    """Calling began again: the holder's word ends it, and who was called is told."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    await stage.does("suzuki", ConfirmEscalation(id_))
    assert (await stage.escalation(id_)).state == "accepted"
    assert await stage.calling(id_) == []
    assert ("17:05", "takahashi") in stage.push.told("ended")
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]


async def test_only_who_held_it_is_still_on_it(stage: Floor) -> None:
    """Before an acceptance nobody is; after it the others read who is."""
    _, id_ = await stage.raised()
    assert (await stage.refused("sato", ConfirmEscalation(id_))).code == "not_allowed"
    await stage.does("suzuki", AcceptEscalation(id_))
    refusal = await stage.refused("takahashi", ConfirmEscalation(id_))
    assert (refusal.code, refusal.values) == ("taken", {"holder": "suzuki", "since": at("14:32")})


@pytest.mark.parametrize(
    "command",
    [AcceptEscalation, RefuseEscalation, ClimbEscalation, ConfirmEscalation, WithdrawEscalation, ResolveEscalation],
)
async def test_after_the_end_everything_is_closed(stage: Floor, command: type) -> None:
    """Whoever comes too late reads since when it is over and who held it."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:50")
    await stage.does("suzuki", ResolveEscalation(id_))
    refusal = await stage.refused("takahashi", command(id_))
    assert (refusal.code, refusal.values) == ("closed", {"since": at("14:50"), "holder": "suzuki"})
    passed = await stage.refused("takahashi", ReassignEscalation(id_, "hayashi"))
    assert passed.code == "closed"

"""Around the ticket: claim, offer, close, reopen, edit; who holds it is never in doubt."""

from __future__ import annotations

import pytest

from core.engine.outcome import Done
from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReassignEscalation
from core.people.model import SYSTEM
from core.tickets.commands import (
    ClaimTicket,
    CloseTicket,
    EditTicket,
    PutOnWait,
    ReleaseTicket,
    ReopenTicket,
)
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at

WITHOUT_ITO = DESK[: DESK.index('[[person]]\nid = "ito"')] + DESK[DESK.index('[[person]]\nid = "mori"') :]
SHOP_CALLED = with_policy("shop", rung(1, "person:mori"))


async def test_a_claim_holds_what_nobody_holds(stage: Floor) -> None:
    """The ledger begins with the claim; a second press is the same act; somebody else reads the holder."""
    number = await stage.ticket()
    await stage.until("14:40")
    await stage.does("ito", ClaimTicket(number))
    assert (await stage.does("ito", ClaimTicket(number))).again
    assert await stage.holders(number) == [("ito", "14:40")]
    refusal = await stage.refused("suzuki", ClaimTicket(number))
    assert (refusal.code, refusal.values) == ("taken", {"holder": "ito", "since": at("14:40")})


@pytest.mark.parametrize(("person", "code"), [("kansa", "not_allowed"), ("boss", "not_allowed"), ("mori", "unknown")])
async def test_who_may_not_claim(stage: Floor, person: str, code: str) -> None:
    """Who only reads holds nothing; another team does not know of it."""
    number = await stage.ticket()
    assert (await stage.refused(person, ClaimTicket(number))).code == code


async def test_a_release_is_an_offer(stage: Floor) -> None:
    """The holder stays until the named person claims it, and that person is told."""
    await stage.give_phones("ito")
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.until("14:40")
    await stage.does("sato", ReleaseTicket(number, "ito"))
    assert (await stage.does("sato", ReleaseTicket(number, "ito"))).again
    assert stage.push.told("offer") == [("14:40", "ito")]
    assert (await stage.case(number)).ticket.holder == "sato"
    assert (await stage.refused("suzuki", ClaimTicket(number))).values["holder"] == "sato"
    await stage.until("14:50")
    await stage.does("ito", ClaimTicket(number))
    assert await stage.holders(number) == [("sato", "14:32"), ("ito", "14:50")]


async def test_the_newest_offer_counts(stage: Floor) -> None:
    """Offered to somebody else, the first person may claim it no more."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", ReleaseTicket(number, "ito"))
    await stage.does("sato", ReleaseTicket(number, "suzuki"))
    assert (await stage.refused("ito", ClaimTicket(number))).code == "taken"
    await stage.does("suzuki", ClaimTicket(number))
    assert (await stage.holders(number))[-1][0] == "suzuki"


@pytest.mark.parametrize(
    ("to", "code"),
    [("sato", "conflict"), ("nobody", "invalid"), ("kansa", "not_allowed"), ("mori", "not_allowed")],
)
async def test_whom_it_cannot_be_offered_to(stage: Floor, to: str, code: str) -> None:
    """Not the holder, not who may not work on it, not who is not there."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    assert (await stage.refused("sato", ReleaseTicket(number, to))).code == code


async def test_only_the_holder_offers(stage: Floor) -> None:
    """Others read who holds it; what is done is not offered."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    refusal = await stage.refused("ito", ReleaseTicket(number, "suzuki"))
    assert (refusal.code, refusal.values) == ("not_allowed", {"holder": "sato"})
    await stage.does("sato", CloseTicket(number))
    assert (await stage.refused("sato", ReleaseTicket(number, "ito"))).code == "closed"


async def test_who_claims_what_they_are_called_for_has_accepted(stage: Floor) -> None:
    """The called person takes the ticket by an offer: the ladder stops, nobody else is called for it."""
    number, id_ = await stage.raised()
    await stage.does("sato", ReleaseTicket(number, "suzuki"))
    await stage.until("14:35")
    await stage.does("suzuki", ClaimTicket(number))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by, view.held_since) == ("accepted", "suzuki", at("14:35"))
    await stage.until("15:30")
    assert stage.push.calls() == [("14:32", "suzuki")]
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:35")]


async def test_a_claim_by_somebody_else_leaves_the_call_going(stage: Floor) -> None:
    """Holding is not deciding: the call goes on to who was asked for, and not to the new holder."""
    number, id_ = await stage.raised()
    await stage.does("sato", ReleaseTicket(number, "takahashi"))
    await stage.does("takahashi", ClaimTicket(number))
    await stage.until("15:02")
    assert (await stage.escalation(id_)).state == "calling"
    assert stage.push.calls() == [("14:32", "suzuki"), ("15:02", "hayashi")]


async def test_an_accepted_escalation_goes_with_the_ticket(stage: Floor) -> None:
    """Handed on, the new holder holds both, and is asked after a whole hold of their own."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("16:40")
    await stage.does("suzuki", ReleaseTicket(number, "takahashi"))
    await stage.does("takahashi", ClaimTicket(number))
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.held_by, view.asked, view.next.does, view.next.at) == ("takahashi", False, "hold", at("18:40"))


async def test_handed_on_during_a_side_call(stage: Floor) -> None:
    """The new holder has it: the side call of the old one ends, and its target is told."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.does("suzuki", ReleaseTicket(number, "takahashi"))
    await stage.until("14:40")
    await stage.does("takahashi", ClaimTicket(number))
    assert (await stage.escalation(id_)).state == "accepted"
    assert ("14:40", "hayashi") in stage.push.told("ended")


async def test_the_holder_closes(stage: Floor) -> None:
    """The ledger row ends; a second press is the same act; others read that it is done."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    refusal = await stage.refused("ito", CloseTicket(number))
    assert (refusal.code, refusal.values) == ("not_allowed", {"holder": "sato"})
    await stage.does("sato", CloseTicket(number, "解決済みです"))
    assert (await stage.does("sato", CloseTicket(number))).again
    assert (await stage.refused("ito", CloseTicket(number))).code == "closed"
    assert (await stage.case(number)).ticket.holder is None


async def test_what_nobody_holds_is_closed_by_whoever_works_on_it(stage: Floor) -> None:
    """Nobody has to claim it first; twice is once."""
    number = await stage.ticket()
    assert (await stage.refused("kansa", CloseTicket(number))).code == "not_allowed"
    await stage.does("ito", CloseTicket(number))
    assert (await stage.does("ito", CloseTicket(number))).again
    assert await stage.holders(number) == []


async def test_done_resolves_what_is_open(stage: Floor) -> None:
    """The holder is done with it: the takeover ends as resolved and whoever was called hears so."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("sato", CloseTicket(number))
    assert (await stage.escalation(id_)).state == "resolved"
    assert sorted(stage.push.told("ended")) == [("14:45", "suzuki"), ("14:45", "takahashi")]
    await stage.until("18:00")
    assert len(stage.push.calls()) == 2


async def test_nobody_else_closes_what_is_escalated(stage: Floor) -> None:
    """While it is escalated only its holder is done with it; what nobody holds must be claimed first."""
    number, id_ = await stage.raised()
    refusal = await stage.refused("ito", CloseTicket(number))
    assert (refusal.code, refusal.values) == ("conflict", {"id": str(id_), "holder": "sato"})
    unclaimed = await stage.ticket()
    assert isinstance(await stage.desk.handle(RaiseEscalation(unclaimed), SYSTEM), Done)
    assert (await stage.refused("ito", CloseTicket(unclaimed))).code == "conflict"


async def test_reopened_the_last_holder_has_it_again(stage: Floor) -> None:
    """A new line of the ledger for the same person, and the same press twice is one act."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.until("14:40")
    await stage.does("sato", CloseTicket(number))
    await stage.until("14:50")
    await stage.does("ito", ReopenTicket(number, "再度お電話がありました"))
    assert (await stage.does("ito", ReopenTicket(number))).again
    assert await stage.holders(number) == [("sato", "14:32"), ("sato", "14:50")]
    await stage.does("sato", RaiseEscalation(number))


async def test_reopened_after_the_last_holder_left_nobody_has_it(stage: Floor) -> None:
    """Who has left holds nothing: the ticket is new again, for anybody to claim."""
    number = await stage.ticket()
    await stage.does("ito", ClaimTicket(number))
    await stage.does("ito", CloseTicket(number))
    await stage.apply(WITHOUT_ITO)
    await stage.does("sato", ReopenTicket(number))
    case = await stage.case(number)
    assert (case.ticket.status, case.ticket.holder) == ("new", None)


async def test_only_who_may_work_on_it_reopens(stage: Floor) -> None:
    """Who only reads leaves it as it is."""
    number = await stage.ticket()
    await stage.does("sato", CloseTicket(number))
    assert (await stage.refused("kansa", ReopenTicket(number))).code == "not_allowed"
    assert (await stage.refused("mori", ReopenTicket(number))).code == "unknown"


async def test_who_was_called_from_another_team_works_on_it_while_it_is_open(stage: Floor) -> None:
    """A call gives sight and team rights until it is done, and again when it is reopened."""
    await stage.apply(SHOP_CALLED)
    await stage.give_phones("mori")
    number, id_ = await stage.raised(policy="shop", level=1)
    await stage.does("mori", AcceptEscalation(id_))
    await stage.does("mori", CloseTicket(number))
    assert (await stage.refused("mori", PutOnWait(number, at("16:00")))).code == "unknown"
    await stage.does("sato", ReopenTicket(number))
    assert (await stage.case(number, "mori")).ticket.holder == "mori"


async def test_an_edit_needs_the_version_that_was_read(stage: Floor) -> None:
    """Somebody changed it meanwhile: nothing is overwritten, and the answer names the version now."""
    number = await stage.ticket()
    read = (await stage.case(number)).ticket.version
    await stage.does("ito", EditTicket(number, read, subject="納品数違い（3件）", tags=("至急",)))
    refusal = await stage.refused("sato", EditTicket(number, read, severity="high"))
    assert (refusal.code, refusal.values) == ("precondition_failed", {"version": read + 1})
    ticket = (await stage.case(number)).ticket
    assert (ticket.subject, ticket.tags, ticket.severity) == ("納品数違い（3件）", ("至急",), "normal")


async def test_only_who_may_work_on_it_edits(stage: Floor) -> None:
    """Who only reads changes nothing, and an edit of nothing is no event."""
    number = await stage.ticket()
    version = (await stage.case(number)).ticket.version
    assert (await stage.refused("kansa", EditTicket(number, version, severity="low"))).code == "not_allowed"
    await stage.does("sato", EditTicket(number, version))
    assert [line.kind for line in (await stage.case(number)).timeline] == ["ticket_created"]

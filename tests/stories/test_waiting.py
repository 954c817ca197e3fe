"""Waiting on somebody, always with a wake-up; comments and mentions, which move nothing."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation
from core.escalation.queries.questions import GetCase, Queue
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket, PutOnWait
from tests.stories.floor import Floor, at


async def test_a_waiting_ticket_wakes_and_its_holder_is_told(stage: Floor) -> None:
    """At the wake-up it is in progress again, and the holder hears so."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", PutOnWait(number, at("15:00"), note="お客様の折り返し待ち"))
    assert (await stage.case(number)).ticket.status == "waiting"
    await stage.until("15:00")
    ticket = (await stage.case(number)).ticket
    assert (ticket.status, ticket.wake_at, ticket.holder) == ("in_progress", None, "sato")
    assert stage.push.told("wake") == [("15:00", "sato")]


async def test_a_wake_up_that_moved_wakes_at_its_new_time(stage: Floor) -> None:
    """The newest word counts, and nobody is woken twice."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", PutOnWait(number, at("15:00")))
    await stage.does("ito", PutOnWait(number, at("16:00"), on="team", team="shop"))
    await stage.until("15:30")
    ticket = (await stage.case(number)).ticket
    assert (ticket.status, ticket.wait_for, ticket.wait_team) == ("waiting", "team", "shop")
    await stage.until("17:00")
    assert stage.push.told("wake") == [("16:00", "sato")]


async def test_what_is_done_wakes_nobody(stage: Floor) -> None:
    """Closed while it waited, the wake-up is gone."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", PutOnWait(number, at("15:00")))
    await stage.does("sato", CloseTicket(number))
    await stage.until("16:00")
    assert (await stage.case(number)).ticket.status == "done"
    assert stage.push.told("wake") == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"until": at("14:32")}, "until"),
        ({"until": at("14:00")}, "until"),
        ({"until": at("14:32", "2027-12-31")}, "until"),
        ({"until": at("15:00"), "on": "team"}, "team"),
        ({"until": at("15:00"), "on": "team", "team": "nowhere"}, "team"),
    ],
)
async def test_a_wait_needs_an_end_and_a_team_that_exists(stage: Floor, fields: dict[str, object], field: str) -> None:
    """Not in the past, not beyond a year, not on a team that nobody knows."""
    number = await stage.ticket()
    refusal = await stage.refused("sato", PutOnWait(number, **fields))  # type: ignore[arg-type]
    assert (refusal.code, refusal.field) == ("invalid", field)


async def test_who_may_not_put_it_on_wait(stage: Floor) -> None:
    """Who only reads; and what is done does not wait."""
    number = await stage.ticket()
    assert (await stage.refused("kansa", PutOnWait(number, at("15:00")))).code == "not_allowed"
    await stage.does("sato", CloseTicket(number))
    assert (await stage.refused("sato", PutOnWait(number, at("15:00")))).code == "closed"


async def test_the_hold_rests_while_the_ticket_waits(stage: Floor) -> None:
    """Put on wait after an hour of the hold: the other hour begins with the wake-up."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:32")
    await stage.does("suzuki", PutOnWait(number, at("18:00")))
    await stage.until("18:00")
    view = await stage.escalation(id_)
    assert stage.push.told("still_on_it") == []
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("hold", at("19:00"))


async def test_the_hold_of_a_ticket_that_waits_begins_with_its_wake_up(stage: Floor) -> None:
    """Accepted while it waits: nobody is asked before it is awake."""
    number, id_ = await stage.raised()
    await stage.does("sato", PutOnWait(number, at("20:00")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("19:00")
    assert stage.push.told("still_on_it") == []
    await stage.until("20:00")
    view = await stage.escalation(id_)
    assert view.next is not None
    assert view.next.at == at("22:00")


async def test_the_ladder_goes_on_while_the_ticket_waits(stage: Floor) -> None:
    """Waiting on a customer is no answer to the call."""
    number, _ = await stage.raised()
    await stage.does("sato", PutOnWait(number, at("20:00")))
    await stage.until("14:42")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi")]


async def test_a_mention_tells_and_moves_nothing(stage: Floor) -> None:
    """Colleagues who may see the ticket are told; responsibility stays where it is."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", AddComment(number, "@suzuki @mori @nobody @sato 確認をお願いします"))
    assert stage.push.told("mention") == [("14:32", "suzuki")]
    case = await stage.case(number)
    assert case.timeline[-1].text == "@suzuki @mori @nobody @sato 確認をお願いします"
    assert await stage.holders(number) == [("sato", "14:32")]
    assert not any("確認" in f"{message}" for _, message in stage.push.sent)


@pytest.mark.parametrize("text", ["", "   ", "\n\t　"])
async def test_a_comment_says_something(stage: Floor, text: str) -> None:
    """Nothing, and nothing but blanks, is no comment."""
    number = await stage.ticket()
    refusal = await stage.refused("sato", AddComment(number, text))
    assert (refusal.code, refusal.field) == ("invalid", "text")


async def test_who_only_reads_does_not_comment(stage: Floor) -> None:
    """An auditor leaves no trace in what they read."""
    number = await stage.ticket()
    assert (await stage.refused("kansa", AddComment(number, "見ました"))).code == "not_allowed"


async def test_looking_moves_nothing(stage: Floor) -> None:
    """Reading a case, a list or a call leaves journal and ledger as they were."""
    number, id_ = await stage.raised()
    before = (await stage.case(number)).timeline
    for person in ("suzuki", "kansa", "ito"):
        await stage.ask(person, GetCase(number))
        await stage.ask(person, Queue("escalated"))
        await stage.escalation(id_, person)
    assert (await stage.case(number, "ito")).timeline == before
    assert await stage.holders(number) == [("sato", "14:32")]

"""Handover at the end of a shift: an offer for each ticket, and the holder stays until each is accepted."""

from __future__ import annotations

import pytest

from core.engine.outcome import Refusal
from core.escalation.commands import AcceptEscalation
from core.escalation.handing.commands import AcceptHandover, HandOver, RefuseHandover
from core.escalation.handing.views import GetHandover, Handovers, HandoversView, HandoverView
from core.people.commands import TakeLeave
from core.tickets.commands import ClaimTicket, CloseTicket, RefuseOffer, ReleaseTicket, RestrictTicket
from tests.stories.floor import Floor

NOTES = "二件とも折り返し待ちです。"


async def three(stage: Floor) -> list[int]:
    """佐藤 holds three tickets, and 伊藤 has a phone."""
    await stage.give_phones("ito")
    numbers = [await stage.ticket() for _ in range(3)]
    for number in numbers:
        await stage.does("sato", ClaimTicket(number))
    return numbers


async def view(stage: Floor, id_: int, reader: str = "ito") -> HandoverView:
    shown = await stage.ask(reader, GetHandover(id_))
    assert isinstance(shown, HandoverView), shown
    return shown


async def given(stage: Floor, **fields: object) -> int:
    """佐藤 hands over to 伊藤: the handover."""
    return int((await stage.does("sato", HandOver("ito", NOTES, **fields))).ref)  # type: ignore[arg-type]


async def test_an_offer_for_each(stage: Floor) -> None:
    """All that I hold is offered, the notes with it, and I stay responsible for every one."""
    numbers = await three(stage)
    shown = await view(stage, await given(stage))
    assert [ticket.state for ticket in shown.tickets] == ["offered"] * 3
    assert (shown.holder, shown.to, shown.notes) == ("sato", "ito", NOTES)
    for number in numbers:
        assert await stage.holders(number) == [("sato", "14:32")]


async def test_one_notice_with_the_count_only(stage: Floor) -> None:
    """However many there are, who is asked hears it once: how many, no number, no name, no notes."""
    await three(stage)
    await given(stage)
    assert stage.push.told("handover") == [("14:32", "ito")]
    assert stage.push.told("offer") == []
    payload = stage.push.sent[-1][1].payload.decode()
    assert "3 tickets" in payload
    assert not any(word in payload for word in ("sato", "佐藤", NOTES))


async def test_accepted_one_by_one(stage: Floor) -> None:
    """What is taken moves at that instant, the rest stays."""
    first, second, _ = await three(stage)
    id_ = await given(stage)
    await stage.until("14:40")
    await stage.does("ito", ClaimTicket(first))
    assert await stage.holders(first) == [("sato", "14:32"), ("ito", "14:40")]
    assert await stage.holders(second) == [("sato", "14:32")]
    assert [ticket.state for ticket in (await view(stage, id_)).tickets] == ["accepted", "offered", "offered"]


async def test_accepted_all_at_once(stage: Floor) -> None:
    """One act for all that is left."""
    numbers = await three(stage)
    id_ = await given(stage)
    await stage.does("ito", ClaimTicket(numbers[0]))
    await stage.until("14:40")
    await stage.does("ito", AcceptHandover(id_))
    assert [(await stage.holders(number))[-1] for number in numbers] == [
        ("ito", "14:32"),
        ("ito", "14:40"),
        ("ito", "14:40"),
    ]
    assert (await stage.does("ito", AcceptHandover(id_))).again


async def test_one_is_refused(stage: Floor) -> None:
    """The holder stays and is told; the others still wait for an answer."""
    await stage.give_phones("sato")
    first, second, _ = await three(stage)
    id_ = await given(stage)
    await stage.does("ito", RefuseOffer(first))
    assert [ticket.state for ticket in (await view(stage, id_)).tickets] == ["over", "offered", "offered"]
    assert stage.push.told("offer_refused") == [("14:32", "sato")]
    assert (await stage.refused("ito", RefuseOffer(first))).code == "stale"
    await stage.does("ito", ClaimTicket(second))


async def test_all_are_refused(stage: Floor) -> None:
    """The holder hears it once, not once a ticket."""
    numbers = await three(stage)
    id_ = await given(stage)
    await stage.does("ito", RefuseHandover(id_))
    assert stage.push.told("handover_refused") == [("14:32", "sato")]
    assert stage.push.told("offer_refused") == []
    assert all([(await stage.case(number)).ticket.holder == "sato" for number in numbers])
    assert (await stage.does("ito", RefuseHandover(id_))).again


async def test_the_same_twice(stage: Floor) -> None:
    """Pressing twice is one handover and one notice; with other notes, or to another, it is a new one."""
    await three(stage)
    id_ = await given(stage)
    again = await stage.does("sato", HandOver("ito", NOTES))
    assert (again.again, int(again.ref)) == (True, id_)
    assert len(stage.push.told("handover")) == 1
    assert int((await stage.does("sato", HandOver("suzuki", NOTES))).ref) != id_
    assert [ticket.state for ticket in (await view(stage, id_)).tickets] == ["over"] * 3


async def test_only_some(stage: Floor) -> None:
    """The tickets that are named, and of these only my own."""
    first, second, _ = await three(stage)
    other = await stage.ticket("suzuki")
    await stage.does("suzuki", ClaimTicket(other))
    shown = await view(stage, await given(stage, tickets=(first, second, other)))
    assert [ticket.ticket for ticket in shown.tickets] == [first, second]


async def test_what_they_may_not_work_on_stays(stage: Floor) -> None:
    """A restricted ticket is not in the handover, and not in its count."""
    first, *_ = await three(stage)
    await stage.does("sato", RestrictTicket(first, ("sato",)))
    shown = await view(stage, await given(stage))
    assert first not in [ticket.ticket for ticket in shown.tickets]
    assert "2 tickets" in stage.push.sent[-1][1].payload.decode()


async def test_an_escalation_goes_along(stage: Floor) -> None:
    """Whoever takes over a ticket that was accepted holds the escalation as well, for a whole hold."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    handover = int((await stage.does("suzuki", HandOver("takahashi"))).ref)
    await stage.until("14:50")
    await stage.does("takahashi", AcceptHandover(handover))
    escalation = await stage.escalation(id_)
    assert (escalation.held_by, (await stage.holders(number))[-1]) == ("takahashi", ("takahashi", "14:50"))


async def test_for_somebody_absent(stage: Floor) -> None:
    """A supervisor hands over what somebody on leave holds; who is away hears of it."""
    number, *_ = await three(stage)
    assert (await stage.refused("suzuki", HandOver("ito", holder="sato"))).detail == "holder_present"
    await stage.does("sato", TakeLeave())
    mine = await stage.ask("suzuki", Handovers())
    assert isinstance(mine, HandoversView)
    assert mine.absent == ("sato",)
    done = await stage.does("suzuki", HandOver("ito", NOTES, holder="sato"))
    assert (await stage.holders(number))[-1] == ("sato", "14:32")
    await stage.does("ito", AcceptHandover(int(done.ref)))
    assert (await stage.holders(number))[-1] == ("ito", "14:32")


async def test_off_duty_is_absent(stage: Floor) -> None:
    """Whose shift is over can be spared a call: a supervisor hands over for them."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("hayashi", HandOver("takahashi", holder="suzuki"))).detail == "holder_present"
    await stage.until("18:30")
    done = await stage.does("hayashi", HandOver("takahashi", holder="suzuki"))
    assert (await view(stage, int(done.ref), "takahashi")).tickets[0].ticket == number


@pytest.mark.parametrize(
    ("person", "command", "code", "detail"),
    [
        ("sato", HandOver("sato"), "conflict", "holds_already"),
        ("sato", HandOver("nobody"), "invalid", "no_such_person"),
        ("sato", HandOver("boss"), "not_allowed", "target_cannot"),
        ("sato", HandOver("mori"), "not_allowed", "target_cannot"),
        ("ito", HandOver("suzuki"), "conflict", "holds_nothing"),
        ("ito", HandOver("suzuki", holder="sato"), "not_allowed", "holder_or_supervisor"),
        ("mori", HandOver("suzuki", holder="sato"), "not_allowed", "holder_or_supervisor"),
        ("boss", HandOver("suzuki", holder="sato"), "not_allowed", "holder_or_supervisor"),
        ("suzuki", HandOver("nobody", holder="sato"), "not_allowed", "holder_present"),
        ("suzuki", HandOver("ito", holder="nobody"), "not_allowed", "holder_or_supervisor"),
    ],
)
async def test_refusals(stage: Floor, person: str, command: HandOver, code: str, detail: str) -> None:
    """In the order of the table."""
    await three(stage)
    refusal = await stage.refused(person, command)
    assert (refusal.code, refusal.detail) == (code, detail)


async def test_not_to_who_is_away(stage: Floor) -> None:
    """Nobody on leave is asked."""
    await three(stage)
    await stage.does("ito", TakeLeave())
    assert (await stage.refused("sato", HandOver("ito"))).detail == "target_away"


async def test_only_who_is_asked_answers(stage: Floor) -> None:
    """The holder reads that, everybody else that there is no such handover."""
    await three(stage)
    id_ = await given(stage)
    for command in (AcceptHandover(id_), RefuseHandover(id_)):
        assert (await stage.refused("sato", command)).code == "not_allowed"
        assert (await stage.refused("suzuki", command)).code == "unknown"
    assert (await stage.refused("ito", AcceptHandover(99))).code == "unknown"
    assert isinstance(await stage.ask("suzuki", GetHandover(id_)), Refusal)


async def test_an_offer_that_is_over_is_no_offer(stage: Floor) -> None:
    """Closed, or offered to somebody else since: it is not taken with the rest."""
    first, second, third = await three(stage)
    id_ = await given(stage)
    await stage.does("sato", CloseTicket(first))
    await stage.does("sato", ReleaseTicket(second, "suzuki"))
    await stage.does("ito", AcceptHandover(id_))
    assert [(await stage.holders(number))[-1][0] for number in (first, second, third)] == ["sato", "sato", "ito"]
    assert (await stage.refused("ito", RefuseOffer(first))).code == "closed"


async def test_the_page_of_each(stage: Floor) -> None:
    """What I hold, what waits for my answer, what I have given."""
    numbers = await three(stage)
    await given(stage)
    giver, taker = await stage.ask("sato", Handovers()), await stage.ask("ito", Handovers())
    assert [ticket.ticket for ticket in giver.held] == numbers
    assert (len(giver.given), len(giver.offered), len(taker.given), len(taker.offered)) == (1, 0, 0, 1)
    assert (giver.absent, taker.absent) == ((), ())

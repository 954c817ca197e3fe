"""At once: of several people exactly one wins, and the others read what is true now."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import Struct

from core.engine.desk import Key
from core.engine.outcome import Done, Refusal
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    TakePhoneTask,
    WithdrawEscalation,
)
from core.escalation.queries.questions import PhoneTasks
from core.people.model import Actor
from core.tickets.commands import ClaimTicket, CloseTicket, ReleaseTicket
from tests.stories.floor import Floor, at


async def at_once(stage: Floor, *tried: tuple[str, Struct]) -> tuple[list[Done], list[Refusal]]:
    """All of these in the same instant: what was done, what was refused."""
    outcomes = await asyncio.gather(*(stage.desk.handle(command, Actor("person", who)) for who, command in tried))
    await stage.settle()
    return [o for o in outcomes if isinstance(o, Done)], [o for o in outcomes if isinstance(o, Refusal)]


async def test_two_accept_at_once(stage: Floor) -> None:
    """One is the holder, the other reads by whom it is held since when, and the ledger has one line more."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    done, refused = await at_once(
        stage,
        ("suzuki", AcceptEscalation(id_)),
        ("takahashi", AcceptEscalation(id_)),
        ("hayashi", AcceptEscalation(id_)),
    )
    assert (len(done), [refusal.code for refusal in refused]) == (1, ["taken", "taken"])
    holders = await stage.holders(number)
    assert len(holders) == 2
    assert [refusal.values for refusal in refused] == [{"holder": holders[1][0], "since": at("14:45")}] * 2


async def test_one_person_presses_five_times(stage: Floor) -> None:
    """Five taps are one acceptance, and every tap reads success."""
    number, id_ = await stage.raised()
    command = AcceptEscalation(id_, await stage.call(id_, "suzuki"))
    done, refused = await at_once(stage, *[("suzuki", command)] * 5)
    assert (refused, sorted(one.again for one in done)) == ([], [False, True, True, True, True])
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]


async def test_the_same_raise_twice_at_once(stage: Floor) -> None:
    """One is raised; the other names it."""
    number = await stage.ticket()
    done, refused = await at_once(stage, ("sato", RaiseEscalation(number)), ("ito", RaiseEscalation(number)))
    assert [one.ref for one in done] == [refused[0].values["id"]]
    assert stage.push.calls() == [("14:32", "suzuki")]


async def test_the_same_key_is_one_raise(stage: Floor) -> None:
    """Sent again with its Idempotency-Key a raise is answered as it was; with another body it is refused."""
    number = await stage.ticket()
    sato = Actor("person", "sato")

    async def send(reason: str) -> Done | Refusal:
        key = Key("k1", "raise", reason.encode())
        return await stage.desk.handle(RaiseEscalation(number, reason=reason), sato, key)

    first, again, other = await send("急ぎ"), await send("急ぎ"), await send("別件")
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.ref == first.ref
    assert isinstance(other, Refusal)
    assert (other.code, other.detail) == ("conflict", "idempotency_key")


async def test_two_claim_at_once(stage: Floor) -> None:
    """One holds it, the other reads who."""
    number = await stage.ticket()
    _, refused = await at_once(stage, ("sato", ClaimTicket(number)), ("ito", ClaimTicket(number)))
    holders = await stage.holders(number)
    assert [refusal.values["holder"] for refusal in refused] == [holders[0][0]]


async def test_two_take_the_phone_at_once(stage: Floor) -> None:
    """One rings."""
    await stage.raised()
    await stage.until("14:43")
    task = int((await stage.ask("ito", PhoneTasks())).items[0].id)
    done, refused = await at_once(stage, ("sato", TakePhoneTask(task)), ("ito", TakePhoneTask(task)))
    assert (len(done), [refusal.code for refusal in refused]) == (1, ["taken"])


RACES: list[tuple[tuple[str, type[Struct], dict[str, str]], ...]] = [
    (("sato", WithdrawEscalation, {}), ("suzuki", AcceptEscalation, {})),
    (("suzuki", AcceptEscalation, {}), ("sato", WithdrawEscalation, {})),
    (("suzuki", RefuseEscalation, {}), ("takahashi", AcceptEscalation, {}), ("sato", ClimbEscalation, {})),
    (("suzuki", ReassignEscalation, {"to": "hayashi"}), ("takahashi", AcceptEscalation, {})),
    (("takahashi", ReassignEscalation, {"to": "hayashi"}), ("suzuki", ReassignEscalation, {"to": "kobayashi"})),
    (("suzuki", RefuseEscalation, {}), ("takahashi", RefuseEscalation, {}), ("suzuki", AcceptEscalation, {})),
]


@pytest.mark.parametrize("race", RACES)
async def test_any_two_at_once_leave_one_truth(
    stage: Floor, race: tuple[tuple[str, type[Struct], dict[str, str]], ...]
) -> None:
    """Whatever is done in the same instant, at most one holds it, and what is always true is true after it."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    done, refused = await at_once(stage, *((who, command(id_, **fields)) for who, command, fields in race))
    assert len(done) + len(refused) == len(race)
    assert {refusal.code for refusal in refused} <= {"taken", "stale", "closed", "not_allowed", "conflict"}
    assert (await stage.case(number)).ticket.holder == (await stage.holders(number))[-1][0]


async def test_done_and_accepted_at_once(stage: Floor) -> None:
    """The holder is done with it while somebody accepts: one of the two is true, never half of each."""
    number, id_ = await stage.raised()
    done, refused = await at_once(stage, ("sato", CloseTicket(number)), ("suzuki", AcceptEscalation(id_)))
    assert (len(done), len(refused)) == (1, 1)
    case = await stage.case(number)
    assert (case.ticket.status, case.escalations[0].state) in (("done", "resolved"), ("in_progress", "accepted"))


async def test_an_offer_and_an_acceptance_at_once(stage: Floor) -> None:
    """Offered to one and accepted by another: the acceptance holds, and the offer is over."""
    number, id_ = await stage.raised()
    await stage.does("sato", ReleaseTicket(number, "ito"))
    await stage.does("suzuki", AcceptEscalation(id_))
    refusal = await stage.refused("ito", ClaimTicket(number))
    assert (refusal.code, refusal.values["holder"]) == ("taken", "suzuki")

"""Return (de-escalation): back down to the raiser or another, with instructions; the holder stays until it is taken."""

from __future__ import annotations

import pytest

from core.escalation.commands import (
    AcceptEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ReturnEscalation,
    Undo,
)
from core.escalation.queries.questions import MyCalls
from tests.stories.floor import Floor, at

CALL_BACK = "折り返しのうえ、交換品を手配してください。"


async def held(stage: Floor) -> tuple[int, int]:
    """A call that 鈴木 accepted at 14:40: (ticket, escalation)."""
    number, id_ = await stage.raised()
    await stage.until("14:40")
    await stage.does("suzuki", AcceptEscalation(id_))
    return number, id_


async def test_the_raiser_is_asked_first(stage: Floor) -> None:
    """Only the raiser is called, with the instructions in the record, and the holder stays."""
    number, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, await stage.calling(id_)) == ("calling", "suzuki", ["sato"])
    assert stage.push.calls()[-1] == ("14:40", "sato")
    line = next(line for line in (await stage.case(number)).timeline if line.kind == "return_asked")
    assert (line.actor, line.values["to"], line.text) == ("suzuki", "sato", CALL_BACK)


async def test_taken_back_it_is_returned(stage: Floor) -> None:
    """Acceptance makes them the holder and ends the escalation; the way is free for another."""
    number, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    await stage.until("14:45")
    await stage.does("sato", AcceptEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.next) == ("returned", "sato", None)
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:40"), ("sato", "14:45")]
    assert ("14:45", "suzuki") in stage.push.told("ended")
    await stage.does("sato", RaiseEscalation(number))


async def test_the_notice_says_what_is_asked(stage: Floor) -> None:
    """Whoever is asked reads that it comes back down, and never the instructions themselves."""
    _, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    message = stage.push.sent[-1][1]
    assert "差し戻し" in message.subject
    assert CALL_BACK not in message.payload.decode()


async def test_the_calls_screen_shows_the_instructions(stage: Floor) -> None:
    """The card of who is asked has the instructions; a call from below has none."""
    _, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    (card,) = (await stage.ask("sato", MyCalls())).calls
    assert (card.returning, card.instructions) == (True, CALL_BACK)
    await stage.raised("ito")
    (card,) = (await stage.ask("suzuki", MyCalls())).calls
    assert (card.returning, card.instructions) == (False, None)


@pytest.mark.parametrize("how", ["refused", "silent"])
async def test_not_taken_the_holder_stays(stage: Floor, how: str) -> None:
    """A refusal or silence: accepted as before, a whole hold anew, and the holder is told."""
    number, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    time = "14:50" if how == "refused" else "15:10"
    await stage.until(time)
    if how == "refused":
        await stage.does("sato", RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.held_by) == ("accepted", "suzuki", "suzuki")
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("hold", at(time) + 7_200_000)
    assert stage.push.told("not_taken") == [(time, "suzuki")]
    assert (await stage.holders(number))[-1] == ("suzuki", "14:40")


async def test_to_somebody_else_below(stage: Floor) -> None:
    """Another person than the raiser can be asked."""
    number, id_ = await held(stage)
    await stage.give_phones("ito")
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK, "ito"))
    assert (await stage.refused("sato", AcceptEscalation(id_))).code in ("not_allowed", "stale")
    await stage.does("ito", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("ito", "14:40")


async def test_the_same_twice(stage: Floor) -> None:
    """Pressing twice asks once."""
    _, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    assert (await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))).again
    assert [person for _, person in stage.push.calls()].count("sato") == 1


async def test_the_holder_takes_it_back(stage: Floor) -> None:
    """While somebody is asked, the holder can say that they go on with it."""
    _, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    await stage.does("suzuki", ConfirmEscalation(id_))
    assert (await stage.escalation(id_)).state == "accepted"
    assert (await stage.refused("sato", AcceptEscalation(id_))).code == "taken"


async def test_a_return_taken_is_undone(stage: Floor) -> None:
    """Who took it back by mistake undoes that: they are asked as before."""
    number, id_ = await held(stage)
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    await stage.does("sato", AcceptEscalation(id_))
    await stage.does("sato", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, await stage.calling(id_)) == ("calling", "suzuki", ["sato"])
    await stage.does("sato", AcceptEscalation(id_))
    await stage.does("sato", RaiseEscalation(number))
    assert (await stage.refused("sato", Undo(id_))).code == "closed"


@pytest.mark.parametrize(
    ("person", "command", "code", "detail"),
    [
        ("mori", ReturnEscalation(1, CALL_BACK), "unknown", "escalation"),
        ("suzuki", ReturnEscalation(9, CALL_BACK), "unknown", "escalation"),
        ("sato", ReturnEscalation(1, CALL_BACK), "taken", "taken"),
        ("hayashi", ReturnEscalation(1, ""), "taken", "taken"),
        ("suzuki", ReturnEscalation(1, "", "boss"), "not_allowed", "target_no_sight"),
        ("suzuki", ReturnEscalation(1, "", "suzuki"), "conflict", "holds_already"),
        ("suzuki", ReturnEscalation(1, "", "nobody"), "invalid", "no_such_person"),
        ("suzuki", ReturnEscalation(1, CALL_BACK, "hayashi"), "invalid", "not_below"),
        ("suzuki", ReturnEscalation(1, ""), "invalid", "empty"),
        ("suzuki", ReturnEscalation(1, " \n"), "invalid", "empty"),
    ],
)
async def test_refusals(stage: Floor, person: str, command: ReturnEscalation, code: str, detail: str) -> None:
    """In the order of the table, the emptiness of the instructions last."""
    await held(stage)
    refusal = await stage.refused(person, command)
    assert (refusal.code, refusal.detail) == (code, detail)


async def test_only_what_is_accepted(stage: Floor) -> None:
    """What is still calling, or calls somebody already, is not handed back; what has ended neither."""
    _, id_ = await stage.raised()
    early = await stage.refused("sato", ReturnEscalation(id_, CALL_BACK))
    assert (early.code, early.detail) == ("conflict", "not_accepted_yet")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReassignEscalation(id_, "takahashi"))
    busy = await stage.refused("suzuki", ReturnEscalation(id_, CALL_BACK))
    assert (busy.code, busy.detail) == ("conflict", "calls_now")
    await stage.does("suzuki", ConfirmEscalation(id_))
    await stage.does("suzuki", ReturnEscalation(id_, CALL_BACK))
    await stage.does("sato", AcceptEscalation(id_))
    assert (await stage.refused("sato", ReturnEscalation(id_, CALL_BACK))).code == "closed"

"""Add responder: one more works on the ticket, and responsibility does not move."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation, AddResponder, ResolveEscalation
from core.tickets.commands import AddComment, RestrictTicket
from tests.stories.floor import Floor


async def held(stage: Floor) -> tuple[int, int]:
    """A call that 鈴木 accepted, with 森 of the shop at hand: (ticket, escalation)."""
    await stage.give_phones("mori")
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    return number, id_


async def test_is_told_and_may_work_on_it(stage: Floor) -> None:
    """Somebody of another team sees the ticket and notes on it; its holder stays."""
    number, id_ = await held(stage)
    assert (await stage.refused("mori", AddComment(number, "在庫を確かめます"))).code == "unknown"
    await stage.does("suzuki", AddResponder(id_, "mori", "在庫の確認"))
    assert stage.push.told("responder") == [("14:32", "mori")]
    await stage.does("mori", AddComment(number, "在庫を確かめます"))
    view = await stage.escalation(id_)
    assert (view.holder, view.responders) == ("suzuki", ("mori",))
    line = next(line for line in (await stage.case(number)).timeline if line.kind == "responder_added")
    assert (line.actor, line.values["to"], line.text) == ("suzuki", "mori", "在庫の確認")


async def test_twice_is_once(stage: Floor) -> None:
    """Added is added, whoever presses again."""
    _, id_ = await held(stage)
    await stage.does("suzuki", AddResponder(id_, "mori"))
    assert (await stage.does("takahashi", AddResponder(id_, "mori"))).again
    assert len(stage.push.told("responder")) == 1


async def test_a_supervisor_adds_one(stage: Floor) -> None:
    """While it is still calling, too; whoever was called already can be asked to help as well."""
    _, id_ = await stage.raised()
    await stage.does("hayashi", AddResponder(id_, "suzuki"))
    assert (await stage.escalation(id_)).responders == ("suzuki",)


@pytest.mark.parametrize(
    ("person", "to", "code", "detail"),
    [
        ("mori", "ito", "unknown", "escalation"),
        ("sato", "ito", "not_allowed", "holder_or_supervisor"),
        ("boss", "ito", "not_allowed", "holder_or_supervisor"),
        ("suzuki", "boss", "not_allowed", "target_no_sight"),
        ("suzuki", "suzuki", "conflict", "holds_already"),
        ("suzuki", "nobody", "invalid", "no_such_person"),
    ],
)
async def test_refusals(stage: Floor, person: str, to: str, code: str, detail: str) -> None:
    """Who may, and whom one may add."""
    _, id_ = await held(stage)
    refusal = await stage.refused(person, AddResponder(id_, to))
    assert (refusal.code, refusal.detail) == (code, detail)


async def test_whoever_may_not_see_it_is_not_added(stage: Floor) -> None:
    """A restriction is not lifted by asking for help; what has ended takes nobody in."""
    number, id_ = await held(stage)
    await stage.does("suzuki", RestrictTicket(number, ("suzuki", "sato")))
    assert (await stage.refused("suzuki", AddResponder(id_, "ito"))).detail == "target_no_sight"
    await stage.does("suzuki", ResolveEscalation(id_))
    assert (await stage.refused("suzuki", AddResponder(id_, "ito"))).code == "closed"

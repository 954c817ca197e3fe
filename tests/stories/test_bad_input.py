"""Bad input: a clear answer, nothing half done, and everything that is always true still is."""

from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.structs import replace

from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ReportPhoneOutcome,
    ResolveEscalation,
    TakePhoneTask,
    WithdrawEscalation,
)
from core.escalation.queries.questions import GetCase, GetEscalation, GetTask, GetTicket, Preview, Queue, Reachable
from core.tickets.commands import (
    AddComment,
    ClaimTicket,
    CloseTicket,
    CreateTicket,
    EditTicket,
    PutOnWait,
    ReleaseTicket,
    ReopenTicket,
    RestrictTicket,
)
from tests.stories.floor import Floor, at

NO_NUMBERS = (0, -1, 999, 1 << 62, 1 << 63, 10**30)
LONG = "あ" * 2_001


@pytest.mark.parametrize("number", NO_NUMBERS)
async def test_a_number_that_nothing_has(stage: Floor, number: int) -> None:
    """Of a ticket, an escalation or a phone task: unknown, whatever is done with it or asked of it."""
    tried: list[Struct] = [
        ClaimTicket(number), ReleaseTicket(number, "ito"), AddComment(number, "はい"), CloseTicket(number),
        PutOnWait(number, at("16:00")), ReopenTicket(number), EditTicket(number, 1), RestrictTicket(number),
        RaiseEscalation(number), AcceptEscalation(number), RefuseEscalation(number), ClimbEscalation(number),
        ReassignEscalation(number, "ito"), WithdrawEscalation(number), ResolveEscalation(number),
        ConfirmEscalation(number), TakePhoneTask(number), ReportPhoneOutcome(number, "busy"),
    ]  # fmt: skip
    assert {(await stage.refused("sato", command)).code for command in tried} == {"unknown"}
    asked: list[Struct] = [
        GetTicket(number), GetCase(number), GetEscalation(number), GetTask(number), Reachable(number),
        Preview(ticket=number),
    ]  # fmt: skip
    assert {(await stage.ask("sato", query)).code for query in asked} == {"unknown"}


@pytest.mark.parametrize("number", NO_NUMBERS)
async def test_a_call_that_nobody_has(stage: Floor, number: int) -> None:
    """An answer to a call that never was is unknown, and the real call waits on."""
    _, id_ = await stage.raised()
    for command in (
        AcceptEscalation(id_, number),
        RefuseEscalation(id_, number),
        ReassignEscalation(id_, "hayashi", number),
    ):
        assert (await stage.refused("suzuki", command)).code == "unknown"
    assert await stage.calling(id_) == ["suzuki"]


@pytest.mark.parametrize(
    ("person", "command", "field"),
    [
        ("suzuki", RefuseEscalation(1, reason=LONG), "reason"),
        ("suzuki", ReassignEscalation(1, "hayashi", reason=LONG), "reason"),
        ("suzuki", ClimbEscalation(1, reason=LONG), "reason"),
        ("sato", WithdrawEscalation(1, LONG), "reason"),
        ("sato", ResolveEscalation(1, LONG), "note"),
        ("sato", AddComment(1, "あ" * 20_001), "text"),
        ("sato", CloseTicket(1, "あ" * 20_001), "note"),
        ("sato", ReopenTicket(1, "あ" * 20_001), "note"),
        ("sato", PutOnWait(1, at("16:00"), note="あ" * 20_001), "note"),
        ("sato", EditTicket(1, 1, subject="あ" * 201), "subject"),
        ("sato", EditTicket(1, 1, subject=""), "subject"),
        ("sato", EditTicket(1, 1, tags=tuple(f"t{n}" for n in range(21))), "tags"),
        ("sato", CreateTicket("納品数違い", body="あ" * 20_001), "body"),
        ("sato", CreateTicket(""), "subject"),
        ("sato", CreateTicket("納品数違い", tags=("",)), "tags"),
    ],
)
async def test_a_text_beyond_its_limit(stage: Floor, person: str, command: Struct, field: str) -> None:
    """Too long, or empty where something must stand: invalid by its field, and nothing has happened."""
    number, id_ = await stage.raised()
    assert (number, id_) == (1, 1)
    before = await stage.case(number)
    refusal = await stage.refused(person, command)
    assert (refusal.code, refusal.field) == ("invalid", field)
    assert await stage.case(number) == before


async def test_a_reason_at_its_limit_is_kept_whole(stage: Floor) -> None:
    """Two thousand characters are read as they were written."""
    number, _ = await stage.raised(reason=LONG[1:])
    assert [line.text for line in (await stage.case(number)).timeline if line.text] == [LONG[1:]]


async def test_a_raise_with_too_many_words_raises_nothing(stage: Floor) -> None:
    """The ticket stays unclaimed, nobody is called."""
    number = await stage.ticket()
    assert (await stage.refused("sato", RaiseEscalation(number, reason=LONG))).field == "reason"
    assert ((await stage.case(number)).ticket.holder, stage.push.calls()) == (None, [])


async def test_words_that_are_no_choice(stage: Floor) -> None:
    """An outcome, a severity, a tab, a page size that do not exist are named."""
    number, _ = await stage.raised()
    await stage.until("14:43")
    outcome = replace(ReportPhoneOutcome((1 << 16) + 1, "busy"), outcome="asleep")
    assert (await stage.refused("sato", outcome)).field == "outcome"
    severity = replace(EditTicket(number, 1), severity="apocalyptic")
    assert (await stage.refused("sato", severity)).field == "severity"
    assert (await stage.ask("sato", replace(Queue(), tab="secret"))).field == "tab"
    assert (await stage.ask("sato", Queue("new", limit=0))).field == "limit"


async def test_somebody_who_is_not_there(stage: Floor) -> None:
    """A person nobody knows sees nothing and does nothing."""
    number, id_ = await stage.raised()
    for command in (ClaimTicket(number), AcceptEscalation(id_), AddComment(number, "はい")):
        assert (await stage.refused("nobody", command)).code == "unknown"
    assert (await stage.refused("nobody", CreateTicket("納品数違い"))).code == "not_allowed"

"""Restricted tickets: absent for everybody who is not named, and nobody is called who may not see them."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import Struct

from core.engine.outcome import Refusal
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
from core.escalation.queries.questions import (
    Escalations,
    GetCase,
    GetEscalation,
    GetTask,
    GetTicket,
    MyCalls,
    PhoneTasks,
    Preview,
    Queue,
    QueueCounts,
    Reachable,
    Tab,
)
from core.tickets.commands import (
    AddComment,
    ClaimTicket,
    CloseTicket,
    EditTicket,
    PutOnWait,
    ReleaseTicket,
    ReopenTicket,
    RestrictTicket,
)
from tests.stories.floor import Floor, at

TABS: tuple[Tab, ...] = ("new", "mine", "waiting", "escalated", "done")
OUTSIDE = ("ito", "boss", "kansa", "kobayashi", "mori")


async def restricted(stage: Floor, *persons: str) -> tuple[int, int]:
    """A raised ticket that only its raiser and these persons see: (ticket, escalation)."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", RestrictTicket(number, persons))
    return number, int((await stage.does("sato", RaiseEscalation(number))).ref)


def commands(number: int, id_: int) -> list[Struct]:
    """Everything that can be done with a ticket and an escalation."""
    of_ticket: list[Struct] = [
        ClaimTicket(number), ReleaseTicket(number, "ito"), AddComment(number, "こんにちは"), CloseTicket(number),
        PutOnWait(number, at("16:00")), ReopenTicket(number), EditTicket(number, 1), RestrictTicket(number),
        RaiseEscalation(number),
    ]  # fmt: skip
    of_call: list[Struct] = [
        AcceptEscalation(id_), RefuseEscalation(id_), ReassignEscalation(id_, "ito"), ClimbEscalation(id_),
        WithdrawEscalation(id_), ResolveEscalation(id_), ConfirmEscalation(id_), TakePhoneTask((id_ << 16) + 1),
        ReportPhoneOutcome((id_ << 16) + 1, "busy"),
    ]  # fmt: skip
    return [*of_ticket, *of_call]


@pytest.mark.parametrize("person", OUTSIDE)
async def test_a_guess_answers_as_for_an_unknown_number(stage: Floor, person: str) -> None:
    """Whoever is not named gets, word for word, the answer that a number nobody has would get."""
    number, id_ = await restricted(stage, "suzuki", "takahashi", "hayashi")
    await stage.until("14:43")
    for real, guess in zip(commands(number, id_), commands(999, 999), strict=True):
        answer = await stage.refused(person, real)
        assert answer == await stage.refused(person, guess), real
        assert answer.code == "unknown"


@pytest.mark.parametrize("person", OUTSIDE)
async def test_a_question_answers_as_for_an_unknown_number(stage: Floor, person: str) -> None:
    """Ticket, case, escalation, phone task, preview and list of people: all unknown."""
    number, id_ = await restricted(stage, "suzuki", "takahashi", "hayashi")
    await stage.until("14:43")
    for query in (GetTicket(number), GetCase(number), GetEscalation(id_), GetTask((id_ << 16) + 1), Reachable(id_)):
        answer = await stage.ask(person, query)
        assert isinstance(answer, Refusal), query
        assert answer.code == "unknown"
    assert isinstance(await stage.ask(person, Preview(ticket=number)), Refusal)


@pytest.mark.parametrize("person", OUTSIDE)
async def test_it_is_in_no_list_and_no_count(stage: Floor, person: str) -> None:
    """Also when it was escalated before it was restricted, from that instant on."""
    number, _ = await stage.raised()
    await stage.until("14:43")
    await stage.does("sato", RestrictTicket(number, ("suzuki", "takahashi", "hayashi")))
    for tab in TABS:
        assert (await stage.ask(person, Queue(tab))).rows == ()
    assert set((await stage.ask(person, QueueCounts())).values()) == {0}
    assert (await stage.ask(person, Escalations())).items == ()
    assert (await stage.ask(person, PhoneTasks())).items == ()
    assert (await stage.ask(person, MyCalls())).calls == ()


async def test_who_is_named_counts_it(stage: Floor) -> None:
    """For those who may see it, it is in the lists as any other; lifted, for the whole team again."""
    number, _ = await stage.raised()
    await stage.does("sato", RestrictTicket(number, ("suzuki",)))
    assert (await stage.ask("suzuki", QueueCounts()))["escalated"] == 1
    await stage.does("sato", RestrictTicket(number))
    assert (await stage.ask("ito", QueueCounts()))["escalated"] == 1
    assert [row.number for row in (await stage.ask("ito", Queue("escalated"))).rows] == [number]


async def test_the_ladder_calls_only_who_may_see_it(stage: Floor) -> None:
    """Whoever may not see it is skipped with that reason, and never told of it."""
    number, _ = await restricted(stage, "suzuki", "hayashi")
    await stage.until("17:00")
    assert {person for _, person in stage.push.calls()} == {"suzuki", "hayashi"}
    lines = [line for line in (await stage.case(number)).timeline if line.kind in ("seat_empty", "rung_skipped")]
    reasons = [tuple(reason) for line in lines for reason in line.values["reasons"]]
    assert set(reasons) == {("takahashi", "no_sight"), ("kobayashi", "no_sight")}


async def test_who_loses_sight_is_called_no_more(stage: Floor) -> None:
    """Restricted while calling: those calls end as a refusal without a refuser, and the seat passes."""
    number, id_ = await stage.raised()
    call = await stage.call(id_, "suzuki")
    await stage.does("sato", RestrictTicket(number, ("takahashi",)))
    await stage.until("14:45")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "takahashi")]
    assert (await stage.refused("suzuki", AcceptEscalation(id_, call))).code == "unknown"
    assert stage.mail.calls() == [("14:37", "takahashi")]


async def test_the_target_of_a_side_call_loses_sight(stage: Floor) -> None:
    """The side call ends, and the ladder goes on with those who may still see it."""
    number, id_ = await stage.raised()
    await stage.does("takahashi", ReassignEscalation(id_, "hayashi"))
    await stage.does("sato", RestrictTicket(number, ("suzuki", "takahashi")))
    assert stage.push.calls()[-1] == ("14:32", "suzuki")
    view = await stage.escalation(id_)
    assert [call.person for call in view.calls if call.state == "sent"] == ["suzuki"]


async def test_it_is_not_passed_to_who_may_not_see_it(stage: Floor) -> None:
    """A side call or an offer to somebody outside is refused, without a word of it reaching them."""
    number, id_ = await restricted(stage, "suzuki")
    refusal = await stage.refused("suzuki", ReassignEscalation(id_, "takahashi"))
    assert (refusal.code, refusal.detail) == ("not_allowed", "target_no_sight")
    assert (await stage.refused("sato", ReleaseTicket(number, "ito"))).code == "not_allowed"
    assert not any(person == "takahashi" for _, person in stage.push.calls())


async def test_an_alarm_that_reaches_nobody_tells_admins_one_thing(stage: Floor) -> None:
    """A restricted call is unanswered: no number, no level, no path to it."""
    await stage.give_phones("boss")
    _, id_ = await restricted(stage, "sato")
    assert (await stage.escalation(id_, "sato")).state == "standing"
    assert stage.push.calls() == []
    (message,) = [message for _, message in stage.push.sent if message.kind == "standing"]
    assert message.recipient == "boss"
    shown = msgspec.json.decode(message.payload)["notification"]
    assert {shown["data"][name] for name in ("ticket", "escalation", "call", "accept_by")} == {None}
    assert shown["navigate"].endswith("/desk/")
    assert not any(letter.isdigit() for letter in shown["title"] + shown["body"] + shown["tag"])


@pytest.mark.parametrize(("person", "code"), [("ito", "not_allowed"), ("kansa", "not_allowed"), ("mori", "unknown")])
async def test_who_restricts(stage: Floor, person: str, code: str) -> None:
    """The holder or a supervisor, and they keep sight themselves; nobody else."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    assert (await stage.refused(person, RestrictTicket(number, (person,)))).code == code
    await stage.does("suzuki", RestrictTicket(number, ("hayashi",)))
    for reader in ("sato", "suzuki", "hayashi"):
        assert (await stage.case(number, reader)).ticket.restricted


@pytest.mark.parametrize(
    ("command", "field"),
    [(RestrictTicket(1, ("nobody",)), "persons"), (RestrictTicket(1, (), ("nowhere",)), "teams")],
)
async def test_a_restriction_names_who_exists(stage: Floor, command: RestrictTicket, field: str) -> None:
    """A slip of the pen locks nobody out."""
    number = await stage.ticket()
    assert number == 1
    refusal = await stage.refused("suzuki", command)
    assert (refusal.code, refusal.field) == ("invalid", field)
    assert not (await stage.case(number)).ticket.restricted

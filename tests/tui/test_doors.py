"""Both doors lead to the same desk."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import Struct

from core.engine.outcome import Done, Refusal
from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.cards import TaskPage
from core.escalation.queries.questions import (
    Directory,
    GetCase,
    GetEscalation,
    Me,
    MyCalls,
    PhoneTasks,
    Preview,
    Pulse,
    Queue,
    QueueCounts,
)
from core.escalation.queries.views import QueuePage
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket
from core.tickets.model import Customer
from tests.tui.conftest import DoorFor, Shop
from tests.tui.sitting import seat
from tui.model.door import Unreachable
from tui.remote import RemoteDoor


async def both(shop: Shop, person: str, query: Struct) -> tuple[object, object]:
    """The answer of each door to the same question."""
    remote = await shop.remote(person)
    try:
        return await shop.local(person).ask(query), await remote.ask(query)
    finally:
        await remote.close()


async def test_every_question_of_the_terminal_has_the_same_answer_over_the_api(shop: Shop) -> None:
    """Structs, times and ids come back from JSON exactly as they left."""
    number = await shop.floor.ticket(customer=Customer("山田商店", None, "03-0000-1234"), body="至急")
    escalation = int((await shop.floor.does("sato", RaiseEscalation(number))).ref)
    await shop.floor.does("sato", AddComment(number, "確認中です"))
    questions: tuple[Struct, ...] = (
        Queue("mine"), Queue("escalated"), QueueCounts(), GetCase(number), GetEscalation(escalation),
        MyCalls(), PhoneTasks(), Directory(), Me(), Pulse(), Preview(policy="complaint", level=3),
        GetCase(999_999),
    )  # fmt: skip
    for person in ("sato", "suzuki"):
        for query in questions:
            local, remote = await both(shop, person, query)
            if isinstance(local, Refusal):
                assert isinstance(remote, Refusal)
                assert local.code == remote.code
            else:
                assert local == remote, query


async def test_pages_follow_each_other_through_either_door(shop: Shop, door_for: DoorFor) -> None:
    """A cursor leads on, and no ticket comes twice."""
    numbers = {await shop.floor.ticket(subject=f"件 {n}") for n in range(7)}
    door = await door_for("sato")
    seen: list[int] = []
    cursor: str | None = None
    for _ in range(4):
        page = await door.ask(Queue("new", 2, cursor))
        assert isinstance(page, QueuePage)
        seen += [row.number for row in page.rows]
        cursor = page.next
    await door.close()
    assert cursor is None
    assert sorted(seen) == sorted(numbers)


async def test_commands_and_refusals_are_alike_through_either_door(shop: Shop, door_for: DoorFor) -> None:
    """What is done is done, what is refused has its code and a sentence."""
    number, escalation = await shop.floor.raised()
    suzuki, sato = await door_for("suzuki"), await door_for("sato")
    assert isinstance(await sato.handle(AddComment(number, "急ぎです")), Done)
    refused = await sato.handle(ClaimTicket(999_999))
    assert isinstance(refused, Refusal)
    assert refused.code == "unknown"
    accepted = await suzuki.handle(AcceptEscalation(escalation))
    assert isinstance(accepted, Done)
    assert str(accepted.ref) == str(escalation)
    again = await sato.handle(RaiseEscalation(number))
    assert isinstance(again, Refusal)
    assert again.code == "conflict"
    assert isinstance(await suzuki.handle(CloseTicket(number)), Done)
    await sato.close()
    await suzuki.close()


async def test_hints_come_through_either_door(shop: Shop, door_for: DoorFor) -> None:
    """A change of a ticket I may see is a hint with its number."""
    door = await door_for("sato")
    number = await shop.floor.ticket()

    async def about_it() -> None:
        async for hint in door.feed():
            if hint.ticket == number:
                return

    heard = asyncio.create_task(about_it())
    while not heard.done():
        await shop.floor.does("sato", AddComment(number, "…"))
        await asyncio.wait({heard}, timeout=0.1)
    await heard
    await door.close()


async def test_a_raise_on_one_terminal_is_accepted_on_another(shop: Shop, door_for: DoorFor) -> None:
    """The whole job: `e` Enter here, a banner and `0` `a` there, and the raiser reads who has it."""
    number = await shop.floor.ticket(subject="納品数違い")
    async with seat(await door_for("sato")) as operator, seat(await door_for("suzuki")) as chief:
        assert "鈴木 一郎" in await operator.press("e")
        assert f"#{number} を送りました" in await operator.press("enter")
        await shop.floor.settle()
        await chief.sees(f"! あなたへの呼出 #{number}")
        assert "14:32" in await chief.press("0")
        assert f"#{number} を引き受けました" in await chief.press("a")
        await operator.press("4")
        await operator.sees("引受済")
        assert "鈴木 一郎" in await operator.press("enter")


async def test_what_the_sheet_shows_is_what_then_happens(shop: Shop, door_for: DoorFor) -> None:
    """The ladder of the sheet and the ladder of the escalation name the same persons at the same times."""
    number = await shop.floor.ticket()
    door = await door_for("sato")
    preview = await door.ask(Preview(ticket=number))
    raised = await door.handle(RaiseEscalation(number))
    assert isinstance(raised, Done)
    after = await door.ask(GetEscalation(int(raised.ref)))
    planned = [(step.at, step.seat, step.people, step.channel) for step in preview.ladder if step.people]
    happens = [(step.at, step.seat, step.people, step.channel) for step in after.ladder if step.people]
    assert happens[: len(planned)] == planned
    await door.close()


async def test_a_phone_task_is_taken_and_answered_at_the_terminal(shop: Shop, door_for: DoorFor) -> None:
    """`p` takes it, `1` records the acceptance, and the ticket has its holder."""
    await shop.floor.raised()
    door = await door_for("ito")
    await shop.floor.until("14:43")
    tasks = await door.ask(PhoneTasks())
    assert isinstance(tasks, TaskPage)
    assert tasks.items
    async with seat(door) as colleague:
        shown = await colleague.press("p")
        assert tasks.items[0].person in ("suzuki", "takahashi")
        assert "1 " in shown.splitlines()[-1]
        await colleague.press("1")
        after = await shop.floor.ask("ito", PhoneTasks())
        assert tasks.items[0].id not in {task.id for task in after.items if task.state in ("offered", "taken")}


async def test_a_wrong_token_and_a_closed_port_are_told_apart(shop: Shop) -> None:
    """401 is a refusal in words; nobody there is unreachable, and certainly nothing happened."""
    stranger = RemoteDoor(shop.url, "nonsense", shop.floor.desk.catalogue)
    answer = await stranger.ask(Me())
    assert isinstance(answer, Refusal)
    assert answer.code == "unauthenticated"
    await stranger.close()
    nobody = RemoteDoor("http://127.0.0.1:9", "x", shop.floor.desk.catalogue)
    with pytest.raises(Unreachable) as gone:
        await nobody.handle(TakePhoneTask(1))
    assert gone.value.sure
    with pytest.raises(Unreachable):
        await nobody.handle(ReportPhoneOutcome(1, "busy"))


@pytest.mark.parametrize("address", ["http://desk.example", "ftp://127.0.0.1", "desk.example", "https://"])
async def test_a_token_leaves_this_machine_by_https_only(address: str, shop: Shop) -> None:
    """Plain http is for loopback."""
    with pytest.raises(ValueError, match="https"):
        RemoteDoor(address, "x", shop.floor.desk.catalogue)

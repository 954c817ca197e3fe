"""Many calls of one person: from the fourth on they share one notice, and nothing waits for it."""

from __future__ import annotations

from typing import Any

import msgspec

from core.engine.outcome import Done
from core.engine.ports import Failed, Message
from core.engine.store.sql import Statement
from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.people.model import Actor
from tests.stories.floor import Floor

LINES = Statement("lines", "SELECT DISTINCT kind, fair FROM outgoing")


def shown(message: Message) -> dict[str, Any]:
    """What the device of a push shows."""
    notification: dict[str, Any] = msgspec.json.decode(message.payload)["notification"]
    return notification


async def raise_at_once(stage: Floor, count: int, by: str = "sato") -> list[int]:
    """So many tickets, escalated before anything leaves."""
    numbers = [await stage.ticket(by) for _ in range(count)]
    raised = [await stage.desk.handle(RaiseEscalation(number), Actor("person", by)) for number in numbers]
    return [int(done.ref) for done in raised if isinstance(done, Done)]


async def test_three_calls_are_three_notices(stage: Floor) -> None:
    """Each with its own tag, its own call and its own buttons."""
    ids = await raise_at_once(stage, 3)
    await stage.settle()
    assert [shown(message)["data"]["escalation"] for _, message in stage.push.sent] == [str(id_) for id_ in ids]
    assert len({message.tag for _, message in stage.push.sent}) == 3


async def test_four_open_calls_share_one_notice(stage: Floor) -> None:
    """It names how many and the first deadline, no single escalation, and has a tag of its own."""
    await raise_at_once(stage, 6)
    await stage.settle()
    ((_, message),) = stage.push.sent
    data = shown(message)["data"]
    assert (data["escalation"], data["call"], data["ticket"]) == (None, None, None)
    assert data["accept_by"] == "2026-11-20T15:02:00+09:00"
    assert (message.tag, shown(message)["title"]) == ("calls-suzuki", "6件の呼出が待っています")
    assert msgspec.json.decode(message.payload)["app_badge"] == 6


async def test_a_bundle_delays_nothing(stage: Floor) -> None:
    """The fourth call leaves at once, as a bundle, and so does the fifth, under the same tag."""
    for _ in range(3):
        await stage.raised()
    await stage.until("14:33")
    await stage.raised()
    await stage.until("14:34")
    await stage.raised()
    bundles = [(time, message) for time, message in stage.push.sent if message.bundle]
    assert [(time, shown(message)["title"][0], message.tag) for time, message in bundles] == [
        ("14:33", "4", "calls-suzuki"), ("14:34", "5", "calls-suzuki"),
    ]  # fmt: skip


async def test_every_call_of_a_bundle_goes_its_own_way(stage: Floor) -> None:
    """All six count as sent, and after the wait the mails of those still open leave, as one."""
    ids = await raise_at_once(stage, 6)
    await stage.settle()
    views = [await stage.escalation(id_) for id_ in ids]
    assert [view.calls[0].state for view in views] == ["sent"] * 6
    await stage.does("suzuki", AcceptEscalation(ids[0]))
    await stage.until("14:37")
    ((_, mail),) = [one for one in stage.mail.sent if one[1].kind == "call"]
    assert mail.subject == "5件の呼出が待っています"
    assert [(await stage.escalation(id_)).calls[0].channel for id_ in ids] == ["push", *["mail"] * 5]


async def test_who_saw_the_bundle_saw_every_call_in_it(stage: Floor) -> None:
    """Its receipt is evidence for all of them: none goes to mail because it was not shown."""
    await stage.raised()
    receipt = shown(stage.push.sent[-1][1])["data"]["receipt"]
    await stage.desk.receipt(receipt, "shown")
    ids = await raise_at_once(stage, 4)
    await stage.settle()
    bundle = next(message for _, message in stage.push.sent if message.bundle)
    await stage.desk.receipt(shown(bundle)["data"]["receipt"], "shown")
    await stage.until("14:36")
    assert stage.mail.calls() == []
    assert [(await stage.escalation(id_)).calls[0].state for id_ in ids] == ["shown"] * 4


async def test_a_bundle_that_cannot_arrive_is_evidence_for_every_call(stage: Floor) -> None:
    """Each of them goes on to mail at once."""
    stage.push.answers["suzuki"] = Failed("no")
    ids = await raise_at_once(stage, 4)
    await stage.settle()
    assert [(await stage.escalation(id_)).calls[0].channel for id_ in ids] == ["mail"] * 4
    assert len(stage.mail.sent) == 1


async def test_a_call_that_was_answered_is_not_in_the_bundle(stage: Floor) -> None:
    """Accepted by a supervisor before anything left: it is counted no more, and three are three notices."""
    ids = await raise_at_once(stage, 4)
    await stage.desk.handle(AcceptEscalation(ids[1]), Actor("person", "hayashi"))
    await stage.settle()
    calls = [message for _, message in stage.push.sent if message.kind == "call"]
    assert [message.bundle for message in calls] == [False] * 3


async def test_calls_wait_in_the_line_of_their_team(stage: Floor) -> None:
    """A team's calls wait for one another, and tellings behind all calls."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    lines = await stage.store.read(lambda tx: tx.all(LINES))
    assert sorted(lines) == [("call", "support"), ("ended", "")]

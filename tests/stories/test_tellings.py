"""What people are told: once, the newest only, silently, in place of the call, and never anybody's data."""

from __future__ import annotations

from typing import Any

import msgspec

from core.engine.ports import Message
from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReassignEscalation, RefuseEscalation
from core.people.model import Actor
from core.tickets.commands import AddComment, ReleaseTicket
from core.tickets.model import Customer
from tests.stories.floor import Floor

PRIVATE = ("佐藤", "鈴木", "高橋", "林", "sato", "山田", "yamada", "納品", "伝票", "会議", "返金", "確認")


def shown(message: Message) -> dict[str, Any]:
    """What the device of a push shows."""
    notification: dict[str, Any] = msgspec.json.decode(message.payload)["notification"]
    return notification


async def test_the_end_takes_the_place_of_the_call(stage: Floor) -> None:
    """On the same device under the same tag, without a sound."""
    _, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_))
    of_suzuki = [message for _, message in stage.push.sent if message.recipient == "suzuki"]
    assert [message.kind for message in of_suzuki] == ["call", "ended"]
    call, end = of_suzuki
    assert (end.tag, end.to) == (call.tag, call.to)
    assert (shown(call)["silent"], shown(end)["silent"], end.urgency) == (False, True, "low")


async def test_who_refused_hears_the_end_too(stage: Floor) -> None:
    """Everyone who was called does, once, and the one who accepted does not."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.until("14:40")
    await stage.does("takahashi", AcceptEscalation(id_))
    assert sorted(stage.push.told("ended")) == [("14:40", "sato"), ("14:40", "suzuki")]


async def test_the_newest_end_only(stage: Floor) -> None:
    """Passed on and accepted before anything left: one telling, of the acceptance."""
    _, id_ = await stage.raised()
    await stage.desk.handle(ReassignEscalation(id_, "hayashi"), Actor("person", "kobayashi"))
    await stage.desk.handle(AcceptEscalation(id_), Actor("person", "hayashi"))
    await stage.settle()
    (end,) = [message for _, message in stage.push.sent if message.kind == "ended" and message.recipient == "suzuki"]
    (other,) = [message for _, message in stage.push.sent if message.kind == "ended" and message.recipient == "sato"]
    assert shown(end)["title"] == shown(other)["title"]


async def test_nothing_private_leaves_the_desk(stage: Floor) -> None:
    """Notices carry number, level, time and path: no name, no word of the ticket, of a reason or a comment."""
    await stage.give_phones("ito")
    customer = Customer("山田商店", "yamada@example.com", "03-0000-0000")
    number = await stage.ticket(subject="納品数違い", body="伝票が違います", customer=customer)
    done = await stage.does("sato", RaiseEscalation(number, policy="outage", reason="返金のご要望"))
    await stage.does("suzuki", RefuseEscalation(int(done.ref), reason="会議中"))
    await stage.does("sato", AddComment(number, "@ito 確認をお願いします"))
    await stage.does("sato", ReleaseTicket(number, "ito"))
    await stage.until("14:40")
    await stage.does("takahashi", AcceptEscalation(int(done.ref)))
    sent = [*stage.push.sent, *stage.mail.sent]
    assert {message.kind for _, message in sent} == {"call", "mention", "offer", "ended", "record"}
    for _, message in sent:
        said = (message.subject + message.text + message.payload.decode()).replace(message.tag, "")
        assert [word for word in PRIVATE if word in said] == [], said

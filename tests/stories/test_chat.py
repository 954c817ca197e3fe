"""Chat as a means between mail and phone: in a rung's order, with its wait, to one person's own address."""

from __future__ import annotations

from core.engine.ports import Failed
from core.escalation.commands import AcceptEscalation
from core.escalation.queries.questions import PhoneTasks
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor

SLACK = """
[[channel]]
id = "slack"
kind = "chat"
url = "env:SLACK_URL"
"""
ALL = (
    '{ via = "push", wait = "5m" }, { via = "mail", wait = "5m" }, { via = "chat", wait = "5m" },'
    ' { via = "phone", wait = "5m" }'
)
FILE = with_policy("all", rung(2, "person:suzuki", via=ALL, within="30m")) + SLACK
SUZUKI = FILE.replace('id = "suzuki"\n', 'id = "suzuki"\nchat = "slack:+U024BE7LH"\n', 1)
ITO = SUZUKI.replace('id = "ito"\n', 'id = "ito"\nchat = "slack:+U0ITO"\n', 1)


async def test_each_means_has_its_turn_in_the_order_of_the_rung(stage: Floor) -> None:
    """Push, then mail, then chat, then the phone, each after the wait of the one before."""
    await stage.apply(SUZUKI)
    await stage.raised(policy="all")
    await stage.until("14:48")
    assert (stage.push.calls(), stage.mail.calls(), stage.chat.calls()) == (
        [("14:32", "suzuki")], [("14:37", "suzuki")], [("14:42", "suzuki")],
    )  # fmt: skip
    assert [task.person for task in (await stage.ask("sato", PhoneTasks())).items] == ["suzuki"]


async def test_a_chat_message_says_what_a_notice_may_say(stage: Floor) -> None:
    """Number, level, deadline and path, to the name that the desk file gives; no foot of a mail, nobody's name."""
    await stage.apply(SUZUKI)
    number, _ = await stage.raised(policy="all")
    await stage.until("14:42")
    ((_, message),) = stage.chat.sent
    assert message.to == {"service": "slack", "name": "+U024BE7LH"}
    assert (
        message.text
        == f"15:02までに引き受けてください（係長）。\n\nhttps://desk.tsubame.example/desk/tickets/{number}\n"
    )
    assert (message.subject, message.payload) == (f"#{number} L2 交代のお願い", b"")


async def test_who_has_no_address_in_chat_is_rung_at_once(stage: Floor) -> None:
    """Chat is skipped as any means is that does not reach the person."""
    await stage.apply(FILE)
    await stage.raised(policy="all")
    await stage.until("14:42")
    assert stage.chat.calls() == []
    assert [task.person for task in (await stage.ask("sato", PhoneTasks())).items] == ["suzuki"]


async def test_chat_that_cannot_arrive_is_the_phone_at_once(stage: Floor) -> None:
    """A refusal of the service is evidence, and admins hear of it once."""
    await stage.apply(SUZUKI)
    stage.chat.answers["suzuki"] = Failed("http_404", alarm=True)
    await stage.raised(policy="all")
    await stage.until("14:42")
    assert [task.offered_at for task in (await stage.ask("sato", PhoneTasks())).items] == [stage.clock.now()]
    assert [person for _, person in stage.mail.told("fault")] == ["boss"]


async def test_whoever_has_nothing_but_chat_is_told_there(stage: Floor) -> None:
    """How it ended reaches the raiser who has no device and no mail."""
    await stage.apply(ITO)
    _, id_ = await stage.raised(by="ito", policy="all")
    await stage.does("suzuki", AcceptEscalation(id_))
    assert stage.chat.told("ended") == [("14:32", "ito")]


async def test_a_desk_without_a_chat_channel_calls_nobody_there(stage: Floor) -> None:
    """A rung may name chat before a channel is set: it is skipped, and the checker says so."""
    await stage.apply(with_policy("all", rung(2, "person:suzuki", via=ALL, within="30m")))
    await stage.raised(policy="all")
    await stage.until("14:43")
    assert stage.chat.calls() == []

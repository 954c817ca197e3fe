"""Somebody leaves while holding: they and their supervisors are told once, how many and where to hand over."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation
from core.escalation.handing.commands import AcceptHandover, HandOver
from core.people.commands import TakeLeave
from core.tickets.commands import ClaimTicket, CloseTicket, RestrictTicket
from tests.stories.desks import DESK
from tests.stories.floor import Floor


async def holding(stage: Floor, person: str = "suzuki") -> int:
    """A ticket that this person accepted."""
    number, id_ = await stage.raised()
    await stage.does(person, AcceptEscalation(id_))
    return number


def told(stage: Floor) -> list[tuple[str, str]]:
    return sorted(stage.push.told("leaving"))


async def test_off_duty(stage: Floor) -> None:
    """At the end of the shift: the holder, and the supervisors of the team and above it; nobody else, and once."""
    await holding(stage)
    await stage.until("18:00")
    assert told(stage) == [("18:00", who) for who in ("hayashi", "kobayashi", "suzuki", "takahashi")]
    await stage.until("23:00")
    assert len(told(stage)) == 4


async def test_the_count_and_nothing_else(stage: Floor) -> None:
    """How many, and the page to hand over; no name, no number, no customer, and silently."""
    await holding(stage)
    await stage.until("18:00")
    message = next(m for _, m in stage.push.sent if m.kind == "leaving" and m.recipient == "takahashi")
    text = message.payload.decode()
    assert "1件" in text
    assert "/desk/handovers" in text
    assert message.urgency == "low"
    assert not any(word in text for word in ("鈴木", "suzuki", "納品", "#1"))


async def test_nothing_held_nothing_told(stage: Floor) -> None:
    """Who has handed over or finished everything goes home in peace."""
    number = await holding(stage)
    await stage.does("suzuki", CloseTicket(number))
    await stage.until("18:00")
    assert told(stage) == []


async def test_who_has_no_shift(stage: Floor) -> None:
    """Whose hours nobody plans goes off no duty."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.until("18:00")
    assert told(stage) == []


async def test_on_leave(stage: Floor) -> None:
    """A leave that begins now: told once, though duty ends with it."""
    await holding(stage)
    await stage.does("suzuki", TakeLeave())
    assert told(stage) == [("14:32", who) for who in ("hayashi", "kobayashi", "takahashi")]
    await stage.until("18:00")
    assert len(told(stage)) == 3


async def test_out_of_the_company(stage: Floor) -> None:
    """No longer in the desk file: the supervisors hear it, and hand over what is left."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    start = DESK.index('[[person]]\nid = "sato"')
    await stage.apply(DESK[:start] + DESK[DESK.index('[[person]]\nid = "ito"') :])
    assert told(stage) == [("14:32", who) for who in ("hayashi", "kobayashi", "suzuki", "takahashi")]
    done = await stage.does("suzuki", HandOver("ito", holder="sato"))
    await stage.does("ito", AcceptHandover(int(done.ref)))
    assert (await stage.holders(number))[-1][0] == "ito"


async def test_only_what_the_reader_may_see(stage: Floor) -> None:
    """A restricted ticket is in nobody's count who may not see it."""
    number = await holding(stage)
    await stage.does("suzuki", RestrictTicket(number, ("suzuki", "hayashi")))
    await stage.until("18:00")
    assert [who for _, who in told(stage)] == ["hayashi", "suzuki"]

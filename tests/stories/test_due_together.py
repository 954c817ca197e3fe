"""Many things due at one instant: each happens once, as it would have alone."""

from __future__ import annotations

from core.engine.store.sql import Statement
from core.tickets.commands import PutOnWait
from tests.stories.floor import Floor, at

STEPS = Statement("steps", "SELECT stream_id, COUNT(*) FROM journal WHERE type = 'channel_tried' GROUP BY stream_id")
MAILS = Statement("mails", "SELECT COUNT(*) FROM outgoing WHERE kind = 'call' AND channel = 'mail' AND state = 'sent'")


async def test_a_whole_sweep_steps_each_once(stage: Floor) -> None:
    """A hundred and twenty calls whose next channel is due together each get it, once; what leaves speaks for all."""
    raised = [await stage.raised() for _ in range(120)]
    stage.clock.time = at("14:37")
    await stage.settle()
    stepped = await stage.store.read(lambda tx: tx.all(STEPS))
    assert stepped == [(number, 1) for number, _ in raised]
    mails = await stage.store.read(lambda tx: tx.all(MAILS))
    assert mails == [(120,)]
    assert {message.subject for _, message in stage.mail.sent} == {"120件の呼出が待っています"}


async def test_a_ticket_with_two_things_due_gets_both(stage: Floor) -> None:
    """The wake-up of a ticket and the next step of its escalation, due at the same instant, both happen."""
    number, id_ = await stage.raised()
    await stage.does("sato", PutOnWait(number, at("14:37")))
    await stage.until("14:37")
    case = await stage.case(number)
    assert case.ticket.status == "in_progress"
    assert stage.mail.calls() == [("14:37", "suzuki")]
    assert (await stage.escalation(id_)).state == "calling"

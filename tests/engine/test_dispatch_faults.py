"""The dispatcher and faults of our own: one row fails, is told once, and nothing goes round in circles."""

from __future__ import annotations

import pytest

from core.engine.catalogue import Outgoing
from core.engine.ports import HOUR, Failed, Message, Millis, Reader
from core.engine.work import Notice, Work
from tests.engine.bench import OUTGOING, Bench
from tests.engine.toy import START, STREAM, Contents, Hear, Tell, message


def only_even(tx: Reader, row: Outgoing, now: Millis) -> Message:
    if row.stream_id % 2:
        raise KeyError("cannot be said")
    return message(row)


async def test_a_notice_that_cannot_be_composed_fails_alone(bench: Bench) -> None:
    """The others of the same claim are sent; the row has failed, the domain hears it, admins are told once."""
    bench.toy.compose = only_even
    for box in range(6):
        await bench.did(Tell(box))
    await bench.deliver()
    assert [row[0] for row in await bench.rows(OUTGOING)] == ["sent", "failed"] * 3
    assert [one.tag for one in bench.push.sent] == ["box-0", "box-2", "box-4"]
    assert [what for what, *_ in bench.toy.alarms] == ["notice_throws"]
    assert (await bench.happened()).count("heard") == 6
    assert not (await bench.desk.verify()).broken


async def test_what_a_failing_compose_wrote_is_undone(bench: Bench) -> None:
    """Nothing half-done of a notice that throws is stored."""
    await bench.did(Tell(1))
    bench.toy.compose = only_even
    before = await bench.counted("idempotency")
    await bench.deliver()
    assert await bench.counted("idempotency") == before


async def test_a_notice_of_an_unknown_kind_fails_alone(bench: Bench) -> None:
    """A row that a newer program left does not stop the dispatcher, though there is nobody to report it to."""
    await bench.did(Tell(1, kind="later"))
    await bench.did(Tell(2))
    await bench.deliver()
    assert [row[0] for row in await bench.rows(OUTGOING)] == ["failed", "sent"]


async def test_a_report_that_throws_does_not_send_again(bench: Bench) -> None:
    """What was sent stays sent, whatever the domain makes of the news; that is told."""

    def report(row: Outgoing, state: str, reason: str) -> tuple[Hear, ...]:
        if row.stream_id == 1:
            raise KeyError("not understood")
        return (Hear(row.stream_id, state, reason),)

    bench.toy.report = report
    await bench.did(Tell(1))
    await bench.did(Tell(2))
    await bench.deliver()
    bench.clock.passes(HOUR)
    await bench.deliver()
    assert [row[0] for row in await bench.rows(OUTGOING)] == ["sent", "sent"]
    assert len(bench.push.sent) == 2
    assert bench.toy.alarms == [("notice_throws", STREAM, 1, 1)]
    assert (await bench.happened()).count("heard") == 1


async def test_a_fault_of_ours_alarms_once_an_hour(bench: Bench) -> None:
    """A wire that is refused for our own settings is told once an hour, however many messages fail of it."""
    bench.push.answer = lambda message: Failed("403", alarm=True)
    for box in range(5):
        await bench.did(Tell(box))
    await bench.deliver()
    assert [what for what, *_ in bench.toy.alarms] == ["channel_refused"]
    bench.clock.passes(HOUR)
    await bench.did(Tell(9))
    await bench.deliver()
    assert [what for what, *_ in bench.toy.alarms] == ["channel_refused"] * 2


@pytest.mark.parametrize("breaks", ["wire", "compose", "report"])
async def test_an_alarm_over_a_broken_wire_does_not_breed(bench: Bench, breaks: str) -> None:
    """When the telling of a fault has the same fault, it ends there instead of going round for ever."""

    def tell(work: Work, what: str, stream: str, stream_id: int, value: int) -> None:
        notice = Notice(kind="call", recipient="admin", channel="push", expires_at=START + 9 * HOUR, data=what)
        work.notify(work.lock(STREAM, 99), notice)

    def fail(*_: object) -> None:
        raise KeyError(breaks)

    bench.desk.catalogue.alarm = tell
    if breaks == "wire":
        bench.push.answer = lambda message: Failed("403", alarm=True)
    else:
        setattr(bench.toy, breaks, fail)
    await bench.did(Tell(1))
    for _ in range(10):
        await bench.dispatcher.step()
        await bench.dispatcher.land()
    assert await bench.counted("outgoing") == 2
    assert await bench.dispatcher.step() == 0


async def test_a_receipt_is_told_once_per_state(bench: Bench) -> None:
    """Shown, then opened; the same twice, or shown after opened, says nothing new; an unknown one is answered so."""
    await bench.did(Tell(1))
    await bench.deliver()
    receipt = bench.push.sent[0].text
    assert not await bench.desk.receipt("guess", "shown")
    for state in ("shown", "shown", "opened", "opened", "shown"):
        assert await bench.desk.receipt(receipt, state)
    assert await bench.rows(OUTGOING) == [("opened", 1, "")]
    heard = [row[2] for row in await bench.desk.ask(Contents(), "sato") if row[1] == "heard"]
    assert [one.split('"')[3] for one in heard] == ["sent", "shown", "opened"]


async def test_a_receipt_before_the_report_is_not_overwritten(bench: Bench) -> None:
    """A device may be faster than the service's answer: shown stays shown, and the row is done."""
    await bench.did(Tell(1))
    bench.push.open.clear()
    await bench.dispatcher.step()
    (message,) = await bench.push.arrivals.wait()
    assert await bench.desk.receipt(message.text, "shown")
    bench.push.open.set()
    await bench.dispatcher.land()
    assert await bench.rows(OUTGOING) == [("shown", 1, "")]
    assert await bench.next_ready() is None

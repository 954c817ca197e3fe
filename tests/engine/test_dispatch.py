"""The dispatcher: what is queued leaves while it is true, is retried while it is worth it, and is reported once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from core.engine import dispatch
from core.engine.claims import LEASE
from core.engine.dispatch import IN_FLIGHT, Dispatcher
from core.engine.ports import HOUR, MINUTE, SECOND, Failed, Gone, NotStored, Outcome, Retry, Sent
from core.engine.tidings import BACK_OFF, BACK_OFF_MOST
from tests.engine.bench import OUTGOING, Bench
from tests.engine.toy import START, Contents, Put, Tell, Wire

PATIENCE = 20


async def heard(bench: Bench) -> list[str]:
    """What the domain was told of deliveries."""
    return [row[2] for row in await bench.desk.ask(Contents(), "sato") if row[1] == "heard"]


async def test_a_notice_leaves_once_and_is_reported(bench: Bench) -> None:
    """Sent to its channel, marked and reported in one transaction; nothing is left to do."""
    await bench.did(Tell(1))
    await bench.did(Tell(2, channel="mail"))
    await bench.deliver()
    assert ([one.tag for one in bench.push.sent], [one.tag for one in bench.mail.sent]) == (["box-1"], ["box-2"])
    assert await bench.rows(OUTGOING) == [("sent", 1, "")] * 2
    assert await heard(bench) == ['{"state":"sent","reason":""}'] * 2
    assert await bench.dispatcher.step() == 0


async def test_what_is_not_ready_waits(bench: Bench) -> None:
    """A notice with a time of its own leaves at that time."""
    await bench.did(Tell(1, ready_at=START + MINUTE))
    await bench.deliver()
    assert bench.push.sent == []
    bench.clock.passes(MINUTE)
    await bench.deliver()
    assert len(bench.push.sent) == 1


async def test_what_is_no_longer_true_is_dropped(bench: Bench) -> None:
    """When nothing is to be said any more, or it is too late, nothing is sent, and the domain hears of it."""
    await bench.did(Tell(1, expires_at=START + SECOND))
    bench.clock.passes(SECOND)
    await bench.deliver()
    bench.toy.compose = lambda tx, row, now: None
    await bench.did(Tell(2))
    await bench.deliver()
    assert bench.push.sent == []
    assert await bench.rows(OUTGOING) == [("dropped", 1, "")] * 2
    assert await heard(bench) == ['{"state":"dropped","reason":""}'] * 2


@pytest.mark.parametrize(("outcome", "state"), [(Gone("410"), "gone"), (Failed("bad"), "failed"), (Sent("id"), "sent")])
async def test_an_outcome_is_kept_and_reported(bench: Bench, outcome: Outcome, state: str) -> None:
    """What the wire said is on the row and told to the domain, once; a refusal of ours alarms nobody by itself."""
    bench.push.answer = lambda message: outcome
    await bench.did(Tell(1))
    await bench.deliver()
    reason = {"gone": "410", "failed": "bad", "sent": "id"}[state]
    assert await bench.rows(OUTGOING) == [(state, 1, reason)]
    assert await heard(bench) == [f'{{"state":"{state}","reason":"{reason}"}}']
    assert bench.toy.alarms == []


async def test_a_passing_fault_is_tried_again_with_growing_pauses(bench: Bench) -> None:
    """Each pause is twice the last one, at most a minute, as long as it is worth anything; then it has failed."""
    bench.push.answer = lambda message: Retry(reason="503")
    await bench.did(Tell(1, expires_at=START + 3 * MINUTE))
    pauses = []
    for _ in range(12):
        await bench.deliver()
        if (due := await bench.next_ready()) is None:
            break
        pauses.append(due - bench.clock.now())
        bench.clock.passes(pauses[-1])
    assert pauses == [BACK_OFF << n for n in range(5)] + [BACK_OFF_MOST]
    assert await bench.rows(OUTGOING) == [("failed", 7, "503")]
    assert await heard(bench) == ['{"state":"failed","reason":"503"}']
    assert len({one.text for one in bench.push.sent}) == 1


async def test_a_service_that_names_its_pause_is_obeyed(bench: Bench) -> None:
    """Retry-After is kept, also when it is longer than ours, unless it is too late then."""
    bench.push.answer = lambda message: Retry(after=5 * MINUTE)
    await bench.did(Tell(1, expires_at=START + 9 * MINUTE))
    await bench.deliver()
    assert await bench.next_ready() == START + 5 * MINUTE
    bench.clock.passes(5 * MINUTE)
    await bench.deliver()
    assert await bench.rows(OUTGOING) == [("failed", 2, "expired")]


async def test_an_expired_lease_lets_another_process_send(bench: Bench) -> None:
    """The row of a process that died is sent by another, with the same tag and receipt; not before the lease ends."""
    await bench.did(Tell(1))
    bench.push.open.clear()
    assert await bench.dispatcher.step() == 1
    await bench.push.arrivals.wait()
    other = bench.another("other")
    assert await other.step() == 0
    bench.clock.passes(LEASE)
    assert await other.step() == 1
    bench.push.open.set()
    await other.land()
    await bench.dispatcher.land()
    first, second = bench.push.sent
    assert (first.id, first.tag, first.text) == (second.id, second.tag, second.text)
    assert await bench.rows(OUTGOING) == [("sent", 1, "")]
    assert await heard(bench) == ['{"state":"sent","reason":""}']


async def test_a_late_retry_does_not_take_the_row_from_its_new_owner(bench: Bench) -> None:
    """Who lost the lease may say that it was sent, but not that it must be tried again."""
    await bench.did(Tell(1))
    bench.push.open.clear()
    bench.push.answer = lambda message: Retry()
    await bench.dispatcher.step()
    await bench.push.arrivals.wait()
    bench.clock.passes(LEASE)
    wire = Wire("push")
    wire.open.clear()
    other = Dispatcher(bench.desk, {"push": wire}, "other")
    await other.step()
    await wire.arrivals.wait()
    bench.push.open.set()
    await bench.dispatcher.land()
    assert await bench.leases() == [("other", bench.clock.now() + LEASE)]
    wire.open.set()
    await other.land()
    assert await bench.rows(OUTGOING) == [("sent", 1, "")]


async def test_a_hanging_channel_holds_up_no_other(bench: Bench) -> None:
    """However much is queued for a wire that hangs, another wire's messages leave; its own stay within their room."""
    bench.push.open.clear()
    for box in range(3 * IN_FLIGHT):
        await bench.did(Tell(box, recipient=f"person {box}"))
    assert [await bench.dispatcher.step() for _ in range(2)] == [IN_FLIGHT, 0]
    assert len(await bench.push.arrivals.wait(IN_FLIGHT)) == IN_FLIGHT
    await bench.did(Tell(1, channel="mail"))
    assert await bench.dispatcher.step() == 1
    await bench.mail.arrivals.wait()
    bench.push.open.set()
    await bench.dispatcher.land()
    await bench.deliver()
    assert len(bench.push.sent) == 3 * IN_FLIGHT


async def test_a_channel_that_never_answers_is_given_up(bench: Bench) -> None:
    """After the dispatcher's own patience the message is tried again later, and nothing is left in flight."""
    bench.push.open.clear()
    await bench.did(Tell(1))
    hasty = bench.another(patience=0)
    await hasty.step()
    await hasty.land()
    assert await bench.rows(OUTGOING) == [("queued", 1, "no answer")]


async def test_a_channel_that_raises_is_tried_again(bench: Bench) -> None:
    """A fault of our own wire is a passing one; the others of the same batch are sent."""

    def answer(message: object) -> Outcome:
        if len(bench.push.sent) == 1:
            raise KeyError("ours")
        return Sent()

    bench.push.answer = answer
    await bench.did(Tell(1))
    await bench.did(Tell(2))
    await bench.deliver()
    assert sorted(await bench.rows(OUTGOING)) == [("queued", 1, "fault"), ("sent", 1, "")]
    bench.clock.passes(BACK_OFF)
    await bench.deliver()
    assert [row[0] for row in await bench.rows(OUTGOING)] == ["sent", "sent"]


async def test_a_channel_that_is_not_here_has_failed(bench: Bench) -> None:
    """A notice for a wire that nobody set up does not wait for ever."""
    await bench.did(Tell(1, channel="pigeon"))
    await bench.deliver()
    assert await bench.rows(OUTGOING) == [("failed", 1, "no such channel here")]


async def test_a_report_that_was_not_stored_is_stored_with_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, but the disk was full: it is reported as soon as anything can be, once, and nothing is sent again."""
    await bench.did(Tell(1))
    write = bench.store.write
    await bench.dispatcher.step()

    async def full(work: object) -> object:
        raise NotStored("full")

    monkeypatch.setattr(bench.store, "write", full)
    await bench.dispatcher.land()
    monkeypatch.setattr(bench.store, "write", write)
    assert await heard(bench) == []
    await bench.deliver()
    bench.clock.passes(LEASE)
    await bench.deliver()
    assert len(bench.push.sent) == 1
    assert await heard(bench) == ['{"state":"sent","reason":""}']


async def test_a_new_notice_wakes_the_dispatcher(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sleeps for an hour is woken by the commit that queued something; cancelled, it finishes what flies."""
    monkeypatch.setattr(dispatch, "SLEEP_AT_MOST", HOUR)
    task = asyncio.create_task(bench.dispatcher.run())
    bench.push.open.clear()
    async with asyncio.timeout(PATIENCE):
        await bench.did(Put(1))
        await bench.did(Tell(1))
        await bench.push.arrivals.wait()
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        bench.push.open.set()
        with suppress(asyncio.CancelledError):
            await task
    assert await bench.rows(OUTGOING) == [("sent", 1, "")]

"""The dispatcher over the real senders: one device whose push service says nothing delays nobody else's push."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec.structs import replace

from core.engine.catalogue import Outgoing
from core.engine.ports import SECOND, Message, Millis, Reader
from push.vapid import VapidKey
from push.webpush import WebPush
from tests.engine.bench import bench
from tests.engine.toy import Tell
from tests.engine.toy import message as notice
from tests.push.conftest import CONTACT
from tests.push.messages import message
from tests.wire.push_service import Answer, PushService

PEOPLE = 40
EACH = 5


async def test_a_device_that_hangs_delays_nobody(tmp_path: Path, key: VapidKey) -> None:
    """Two hundred pushes wait for the one that hangs, and were there first; all of the others arrive meanwhile."""
    async with bench(tmp_path / "desk.db") as stage, AsyncExitStack() as outside:
        service = await outside.enter_async_context(PushService(lambda: stage.clock.now() / SECOND))
        phones = {f"person {number}": service.subscribe(key.public) for number in range(PEOPLE)}
        hanging = phones["hanging"] = service.subscribe(key.public)
        hanging.answer = Answer(hang=True)

        def compose(tx: Reader, row: Outgoing, now: Millis) -> Message:
            to = phones[row.recipient].to
            return replace(notice(row), to=to, payload=message(to).payload)

        stage.toy.compose = compose
        for box in range(PEOPLE * EACH):
            await stage.did(Tell(box, recipient="hanging", fair="team"))
        for box in range(PEOPLE * EACH):
            await stage.did(Tell(box, recipient=f"person {box % PEOPLE}", fair="team"))
        async with WebPush(key, CONTACT, clock=stage.clock, allowed=lambda url: True, loopback=True) as push:
            working = asyncio.create_task(stage.another(wires={"push": push}).run())
            accepted = await service.received(PEOPLE * EACH)
            assert {attempt.subscription for attempt in accepted} == set(range(1, PEOPLE + 1))
            assert len([attempt for attempt in service.attempts if attempt.subscription == hanging.number]) <= push.room
            await outside.aclose()  # what hangs is let go
            working.cancel()
            await asyncio.wait([working])

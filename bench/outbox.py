"""Pushes through the outbox: claimed, composed, encrypted, sent, reported; against pywebpush sending alone."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench import push
from bench.desks import RAISER, Bench, desk_on
from bench.engine import checked, in_turns
from bench.rows import Row, against
from bench.sink import sink
from core.console.clock import SystemClock
from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.journal import SQL
from core.people.commands import DeviceKeys, RegisterDevice, TestDevice
from push.vapid import VapidKey, base64url
from push.webpush import WebPush

CALLERS = 32


async def pushes(bench: Bench, quick: bool, count: int) -> list[Row]:
    """The sender alone, and through the outbox, against the same anchor."""
    alone = await push.run(quick)
    anchor = alone[0].anchor
    assert anchor is not None
    ours = await _through(bench.copy(), count)
    return [*alone, against("push messages through the outbox", ours, anchor, "messages/s", "≥ 80 % of pywebpush")]


async def _through(path: Path, count: int) -> float:
    clock = SystemClock()
    async with (
        sink() as origin,
        WebPush(VapidKey.make(), push.CONTACT, clock=clock, allowed=lambda url: True, loopback=True) as channel,
        desk_on(path) as (desk, _),
    ):
        device = checked(await desk.handle(_registration(origin), RAISER)).ref
        await _queue(desk, str(device), range(count))
        return count / await _emptied(Dispatcher(desk, {"push": channel}, "bench"), desk)


async def _queue(desk: Desk, device: str, numbers: Sequence[int]) -> None:
    async def one(_: int) -> None:
        checked(await desk.handle(TestDevice(device), RAISER))

    await in_turns(numbers, CALLERS, one)


async def _emptied(dispatcher: Dispatcher, desk: Desk) -> float:
    """Seconds until nothing is left to send and every report is written."""
    begun = time.perf_counter()
    while True:
        claimed = await dispatcher.step()
        if not claimed:
            await dispatcher.land()
            waiting = await desk.store.read(lambda tx: tx.one(SQL["outgoing_waiting"]))
            if waiting == (0,):
                return time.perf_counter() - begun


def _registration(origin: str) -> RegisterDevice:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = base64url(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return RegisterDevice(f"{origin}/push/1", DeviceKeys(p256dh, base64url(os.urandom(16))), "bench")

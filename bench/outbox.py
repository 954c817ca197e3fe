"""Pushes through the outbox: claimed, composed, encrypted, sent, reported; against pywebpush sending alone."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from itertools import cycle, islice
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
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import Directory
from core.people.commands import DeviceKeys, RegisterDevice, TestDevice
from core.people.model import Actor
from push.vapid import VapidKey, base64url
from push.webpush import WebPush

CALLERS = 32
LOOK = 0.01
"""Seconds between two looks whether it is done; less than a hundredth of what is measured."""


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
        people = [Actor("person", id_) for id_ in await _people(desk)]
        devices = [
            (str(checked(await desk.handle(_registration(f"{origin}/push/{number}"), person)).ref), person)
            for number, person in enumerate(people)
        ]
        await _queue(desk, list(islice(cycle(devices), count)))
        return count / await _emptied(Dispatcher(desk, {"push": channel}, "bench"), desk)


async def _people(desk: Desk) -> list[str]:
    """Everybody on the sample desk: a push is one person's, and one person's pushes do not fill the room."""
    directory: DirectoryView = await desk.ask(Directory(), RAISER)
    return [person.id for person in directory.persons]


async def _queue(desk: Desk, devices: Sequence[tuple[str, Actor]]) -> None:
    async def one(place: int) -> None:
        device, person = devices[place]
        checked(await desk.handle(TestDevice(device), person))

    await in_turns(range(len(devices)), CALLERS, one)


async def _emptied(dispatcher: Dispatcher, desk: Desk) -> float:
    """Seconds until nothing is left to send and every report is written, the dispatcher running as it does in life."""
    begun = time.perf_counter()
    running = asyncio.create_task(dispatcher.run())
    try:
        while await desk.store.read(lambda tx: tx.one(SQL["outgoing_waiting"])) != (0,):  # noqa: ASYNC110 - it tells
            await asyncio.sleep(LOOK)
        return time.perf_counter() - begun
    finally:
        running.cancel()
        await asyncio.wait([running])


def _registration(endpoint: str) -> RegisterDevice:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = base64url(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return RegisterDevice(endpoint, DeviceKeys(p256dh, base64url(os.urandom(16))), "bench")

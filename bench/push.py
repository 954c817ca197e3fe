"""Push messages per second: our sender against pywebpush alone, to the same sink.

pywebpush is given its best: one shared session and a VAPID header made once, as nobody's first try has it. It does
less than we do: no padding, no check of host and address, no limit on the answer, no token that is renewed.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle, islice
from statistics import median

import aiohttp
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pywebpush import WebPusher

from bench.rows import Row, against
from bench.sink import sink
from core.engine.ports import HOUR, Message, Millis, Sent
from push.vapid import Signer, VapidKey, base64url
from push.webpush import WebPush

CALLERS = 32
DEVICES = 200
"""A hundred people with a phone and a desk."""
TEN_SECONDS = aiohttp.ClientTimeout(total=10)
CONTACT = "mailto:desk@tsubame.example"
PAYLOAD = msgspec.json.encode(
    {
        "web_push": 8030,
        "notification": {"title": "呼出 #4182 L2", "body": "14:44までに引き受けてください", "tag": "e7-suzuki"},
    }
)


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Millis:
        return time.time_ns() // 1_000_000

    def steady(self) -> Millis:
        return time.monotonic_ns() // 1_000_000


async def run(quick: bool) -> list[Row]:
    """The two senders in turns, so that a busy moment of the machine meets both; the median of the rounds."""
    count, rounds = (1_600, 3) if quick else (4_800, 5)
    clock, key = SystemClock(), VapidKey.make()
    async with (
        sink() as origin,
        WebPush(key, CONTACT, clock=clock, allowed=lambda url: True, loopback=True) as channel,
        aiohttp.ClientSession() as session,
    ):
        messages = [_message(f"{origin}/push/{number}", clock.now() + HOUR) for number in range(DEVICES)]
        header = Signer(key, CONTACT, clock).header(origin)

        async def ours(message: Message) -> bool:
            return isinstance(await channel.send(message), Sent)

        async def pywebpush(message: Message) -> bool:
            return await _by_pywebpush(session, message, header)

        figures = [(await _rate(ours, messages, count), await _rate(pywebpush, messages, count)) for _ in range(rounds)]
    return [
        against(
            "push messages, the sender alone",
            median(figure[0] for figure in figures),
            median(figure[1] for figure in figures),
            "messages/s",
            "≥ 80 % of pywebpush",
        )
    ]


def _message(endpoint: str, expires: Millis) -> Message:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = base64url(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return Message(
        id=1,
        kind="call",
        recipient="suzuki",
        channel="push",
        to={"endpoint": endpoint, "p256dh": p256dh, "auth": base64url(os.urandom(16))},
        language="ja",
        subject="",
        text="",
        payload=PAYLOAD,
        tag="e7-suzuki",
        urgency="high",
        expires=expires,
    )


async def _by_pywebpush(session: aiohttp.ClientSession, message: Message, header: str) -> bool:
    keys = {"p256dh": message.to["p256dh"], "auth": message.to["auth"]}
    pusher = WebPusher({"endpoint": message.to["endpoint"], "keys": keys}, aiohttp_session=session)
    headers = {"Authorization": header, "Urgency": "high"}
    answer = await pusher.send_async(message.payload, headers, ttl=60, timeout=TEN_SECONDS)
    return bool(answer.status == 201)


async def _rate(send: Callable[[Message], Awaitable[bool]], messages: Sequence[Message], count: int) -> float:
    """Messages per second of CALLERS tasks that together send `count`, to the devices in turn."""
    waiting = iter(islice(cycle(messages), count))

    async def caller() -> None:
        for message in waiting:
            if not await send(message):
                raise RuntimeError("the sink refused a message")

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return count / (time.perf_counter() - begun)

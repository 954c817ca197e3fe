"""What the sender refuses to do: wrong keys, wrong addresses, and telling secrets."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest

from core.engine.ports import Failed, Gone
from push.vapid import VapidKey
from push.webpush import WebPush
from tests.clock import HandClock
from tests.push.conftest import CONTACT
from tests.push.messages import PAYLOAD, message
from tests.wire.push_service import Answer, PushService, Subscription

OTHER_POINT = "B" + "A" * 86


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "B" + "A" * 80},
        {"p256dh": "A" * 87},
        {"p256dh": OTHER_POINT},
        {"auth": ""},
        {"auth": "A" * 20},
        {"auth": "A" * 24},
        {"auth": "!" * 22},
    ],
    ids=str,
)
async def test_wrong_keys_are_not_used(
    webpush: WebPush, push_service: PushService, phone: Subscription, wrong: Mapping[str, str]
) -> None:
    """Keys of a wrong length, form or curve are a failed delivery and nothing leaves."""
    assert await webpush.send(message({**phone.to, **wrong})) == Failed("bad_keys")
    assert push_service.attempts == []


async def test_padded_keys_are_read(webpush: WebPush, push_service: PushService, phone: Subscription) -> None:
    """Some browsers write base64 padding; it is the same key."""
    padded = {**phone.to, "p256dh": phone.keys["p256dh"] + "=", "auth": phone.keys["auth"] + "=="}
    await webpush.send(message(padded))
    (delivery,) = await push_service.received()
    assert delivery.json == PAYLOAD


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "ftp://push.example/x",
        "file:///etc/passwd",
        "http://push.example/x",
        "http://10.0.0.1/x",
        "https://user:secret@push.example/x",
        "https://push.example/x\r\nX-Evil: 1",
        "https://push.example/é",
        "https://push.example:99999/x",
        "https://",
        "https://[::1/x",
        "https://push.example/" + "x" * 4_096,
    ],
)
async def test_malformed_endpoint_is_refused(webpush: WebPush, phone: Subscription, endpoint: str) -> None:
    """What is no plain https address of a push service is never asked for."""
    assert await webpush.send(message({**phone.to, "endpoint": endpoint})) == Failed("not_allowed")


async def test_plain_http_needs_the_loopback_switch(
    strict: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """Without the switch an http endpoint is refused."""
    assert await strict.send(message(phone.to)) == Failed("not_allowed")
    assert push_service.attempts == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "localhost"]
)
async def test_address_inside_is_refused_when_sending(strict: WebPush, phone: Subscription, host: str) -> None:
    """An address inside is refused at the socket, also behind a name that resolves to it."""
    inside = {**phone.to, "endpoint": f"https://{host}:{phone.endpoint.split(':')[2]}"}
    assert await strict.send(message(inside)) == Failed("private_address")


async def test_loopback_switch_opens_nothing_else_inside(webpush: WebPush, phone: Subscription) -> None:
    """With the switch other private addresses stay closed."""
    inside = {**phone.to, "endpoint": "https://192.168.0.1/x"}
    assert await webpush.send(message(inside)) == Failed("private_address")


async def test_allow_list_is_asked_at_every_message(
    key: VapidKey, clock: HandClock, push_service: PushService, phone: Subscription
) -> None:
    """A host that is not, or no longer, on the list gets nothing."""
    asked: list[str] = []

    def allowed(url: str) -> bool:
        asked.append(url)
        return False

    async with WebPush(key, CONTACT, clock=clock, allowed=allowed, loopback=True) as channel:
        assert await channel.send(message(phone.to)) == Failed("not_allowed")
    assert asked == [phone.endpoint]
    assert push_service.attempts == []


async def test_endpoint_is_sent_as_the_browser_gave_it(
    webpush: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """Escapes in an endpoint are part of its name: they are neither decoded nor written otherwise."""
    odd = {**phone.to, "endpoint": phone.endpoint + "%2Fa%3D%3d"}
    assert await webpush.send(message(odd)) == Gone("http_404")


async def test_nothing_secret_is_logged(
    webpush: WebPush,
    impatient: WebPush,
    push_service: PushService,
    phone: Subscription,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither a good nor a failed delivery leaves endpoint, keys or text in any log."""
    caplog.set_level(logging.DEBUG)
    push_service.answer_next(Answer(201), Answer(500), Answer(hang=True))
    outcomes = [await channel.send(message(phone.to)) for channel in (webpush, webpush, impatient)]
    text = caplog.text + repr(outcomes) + repr(webpush)
    secrets = [phone.endpoint.rpartition("/")[2], phone.keys["auth"], phone.keys["p256dh"], "4182"]
    assert [secret for secret in secrets if secret in text] == []


async def test_sending_needs_an_open_channel(key: VapidKey, clock: HandClock, phone: Subscription) -> None:
    """Outside of `async with` there is no session: a mistake of the program, said as such."""
    closed = WebPush(key, CONTACT, clock=clock, allowed=lambda url: True, loopback=True)
    with pytest.raises(RuntimeError, match="async with"):
        await closed.send(message(phone.to))

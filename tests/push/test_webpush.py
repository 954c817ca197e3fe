"""The sender against a service that verifies and decrypts."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from core.engine.ports import DAY, HOUR, MINUTE, Failed, Gone, Outcome, Retry, Sent
from push.vapid import VapidKey
from push.webpush import WebPush
from tests.clock import HandClock
from tests.push.conftest import CONTACT
from tests.push.messages import PAYLOAD, START, message
from tests.wire.push_service import Answer, PushService, Subscription


async def test_call_arrives_whole(webpush: WebPush, push_service: PushService, phone: Subscription) -> None:
    """Japanese JSON with every key is read by the browser exactly as it was composed."""
    assert await webpush.send(message(phone.to)) == Sent("http_201")
    (delivery,) = await push_service.received()
    assert delivery.json == PAYLOAD


async def test_request_carries_what_services_want(
    webpush: WebPush, push_service: PushService, phone: Subscription, key: VapidKey
) -> None:
    """TTL counts to the end of the call; urgency, a blind topic and our contact go along."""
    await webpush.send(message(phone.to))
    (delivery,) = await push_service.received()
    assert delivery.headers["TTL"] == str(30 * 60)
    assert delivery.headers["Urgency"] == "high"
    assert delivery.headers["Topic"] == key.blind("e7-suzuki")
    assert "suzuki" not in str(delivery.headers)
    assert delivery.claims["sub"] == CONTACT
    assert delivery.claims["exp"] == (START + 12 * HOUR) // 1_000


@pytest.mark.parametrize(("left", "ttl"), [(-HOUR, 60), (5_000, 60), (2 * MINUTE, 120), (90 * DAY, 28 * 86_400)])
async def test_ttl_is_never_zero(
    webpush: WebPush, push_service: PushService, phone: Subscription, left: int, ttl: int
) -> None:
    """At least a minute, since 0 means "drop it when the phone sleeps"; at most four weeks."""
    await webpush.send(message(phone.to, expires=START + left))
    (delivery,) = await push_service.received()
    assert delivery.headers["TTL"] == str(ttl)


async def test_message_without_tag_has_no_topic(
    webpush: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """Nothing is replaced by what has no tag."""
    await webpush.send(message(phone.to, tag=""))
    (delivery,) = await push_service.received()
    assert "Topic" not in delivery.headers


async def test_length_tells_nothing(webpush: WebPush, push_service: PushService, phone: Subscription) -> None:
    """A short and a longer notice are the same number of bytes on the wire."""
    for body in (b"{}", b'{"a":"' + b"x" * 400 + b'"}'):
        await webpush.send(message(phone.to, payload=body))
    short, longer = await push_service.received(2)
    assert short.length == longer.length


async def test_largest_payload_fits_one_record(
    webpush: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """3,000 bytes stay below the 4,096 of a push service after padding and encryption."""
    largest = msgspec.json.encode("x" * 2_998)
    assert await webpush.send(message(phone.to, payload=largest)) == Sent("http_201")
    assert push_service.accepted[0].length <= 4_096


async def test_payload_over_the_limit_is_not_sent(
    webpush: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """3,001 bytes are our fault: refused before encryption, with an alarm."""
    assert await webpush.send(message(phone.to, payload=b"x" * 3_001)) == Failed("too_large", alarm=True)
    assert push_service.attempts == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(201), Sent("http_201")),
        (Answer(404), Gone("http_404")),
        (Answer(410), Gone("http_410")),
        (Answer(413), Failed("http_413", alarm=True)),
        (Answer(429, {"Retry-After": "7"}), Retry(7_000, "http_429")),
        (Answer(429), Retry(None, "http_429")),
        (Answer(500, body=b"oh" * 100_000), Retry(None, "http_500")),
        (Answer(503, {"Retry-After": "86400"}), Retry(HOUR, "http_503")),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
async def test_answer_becomes_an_outcome(
    webpush: WebPush, push_service: PushService, phone: Subscription, answer: Answer, outcome: Outcome
) -> None:
    """What the service says is told once, and the next message finds a working channel."""
    push_service.answer_next(answer)
    assert await webpush.send(message(phone.to)) == outcome
    assert await webpush.send(message(phone.to)) == Sent("http_201")


async def test_endless_talk_after_the_status_changes_nothing(
    webpush: WebPush, push_service: PushService, phone: Subscription
) -> None:
    """A body of megabytes is not read; what was accepted stays accepted."""
    push_service.answer_next(Answer(201, body=b"x" * 8_000_000))
    assert await webpush.send(message(phone.to)) == Sent("http_201")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirect_is_not_followed(
    webpush: WebPush, push_service: PushService, phone: Subscription, status: int
) -> None:
    """A service that sends us elsewhere, maybe inside, is a failed delivery."""
    push_service.answer_next(Answer(status, {"Location": f"{push_service.origin}/inside"}))
    assert await webpush.send(message(phone.to)) == Failed(f"http_{status}")
    assert push_service.inside == 0


async def test_silent_service_is_given_up(impatient: WebPush, push_service: PushService, phone: Subscription) -> None:
    """A service that never answers costs its time and no more: try again."""
    push_service.answer_next(Answer(hang=True))
    assert await impatient.send(message(phone.to)) == Retry(reason="timeout")


async def test_absent_service_is_tried_again(webpush: WebPush, clock: HandClock, key: VapidKey) -> None:
    """Nobody listening is a passing fault."""
    async with PushService() as service:
        gone = service.subscribe(key.public)
    assert await webpush.send(message(gone.to)) == Retry(reason="network")


async def test_other_application_key_raises_an_alarm(
    webpush: WebPush, push_service: PushService, key: VapidKey
) -> None:
    """A subscription made with another key answers 403: admins must know, and the device stays."""
    foreign = push_service.subscribe(VapidKey.make().public)
    assert await webpush.send(message(foreign.to)) == Failed("http_403", alarm=True)
    assert push_service.attempts[0].why == "key"


async def test_two_services_each_read_their_own_name(
    webpush: WebPush, push_service: PushService, phone: Subscription, key: VapidKey, clock: HandClock
) -> None:
    """The token of one origin is never shown to another."""
    async with PushService(lambda: clock.now() / 1_000) as other:
        second = other.subscribe(key.public)
        for device in (phone, second, phone, second):
            assert await webpush.send(message(device.to)) == Sent("http_201")
        assert {attempt.claims["aud"] for attempt in other.attempts} == {other.origin}
    assert {attempt.claims["aud"] for attempt in push_service.attempts} == {push_service.origin}


async def test_token_is_kept_and_made_anew_in_time(
    webpush: WebPush, push_service: PushService, phone: Subscription, clock: HandClock
) -> None:
    """One token for hours, another before a strict service would mind."""
    for hours in (0, 5, 1, 17):
        clock.time += hours * HOUR
        assert await webpush.send(message(phone.to)) == Sent("http_201")
    tokens = [attempt.headers["Authorization"] for attempt in push_service.attempts]
    assert tokens[0] == tokens[1]
    assert len(set(tokens)) == 3


async def test_connection_is_used_again(webpush: WebPush, push_service: PushService, phone: Subscription) -> None:
    """Messages after each other share one connection."""
    for _ in range(5):
        await webpush.send(message(phone.to))
    assert len({attempt.connection for attempt in push_service.attempts}) == 1


async def test_many_at_once_all_arrive(webpush: WebPush, push_service: PushService, key: VapidKey) -> None:
    """Two hundred devices at once: each gets its own message, over a bounded number of connections."""
    devices = [push_service.subscribe(key.public) for _ in range(200)]
    outcomes = await asyncio.gather(*(webpush.send(message(device.to)) for device in devices))
    assert set(outcomes) == {Sent("http_201")}
    assert {attempt.subscription for attempt in push_service.accepted} == {device.number for device in devices}
    assert len({attempt.connection for attempt in push_service.attempts}) <= 64

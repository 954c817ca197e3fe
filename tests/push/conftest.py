"""The senders, and the services they send to, on one clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from push.mail import Mail
from push.mail_server import MailServer
from push.vapid import VapidKey
from push.webpush import WebPush
from tests.clock import HandClock
from tests.push.messages import START
from tests.wire.fixtures import smtp_server
from tests.wire.push_service import PushService, Subscription
from tests.wire.smtp_server import SmtpServer

__all__ = ["smtp_server"]

CONTACT = "mailto:desk@tsubame.example"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture(scope="session")
def key() -> VapidKey:
    return VapidKey.make()


@pytest.fixture
async def push_service(clock: HandClock) -> AsyncIterator[PushService]:
    async with PushService(lambda: clock.now() / 1_000) as service:
        yield service


@pytest.fixture
def phone(push_service: PushService, key: VapidKey) -> Subscription:
    """A subscription of somebody's phone."""
    return push_service.subscribe(key.public)


@pytest.fixture
async def webpush(key: VapidKey, clock: HandClock) -> AsyncIterator[WebPush]:
    async with WebPush(key, CONTACT, clock=clock, allowed=lambda url: True, loopback=True) as channel:
        yield channel


@pytest.fixture
async def impatient(key: VapidKey, clock: HandClock) -> AsyncIterator[WebPush]:
    """The same, giving up soon."""
    async with WebPush(key, CONTACT, clock=clock, allowed=lambda url: True, loopback=True, timeout=0.2) as channel:
        yield channel


@pytest.fixture
async def strict(key: VapidKey, clock: HandClock) -> AsyncIterator[WebPush]:
    """The same without the loopback switch, as in real operation."""
    async with WebPush(key, CONTACT, clock=clock, allowed=lambda url: True) as channel:
        yield channel


@pytest.fixture
async def mail(smtp_server: SmtpServer, clock: HandClock) -> AsyncIterator[Mail]:
    async with Mail(MailServer(smtp_server.url, loopback=True), "desk@tsubame.example", clock=clock) as channel:
        yield channel

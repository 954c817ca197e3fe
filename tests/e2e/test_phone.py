"""The device itself, against the smallest page that has a worker: what the stories stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from push.vapid import VapidKey
from push.webpush import WebPush
from tests.clock import HandClock
from tests.e2e.phone import Phone
from tests.push.messages import PAYLOAD, START, message
from tests.wire.push_service import PushService
from tests.wire.waiting import Arrivals

pytestmark = pytest.mark.browser
FILES = Path(__file__).parent / "page"


class Page:
    """The page's server: files, a cookie for whoever opens it, and what the worker asked for."""

    def __init__(self) -> None:
        self.acts: Arrivals[dict[str, Any]] = Arrivals()
        self.url = ""

    async def index(self, request: web.Request) -> web.Response:
        answer = web.Response(text=(FILES / "index.html").read_text(), content_type="text/html")
        answer.set_cookie("session", "mine", httponly=True, samesite="Lax", path="/desk")
        return answer

    async def act(self, request: web.Request) -> web.Response:
        given = msgspec.json.decode(await request.read())
        await self.acts.add({**given, "cookie": request.cookies.get("session")})
        return web.Response()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    site = Page()
    app = web.Application()
    app.router.add_get("/desk/", site.index)
    app.router.add_post("/desk/acts", site.act)
    app.router.add_static("/desk/", FILES)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}/desk/"
    yield site
    await runner.cleanup()


async def test_push_stands_on_the_device(hayashi: Phone, page: Page) -> None:
    """A delivered push shows its title, text, language, tag and data."""
    await hayashi.open(page.url)
    await hayashi.push(msgspec.json.encode(PAYLOAD))
    (shown,) = await hayashi.notifications()
    given: Any = PAYLOAD["notification"]
    assert (shown.title, shown.body, shown.lang) == (given["title"], given["body"], "ja")
    assert (shown.tag, shown.data) == (given["tag"], given["data"])


async def test_newer_push_replaces_older(hayashi: Phone, page: Page) -> None:
    """Two pushes with one tag leave one notification, the newer."""
    await hayashi.open(page.url)
    for title in ("first", "second"):
        await hayashi.push(msgspec.json.encode({"notification": {"title": title, "tag": "one"}}))
    assert [shown.title for shown in await hayashi.notifications()] == ["second"]


async def test_tap_reaches_the_server_as_the_signed_in_person(hayashi: Phone, page: Page) -> None:
    """The worker's answer to a tap carries the action, the notification's data and the session."""
    await hayashi.open(page.url)
    await hayashi.push(msgspec.json.encode(PAYLOAD))
    (shown,) = await hayashi.notifications()
    await hayashi.tap(shown, "accept")
    (act,) = await page.acts.wait()
    assert act == {"action": "accept", "data": shown.data, "cookie": "mine"}


async def test_encrypted_push_goes_all_the_way(hayashi: Phone, page: Page) -> None:
    """What our sender encrypts for the page's own subscription is what the device shows."""
    key, clock = VapidKey.make(), HandClock(START)
    contact = "mailto:desk@tsubame.example"
    async with (
        PushService(lambda: clock.now() / 1_000) as service,
        WebPush(key, contact, clock=clock, allowed=lambda url: True, loopback=True) as channel,
    ):
        await hayashi.subscribe_at(service)
        await hayashi.open(page.url)
        given = await hayashi.page.evaluate("(key) => subscribe(key)", key.public)
        await channel.send(message({"endpoint": given["endpoint"], **given["keys"]}))
        (delivery,) = await service.received()
        await hayashi.push(delivery.plain or b"")
    (shown,) = await hayashi.notifications()
    assert shown.data == delivery.json["notification"]["data"]

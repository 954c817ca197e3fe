"""A phone: a real Chromium with a profile of its own, a service worker, and notifications that can be read.

Push arrives through DevTools, as if the vendor's service had delivered it. A headless browser has nobody who taps a
notification, and a made-up click event is not trusted; so a tap calls the function that the worker's own click
handler calls (`self.noroshi.act`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import BrowserContext, CDPSession, Page, Worker, async_playwright

from tests.wire.push_service import PushService, Subscription

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20.0
"""Seconds until something that never comes is a failed test."""

READ = """async () => (await self.registration.getNotifications()).map(
    ({title, body, lang, tag, silent, actions, data}) =>
        ({title, body, lang, tag, silent, data, actions: actions.map(({action, title}) => ({action, title}))}))"""
ACT = "([action, data]) => self.noroshi.act(action, data)"


VENDOR = Path(__file__).parent / "vendor.js"


class Shown(msgspec.Struct, frozen=True):
    """A notification as it stands on the device."""

    title: str
    body: str
    lang: str
    tag: str
    silent: bool | None
    actions: Sequence[Mapping[str, str]]
    data: Any


class Phone:
    """One person's device. `page` is its open page, a Playwright page like any other."""

    def __init__(self, context: BrowserContext, page: Page, devtools: CDPSession) -> None:
        self.context = context
        self.page = page
        self._devtools = devtools
        self._registrations: dict[str, str] = {}
        self._pushed = asyncio.Event()
        self.subscription: Subscription | None = None
        """What the page got when it subscribed, see `subscribe_at`."""
        self._key = ""
        devtools.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        devtools.on("BackgroundService.backgroundServiceEventReceived", self._happened)

    async def subscribe_at(self, service: PushService) -> None:
        """From now on `pushManager.subscribe()` in this browser makes a subscription of this service."""

        async def vendor(act: str, key: str) -> dict[str, Any] | None:
            if act == "join":
                self.subscription = service.subscribe(key.replace("+", "-").replace("/", "_"))
                self._key = key
            elif act == "leave":
                self.subscription = None
            mine = self.subscription
            return {"endpoint": mine.endpoint, "keys": mine.keys, "of": self._key} if mine else None

        await self.context.expose_function("vendor", vendor)
        await self.context.add_init_script(path=VENDOR)

    async def open(self, url: str) -> None:
        """Go there, and wait until the page's service worker is active."""
        await self.page.goto(url)
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    async def push(self, payload: bytes | str) -> None:
        """Deliver a push to the open page's worker and wait until it has dealt with it."""
        scope = await self.page.evaluate("navigator.serviceWorker.ready.then((found) => found.scope)")
        text = payload.decode() if isinstance(payload, bytes) else payload
        self._pushed.clear()
        await self._devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin(), "registrationId": self._registrations[scope], "data": text},
        )
        async with asyncio.timeout(PATIENCE):
            await self._pushed.wait()

    async def notifications(self) -> list[Shown]:
        """What stands on the device now."""
        return msgspec.convert(await (await self.worker()).evaluate(READ), list[Shown])

    async def tap(self, shown: Shown, action: str = "") -> None:
        """Tap one of a notification's buttons, or the notification itself; back when the worker is done."""
        await (await self.worker()).evaluate(ACT, [action, shown.data])

    async def worker(self) -> Worker:
        """The running service worker of the open page."""
        for worker in self.context.service_workers:
            if worker.url.startswith(self._origin()):
                return worker
        return await self.context.wait_for_event("serviceworker", timeout=PATIENCE * 1_000)

    def _origin(self) -> str:
        scheme, _, rest = self.page.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def _registered(self, event: Mapping[str, Any]) -> None:
        for found in event["registrations"]:
            if not found["isDeleted"]:
                self._registrations[found["scopeURL"]] = found["registrationId"]

    def _happened(self, event: Mapping[str, Any]) -> None:
        if event["backgroundServiceEvent"]["eventName"] == "Push event completed":
            self._pushed.set()


@asynccontextmanager
async def phone(chromium: Path, profile: Path, language: str = "ja-JP") -> AsyncIterator[Phone]:
    """A device that allows notifications; `profile` is an empty folder for it."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            args=ARGUMENTS,
            locale=language,
            timezone_id="Asia/Tokyo",
            viewport={"width": 390, "height": 844},
            permissions=["notifications"],
        )
        try:
            page = context.pages[0] if context.pages else await context.new_page()
            devtools = await context.new_cdp_session(page)
            device = Phone(context, page, devtools)
            await devtools.send("ServiceWorker.enable")
            await devtools.send("BackgroundService.startObserving", {"service": "pushMessaging"})
            await devtools.send("BackgroundService.setRecording", {"service": "pushMessaging", "shouldRecord": True})
            yield device
        finally:
            await context.close()

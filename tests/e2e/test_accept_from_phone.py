"""The main job, end to end: real server, real encryption, a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.desk import DeskProcess, Program
from tests.e2e.phone import Phone
from tests.wire.fixtures import push_service, smtp_server
from tests.wire.push_service import PushService, Subscription
from tests.wire.smtp_server import SmtpServer

__all__ = ["push_service", "smtp_server"]

pytestmark = pytest.mark.browser
FILE = Path(__file__).parent / "desk.toml"


@pytest.fixture
async def desk(tmp_path: Path, smtp_server: SmtpServer) -> AsyncIterator[DeskProcess]:
    """The desk of this folder's desk.toml, serving; its mail goes to the loopback server."""
    process = DeskProcess(tmp_path)
    file = tmp_path / "desk.toml"
    file.write_text(
        FILE.read_text(encoding="utf-8").replace("smtp://127.0.0.1:2525", smtp_server.url), encoding="utf-8"
    )
    await process.noroshi("init")
    await process.noroshi("apply", str(file))
    async with process.serving():
        yield process


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def program(desk: DeskProcess, session: aiohttp.ClientSession, person: str) -> Program:
    return Program(session, desk.url, (await desk.noroshi("token", "create", person)).strip())


def planned(ladder: list[Mapping[str, Any]], start: str) -> list[tuple[Any, ...]]:
    """Lines of a ladder without their state, times as seconds since the start."""
    return [
        (seconds(start, line["at"]), line["level"], line["seat"], tuple(line["people"]), line["channel"])
        for line in ladder
    ]


def seconds(start: str, at: str) -> float:
    return (datetime.fromisoformat(at) - datetime.fromisoformat(start)).total_seconds()


async def signed_in(device: Phone, desk: DeskProcess, service: PushService, person: str) -> None:
    """By the link of an invitation; then this browser becomes a device of theirs."""
    link = (await desk.noroshi("person", "invite", person, "--url", desk.url)).split()[-1]
    await device.subscribe_at(service)
    await device.page.goto(link)
    await device.page.locator("main button").click()
    await device.page.wait_for_url(f"{desk.url}/desk/")
    await device.open(f"{desk.url}/desk/me")
    await device.page.locator("[data-add]").click()
    await device.page.locator("[data-device]").wait_for()


async def adds_a_phone(person: Program, service: PushService) -> Subscription:
    """A device without a browser, registered by the API."""
    phone = service.subscribe((await person.get("/push-key"))["key"])
    await person.post("/me/devices", name="phone", endpoint=phone.endpoint, keys=phone.keys)
    return phone


async def test_call_climbs_until_the_manager_accepts_on_the_phone(
    desk: DeskProcess,
    session: aiohttp.ClientSession,
    push_service: PushService,
    smtp_server: SmtpServer,
    hayashi: Phone,
) -> None:
    """Duty and backup stay silent, the manager's phone rings, one tap makes them the holder, as the preview said."""
    await signed_in(hayashi, desk, push_service, "hayashi")
    assert hayashi.subscription is not None
    phones = [
        await adds_a_phone(await program(desk, session, person), push_service) for person in ("suzuki", "takahashi")
    ]
    floor = await program(desk, session, "sato")

    ticket = await floor.post("/tickets", subject="取引先からのクレーム", category="complaint", severity="high")
    preview = await floor.post("/previews", ticket=ticket["number"])
    raised = await floor.post(f"/tickets/{ticket['number']}/escalations")

    calls = await push_service.received(3)
    rung = [*(phone.number for phone in phones), hayashi.subscription.number]
    assert [call.subscription for call in calls] == rung
    assert {call.json["notification"]["data"]["escalation"] for call in calls} == {raised["id"]}
    (letter,) = await smtp_server.received()
    assert letter.recipients == ["suzuki@tsubame.example"]

    await hayashi.push(calls[2].plain or b"")
    (shown,) = await hayashi.notifications()
    await hayashi.tap(shown, "accept")

    assert (await floor.get(f"/tickets/{ticket['number']}"))["holder"] == "hayashi"
    escalation = await floor.get(f"/escalations/{raised['id']}")
    assert escalation["state"] == "accepted"
    happened = planned([line for line in escalation["ladder"] if line["state"] == "done"], escalation["raised_at"])
    assert happened == planned(preview["ladder"], preview["ladder"][0]["at"])[: len(happened)]
    assert happened[-1][3] == ("hayashi",)

    endings = (await push_service.received(5))[3:]
    assert {ending.subscription for ending in endings} == {phone.number for phone in phones}
    assert {ending.headers["Topic"] for ending in endings} == {call.headers["Topic"] for call in calls[:2]}
    assert {(ending.headers["Urgency"], ending.json["notification"]["silent"]) for ending in endings} == {("low", True)}
    assert "level=error" not in desk.log


async def test_late_tap_says_who_holds_it(
    desk: DeskProcess, session: aiohttp.ClientSession, push_service: PushService, suzuki: Phone
) -> None:
    """Somebody accepted first: the tap on the old notification changes nothing and shows the holder in its place."""
    await signed_in(suzuki, desk, push_service, "suzuki")
    floor, manager = await program(desk, session, "sato"), await program(desk, session, "hayashi")
    ticket = await floor.post("/tickets", subject="取引先からのクレーム")
    raised = await floor.post(f"/tickets/{ticket['number']}/escalations")
    (call,) = await push_service.received()
    await suzuki.push(call.plain or b"")
    (shown,) = await suzuki.notifications()
    await manager.post(f"/escalations/{raised['id']}/acceptance")

    await suzuki.tap(shown, "accept")
    (now,) = await suzuki.notifications()
    assert now.tag == shown.tag
    assert "林 恵子" in now.title + now.body
    assert (await floor.get(f"/tickets/{ticket['number']}"))["holder"] == "hayashi"

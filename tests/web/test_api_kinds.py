"""Consults, reports to the customer and after-reports over the API, under the contract's names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.web.floor import Floor
from tests.web.house import House

REPORT = {"what": "レジが止まっています。", "affects": "全店", "recovery": "17時ごろ"}


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def posted(desk: httpx.AsyncClient, path: str, status: int, **body: Any) -> Any:
    """The answer's JSON, with the status that is expected."""
    answer = await desk.post(f"/api{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def iso(floor: Floor, **away: int) -> str:
    """A time so far from now, as programs write it."""
    return (datetime.fromtimestamp(floor.house.clock.time / 1000, UTC) + timedelta(**away)).isoformat()


async def test_a_consult_over_the_api(floor: Floor) -> None:
    """Raised 201, answered and confirmed 200, each with the escalation as it is now."""
    async with await floor.house.program("sato") as sato, await floor.house.program("suzuki") as suzuki:
        view = await posted(sato, f"/tickets/{floor.new}/escalations", 201, kind="consult", reason="返金してよいか")
        path = f"/escalations/{view['id']}"
        view = await posted(suzuki, f"{path}/answer", 200, text="はい")
        assert (view["state"], view["question"], view["answer"]["text"]) == ("answered", "返金してよいか", "はい")
        assert (await posted(sato, f"{path}/question", 422, text=" "))["field"] == "text"
        assert (await posted(sato, f"{path}/question", 200, text="送料も？"))["state"] == "calling"
        assert (await posted(suzuki, f"{path}/takeover", 403))["code"] == "not_allowed"
        await posted(suzuki, f"{path}/acceptance", 200)
        view = await posted(suzuki, f"{path}/takeover", 200)
        assert (view["kind"], view["state"], view["holder"]) == ("takeover", "accepted", "suzuki")


async def test_a_report_over_the_api(floor: Floor) -> None:
    """Times are ISO 8601 with offset both ways; without an address the approval is `invalid`."""
    async with await floor.house.program("sato") as sato, await floor.house.program("suzuki") as suzuki:
        times = {"since": iso(floor, minutes=-30), "next_update": iso(floor, hours=1)}
        made = await posted(
            sato, "/tickets", 201, subject="レジ停止", customer={"name": "山田", "email": "y@customer.example"}
        )
        escalations = f"/tickets/{made['number']}/escalations"
        assert (await posted(sato, escalations, 422, kind="notify"))["code"] == "invalid"
        view = await posted(sato, escalations, 201, kind="notify", report={**REPORT, **times})
        assert datetime.fromisoformat(view["report"]["next_update"]) == datetime.fromisoformat(times["next_update"])
        path = f"/escalations/{view['id']}"
        assert (await posted(suzuki, f"{path}/approval", 409))["code"] == "conflict"
        await posted(suzuki, f"{path}/acceptance", 200)
        back = await posted(suzuki, f"{path}/revision", 200, text="店舗名を。")
        assert (back["state"], back["remarks"]["text"]) == ("answered", "店舗名を。")
        await posted(
            sato, f"{path}/question", 200, report={**REPORT, **times, "what": "渋谷店のレジが止まっています。"}
        )
        await posted(suzuki, f"{path}/acceptance", 200)
        view = await posted(suzuki, f"{path}/approval", 200)
        assert (view["state"], view["next"]["does"]) == ("accepted", "update")
        assert datetime.fromisoformat(view["next"]["at"]) == datetime.fromisoformat(times["next_update"])


async def test_an_after_report_over_the_api(floor: Floor) -> None:
    """The ticket as it is now, why this is no escalation, and where one is raised."""
    async with await floor.house.program("sato") as sato:
        shown = await posted(sato, f"/tickets/{floor.new}/after-reports", 200, text="交換を手配済み")
    assert shown["number"] == floor.new
    assert "エスカレーションではありません" in shown["why"]
    assert shown["raise_route"] == f"/api/tickets/{floor.new}/escalations"

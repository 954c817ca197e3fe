"""Rules, previews and the checker over the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from core.deskfile.commands import ApplyDeskFile
from core.engine.outcome import Refusal
from core.escalation.commands import RaiseEscalation
from core.people.model import Actor
from tests.unit.documents import read
from tests.web.floor import DESK, Floor
from tests.web.house import House, problem

ADMIN = """
[[person]]
id = "boss"
name = "管理 太郎"
teams = ["support"]
roles = ["admin"]
"""
LONG = "あ" * 3_500_000
"""Ten megabytes of a reason."""


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def test_the_rules_are_read_by_everybody(floor: Floor) -> None:
    """In the language asked for, with times as ISO 8601."""
    async with await floor.house.program("sato") as program:
        answer = await program.get("/api/rules", params={"language": "en"})
    body = answer.json()
    assert answer.status_code == 200
    assert (body["language"], body["rules"][0]["says"]) == ("en", "A complaint of a partner")
    assert body["policies"][0]["rungs"][0]["moments"][0]["at"].endswith("+00:00")


async def test_figures_are_for_whoever_may_change_a_rule(floor: Floor) -> None:
    """A supervisor reads them, an operator is refused."""
    async with await floor.house.program("suzuki") as chief, await floor.house.program("sato") as operator:
        figures = await chief.get("/api/rules/review")
        refused = await operator.get("/api/rules/review")
        wrong = await chief.get("/api/rules/review", params={"months": "25"})
    assert [one["matched"] for one in figures.json()["items"]] == [2]
    assert problem(refused) == (403, "not_allowed")
    assert problem(wrong) == (422, "invalid")


async def test_the_checker_is_for_admins(floor: Floor) -> None:
    """Findings worst first, each in words; others are refused."""
    await floor.house.did(ApplyDeskFile(read(DESK + ADMIN)))
    async with await floor.house.program("boss") as admin, await floor.house.program("suzuki") as chief:
        answer = await admin.get("/api/check", params={"language": "en"})
        refused = await chief.get("/api/check")
    body = answer.json()
    assert answer.status_code == 200
    assert body["errors"] == sum(item["severity"] == "error" for item in body["items"])
    assert all(item["where"] and item["code"] and item["text"] for item in body["items"])
    assert problem(refused) == (403, "not_allowed")


async def test_a_preview_takes_time_mode_and_raiser(floor: Floor) -> None:
    """200 with the ladder; what is not known is named by its field."""
    async with await floor.house.program("sato") as program:
        asked = {"policy": "complaint", "at": "2026-12-01T10:00:00+09:00", "mode": "remote", "by": "suzuki"}
        answer = await program.post("/api/previews", json=asked)
        wrong = [
            (await program.post("/api/previews", json={"policy": "complaint", **other})).json()
            for other in ({"at": "1999-01-01T00:00:00Z"}, {"at": "soon"}, {"by": "nobody"}, {"mode": "panic"})
        ]
    assert answer.status_code == 200
    assert answer.json()["ladder"][0]["at"].startswith("2026-12-01T01:00:00")
    assert [(one["status"], one["field"]) for one in wrong] == [(422, "at"), (422, "at"), (422, "by"), (422, "mode")]


async def test_ten_megabytes_of_a_reason_over_the_api(floor: Floor) -> None:
    """413 by name before it is read as JSON; one that fits a request and no reason is 422 by its field."""
    async with await floor.house.program("sato") as program:
        before = await floor.house.desk.verify()
        path = f"/api/tickets/{floor.new}/escalations"
        huge = await program.post(path, json={"reason": LONG})
        long = await program.post(path, json={"reason": "あ" * 2_001})
    assert problem(huge) == (413, "too_large")
    assert problem(long) == (422, "invalid")
    assert long.json()["field"] == "reason"
    assert await floor.house.desk.verify() == before


async def test_ten_megabytes_of_a_reason_on_the_page(floor: Floor) -> None:
    """The form is refused by name, and nothing is stored."""
    browser = await floor.browser("sato")
    before = await floor.house.desk.verify()
    answer = await browser.post(f"/desk/tickets/{floor.new}/escalations", data={"reason": LONG})
    assert answer.status_code == 413
    assert "Traceback" not in answer.text
    assert await floor.house.desk.verify() == before


async def test_ten_megabytes_at_the_door_of_the_core(floor: Floor) -> None:
    """Whoever comes through no door (the terminal on the database) is told the field, too."""
    refusal = await floor.house.desk.handle(RaiseEscalation(floor.new, reason=LONG), Actor("person", "sato"))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("invalid", "reason")

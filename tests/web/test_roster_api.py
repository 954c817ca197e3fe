"""The roster over the API: who is on duty, the coming days, changes, leave, offers; times with their offset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from msgspec.structs import replace

from core.engine.ports import Transaction
from core.people.model import Person
from core.people.records import people_of, save_persons, save_settings
from core.roster.model import Rota, Rotation, Shift
from core.roster.records import save_rotas
from tests.web.house import START, House, problem

FLOOR = Rota("floor", (Shift("daily", "09:00", "18:00", ("sato",), "site"),), on_holidays=False)
NIGHT = Rota("night", rotation=Rotation(("mori", "sato"), "1w", "mon 09:00", "2026-11-16"))
STOCK = Rota("stock", (Shift("mon-fri", "09:00", "18:00", ("kato",)),))


@pytest.fixture
async def sato(tsubame: House) -> AsyncIterator[httpx.AsyncClient]:
    """A program of sato's, at a desk with three rotas. It is Saturday, 21 November 2026, 14:32 in Tokyo."""

    def write(tx: Transaction) -> None:
        save_settings(tx, replace(people_of(tx).settings, holidays="JP"))
        chief = Person("chief", "Chief", 2, ("support",), frozenset({"supervisor"}), "ja")
        save_persons(tx, [*(p for p in people_of(tx).persons.values() if p.active), chief])
        save_rotas(tx, [FLOOR, NIGHT, STOCK], START)

    await tsubame.desk.store.write(write)
    async with await tsubame.program("sato") as program:
        yield program


def tokyo(text: str) -> str:
    """A Tokyo time of November 2026 as the API says it."""
    at = datetime.fromisoformat(f"2026-11-{text}:00+09:00").astimezone(UTC)
    return at.isoformat(timespec="milliseconds")


async def test_who_is_on_duty(sato: httpx.AsyncClient) -> None:
    """Now, at a time, and of one team; each with place, reason, and until when."""
    items = (await sato.get("/api/duty")).json()["items"]
    assert [(one["rota"], one["person"], one["place"], one["source"]) for one in items] == [
        ("floor", "sato", "site", "shift"), ("night", "mori", "site", "rotation"),
    ]  # fmt: skip
    assert items[0]["until"] == tokyo("21T18:00")
    later = await sato.get("/api/duty", params={"at": "2026-11-24T10:00:00+09:00", "team": "stock"})
    assert [one["person"] for one in later.json()["items"]] == ["kato"]
    assert problem(await sato.get("/api/duty", params={"at": "tomorrow"})) == (422, "invalid")


async def test_the_coming_days(sato: httpx.AsyncClient, tsubame: House) -> None:
    """Segments and gaps with their reason; the holiday is named in the language of whoever asks."""
    span = {"since": "2026-11-22T18:00:00+09:00", "until": "2026-11-24T18:00:00+09:00"}
    view = (await sato.get("/api/roster", params=span)).json()
    floor, night, stock = view["rotas"]
    assert (view["timezone"], view["mode"]) == ("Asia/Tokyo", "normal")
    assert view["holidays"] == [{"day": "2026-11-23", "name": "Labor Thanksgiving Day"}]
    assert [(one["person"], one["since"], one["until"]) for one in floor["segments"]] == [
        ("sato", tokyo("24T09:00"), tokyo("24T18:00"))
    ]
    assert [(gap["because"], gap["since"], gap["holiday"]) for gap in floor["gaps"]] == [
        ("unplanned", tokyo("22T18:00"), None),
        ("holiday", tokyo("23T09:00"), "Labor Thanksgiving Day"),
        ("unplanned", tokyo("23T18:00"), None),
    ]
    assert [one["person"] for one in night["segments"]] == ["mori", "sato"]
    assert (night["gaps"], stock["teams"]) == ([], ["stock"])
    async with await tsubame.program("chief") as chief:
        told = (await chief.get("/api/roster", params={**span, "team": "stock"})).json()
    assert (told["holidays"][0]["name"], [rota["id"] for rota in told["rotas"]]) == ("勤労感謝の日", ["stock"])
    too_long = {"since": span["since"], "until": "2027-11-24T18:00:00+09:00"}
    assert problem(await sato.get("/api/roster", params=too_long)) == (422, "invalid")


async def test_an_override_and_its_conflict(sato: httpx.AsyncClient, tsubame: House) -> None:
    """Made by the supervisor, seen by all, refused a second time with the id of the first, called off."""
    body = {"since": "2026-11-22T10:00:00+09:00", "until": "2026-11-22T12:00:00+09:00", "add": "mori", "remove": "sato"}
    assert problem(await sato.post("/api/rotas/floor/overrides", json=body)) == (403, "not_allowed")
    async with await tsubame.program("chief") as chief:
        made = await chief.post("/api/rotas/floor/overrides", json=body, headers={"idempotency-key": "once"})
        again = await chief.post("/api/rotas/floor/overrides", json=body, headers={"idempotency-key": "once"})
        assert (made.status_code, again.status_code, again.json()) == (201, 201, made.json())
        assert (made.json()["add"], made.json()["remove"], made.json()["since"]) == ("mori", "sato", tokyo("22T10:00"))
        twice = await chief.post("/api/rotas/floor/overrides", json=body)
        assert problem(twice) == (409, "conflict")
        assert twice.json()["id"] == made.json()["id"]
        one = f"/api/overrides/{made.json()['id']}"
        assert (await sato.get(one)).json()["ended_at"] is None
        assert problem(await sato.delete(one)) == (403, "not_allowed")
        assert (await chief.delete(one)).status_code == 204
        assert (await sato.get(one)).json()["ended_at"] == tokyo("21T14:32")
        assert problem(await chief.post("/api/rotas/nowhere/overrides", json=body)) == (404, "unknown")
        assert problem(await chief.post("/api/rotas/floor/overrides", json={"add": "mori"})) == (422, "invalid")
    assert problem(await sato.get("/api/overrides/99")) == (404, "unknown")


async def test_a_plan_and_a_shift_taken(sato: httpx.AsyncClient, tsubame: House) -> None:
    """A temporary plan stands in the roster with its name; mori is asked for by nobody and takes no shift of floor."""
    span = {"since": "2026-11-28T00:00:00+09:00", "until": "2026-11-30T00:00:00+09:00"}
    shift = {"person": "mori", "since": "2026-11-28T10:00:00+09:00", "until": "2026-11-28T15:00:00+09:00"}
    async with await tsubame.program("chief") as chief:
        made = await chief.post("/api/rotas/floor/plans", json={"name": "棚卸し", **span, "shifts": [shift]})
        assert made.status_code == 201, made.text
        floor = (await sato.get("/api/roster", params=span)).json()["rotas"][0]
        assert [(one["person"], one["source"], one["change"]) for one in floor["segments"]] == [
            ("mori", "plan", made.json()["id"])
        ]
        assert floor["plans"][0]["name"] == "棚卸し"
        assert (await chief.delete(f"/api/plans/{made.json()['id']}")).status_code == 204
    async with await tsubame.program("mori") as mori:
        taken = await mori.post("/api/rotas/night/taking", json={})
        assert problem(taken) == (409, "conflict")
        assert problem(await mori.post("/api/rotas/floor/taking", json={})) == (403, "not_allowed")
    taken = await sato.post("/api/rotas/night/taking", json={})
    assert (taken.status_code, taken.json()["remove"], taken.json()["until"]) == (201, "mori", tokyo("23T09:00"))


async def test_leave_home_days_and_offers(sato: httpx.AsyncClient, tsubame: House) -> None:
    """My own time is mine to plan; an offer is for one colleague, and for nobody else's eyes."""
    body = {"since": "2026-11-25T00:00:00+09:00", "until": "2026-11-26T00:00:00+09:00"}
    leave = await sato.post("/api/leaves", json=body)
    assert (leave.status_code, leave.json()["person"], leave.json()["until"]) == (201, "sato", tokyo("26T00:00"))
    assert len((await sato.get("/api/leaves")).json()["items"]) == 1
    assert (await sato.delete(f"/api/leaves/{leave.json()['id']}")).status_code == 204
    assert (await sato.post("/api/me/home-days", json={})).json() == {"days": ["2026-11-21"]}
    assert (await sato.get("/api/me")).json()["place"] == "home"
    assert (await sato.delete("/api/me/home-days/2026-11-21")).status_code == 204
    offer = await sato.post("/api/shifts/swaps", json={"rota": "floor", "to": "mori"})
    assert (offer.status_code, offer.json()["state"], offer.json()["until"]) == (201, "offered", tokyo("21T18:00"))
    one = f"/api/shifts/swaps/{offer.json()['id']}"
    async with await tsubame.program("kato") as kato, await tsubame.program("mori") as mori:
        assert problem(await kato.get(one)) == (404, "unknown")
        assert [swap["id"] for swap in (await mori.get("/api/shifts/swaps")).json()["items"]] == [offer.json()["id"]]
        assert (await mori.post(f"{one}/acceptance")).json()["state"] == "accepted"
    assert problem(await sato.delete(one)) == (409, "closed")
    assert [line["person"] for line in (await sato.get("/api/duty")).json()["items"]] == ["mori", "mori"]


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "1970-01-01T00:00:00+00:00"]
)
async def test_times_beyond_any_roster_are_answered(sato: httpx.AsyncClient, tsubame: House, when: str) -> None:
    """The ends of the calendar are refused, or have nobody on duty; nothing breaks, and nothing is kept."""
    assert (await sato.get("/api/duty", params={"at": when})).status_code == 200
    for params in ({"since": when}, {"until": when}, {"since": when, "until": when}):
        assert problem(await sato.get("/api/roster", params=params)) == (422, "invalid")
    span = {"since": when, "until": "9999-12-31T23:59:59+00:00"}
    for path, body in (
        ("/api/leaves", span),
        ("/api/leaves", {"since": "9999-12-31T23:59:59+00:00"}),
        ("/api/shifts/swaps", {"rota": "floor", "to": "mori", **span}),
    ):
        assert problem(await sato.post(path, json=body)) == (422, "invalid")
    async with await tsubame.program("chief") as chief:
        for path, body in (("overrides", {"add": "mori", **span}), ("plans", {"name": "x", **span})):
            assert problem(await chief.post(f"/api/rotas/floor/{path}", json=body)) == (422, "invalid")
        late = {"name": "x", "since": when, "until": "2026-11-22T00:00:00+09:00"}
        assert problem(await chief.post("/api/rotas/floor/plans", json=late)) == (422, "invalid")

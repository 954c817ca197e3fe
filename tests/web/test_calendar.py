"""My duty for a calendar program: at a secret address, or by token."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from msgspec.structs import replace
from structlog.testing import capture_logs

from core.engine.ports import Transaction
from core.engine.store.sql import Statement
from core.people.commands import SetHomeDay, TakeLeave
from core.people.model import CONSOLE, Actor
from core.people.records import people_of, save_settings
from core.roster.commands import AddOverride
from core.roster.model import Rota, Shift
from core.roster.records import save_rotas
from tests.web.house import START, House, problem

DAY = 86_400_000
FEEDS = Statement("feeds", "SELECT hash FROM calendar_feed")
ROTA = Rota("floor", (Shift("mon-fri", "09:00", "18:00", ("sato",), "site"),), on_holidays=False)
SATO = Actor("person", "sato")


@pytest.fixture
async def rostered(tsubame: House) -> House:
    """Sato is on duty on weekdays, holidays aside. It is Saturday, 21 November; Monday is a holiday."""

    def write(tx: Transaction) -> None:
        save_settings(tx, replace(people_of(tx).settings, holidays="JP"))
        save_rotas(tx, [ROTA], START)

    await tsubame.desk.store.write(write)
    return tsubame


async def address(house: House, who: str = "sato") -> str:
    async with await house.program(who) as program:
        answer = await program.post("/api/me/calendar")
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    assert url.startswith(f"{house.origin}/calendar/")
    return url.removeprefix(house.origin)


async def fetched(house: House, path: str) -> httpx.Response:
    async with house.visitor() as reader:
        return await reader.get(path)


def days(answer: httpx.Response) -> list[str]:
    """The days of the coming week on which an entry begins."""
    return [f"{event['dtstart'].dt:%m-%d}" for event in events(answer) if _soon(event["dtstart"].dt)]


def events(answer: httpx.Response) -> list[Any]:
    assert answer.headers["content-type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def _soon(at: datetime) -> bool:
    return START <= at.timestamp() * 1_000 < START + 7 * DAY


async def test_my_duty_at_a_secret_address(rostered: House) -> None:
    """Whoever knows the address reads the duty of one person, without signing in: transparent, in UTC, nobody named."""
    answer = await fetched(rostered, await address(rostered))
    assert days(answer) == ["11-24", "11-25", "11-26", "11-27"]
    one = next(event for event in events(answer) if _soon(event["dtstart"].dt))
    assert (one["dtstart"].dt, one["dtend"].dt) == (
        datetime(2026, 11, 24, 0, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC),
    )  # fmt: skip
    assert (str(one["transp"]), str(one["summary"])) == ("TRANSPARENT", "On duty: floor (on site)")
    assert "Sato" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_holidays_leave_and_changes_are_applied(rostered: House) -> None:
    """Monday is a holiday; Wednesday is away; on Thursday mori comes too; Friday is at home."""
    path = await address(rostered)
    thursday = START + 4 * DAY + 18 * 3_600_000 + 28 * 60_000
    await rostered.did(TakeLeave("sato", START + 3 * DAY, START + 4 * DAY))
    await rostered.did(AddOverride("floor", thursday + 3_600_000, thursday, add="mori"), CONSOLE)
    await rostered.did(SetHomeDay("2026-11-27"), SATO)
    answer = await fetched(rostered, path)
    assert [(f"{e['dtstart'].dt:%d %H:%M}", f"{e['dtend'].dt:%d %H:%M}") for e in events(answer)
            if _soon(e["dtstart"].dt)] == [
        ("24 00:00", "24 05:32"), ("25 05:32", "25 09:00"), ("26 00:00", "26 09:00"), ("27 00:00", "27 09:00"),
    ]  # fmt: skip
    assert [str(event["summary"]) for event in events(answer) if _soon(event["dtstart"].dt)][-1].endswith("(from home)")
    assert len([e for e in events(await fetched(rostered, await address(rostered, "mori")))]) == 1


async def test_an_entry_keeps_its_name(rostered: House) -> None:
    """A calendar that looks again an hour later knows every entry, and none stands in it twice."""
    path = await address(rostered)
    first = [str(event["uid"]) for event in events(await fetched(rostered, path))]
    rostered.clock.time += 3_600_000
    again = [str(event["uid"]) for event in events(await fetched(rostered, path))]
    assert set(again) == set(first)
    assert len(set(first)) == len(first)


async def test_a_new_address_voids_the_old_one(rostered: House) -> None:
    """One address at a time; closed, there is none; a guess is answered as an old one."""
    old = await address(rostered)
    new = await address(rostered)
    assert problem(await fetched(rostered, old)) == (404, "unknown")
    assert (await fetched(rostered, new)).status_code == 200
    assert (await fetched(rostered, f"{new}.ics".replace(".ics.ics", ".ics"))).status_code == 200
    async with await rostered.program("sato") as program:
        assert (await program.delete("/api/me/calendar")).status_code == 204
        assert (await program.delete("/api/me/calendar")).status_code == 204
    for path in (new, "/calendar/guess.ics", f"/calendar/{'x' * 500}"):
        assert problem(await fetched(rostered, path)) == (404, "unknown")


async def test_by_token_too(rostered: House) -> None:
    """The same file by Bearer; without a token it is 401, and a session is no key here."""
    async with await rostered.program("sato") as program:
        assert days(await program.get("/api/me/calendar.ics")) == ["11-24", "11-25", "11-26", "11-27"]
        assert len((await program.get("/api/me/calendar")).json()["entries"]) > 100
    assert problem(await fetched(rostered, "/api/me/calendar.ics")) == (401, "unauthenticated")


async def test_the_address_is_written_nowhere(rostered: House) -> None:
    """No line of any log has it, and the database only its hash."""
    with capture_logs() as lines:
        path = await address(rostered)
        await fetched(rostered, path)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in str(lines)
    assert not [line for line in lines if "calendar" in str(line.get("route", "")) and "/api" not in str(line["route"])]
    assert secret.encode() not in await rostered.desk.store.read(lambda tx: tx.all(FEEDS)[0][0])

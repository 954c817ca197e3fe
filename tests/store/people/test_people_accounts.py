"""Tokens, language and news of one's own accounts, on a real store."""

from __future__ import annotations

import pytest

from core.engine.outcome import Refusal
from core.engine.ports import DAY
from core.people import commands, queries
from core.people.model import CONSOLE, NOBODY
from core.people.queries import Identity
from core.people.records import number_of
from tests.store.people.house import ADMIN, SATO, START, SUZUKI, House, hashed


async def who(house: House, secret: str) -> Identity | None:
    answer = await house.desk.ask(queries.Authenticate(hashed(secret), "token"), NOBODY)
    return None if isinstance(answer, Refusal) else answer


async def test_a_token_works_until_its_day(house: House) -> None:
    """It says who it is, and ends at its time to the millisecond; using it does not prolong it."""
    await house.did(commands.IssueToken("sato", hashed("t"), "terminal", 2), SATO)
    assert await who(house, "t") == Identity("sato", 1, "ja", START + 2 * DAY, True)
    house.clock.time += 2 * DAY - 1
    await house.did(commands.TouchSession(hashed("t"), "token"), SATO)
    assert await who(house, "t")
    house.clock.time += 1
    assert await who(house, "t") is None


async def test_a_revoked_token_is_over(house: House) -> None:
    """By its person, an admin or the console; to others it does not exist."""
    ids = [int((await house.did(commands.IssueToken("sato", hashed(t)), SATO)).ref) for t in "abc"]
    assert await house.refused(commands.RevokeToken(ids[0]), SUZUKI) == "unknown token"
    assert await house.refused(commands.RevokeToken(99), SATO) == "unknown token"
    for id_, by in zip(ids, (SATO, ADMIN, CONSOLE), strict=True):
        await house.did(commands.RevokeToken(id_), by)
    assert [await who(house, t) for t in "abc"] == [None, None, None]


async def test_tokens_of_others_are_the_admins(house: House) -> None:
    """A colleague makes none for somebody else; for a stranger there is none."""
    assert await house.refused(commands.IssueToken("sato", hashed("t")), SUZUKI) == "not_allowed administer"
    assert await house.refused(commands.IssueToken("who", hashed("t")), CONSOLE) == "unknown person"
    assert await house.refused(commands.IssueToken("sato", hashed("t")), NOBODY) == "not_allowed administer"
    await house.did(commands.IssueToken("sato", hashed("t")), CONSOLE)
    assert await who(house, "t")


@pytest.mark.parametrize("days", [0, -5, 3_661])
async def test_no_token_is_for_ever(house: House, days: int) -> None:
    """From one day to ten years."""
    assert await house.refused(commands.IssueToken("sato", hashed("t"), days=days), SATO) == "invalid days"


async def test_sessions_and_tokens_are_listed_together(house: House) -> None:
    """Newest first, each id once, without those that are over; nobody is shown nothing."""
    await house.did(commands.IssueToken("sato", hashed("short"), "short", 1), SATO)
    await house.did(commands.OpenSession("sato", hashed("s"), "Firefox"), NOBODY)
    await house.did(commands.IssueToken("sato", hashed("long"), "long"), SATO)
    await house.did(commands.IssueToken("suzuki", hashed("theirs")), SUZUKI)
    house.clock.time += DAY
    page = await house.desk.ask(queries.MySessions(), SATO)
    assert [(view.kind, view.label) for view in page.items] == [("token", "long"), ("session", "Firefox")]
    assert len({view.id for view in page.items}) == 2
    assert await house.desk.ask(queries.MySessions(), NOBODY) == Refusal("unauthenticated", "sign_in")


async def test_my_language_is_mine(house: House) -> None:
    """It changes the directory at once, and setting it again changes nothing."""
    await house.did(commands.SetLanguage("en"), SATO)
    assert (await house.people()).persons["sato"].language == "en"
    assert (await house.did(commands.SetLanguage("en"), SATO)).again
    assert (await house.desk.ask(queries.MyLanguage(), SATO)).language == "en"
    assert (await house.desk.ask(queries.MyLanguage(), SUZUKI)).language == "ja"
    assert await house.refused(commands.SetLanguage("en"), NOBODY) == "not_allowed self"


async def test_news_of_an_account_reaches_its_person_only(house: House) -> None:
    """The live feed may tell a device that it was signed out, and tells no colleague, admin or stranger."""
    sight = house.desk.catalogue.sights["person"]
    number = await house.desk.store.read(lambda tx: number_of(tx, "sato"))
    may_know = await house.desk.store.read(lambda tx: sight(tx, number))
    nobody_knows = await house.desk.store.read(lambda tx: sight(tx, 99))
    assert [may_know(by) for by in (SATO, SUZUKI, ADMIN, NOBODY)] == [True, False, False, False]
    assert not any(nobody_knows(by) for by in (SATO, ADMIN, NOBODY))


async def test_the_routes_of_the_contract_stand_in_the_catalogue(house: House) -> None:
    """The doors find devices, sessions, tokens, language, leave, home days; nothing with a secret has a route."""
    catalogue = house.desk.catalogue
    found = [row.route for row in catalogue.commands.values()] + [row.route for row in catalogue.queries.values()]
    routes = {f"{route.method} {route.path}" for route in found if route is not None}
    assert routes == {
        "GET /me/devices", "POST /me/devices", "DELETE /me/devices", "GET /me/devices/{device}",
        "DELETE /me/devices/{device}", "POST /me/devices/{device}/test", "GET /me/sessions", "DELETE /me/sessions",
        "DELETE /me/sessions/{id}", "DELETE /me/tokens/{id}", "GET /me/language", "PUT /me/language",
        "GET /terminals", "DELETE /terminals/{terminal}", "GET /leaves", "POST /leaves", "GET /leaves/{leave}",
        "DELETE /leaves/{leave}", "GET /me/home-days", "POST /me/home-days", "DELETE /me/home-days/{day}",
    }  # fmt: skip

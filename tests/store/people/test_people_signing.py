"""Sessions, links and passwords on a real store."""

from __future__ import annotations

import pytest

from core.engine.outcome import Refusal
from core.engine.ports import DAY, HOUR, MINUTE
from core.people import commands, queries
from core.people.model import CONSOLE, NOBODY
from core.people.queries import Identity
from tests.store.people.house import ADMIN, SATO, START, SUZUKI, House, hashed


async def open_session(house: House, secret: str, person: str = "sato") -> None:
    await house.did(commands.OpenSession(person, hashed(secret), "Firefox"), NOBODY)


async def who(house: House, secret: str) -> Identity | None:
    """Whoever stands behind a session."""
    answer = await house.desk.ask(queries.Authenticate(hashed(secret), "session"), NOBODY)
    return None if isinstance(answer, Refusal) else answer


async def test_a_session_says_who_it_is(house: House) -> None:
    """Its secret opens one person's desk; another secret opens none, and a token is no session."""
    await open_session(house, "s")
    assert await who(house, "s") == Identity("sato", 1, "ja", START + 14 * DAY, False)
    assert await who(house, "t") is None
    answer = await house.desk.ask(queries.Authenticate(hashed("s"), "token"), NOBODY)
    assert answer == Refusal("unauthenticated", "sign_in")


async def test_each_sign_in_is_a_new_session(house: House) -> None:
    """Signing in twice gives two sessions with ids of their own; neither replaces the other."""
    await open_session(house, "a")
    await open_session(house, "b")
    first, second = await who(house, "a"), await who(house, "b")
    assert first is not None
    assert second is not None
    assert first.id != second.id


async def test_an_idle_session_ends_and_a_used_one_rolls_on(house: House) -> None:
    """Fourteen days after it was seen last a session is over."""
    await open_session(house, "used")
    await open_session(house, "idle")
    house.clock.time += 13 * DAY
    await house.did(commands.TouchSession(hashed("used")), SATO)
    house.clock.time += DAY
    assert await who(house, "used")
    assert await who(house, "idle") is None


async def test_no_session_lasts_beyond_ninety_days(house: House) -> None:
    """However often it is used, a session ends ninety days after the sign-in."""
    await open_session(house, "s")
    for _ in range(9):
        house.clock.time += 10 * DAY - 1
        await house.did(commands.TouchSession(hashed("s")), SATO)
    assert await who(house, "s")
    house.clock.time = START + 90 * DAY
    assert await who(house, "s") is None


async def test_a_read_writes_nothing_but_says_when_to_touch(house: House) -> None:
    """A session asks to be touched once a minute at most, and touching journals nothing."""
    await open_session(house, "s")
    journal = await house.journal()
    house.clock.time += MINUTE
    first, second = await who(house, "s"), await who(house, "s")
    assert first is not None
    assert first.touch_due
    assert second == first
    await house.did(commands.TouchSession(hashed("s")), SATO)
    touched = await who(house, "s")
    assert touched is not None
    assert not touched.touch_due
    assert await house.journal() == journal


async def test_signing_out_ends_this_session_only(house: House) -> None:
    """By its secret, or from elsewhere by its id; somebody else's does not exist."""
    for secret in "abc":
        await open_session(house, secret)
    await house.did(commands.CloseSession(hash=hashed("a")), SATO)
    page = await house.desk.ask(queries.MySessions(), SATO)
    assert [view.label for view in page.items] == ["Firefox", "Firefox"]
    assert await house.refused(commands.CloseSession(id=page.items[0].id), SUZUKI) == "unknown session"
    assert await house.refused(commands.CloseSession(hash=hashed("b")), SUZUKI) == "unknown session"
    assert await house.refused(commands.CloseSession(), SATO) == "unknown session"
    await house.did(commands.CloseSession(id=page.items[0].id), SATO)
    assert [bool(await who(house, secret)) for secret in "abc"] == [False, True, False]


async def test_signing_out_everywhere(house: House) -> None:
    """Mine by me, anybody's by an admin or the console, nobody's by a colleague."""
    await open_session(house, "s")
    await open_session(house, "other", "suzuki")
    assert await house.refused(commands.CloseSessions("sato"), SUZUKI) == "not_allowed administer"
    assert await house.refused(commands.CloseSessions("nobody"), ADMIN) == "unknown person"
    await house.did(commands.CloseSessions("sato"), ADMIN)
    await house.did(commands.CloseSessions(), SUZUKI)
    assert [await who(house, secret) for secret in ("s", "other")] == [None, None]
    await open_session(house, "s2")
    await house.did(commands.CloseSessions("sato"), CONSOLE)
    assert await who(house, "s2") is None


async def test_nobody_opens_a_session_for_somebody_else(house: House) -> None:
    """A signed-in person cannot become another one, and who is unknown cannot sign in."""
    assert await house.refused(commands.OpenSession("sato", hashed("s")), SUZUKI) == "not_allowed self"
    assert await house.refused(commands.OpenSession("who", hashed("s")), NOBODY) == "unauthenticated sign_in"


async def test_a_link_works_once(house: House) -> None:
    """The first use signs in; the second answers as an unknown link does."""
    await house.did(commands.IssueInvite("sato", hashed("link")), ADMIN)
    await house.did(commands.UseInvite(hashed("link"), hashed("first")), NOBODY)
    again = commands.UseInvite(hashed("link"), hashed("second"))
    assert await house.refused(again, NOBODY) == "unauthenticated invite"
    assert await house.refused(commands.UseInvite(hashed("?"), hashed("x")), NOBODY) == "unauthenticated invite"
    assert await who(house, "first")
    assert await who(house, "second") is None


async def test_a_late_link_is_refused(house: House) -> None:
    """At the hour it ends it works no more."""
    await house.did(commands.IssueInvite("sato", hashed("link"), hours=2), CONSOLE)
    house.clock.time += 2 * HOUR
    late = commands.UseInvite(hashed("link"), hashed("s"))
    assert await house.refused(late, NOBODY) == "unauthenticated invite"


async def test_a_new_link_voids_the_one_before(house: House) -> None:
    """A link that went astray is ended by making another."""
    for link in ("first", "second"):
        await house.did(commands.IssueInvite("sato", hashed(link)), ADMIN)
    first = commands.UseInvite(hashed("first"), hashed("s"))
    assert await house.refused(first, NOBODY) == "unauthenticated invite"
    await house.did(commands.UseInvite(hashed("second"), hashed("s")), NOBODY)


@pytest.mark.parametrize("hours", [0, -1, 721])
async def test_a_link_lasts_hours_not_months(house: House, hours: int) -> None:
    """From one hour to thirty days."""
    assert await house.refused(commands.IssueInvite("sato", hashed("l"), hours), ADMIN) == "invalid hours"


async def test_only_admins_and_the_console_make_links(house: House) -> None:
    """A supervisor makes none, not even for themself; for a stranger there is none."""
    assert await house.refused(commands.IssueInvite("suzuki", hashed("l")), SUZUKI) == "not_allowed administer"
    assert await house.refused(commands.IssueInvite("who", hashed("l")), CONSOLE) == "unknown person"


async def test_a_new_password_signs_out_everybody_else(house: House) -> None:
    """Other sessions and open links end; the session that set it, and other people's, stay."""
    for secret, person in (("here", "sato"), ("there", "sato"), ("theirs", "suzuki")):
        await open_session(house, secret, person)
    await house.did(commands.IssueInvite("sato", hashed("link")), ADMIN)
    await house.did(commands.SetPassword("$argon2id$text", hashed("here")), SATO)
    assert [bool(await who(house, secret)) for secret in ("here", "there", "theirs")] == [True, False, True]
    link = commands.UseInvite(hashed("link"), hashed("s"))
    assert await house.refused(link, NOBODY) == "unauthenticated invite"


async def test_a_password_is_found_by_id_or_email(house: House) -> None:
    """Where two share an address, it signs in neither; unknown logins look like those without a password."""
    await house.did(commands.SetPassword("$argon2id$text"), SATO)
    expected = queries.PasswordView("sato", "$argon2id$text")
    for login in ("sato", " sato ", "sato@tsubame.example", "SATO@tsubame.example"):
        assert await house.desk.ask(queries.PasswordOf(login), NOBODY) == expected
    assert await house.desk.ask(queries.PasswordOf("suzuki"), NOBODY) == queries.PasswordView("suzuki", None)
    assert await house.desk.ask(queries.PasswordOf("who"), NOBODY) == queries.PasswordView(None, None)
    assert await house.desk.ask(queries.PasswordOf(""), NOBODY) == queries.PasswordView(None, None)


async def test_a_password_arrives_hashed_or_not_at_all(house: House) -> None:
    """A password in plain text is refused, and only people set one."""
    assert await house.refused(commands.SetPassword("secret word"), SATO) == "invalid password_hash"
    assert await house.refused(commands.SetPassword("$argon2id$x"), CONSOLE) == "not_allowed self"


async def test_no_secret_reaches_the_journal(house: House) -> None:
    """Neither hashes nor labels nor passwords stand in an event."""
    await open_session(house, "s")
    await house.did(commands.IssueInvite("sato", hashed("link")), ADMIN)
    await house.did(commands.SetPassword("$argon2id$text"), SATO)
    journal = await house.journal()
    assert "session_opened" in journal
    for secret in (hashed("s").hex(), hashed("link").hex(), "argon2id", "Firefox", "@tsubame", "Sato"):
        assert secret not in journal

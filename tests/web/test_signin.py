"""Signing in by password or link, and out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.people.commands import CloseSessions
from tests.web.house import LOCAL, OURS, PAGE, PASSWORD, House, form_token, house
from web.signin import local

COOKIE = "__Secure-noroshi"


async def signed(tsubame: House, login: str, password: str, **more: str) -> tuple[int, str, str]:
    """Status, location and cookie line of one try."""
    async with tsubame.visitor(**PAGE, **OURS) as visitor:
        token = form_token(await visitor.get("/desk/sign-in"))
        data = {"_token": token, "login": login, "password": password, **more}
        answer = await visitor.post("/desk/sign-in", data=data)
    return answer.status_code, answer.headers.get("location", ""), answer.headers.get("set-cookie", "")


async def test_the_right_password_opens_a_session(tsubame: House) -> None:
    """By id or by email, with a cookie that scripts cannot read and that goes nowhere but /desk."""
    await tsubame.password("sato")
    for login in ("sato", "SATO@tsubame.example"):
        status, location, cookie = await signed(tsubame, login, PASSWORD)
        assert (status, location) == (303, "/desk/")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"{COOKIE}=")
        assert parts == {"secure", "httponly", "samesite=lax", "path=/desk", "max-age=7776000"}


async def test_wrong_passwords_and_unknown_logins_read_alike(tsubame: House) -> None:
    """Whoever guesses learns neither who works here nor who has a password."""
    await tsubame.password("sato")
    tries = [("sato", "wrong"), ("nobody", PASSWORD), ("mori", PASSWORD), ("", ""), ("sato", "x" * 5_000)]
    assert {await signed(tsubame, login, password) for login, password in tries} == {(401, "", "")}


async def test_guessing_is_slowed_down(tsubame: House) -> None:
    """After five tries the next has to wait, also with the right password; the time to wait is said."""
    await tsubame.password("sato")
    for _ in range(5):
        assert (await signed(tsubame, "sato", "wrong"))[0] == 401
    assert (await signed(tsubame, "sato", PASSWORD))[0] == 429
    tsubame.clock.time += 60_000
    assert (await signed(tsubame, "sato", PASSWORD))[0] == 303


async def test_looking_at_a_link_spends_nothing(tsubame: House) -> None:
    """Mail scanners may look as often as they like: only the tap signs in, once."""
    path = await tsubame.invite("sato")
    async with tsubame.visitor(**PAGE, **OURS) as visitor:
        pages = [await visitor.get(path) for _ in range(3)]
        assert {page.status_code for page in pages} == {200}
        data = {"_token": form_token(pages[0])}
        assert (await visitor.post(path, data=data)).headers["location"] == "/desk/"
        assert (await visitor.get("/desk/sign-in")).status_code == 303
    async with tsubame.visitor(**PAGE, **OURS) as late:
        data = {"_token": form_token(await late.get(path))}
        answer = await late.post(path, data=data)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


async def test_an_unknown_link_looks_like_any_other(tsubame: House) -> None:
    """A made-up link shows the same page as a good one."""
    good, made_up = await tsubame.invite("sato"), "/desk/invite/" + "A" * 43
    async with tsubame.visitor(**PAGE) as visitor:
        one, other = await visitor.get(good), await visitor.get(made_up)
    assert one.status_code == other.status_code == 200
    assert one.text.replace(good, "") == other.text.replace(made_up, "")


async def test_a_session_id_is_never_taken_from_outside(tsubame: House) -> None:
    """Signing in always makes a fresh id; one that came with the request opens nothing afterwards."""
    async with tsubame.visitor(**PAGE, **OURS, cookie=f"{COOKIE}=attackerchosen") as visitor:
        path = await tsubame.invite("sato")
        answer = await visitor.post(path, data={"_token": form_token(await visitor.get(path))})
    assert answer.status_code == 303
    assert "attackerchosen" not in answer.headers["set-cookie"]
    async with tsubame.visitor(**PAGE, cookie=f"{COOKIE}=attackerchosen") as thief:
        assert (await thief.get("/desk/")).headers["location"] == "/desk/sign-in"


async def test_signing_in_again_ends_the_session_before(tsubame: House) -> None:
    """The same browser has one session: the new one."""
    async with await tsubame.browser("sato") as browser:
        old = browser.cookies[COOKIE]
        path = await tsubame.invite("mori")
        await browser.post(path, data={"_token": form_token(await browser.get(path))})
        assert browser.cookies[COOKIE] != old
    async with tsubame.visitor(**PAGE, cookie=f"{COOKIE}={old}") as visitor:
        assert (await visitor.get("/desk/")).headers["location"] == "/desk/sign-in"


async def test_signing_out_ends_the_session_itself(tsubame: House) -> None:
    """The cookie is forgotten, and worth nothing to whoever has kept it."""
    async with await tsubame.browser("sato") as browser:
        old = browser.cookies[COOKIE]
        answer = await browser.post("/desk/sign-out", headers={"x-noroshi": "1"})
        assert answer.headers["location"] == "/desk/sign-in"
        forgotten = answer.headers["set-cookie"].lower()
        assert "max-age=0" in forgotten
        assert "secure" in forgotten
    async with tsubame.visitor(**PAGE, cookie=f"{COOKIE}={old}") as visitor:
        assert (await visitor.get("/desk/")).headers["location"] == "/desk/sign-in"


async def test_a_closed_session_is_out_at_once(tsubame: House) -> None:
    """Signed out everywhere: the next page asks to sign in; a script is told by header, not by a page."""
    async with await tsubame.browser("sato") as browser:
        await tsubame.did(CloseSessions("sato"))
        assert (await browser.get("/desk/")).headers["location"] == "/desk/sign-in"
        for header in ("hx-request", "x-noroshi"):
            answer = await browser.get("/desk/", headers={header: "1"})
            assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/desk/sign-in")


async def test_after_signing_in_one_goes_on_to_where_one_wanted(tsubame: House) -> None:
    """The page that was asked for comes after the sign-in."""
    await tsubame.password("sato")
    async with tsubame.visitor(**PAGE) as visitor:
        asked = await visitor.get("/desk/tickets/7")
        assert asked.headers["location"] == "/desk/sign-in?next=%2Fdesk%2Ftickets%2F7"
        assert 'value="/desk/tickets/7"' in (await visitor.get(asked.headers["location"])).text
    assert (await signed(tsubame, "sato", PASSWORD, next="/desk/tickets/7"))[1] == "/desk/tickets/7"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example", "/desk//elsewhere.example", "/desk/\\elsewhere", "/api/x",
     "/desk/sign-in", "javascript:alert(1)", "/desk/x\r\nset-cookie: a=b", "/desk/狼煙"],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(elsewhere: str) -> None:
    """Whatever a link says, one goes on to a page of ours."""
    assert local(elsewhere) == "/desk/"


async def test_plain_http_has_another_cookie(tmp_path: Path) -> None:
    """On loopback without https the cookie has another name, and no attribute that browsers would refuse there."""
    async with house(tmp_path, LOCAL) as trial, trial.visitor(**PAGE, origin="http://localhost:8000") as visitor:
        visitor.headers["host"] = "localhost:8000"
        path = await trial.invite("sato")
        answer = await visitor.post(path, data={"_token": form_token(await visitor.get(path))})
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("noroshi=")
        assert "secure" not in answer.headers["set-cookie"].lower()

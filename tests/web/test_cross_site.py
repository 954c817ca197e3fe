"""Unsafe requests under /desk come from our own pages, or not at all."""

from __future__ import annotations

import pytest

from tests.web.house import ORIGIN, PAGE, House, form_token, problem

SAY_SO = {"x-noroshi": "1"}
FOREIGN = [
    {},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"origin": ORIGIN + ".elsewhere.example"},
    {"origin": ORIGIN.replace("https", "http")},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "cross-site", "origin": ORIGIN},
    {"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"},
    {"origin": "http://127.0.0.1:8000"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_request_from_elsewhere_is_refused(tsubame: House, headers: dict[str, str]) -> None:
    """A session and the right header are not enough where the browser does not say that the page is ours."""
    async with await tsubame.browser("sato") as browser:
        del browser.headers["origin"], browser.headers["sec-fetch-site"]
        answer = await browser.post("/desk/sign-out", headers={**headers, **SAY_SO})
        assert problem(answer) == (403, "not_allowed")
        assert (await browser.get("/desk/sign-in")).status_code == 303  # still signed in


@pytest.mark.parametrize("headers", [{"origin": ORIGIN}, {"sec-fetch-site": "same-origin"}])
async def test_one_sign_of_our_own_page_is_enough(tsubame: House, headers: dict[str, str]) -> None:
    """Origin alone and Sec-Fetch-Site alone are both believed, with the header."""
    async with await tsubame.browser("sato") as browser:
        del browser.headers["origin"], browser.headers["sec-fetch-site"]
        assert (await browser.post("/desk/sign-out", headers={**headers, **SAY_SO})).status_code == 303


async def test_a_form_needs_the_token_of_its_own_session(tsubame: House) -> None:
    """Without the header a form must carry the token; one of another session or of nobody does not count."""
    async with await tsubame.browser("sato") as browser, tsubame.visitor(**PAGE) as stranger:
        foreign = form_token(await stranger.get("/desk/sign-in"))
        for data in ({}, {"_token": ""}, {"_token": foreign}, {"_token": "署名"}):
            assert (await browser.post("/desk/sign-out", data=data)).status_code == 403
        own = browser.cookies["__Secure-noroshi"]
        assert own
        assert (await browser.post("/desk/sign-out", headers={"x-noroshi": "0"})).status_code == 403


async def test_a_form_of_our_own_page_passes(tsubame: House) -> None:
    """The token in a page opens that page's form."""
    async with tsubame.visitor(**PAGE, origin=ORIGIN) as visitor:
        token = form_token(await visitor.get("/desk/sign-in"))
        answer = await visitor.post("/desk/sign-in", data={"_token": token, "login": "nobody", "password": "x"})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"\xff\xfe%zz=1&_token=\xff"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--x\r\nbroken"),
        ("application/json", b"[1"),
        ("text/plain", b"\0" * 100),
        ("nonsense", b"\xff" * 100),
    ],
)
async def test_broken_forms_are_refused_by_name(tsubame: House, kind: str, body: bytes) -> None:
    """What cannot be read as a form is the sender's fault, never ours."""
    async with tsubame.visitor(origin=ORIGIN) as visitor:
        answer = await visitor.post("/desk/sign-in", content=body, headers={"content-type": kind})
        assert problem(answer)[0] in (403, 422)

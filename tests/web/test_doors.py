"""The doors: headers on every answer, and two kinds of key that open nothing but their own door."""

from __future__ import annotations

from collections.abc import AsyncIterator

from structlog.testing import capture_logs

from tests.web.house import ORIGIN, PAGE, House, problem

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
OF_THE_ANSWER = {
    "content-type", "content-length", "content-language", "cache-control", "etag", "vary", "location", "allow",
    "www-authenticate", "content-encoding",
}  # fmt: skip
PATHS = ("/", "/desk/", "/desk/sign-in", "/desk/nowhere", "/desk/static/tokens.css", "/api/tickets", "/api/nowhere",
         "/api/push-key", "/api/schema/openapi.json", "/healthz", "/readyz", "/nowhere")  # fmt: skip


async def test_every_answer_carries_exactly_the_header_set(tsubame: House) -> None:
    """Pages, errors, redirects, files and documents all carry the same security headers and no others."""
    async with tsubame.visitor(**PAGE) as visitor:
        for path in PATHS:
            answer = await visitor.get(path)
            shown = {name: value for name, value in answer.headers.items() if name not in OF_THE_ANSWER}
            assert shown == HEADERS, path


async def test_the_policy_allows_nothing_unsafe(tsubame: House) -> None:
    """No inline script or style, no eval, nothing from elsewhere."""
    async with tsubame.visitor() as visitor:
        policy = (await visitor.get("/healthz")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


async def test_personal_answers_are_kept_by_nobody(tsubame: House) -> None:
    """What stands under /desk and /api is not stored on its way, unless the route says so."""
    async with tsubame.visitor(**PAGE) as visitor:
        for path in ("/desk/", "/desk/sign-in", "/desk/nowhere", "/api/tickets", "/api/nowhere"):
            assert (await visitor.get(path)).headers["cache-control"] == "no-store", path


async def test_a_session_opens_nothing_at_the_api(tsubame: House) -> None:
    """The cookie of a signed-in browser is not looked at under /api."""
    async with await tsubame.browser("sato") as browser:
        cookie = browser.cookies["__Secure-noroshi"]
        answer = await browser.get("/api/tickets", headers={"cookie": f"__Secure-noroshi={cookie}"})
    assert problem(answer) == (401, "unauthenticated")


async def test_a_token_opens_nothing_at_the_desk(tsubame: House) -> None:
    """A bearer token is not looked at under /desk, whichever way it comes."""
    token = await tsubame.token("sato")
    secret = token["authorization"].removeprefix("Bearer ")
    async with tsubame.visitor(**token) as visitor:
        assert problem(await visitor.get("/desk/")) == (401, "unauthenticated")
        cookie = {"cookie": f"__Secure-noroshi={secret}"}
        assert problem(await visitor.get("/desk/", headers=cookie)) == (401, "unauthenticated")


async def test_a_session_id_is_no_token(tsubame: House) -> None:
    """A session's secret as a bearer token is nobody's."""
    async with await tsubame.browser("sato") as browser:
        secret = browser.cookies["__Secure-noroshi"]
    async with tsubame.visitor(authorization=f"Bearer {secret}") as visitor:
        assert problem(await visitor.get("/api/tickets")) == (401, "unauthenticated")


async def test_without_a_token_the_api_asks_for_one(tsubame: House) -> None:
    """No, empty, foreign and oversized tokens all answer 401 with a challenge."""
    for value in ("", "Bearer", "Bearer ", "Basic c2F0bw==", "Bearer wrong", "Bearer " + "x" * 5_000):
        async with tsubame.visitor(**({"authorization": value} if value else {})) as visitor:
            answer = await visitor.get("/api/tickets")
            assert problem(answer) == (401, "unauthenticated")
            assert answer.headers["www-authenticate"] == 'Bearer realm="noroshi"'


async def test_logs_hold_no_path_that_is_a_secret(tsubame: House) -> None:
    """Receipts, intake, heartbeats and reports leave no line; other lines hold a pattern and no query string."""
    invite = await tsubame.invite("sato")
    with capture_logs() as lines:
        async with tsubame.visitor(**PAGE) as visitor:
            for path in (
                "/receipts/r3ceipt",
                "/intake/k3y",
                "/heartbeat/b3at",
                "/report/follow",
                f"{ORIGIN}//receipts/r3ceipt",
            ):
                await visitor.post(path, json={"state": "shown"})
            assert lines == []
            await visitor.get(f"{invite}?q=hidden")
            await visitor.get("/desk/sign-in?next=/desk/tickets/1")
            await visitor.get("/no/such/s3cret")
    assert [line["route"] for line in lines] == ["/desk/invite/{secret}", "/desk/sign-in", "-"]
    assert invite.rpartition("/")[2] not in str(lines)
    assert "hidden" not in str(lines)
    assert "s3cret" not in str(lines)


async def unmeasured(body: bytes) -> AsyncIterator[bytes]:
    """A body that does not say its length beforehand."""
    yield body


async def test_a_body_over_the_limit_is_refused(tsubame: House) -> None:
    """More than 64 kB answers 413, whether its length is said or not, and nothing is made of it."""
    async with await tsubame.program("sato") as program:
        large = b'{"subject": "' + b"x" * 65_536 + b'"}'
        assert problem(await program.post("/api/tickets", content=large)) == (413, "too_large")
        assert problem(await program.post("/api/tickets", content=unmeasured(large))) == (413, "too_large")
        assert (await program.get("/api/tickets")).json()["items"] == []

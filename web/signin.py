"""Signing in by password or by a one-time link, and signing out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.escalation.queries.speech import sentence
from core.people.commands import CloseSession, OpenSession, UseInvite
from core.people.model import NOBODY
from core.people.passwords import verify_password
from core.people.queries import PasswordOf, PasswordView
from core.people.secrets import hash_secret, make_secret
from core.people.throttle import LoginThrottle, Patience, Turnstile
from core.words import say, span
from web.auth import LONGEST, give_cookie, take_cookie
from web.given import GivenDesk
from web.render import page
from web.visit import visit_of

Asked = Request[Any, Any, Any]
Shown = Response[Any]
HOME: Final = "/desk/"
AT_ONCE: Final = 2
"""Passwords looked at at the same time: each takes 19 MB and all of a core."""

ASKING: Final = Patience(free=60, longest=30_000)
"""Terminals of one address that ask to be let in, an hour: a whole floor may stand behind one."""
TYPING: Final = Patience(free=10, longest=900_000)
"""Codes that one person types and that nothing asks under."""

BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class Gate:
    """What sign-in remembers between requests: who tries too often, and how many are being checked."""

    def __init__(self) -> None:
        self.throttle = LoginThrottle()
        self.asking = Turnstile(ASKING)
        self.typing = Turnstile(TYPING)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def fits(self, encoded: str | None, password: str) -> bool:
        """Whether this is the password; takes as long for a login that does not exist."""
        async with self._room:
            return await asyncio.to_thread(verify_password, encoded, password)


@get("/sign-in", sync_to_thread=False)
def sign_in_page(request: Asked) -> Shown:
    """The form. Whoever is signed in already goes on."""
    if visit_of(request).identity is not None:
        return Redirect(local(request.query_params.get("next", "")), status_code=303)
    return _form(request, local(request.query_params.get("next", "")))


@post("/sign-in", status_code=200)
async def sign_in(request: Asked, desk: GivenDesk) -> Shown:
    """Check the password; a fresh session for whom it fits."""
    gate: Gate = request.app.state.gate
    form = await request.form()
    login, password, then = _text(form, "login"), _text(form, "password"), local(_text(form, "next"))
    address = request.client.host if request.client else ""
    wait = gate.throttle.admit(login, address, desk.clock.steady())
    if wait:
        return _wait(request, login, then, wait)
    view = await desk.ask(PasswordOf(login), NOBODY)
    assert isinstance(view, PasswordView)
    if not await gate.fits(view.encoded, password) or view.person is None:
        words = say(visit_of(request).language, "refusal.sign_in")
        return _form(request, then, login=login, refused=words, status=401)
    gate.throttle.succeeded(login, address)
    secret = make_secret()
    opened = await desk.handle(OpenSession(view.person, hash_secret(secret), device_of(request)), NOBODY)
    if isinstance(opened, Refusal):
        words = await sentence(desk, NOBODY, visit_of(request).language, opened)
        return _form(request, then, login=login, refused=words, status=401)
    return await _admitted(request, desk, secret, then)


@get("/invite/{secret:str}", sync_to_thread=False)
def invite_page(request: Asked, secret: FromPath[str]) -> Shown:
    """Asks for one tap. Looking at a link, as mail scanners do, spends nothing and tells nothing."""
    return _invite(request, secret)


@post("/invite/{secret:str}", status_code=200)
async def use_invite(request: Asked, desk: GivenDesk, secret: FromPath[str]) -> Shown:
    """Spend the link: a fresh session for its person."""
    fresh = make_secret()
    used = await desk.handle(UseInvite(hash_secret(secret), hash_secret(fresh), device_of(request)), NOBODY)
    if isinstance(used, Refusal):
        words = await sentence(desk, NOBODY, visit_of(request).language, used)
        return _invite(request, secret, refused=words, status=401)
    return await _admitted(request, desk, fresh, HOME)


@post("/sign-out", status_code=200)
async def sign_out(request: Asked, desk: GivenDesk) -> Shown:
    """End this browser's session."""
    await _close_old(request, desk)
    response = Redirect("/desk/sign-in", status_code=303)
    take_cookie(response, request.app.state.settings)
    return response


def local(path: str) -> str:
    """The path to go on to: one of our pages, or the first one. Never another site."""
    plain = path.startswith("/desk/") and "//" not in path and "\\" not in path and path.isprintable()
    return path if plain and path.isascii() and not path.startswith(("/desk/sign-in", "/desk/invite")) else HOME


def device_of(request: Asked) -> str:
    """What a person knows this browser by in the list of their sessions: `Chrome, Android`."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


async def _admitted(request: Asked, desk: Desk, secret: str, then: str) -> Shown:
    await _close_old(request, desk)
    response = Redirect(then, status_code=303)
    give_cookie(response, request.app.state.settings, secret)
    return response


async def _close_old(request: Asked, desk: Desk) -> None:
    visit = visit_of(request)
    if visit.identity is not None:
        await desk.handle(CloseSession(hash=visit.key), visit.actor)


def _wait(request: Asked, login: str, then: str, wait: int) -> Shown:
    language = visit_of(request).language
    seconds = -(-wait // 1_000)
    words = say(language, "web.problem.sign_in_wait", time=span(seconds * 1_000, language))
    return _form(request, then, login=login, refused=words, status=429, headers={"Retry-After": str(seconds)})


def _form(request: Asked, then: str, *, login: str = "", refused: str = "", **how: Any) -> Shown:
    title = say(visit_of(request).language, "web.signin.title")
    values: dict[str, Any] = {"title": title, "action": "/desk/sign-in", "login": login, "refused": refused}
    return page(request, "sign-in.html", next=then if then != HOME else "", **values, **how)


def _invite(request: Asked, secret: str, *, refused: str = "", **how: Any) -> Shown:
    title = say(visit_of(request).language, "web.invite.title")
    values: dict[str, Any] = {"title": title, "action": f"/desk/invite/{quote(secret, safe='')}", "refused": refused}
    return page(request, "invite.html", invite="", **values, **how)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value[: LONGEST + 1] if isinstance(value, str) else ""


handlers: Final = [sign_in_page, sign_in, invite_page, use_invite, sign_out]

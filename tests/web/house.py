"""A desk with its doors open: real store, real commands, a clock set by hand, requests without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from msgspec import Struct

from core.console.running import following
from core.engine.desk import Desk
from core.engine.outcome import Done
from core.engine.ports import Transaction
from core.engine.store.sqlite import open_sqlite
from core.parts import catalogue
from core.people.commands import IssueInvite, IssueToken, SetPassword
from core.people.model import CONSOLE, Actor, Level, Person, Role, Settings, Team
from core.people.passwords import hash_password
from core.people.records import save_levels, save_persons, save_settings, save_teams
from core.people.secrets import hash_secret, make_secret
from tests.clock import HandClock
from web.app import build
from web.serve import serve
from web.settings import WebSettings

ORIGIN = "https://desk.tsubame.example"
LOCAL = "http://127.0.0.1:8000"
START = 1_795_239_120_000
"""2026-11-21 14:32 in Tokyo."""
PASSWORD = "狼煙が見えたら引き受ける"
PAGE = {"accept": "text/html"}
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
"""What a browser adds to a request from one of our pages."""
TOKEN_FIELD = re.compile(r'name="_token" value="(\w+)"')


def person(name: str, team: str, role: Role = "operator", level: int = 1) -> Person:
    return Person(
        name, name.title(), level, (team,), frozenset({role}), "en", f"{name}@tsubame.example",
        clearance=frozenset({"personal_data"}),
    )  # fmt: skip


def found(tx: Transaction) -> None:
    """Two teams that do not see each other's tickets."""
    save_settings(tx, Settings("Tsubame", language="en"))
    save_levels(tx, [Level(1, {"ja": "現場", "en": "Floor"})])
    save_teams(tx, [Team("support", "Support"), Team("stock", "Stock")])
    persons = person("sato", "support"), person("mori", "support"), person("kato", "stock")
    save_persons(tx, [*persons, person("boss", "support", "admin", 3)])


class House:
    """The desk, its app, and short ways to knock."""

    def __init__(self, desk: Desk, clock: HandClock, app: Litestar, origin: str) -> None:
        self.desk = desk
        self.clock = clock
        self.app = app
        self.origin = origin

    async def did(self, command: Struct, by: Actor = CONSOLE) -> Done:
        """Give a command; it must happen."""
        outcome = await self.desk.handle(command, by)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def token(self, who: str) -> dict[str, str]:
        """The header of a program of this person."""
        secret = make_secret()
        await self.did(IssueToken(who, hash_secret(secret)))
        return {"authorization": f"Bearer {secret}"}

    async def invite(self, who: str) -> str:
        """The path of a one-time link."""
        secret = make_secret()
        await self.did(IssueInvite(who, hash_secret(secret)))
        return f"/desk/invite/{secret}"

    async def password(self, who: str) -> None:
        """Gives this person the PASSWORD."""
        await self.did(SetPassword(hash_password(PASSWORD)), Actor("person", who))

    def visitor(self, **headers: str) -> httpx.AsyncClient:
        """Somebody at the door, with these headers on every request."""
        asgi: Any = self.app  # typed by Litestar's own names for the same protocol
        transport = httpx.ASGITransport(app=asgi)
        return httpx.AsyncClient(transport=transport, base_url=self.origin, headers=headers)

    async def program(self, who: str) -> httpx.AsyncClient:
        """A program of this person."""
        return self.visitor(**await self.token(who))

    async def browser(self, who: str) -> httpx.AsyncClient:
        """A browser that this person has signed in with, by link."""
        path = await self.invite(who)
        ours = {**OURS, "origin": self.origin}
        async with self.visitor(**PAGE, **ours) as first:
            answer = await first.post(path, data={"_token": form_token(await first.get(path))})
        assert answer.status_code == 303, answer.text
        browser = self.visitor(**PAGE, **ours)
        browser.cookies = first.cookies
        return browser


@asynccontextmanager
async def house(folder: Path, origin: str = ORIGIN, proxies: tuple[str, ...] = ()) -> AsyncIterator[House]:
    """A desk in this folder; `proxies` are those it believes."""
    clock = HandClock(START)
    async with open_sqlite(folder / "desk.db", create=True) as store:
        desk = Desk(store, catalogue(origin), clock, b"k" * 32)
        await desk.start()
        await store.write(found)
        settings = WebSettings(
            public_url=origin, vapid_public_key="BPkey", secret=b"s" * 32, secure=origin.startswith("https"),
            trusted_proxies=proxies,
        )  # fmt: skip
        opened = House(desk, clock, build(desk, settings), origin)
        await desk.follower.step()  # the first look says `reload` to whoever came before it: let nobody have come
        async with following(desk):
            yield opened


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[str]:
    """The app behind a real server on a free port; its address."""
    stop, up = asyncio.Event(), asyncio.get_running_loop().create_future()
    running = asyncio.create_task(
        serve(app, "127.0.0.1", 0, stop=stop, ready=lambda host, port: up.set_result(f"http://{host}:{port}"))
    )
    try:
        yield await up
    finally:
        stop.set()
        await running


def form_token(shown: httpx.Response) -> str:
    """The token in the first form of a page."""
    found = TOKEN_FIELD.search(shown.text)
    assert found, shown.text
    return found[1]


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem document, which must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert {"type", "title", "status", "detail", "code"} <= told.keys()
    return answer.status_code, told["code"]

"""The terminal's side of its sign-in, against a real desk behind a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.people.commands import RevokeToken
from core.people.model import Actor
from core.people.terminals.codes import hash_code, hash_pin, read_code
from core.people.terminals.commands import ConfirmSignIn, RefuseSignIn, SetPin
from tests.web.house import LOCAL, House, house, served
from tui.model.door import Unreachable
from tui.sign_in import Asked, Let, Seated, SignIn

PIN = "280914"


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[tuple[House, str]]:
    """A desk and its address."""
    async with house(folder, LOCAL) as opened, served(opened.app) as address:
        yield opened, address


async def asked(opened: House, address: str, who: str, answer: type, **more: bool) -> Let:
    """A terminal asks, and as soon as it shows the code this person answers."""
    signing, shown = SignIn(address, "en", pause=0), asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(signing.by_code("floor-2", lambda told: shown.set_result(told)))
    told: Asked = await shown
    code = hash_code(opened.app.state.settings.key("code"), read_code(told.code) or "")
    await opened.did(answer(code, **more), Actor("person", who))
    try:
        return await waiting
    finally:
        signing.close()


async def test_a_code_lets_a_terminal_in(tmp_path: Path) -> None:
    """What it holds after the yes is a token of the person who said it; after a no it holds nothing."""
    async with desk(tmp_path) as (opened, address):
        let = await asked(opened, address, "sato", ConfirmSignIn)
        assert let.state == "confirmed"
        async with opened.visitor(authorization=f"Bearer {let.secret}") as program:
            me = await program.get("/api/me")
            sessions = (await program.get("/api/me/sessions")).json()["items"]
        assert me.json()["id"] == "sato"
        assert [one["label"] for one in sessions] == ["floor-2"]
        await opened.did(RevokeToken(sessions[0]["id"]), Actor("person", "sato"))
        assert await asked(opened, address, "sato", RefuseSignIn) == Let("refused")


async def test_a_sign_in_that_is_over_ends_the_waiting(tmp_path: Path) -> None:
    """Ten minutes without an answer: the terminal hears that it is over."""
    async with desk(tmp_path) as (opened, address):
        signing = SignIn(address, "en", pause=0)

        def late(_: Asked) -> None:
            opened.clock.time += 600_000

        assert await signing.by_code("floor-2", late) == Let("over")
        signing.close()


async def test_a_shared_terminal_asks_for_a_pin(tmp_path: Path) -> None:
    """The desk's own sentence says why not; locked, nobody sits there."""
    async with desk(tmp_path) as (opened, address):
        let = await asked(opened, address, "boss", ConfirmSignIn, shared=True)
        assert let.state == "shared"
        await opened.did(SetPin(hash_pin(PIN)), Actor("person", "sato"))
        signing = SignIn(address, "en")
        assert await signing.by_pin(let.secret, "sato", "000001") == "Person and PIN do not fit."
        seated = await signing.by_pin(let.secret, "sato", PIN)
        assert isinstance(seated, Seated)
        assert seated.person == "sato"
        assert seated.expires_at > opened.clock.time
        assert await signing.lock(let.secret)
        assert not await signing.lock(seated.token)
        async with opened.visitor(authorization=f"Bearer {seated.token}") as program:
            assert (await program.get("/api/me")).status_code == 401
        signing.close()


async def test_a_desk_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """Before the code or after it: the terminal does not wait for ever."""
    with pytest.raises(Unreachable):
        await SignIn("http://127.0.0.1:9", "en").by_code("floor-2", lambda _: None)
    async with desk(tmp_path) as (_, address):
        signing = SignIn(address, "en", pause=0)

        def cut(_: Asked) -> None:
            signing._client.close()
            signing._client.url = urlsplit("http://127.0.0.1:9")

        with pytest.raises(Unreachable):
            await signing.by_code("floor-2", cut)

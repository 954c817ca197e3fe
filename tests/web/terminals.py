"""Terminals that ask to be let in, and the people who answer them."""

from __future__ import annotations

from typing import Any

import httpx

from core.people.terminals.codes import read_code, shown_code
from tests.web.house import House, form_token

PIN = "280914"


async def asks(tsubame: House, name: str = "floor-2", **headers: str) -> dict[str, Any]:
    """A terminal asks to be let in: what it is told."""
    async with tsubame.visitor(**headers) as terminal:
        answer = await terminal.post("/api/sign-ins", json={"name": name})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def state(tsubame: House, secret: str) -> tuple[int, str]:
    """How far it is: status, and the state or the code of the problem."""
    async with tsubame.visitor() as terminal:
        answer = await terminal.post("/api/sign-ins/state", json={"secret": secret})
    return answer.status_code, answer.json().get("state") or answer.json()["code"]


async def works(tsubame: House, secret: str) -> str | None:
    """Whose token this is."""
    async with tsubame.visitor(authorization=f"Bearer {secret}") as program:
        answer = await program.get("/api/me")
    return answer.json()["id"] if answer.status_code == 200 else None


async def says(tsubame: House, who: str, code: str, answer: str) -> httpx.Response:
    """A person looks at the code in the browser, and answers."""
    async with await tsubame.browser(who) as browser:
        shown = await browser.get("/desk/terminal", params={"code": code})
        if shown.status_code != 200:
            return shown
        assert shown_code(read_code(code) or "") in shown.text
        data = {"_token": form_token(shown), "code": code, "answer": answer}
        return await browser.post("/desk/terminal", data=data)


async def shared(tsubame: House) -> str:
    """The key of a shared terminal; sato and mori have PINs."""
    told = await asks(tsubame)
    assert (await says(tsubame, "boss", told["code"], "shared")).status_code == 200
    for who in ("sato", "mori"):
        async with await tsubame.browser(who) as browser:
            token = form_token(await browser.get("/desk/terminal"))
            answer = await browser.post("/desk/terminal/pin", data={"_token": token, "pin": PIN})
            assert answer.status_code == 303
    return str(told["secret"])


async def sits(tsubame: House, key: str, who: str, pin: str = PIN) -> httpx.Response:
    """Somebody sits down at the terminal with this key."""
    async with tsubame.visitor(authorization=f"Bearer {key}") as terminal:
        return await terminal.post("/api/terminal/person", json={"person": who, "pin": pin})

"""Letting this terminal in: by a code that a person confirms in the browser, or at a shared one by a PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from core.engine.wire import inside
from tui.http import Answer, Client
from tui.model.door import Unreachable

SILENT: Final = 3
"""So many unanswered looks in a row end the waiting."""


class Asked(Struct, frozen=True):
    """What the desk says of a sign-in that waits."""

    code: str
    secret: str
    page: str
    page_with_code: str
    expires_at: int
    interval: int


class Let(Struct, frozen=True):
    """How it ended. `secret` is a token (`confirmed`) or the key of a shared terminal (`shared`).

    busy: too many ask now.
    """

    state: Literal["confirmed", "shared", "refused", "over", "busy"]
    secret: str = ""


class Seated(Struct, frozen=True):
    """Who sits at the shared terminal now."""

    person: str
    token: str
    expires_at: int


class Refused(Exception):
    """The desk says no; the text is its own sentence."""


class SignIn:
    """One conversation with a desk that does not know this terminal yet."""

    def __init__(self, server: str, language: str, pause: float | None = None) -> None:
        self._client = Client(server, {"user-agent": "noroshi-tui", "accept-language": language})
        self._pause = pause

    async def by_code(self, name: str, tell: Callable[[Asked], None]) -> Let:
        """Ask, show, wait for the yes. Raises Unreachable."""
        try:
            asked: Asked = inside(await self._post("/api/sign-ins", {"name": name}), Asked)
        except Refused:
            return Let("busy")
        tell(asked)
        silent = 0
        while silent < SILENT:
            await asyncio.sleep(asked.interval if self._pause is None else self._pause)
            try:
                state = (await self._post("/api/sign-ins/state", {"secret": asked.secret}))["state"]
            except Refused:
                return Let("over")
            except Unreachable:
                silent += 1
                continue
            silent = 0
            if state != "waiting":
                return Let(state, "" if state == "refused" else asked.secret)
        raise Unreachable("the desk does not answer any more")

    async def by_pin(self, key: str, person: str, pin: str) -> Seated | str:
        """Sit down at a shared terminal; the desk's own sentence where it says no."""
        given = {"person": person, "pin": pin}
        try:
            seated: Seated = inside(await self._post("/api/terminal/person", given, key), Seated)
        except Refused as reason:
            return str(reason)
        return seated

    async def lock(self, key: str) -> bool:
        """Nobody sits here now; False when the desk could not be told."""
        try:
            await self._post("/api/terminal/lock", {}, key)
        except (Refused, Unreachable):
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    async def _post(self, path: str, body: dict[str, str], key: str = "") -> Any:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return _read(await self._client.call("POST", path, msgspec.json.encode(body), headers))


def _read(answer: Answer) -> Any:
    try:
        told = msgspec.json.decode(answer.body or b"null")
    except msgspec.DecodeError as fault:
        raise Unreachable("that is no desk") from fault
    if answer.status < 300:
        return told
    if answer.status < 500 and isinstance(told, dict) and "detail" in told:
        raise Refused(str(told["detail"]))
    raise Unreachable(f"{answer.status}")

"""Who sits at a terminal far from the desk: a token that is known, a code confirmed in the browser, or a PIN."""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

import click

from core.console.show import qr_lines
from core.console.signin import keep_secret, known_secret
from core.console.spoken import Trouble, note, tell

SHARED: Final = "shared:"
"""Begins what is saved of a shared terminal: its key, which shows nothing by itself."""
TRIES: Final = 5


class Signing(Protocol):
    """The conversation with the desk; `tui.sign_in` has it."""

    async def by_code(self, name: str, tell: Any, /) -> Any: ...

    async def by_pin(self, key: str, person: str, pin: str, /) -> Any: ...

    async def lock(self, key: str, /) -> bool: ...

    def close(self) -> None: ...


@asynccontextmanager
async def seated(server: str, signing: Signing) -> AsyncIterator[str]:
    """The token of whoever sits here; a shared terminal is locked behind them. Trouble where nobody is let in."""
    try:
        known = known_secret(server) or await _by_code(server, signing)
        if not known.startswith(SHARED):
            yield known
            return
        key = known.removeprefix(SHARED)
        try:
            yield await _by_pin(signing, key)
        finally:
            if not await signing.lock(key):
                note(tell("signin.not_locked"))
    finally:
        signing.close()


async def _by_code(server: str, signing: Signing) -> str:
    let = await signing.by_code(platform.node()[:100], _show)
    match let.state:
        case "refused":
            raise Trouble("sign_in.refused")
        case "over":
            raise Trouble("sign_in.over")
        case "busy":
            raise Trouble("sign_in.busy")
    secret = f"{SHARED}{let.secret}" if let.state == "shared" else str(let.secret)
    keep_secret(server, secret)
    return secret


def _show(asked: Any) -> None:
    for line in qr_lines(asked.page_with_code):
        note(line)
    note(tell("signin.page", page=asked.page))
    note(tell("signin.code", code=asked.code))


async def _by_pin(signing: Signing, key: str) -> str:
    for _ in range(TRIES):
        person: str = click.prompt(tell("signin.person"), err=True).strip()
        pin: str = click.prompt(tell("signin.pin"), hide_input=True, err=True).strip()
        seat = await signing.by_pin(key, person, pin)
        if not isinstance(seat, str):
            return str(seat.token)
        note(seat)
    raise Trouble("sign_in.pin")

"""The wires of a running desk: channels by name, made anew when an applied desk file changes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import structlog

from core.engine.desk import Desk
from core.engine.ports import Channel, NotStored, Reader
from core.people.model import ChannelSetting
from core.people.records import channels_of

log = structlog.get_logger()
LOOK_EVERY: Final = 5.0
"""Seconds until an applied change of a mail server is in use."""
Make = Callable[[ChannelSetting, str | None], Any]
"""(setting, its secret) → an async context manager that is a Channel. ValueError: the setting is wrong."""


class SecretMissing(Exception):
    """A secret that the desk file names is not there; the name, never a value."""


@asynccontextmanager
async def wires(desk: Desk, fixed: Mapping[str, Channel], make_mail: Make) -> AsyncIterator[Mapping[str, Channel]]:
    """Channels by name: the fixed ones, and mail as the desk file has it now."""
    channels = dict(fixed)
    async with _MailKeeper(desk, channels, make_mail) as keeper:
        await keeper.look()
        watching = asyncio.create_task(keeper.watch())
        try:
            yield channels
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


def secret_of(written: str | None) -> str | None:
    """The value behind `env:NAME` or `file:PATH`. SecretMissing when there is none."""
    if written is None:
        return None
    kind, _, name = written.partition(":")
    if kind == "env":
        value = os.environ.get(name)
    else:
        try:
            value = Path(name).read_text(encoding="utf-8").strip()
        except OSError:
            value = None
    if not value:
        raise SecretMissing(written)
    return value


class _MailKeeper:
    """Holds the mail channel that the desk file asks for."""

    def __init__(self, desk: Desk, channels: dict[str, Channel], make: Make) -> None:
        self._desk = desk
        self._channels = channels
        self._make = make
        self._setting: ChannelSetting | None = None
        self._held = AsyncExitStack()

    async def __aenter__(self) -> _MailKeeper:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._held.aclose()

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(NotStored):
                await self.look()

    async def look(self) -> None:
        """Take up a changed setting; the channel before it ends when the new one stands."""
        wanted = await self._desk.store.read(_smtp)
        if wanted == self._setting:
            return
        self._setting, before, self._held = wanted, self._held, AsyncExitStack()
        mail = self._mail(wanted)
        if mail is None:
            self._channels.pop("mail", None)
        else:
            self._channels["mail"] = await self._held.enter_async_context(mail)
        await before.aclose()

    def _mail(self, setting: ChannelSetting | None) -> Any:
        if setting is None:
            return None
        try:
            return self._make(setting, secret_of(setting.password))
        except SecretMissing as missing:
            log.error("mail cannot leave: its secret is missing", channel=setting.id, secret=str(missing))
        except ValueError as error:
            log.error("mail cannot leave: its setting is wrong", channel=setting.id, reason=str(error))
        return None


def _smtp(tx: Reader) -> ChannelSetting | None:
    return next((setting for setting in channels_of(tx) if setting.kind == "smtp"), None)

"""The wires of a running desk: channels by name, made anew when an applied desk file changes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import structlog
from msgspec.structs import replace

from core.engine.desk import Desk
from core.engine.ports import Channel, NotStored
from core.people.model import ChannelKind, ChannelSetting
from core.people.records import channels_of

log = structlog.get_logger()
LOOK_EVERY: Final = 5.0
"""Seconds until an applied change of a mail server is in use."""
MakeMail = Callable[[ChannelSetting, str | None], Any]
"""(setting, its secret) → an async context manager that is a Channel. ValueError: the setting is wrong."""
MakeChat = Callable[[Mapping[str, str], Callable[[str, ValueError], None]], Any]
"""(addresses by channel id, what to do about a wrong one) → an async context manager that is a Channel."""
WIRED: Final[dict[ChannelKind, str]] = {"smtp": "mail", "chat": "chat"}
"""Kind of setting → name of the channel that sends by it."""


class SecretMissing(Exception):
    """A secret that the desk file names is not there; the name, never a value."""


@asynccontextmanager
async def wires(
    desk: Desk, fixed: Mapping[str, Channel], make_mail: MakeMail, make_chat: MakeChat
) -> AsyncIterator[Mapping[str, Channel]]:
    """Channels by name: the fixed ones, mail and chat as the desk file has them now."""
    channels = dict(fixed)
    async with _Keeper(desk, channels, _Makers(make_mail, make_chat)) as keeper:
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


class _Makers:
    """Makes a channel out of its settings; what cannot be made is said, and left out."""

    def __init__(self, make_mail: MakeMail, make_chat: MakeChat) -> None:
        self._make_mail = make_mail
        self._make_chat = make_chat

    def make(self, channel: str, settings: Sequence[ChannelSetting]) -> Any:
        """The channel of this name, or None."""
        if not settings:
            return None
        return self._mail(settings[0]) if channel == "mail" else self._chat(settings)

    def _mail(self, setting: ChannelSetting) -> Any:
        try:
            written = replace(setting, url=_value(setting.url))
            return self._make_mail(written, secret_of(setting.password))
        except SecretMissing as missing:
            log.error("mail cannot leave: its secret is missing", channel=setting.id, secret=str(missing))
        except ValueError as error:
            log.error("mail cannot leave: its setting is wrong", channel=setting.id, reason=str(error))
        return None

    def _chat(self, settings: Sequence[ChannelSetting]) -> Any:
        addresses: dict[str, str] = {}
        for setting in settings:
            try:
                addresses[setting.id] = _value(setting.url)
            except SecretMissing as missing:
                log.error("chat cannot leave: its secret is missing", channel=setting.id, secret=str(missing))
        return self._make_chat(addresses, _wrong_chat) if addresses else None


def _wrong_chat(channel: str, error: ValueError) -> None:
    log.error("chat cannot leave: its setting is wrong", channel=channel, reason=str(error))


def _value(written: str) -> str:
    """A text of the desk file, or the secret that it names."""
    return (secret_of(written) or "") if written.startswith(("env:", "file:")) else written


class _Keeper:
    """Holds the channels that the desk file asks for."""

    def __init__(self, desk: Desk, channels: dict[str, Channel], makers: _Makers) -> None:
        self._desk = desk
        self._channels = channels
        self._makers = makers
        self._settings: dict[str, tuple[ChannelSetting, ...]] = {}
        self._held: dict[str, AsyncExitStack] = {}

    async def __aenter__(self) -> _Keeper:
        return self

    async def __aexit__(self, *_: object) -> None:
        for held in self._held.values():
            await held.aclose()

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(NotStored):
                await self.look()

    async def look(self) -> None:
        """Take up changed settings."""
        settings = await self._desk.store.read(channels_of)
        for kind, channel in WIRED.items():
            wanted = tuple(setting for setting in settings if setting.kind == kind)
            if wanted != self._settings.get(channel, ()):
                await self._take_up(channel, wanted)

    async def _take_up(self, channel: str, wanted: tuple[ChannelSetting, ...]) -> None:
        """The channel before it ends when the new one stands."""
        before, self._held[channel] = self._held.get(channel), AsyncExitStack()
        self._settings[channel] = wanted
        made = self._makers.make(channel, wanted)
        if made is None:
            self._channels.pop(channel, None)
        else:
            self._channels[channel] = await self._held[channel].enter_async_context(made)
        if before is not None:
            await before.aclose()

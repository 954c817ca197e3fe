"""Chat through Apprise: Slack, Mattermost, LINE, Teams workflows and others, each an address in the desk file.

Apprise is synchronous, so every message is a thread's work for at most ten seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Final

from core.engine.ports import Clock, Failed, Gone, Message, Outcome, Retry, Sent
from push.answers import outcome_of
from push.chat_address import ChatAddress
from push.chat_door import Talk

TIMEOUT: Final = 10.0
"""Seconds for one message, all in all."""
_THREADS: Final = 16
_OURS: Final = frozenset({"private_address", "not_https"})


class Chat:
    """The channel `chat`. Use it as an async context manager: it owns its threads.

    Reasons it gives: `http_<status>`, `refused` (the service answered, and not with yes), `timeout`, `network`,
    `certificate`, `private_address`, `not_https`, `no_such_chat`, `no_such_name`. Addresses and texts stand in none.
    """

    name = "chat"
    room = _THREADS

    def __init__(
        self, addresses: Mapping[str, ChatAddress], *, clock: Clock, loopback: bool = False, timeout: float = TIMEOUT
    ) -> None:
        """`addresses`: by the id of their channel."""
        self._addresses = dict(addresses)
        self._clock = clock
        self._loopback = loopback
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(_THREADS, "noroshi-chat")
        self._talks: set[Talk] = set()

    @classmethod
    def of(
        cls, urls: Mapping[str, str], wrong: Callable[[str, ValueError], None], *, clock: Clock, loopback: bool = False
    ) -> Chat:
        """The channel with every address that is understood; `wrong` hears of the others."""
        addresses: dict[str, ChatAddress] = {}
        for channel, url in urls.items():
            try:
                addresses[channel] = ChatAddress(url, loopback=loopback)
            except ValueError as error:
                wrong(channel, error)
        return cls(addresses, clock=clock, loopback=loopback)

    async def __aenter__(self) -> Chat:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for talk in self._talks:
            talk.abort()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(self, message: Message) -> Outcome:
        """Say one message to `message.to["name"]` over the chat channel `message.to["service"]`."""
        address, name = self._addresses.get(message.to.get("service", "")), message.to.get("name", "")
        if address is None:
            return Failed("no_such_chat", alarm=True)
        if not address.takes(name):
            return Failed("no_such_name", alarm=True)
        talk = Talk(self._timeout, loopback=self._loopback)
        self._talks.add(talk)
        try:
            said = await self._said(talk, address, name, message)
        except TimeoutError:
            return Retry(reason="timeout")
        finally:
            self._talks.discard(talk)
        return self._outcome(talk, said)

    async def _said(self, talk: Talk, address: ChatAddress, name: str, message: Message) -> bool:
        def say() -> bool:
            service = address.service(name)
            with suppress(Exception):  # a service of Apprise that stumbles over an odd answer
                return service is not None and bool(service.notify(body=message.text, title=message.subject))
            return False

        saying = asyncio.get_running_loop().run_in_executor(self._threads, talk.run, say)
        try:
            async with asyncio.timeout(self._timeout):
                return await saying
        finally:
            talk.abort()

    def _outcome(self, talk: Talk, said: bool) -> Outcome:
        """The door's own knowledge: Apprise only says yes or no."""
        if talk.fault:
            return Failed(talk.fault, alarm=True) if talk.fault in _OURS else Retry(reason=talk.fault)
        if talk.last is None:
            return Failed("refused", alarm=True)
        found = outcome_of(talk.last.status_code, talk.last.headers.get("Retry-After"), self._clock.now())
        match found:
            case Sent() if not said:
                return Failed("refused", alarm=True)
            case Gone(reason) | Failed(reason):  # nobody but who wrote the desk file can mend it
                return Failed(reason, alarm=True)
        return found

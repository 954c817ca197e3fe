"""The door on the desk of this process: the server's own account, and the demo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from msgspec import Struct

from core.engine.desk import Desk
from core.engine.hint import Hint
from core.engine.outcome import Done, Refusal
from core.engine.ports import NotStored
from core.people.model import Actor
from tui.model.door import Unreachable


class LocalDoor:
    """A door for one actor. Whoever opened the desk closes it."""

    pace = 0.1

    def __init__(self, desk: Desk, actor: Actor) -> None:
        self._desk = desk
        self._actor = actor
        self.language = "ja"

    def now(self) -> int:
        """The desk's clock."""
        return self._desk.clock.now()

    async def handle(self, command: Struct) -> Done | Refusal:
        """Run it on the desk."""
        try:
            return await self._desk.handle(command, self._actor)
        except NotStored as fault:
            raise Unreachable(str(fault)) from fault

    async def ask(self, query: Struct) -> Any:
        """Ask the desk."""
        try:
            return await self._desk.ask(query, self._actor)
        except NotStored as fault:
            raise Unreachable(str(fault)) from fault

    def feed(self) -> AsyncIterator[Hint]:
        """The desk's own feed, from now on."""
        return self._desk.feed(self._actor)

    async def close(self) -> None:
        """Nothing of its own to close."""

"""The door of the desk as the terminal knows it. Two fulfil it: LocalDoor on a database, RemoteDoor over the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from msgspec import Struct

from core.engine.hint import Hint
from core.engine.outcome import Done, Refusal

__all__ = ["Done", "Door", "Hint", "Refusal", "Unreachable"]


class Unreachable(Exception):
    """The desk did not answer. `sure` is True when a command certainly did not happen; else nobody knows."""

    def __init__(self, reason: str, sure: bool = True) -> None:
        super().__init__(reason)
        self.sure = sure


class Door(Protocol):
    """Commands in, answers out. Every method may raise Unreachable."""

    pace: float
    """The shortest time between two readings of the same thing, in seconds."""
    language: str
    """The language of sentences that the desk writes itself."""

    def now(self) -> int:
        """The desk's time, milliseconds since the epoch."""

    async def handle(self, command: Struct) -> Done | Refusal:
        """Do it, or say why not."""

    async def ask(self, query: Struct) -> Any:
        """The answer that the query's row names, or a Refusal."""

    def feed(self) -> AsyncIterator[Hint]:
        """Hints that something happened which I may see; after a gap one of kind `reload`."""

    async def close(self) -> None:
        """Let go of connections."""

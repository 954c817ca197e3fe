"""The demo's mail: written to a folder instead of being sent, for the people of the sample do not exist."""

from __future__ import annotations

import asyncio
from pathlib import Path

from core.engine.ports import Message, Outcome, Sent


class Letterbox:
    """The channel `mail` of a demo: one text file per letter."""

    name = "mail"
    room = 64

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def send(self, message: Message) -> Outcome:
        """Keep the letter."""
        await asyncio.to_thread(self._keep, message)
        return Sent("kept")

    def _keep(self, message: Message) -> None:
        letter = f"To: {message.to['address']}\nSubject: {message.subject}\n\n{message.text}"
        path = self._folder / f"{message.id:06}-{message.kind}-{message.recipient}.txt"
        path.write_text(letter, encoding="utf-8")

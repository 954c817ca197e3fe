"""The one field of the terminal, and the drafts it writes to: what was typed stays until it was stored."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.model.drafts import Drafts, Shelf
from tui.model.lines import line
from tui.widgets.sheets import CommentSheet

if TYPE_CHECKING:
    from tui.screens.desk import DeskScreen


class Drafting:
    """Typing under a key (`comment 4182`). Every second it goes to the disk, without holding up the keys."""

    def __init__(self, desk: DeskScreen, shelf: Shelf) -> None:
        self.desk = desk
        self.sheet = CommentSheet()
        self._shelf = shelf
        self._person = ""
        self._drafts = Drafts(None, desk.session.door.now)
        self._key: str | None = None
        self._told = False

    def sit(self, person: str) -> None:
        """Who sits here now: their drafts, and nobody else's."""
        if person != self._person:
            self._person, self._key = person, None
            self._drafts = self._shelf.of(person, self.desk.session.door.now)

    def get(self, key: str) -> str:
        """What was typed under this key."""
        return self._drafts.get(key)

    async def begin(self, key: str, title: str) -> None:
        """Show the field with its draft."""
        self._key = None
        await self.sheet.begin(line((f" {title}", "strong")), self._drafts.get(key))
        self._key = key
        self.desk.paint_hints()

    def end(self) -> str:
        """The field is closed: what stands in it, which is kept."""
        text = self.sheet.text
        self.tick()
        self._key = None
        self.desk.set_focus(None)
        return text

    def sent(self, key: str) -> None:
        """It was stored: there is nothing left to keep."""
        if self._drafts.drop(key):
            self.desk.start(self._save())

    def tick(self) -> None:
        """A second has passed, or the field is closed."""
        if self._key is not None and self._drafts.keep(self._key, self.sheet.text):
            self.desk.start(self._save())

    def now_or_never(self) -> None:
        """The terminal ends, whoever ends it."""
        if self._key is not None:
            self._drafts.keep(self._key, self.sheet.text)
        self._drafts.save()

    async def _save(self) -> None:
        if not await asyncio.to_thread(self._drafts.save) and not self._told:
            self._told = True
            self.desk.say("tui.draft.not_saved", "ember")

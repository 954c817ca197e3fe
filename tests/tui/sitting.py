"""One sitting at the terminal for a test: keys in, text of the screen out, and no sleeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace
from textual.pilot import Pilot

from core.people.model import Language
from tests.tui.fake_door import FakeDoor
from tui.app import FloorTerminal
from tui.model.door import Door
from tui.model.drafts import Shelf
from tui.screens.desk import DeskScreen

PATIENCE = 400
"""Turns of the loop before a terminal that never comes to rest is a failure."""


class Seat:
    """A running terminal on any door."""

    def __init__(self, app: FloorTerminal, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def desk(self) -> DeskScreen:
        return self.app.desk

    async def press(self, *keys: str) -> str:
        """Press keys, wait until all is still; the text of the screen."""
        await self.pilot.press(*keys)
        return await self.settle()

    async def settle(self) -> str:
        """Wait until nothing is under way any more; the text of the screen."""
        for _ in range(PATIENCE):
            await self.pilot.pause()
            if not self._busy():
                await self.pilot.pause()
                if not self._busy():
                    return self.text()
        raise AssertionError(f"the terminal never came to rest: {self.app.workers}")

    def text(self) -> str:
        """What the screen shows, one line a row, blanks at the end kept."""
        return "\n".join(self.rows())

    def rows(self) -> list[str]:
        """Rows of the screen as text."""
        # The one place that looks behind the compositor; Textual is pinned.
        return [strip.text for strip in self.desk._compositor.render_strips()]

    def row_of(self, words: str) -> int:
        """The first row that shows these words."""
        return next(place for place, row in enumerate(self.rows()) if words in row)

    async def sees(self, words: str) -> str:
        """Wait until these words stand on the screen: news of others come when they come."""
        for _ in range(PATIENCE):
            if words in (text := await self.settle()):
                return text
            await self.pilot.pause(0.02)
        raise AssertionError(f"{words} never came:\n{self.text()}")

    def _busy(self) -> bool:
        desk = self.desk
        acting = any(worker.group == "acts" and not worker.is_finished for worker in self.app.workers)
        return bool(acting or desk.session.busy or desk.feed.busy or desk.ticket.resting)


class Sitting(Seat):
    """A terminal on a fake door."""

    def __init__(self, app: FloorTerminal, pilot: Pilot[int], door: FakeDoor) -> None:
        super().__init__(app, pilot)
        self.door = door

    async def later(self, ms: int) -> str:
        """Let time pass on the desk's clock, and let the terminal notice."""
        self.door.time += ms
        self.desk.tick()
        return await self.settle()

    def _busy(self) -> bool:
        return self.door.untold or super()._busy()


@asynccontextmanager
async def sitting(
    door: FakeDoor | None = None,
    size: tuple[int, int] = (80, 24),
    language: Language = "ja",
    shelf: Shelf | None = None,
) -> AsyncIterator[Sitting]:
    """A terminal that has read its first page."""
    door = door or FakeDoor()
    door.me = replace(door.me, language=language)
    app = FloorTerminal(door, language, shelf=shelf)
    async with app.run_test(size=size) as pilot:
        one = Sitting(app, pilot, door)
        await one.settle()
        yield one


@asynccontextmanager
async def seat(door: Door) -> AsyncIterator[Seat]:
    """A terminal on a real door, which is closed afterwards."""
    app = FloorTerminal(door, "ja")
    try:
        async with app.run_test(size=(100, 30)) as pilot:
            one = Seat(app, pilot)
            await one.settle()
            yield one
    finally:
        await door.close()

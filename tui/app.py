"""The application: theme, signals, and the one place where the door is closed."""

from __future__ import annotations

import asyncio
import signal
import sys
import termios
from typing import Literal

from textual.app import App

from tui import themes
from tui.model.door import Door
from tui.model.drafts import Shelf
from tui.model.session import Session
from tui.screens.desk import DeskScreen

USUAL = (24, 80)
Theme = Literal["dark", "light"]
ENDS = (signal.SIGTERM, signal.SIGHUP)
"""Asked to go, or the line was cut: the terminal is put back as it was."""


class FloorTerminal(App[int]):
    """Noroshi in a terminal. Whoever made the door closes it after `run_async`."""

    CSS_PATH = "styles/desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "Noroshi"

    def __init__(self, door: Door, language: str, theme: Theme = "dark", shelf: Shelf | None = None) -> None:
        super().__init__()
        self.shelf = shelf or Shelf()
        self.session = Session(door, language)
        for name in themes.INKS:
            self.register_theme(themes.theme(name))
        self.theme = f"noroshi-{theme}"
        self.animation_level = "none"

    @property
    def desk(self) -> DeskScreen:
        """The screen of the desk."""
        screen = self.screen_stack[0]
        assert isinstance(screen, DeskScreen)
        return screen

    def get_default_screen(self) -> DeskScreen:
        """The desk is all there is."""
        return DeskScreen(self.session, self.shelf)

    def on_mount(self) -> None:
        """Leave in order when asked to."""
        loop = asyncio.get_running_loop()
        for end in ENDS:
            loop.add_signal_handler(end, self._told_to_go, 128 + end)

    def _told_to_go(self, code: int) -> None:
        """What is being typed is kept first."""
        self.desk.drafting.now_or_never()
        self.exit(code)

    def on_unmount(self) -> None:
        """The signals go back to whoever runs the process."""
        loop = asyncio.get_running_loop()
        for end in ENDS:
            loop.remove_signal_handler(end)


async def run(door: Door, language: str, theme: Theme = "dark", shelf: Shelf | None = None) -> int:
    """Sit at the terminal until it is left; the exit code. The door is closed whatever happens.

    `shelf`: where drafts are kept on this machine; None: only while it runs.
    """
    _give_size()
    app = FloorTerminal(door, language, theme, shelf)
    try:
        code = await app.run_async(mouse=False)
        return code if code is not None else app.return_code or 0
    finally:
        await door.close()


def _give_size() -> None:
    """A line that does not know its size gets the usual one: the framework would waver between two for ever."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream.isatty() and 0 in termios.tcgetwinsize(stream.fileno()):
            termios.tcsetwinsize(stream.fileno(), USUAL)

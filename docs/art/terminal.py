"""Takes the README's picture of the terminal: `python docs/art/terminal.py` (needs Chromium, Noto Sans Mono CJK).

The real terminal on the real sample desk, its cells painted one by one: a browser alone would not keep them in line.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from playwright.async_api import async_playwright
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from core.engine.desk import Desk
from core.engine.store.sqlite import open_sqlite
from core.parts import catalogue
from core.people.model import Actor
from core.sample.cast import RAISER
from core.sample.furnish import furnish, live_through
from core.sample.letterbox import Letterbox
from tui.app import FloorTerminal
from tui.local import LocalDoor

HERE = Path(__file__).parent
PICTURE = HERE.parent / "pictures" / "terminal.png"
CHROMIUM = shutil.which("chromium")
SIZE = (120, 28)
KEYS = ("4", "j", "k")
KEY = b"p" * 32
CELL = (11, 26)
"""Width and height of a cell in pixels."""
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: {ground} }}
pre {{ margin: 14px; font: 20px "Noto Sans Mono CJK JP"; line-height: {height}px; position: relative }}
span {{ position: absolute; white-space: pre; height: {height}px }}
</style><pre style="width:{width}px;height:{whole}px">{cells}</pre>"""


class Afternoon:
    """A Friday afternoon that does not go on."""

    def now(self) -> int:
        return int(datetime(2026, 11, 20, 14, 32, 18, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp() * 1000)

    def steady(self) -> int:
        return self.now()


async def screen() -> list[list[Segment]]:
    """The cells of the terminal, line by line."""
    with TemporaryDirectory() as folder:
        async with open_sqlite(Path(folder) / "desk.db", create=True) as store:
            clock, rows = Afternoon(), catalogue("https://desk.tsubame.example")
            await furnish(store, rows, KEY, clock.now())
            await live_through(store, rows, KEY, {"mail": Letterbox(Path(folder) / "mail")}, clock.now())
            desk = Desk(store, rows, clock, KEY)
            await desk.start()
            app = FloorTerminal(LocalDoor(desk, Actor("person", RAISER)), "ja")
            async with app.run_test(size=SIZE) as pilot:
                await pilot.pause(1)
                await pilot.press(*KEYS)
                await pilot.pause(1)
                app.session.pulse = type(app.session.pulse)("running", clock.now())
                app.desk.paint()
                await pilot.pause(0.2)
                return [list(strip) for strip in app.desk._compositor.render_strips()]


def drawn(lines: list[list[Segment]]) -> Iterator[str]:
    """Each character in its own cells."""
    for y, line in enumerate(lines):
        x = 0
        for text, style, _ in line:
            look = _look(style) if style is not None else ""
            for letter in text:
                cells = cell_len(letter)
                place = f"left:{x * CELL[0]}px;top:{y * CELL[1]}px;width:{cells * CELL[0] + 1}px"
                yield f'<span style="{place};{look}">{escape(letter)}</span>'
                x += cells


def _look(style: Style) -> str:
    parts = [f"color:{style.color.get_truecolor().hex}"] if style.color else []
    parts += [f"background:{style.bgcolor.get_truecolor().hex}"] if style.bgcolor else []
    parts += ["font-weight:bold"] if style.bold else []
    return ";".join(parts)


async def shoot() -> None:
    """Write the picture."""
    lines = await screen()
    page = PAGE.format(
        ground="#14130f", height=CELL[1], width=SIZE[0] * CELL[0], whole=SIZE[1] * CELL[1], cells="".join(drawn(lines))
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": SIZE[0] * CELL[0] + 28, "height": SIZE[1] * CELL[1] + 28})
        await tab.set_content(page)
        await tab.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(shoot())

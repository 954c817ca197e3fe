"""The terminal as a process: what it loads, and that it always leaves the terminal as it found it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "litestar",
    "uvicorn",
    "pywebpush",
    "requests",
    "aiohttp",
    "httpx",
    "aiosqlite",
    "sqlite3",
    "babel",
    "web",
    "push",
)
"""What a terminal on a server's API has no use for."""
LOADED = """
import sys, tui.app, tui.local, tui.remote
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
SIT = """
import asyncio, sys
from pathlib import Path
from core.engine.store.sqlite import open_sqlite
from core.engine.desk import Desk
from core.parts import catalogue
from core.people.model import Actor, Level, Person, Settings, Team
from core.people.records import save_levels, save_persons, save_settings, save_teams
from tests.clock import HandClock
from tests.stories.floor import at
from tui.app import run
from tui.local import LocalDoor

def found(tx):
    save_settings(tx, Settings("Tsubame"))
    save_levels(tx, [Level(1, {"ja": "現場"})])
    save_teams(tx, [Team("support", "サポート")])
    save_persons(tx, [Person("sato", "佐藤 花", teams=("support",))])

async def main():
    async with open_sqlite(Path(sys.argv[1]), create=True) as store:
        desk = Desk(store, catalogue("https://desk.example"), HandClock(at("14:32")), b"k" * 32)
        await desk.start()
        await store.write(found)
        return await run(LocalDoor(desk, Actor("person", "sato")), "ja")

sys.exit(asyncio.run(main()))
"""
PATIENCE = 30.0
"""Seconds after which a test gives up on a process; nothing is measured here."""
LEFT = b"\x1b[?1049l"
"""The way back from the alternate screen."""
CURSOR = b"\x1b[?25h"


class Terminal:
    """A process on a pseudo-terminal."""

    def __init__(self, database: Path, rows: int = 24, columns: int = 80) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", SIT, str(database)],
            cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        os.close(slave)
        self.seen = b""

    def until(self, words: bytes) -> None:
        """Read until these bytes came."""
        while words not in self.seen:
            assert self._read(), f"ended without {words!r}: {self.seen[-2000:]!r}"

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def hang_up(self) -> int:
        """Close the line without a word; the exit code."""
        os.close(self.master)
        self.master = -1
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        try:
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            data = b""
        self.seen += data
        return bool(data)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on a real database that has painted its first screen."""
    one = Terminal(tmp_path / "desk.db")
    try:
        one.until("新着はありません".encode())
        yield one
    finally:
        one.close()


def test_the_terminal_loads_no_server_and_no_wire() -> None:
    """Neither web nor push nor anything heavy is imported for a terminal, of either door."""
    ran = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(ran.stdout.split()) & set(HEAVY)


def test_leaving_puts_the_terminal_back(terminal: Terminal) -> None:
    """Ctrl+Q ends it with code 0, and no thread of the database keeps it alive."""
    os.write(terminal.master, b"\x11")
    assert terminal.end() == 0
    assert LEFT in terminal.seen
    assert CURSOR in terminal.seen


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_in_order(terminal: Terminal, end: signal.Signals) -> None:
    """Asked to go or cut off: the screen is restored and the database closed."""
    terminal.process.send_signal(end)
    assert terminal.end() == 128 + end
    assert LEFT in terminal.seen
    assert CURSOR in terminal.seen


def test_a_line_that_is_cut_ends_it(terminal: Terminal) -> None:
    """The connection is gone: the process goes too."""
    assert terminal.hang_up() != 0


def test_a_line_without_a_size_gets_the_usual_one(tmp_path: Path) -> None:
    """A pseudo-terminal of 0×0 shows the desk and comes to rest, instead of wavering between two sizes."""
    one = Terminal(tmp_path / "desk.db", rows=0, columns=0)
    try:
        one.until("新着はありません".encode())
        assert fcntl.ioctl(one.master, termios.TIOCGWINSZ, bytes(8))[:4] == struct.pack("HH", 24, 80)
        os.write(one.master, b"\x11")
        assert one.end() == 0
    finally:
        one.close()

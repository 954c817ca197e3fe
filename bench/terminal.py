"""The floor terminal on a pseudo-terminal of 80×24: how soon it is there, and what a key sends down the line."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench.desks import RAISER, Bench, desk_on
from bench.rows import Row, alone
from core.people.commands import IssueToken
from core.people.model import CONSOLE
from core.people.secrets import hash_secret, make_secret

ROOT: Final = Path(__file__).parents[1]
BARE: Final = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("READY")
Bare().run(mouse=False)
"""
STARTS: Final = 5
QUIET: Final = 0.08
"""Seconds without a byte after which a repaint is over; shorter than the rest after which a ticket is read."""
LONG_QUIET: Final = 0.5
IDLE: Final = 3.0
PATIENCE: Final = 30.0


class Line:
    """A process on a terminal."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
        )  # fmt: skip
        os.close(slave)

    def until(self, words: bytes) -> None:
        """Read until these bytes came. TimeoutError when they do not."""
        seen = b""
        while words not in seen:
            data = self._read(PATIENCE)
            if not data:
                raise TimeoutError(f"{words!r} never came: {seen[-500:]!r}")
            seen += data

    def press(self, keys: bytes, quiet: float = QUIET) -> int:
        """Press keys; how many bytes come back until it is quiet."""
        os.write(self._master, keys)
        return self.listen(quiet)

    def listen(self, quiet: float) -> int:
        """How many bytes come until there is a pause."""
        count = 0
        while data := self._read(quiet):
            count += len(data)
        return count

    def memory(self) -> float:
        """Resident memory, MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._master], [], [], seconds)
        try:
            return os.read(self._master, 65536) if ready else b""
        except OSError:
            return b""


async def on(bench: Bench, presses: int) -> list[Row]:
    """Measured on a copy of this desk, with so many presses of each key."""
    path, secret = bench.copy(), make_secret()
    async with desk_on(path) as (desk, _):
        await desk.handle(IssueToken(str(RAISER.person), hash_secret(secret)), CONSOLE)
    return await asyncio.to_thread(_measure, path, secret, presses, bench.filled)


def _measure(path: Path, secret: str, presses: int, tickets: int) -> list[Row]:
    def ours() -> Line:
        command = [sys.executable, "noroshi.py", "tui", "--db", f"sqlite:///{path}"]
        return Line(command, {"NOROSHI_TOKEN": secret, "NOROSHI_KEY": f"{path}.key"})

    bare = _first_paint(lambda: Line([sys.executable, "-c", BARE]), b"READY")
    there = _first_paint(ours, b"bench")
    rows = [
        Row(
            f"terminal: first paint, {tickets:,} tickets", there, bare, "ms", there / bare, "≤ 350 ms over bare Textual"
        )
    ]
    line = ours()
    try:
        line.until(b"bench")
        line.listen(LONG_QUIET)
        return [*rows, *_keys(line, presses), alone("terminal: memory", line.memory(), "MB", "≤ 60 MB")]
    finally:
        line.close()


def _keys(line: Line, presses: int) -> list[Row]:
    moved = [line.press(b"j") for _ in range(presses)]
    line.listen(LONG_QUIET)
    paged = [line.press(b"\x1b[6~") for _ in range(max(presses // 4, 3))]
    line.listen(LONG_QUIET)
    sheets = []
    for _ in range(max(presses // 4, 3)):
        sheets.append(line.press(b"e", LONG_QUIET))
        line.press(b"\x1b", LONG_QUIET)
    return [
        alone("terminal: one row down (j)", statistics.median(moved), "bytes", "≤ 450"),
        alone("terminal: one page down", statistics.median(paged), "bytes", "≤ 8,192"),
        alone("terminal: raise sheet (e)", statistics.median(sheets), "bytes", "≤ 16,384"),
        alone(f"terminal: idle for {IDLE:.0f} s", _idle(line), "bytes", "0 between ticks"),
    ]


def _idle(line: Line) -> int:
    """Bytes of a screen that nobody touches, within one minute of the clock."""
    time.sleep(max(0.0, 60 - time.time() % 60 + 1) if time.time() % 60 > 60 - IDLE - 1 else 0)
    line.listen(LONG_QUIET)
    end, count = time.monotonic() + IDLE, 0
    while (left := end - time.monotonic()) > 0:
        count += line.listen(left)
    return count


def _first_paint(start: Callable[[], Line], words: bytes) -> float:
    """Milliseconds from the start of the process until these words are on the screen, the median of some."""
    taken = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        line = start()
        try:
            line.until(words)
            taken.append((time.perf_counter() - begun) * 1000)
        finally:
            line.close()
    return statistics.median(taken)

"""What a terminal waits for before it appears."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LATER = ("litestar", "uvicorn", "aiohttp", "pywebpush", "textual", "holidays", "babel", "core.sample")
"""For the web, the wires, the terminal itself, calendars and the demo."""


@pytest.mark.parametrize("module", LATER)
def test_the_command_line_starts_without(module: str, imported: frozenset[str]) -> None:
    """What only some commands need is imported when they run."""
    assert module not in imported


@pytest.fixture(scope="module")
def imported() -> frozenset[str]:
    """What a fresh Python has imported once it knows every command."""
    program = "import noroshi, sys; print(*sys.modules, sep='\\n')"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    found = frozenset(ran.stdout.split())
    assert "core.engine.desk" in found
    return found

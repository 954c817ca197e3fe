"""The catalogue's rows of what goes back: undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, Route
from core.engine.outcome import Done
from core.escalation import commands, undoing

Shows = Callable[[Any, Done], Struct]


def register(catalogue: Catalogue, escalation: Shows) -> None:
    """Add the rows. `escalation`: what shows the escalation as it is after a command on it."""
    catalogue.add(CommandRow(commands.Undo, undoing.undo_deed, Route("POST", "/undo", 200, escalation)))

"""The catalogue's rows of what goes back down, or back to what was before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, Route
from core.engine.outcome import Done
from core.escalation import acts, commands, undoing

Shows = Callable[[Any, Done], Struct]


def register(catalogue: Catalogue, escalation: Shows, task: Shows) -> None:
    """Add the rows. `escalation`, `task`: what shows these as they are after a command on them."""
    back = Route("POST", "/escalations/{escalation}/return", 200, escalation)
    contest = Route("POST", "/phone-tasks/{task}/contest", 200, task)
    catalogue.add(
        CommandRow(commands.ReturnEscalation, acts.return_, back),
        CommandRow(commands.Undo, undoing.undo_deed, Route("POST", "/undo", 200, escalation)),
        CommandRow(commands.ContestAcceptance, undoing.contest_acceptance, contest),
    )

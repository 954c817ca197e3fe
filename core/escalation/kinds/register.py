"""The rows of consults and reports in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, Route
from core.engine.outcome import Done
from core.escalation.kinds import acts, commands, letter, missed
from core.escalation.kinds.events import NextUpdateMissed, ReportApproved


def register(catalogue: Catalogue, shows: Callable[[Any, Done], Struct]) -> None:
    """Add every row. `shows`: (command, Done) → the query whose answer is the escalation as it is now."""
    for command, run, noun in (
        (commands.AnswerConsult, acts.answer, "answer"),
        (commands.AskAgain, acts.ask_again, "question"),
        (commands.TakeOverConsult, acts.take_over, "takeover"),
        (commands.ApproveReport, acts.approve, "approval"),
        (commands.ReviseReport, acts.revise, "revision"),
    ):
        catalogue.add(CommandRow(command, run, Route("POST", f"/escalations/{{escalation}}/{noun}", 200, shows)))
    catalogue.add(CommandRow(commands.ReportDelivered, acts.delivered), letter.row())
    catalogue.subscribe(ReportApproved, letter.leave)
    catalogue.subscribe(NextUpdateMissed, missed.update_missed)

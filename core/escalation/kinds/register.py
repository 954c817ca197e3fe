"""The rows of consults and reports in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
from core.engine.outcome import Done
from core.escalation.kinds import acts, after, commands, letter, missed
from core.escalation.kinds.events import NextUpdateMissed, ReportApproved
from core.tickets import acts as tickets
from core.tickets.commands import AddAfterReport


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
    noted = Route("POST", "/tickets/{ticket}/after-reports", 200, after.shows_after_report)
    catalogue.add(CommandRow(AddAfterReport, tickets.after_report, noted))
    catalogue.add(QueryRow(after.GetAfterReport, after.get_after_report, after.AfterReportView))
    catalogue.subscribe(ReportApproved, letter.leave)
    catalogue.subscribe(NextUpdateMissed, missed.update_missed)

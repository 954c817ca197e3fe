"""The catalogue's rows of the verbs beside the main line: back down, back to before, to everyone at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
from core.engine.outcome import Done
from core.escalation import besides, commands, together, undoing

Shows = Callable[[Any, Done], Struct]


def register(catalogue: Catalogue, escalation: Shows, task: Shows) -> None:
    """Add the rows. `escalation`, `task`: what shows these as they are after a command on them."""
    page = Route("POST", "/escalations/{escalation}/page-all", 200, escalation)
    back = Route("POST", "/escalations/{escalation}/return", 200, escalation)
    contest = Route("POST", "/phone-tasks/{task}/contest", 200, task)
    responders = Route("POST", "/escalations/{escalation}/responders", 200, escalation)
    catalogue.add(
        CommandRow(commands.AddResponder, besides.add_responder, responders),
        CommandRow(commands.AcceptAll, together.accept_all, Route("POST", "/me/acceptances", 200, shows_acceptances)),
        QueryRow(together.Acceptances, together.acceptances, together.AcceptancesView),
        CommandRow(commands.ReturnEscalation, besides.return_, back),
        CommandRow(commands.PageEveryone, besides.page_all, page),
        CommandRow(commands.Undo, undoing.undo_deed, Route("POST", "/undo", 200, escalation)),
        CommandRow(commands.ContestAcceptance, undoing.contest_acceptance, contest),
    )


def shows_acceptances(command: Any, done: Done) -> together.Acceptances:
    """What came of each of several acceptances."""
    return together.Acceptances(str(done.ref))

"""Accept-all: every open call of mine in one bundle, one acceptance each, each with its own outcome."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.engine.outcome import Code, Done
from core.engine.work import Ask, Work
from core.escalation.commands import AcceptAll, AcceptEscalation
from core.escalation.model import NUMBERS
from core.escalation.queries.reader import SQL, seen_ticket
from core.escalation.records import load

SEVERAL: Final = 2
"""From so many open calls on, screens offer to accept them all."""


class Acceptances(Struct, frozen=True):
    """What came of accepting several: `escalation:outcome` of each, with commas between."""

    outcomes: str = ""


class Acceptance(Struct, frozen=True):
    """One of them. outcome: `accepted`, or why not; `holder` and `since` say what is true now."""

    escalation: str
    outcome: str
    ticket: int | None = None
    holder: str | None = None
    since: int | None = None


class AcceptancesView(Struct, frozen=True):
    """Each with its own outcome."""

    items: tuple[Acceptance, ...]


def accept_all(work: Work, command: AcceptAll) -> Done:
    """One command per escalation: that one is taken already keeps no other from being accepted."""
    calls = {call // NUMBERS: call for call in command.calls} or _open_calls(work)
    outcomes: dict[int, Code | str] = {}
    again = True
    for escalation, call in sorted(calls.items()):
        outcome = work.run(AcceptEscalation(escalation, call))
        again = again and not (isinstance(outcome, Done) and not outcome.again)
        outcomes[escalation] = "accepted" if isinstance(outcome, Done) else outcome.code
    return Done(",".join(f"{escalation}:{outcome}" for escalation, outcome in outcomes.items()), again=again)


def _open_calls(work: Work) -> dict[int, int]:
    """By escalation, the newest call of each."""
    return {id_: call for call, _, _, id_, _ in work.tx.all(SQL["my_calls"], {"me": work.by.person})}


def acceptances(ask: Ask, query: Acceptances) -> AcceptancesView:
    """What came of each, with what is true of it now for this reader."""
    pairs = (one.partition(":") for one in query.outcomes.split(",") if ":" in one)
    return AcceptancesView(tuple(_acceptance(ask, int(id_), outcome) for id_, _, outcome in pairs))


def _acceptance(ask: Ask, id_: int, outcome: str) -> Acceptance:
    esc = load(ask.tx, id_)
    seen = None if esc is None else seen_ticket(ask, esc.ticket)
    if esc is None or not isinstance(seen, tuple):
        return Acceptance(str(id_), outcome)
    return Acceptance(str(id_), outcome, esc.ticket, esc.held_by, esc.held_since)

"""What came back, and reports to the customer, as screens and programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from core.engine.ports import Reader
from core.escalation.events import EscalationRaised
from core.escalation.kinds.events import AskedAgain
from core.escalation.kinds.model import Stage
from core.escalation.kinds.records import SQL, text_of
from core.escalation.model import Escalation


class AnswerView(Struct, frozen=True):
    """What came back: the answer to a consult, or the remarks on a report."""

    person: str
    at: int
    text: str | None
    """None once it was erased."""


class ReportView(Struct, frozen=True):
    """A report to the customer, as it was drafted. state: `draft revised leaving sent failed`."""

    number: int
    author: str | None
    at: int
    state: Stage
    what: str
    since: int | None
    affects: str
    recovery: str
    next_update: int | None
    approved_by: str | None = None
    approved_at: int | None = None
    nth: int | None = None
    """Of those that left to the customer."""


def shown(tx: Reader, esc: Escalation, events: Sequence[Struct]) -> dict[str, Any]:
    """Fields of the escalation's view that only a consult or a notify has."""
    asked = [event.note for event in events if isinstance(event, EscalationRaised | AskedAgain) and event.note]
    answer = esc.answer
    back = None if answer is None else AnswerView(answer.by, answer.at, text_of(tx, answer.note))
    fields: dict[str, Any] = {"question": text_of(tx, asked[-1]) if asked else None}
    if esc.kind == "consult":
        return {**fields, "answer": back}
    reports = [ReportView(*row) for row in tx.all(SQL["drafts"], {"escalation": esc.id})]
    return {
        **fields,
        "remarks": back,
        "report": reports[-1] if reports else None,
        "earlier": tuple(reports[:-1]),
        "promised_at": esc.report.promised if esc.report is not None else None,
    }

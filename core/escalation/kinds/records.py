"""What consults and reports keep: loaded and saved only where an escalation is one."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import asdict, replace

from core.engine.ports import Reader, Transaction
from core.engine.store.sql import SqlFile
from core.escalation.kinds.model import Answer, Draft, Report
from core.escalation.model import Escalation

SQL: Final = SqlFile("core.escalation.kinds", "kinds.sql")


def completed(tx: Reader, escalation: Escalation) -> Escalation:
    """A consult or notify with its answer and its report."""
    at = {"id": escalation.id}
    answer = tx.one(SQL["answer"], at)
    report = tx.one(SQL["report"], at) if escalation.kind == "notify" else None
    return replace(
        escalation,
        answer=None if answer is None else Answer(*answer),
        report=None if report is None else Report(*report),
    )


def save_kind(tx: Transaction, before: Escalation | None, after: Escalation) -> None:
    """Write what differs. A new draft's texts are there already."""
    at = {"escalation": after.id}
    if before is not None and before.kind != after.kind:
        tx.run(SQL["become"], {"id": after.id, "kind": after.kind})
    if after.answer is not None and (before is None or before.answer != after.answer):
        tx.run(SQL["answer_save"], {**at, **asdict(after.answer)})
    report, known = after.report, before.report if before is not None else None
    if report is not None and report != known:
        tx.run(SQL["report_save"], {**at, **asdict(report)})
        tx.run(SQL["draft_stage"], {**at, "number": report.number, "stage": report.stage})


def add_draft(tx: Transaction, escalation: int, number: int, draft: Draft, author: str | None, now: int) -> None:
    """The texts of a draft, as they were written."""
    key = {"escalation": escalation, "number": number, "author": author, "at": now}
    tx.run(SQL["draft_add"], {**key, **asdict(draft)})


def draft_of(tx: Reader, escalation: int, number: int) -> Draft | None:
    """A draft's texts; None when there is none."""
    row = tx.one(SQL["draft"], {"escalation": escalation, "number": number})
    return None if row is None else Draft(*row)


def has_address(tx: Reader, ticket: int) -> bool:
    """Whether the customer of a ticket can be written to."""
    row = tx.one(SQL["customer_address"], {"ticket": ticket})
    return row is not None and bool(row[0])


def text_of(tx: Reader, note: int | None) -> str | None:
    """A text of people, unless it was erased."""
    row: tuple[Any, ...] | None = None if note is None else tx.one(SQL["note_text"], {"id": note})
    return None if row is None else row[0]

"""One row of queue.sql as screens know it."""

from __future__ import annotations

from core.escalation.queries.narrowing import NUMBER, Row
from core.escalation.queries.views import QueueRow
from core.escalation.records import FAR


def row_of(row: Row) -> QueueRow:
    """What burns, what it is, who has it."""
    next_at, next_does = row[15], row[16]
    if row[11] is None and row[10] is not None:
        next_at, next_does = row[10], "wake"
    return QueueRow(
        number=row[NUMBER],
        subject=row[2],
        status=row[3],
        severity=row[4],
        team=row[5],
        holder=row[6],
        updated_at=row[20],
        level=row[14],
        escalation=None if row[11] is None else str(row[11]),
        state=row[12],
        kind=row[13],
        next_at=None if next_at == FAR else next_at,
        next_does=next_does,
        wait_for=row[7],
        wait_team=row[8],
        restricted=bool(row[9]),
        drill=bool(row[17]),
    )

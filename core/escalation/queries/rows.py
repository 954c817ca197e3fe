"""One row of queue.sql as screens know it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from core.engine.work import Ask
from core.escalation.queries.narrowing import NUMBER, Row
from core.escalation.queries.record import reads_roles, role_of
from core.escalation.queries.views import QueueRow
from core.escalation.records import FAR
from core.people.model import People, Person
from core.tickets.model import Presence
from core.tickets.presence import on_all


def rows_of(ask: Ask, people: People, reader: Person, rows: Sequence[Row]) -> tuple[QueueRow, ...]:
    """A page of rows, with whoever looks at them now."""
    there = on_all(ask.tx, ask.now)
    return tuple(_row_of(row, named(people, reader, there.get(row[NUMBER], ()))) for row in rows)


def named(people: People, reader: Person, there: tuple[Presence, ...]) -> tuple[Presence, ...]:
    """As this reader may know them: roles instead of names, for who reads without working here."""
    if not reads_roles(reader):
        return there
    return tuple(replace(one, person=role_of(people, one.person)) for one in there)


def _row_of(row: Row, there: tuple[Presence, ...]) -> QueueRow:
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
        viewing=there,
    )

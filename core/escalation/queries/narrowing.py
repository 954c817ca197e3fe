"""Which rows of a list are wanted, and one page of them: only so many rows are looked at in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from core.engine.ports import Reader
from core.escalation.queries.questions import Queue
from core.escalation.queries.reader import SQL, visible
from core.people.model import People, Person

LOOKED_AT: Final = 3_000
"""Rows looked at for one page."""
STATUS, SEVERITY, TEAM, HOLDER, RESTRICTED, ESCALATION, CATEGORY, NUMBER = 3, 4, 5, 6, 9, 11, 18, 19
"""Places in a row of queue.sql."""
Row = tuple[Any, ...]
Wants = Callable[[Row], bool]


class Cut(Struct, frozen=True):
    """The rows of one page, and the cursor of what follows; None at the end."""

    rows: tuple[Row, ...]
    next: str | None


def wants(tx: Reader, people: People, person: Person, query: Queue) -> Wants:
    """Whether a listed row may be shown to this person, and is asked for."""
    checks: list[Wants] = [
        lambda row: visible(tx, people, person, row[NUMBER], row[TEAM], bool(row[RESTRICTED])),
    ]
    for asked, place in ((query.category, CATEGORY), (query.severity, SEVERITY), (query.team, TEAM)):
        if asked is not None:
            checks.append(lambda row, asked=asked, place=place: row[place] == asked)  # type: ignore[misc]
    if query.holder is not None:
        whose = person.id if query.holder == "me" else None
        checks.append(lambda row: row[HOLDER] == whose)
    if query.escalated is not None:
        checks.append(lambda row: (row[ESCALATION] is not None) == query.escalated)
    if query.tag is not None:
        checks.append(lambda row: tx.one(SQL["has_tag"], {"number": row[NUMBER], "tag": query.tag}) is not None)
    return lambda row: all(check(row) for check in checks)


def cut(looked: Iterator[tuple[str, Row | None]], wanted: Wants, limit: int) -> Cut:
    """`limit` wanted rows, or as many as stand among the first few thousand.

    Each comes with the cursor of what follows it; None is a candidate that came to nothing. That more follows is said
    only where one more is wanted too: rows that somebody may not see leave no trace.
    """
    page: list[Row] = []
    place: str | None = None
    for count, (cursor, row) in enumerate(looked):
        if count == LOOKED_AT:
            return Cut(tuple(page), place)
        again = bool(page) and row is not None and page[-1][NUMBER] == row[NUMBER]
        if row is not None and not again and wanted(row):
            if len(page) == limit:
                return Cut(tuple(page), place)
            page.append(row)
        if len(page) < limit or (row is not None and page[-1] is row):
            place = cursor
    return Cut(tuple(page), None)

"""Lists: one page of a tab by keyset, and how many stand in each tab. Each through the reader's sight."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from core.engine.outcome import Refusal
from core.engine.ports import Reader
from core.engine.work import Ask
from core.escalation.queries.case import get_ticket
from core.escalation.queries.questions import GetTicket, Queue, QueueCounts, Tickets
from core.escalation.queries.reader import SQL, asker, visible
from core.escalation.queries.views import QueuePage, QueueRow, TicketPage, TicketView
from core.escalation.records import FAR
from core.people.access import scopes
from core.people.model import People, Person

NEWEST: Final = (1 << 60, 1 << 60)
FIRST: Final = (-1, -1)
STATUS: Final = {"new": "new", "waiting": "waiting", "done": "done"}
Fetch = Callable[[tuple[int, int], int], list[tuple[Any, ...]]]


def queue(ask: Ask, query: Queue) -> QueuePage | Refusal:
    """One page: newest change first, `escalated` by its next step."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    start = _start(query)
    if start is None:
        return Refusal("invalid", "cursor", "cursor")
    rising = query.tab == "escalated"
    lists = [_pages(fetch, start, query.limit) for fetch in _fetches(ask.tx, people, person, query)]
    merged = heapq.merge(*lists, key=lambda row: row[:2], reverse=not rising)
    seen = (row for row in merged if visible(ask.tx, people, person, _number(row, rising), row[5], bool(row[9])))
    rows = list(islice(seen, query.limit + 1))
    more = rows[query.limit - 1] if len(rows) > query.limit else None
    page = tuple(_row(row, rising) for row in rows[: query.limit])
    return QueuePage(page, None if more is None else f"{more[0]}:{more[1]}")


def tickets(ask: Ask, query: Tickets) -> TicketPage | Refusal:
    """The same page as whole tickets."""
    page = queue(ask, query)
    if isinstance(page, Refusal):
        return page
    shown = (get_ticket(ask, GetTicket(row.number)) for row in page.rows)
    return TicketPage(tuple(ticket for ticket in shown if isinstance(ticket, TicketView)), page.next)


def counts(ask: Ask, _: QueueCounts) -> dict[str, int] | Refusal:
    """Open tickets by tab. What the reader may not see is in no count."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    teams = teams_of(people, person)
    by_status = {"new": 0, "waiting": 0}
    escalated = 0
    for team in teams:
        for status, n in ask.tx.all(SQL["open_by_status"], {"team": team}):
            by_status[status] = by_status.get(status, 0) + n
        escalated += _one(ask.tx, "count_escalated", {"team": team})
    for number, team, status in ask.tx.all(SQL["restricted_open"]):
        if visible(ask.tx, people, person, number, team, True):
            by_status[status] = by_status.get(status, 0) + 1
    for (number,) in ask.tx.all(SQL["restricted_escalated"]):
        escalated += visible(ask.tx, people, person, number, "", True)
    mine = _one(ask.tx, "count_mine", {"me": person.id})
    return {"new": by_status["new"], "mine": mine, "waiting": by_status["waiting"], "escalated": escalated}


def teams_of(people: People, person: Person) -> tuple[str, ...]:
    """The teams whose tickets this person lists: all for who sees all, else own and below."""
    if "unrestricted" in scopes(person, "see_ticket"):
        return tuple(people.teams)
    return tuple(sorted(people.reach(person))) if scopes(person, "see_ticket") else ()


def _fetches(tx: Reader, people: People, person: Person, query: Queue) -> Iterator[Fetch]:
    if query.tab == "mine":
        yield lambda at, limit: tx.all(SQL["mine"], {"me": person.id, "at": at[0], "number": at[1], "limit": limit})
        return
    statement = SQL["escalated" if query.tab == "escalated" else "team_status"]
    for team in teams_of(people, person):
        if query.team in (None, team):
            base = {"team": team, "status": STATUS.get(query.tab)}
            yield lambda at, limit, base=base: tx.all(  # type: ignore[misc]
                statement, {**base, "at": at[0], "number": at[1], "limit": limit}
            )


def _pages(fetch: Fetch, start: tuple[int, int], limit: int) -> Iterator[tuple[Any, ...]]:
    """All rows of one list from a place on, a page at a time, as far as somebody reads."""
    while rows := fetch(start, limit + 1):
        yield from rows
        if len(rows) <= limit:
            return
        start = (rows[-1][0], rows[-1][1])


def _start(query: Queue) -> tuple[int, int] | None:
    if query.cursor is None:
        return FIRST if query.tab == "escalated" else NEWEST
    at, _, number = query.cursor.partition(":")
    return (int(at), int(number)) if at.isdigit() and number.isdigit() else None


def _number(row: tuple[Any, ...], rising: bool) -> int:
    return int(row[18] if rising else row[1])


def _row(row: tuple[Any, ...], rising: bool) -> QueueRow:
    next_at, next_does = row[15], row[16]
    if row[11] is None and row[10] is not None:
        next_at, next_does = row[10], "wake"
    return QueueRow(
        number=_number(row, rising),
        subject=row[2],
        status=row[3],
        severity=row[4],
        team=row[5],
        holder=row[6],
        updated_at=row[19] if rising else row[0],
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


def _one(tx: Reader, name: str, params: dict[str, Any]) -> int:
    row = tx.one(SQL[name], params)
    return int(row[0]) if row else 0

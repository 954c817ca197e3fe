"""Lists: one page of a tab by keyset, and how many stand in each tab. Each through the reader's sight."""

from __future__ import annotations

from typing import Any

from core.engine.outcome import Refusal
from core.engine.ports import Reader
from core.engine.work import Ask
from core.escalation.queries.case import get_ticket
from core.escalation.queries.find import find
from core.escalation.queries.lists import lists_of, teams_of
from core.escalation.queries.narrowing import cut, wants
from core.escalation.queries.questions import GetTicket, Queue, QueueCounts, Tickets
from core.escalation.queries.reader import SQL, asker, visible
from core.escalation.queries.rows import rows_of
from core.escalation.queries.views import QueuePage, TicketPage, TicketView


def queue(ask: Ask, query: Queue) -> QueuePage | Refusal:
    """One page: newest change first, `escalated` by its next step; what is found newest ticket first."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    wanted = wants(ask.tx, people, person, query)
    if query.q:
        return find(ask, people, person, query, wanted)
    lists = lists_of(ask.tx, people, person, query)
    if isinstance(lists, Refusal):
        return lists
    page = cut(lists, wanted, query.limit)
    return QueuePage(rows_of(ask, people, person, page.rows), page.next)


def tickets(ask: Ask, query: Tickets) -> TicketPage | Refusal:
    """The same page as whole tickets."""
    page = queue(ask, query)
    if isinstance(page, Refusal):
        return page
    shown = (get_ticket(ask, GetTicket(row.number)) for row in page.rows)
    return TicketPage(tuple(ticket for ticket in shown if isinstance(ticket, TicketView)), page.next, page.behind)


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


def _one(tx: Reader, name: str, params: dict[str, Any]) -> int:
    row = tx.one(SQL[name], params)
    return int(row[0]) if row else 0

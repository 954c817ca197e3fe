"""Who looks at a ticket, or writes to its customer, now: a lease that is renewed while somebody does, never a goodbye.

A line that breaks says none. Nothing of it is journalled or counted; it is forgotten when it runs out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.engine.outcome import Done, Refusal
from core.engine.ports import SECOND, Millis, Reader
from core.engine.store.sql import SqlFile
from core.engine.work import Ask, Work
from core.people.access import sees
from core.people.records import people_of
from core.tickets.commands import ShowPresence
from core.tickets.decide import UNKNOWN
from core.tickets.model import Presence
from core.tickets.questions import PresenceOn, PresenceView
from core.tickets.records import load

SQL: Final = SqlFile("core.tickets", "presence.sql")
LEASE: Final = 20 * SECOND
"""Renewed by a screen every ten seconds."""


def show(work: Work, command: ShowPresence) -> Done | Refusal:
    """Whoever sees the ticket may be seen there."""
    if not _in_sight(work, command.ticket):
        return UNKNOWN
    work.tx.run(SQL["forget"], {"now": work.now})
    work.tx.run(
        SQL["show"],
        {
            "ticket": command.ticket, "person": work.by.person, "doing": command.doing, "now": work.now,
            "until": work.now + LEASE,
        },
    )  # fmt: skip
    return Done(command.ticket)


def presence_on(ask: Ask, query: PresenceOn) -> PresenceView | Refusal:
    """Who is there now, whoever came first."""
    if not _in_sight(ask, query.ticket):
        return UNKNOWN
    return PresenceView(on_ticket(ask.tx, query.ticket, ask.now))


def on_ticket(tx: Reader, ticket: int, now: Millis) -> tuple[Presence, ...]:
    """Who is there, for who may see the ticket. Whoever began to reply first has the first word."""
    return tuple(Presence(*row) for row in tx.all(SQL["on_ticket"], {"ticket": ticket, "now": now}))


def on_all(tx: Reader, now: Millis) -> Mapping[int, tuple[Presence, ...]]:
    """By ticket, for lists that show only what their reader may see."""
    found: dict[int, tuple[Presence, ...]] = {}
    for ticket, *row in tx.all(SQL["on_all"], {"now": now}):
        found[ticket] = (*found.get(ticket, ()), Presence(*row))
    return found


def _in_sight(asked: Work | Ask, number: int) -> bool:
    people, ticket = people_of(asked.tx), load(asked.tx, number)
    person = people.persons.get(asked.by.person or "")
    return ticket is not None and person is not None and sees(people, person, ticket.matter)

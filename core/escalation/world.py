"""Load the world a decision looks at: people, roster, written rules, what rules look at in a ticket."""

from __future__ import annotations

from core.engine.ports import Reader
from core.escalation.raising import Book
from core.escalation.seats import Scene
from core.people.records import people_of
from core.policy.records import policies_of, rules_of
from core.policy.rules import Facts
from core.roster.records import roster_of
from core.tickets.model import Ticket
from core.tickets.records import SQL


def scene_of(tx: Reader, ticket: Ticket) -> Scene:
    """What decisions look at, as recorded now."""
    return Scene(people_of(tx), roster_of(tx), ticket)


def book_of(tx: Reader) -> Book:
    """The written rules in force."""
    known: Book | None = tx.memo.get("book")
    if known is None:
        policies = {policy.id: policy for policy in policies_of(tx)}
        known = tx.memo["book"] = Book(policies, rules_of(tx), roster_of(tx).holidays)
    return known


def facts_of(tx: Reader, ticket: Ticket) -> Facts:
    """What rules look at in a ticket."""
    text = tx.one(SQL["text"], {"number": ticket.number}) or ("", "")
    tags = tuple(tag for (tag,) in tx.all(SQL["tags"], {"number": ticket.number}))
    return Facts(ticket.category, ticket.severity, ticket.source, tags, text[0], text[1])

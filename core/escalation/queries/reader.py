"""Who asks, and what exists for them."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Refusal
from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.work import Ask
from core.people.access import sees
from core.people.model import People, Person
from core.people.records import people_of
from core.tickets.model import Ticket
from core.tickets.records import load, matter

SQL: Final = SqlFile("core.escalation.queries", "queue.sql")
NOT_HERE: Final = Refusal("not_allowed", "self")
UNKNOWN: Final = Refusal("unknown", "ticket")


def asker(ask: Ask) -> tuple[People, Person] | Refusal:
    """The directory and the active person who asks; nobody else reads tickets."""
    people = people_of(ask.tx)
    person = people.persons.get(ask.by.person or "")
    return NOT_HERE if person is None or not person.active else (people, person)


def seen_ticket(ask: Ask, number: int) -> tuple[People, Person, Ticket] | Refusal:
    """A ticket that exists for the asker; a guess answers as an unknown number does."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    ticket = load(ask.tx, number)
    if ticket is None or not sees(found[0], found[1], ticket.matter):
        return UNKNOWN
    return *found, ticket


def visible(tx: Reader, people: People, person: Person, number: int, team: str, restricted: bool) -> bool:
    """Whether a listed row may be shown. Rows are listed by team, so only restricted ones need a look."""
    return not restricted or sees(people, person, matter(tx, number, team, "new", True))

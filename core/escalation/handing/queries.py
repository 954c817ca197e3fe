"""Handovers as their people see them, each ticket through the reader's sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.handing.acts import is_pending
from core.escalation.handing.model import Handover
from core.escalation.handing.records import SQL, held, load
from core.escalation.handing.views import (
    GetHandover,
    Handovers,
    HandoversView,
    HandoverTicket,
    HandoverView,
    HeldTicket,
)
from core.escalation.queries.reader import asker
from core.escalation.shift import absent
from core.people.access import Matter, may, sees
from core.people.model import Actor, People, Person
from core.roster.records import roster_of
from core.tickets.model import Ticket
from core.tickets.records import load as load_ticket

UNKNOWN: Final = Refusal("unknown", "handover")


def get_handover(ask: Ask, query: GetHandover) -> HandoverView | Refusal:
    """One of mine; a guess answers as an unknown number does."""
    found, handover = asker(ask), load(ask.tx, query.handover)
    if isinstance(found, Refusal):
        return found
    if handover is None or found[1].id not in (handover.holder, handover.to, handover.made_by):
        return UNKNOWN
    return _view(ask, *found, handover)


def handovers(ask: Ask, _: Handovers) -> HandoversView | Refusal:
    """Everything the handover page shows."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    mine = (load_ticket(ask.tx, number) for number in held(ask.tx, person.id))
    return HandoversView(
        tuple(HeldTicket(ticket.number, _subject(ask, ticket.number)) for ticket in mine if ticket is not None),
        tuple(_waiting(ask, people, person, "to")),
        tuple(_waiting(ask, people, person, "made_by")),
        tuple(_absent(ask, people, person)),
    )


def _waiting(ask: Ask, people: People, person: Person, name: Literal["to", "made_by"]) -> Iterator[HandoverView]:
    """Those with anything left to answer, newest first."""
    for (id_,) in ask.tx.all(SQL[name], {"me": person.id}):
        handover = load(ask.tx, id_)
        if handover is not None:
            view = _view(ask, people, person, handover)
            if any(ticket.state == "offered" for ticket in view.tickets):
                yield view


def _view(ask: Ask, people: People, person: Person, handover: Handover) -> HandoverView:
    tickets = tuple(_tickets(ask, people, person, handover))
    return HandoverView(
        str(handover.id), handover.holder, handover.to, handover.made_by, handover.at, handover.notes, tickets
    )


def _tickets(ask: Ask, people: People, person: Person, handover: Handover) -> Iterator[HandoverTicket]:
    for number in handover.tickets:
        ticket = load_ticket(ask.tx, number)
        if ticket is not None and sees(people, person, ticket.matter):
            yield HandoverTicket(number, _subject(ask, number), _state(handover, ticket))


def _state(handover: Handover, ticket: Ticket) -> Literal["offered", "accepted", "over"]:
    if is_pending(handover, ticket):
        return "offered"
    return "accepted" if ticket.holder == handover.to else "over"


def _absent(ask: Ask, people: People, person: Person) -> Iterable[str]:
    """In the order of the directory; only for who may step in somewhere."""
    me = Actor("person", person.id)
    if not may(people, me, "step_in", Matter(person.teams[0]) if person.teams else None):
        return
    roster = roster_of(ask.tx)
    for known in people.persons.values():
        if known.id == person.id or ask.tx.one(SQL["holds_any"], {"holder": known.id}) is None:
            continue
        if absent(people, roster, known.id, ask.now) and _may_give(ask, people, me, known.id):
            yield known.id


def _may_give(ask: Ask, people: People, me: Actor, holder: str) -> bool:
    tickets = (load_ticket(ask.tx, number) for number in held(ask.tx, holder))
    return any(ticket is not None and may(people, me, "step_in", ticket.matter) for ticket in tickets)


def _subject(ask: Ask, number: int) -> str:
    row = ask.tx.one(SQL["subject"], {"number": number})
    return row[0] if row else ""

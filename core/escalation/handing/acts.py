"""The commands of handovers inside their transaction: load, decide, record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.engine.outcome import Done, Refusal
from core.engine.work import Stream, Work
from core.escalation.handing import decide
from core.escalation.handing.commands import AcceptHandover, HandOver, RefuseHandover
from core.escalation.handing.events import HandoverOffered, HandoverRefused
from core.escalation.handing.model import Handover
from core.escalation.handing.records import STREAM, add, held, load, newest_of
from core.escalation.shift import absent
from core.people.access import sees
from core.people.model import People
from core.people.records import people_of
from core.people.telling import quietly
from core.roster.records import roster_of
from core.tickets import acts as tickets
from core.tickets.commands import ClaimTicket
from core.tickets.decide import Change, refuse_offer
from core.tickets.model import Ticket
from core.tickets.records import STREAM as TICKET
from core.tickets.records import load as load_ticket

UNKNOWN: Final = Refusal("unknown", "handover")
Locked = tuple[Stream, Ticket]


def hand_over(work: Work, command: HandOver) -> Done | Refusal:
    """An offer for each; the holder stays until each is accepted."""
    people, holder = people_of(work.tx), command.holder or work.by.person or ""
    found = [(stream, ticket) for stream, ticket in _locked(work, people, _wanted(work, command, holder))
             if ticket.holder == holder]  # fmt: skip
    away = absent(people, roster_of(work.tx), holder, work.now)
    held_tickets = [ticket for _, ticket in found]
    if refused := decide.may_hand_over(people, work.by, holder, command.to, held_tickets, away, work.now):
        return refused
    if work.by.person != holder:
        found = [(stream, ticket) for stream, ticket in found if decide.steps_in(people, work.by, ticket)]
    offers = [
        (stream, ticket, change)
        for stream, ticket in found
        if (change := decide.offer(people, work.by, ticket, command.to, work.now)) is not None
    ]
    if not offers:
        return Refusal("not_allowed", "target_cannot", "to")
    if (same := _the_same(work, command, holder, offers)) is not None:
        return Done(same.id, again=True)
    numbers = tuple(ticket.number for _, ticket, _ in offers)
    id_ = work.tx.new_ids("handover")
    handover = Handover(id_, holder, command.to, work.by.person or "", work.now, command.notes, numbers)
    return _offered(work, people, handover, offers)


def _wanted(work: Work, command: HandOver, holder: str) -> tuple[int, ...]:
    all_ = held(work.tx, holder)
    return tuple(number for number in all_ if number in command.tickets) if command.tickets else all_


def _locked(work: Work, people: People, numbers: Iterable[int]) -> Iterator[Locked]:
    """The tickets that exist for the actor, locked in one order for everybody."""
    person = people.persons.get(work.by.person or "")
    for number in sorted(numbers):
        stream, ticket = work.lock(TICKET, number), load_ticket(work.tx, number)
        if ticket is not None and person is not None and sees(people, person, ticket.matter):
            yield stream, ticket


def _the_same(
    work: Work, command: HandOver, holder: str, offers: list[tuple[Stream, Ticket, Change]]
) -> Handover | None:
    """Pressing twice is one handover: each of these is offered to them by it already."""
    if any(change.events for _, _, change in offers):
        return None
    newest = newest_of(work.tx, work.by.person or "", holder, command.to)
    covered = newest is not None and {ticket.number for _, ticket, _ in offers} <= set(newest.tickets)
    return newest if covered and newest is not None and newest.notes == command.notes else None


def _offered(work: Work, people: People, handover: Handover, offers: list[tuple[Stream, Ticket, Change]]) -> Done:
    add(work.tx, handover)
    for stream, ticket, change in offers:
        if change.events:
            tickets.apply(work, people, stream, ticket, change)
    own = work.lock(STREAM, handover.id)
    work.record(own, HandoverOffered(handover.id, handover.holder, handover.to))
    for person in dict.fromkeys((handover.to, handover.holder)):
        if person != work.by.person:
            kind = "handover" if person == handover.to else "handed_for_you"
            work.notify(own, *quietly(people, person, kind, work.now, data=str(handover.id)))
    return Done(handover.id)


def accept_handover(work: Work, command: AcceptHandover) -> Done | Refusal:
    """All that is still offered to me; each is claimed as it would be by itself."""
    found = _mine(work, command.handover)
    if isinstance(found, Refusal):
        return found
    done = [work.run(ClaimTicket(number)) for number in pending(work, found)]
    return Done(found.id, again=not any(isinstance(one, Done) and not one.again for one in done))


def refuse_handover(work: Work, command: RefuseHandover) -> Done | Refusal:
    """What is left of it stays with its holder, who is told once."""
    found = _mine(work, command.handover)
    if isinstance(found, Refusal):
        return found
    people, refused = people_of(work.tx), 0
    for stream, ticket in _locked(work, people, pending(work, found)):
        change = refuse_offer(work.by, ticket)
        if isinstance(change, Change):
            tickets.apply(work, people, stream, ticket, decide.without_telling(change))
            refused += 1
    if not refused:
        return Done(found.id, again=True)
    own = work.lock(STREAM, found.id)
    work.record(own, HandoverRefused(found.id))
    for person in dict.fromkeys((found.made_by, found.holder)):
        work.notify(own, *quietly(people, person, "handover_refused", work.now, data=str(found.id)))
    return Done(found.id)


def pending(work: Work, handover: Handover) -> list[int]:
    """What of it is still offered to its receiver."""
    loaded = ((number, load_ticket(work.tx, number)) for number in handover.tickets)
    return [number for number, ticket in loaded if ticket is not None and is_pending(handover, ticket)]


def is_pending(handover: Handover, ticket: Ticket) -> bool:
    """Whether the ticket waits for the receiver's answer."""
    offer = ticket.offer
    return offer is not None and (offer.to, offer.by) == (handover.to, handover.made_by)


def _mine(work: Work, id_: int) -> Handover | Refusal:
    found = load(work.tx, id_)
    if found is None or work.by.person not in (found.to, found.holder, found.made_by):
        return UNKNOWN
    return found if work.by.person == found.to else Refusal("not_allowed", "handover_to", values={"to": found.to})

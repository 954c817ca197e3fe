"""Who may hand over what to whom. Pure. Refusals come in the order of 7-transitions.md."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.decide.verdict import foremost
from core.people.access import may
from core.people.model import Actor, People
from core.tickets.decide import Change, Tell
from core.tickets.events import TicketOffered
from core.tickets.model import Offer, Ticket


def may_hand_over(
    people: People, by: Actor, holder: str, to: str, tickets: Sequence[Ticket], absent: bool, now: int
) -> Refusal | None:
    """The holder, or a supervisor for somebody absent; to somebody who is here."""
    nothing = None if tickets else Refusal("conflict", "holds_nothing")
    return foremost(allowed(people, by, holder, tickets, absent), not_to(people, holder, to, now), nothing)


def allowed(people: People, by: Actor, holder: str, tickets: Sequence[Ticket], absent: bool) -> Refusal | None:
    """Whether the actor may give away what this person holds."""
    if by.person is None:
        return Refusal("not_allowed", "holder_or_supervisor")
    if by.person == holder:
        return None
    if not any(steps_in(people, by, ticket) for ticket in tickets):
        return Refusal("not_allowed", "holder_or_supervisor")
    return None if absent else Refusal("not_allowed", "holder_present", values={"holder": holder})


def steps_in(people: People, by: Actor, ticket: Ticket) -> bool:
    """A supervisor of the ticket's team."""
    return may(people, by, "step_in", replace(ticket.matter, standing=False))


def not_to(people: People, holder: str, to: str, now: int) -> Refusal | None:
    """Why nothing can be handed to this person."""
    if to == holder:
        return Refusal("conflict", "holds_already", values={"holder": to})
    if to not in people.persons:
        return Refusal("invalid", "no_such_person", "to", {"id": to})
    if people.present(to, now):
        return None
    reason = "away" if people.persons[to].active else "inactive"
    return Refusal("not_allowed", f"target_{reason}", "to", {"person": to})


def offer(people: People, by: Actor, ticket: Ticket, to: str, now: int) -> Change | None:
    """The ticket offered to them; None where they may not work on it. Of many offers one notice is enough."""
    if by.person is None or not may(people, Actor("person", to), "work", ticket.matter):
        return None
    if ticket.offer is not None and (ticket.offer.to, ticket.offer.by) == (to, by.person):
        return Change(ticket)
    return Change(replace(ticket, offer=Offer(to, by.person, now)), (TicketOffered(ticket.number, to),))


def without_telling(change: Change) -> Change:
    """The same, told for all tickets together."""
    return replace(change, tell=tuple[Tell, ...]())

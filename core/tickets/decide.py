"""What a command does to a ticket: pure. Refusals come in the order of 7-transitions.md."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.people.access import may, may_be_called, sees
from core.people.model import Actor, People
from core.tickets.commands import PutOnWait, RestrictTicket
from core.tickets.events import (
    AfterReportAdded,
    CommentAdded,
    How,
    OfferRefused,
    TicketClosed,
    TicketOffered,
    TicketReopened,
    TicketRestricted,
    TicketWaits,
    TicketWoke,
)
from core.tickets.model import Offer, Ticket

YEAR: Final = 366 * 86_400_000
MENTION: Final = re.compile(r"(?<![\w@])@([\w-]{1,100})")
UNKNOWN: Final = Refusal("unknown", "ticket")


class Tell(Struct, frozen=True):
    """Somebody is told, quietly; a telling moves no responsibility."""

    person: str
    kind: Literal["offer", "offer_refused", "mention", "wake"]


class Change(Struct, frozen=True):
    """The ticket as it is from now on, what happened, and who is told. No events: nothing changed."""

    ticket: Ticket
    events: tuple[Struct, ...] = ()
    moved: How | None = None
    """Responsibility moved to `ticket.holder`, in this way."""
    tell: tuple[Tell, ...] = ()


def taken(ticket: Ticket) -> Refusal:
    """Somebody else holds it: who, and since when."""
    return Refusal("taken", "taken", values={"holder": ticket.holder, "since": ticket.holder_since})


def hold(ticket: Ticket, person: str, now: int) -> Ticket:
    """The ticket in the hands of this person."""
    status = "in_progress" if ticket.status == "new" else ticket.status
    return replace(ticket, holder=person, holder_since=now, last_holder=person, status=status, offer=None)


def give_back(ticket: Ticket, holder: str | None, offer: Offer | None, now: int) -> Ticket:
    """As before an acceptance that was taken back: in the hands it was in, or in none; an offer of then stands."""
    if holder is not None:
        return replace(hold(ticket, holder, now), offer=offer)
    status = "new" if ticket.status == "in_progress" else ticket.status
    return replace(ticket, holder=None, holder_since=None, last_holder=None, status=status, offer=None)


def claim(people: People, by: Actor, ticket: Ticket, now: int) -> Change | Refusal:
    """Hold what nobody holds, or accept what was offered to me."""
    me = by.person
    if me is not None and ticket.holder == me:
        return Change(ticket)
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    offered = ticket.offer is not None and ticket.offer.to == me
    if ticket.holder is not None and not offered:
        return taken(ticket)
    if me is None or not may(people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    return Change(hold(ticket, me, now), moved="offer" if offered and ticket.holder else "claimed")


def release(people: People, by: Actor, ticket: Ticket, to: str, now: int) -> Change | Refusal:
    """Offer it to a named person; the holder stays until they claim it."""
    if ticket.offer is not None and ticket.offer.to == to and ticket.offer.by == by.person:
        return Change(ticket)
    if refused := may_release(by, ticket):
        return refused
    assert by.person is not None, "only a person holds a ticket"
    if to == ticket.holder:
        return Refusal("conflict", "holds_already", values={"holder": to})
    if to not in people.persons:
        return Refusal("invalid", "no_such_person", "to")
    if not people.present(to, now) or not may(people, Actor("person", to), "work", ticket.matter):
        return Refusal("not_allowed", "target_cannot", "to")
    offered = replace(ticket, offer=Offer(to, by.person, now))
    return Change(offered, (TicketOffered(ticket.number, to),), tell=(Tell(to, "offer"),))


def refuse_offer(by: Actor, ticket: Ticket) -> Change | Refusal:
    """I cannot take what was offered to me; the holder stays, and is told."""
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if by.person is None or ticket.offer is None or ticket.offer.to != by.person:
        return Refusal("stale", "offer_over", values={"holder": ticket.holder, "since": ticket.holder_since})
    told = dict.fromkeys(person for person in (ticket.holder, ticket.offer.by) if person is not None)
    tells = tuple(Tell(person, "offer_refused") for person in told)
    return Change(replace(ticket, offer=None), (OfferRefused(ticket.number),), tell=tells)


def may_release(by: Actor, ticket: Ticket) -> Refusal | None:
    """Only the holder offers a ticket that is not done."""
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if by.person is None or ticket.holder != by.person:
        return Refusal("not_allowed", "holder_only", values={"holder": ticket.holder})
    return None


def comment(people: People, by: Actor, ticket: Ticket, text: str, note: int) -> Change | Refusal:
    """An internal note. Mentioned colleagues who may see the ticket are told."""
    if not may(people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    if not text.strip():
        return Refusal("invalid", "empty", "text")
    named = dict.fromkeys(MENTION.findall(text))
    people_named = tuple(
        id_
        for id_ in named
        if id_ != by.person and (known := people.persons.get(id_)) and sees(people, known, ticket.matter)
    )
    event = CommentAdded(ticket.number, note, people_named)
    return Change(ticket, (event,), tell=tuple(Tell(person, "mention") for person in people_named))


def after_report(people: People, by: Actor, ticket: Ticket, text: str, note: int) -> Change | Refusal:
    """What was handled, also of a ticket that is done."""
    if not may(people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    if not text.strip():
        return Refusal("invalid", "empty", "text")
    return Change(ticket, (AfterReportAdded(ticket.number, note),))


def wait(people: People, by: Actor, ticket: Ticket, command: PutOnWait, note: int | None, now: int) -> Change | Refusal:
    """Waiting on somebody, never without a wake-up."""
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if not may(people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    if not now < command.until <= now + YEAR:
        return Refusal("invalid", "until_future", "until")
    if command.on == "team" and command.team not in people.teams:
        return Refusal("invalid", "no_such_team", "team")
    team = command.team if command.on == "team" else None
    waiting = replace(ticket, status="waiting", wait_for=command.on, wait_team=team, wake_at=command.until)
    return Change(waiting, (TicketWaits(ticket.number, command.on, command.until, team, note),))


def wake(ticket: Ticket, *, by_time: bool) -> Change:
    """Back to work; its holder is told when time did it."""
    if ticket.status != "waiting":
        return Change(ticket)
    tell = (Tell(ticket.holder, "wake"),) if by_time and ticket.holder else ()
    return Change(awake(ticket), (TicketWoke(ticket.number, by_time),), tell=tell)


def awake(ticket: Ticket) -> Ticket:
    """The ticket no longer waiting."""
    status = "in_progress" if ticket.holder else "new"
    return replace(ticket, status=status, wait_for=None, wait_team=None, wake_at=None)


def close(people: People, by: Actor, ticket: Ticket, note: int | None) -> Change | Refusal:
    """Done, by its holder; what nobody holds may be closed by whoever may work on it."""
    works = may(people, by, "work", ticket.matter)
    if ticket.status == "done":
        mine = by.person == ticket.last_holder or (works and ticket.last_holder is None)
        return Change(ticket) if mine else Refusal("closed", "ticket_done")
    if not works or ticket.holder not in (None, by.person):
        return Refusal("not_allowed", "holder_only", values={"holder": ticket.holder})
    done = replace(awake(ticket), status="done", holder=None, holder_since=None, offer=None)
    return Change(done, (TicketClosed(ticket.number, note),), moved="closed" if ticket.holder else None)


def reopen(people: People, by: Actor, ticket: Ticket, note: int | None, now: int) -> Change | Refusal:
    """Not done after all: the last holder again if active, else unclaimed."""
    if ticket.status != "done":
        return Change(ticket)
    if not may(people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    opened = replace(ticket, status="new")
    event = (TicketReopened(ticket.number, note),)
    last = people.persons.get(ticket.last_holder or "")
    if last is None or not may_be_called(last, ticket.matter):
        return Change(opened, event)
    return Change(hold(opened, last.id, now), event, moved="reopened")


def restrict(people: People, by: Actor, ticket: Ticket, command: RestrictTicket) -> Change | Refusal:
    """Only these see it. Its holder always does; both lists empty lifts it."""
    if by.person != ticket.holder and not may(people, by, "step_in", ticket.matter):
        return Refusal("not_allowed", "holder_or_supervisor")
    for field, given, known in (("persons", command.persons, people.persons), ("teams", command.teams, people.teams)):
        for id_ in given:
            if id_ not in known:
                return Refusal("invalid", f"no_such_{field[:-1]}", field, {"id": id_})
    if not command.persons and not command.teams:
        open_ = replace(ticket.matter, restricted=False, persons=frozenset(), teams=frozenset())
        return Change(replace(ticket, restricted=False, matter=open_), (TicketRestricted(ticket.number, (), ()),))
    keep = tuple(filter(None, (ticket.holder, by.person)))
    persons = tuple(dict.fromkeys((*command.persons, *keep)))
    closed = replace(ticket.matter, restricted=True, persons=frozenset(persons), teams=frozenset(command.teams))
    event = TicketRestricted(ticket.number, persons, command.teams)
    return Change(replace(ticket, restricted=True, matter=closed), (event,))

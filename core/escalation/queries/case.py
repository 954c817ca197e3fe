"""A ticket screen in one consistent read: ticket, ladders, timeline, and what the reader may do now."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.backward import takes_back
from core.escalation.model import Escalation
from core.escalation.outlook import foremost_first, mays
from core.escalation.queries.questions import GetCase, GetTicket
from core.escalation.queries.reader import seen_ticket
from core.escalation.queries.rows import named
from core.escalation.queries.timeline import timeline
from core.escalation.queries.view import journal_of, show_escalation, show_ticket
from core.escalation.queries.views import Case, TicketView
from core.escalation.raising import rule_of
from core.escalation.records import SQL, load, open_of
from core.escalation.world import book_of, facts_of, scene_of
from core.people.model import Actor
from core.tickets.presence import on_ticket


def get_ticket(ask: Ask, query: GetTicket) -> TicketView | Refusal:
    """One ticket as the contract has it."""
    found = seen_ticket(ask, query.ticket)
    if isinstance(found, Refusal):
        return found
    _, person, ticket = found
    return show_ticket(ask.tx, ticket, person, [esc.id for esc in open_of(ask.tx, ticket.number)])


def get_case(ask: Ask, query: GetCase) -> Case | Refusal:
    """Everything a ticket screen shows."""
    found = seen_ticket(ask, query.ticket)
    if isinstance(found, Refusal):
        return found
    people, person, ticket = found
    tx, scene = ask.tx, scene_of(ask.tx, ticket)
    rows = journal_of(tx, ticket.number)
    all_ = [load(tx, id_) for (id_,) in tx.all(SQL["of_ticket"], {"ticket": ticket.number})]
    escalations = [esc for esc in all_ if esc is not None]
    open_ = foremost_first(scene, escalations, person.id)
    book, facts = book_of(tx), facts_of(tx, ticket)
    rule = rule_of(scene, book, facts, ask.now)
    return Case(
        ticket=show_ticket(tx, ticket, person, _ids(open_)),
        escalations=tuple(show_escalation(tx, scene, esc, person.id, rows) for esc in escalations),
        timeline=tuple(timeline(ask, people, person, rows)),
        may=(
            *mays(scene, Actor("person", person.id), open_, book, facts, ask.now),
            *takes_back(scene, Actor("person", person.id), escalations, rows, ask.now),
        ),
        live=str(open_[0].id) if open_ else None,
        rule=rule.id if rule else None,
        says=rule.says if rule else {},
        guidance=rule.guidance if rule else {},
        viewing=named(people, person, on_ticket(tx, ticket.number, ask.now)),
    )


def _ids(escalations: list[Escalation]) -> list[int]:
    return sorted(escalation.id for escalation in escalations)
